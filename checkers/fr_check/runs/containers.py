"""Commands that run another command in a container: `docker run`, `docker exec`, `docker compose run`, `exec`, `up`.

What a container runs is followed in the folder of the repository that its working directory is mounted or copied from,
as far as compose file, options and Dockerfile tell. Source: https://docs.docker.com/reference/cli/docker/container/run/,
https://docs.docker.com/reference/cli/docker/compose/run/ and the Compose specification.
"""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.model import Loaded
from fr_check.sources import yaml_tree
from fr_check.sources.build_context import inside
from fr_check.sources.docker_options import COMPOSE_GLOBAL, DOCKER_GLOBAL, RUN_VALUED, options_of, past_options
from fr_check.sources.docker_uses import files_of_variable, moved
from fr_check.sources.tasks.moon import commanded
from fr_check.sources.yaml_tree import Scalar, get, items, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository
    from fr_check.runs.model import Origin, Ran
    from fr_check.sources.docker_options import Options, Token
    from fr_check.sources.tasks.model import Script
    from fr_check.sources.yaml_tree import Node

PROGRAMS = frozenset(("docker", "podman", "nerdctl", "docker-compose", "podman-compose"))
DETACHED = "`-d`, with which docker waits for nothing,"
"""Why nobody sees what a container ends with, unless something waits for it."""
_UP_VALUED = frozenset(("--exit-code-from", "--scale", "--timeout", "-t", "--attach", "--no-attach", "--wait-timeout"))
_BUILD_VALUED = frozenset(
    ("--build-arg", "--builder", "--memory", "-m", "--progress", "--ssh", "--provenance", "--sbom")
)
_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")


class Contained(NamedTuple):
    """What a container runs: words of the command line from `at` on, or a `script` of the compose file at `path`.

    `directory` is the folder that it runs in, as the shell reader has it; `ignored` is why nobody sees it fail.
    """

    at: int
    directory: str | None
    script: Script | None = None
    path: str = ""
    what: str = ""
    ignored: str = ""


def inside_of(ran: Ran, origin: Origin, repository: Repository) -> Iterator[Contained]:
    """What the containers that a command starts run; nothing for one that starts none."""
    base = ran.name.rpartition("/")[2]
    tokens = ran.arguments
    if base in {"docker-compose", "podman-compose"}:
        yield from _compose(ran, tokens, 1, origin, repository)
        return
    index = past_options(tokens, 0, DOCKER_GLOBAL)
    words = [token.value for token in tokens[index : index + 2]]
    if words[:1] == ["compose"]:
        yield from _compose(ran, tokens[index + 1 :], index + 2, origin, repository)
    elif words[:1] in (["run"], ["exec"]) or words in (["container", "run"], ["container", "exec"]):
        index += 2 if words[:1] == ["container"] else 1
        yield from _plain(ran, tokens[index:], index + 1, exec_="exec" in words)


def _plain(ran: Ran, tokens: list[Token], shift: int, *, exec_: bool) -> Iterator[Contained]:
    """`docker run [options] IMAGE COMMAND`."""
    at = past_options(tokens, 0, RUN_VALUED)
    options = options_of(tokens[:at], RUN_VALUED)
    if at + 1 >= len(tokens):
        return
    workdir = options.last("-w", "--workdir")
    mounts = [_mount(value) for value in options.values("-v", "--volume", "--mount")]
    directory = ran.directory
    if workdir is not None and not exec_:
        directory = _mapped(workdir.value, [one for one in mounts if one is not None], ran.directory)
    detached = any(
        name in {"-d", "--detach"} or (name[:1] == "-" and name[1:2] != "-" and "d" in name) for name in options.named
    )
    yield Contained(shift + at + 1, directory, ignored=DETACHED if detached else "")


def _mount(value: str) -> tuple[str, str] | None:
    """The folder outside and the one inside of `a:b`, `type=bind,source=a,target=b`."""
    if "=" in value and "," in value:
        fields = dict(field.partition("=")[::2] for field in value.split(","))
        source, target = fields.get("source", fields.get("src")), fields.get("target", fields.get("dst"))
        return (source, target) if source and target else None
    source, colon, rest = value.partition(":")
    return (source, rest.partition(":")[0]) if colon and source.startswith((".", "/", "~")) else None


