"""Command lines of package managers and task runners of JavaScript: which scripts they run, in which packages.

Sources: npm-run-script(1) and npm's `workspace` option, `pnpm --filter`, `yarn workspace(s)`, `bun --filter`, the
references of turbo, nx, lerna, rush and moon.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAMES = frozenset(("npm", "pnpm", "yarn", "bun", "deno", "node"))

_RUN = {
    "npm": ("run", "run-script", "rum", "urn"),
    "pnpm": ("run", "run-script"),
    "yarn": ("run",),
    "bun": ("run",),
    "deno": ("task",),
}
# Their subcommands that run no script of a package, as far as images use them.
_OWN = frozenset(
    [
        "install",
        "i",
        "ci",
        "add",
        "remove",
        "exec",
        "dlx",
        "x",
        "audit",
        "publish",
        "pack",
        "cache",
        "config",
        "fetch",
        "deploy",
        "prune",
        "rebuild",
        "store",
        "set",
        "import",
        "link",
        "why",
        "up",
        "update",
        "login",
        "create",
        "init",
    ]
)
_FOLDER = frozenset(("--prefix", "--cwd", "-C", "--dir"))
_SELECTS = frozenset(("--filter", "-F", "--workspace", "--include", "--from", "--scope", "--filter-prod", "--to"))
_ALL = frozenset(("-r", "--recursive", "--workspaces", "-ws", "--all", "-A"))
_LOUD = ("--loglevel", "--reporter", "--concurrency", "--workspace-concurrency", "--cache-dir", "-j", "--jobs")
_MORE = ("--exclude", "--since", "-t", "--target", "--targets", "--projects", "-p", "--env-file", "--parallel")
_VALUED = frozenset((*_FOLDER, *_SELECTS, *_LOUD, *_MORE, "-c", "--configuration", "--output-style"))
UNKNOWN_NAME = "?"
"""Stands for a filter that only a run would know."""
_SUBCOMMANDS = frozenset(("run", "exec", "run-many", "affected", "ci"))


class Where(NamedTuple):
    """In which packages a script runs.

    `folder` counts from where the command runs. `names` select packages of the workspace as they are written (names,
    patterns, `./folder`, `...dependents`); `everywhere` stands for all of them, `root` for the workspace's own.
    """

    folder: str = ""
    names: tuple[str, ...] = ()
    everywhere: bool = False
    root: bool = False


HERE = Where()


class Call(NamedTuple):
    """A script that a package manager runs (None: not known), with the words that it gets."""

    script: str | None
    where: Where
    rest: tuple[str | None, ...]


def operands(words: Sequence[str | None]) -> list[str | None]:
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


def read(manager: str, words: Sequence[str | None]) -> Call | None:
    """`npm run NAME`, `yarn NAME` and so on; None where no script is run."""
    if manager == "node":
        at = words.index("--run") if "--run" in words else -1
        return Call(words[at + 1], HERE, ()) if 0 <= at < len(words) - 1 else None
    options, found, rest = _split(manager, words)
    where = _where(manager, options)
    if manager == "yarn" and found[:1] == ["workspace"]:
        return None
    if found and found[0] in _RUN[manager]:
        found = found[1:]
        if not found:
            return None
    elif manager not in {"pnpm", "yarn", "bun"} or not found or found[0] in _OWN:
        return None
    elif manager == "bun" and found[0] == "build" and where == HERE:
        return None  # its own bundler
    return Call(found[0], where, rest)


def _split(
    manager: str, words: Sequence[str | None]
) -> tuple[list[tuple[str, str | None]], list[str | None], tuple[str | None, ...]]:
    """The options of a manager, the words up to the script's name, and what is handed on to that."""
    options: list[tuple[str, str | None]] = []
    found: list[str | None] = []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word == "--":
            return options, found, tuple(words[index:])
        if word is not None and word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            takes = not equals and (name in _VALUED or (name == "-w" and manager == "npm"))
            options.append((name, value if equals else words[index] if takes and index < len(words) else ""))
            index += takes
            continue
        found.append(word)
        if manager == "yarn" and _workspaces(found, words[index : index + 1], options):
            index += found[-1] == "workspace"
            found = []
        elif _complete(manager, found) and manager != "npm":
            return options, found, tuple(words[index:])
    return options, found, ()


