"""Which command lines build a frontend: framework commands, package managers' scripts, task runners.

Sources: the command line references of Next.js, Vite, Nuxt, Astro and so on; npm-run-script(1), `pnpm help run`,
`yarn help run`, `bun run`; the references of turbo, nx, lerna, rush and moon.
"""

from __future__ import annotations

import posixpath
from itertools import pairwise

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import package_managers as managers
from fr_check.sources.bundlers import COMMANDS
from fr_check.sources.package_managers import HERE, Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, Literal

    Answer = Literal["yes", "no", "unknown"]


YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"
NAMELESS = "its name comes from a variable"
"""Why a command is UNKNOWN that a variable names."""

_RUNNERS = frozenset(("turbo", "nx", "lerna", "rush", "moon", "lage", "wsrun", "preconstruct"))
_SEQUENCES = frozenset(("run-s", "run-p", "npm-run-all", "npm-run-all2", "npm-run-all-next", "concurrently"))
_OPAQUE = frozenset(
    ("make", "gmake", "just", "task", "invoke", "inv", "grunt", "gulp", "rake", "mage", "earthly", "bazel", "nox")
)
_FOLLOWED = frozenset(("make", "gmake", "just"))
_BUILDING = pattern(r"build|bundle|compile|export|dist|release|front|web|assets|\ball\b")
_SCRIPT_NAME = pattern(r"build|bundle|compile|export")
# Script files of other ecosystems, which are run like those of the project.
_NO_FRONTEND = frozenset(("configure", "autogen.sh", "gradlew", "mvnw", "rustup.sh", "Configure", "config"))
_INTERPRETERS = frozenset(("node", "bun", "deno", "python", "python3", "tsx", "ts-node", "ruby", "perl", "php"))
_BUILD_FILE = pattern(r"(?:build|bundle|compile)[\w-]*\.\w+\Z")
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh", ".", "source"))
_SCRIPT_ENDS = (".sh", ".bash")
_SCRIPT_FILE = pattern(r"[\w./-]+")
_NPM_PREFIX = "npm:"
_MAKE_FOLDER = frozenset(("-C", "--directory"))
# Tools whose first operand is the folder that they build, and their options that take a value.
_FOLDERS = frozenset(("next", "vite", "nuxt", "nuxi", "remix", "react-router", "expo"))
# Words with which a tool that builds without any serves, or watches.
_WEBPACK = frozenset(("serve", "server", "s", "watch", "w", "--watch", "-w", "init", "info", "configtest"))
_SERVING = {"webpack": _WEBPACK, "webpack-cli": _WEBPACK}
_TOOL_VALUED = frozenset(
    [
        "-c",
        "--config",
        "-m",
        "--mode",
        "--base",
        "-l",
        "--logLevel",
        "--outDir",
        "--assetsDir",
        "--target",
        "-p",
        "--platform",
        "--output-dir",
        "--ssr",
        "--experimental-build-mode",
        "--dotenv",
        "--preset",
        "--root",
        "-r",
    ]
)


class Verdict(NamedTuple):
    """What a command line does.

    `answer` YES: `tool` builds, in the folder and mode that it is told. UNKNOWN with a `reason`: it may. UNKNOWN with
    `scripts`: the package scripts (with the words that they get, `rest`) or tasks of these names decide, in the
    packages that `where` selects. UNKNOWN with a `file`: the shell script that decides, with the words that it gets.
    UNKNOWN with a `tool` and its words: the task runner's targets decide.
    """

    answer: Answer
    reason: str = ""
    scripts: tuple[str, ...] = ()
    where: Where = HERE
    rest: tuple[str | None, ...] = ()
    tool: str = ""
    mode: str | None = "production"
    file: str = ""


_NO = Verdict(NO)


def judge(words: Sequence[str | None]) -> Verdict:  # noqa: PLR0911 - one return for each kind of command
    """What one command line is, wrappers taken off. `words` has None for what is not known."""
    if not words:
        return _NO
    first = words[0]
    if first is None:
        telling = len(words) == 1 or any(word is not None and _SCRIPT_NAME.search(word) for word in words)
        return Verdict(UNKNOWN, NAMELESS) if telling else _NO
    name = _command(first)
    rest = words[1:]
    if name in _INTERPRETERS and rest and rest[0] and (program := _installed(rest[0])) in COMMANDS:
        name, rest = program, rest[1:]
    if name in COMMANDS:
        return _tool(name, rest)
    if name in _RUNNERS:
        return _runner(name, rest)
    if name in _SEQUENCES:
        return _sequence(rest)
    if name in managers.NAMES and (call := managers.read(name, rest)) is not None:
        return _managed(call)
    if name in _OPAQUE:
        return _task(name, rest)
    return _file(first, name, rest)


