"""What stands at a path of a service's container: mounts before the image, as the engine has it."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.reading import UNKNOWN, shell_of
from fr_check.sources.build_context import inside
from fr_check.variables.container import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import Mount, Service
    from fr_check.sources.compose.project import Project

_REDIRECTED = pattern(r">>?\|?[ \t]*[\"']?([\w./${}-]+)")
_WRITERS = pattern(
    r"\b(?:tee|cp|mv|ln|install|rsync|scp|curl|wget|touch|dd|sed|envsubst|python3?|aws|gcloud|gsutil|az|vault|op|sops"
    r"|doppler|infisical|dotenv|gomplate|confd|consul-template|openssl|base64|jq|yq|awk|perl|truncate)\b([^\n;|&]*)"
)
_PATH = pattern(r"[\w./${}-]+")

BIND, VOLUME, IMAGE, SECRET, CONFIG = "bind", "volume", "image", "secret", "config"


class Bound(NamedTuple):
    """A mount of a service: `source` is a path of the repository for a bind (None: elsewhere), else a volume's name."""

    kind: str
    source: str | None
    target: str
    location: Location


class Route(NamedTuple):
    """How a file gets to a path of a container: `path` is that of the repository (it need not be committed)."""

    kind: str
    path: str | None
    location: Location


class Places:
    """The file system of one service."""

    def __init__(
        self, bounds: tuple[Bound, ...], service: Service, containers: tuple[Container, ...], repository: Repository
    ) -> None:
        self.service = service
        self.containers = containers
        self.repository = repository
        # The scripts that run in it before a program does, once they are followed.
        self.scripts: tuple[str, ...] = ()
        self.bounds = bounds

    @classmethod
    def of(
        cls, project: Project, service: Service, containers: tuple[Container, ...], repository: Repository
    ) -> Places:
        """The file system of a service of a project."""
        bounds = tuple(_bound(mount, project.directory) for mount in service.volumes)
        return cls(bounds, service, containers, repository)

    @property
    def made_of(self) -> MadeOf:
        """What the file system is made of."""
        return MadeOf(self)

    @property
    def sh(self) -> str:
        """What `/bin/sh` is in the container, as `reading.shell_of` tells it."""
        if not self.containers:
            return shell_of(None if self.service.image is None else self.service.image.value)
        found = {one.sh for one in self.containers}
        return found.pop() if len(found) == 1 else UNKNOWN

    def covering(self, path: str) -> Bound | None:
        """The innermost mount that a path of the container lies in."""
        found = [bound for bound in self.bounds if _within(path, bound.target)]
        return max(found, key=lambda bound: len(bound.target), default=None)

    def holds(self, path: str) -> bool:
        """Whether a file of the repository is copied into the image, or mounted."""
        if any(next(container.places(path), None) is not None for container in self.containers):
            return True
        sources = (bound.source for bound in self.bounds if bound.kind == BIND)
        return any(source is not None and f"{path}/".startswith(f"{source}/" if source else "") for source in sources)

    def locate(self, path: str) -> str | None:
        """The file of the repository at a path; None where there is none, or it is not known."""
        bound = self.covering(path)
        if bound is not None:
            if bound.kind != BIND or bound.source is None:
                # A volume that was made of the image keeps what the image has.
                return self._in_image(path) if bound.kind == VOLUME else None
            found = inside(bound.source, posixpath.relpath(path, bound.target))
            return found if found is not None and self.repository.exists(found) else None
        return self._in_image(path)

    def _in_image(self, path: str) -> str | None:
        return next((found for each in self.containers if (found := each.locate(path)) is not None), None)

    def find(self, path: str) -> Text | None:
        """The text at a path."""
        located = self.locate(path)
        text = None if located is None else self.repository.read(located)
        return text if isinstance(text, Text) else None

    def routes(self, path: str) -> Iterator[Route]:
        """How a file of variables may come to a path, committed or not; nothing where it certainly cannot."""
        for kind, grants in ((SECRET, self.service.secrets), (CONFIG, self.service.configs)):
            for grant in grants:
                if grant.target == path:
                    yield Route(kind, None, grant.location)
        bound = self.covering(path)
        if bound is not None:
            inner = posixpath.relpath(path, bound.target)
            source = None
            if bound.kind == BIND and bound.source is not None:
                source = bound.source if inner == "." else inside(bound.source, inner)
            yield Route(bound.kind, source, bound.location)
            return
        name = posixpath.basename(path)
        # What a script or a RUN writes there is as good as elsewhere.
        if any(writes(text, name) for text in self.scripts):
            yield Route(IMAGE, None, self.service.key.location)
        for container in self.containers:
            yield from self._made(container, path)
            yield from _within_folders(container, path)
            for folder in _folders(container, name):
                host = posixpath.normpath(posixpath.join(folder, name))
                for place, copy in container.places(host):
                    if place == path:
                        yield Route(IMAGE, host, container.image.at(copy.instruction.span))

    @staticmethod
    def _made(container: Container, path: str) -> Iterator[Route]:
        """A file that has another name in the context, or that the build of the image itself makes."""
        name = posixpath.basename(path)
        for copy in container.copies(container.stage):
            if not copy.exact or copy.target != path or posixpath.basename(copy.source) == name:
                continue
            where = container.image.at(copy.instruction.span)
            source = posixpath.normpath(posixpath.join(container.context or ".", copy.source))
            if copy.stage is not None:
                yield Route(IMAGE, None, where)
            elif container.keeping_out(copy.source) is None:
                yield Route(IMAGE, source, where)
        # Of a here-document, an address, an image from elsewhere.
        followed = [copy.instruction for copy in container.copies(container.stage)]
        for instruction in container.image.dockerfile.instructions:
            bodies = " ".join(one.body for one in instruction.heredocs)
            made = instruction.keyword == "RUN" and writes(f"{instruction.arguments}\n{bodies}", name)
            copied = (
                instruction.keyword in {"COPY", "ADD"} and instruction not in followed and name in instruction.arguments
            )
            if made or copied:
                yield Route(IMAGE, None, container.image.at(instruction.span))