def _workspaces(
    found: list[str | None], following: Sequence[str | None], options: list[tuple[str, str | None]]
) -> bool:
    """`yarn workspace NAME`, `yarn workspaces run`, `yarn workspaces foreach`: taken as options."""
    if found == ["workspace"] and following:
        options.append(("--workspace", following[0]))
        return True
    if found in (["workspaces", "foreach"], ["workspaces", "run"]):
        options.append(("--recursive", ""))
        return True
    return False


def _complete(manager: str, found: list[str | None]) -> bool:
    """Whether the words name the script already."""
    if found[-1] in {"recursive", "multi", "m"} and manager == "pnpm":
        found.pop()
        return False
    return found[-1:] != ["workspaces"] and (len(found) > 1 or found[0] not in _RUN[manager])


def _where(manager: str, options: list[tuple[str, str | None]]) -> Where:
    """The packages that a manager's options select."""
    selects = _SELECTS | {"-w"} if manager == "npm" else _SELECTS
    folder = next((value for name, value in reversed(options) if name in _FOLDER), "") or ""
    names = tuple(
        UNKNOWN_NAME if value is None else value for name, value in options if name in selects and value != ""
    )
    everywhere = any(name in _ALL for name, _ in options)
    root = manager == "pnpm" and any(name in {"-w", "--workspace-root"} for name, _ in options)
    return Where(folder, names, everywhere and not names, root)


def selection(manager: str, words: Sequence[str | None]) -> Where:
    """The packages that the options of `npm exec`, `pnpm --filter x exec` and their like select."""
    options: list[tuple[str, str | None]] = []
    for index, word in enumerate(words):
        name, equals, value = (word or "").partition("=")
        if word == "--":
            break
        if name in _VALUED or name in _ALL or name in {"-w", "--workspace-root"}:
            following = words[index + 1] if index + 1 < len(words) else ""
            options.append((name, value if equals else following))
        elif name == "workspace" and manager == "yarn" and index + 1 < len(words):
            options.append(("--workspace", words[index + 1]))
    return _where(manager, options)


def tasks(runner: str, words: Sequence[str | None]) -> tuple[list[str | None], Where]:
    """The tasks that turbo, nx, lerna and their like run, and in which packages."""
    found = operands(words)
    tasks_, names = (
        [],
        [UNKNOWN_NAME if value is None else value for value in _values(words, _SELECTS | {"--projects", "-p"})],
    )
    if found[:1] and found[0] in _SUBCOMMANDS:
        tasks_ = found[1:]
    elif runner in {"nx", "rush"} and found:
        tasks_ = found[:1]
        names += [name for name in found[1:] if name is not None]
    else:
        tasks_ = found if runner == "turbo" else found[:1]
    tasks_ = [*tasks_, *_values(words, {"-t", "--target", "--targets"})]
    if not tasks_ and any(word is None for word in words):
        tasks_ = [None]
    split = [_project(runner, task) for task in tasks_ if task is not None]
    names += [project for project, _ in split if project]
    folder = next((value for value in _values(words, {"--cwd"}) if value), "")
    where = Where(folder, tuple(name for value in names for name in value.split(",")), everywhere=not names)
    return [*(task for _, task in split), *(None for task in tasks_ if task is None)], where


def _project(runner: str, task: str) -> tuple[str, str]:
    """`web#build` of turbo, `web:build:production` of nx and moon: the package, and its task."""
    if "#" in task:
        project, _, name = task.partition("#")
        return project, name
    if runner in {"nx", "moon"} and ":" in task:
        project, _, name = task.partition(":")
        return project, name.partition(":")[0]
    return "", task


def _values(words: Sequence[str | None], options: frozenset[str] | set[str]) -> Iterator[str | None]:
    """The values of options, lists taken apart."""
    for index, word in enumerate(words):
        name, equals, value = (word or "").partition("=")
        if name in options:
            found = value if equals else words[index + 1] if index + 1 < len(words) else ""
            yield from (None,) if found is None else found.split(",")