def _managed(call: managers.Call) -> Verdict:
    """A package manager runs a script of a package, or the command of a dependency."""
    script = call.script
    if script is None:
        return Verdict(UNKNOWN, "the name of the package script is not known")
    name = _command(script)
    if name in COMMANDS or name in _RUNNERS or name in _SEQUENCES:
        found = judge((script, *call.rest))
        return found if call.where == HERE else found._replace(where=call.where)
    return Verdict(UNKNOWN, "", (script,), call.where, call.rest)


def _command(word: str) -> str:
    """The name of a program: without its folder, and without the version that `npx turbo@2` asks for."""
    name = word.rpartition("/")[2]
    return name.partition("@")[0] or name


def _installed(path: str) -> str:
    """The command that a file below `node_modules` is, which an interpreter runs; empty for other files."""
    return posixpath.splitext(posixpath.basename(path))[0] if "node_modules/" in path else ""


def _tool(name: str, words: Sequence[str | None]) -> Verdict:
    """A bundler's command: whether it builds, and which folder."""
    wanted = COMMANDS[name]
    at = next((index for index, word in enumerate(words) if word in wanted), -1)
    if (at < 0 and "" not in wanted) or (name in _SERVING and not _SERVING[name].isdisjoint(words)):
        return _NO
    folder = ""
    mode: str | None = "production"
    skip: str | None = None
    operands: list[str | None] = []
    for word in words[at + 1 :]:
        if skip is not None:
            mode = word if skip in {"-m", "--mode"} else mode
            folder = word or folder if skip == "--root" else folder
            skip = None
        elif word is not None and word.startswith("-"):
            option, equals, value = word.partition("=")
            mode = value if equals and option == "--mode" else mode
            folder = value if equals and option == "--root" else folder
            skip = option if not equals and option in _TOOL_VALUED else None
        else:
            operands.append(word)
    if name in _FOLDERS and operands and operands[0] is not None and not folder:
        folder = operands[0]
    return Verdict(YES, tool=name, where=Where(folder), mode=mode)


def by_name(script: str) -> Verdict:
    """What a package script's name alone says."""
    if script == "build":
        return Verdict(YES)
    if _SCRIPT_NAME.search(script):
        return Verdict(UNKNOWN, f"the package script `{script}` was not read")
    return _NO


def _runner(name: str, words: Sequence[str | None]) -> Verdict:
    """turbo, nx, lerna and their like: the tasks that are run, and in which packages."""
    tasks, where = managers.tasks(name, words)
    if any(task is None for task in tasks):
        return Verdict(UNKNOWN, f"the task that `{name}` runs is not known")
    named = tuple(task for task in tasks if task is not None)
    return Verdict(UNKNOWN, "", named, where, tool=name) if named else _NO


def _sequence(words: Sequence[str | None]) -> Verdict:
    """`run-s a b`, `concurrently "npm:a"`: package scripts one after the other; `build:*` stands for several."""
    names = [word.removeprefix(_NPM_PREFIX) for word in words if word is not None and not word.startswith("-")]
    scripts = tuple(name for name in names if " " not in name)
    return Verdict(UNKNOWN, "", scripts) if scripts else _NO


def _task(name: str, words: Sequence[str | None]) -> Verdict:
    """Task runners: what sounds like a build may be one (with a reason), whatever else their files say."""
    targets = [word for word in managers.operands(words) if word is None or "=" not in word]
    telling = not targets or any(target is None or _BUILDING.search(target) for target in targets)
    if not telling and name not in _FOLLOWED:
        return _NO
    folder = next((word for before, word in pairwise(words) if before in _MAKE_FOLDER), "")
    reason = f"what `{name}` runs was not read" if telling else ""
    return Verdict(UNKNOWN, reason, where=Where(folder or ""), rest=tuple(words), tool=name)


def _is_script(path: str) -> bool:
    return path.endswith(_SCRIPT_ENDS) and _SCRIPT_FILE.fullmatch(path) is not None


def _file(first: str, name: str, words: Sequence[str | None]) -> Verdict:
    """A script file, by itself or through an interpreter."""
    operand = next((word for word in words if word is not None and not word.startswith("-")), None)
    if name in _SHELLS:
        if operand is not None and (_is_script(operand) or "/" in operand):
            rest = tuple(words[words.index(operand) + 1 :])
            return Verdict(UNKNOWN, f"the script `{operand}` was not read", rest=rest, file=operand)
        return _NO
    if name in _INTERPRETERS:
        if operand is not None and _BUILD_FILE.search(operand):
            return Verdict(UNKNOWN, f"the script `{operand}` was not read")
        return _NO
    if name not in _NO_FRONTEND and (first.startswith(("./", "../")) or _is_script(first)):
        return Verdict(UNKNOWN, f"the script `{first}` was not read", rest=tuple(words), file=first)
    return _NO
