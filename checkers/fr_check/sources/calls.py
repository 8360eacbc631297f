"""Commands that run something else of the repository: a script, a make target, a package script, another task.

`of` tells from a command line what it hands on to; whoever has the repository looks for it there.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.build_args import is_name
from fr_check.sources.docker_options import options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.sources.docker_options import Token

SCRIPT = "script"
MAKE = "make"
PACKAGE = "package"
OTHER = "other"

_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_MAKES = frozenset(("make", "gmake"))
_MANAGERS = frozenset(("npm", "pnpm", "yarn", "bun"))
# Their subcommands that run no script of the package, as far as CI uses them.
_NO_SCRIPTS = frozenset(
    ("install", "ci", "i", "add", "remove", "exec", "dlx", "x", "audit", "publish", "pack", "cache")
)
_INTERPRETERS = frozenset(("python", "python3", "node", "tsx", "ts-node", "ruby", "perl", "php", "deno", "pwsh"))
_RUNNERS = frozenset(("just", "task", "invoke", "inv", "moon", "rake", "nox", "tox", "turbo", "nx", "mise", "poe"))

_MAKE_VALUED = frozenset(
    ("-C", "--directory", "-f", "--file", "--makefile", "-j", "--jobs", "-o", "--old-file", "-I", "-W", "-l", "-O")
)
_PACKAGE_FOLDER = ("--prefix", "-C", "--cwd", "--dir")
_PACKAGE_VALUED = frozenset((*_PACKAGE_FOLDER, "--filter", "-F", "-w", "--workspace", "--loglevel", "--reporter"))


_CALLERS = _SHELLS | _MAKES | _MANAGERS | _INTERPRETERS | _RUNNERS | {".", "source"}


class Call(NamedTuple):
    """What a command hands on to.

    `names` are a path (SCRIPT), targets (MAKE, none: the first), scripts (PACKAGE) or whatever runs (OTHER); `folder`
    is where the command says to look, relative to `directory`, `file` the makefile it names. `arguments` are what a
    script gets (None: not known), `assigned` the variables that the command sets for it.
    """

    kind: str
    names: tuple[str, ...]
    directory: str | None
    folder: str
    file: str
    arguments: tuple[str | None, ...]
    assigned: dict[str, str | None]
    start: int
    end: int


def may_be(name: str) -> bool:
    """Whether a command of a name, which may be a path, can be a call."""
    return "/" in name or name in _CALLERS


def of(name: str, tokens: Sequence[Token], directory: str | None, start: int, end: int) -> Call | None:
    """The call that a command is, by its name (which may be a path) and the words after it; None for none."""
    base = name.rpartition("/")[2]
    empty = Call(SCRIPT, (), directory, "", "", (), {}, start, end)
    if base in _MAKES:
        return _make(tokens, empty)
    if base in _MANAGERS:
        return _package(base, tokens, empty)
    if base in _RUNNERS:
        return empty._replace(kind=OTHER, names=(base,))
    if base in _SHELLS or base in _INTERPRETERS or name in {".", "source"}:
        return _interpreted(base, tokens, empty)
    if "/" in name:
        return empty._replace(names=(name,), arguments=tuple(token.value for token in tokens))
    return None


def _interpreted(base: str, tokens: Sequence[Token], empty: Call) -> Call | None:
    """`bash -e FILE ...`, `source FILE`, `python FILE`."""
    at = next((n for n, token in enumerate(tokens) if not (token.value or token.prefix).startswith("-")), len(tokens))
    if at == len(tokens) or any(token.value in {"-c", "-m", "-s"} for token in tokens[:at]):
        return None
    path = tokens[at].value
    if path is None:
        return None
    kind = OTHER if base in _INTERPRETERS else SCRIPT
    return empty._replace(kind=kind, names=(path,), arguments=tuple(token.value for token in tokens[at + 1 :]))


def _make(tokens: Sequence[Token], empty: Call) -> Call | None:
    options = options_of(list(tokens), _MAKE_VALUED)
    folder, file = options.last("-C", "--directory"), options.last("-f", "--file", "--makefile")
    if any(token is not None and token.value is None for token in (folder, file)):
        return None
    names: list[str] = []
    assigned: dict[str, str | None] = {}
    for token in options.operands:
        name, equals, value = (token.prefix if token.value is None else token.value).partition("=")
        if equals and is_name(name.rstrip(":+?")):
            assigned[name.rstrip(":+?")] = None if token.value is None else value
        elif token.value is not None:
            names.append(token.value)
    return empty._replace(
        kind=MAKE,
        names=tuple(names),
        folder=(folder.value or "") if folder else "",
        file=(file.value or "") if file else "",
        assigned=assigned,
    )


def _package(manager: str, tokens: Sequence[Token], empty: Call) -> Call | None:
    options = options_of(list(tokens), _PACKAGE_VALUED)
    folder = options.last(*_PACKAGE_FOLDER)
    words = [token.value for token in options.operands]
    if words[:1] == ["run"] or words[:1] == ["run-script"]:
        words = words[1:]
    elif manager in {"npm", "bun"}:
        return None
    name = words[0] if words else None
    if name is None or name in _NO_SCRIPTS or (folder is not None and folder.value is None):
        return None
    elsewhere = {"--filter", "-F", "-w", "--workspace", "--workspaces", "-r", "--recursive"} & options.named.keys()
    kind = OTHER if elsewhere else PACKAGE
    return empty._replace(kind=kind, names=(name,), folder=(folder.value or "") if folder else "")
