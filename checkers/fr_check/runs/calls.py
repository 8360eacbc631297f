"""Commands that run something else of the repository: a script, a make target, a package script, another task.

`of` tells from a command what it hands on to; `fr_check.runs.targets` looks for it in the repository.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.runs import package_calls
from fr_check.sources import make_options
from fr_check.sources.build_args import is_name
from fr_check.sources.docker_options import Options, Token, options_of
from fr_check.sources.shells import SHELLS, with_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal

    from fr_check.runs.model import Ran
    from fr_check.sources.shells import Shell

    Kind = Literal[
        "script", "make", "just", "moon", "tox", "nox", "hooks", "pyproject", "invoke", "package", "packages", "other"
    ]

_MAKES = frozenset(("make", "gmake"))
_MANAGERS = frozenset(("npm", "pnpm", "yarn", "bun"))
_INTERPRETERS = frozenset(("python", "python3", "node", "tsx", "ts-node", "ruby", "perl", "php", "deno", "pwsh"))
# Whose tasks are not read.
_OTHERS = frozenset(
    ("task", "go-task", "invoke", "inv", "rake", "mise", "hatch", "bazel", "pants", "gulp", "grunt", "npm-run-all")
)
_OTHERS |= {
    "concurrently",
    "earthly",
    "dagger",
    "doit",
    "pixi",
    "rye",
    "mage",
    "gradle",
    "mvn",
    "dvc",
    "snakemake",
    "wireit",
    "lage",
    "nps",
    "projen",
    "hereby",
    "scripty",
    "aegir",
}
# The commands of PDM 2.26.
_OF_PDM = frozenset(
    (
        "add", "build", "cache", "completion", "config", "export", "fix", "import", "info", "init", "install", "list",
        "lock", "new", "outdated", "plugin", "publish", "py", "python", "remove", "run", "search", "self", "show",
        "sync", "update", "use", "venv",
    )
)  # fmt: skip
_POETS = frozenset(("poe", "taskipy"))
_SCRIPT_ENDS = (".sh", ".bash", ".py", ".mjs", ".js", ".ts", ".cjs")

_JUST_VALUED = frozenset(("-f", "--justfile", "-d", "--working-directory", "--shell", "--set", "--dotenv-path", "-E"))
_NOX_VALUED = frozenset(
    (
        "-s",
        "-e",
        "--session",
        "--sessions",
        "-f",
        "--noxfile",
        "-k",
        "--keywords",
        "-t",
        "--tags",
        "-p",
        "--pythons",
        "--python",
    )
)
_NO_RUNS = {
    "tox": frozenset(("-n", "--notest", "-l", "--listenvs", "-a", "--listenvs-all", "--showconfig")),
    "nox": frozenset(("-l", "--list", "--list-sessions", "--install-only")),
}
_TOX_ASIDE = frozenset(("l", "list", "d", "devenv", "c", "config", "q", "quickstart", "schema", "man", "de", "depends"))
_TOX_VALUED = frozenset(
    ("-e", "-c", "--conf", "--workdir", "--root", "-x", "--override", "-p", "--parallel", "-f", "-m")
)
_CALLERS = {"pdm"} | SHELLS | _MAKES | _MANAGERS | _INTERPRETERS | _OTHERS | _POETS
_CALLERS |= {
    ".",
    "source",
    "just",
    "moon",
    "tox",
    "nox",
    "pre-commit",
    "prek",
    "turbo",
    "nx",
    "lerna",
    "run-s",
    "run-p",
}


class Call(NamedTuple):
    """What a command hands on to.

    `names` are a path ("script"), targets, recipes, environments, hooks or scripts (none: the default), or whatever
    runs ("other"); for "packages" `chosen` are the packages, by name or `./path`, none for all, for "hooks" the stage,
    for "tox" the options that are overridden. `folder` is where the command says to look, relative to `directory`,
    `file` the task file it names. `arguments` are what the callee gets (None: not known), `assigned` the variables that
    the command sets for it, `given` those for the task runner itself. `ignored`: an option lets the runner pass over
    failures. `shell` is the one that a script is given to by name. `optional`: a script that is not there is passed
    over. `letters` are the options of make.
    """

    kind: Kind
    names: tuple[str, ...]
    directory: str | None
    start: int
    end: int
    program: str = ""
    folder: str = ""
    file: str = ""
    arguments: tuple[str | None, ...] = ()
    chosen: tuple[str, ...] = ()
    assigned: Mapping[str, str | None] = {}
    given: Mapping[str, str | None] = {}
    ignored: str = ""
    shell: Shell | None = None
    optional: bool = False
    letters: str = ""


def may_be(name: str) -> bool:
    """Whether a command of a name, which may be a path, can be a call."""
    return "/" in name or name in _CALLERS or name.endswith(_SCRIPT_ENDS)


def is_on_path(name: str) -> bool:
    """Whether a command's name is that of a script which is looked for along PATH: `docker-entrypoint.sh`."""
    return "/" not in name and name not in _CALLERS