def _mapped(workdir: str | None, mounts: list[tuple[str, str]], outside: str | None) -> str | None:
    """The folder outside of a container that its working directory shows; None for one that is not known."""
    if workdir is None:
        return None
    for source, inner in sorted(mounts, key=lambda pair: -len(pair[1])):
        target = inner.rstrip("/")
        if workdir.rstrip("/") == target or workdir.startswith(f"{target}/"):
            home = moved(outside, source)
            rest = workdir[len(target) :].strip("/")
            return f"{home}/{rest}" if rest and home is not None else home
    return None


def built_by(ran: Ran, origin: Origin, repository: Repository) -> Iterator[tuple[str, str, str]]:
    """What `docker compose build`, and `up` before it starts anything, build: context, Dockerfile and target of each.

    The context is a folder of the repository, the Dockerfile a path in it.
    """
    base = ran.name.rpartition("/")[2]
    tokens = ran.arguments
    if base not in {"docker-compose", "podman-compose"}:
        index = past_options(tokens, 0, DOCKER_GLOBAL)
        if index >= len(tokens) or tokens[index].value != "compose":
            return
        tokens = tokens[index + 1 :]
    index = past_options(tokens, 0, COMPOSE_GLOBAL)
    action = tokens[index].value if index < len(tokens) else None
    if action not in {"build", "up"}:
        return
    options = options_of(tokens[index + 1 :], _UP_VALUED | _BUILD_VALUED)
    if "--no-build" in options.named:
        return
    files = _Files(ran, options_of(tokens[:index], COMPOSE_GLOBAL), origin, repository)
    for name in [token.value for token in options.operands if token.value] or dict.fromkeys(files.names()):
        found = files.image(name)
        if found is not None:
            yield found


def _compose(ran: Ran, tokens: list[Token], shift: int, origin: Origin, repository: Repository) -> Iterator[Contained]:
    index = past_options(tokens, 0, COMPOSE_GLOBAL)
    general = options_of(tokens[:index], COMPOSE_GLOBAL)
    action = tokens[index].value if index < len(tokens) else None
    rest = tokens[index + 1 :]
    files = _Files(ran, general, origin, repository)
    if action in {"run", "exec"}:
        at = past_options(rest, 0, RUN_VALUED)
        name = rest[at].value if at < len(rest) else None
        service = files.service(name)
        directory = (
            ran.directory
            if service is None
            else files.directory(service, options_of(rest[:at], RUN_VALUED).last("-w", "--workdir"))
        )
        if at + 1 < len(rest):
            yield Contained(shift + index + 1 + at + 1, directory)
        elif service is not None and action == "run":
            yield from files.own(service, directory, "")
    elif action == "wait":
        # It ends with the status of the service, which `up -d` has started: what runs there is heeded after all.
        for name in [token.value for token in rest if token.value and not token.value.startswith("-")]:
            service = files.service(name)
            if service is not None:
                yield from files.own(service, files.directory(service, None), "")
    elif action == "up":
        options = options_of(rest, _UP_VALUED)
        heeded = set(options.values("--exit-code-from"))
        # The first service that ends, or that fails, says how the command ends [pkg/compose/printer.go of Compose 2].
        failing = "--abort-on-container-failure" in options.named
        failing = failing or (not heeded and "--abort-on-container-exit" in options.named)
        for name in [token.value for token in options.operands if token.value] or files.names():
            service = files.service(name)
            if service is not None:
                ignored = "" if name in heeded or failing else "`docker compose up`, which heeds no service's status,"
                yield from files.own(service, files.directory(service, None), ignored)


class _Service(NamedTuple):
    name: str
    node: Node
    path: str


