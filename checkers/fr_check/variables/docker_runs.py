"""`docker run -e NAME=VALUE IMAGE` in tasks, scripts and workflows, where the image is one that is built here.

`docker compose run -e NAME=VALUE SERVICE`, `exec` and `docker exec` give it over what the compose files say.

`-e` is over `--env-file`, and that over the image's ENV; a bare `-e NAME` hands the shell's value on, and takes the
image's away where the shell has none. A file of `--env-file` is read raw. Source:
https://docs.docker.com/reference/cli/docker/container/run/#env.
"""

from __future__ import annotations

import json
import posixpath

from fr_check.builds import commands as command_builds
from fr_check.builds import tags
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.changes import CLEAR, FILE, IMPORT, OPENED, SOURCE
from fr_check.sources import compose
from fr_check.sources.compose.dotenv import RAW
from fr_check.sources.compose_project import merge_files
from fr_check.sources.docker_options import COMPOSE_GLOBAL, DOCKER_GLOBAL, RUN_VALUED, options_of, past_options
from fr_check.sources.docker_uses import moved
from fr_check.sources.opaque import Opaque
from fr_check.sources.yaml_nodes import get
from fr_check.sources.yaml_tree import Scalar
from fr_check.variables.commands import STEP
from fr_check.variables.model import Bare, ComposeHost, Computed, Entry, Layer, Literal, Open, Unclear
from fr_check.variables.official_images import is_official
from fr_check.variables.services import given_by_files, process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.builds.images import Image
    from fr_check.builds.model import Build
    from fr_check.core.model import Location
    from fr_check.runs.model import Executed
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.docker_options import Options, Token
    from fr_check.variables.commands import Command
    from fr_check.variables.flow import Flow
    from fr_check.variables.services import ServiceProcess

_OPENING = frozenset((OPENED, SOURCE, IMPORT, FILE))
_OF_ENGINE = "container exec"
_ENGINES = frozenset(("docker", "podman", "nerdctl"))


class Run(NamedTuple):
    """One command: the entries of its `-e`, and the image as a process of its own; `of` is how it was reached.

    `compose` where it runs a service of a compose file, which is a process by itself.
    """

    given: dict[str, Entry]
    service: ServiceProcess
    of: Command
    compose: bool = False


def find(flow: Flow) -> Iterator[Run]:
    """Every such command whose image is known."""
    seen: set[tuple[object, ...]] = set()
    for command in flow.commands.runs:
        run = _of_compose(flow, command)
        if run is not None and (command.executed.location, "") not in seen:
            seen.add((command.executed.location, ""))
            yield run
        tokens = _arguments(command.executed)
        at = 0 if tokens is None else past_options(tokens, 0, RUN_VALUED)
        image = tokens[at].value if tokens is not None and at < len(tokens) else None
        if tokens is None or not image:
            continue
        # The same place by another way may have other values, and is told once.
        key = (command.executed.location, image)
        options = options_of(tokens[:at], RUN_VALUED)
        layers = (*_files(options, command.executed, flow), _given(options, command))
        found = None if key in seen else _service(flow, image, options, tokens[at + 1 :], command.executed, layers)
        if found is not None:
            seen.add(key)
            yield Run(dict(layers[-1].entries), found, command)


def _arguments(executed: Executed) -> list[Token] | None:
    """The words behind `docker run`; None for another command."""
    if posixpath.basename(executed.ran.name) not in _ENGINES:
        return None
    tokens = executed.ran.arguments
    index = past_options(tokens, 0, DOCKER_GLOBAL)
    words = [token.value for token in tokens[index : index + 2]]
    if words[:1] == ["run"]:
        return tokens[index + 1 :]
    return tokens[index + 2 :] if words == ["container", "run"] else None


def _of_compose(flow: Flow, command: Command) -> Run | None:
    """`docker compose run`, and `exec` in a service, with options that give variables; None for any other command."""
    executed = command.executed
    action, rest = _action(executed)
    at = past_options(rest, 0, RUN_VALUED)
    if action not in {"run", "exec", _OF_ENGINE} or at >= len(rest):
        return None
    options, words = options_of(rest[:at], RUN_VALUED), rest[at + 1 :]
    given = _given(options, command)
    if not (given.entries or given.open):
        return None
    found, service = _named(flow, executed, rest[at].value or "", compose=action != _OF_ENGINE)
    if found is None or service is None:
        return None
    told = _fake(_told(options, words, executed))
    own = service._replace(command=told.command or service.command, entrypoint=told.entrypoint or service.entrypoint)
    if action != "run":
        # It starts beside what the container runs, without an entrypoint.
        own = service._replace(command=None, entrypoint=told.command or service.command)
    layers = (*given_by_files(found, service, flow.files), given)
    made = process(found, own, flow.reading, layers)
    what = f"`docker exec {rest[at].value}`" if action == _OF_ENGINE else f"`docker compose {action} {service.name}`"
    held = made.process._replace(kind="run", what=what, of=executed.path, location=_line(executed))
    held = held._replace(certain=held.certain and all(token.value is not None for token in words))
    return Run(dict(given.entries), made._replace(process=held), command, compose=True)