def of(ran: Ran) -> Call | None:
    """The call that a command is, with the variables it brings; None for none."""
    name = ran.name
    base = name.rpartition("/")[2]
    if not may_be(name) and ran.via not in {"hatch", "pdm", "rye"}:
        return None
    tokens = ran.arguments
    # Of `$X/build.sh` nobody knows from which folder the path counts.
    directory = None if ran.words and ran.words[0].value is None else ran.directory
    empty = Call("script", (), directory, ran.start, ran.end, base, assigned=ran.environment)
    if base in _INTERPRETERS and (module := _module(tokens)) is not None:
        base, tokens = module
        empty = empty._replace(program=base)
    found = _by_program(base, tokens, empty) if base in _CALLERS else None
    if found is None and ran.via in {"hatch", "pdm", "rye"} and base not in _CALLERS:
        given = tuple(token.value for token in tokens)
        return empty._replace(kind="pyproject", names=(name.rpartition(":")[2],), program=ran.via, arguments=given)
    if base in SHELLS or base in _INTERPRETERS or name in {".", "source"}:
        return _interpreted(base, tokens, empty._replace(shell=ran.shell if base in {".", "source"} else None))
    if found is None and base not in _CALLERS and ("/" in name or name.endswith(_SCRIPT_ENDS)):
        return empty._replace(names=(name,), arguments=tuple(token.value for token in tokens))
    return found


def _module(tokens: Sequence[Token]) -> tuple[str, list[Token]] | None:
    """`python -m NAME ...` of a task runner."""
    at = next((n for n, token in enumerate(tokens[:-1]) if token.value == "-m"), None)
    name = tokens[at + 1].value if at is not None else None
    if at is None or name not in {"tox", "nox", "pre_commit", "invoke", "poethepoet", "taskipy"}:
        return None
    return {"pre_commit": "pre-commit", "poethepoet": "poe"}.get(name, name), [*tokens[at + 2 :]]


def _by_program(base: str, tokens: list[Token], empty: Call) -> Call | None:  # noqa: PLR0911 - a table of programs
    if base in _MAKES:
        return _make(tokens, empty)
    if base in _MANAGERS:
        return package_calls.package(base, tokens, empty)
    if base in {"turbo", "nx", "lerna"}:
        return package_calls.packages(base, tokens, empty)
    if base in {"run-s", "run-p"}:
        names = tuple(token.value for token in tokens if token.value and not token.value.startswith("-"))
        return empty._replace(kind="package", names=names)
    if base == "just":
        return _just(tokens, empty)
    if base == "moon":
        names = tuple(token.value for token in options_of(tokens, frozenset()).operands if token.value)
        return empty._replace(kind="moon", names=names[1:] if names[:1] == ("run",) else names)
    if base in {"tox", "nox"}:
        return _tox(base, tokens, empty)
    if base in {"pre-commit", "prek"}:
        return _hooks(tokens, empty)
    if base in {"invoke", "inv"}:
        return _invoked(tokens, empty)
    if base in _POETS:
        return _poet(base, tokens, empty)
    if base == "pdm":
        return _pdm(tokens, empty)
    if base in {"task", "go-task"}:
        # taskipy's program and that of Taskfile.yml have one name: the file that is there decides.
        names = tuple(token.value for token in tokens[:1] if token.value)
        return empty._replace(kind="pyproject", names=names, program="task")
    return empty._replace(kind="other", names=(base,)) if base in _OTHERS else None


def _interpreted(base: str, tokens: Sequence[Token], empty: Call) -> Call | None:
    """`bash -e FILE ...`, `source FILE`, `python FILE`."""
    at = next((n for n, token in enumerate(tokens) if not (token.value or token.prefix).startswith("-")), len(tokens))
    if at == len(tokens) or any(token.value in {"-c", "-m", "-s"} for token in tokens[:at]):
        return None
    path = tokens[at].value
    if path is None:
        return None
    shell = with_flags(base, [token.value for token in tokens[:at]]) if base in SHELLS else empty.shell
    kind: Kind = "other" if base in _INTERPRETERS else "script"
    given = tuple(token.value for token in tokens[at + 1 :])
    return empty._replace(kind=kind, names=(path,), arguments=given, shell=shell)


def _make(tokens: Sequence[Token], empty: Call) -> Call | None:
    options = options_of([*_without_counts(tokens)], make_options.VALUED)
    folder, file = options.last("-C", "--directory"), options.last("-f", "--file", "--makefile")
    if any(token is not None and token.value is None for token in (folder, file)):
        return None
    names, given = _assigning(options.operands)
    return empty._replace(
        kind="make",
        names=names,
        folder=(folder.value or "") if folder else "",
        file=(file.value or "") if file else "",
        assigned={**empty.assigned, **given},
        given=given,
        ignored=make_options.passing("make", [token.value or "" for token in tokens]),
        letters=make_options.letters([token.value or "" for token in tokens]),
    )


def _without_counts(tokens: Sequence[Token]) -> Iterator[Token]:
    """The words of make without the number behind `-j` or `-l`, which is no target."""
    before = ""
    for token in tokens:
        value = token.value or ""
        if not (before in {"-j", "-l"} and value.replace(".", "", 1).isdigit()):
            yield token
        before = value


