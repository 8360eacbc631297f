"""`docker build`, `docker compose` and `docker buildx bake`: what a command line builds, with which arguments.

A word that depends on what only a run would know is None, and an option list with such a word in it is `opaque`.
Offsets are those of the script that the command stands in.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.build_args import is_name
from fr_check.sources.docker_options import (
    BUILD_FLAGS,
    COMPOSE_GLOBAL,
    DOCKER_GLOBAL,
    VALUED,
    Options,
    Token,
    options_of,
    past_options,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol


PROGRAMS = frozenset(("docker", "podman", "buildah", "nerdctl", "depot", "docker-compose", "podman-compose"))
_BUILDS = {("build",), ("image", "build"), ("buildx", "build"), ("buildx", "b"), ("builder", "build"), ("bud",)}


if TYPE_CHECKING:

    class Placed(Protocol):
        """A command, as far as its place goes: offsets of its script."""

        @property
        def start(self) -> int:
            """Its first character."""

        @property
        def end(self) -> int:
            """Behind its last one."""


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
    tags: tuple[str, ...] = ()


class ComposeUse(NamedTuple):
    """One `docker compose` command. `files` are those of `-f`; `builds` for `build` and `up --build`.

    `files` are relative to `directory`; `project` is what `--project-directory` says, None without it. `unclear` is set
    where either is not known, `opaque` where the services (none: all) or the arguments are not. `env_files` are those
    of `--env-file`, None without it, and nothing where one of them is not known. `action` is what it does (`up`), empty
    where that is not known; `named` is the name of the project that `-p` gives.
    """

    directory: str | None
    project: str | None
    files: tuple[str, ...]
    env_files: tuple[str, ...] | None
    builds: bool
    services: tuple[str, ...]
    arguments: tuple[Argument, ...]
    unclear: bool
    opaque: bool
    start: int
    end: int
    action: str = ""
    named: Token | None = None


class BakeUse(NamedTuple):
    """One `docker buildx bake` command; `sets` are its `--set` values."""

    directory: str | None
    files: tuple[str, ...]
    targets: tuple[str, ...]
    sets: tuple[Token, ...]
    start: int
    end: int


Use = DockerBuild | ComposeUse | BakeUse


def moved(directory: str | None, target: str | None) -> str | None:
    """Where `cd` leads from a folder; None where either is not known."""
    if target is None or directory is None:
        return None
    return target if target.startswith("/") else f"{directory}/{target}"


def files_of_variable(variables: Mapping[str, str | None]) -> tuple[str, ...]:
    """The compose files that COMPOSE_FILE names, relative to the folder that Compose is called in."""
    separator = variables.get("COMPOSE_PATH_SEPARATOR") or ":"
    return tuple(name for name in (variables.get("COMPOSE_FILE") or "").split(separator) if name)


def uses(name: str, tokens: list[Token], directory: str | None, command: Placed) -> Iterator[Use]:
    """What a command of one of `PROGRAMS` builds; nothing for one that has nothing to do with builds."""
    if name in {"docker-compose", "podman-compose"}:
        yield _compose(tokens, directory, command)
        return
    index = past_options(tokens, 0, DOCKER_GLOBAL)
    words = tuple(token.value or "" for token in tokens[index : index + 2])
    if words[:1] == ("compose",):
        yield _compose(tokens[index + 1 :], directory, command)
    elif words[:1] in _BUILDS or words in _BUILDS:
        rest = tokens[index + (1 if words[:1] in _BUILDS else 2) :]
        yield _docker_build(options_of(rest, VALUED - BUILD_FLAGS), directory, command)
    elif "bake" in words:
        options = options_of(tokens[index + words.index("bake") + 1 :], VALUED)
        targets = tuple(token.value for token in options.operands if token.value is not None)
        sets = tuple(options.named.get("--set", ()))
        yield BakeUse(directory, options.values("-f", "--file"), targets, sets, command.start, command.end)


def _docker_build(options: Options, directory: str | None, command: Placed) -> DockerBuild:
    file = options.last("-f", "--file")
    target = options.last("--target")
    context = options.operands[-1] if options.operands else None
    return DockerBuild(
        directory=directory,
        context=context.value if context else None,
        file=file.value if file else None,
        target=target.value if target else None,
        arguments=tuple(_arguments(options)),
        opaque=options.opaque or _unnamed(options),
        unclear=(file is not None and file.value is None) or (target is not None and target.value is None),
        start=command.start,
        end=command.end,
        tags=tuple(_tags(options)),
    )


def _tags(options: Options) -> Iterator[str]:
    """The names of the image; of one whose end is only known at run time (`app:$GITHUB_SHA`), what is known."""
    for token in (*options.named.get("-t", ()), *options.named.get("--tag", ())):
        if token.value is not None:
            yield token.value
        elif ":" in token.known.rpartition("/")[2]:
            yield token.known


def _unnamed(options: Options) -> bool:
    """Whether an argument's name is not known."""
    return any(token.value is None and "=" not in token.prefix for token in options.named.get("--build-arg", ()))


def _arguments(options: Options) -> Iterator[Argument]:
    for token in options.named.get("--build-arg", ()):
        text = token.prefix if token.value is None else token.value
        name, equals, value = text.partition("=")
        if is_name(name) and (equals or token.value is not None):
            yield Argument(name, value if equals else None, token.start, token.start + len(name), token.doubtful)


def _env_files(general: Options) -> tuple[str, ...] | None:
    named = [token.value for token in general.named.get("--env-file", ())]
    known = tuple(value for value in named if value is not None)
    return (known if len(known) == len(named) else ()) if named else None


def _compose(tokens: list[Token], directory: str | None, command: Placed) -> ComposeUse:
    index = past_options(tokens, 0, COMPOSE_GLOBAL)
    general = options_of(tokens[:index], COMPOSE_GLOBAL)
    action = (tokens[index].value or "") if index < len(tokens) else ""
    special = options_of(tokens[index + 1 :], VALUED - BUILD_FLAGS if action == "build" else VALUED)
    named = general.last("--project-directory")
    files = [token for name in ("-f", "--file") for token in general.named.get(name, ())]
    services = [token.value for token in special.operands if token.value is not None]
    return ComposeUse(
        directory=directory,
        project=moved(directory, named.value) if named else None,
        files=tuple(token.value for token in files if token.value is not None),
        env_files=_env_files(general),
        builds=action == "build" or (action in {"up", "run", "create"} and "--build" in special.named),
        # What follows the service of `run` is the command to run in it.
        services=tuple(services[:1] if action == "run" else services),
        arguments=tuple(_arguments(special)) if action == "build" else (),
        unclear=general.opaque
        or (named is not None and named.value is None)
        or any(token.value is None for token in files),
        opaque=special.opaque or _unnamed(special),
        start=command.start,
        end=command.end,
        action=action,
        named=general.last("-p", "--project-name"),
    )
