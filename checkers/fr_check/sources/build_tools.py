"""Which command lines build a frontend: framework commands, package managers' scripts, task runners.

Sources: the command line references of Next.js, Vite, Nuxt, Astro and so on; npm-run-script(1), `pnpm help run`,
`yarn help run`, `bun run`; the references of turbo, nx, lerna, rush and moon.
"""

from __future__ import annotations

import posixpath
import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

YES = "yes"
NO = "no"
UNKNOWN = "unknown"

# The build commands that bake variables of a prefix into what the browser gets.
_TOOLS: dict[str, dict[str, tuple[str, ...]]] = {
    "NEXT_PUBLIC_": {"next": ("build", "experimental-compile")},
    "VITE_": {"vite": ("build",), "vitepress": ("build",), "electron-vite": ("build",), "react-router": ("build",)},
    "REACT_APP_": {"react-scripts": ("build",), "craco": ("build",), "react-app-rewired": ("build",)},
    "PUBLIC_": {"astro": ("build",), "vite": ("build",), "svelte-kit": ("build",), "rsbuild": ("build",)},
    "NUXT_PUBLIC_": {"nuxt": ("build", "generate"), "nuxi": ("build", "generate")},
    "GATSBY_": {"gatsby": ("build",)},
    "VUE_APP_": {"vue-cli-service": ("build",)},
    "EXPO_PUBLIC_": {"expo": ("export",)},
    "NG_APP_": {"ng": ("build",)},
}
_MANAGERS = frozenset(("npm", "pnpm", "yarn", "bun", "deno", "node"))
# What runs a dependency's command like a script of the package.
_BIN_RUNNERS = frozenset(("yarn", "pnpm", "bun"))
_RUN = {
    "npm": ("run", "run-script", "rum", "urn"),
    "pnpm": ("run",),
    "yarn": ("run",),
    "bun": ("run",),
    "deno": ("task",),
    "node": (),
}
# Options that take the next word; those of another package make its scripts other than the ones that are known.
_PACKAGES = (
    "--filter",
    "-F",
    "--workspace",
    "-w",
    "--prefix",
    "--cwd",
    "-C",
    "--dir",
    "--include",
    "--exclude",
    "--from",
)
_TASKS = (
    "--scope",
    "--concurrency",
    "--cache-dir",
    "--loglevel",
    "--reporter",
    "-j",
    "--jobs",
    "--since",
    "-t",
    "--target",
)
_OTHERS = ("--targets", "--projects", "-p", "--env-file", "--parallel", "-c", "--configuration")
_VALUED = frozenset((*_PACKAGES, *_TASKS, *_OTHERS))
_ELSEWHERE = frozenset(("--filter", "-F", "--workspace", "-w", "--prefix", "--cwd", "-C", "--dir", "-r", "--recursive"))
_RUNNERS = frozenset(("turbo", "nx", "lerna", "rush", "moon", "lage", "wsrun", "preconstruct"))
_SEQUENCES = frozenset(("run-s", "run-p", "npm-run-all", "npm-run-all2", "npm-run-all-next"))
_OPAQUE = frozenset(
    ("make", "gmake", "just", "task", "invoke", "inv", "grunt", "gulp", "rake", "mage", "earthly", "bazel", "nox")
)
_BUILDING = pattern(r"build|bundle|compile|export|dist|release|front|web|assets|\ball\b")
_SCRIPT_NAME = pattern(r"build|bundle|compile|export")
# Script files of other ecosystems, which are run like those of the project.
_NO_FRONTEND = frozenset(("configure", "autogen.sh", "gradlew", "mvnw", "rustup.sh", "Configure", "config"))
_INTERPRETERS = frozenset(("node", "bun", "deno", "python", "python3", "tsx", "ts-node", "ruby", "perl", "php"))
_BUILD_FILE = pattern(r"(?:build|bundle|compile)[\w-]*\.\w+\Z")
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh", ".", "source"))
_SCRIPT_ENDS = (".sh", ".bash")
_SCRIPT_FILE = pattern(r"[\w./-]+")


class Verdict(NamedTuple):
    """Whether a command builds; `script` is a package script that decides, `reason` says why it is not known."""

    answer: str
    reason: str = ""
    script: str = ""


_NO = Verdict(NO)
_YES = Verdict(YES)