def _assigning(operands: Sequence[Token]) -> tuple[tuple[str, ...], dict[str, str | None]]:
    """Operands, those of the form NAME=value apart; what `+=`, `?=` and `!=` make of a name is not known."""
    names: list[str] = []
    given: dict[str, str | None] = {}
    for token in operands:
        name, equals, value = (token.prefix if token.value is None else token.value).partition("=")
        if equals and is_name(name.rstrip(":+?!")):
            plain = token.value is not None and not name.endswith(("+", "?", "!"))
            given[name.rstrip(":+?!")] = value if plain else None
        elif token.value is not None:
            names.append(token.value)
    return tuple(names), given


def _just(tokens: Sequence[Token], empty: Call) -> Call | None:
    options = options_of(list(tokens), _JUST_VALUED)
    folder, file = options.last("-d", "--working-directory"), options.last("-f", "--justfile")
    names, given = _assigning(options.operands)
    return empty._replace(
        kind="just",
        names=names,
        arguments=names[1:],
        given=given,
        folder=(folder.value or "") if folder else "",
        file=(file.value or "") if file else "",
    )


def _tox(base: str, tokens: list[Token], empty: Call) -> Call:
    dashes = next((n for n, token in enumerate(tokens) if token.value == "--"), len(tokens))
    valued = _TOX_VALUED | {"--skip-env"} if base == "tox" else _NOX_VALUED
    options = options_of(tokens[:dashes], valued)
    chosen = options.values("-e", "-s", "--session", "--sessions")
    if base == "nox" and (named := options.named.get("-s")) and options.operands:
        chosen += tuple(one.value for one in options.operands if one.value and one.start > named[-1].start)
    skipped = options.values("--skip-env") if base == "tox" else ()
    overridden = options.values("-x", "--override") if base == "tox" else ()
    folder = options.last("--root")
    file = options.last("-c", "--conf") if base == "tox" else options.last("-f", "--noxfile")
    return empty._replace(
        ignored=_running_nothing(base, options),
        given={"TOX_SKIP_ENV": "|".join(skipped)} if skipped else {},
        chosen=tuple(one.partition("=")[0] for one in overridden),
        kind="tox" if base == "tox" else "nox",
        names=tuple(name for one in chosen for name in one.split(",") if name),
        arguments=tuple(token.value for token in tokens[dashes + 1 :]),
        folder=(folder.value or "") if folder else "",
        file=(file.value or "") if file else "",
    )


def _invoked(tokens: list[Token], empty: Call) -> Call:
    options = options_of(tokens, frozenset(("-c", "--collection", "-r", "--search-root", "-f", "--config")))
    names = tuple(token.value for token in options.operands if token.value)
    return empty._replace(kind="invoke", names=names[:1])


def _poet(base: str, tokens: list[Token], empty: Call) -> Call:
    """`poe [OPTIONS] TASK [WORDS]`: what stands behind the task is the task's."""
    options = options_of(tokens, frozenset(("-C", "--root", "--directory", "-e", "--executor")))
    first = next(iter(options.operands), None)
    words = [token for token in tokens if first is not None and token.start > first.start]
    head = tokens[: len(tokens) - len(words)]
    dry = next((token.value for token in head if token.value in {"-d", "--dry-run"}), None) if base == "poe" else None
    return empty._replace(
        kind="pyproject",
        names=(first.value,) if first is not None and first.value else (),
        arguments=tuple(token.value for token in words),
        ignored=f"`poe {dry}`, which runs no command," if dry else "",
    )


def _pdm(tokens: list[Token], empty: Call) -> Call:
    """`pdm SCRIPT`, which is short for `pdm run SCRIPT` where PDM has no command of that name."""
    first = tokens[0].value if tokens else None
    if not first or first.startswith("-") or first in _OF_PDM:
        return empty._replace(kind="other", names=("pdm",))
    given = tuple(token.value for token in tokens[1:])
    return empty._replace(kind="pyproject", names=(first,), program="pdm", arguments=given)


def _running_nothing(base: str, options: Options) -> str:
    """Why tox or nox runs no command of an environment, as a phrase; empty where it runs them."""
    quiet = _NO_RUNS[base]
    option = next((word for word in options.named if word in quiet), "")
    first = options.operands[0].value if base == "tox" and options.operands else None
    word = option or (first if first in _TOX_ASIDE else "")
    return f"`{base} {word}`, which runs no command," if word else ""


def _hooks(tokens: Sequence[Token], empty: Call) -> Call | None:
    options = options_of(
        list(tokens), frozenset(("-c", "--config", "--hook-stage", "--files", "--from-ref", "--to-ref"))
    )
    words = [token.value for token in options.operands]
    if words[:1] != ["run"]:
        return None
    file, stage = options.last("-c", "--config"), options.last("--hook-stage")
    return empty._replace(
        kind="hooks",
        names=tuple(name for name in words[1:] if name),
        file=(file.value or "") if file else "",
        chosen=(stage.value or "",) if stage else (),
    )