def _action(executed: Executed) -> tuple[str | None, list[Token]]:
    """What Compose is told to do, or `container exec` of the engine, and the words behind it."""
    tokens = executed.ran.arguments
    index = past_options(tokens, 0, DOCKER_GLOBAL)
    if posixpath.basename(executed.ran.name) != "docker-compose":
        words = [token.value for token in tokens[index : index + 2]]
        if words[:1] == ["exec"] or words == ["container", "exec"]:
            return _OF_ENGINE, tokens[index + (1 if words[0] == "exec" else 2) :]
        if words[:1] != ["compose"]:
            return None, []
        tokens = tokens[index + 1 :]
    index = past_options(tokens, 0, COMPOSE_GLOBAL)
    return (tokens[index].value if index < len(tokens) else None), tokens[index + 1 :]


def _named(flow: Flow, executed: Executed, name: str, *, compose: bool) -> tuple[Project, Service] | tuple[None, None]:
    """The service that a command names, or that a container is of which it names; with the set of compose files."""
    if compose:
        found = _project(flow, executed)
        service = None if found is None else found.services.get(name)
        return (None, None) if found is None or service is None else (found, service)
    places = ((project, service) for project in flow.projects for service in project.services.values())
    return next((one for one in places if _is_container(name, *one)), (None, None))


def _is_container(name: str, project: Project, service: Service) -> bool:
    """Whether a container has the name that a service says, or the one that Compose makes."""
    own = get(service.node, "container_name")
    if isinstance(own, Scalar):
        return name == own.value
    head, _, number = name.replace("_", "-").rpartition("-")
    made = f"{project.called()}-{service.name}".replace("_", "-")  # of the checkout's folder nobody knows the name
    return number.isdecimal() and (head.endswith(made) if made.startswith("-") else head == made)


def _project(flow: Flow, executed: Executed) -> Project | None:
    """The set of compose files that a command uses."""
    read = command_builds.CommandResults([], [], [], [], [])
    command_builds.take(executed, read)
    named = next((one for one in read.sets if one.files), None)
    files = flow.builds.composes.defaults.get(executed.folder or "", ()) if named is None else named.files
    found = [project for project in flow.projects if project.files == files]
    folder = None if named is None else named.directory
    return next((project for project in found if project.directory == folder), found[0] if found else None)


def _fake(said: dict[str, Any]) -> Service:
    """A service that says this and nothing else."""
    return compose.parse(Text(json.dumps({"services": {"run": said}}), "run.yml", None)).services["run"]


def _files(options: Options, executed: Executed, flow: Flow) -> Iterator[Layer]:
    """`--env-file`, in order."""
    for token in options.named.get("--env-file", ()):
        where = executed.origin.locate(token.start, token.end)
        path = executed.origin.checkouts.path(moved(executed.ran.directory, token.value) or "")[0]
        if token.value is None or path is None:
            shown = token.raw or token.prefix or "--env-file"
            opened = Open(shown, f"what `{shown}` holds is only known at run time", where)
            yield Layer("env-file", shown, {}, where, opened)
        else:
            yield flow.files.layer(path, f"`{path}`", where, RAW)


def _given(options: Options, command: Command) -> Layer:
    """`-e` and `--env`."""
    entries: dict[str, Entry] = {}
    executed = command.executed
    opened = None
    for token in (token for name in ("-e", "--env") for token in options.named.get(name, ())):
        text = token.prefix if token.value is None else token.value
        name, equals, value = text.partition("=")
        start = token.start + max(token.raw.find(name), 0)
        where = executed.origin.locate(start, start + len(name))
        if not name.isidentifier() or (token.value is None and not equals):
            opened = opened or Open(token.raw or text, "a name of `-e` is only known at run time", where)
        elif token.value is None:
            entries[name] = Entry(name, Computed(token.raw.partition("=")[2] or "..."), where)
        else:
            entries[name] = Entry(name, Literal(Opaque(value)), where) if equals else _of_shell(name, command, where)
    where = executed.location
    return Layer("option", "`-e`", entries, where, opened)


