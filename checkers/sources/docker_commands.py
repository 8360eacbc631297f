"""`docker build`, `docker compose` and `docker buildx bake` in a shell script: what they build, with which arguments.

Offsets are those of the script. Nothing is run; a word that depends on what only a run would know is None, and an
option list with such a word in it is `opaque`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple
from checkers.sources import shell
from checkers.sources.build_args import is_name
from checkers.sources.docker_options import (
    BUILD_FLAGS,
    COMPOSE_GLOBAL,
    DOCKER_GLOBAL,
    VALUED,
    Options,
    Token,
    options_of,
    past_options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from checkers.sources.shell import Command, Expansion, Word

    Expressions = Callable[[str], str | None]

# What stands in these may not run.
_BRANCHES = frozenset(("branch", "body", "condition", "function"))
_PROGRAMS = frozenset(("docker", "podman", "buildah", "nerdctl", "depot", "docker-compose", "podman-compose"))
_BUILDS = {("build",), ("image", "build"), ("buildx", "build"), ("buildx", "b"), ("builder", "build"), ("bud",)}


class Argument(NamedTuple):
    """One `--build-arg NAME=value`; `value` None for a bare name, "" where it is not known.

    `doubtful` where it comes from an array that a branch of the script fills.
    """

    name: str
    value: str | None
    start: int
    end: int
    doubtful: bool = False


class DockerBuild(NamedTuple):
    """One image build. Paths are relative to `directory` (None: not known); `context` None: not known."""

    directory: str | None
    context: str | None
    file: str | None
    target: str | None
    arguments: tuple[Argument, ...]
    opaque: bool
    unclear: bool
    start: int
    end: int


class ComposeUse(NamedTuple):
    """One `docker compose` command. `files` are those of `-f`; `builds` for `build` and `up --build`.

    `files` are relative to `directory`; `project` is what `--project-directory` says, None without it, and `opaque`
    is set where that is not known.
    """

    directory: str | None
    project: str | None
    files: tuple[str, ...]
    builds: bool
    services: tuple[str, ...]
    arguments: tuple[Argument, ...]
    opaque: bool
    start: int
    end: int


class BakeUse(NamedTuple):
    """One `docker buildx bake` command; `sets` are its `--set` values."""

    directory: str | None
    files: tuple[str, ...]
    targets: tuple[str, ...]
    sets: tuple[Token, ...]
    start: int
    end: int


Use = DockerBuild | ComposeUse | BakeUse


def find(
    script: str,
    directory: str | None = ".",
    expressions: Expressions | None = None,
    environment: Mapping[str, str | None] | None = None,
) -> tuple[Use, ...]:
    """Every such command of a script that starts in `directory`.

    `expressions` evaluates GitHub's `${{ }}`; `environment` are variables that are known when the script starts.
    """
    if not any(program in script for program in ("docker", "podman", "buildah", "nerdctl", "depot")):
        return ()
    return tuple(_find(shell.parse(script), directory, expressions or (lambda _: None), environment or {}))


def _find(
    script: shell.Script, directory: str | None, expressions: Expressions, environment: Mapping[str, str | None]
) -> Iterator[Use]:
    arrays: dict[str, tuple[tuple[Word, bool], ...]] = {}
    places: dict[int, str | None] = {-1: directory}
    for outer, resolve in shell.walk(script, environment):
        for assignment in outer.assignments:
            if assignment.elements is not None:
                earlier = arrays.get(assignment.name, ()) if assignment.operator == "+=" else ()
                doubtful = not _BRANCHES.isdisjoint(script.kinds(outer))
                arrays[assignment.name] = earlier + tuple((word, doubtful) for word in assignment.elements)
        for command in shell.unwrap(outer):
            name = (command.name or "").rpartition("/")[2]
            if name not in _PROGRAMS and name not in {"cd", "pushd"}:
                continue
            tokens = [token for word in command.words[1:] for token in _tokens(word, resolve, arrays, expressions)]
            where, block = _directory(script, outer, places)
            if name in {"cd", "pushd"}:
                target = next((t.value for t in tokens if not (t.value or "").startswith("-")), None)
                places[block] = _moved(where, target)
            else:
                yield from _use(name, tokens, where, command)


def _moved(directory: str | None, target: str | None) -> str | None:
    if target is None or directory is None:
        return None
    return target if target.startswith("/") else f"{directory}/{target}"


def _directory(script: shell.Script, command: Command, places: dict[int, str | None]) -> tuple[str | None, int]:
    """The folder a command runs in, and the block whose folder a `cd` here changes."""
    block = command.block
    own = None
    while block >= 0:
        if block in places:
            return places[block], block if own is None else own
        if own is None and script.blocks[block].kind in {"subshell", "substitution"}:
            own = block
        block = script.blocks[block].parent
    return places[-1], -1 if own is None else own


def _tokens(
    word: Word,
    resolve: Callable[[Word], str | None],
    arrays: dict[str, tuple[tuple[Word, bool], ...]],
    expressions: Expressions,
) -> Iterator[Token]:
    """What a word becomes: usually one token, several for an array or an unquoted list of options."""
    part = word.expansions[0] if len(word.parts) == 1 and word.expansions else None
    if part is not None and part.kind == "variable" and part.name in arrays:
        for element, doubtful in arrays[part.name]:
            value = _value(element, resolve, expressions)
            yield Token(value, element.start, element.end, element.prefix, doubtful=doubtful)
        return
    value = _value(word, resolve, expressions)
    if value is not None and part is not None and not word.raw.startswith('"'):
        yield from (Token(piece, word.start, word.end) for piece in value.split())
        return
    yield Token(value, word.start, word.end, word.prefix)


def _value(word: Word, resolve: Callable[[Word], str | None], expressions: Expressions) -> str | None:
    if word.literal is not None:
        return word.literal
    found = [part if isinstance(part, str) else _part(word, part, resolve, expressions) for part in word.parts]
    return None if None in found else "".join(piece for piece in found if piece is not None)


def _part(word: Word, part: Expansion, resolve: Callable[[Word], str | None], expressions: Expressions) -> str | None:
    if part.kind == "expression":
        return expressions(f"${{{{ {part.name} }}}}")
    if part.name in {"GITHUB_WORKSPACE", "PWD"} and not part.operator:
        return "."
    if part.kind == "command" and word.raw.strip('"') in {"$(pwd)", "`pwd`"}:
        return "."
    return resolve(word._replace(parts=(part,)))


def _use(name: str, tokens: list[Token], directory: str | None, command: Command) -> Iterator[Use]:
    start, end = command.start, command.end
    if name in {"docker-compose", "podman-compose"}:
        yield from _compose(tokens, directory, command)
        return
    index = past_options(tokens, 0, DOCKER_GLOBAL)
    words = tuple(token.value or "" for token in tokens[index : index + 2])
    if words[:1] == ("compose",):
        yield from _compose(tokens[index + 1 :], directory, command)
    elif words[:1] in _BUILDS or words in _BUILDS:
        rest = tokens[index + (1 if words[:1] in _BUILDS else 2) :]
        yield _docker_build(options_of(rest, VALUED - BUILD_FLAGS), directory, command)
    elif "bake" in words:
        options = options_of(tokens[index + words.index("bake") + 1 :], VALUED)
        targets = tuple(token.value for token in options.operands if token.value is not None)
        sets = tuple(options.named.get("--set", ()))
        yield BakeUse(directory, options.values("-f", "--file"), targets, sets, start, end)


def _docker_build(options: Options, directory: str | None, command: Command) -> DockerBuild:
    file = options.last("-f", "--file")
    target = options.last("--target")
    context = options.operands[-1] if options.operands else None
    return DockerBuild(
        directory=directory,
        context=context.value if context else None,
        file=file.value if file else None,
        target=target.value if target else None,
        arguments=tuple(_arguments(options)),
        opaque=options.opaque or any(_unnamed(token) for token in options.named.get("--build-arg", ())),
        unclear=(file is not None and file.value is None) or (target is not None and target.value is None),
        start=command.start,
        end=command.end,
    )


def _unnamed(token: Token) -> bool:
    return token.value is None and "=" not in token.prefix


def _arguments(options: Options) -> Iterator[Argument]:
    for token in options.named.get("--build-arg", ()):
        text = token.prefix if token.value is None else token.value
        name, equals, value = text.partition("=")
        if is_name(name) and (equals or token.value is not None):
            yield Argument(name, value if equals else None, token.start, token.start + len(name), token.doubtful)


def _compose(tokens: list[Token], directory: str | None, command: Command) -> Iterator[ComposeUse]:
    index = past_options(tokens, 0, COMPOSE_GLOBAL)
    general = options_of(tokens[:index], COMPOSE_GLOBAL)
    action = (tokens[index].value or "") if index < len(tokens) else ""
    special = options_of(tokens[index + 1 :], VALUED)
    builds = action == "build" or (action in {"up", "run", "create"} and "--build" in special.named)
    named = general.last("--project-directory")
    files = [token for name in ("-f", "--file") for token in general.named.get(name, ())]
    yield ComposeUse(
        directory=directory,
        project=_moved(directory, named.value) if named else None,
        files=tuple(token.value for token in files if token.value is not None),
        builds=builds,
        services=tuple(token.value for token in special.operands if token.value is not None),
        arguments=tuple(_arguments(special)) if action == "build" else (),
        opaque=general.opaque
        or special.opaque
        or (named is not None and named.value is None)
        or any(token.value is None for token in files),
        start=command.start,
        end=command.end,
    )