class _Files:
    """The compose files that a command uses, by its `general` options."""

    def __init__(self, ran: Ran, general: Options, origin: Origin, repository: Repository) -> None:
        self._repository = repository
        self._origin = origin
        known = [*general.values("-f", "--file")]
        project = general.last("--project-directory")
        if not known:
            base = ran.directory if project is None else moved(ran.directory, project.value)
            dotenvs = [moved(ran.directory, name) for name in general.values("--env-file")] or [moved(base, ".env")]
            from fr_check.runs.env_files import given  # noqa: PLC0415 - few commands name files of variables

            read, _ = given(repository, tuple(Loaded(path, "loads") for path in dotenvs), origin)
            known = [*files_of_variable({**read, **origin.environment, **ran.environment})]
        places = [moved(ran.directory, name) for name in known or _NAMES]
        paths = [origin.checkouts.path(place)[0] for place in places if place is not None]
        texts = [repository.read(path) for path in paths if path is not None]
        found = [text for text in texts if isinstance(text, Text)]
        self._roots = [(text.path, text.parsed(yaml_tree.parse).root) for text in (found if known else found[:1])]
        # The paths of all files count from one folder.
        first = posixpath.dirname(self._roots[0][0]) if self._roots else ""
        named = None if project is None else origin.checkouts.path(moved(ran.directory, project.value) or "")[0]
        self._home = first if named is None else named

    def names(self) -> list[str]:
        """All services."""
        return [name for _, root in self._roots for name in yaml_tree.entries(get(root, "services"))]

    def service(self, name: str | None) -> _Service | None:
        """The last description of a service that says what it runs or is made of."""
        nodes = [(path, get(root, "services", name or "")) for path, root in self._roots]
        found = [_Service(name or "", node, path) for path, node in nodes if node is not None]
        telling = [one for one in found if get(one.node, "command") is not None]
        return next(reversed(telling or found), None)

    def directory(self, service: _Service, chosen: Token | None) -> str | None:
        """The folder that a service runs in, as one of the repository."""
        home = self._home
        written = chosen.value if chosen is not None else string(get(service.node, "working_dir"))
        context, image = self._image(service, home)
        workdir = written or image
        mounts = [found for item in items(get(service.node, "volumes")) if (found := _volume(item)) is not None]
        for source, target in sorted(mounts, key=lambda pair: -len(pair[1])):
            if workdir is not None and f"{workdir}/".startswith(f"{target.rstrip('/')}/"):
                return _placed(inside(home, posixpath.join(source, workdir[len(target) :].strip("/"))))
        if context is not None and (written is None or written.rstrip("/") == image):
            return _placed(context)
        return (
            None
            if written is not None and not mounts and context is None
            else _placed(context if context is not None else home)
        )

    def image(self, name: str) -> tuple[str, str, str] | None:
        """The context, the Dockerfile and the target that a service is built from, where they are known."""
        nodes = [get(root, "services", name, "build") for _, root in self._roots]
        build = next((node for node in reversed(nodes) if node is not None), None)
        written = string(build) if isinstance(build, Scalar) else string(get(build, "context")) or "."
        file, target = string(get(build, "dockerfile")) or "Dockerfile", string(get(build, "target")) or ""
        if build is None or written is None or "$" in f"{written}{file}{target}":
            return None
        context = inside(self._home, written)
        path = None if context is None else inside(context, file)
        return None if context is None or path is None else (context, path, target)

    def _image(self, service: _Service, home: str) -> tuple[str | None, str | None]:
        """The context that a service's image is built from, and the last WORKDIR of its Dockerfile."""
        build = get(service.node, "build")
        written = (
            string(build) if isinstance(build, Scalar) else string(get(build, "context")) or ("." if build else None)
        )
        context = None if written is None or "$" in written else inside(home, written)
        if context is None:
            return None, None
        path = inside(context, string(get(build, "dockerfile")) or "Dockerfile")
        text = None if path is None else self._repository.read(path)
        if not isinstance(text, Text):
            return context, None
        from fr_check.sources import dockerfile  # noqa: PLC0415 - few containers that steps start are built here

        found = None
        for instruction in dockerfile.parse(text).instructions:
            if instruction.keyword == "WORKDIR":
                found = posixpath.join(found or "/", instruction.arguments.strip().strip('"'))
        return context, found

    def own(self, service: _Service, directory: str | None, ignored: str) -> Iterator[Contained]:
        """The command that a compose file gives a service."""
        script = commanded(get(service.node, "command"), None)
        if script is not None:
            yield Contained(
                -1, directory, script, service.path, f"command of service `{service.name}` in `{service.path}`", ignored
            )


def _volume(node: Node) -> tuple[str, str] | None:
    written = string(node)
    if written is not None:
        found = _mount(written)
        return found if found is not None and "$" not in found[0] else None
    source, target = string(get(node, "source")), string(get(node, "target"))
    return (source, target) if source is not None and target is not None and source.startswith(".") else None


def _placed(folder: str | None) -> str | None:
    return None if folder is None else folder or "."