def _of_shell(name: str, command: Command, where: Location) -> Entry:
    """The shell's own value, where the script or the step says what that is; without one `-e K` takes K away.

    What runs by itself in a step has what the step gives; of the shell of whoever starts a task nobody knows that.
    """
    executed, ran = command.executed, command.executed.ran
    cleared = any(one.kind == CLEAR for one in ran.changes)
    held = executed.environment.get(name)
    if held is not None and not cleared:
        return Entry(name, Literal(Opaque(held)), where)
    if name in executed.environment and not cleared:
        return Entry(name, Computed(f"${name}"), where)
    opened = executed.open or bool(ran.loaded) or any(one.kind in _OPENING for one in executed.operations)
    if command.kind == STEP and not (opened or cleared):
        return Entry(name, Bare(name), where)
    told = f"whether the shell that runs `{posixpath.basename(ran.name)}` has `{name}`"
    return Entry(name, Unclear(told), where, doubt=Open(name, told, where))


def _service(
    flow: Flow, image: str, options: Options, words: list[Token], executed: Executed, layers: tuple[Layer, ...]
) -> ServiceProcess | None:
    """The image as a service of its own: by the name that a build gives it, else the only one that is built here."""
    for found, build in _images(flow, image):
        if found is None or not found.judged or found.inline is not None:
            continue
        target, context = (None, None) if build is None else (build.target, build.context)
        folder = posixpath.dirname(found.path) if context is None else context
        said: dict[str, Any] = {
            "build": {
                "context": f"./{folder}",
                "dockerfile": posixpath.relpath(found.path, folder or "."),
                "args": _arguments_of(build),
                **({"target": target} if target else {}),
            }
        }
        said.update(_told(options, words, executed))
        text = Text(json.dumps({"services": {"run": said}}), "run.yml", None)
        project = merge_files(("run.yml",), {"run.yml": compose.parse(text)}.get)
        made = process(project, project.services["run"], flow.reading, layers)
        known = all(token.value is not None for token in words)
        what = f"`docker run {image}`"
        own = made.process._replace(
            kind="run", what=what, of=executed.path, location=_line(executed), compose_host=ComposeHost({})
        )
        return made._replace(process=own._replace(certain=own.certain and known))
    return None


def _line(executed: Executed) -> Location:
    """The command's own name: it may be long."""
    start = executed.ran.start
    return executed.origin.locate(start, min(executed.ran.end, start + len(executed.ran.name)))


def _arguments_of(build: Build | None) -> list[str]:
    """What a build passes, as a compose file would; one item without a name where that is not known."""
    values = [] if build is None else [(name, passed.value or "") for name, passed in build.passed.items()]
    if build is None or build.opaque is not None or not all(value and "$" not in value for _, value in values):
        return ["$UNKNOWN"]
    return [f"{name}={value}" for name, value in values]


def _images(flow: Flow, image: str) -> Iterator[tuple[Image | None, Build | None]]:
    own = tags.own_name(flow.repository)
    named = [build for build in flow.all_builds if tags.same_as_any(image, build.tags, own)]
    found = flow.images.found
    if named or "/" in image:
        yield from ((found.get(build.key), build) for build in named)
    elif len(found) == 1 and not is_official(image):
        only = next(iter(found.values()))
        # A build that gives it other names makes another image of it.
        if not any(build.tags for build in flow.all_builds if found.get(build.key) is only):
            yield only, None


def _told(options: Options, words: list[Token], executed: Executed) -> dict[str, Any]:
    """What a command says of the container beside its variables, as a compose file would."""
    said: dict[str, Any] = {}
    if words:
        said["command"] = [_escaped(token.shown) for token in words]
    entrypoint = options.last("--entrypoint")
    if entrypoint is not None:
        said["entrypoint"] = [_escaped(entrypoint.shown)]
    workdir = options.last("-w", "--workdir")
    if workdir is not None:
        said["working_dir"] = _escaped(workdir.shown)
    volumes = [_mounted(value, executed) for value in options.values("-v", "--volume")]
    return {**said, **({"volumes": volumes} if volumes else {})}


def _mounted(value: str, executed: Executed) -> str:
    """`-v` with a source of the repository as Compose would have it."""
    source, colon, rest = value.partition(":")
    outside = moved(executed.ran.directory, source) if source.startswith((".", "/")) else None
    path = None if outside is None else executed.origin.checkouts.path(outside)[0]
    return _escaped(value) if not colon or path is None else _escaped(f"./{path}:{rest}")


def _escaped(text: str) -> str:
    return text.replace("$", "$$")