def tools_for(prefixes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The build commands for prefixes of public variables; all known ones for a prefix that is none of theirs."""
    found: dict[str, tuple[str, ...]] = {}
    for prefix in prefixes:
        for tools in (_TOOLS[prefix],) if prefix in _TOOLS else _TOOLS.values():
            found.update(tools)
    return found


def judge(  # noqa: PLR0911 - one return for each kind of command
    words: Sequence[str | None], tools: Mapping[str, tuple[str, ...]]
) -> Verdict:
    """Whether one command line, wrappers taken off, builds a frontend. `words` has None for what is not known."""
    if not words:
        return _NO
    first = words[0]
    if first is None:
        telling = len(words) == 1 or any(word is not None and _SCRIPT_NAME.search(word) for word in words)
        return Verdict(UNKNOWN, "its name comes from a variable") if telling else _NO
    name = _command(first)
    rest = words[1:]
    if name in _INTERPRETERS and rest and rest[0] and (program := _installed(rest[0])) in tools:
        name, rest = program, rest[1:]
    if name in tools:
        return _YES if any(word in tools[name] for word in rest) else _NO
    if name in _RUNNERS:
        return _runner(name, rest)
    if name in _SEQUENCES:
        return _sequence(rest)
    if name in _BIN_RUNNERS and (inner := _binary(rest, tools)):
        return judge(inner, tools)
    if name in _MANAGERS and (script := _package_script(name, rest)) is not None:
        return script
    if name in _OPAQUE:
        return _task(name, rest)
    return _file(first, name, rest)


def _command(word: str) -> str:
    """The name of a program: without its folder, and without the version that `npx turbo@2` asks for."""
    name = word.rpartition("/")[2]
    return name.partition("@")[0] or name


def _installed(path: str) -> str:
    """The command that a file below `node_modules` is, which an interpreter runs; empty for other files."""
    return posixpath.splitext(posixpath.basename(path))[0] if "node_modules/" in path else ""


def _binary(words: Sequence[str | None], tools: Mapping[str, tuple[str, ...]]) -> Sequence[str | None]:
    """Of `yarn next build` the part from `next` on: what is no script of the package is a command of a dependency."""
    index = 0
    while index < len(words):
        word = words[index]
        if word is None or word in tools or word in _RUNNERS or word in _SEQUENCES:
            return words[index:] if word is not None else ()
        if word != "run" and not word.startswith("-"):
            return ()
        index += 2 if word in _VALUED else 1
    return ()


def by_name(script: str) -> Verdict:
    """What a package script's name alone says."""
    if script == "build":
        return _YES
    if _SCRIPT_NAME.search(script):
        return Verdict(UNKNOWN, f"the package script `{script}` was not read")
    return _NO


def _operands(words: Sequence[str | None]) -> list[str | None]:
    """The words that are neither options nor their values; `--` ends them."""
    found: list[str | None] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word == "--":
            break
        elif word is None or not word.startswith("-"):
            found.append(word)
        else:
            skip = word in _VALUED
    return found


def _package_script(manager: str, words: Sequence[str | None]) -> Verdict | None:
    """`npm run NAME`, `yarn NAME` and so on; None where no script is run."""
    if manager == "node":
        at = words.index("--run") if "--run" in words else -1
        name = words[at + 1] if 0 <= at < len(words) - 1 else None
        return Verdict(UNKNOWN, "", name) if name else None
    operands = _operands(words)
    elsewhere = any(word is not None and word.partition("=")[0] in _ELSEWHERE for word in words)
    if manager == "yarn" and (
        operands[:1] == ["workspace"] or operands[:2] in (["workspaces", "foreach"], ["workspaces", "run"])
    ):
        operands, elsewhere = operands[2:], True
    elif manager in {"pnpm", "npm"} and operands[:1] == ["recursive"]:
        operands, elsewhere = operands[1:], True
    if not operands:
        return None
    if operands[0] in _RUN[manager]:
        operands = operands[1:]
    elif manager not in {"pnpm", "yarn"}:
        return None
    script = operands[0] if operands else None
    if script is None:
        return Verdict(UNKNOWN, "the name of the package script is not known") if operands else None
    return by_name(script) if elsewhere else Verdict(UNKNOWN, "", script)


def _runner(name: str, words: Sequence[str | None]) -> Verdict:
    """turbo, nx, lerna and their like: whether a task `build` is run."""
    operands = _operands(words)
    tasks = list(
        operands[1:] if operands[:1] in (["run"], ["exec"], ["run-many"], ["affected"], ["ci"]) else operands[:1]
    )
    for index, word in enumerate(words):
        option, equals, value = (word or "").partition("=")
        if option in {"-t", "--target", "--targets"}:
            tasks.extend(
                value.split(",") if equals else (words[index + 1] or "").split(",") if index + 1 < len(words) else ()
            )
    if any(task is not None and "build" in re.split(r"[:#,]", task) for task in tasks):
        return _YES
    if name == "nx" and operands[:1] == ["build"]:
        return _YES
    if any(task is None for task in tasks):
        return Verdict(UNKNOWN, f"the task that `{name}` runs is not known")
    if any(task is not None and _SCRIPT_NAME.search(task) for task in tasks):
        return Verdict(UNKNOWN, f"the task that `{name}` runs was not read")
    return _NO


def _sequence(words: Sequence[str | None]) -> Verdict:
    """`run-s a b`: package scripts one after the other."""
    names = [word for word in words if word is not None and not word.startswith("-")]
    if "build" in names:
        return Verdict(UNKNOWN, "", "build")
    if any(_SCRIPT_NAME.search(name) for name in names):
        return Verdict(UNKNOWN, "the package scripts that it runs were not read")
    return _NO


def _task(name: str, words: Sequence[str | None]) -> Verdict:
    """Task runners: their files are not read, so what sounds like a build may be one."""
    targets = [word for word in _operands(words) if word is None or "=" not in word]
    if not targets or any(target is None or _BUILDING.search(target) for target in targets):
        return Verdict(UNKNOWN, f"what `{name}` runs was not read")
    return _NO


def _is_script(path: str) -> bool:
    return path.endswith(_SCRIPT_ENDS) and _SCRIPT_FILE.fullmatch(path) is not None


def _file(first: str, name: str, words: Sequence[str | None]) -> Verdict:
    """A script file, by itself or through an interpreter."""
    operand = next((word for word in words if word is not None and not word.startswith("-")), None)
    if name in _SHELLS:
        if operand is not None and _is_script(operand):
            return Verdict(UNKNOWN, f"the script `{operand}` was not read")
        return _NO
    if name in _INTERPRETERS:
        if operand is not None and _BUILD_FILE.search(operand):
            return Verdict(UNKNOWN, f"the script `{operand}` was not read")
        return _NO
    if name not in _NO_FRONTEND and (first.startswith(("./", "../")) or _is_script(first)):
        return Verdict(UNKNOWN, f"the script `{first}` was not read")
    return _NO