def writes(text: str, name: str) -> bool:
    """Whether a script may write a file of a name: by `>`, `tee`, a copy, or a program that is told to."""
    if name not in text:
        return False
    lines = text.replace("\\\n", " ")
    told = [found[1] for found in _REDIRECTED.finditer(lines)]
    told += [word for found in _WRITERS.finditer(lines) for word in _PATH.findall(found[1])]
    return any(word.rpartition("/")[2] == name for word in told)


def _within_folders(container: Container, path: str) -> Iterator[Route]:
    """A committed file in a folder of its own that is copied along; others are looked for by name."""
    found = container.locate(path)
    if found is not None and posixpath.dirname(path) != container.folder:
        copies = (copy for copy in container.copies(container.stage) if _within(path, copy.target))
        copy = next(copies, None)
        if copy is not None:
            yield Route(IMAGE, found, container.image.at(copy.instruction.span))


class MadeOf:
    """What a file system is made of, as a value: equal for services with the same image and mounts."""

    def __init__(self, places: Places) -> None:
        self._service, self._bounds = places.service, places.bounds
        self._containers = [one.kept for one in places.containers]
        self.texts = {one.image.text.path for one in places.containers}
        images = tuple((one.image, one.stage, one.context, *one.given) for one in places.containers)
        self._key = (images, places.sh, tuple((one.kind, one.source, one.target) for one in places.bounds))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MadeOf) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def of(self, repository: Repository) -> Places:
        """The file system, with the files of a repository."""
        containers = [Container.of(kept, repository) for kept in self._containers]
        return Places(self._bounds, self._service, tuple(containers), repository)


def _folders(container: Container, name: str) -> tuple[str, ...]:
    """The folders of the context that may hold a file of a name which is copied along with them."""
    sources = [copy.source for copy in container.copies(container.stage) if copy.stage is None]
    # A source of the file's own name is the file, in the folder that it stands in.
    whole = (source for source in sources if "*" not in source and posixpath.basename(source) != name)
    found = {"", *(posixpath.dirname(source) for source in sources), *whole}
    paths = (posixpath.normpath(posixpath.join(container.context or ".", each)) for each in sorted(found))
    # Nothing stands below a source that is a file.
    return tuple(path for path in dict.fromkeys(paths) if not container.repository.exists(path))


def _bound(mount: Mount, directory: str) -> Bound:
    folder = directory if mount.origin is None else mount.origin.directory
    if mount.type != BIND:
        return Bound(mount.type, mount.source, mount.target, mount.location)
    written = mount.source.replace("${PWD}", ".").replace("$PWD", ".")
    source = inside(folder, written) if folder is not None and "$" not in written else None
    return Bound(BIND, source, mount.target, mount.location)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
