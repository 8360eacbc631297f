"""What stands at a path of a service's container: mounts before the image, as the engine has it."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.build_context import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import Mount, Service
    from fr_check.sources.compose.project import Project
    from fr_check.variables.container import Container

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
        self, project: Project, service: Service, containers: tuple[Container, ...], repository: Repository
    ) -> None:
        self.service = service
        self.containers = containers
        self.repository = repository
        self.bounds = tuple(_bound(mount, project.directory) for mount in service.volumes)

    @property
    def key(self) -> tuple[object, ...]:
        """What the file system is made of: the same for services with the same image and mounts."""
        images = tuple((id(one.image), one.stage, one.context) for one in self.containers)
        return (images, tuple((bound.kind, bound.source, bound.target) for bound in self.bounds))

    def covering(self, path: str) -> Bound | None:
        """The innermost mount that a path of the container lies in."""
        found = [bound for bound in self.bounds if _within(path, bound.target)]
        return max(found, key=lambda bound: len(bound.target), default=None)

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
        for container in self.containers:
            name = posixpath.basename(path)
            for folder in _folders(container, name):
                host = posixpath.normpath(posixpath.join(folder, name))
                for place, copy in container.places(host):
                    if place == path:
                        yield Route(IMAGE, host, container.image.at(copy.instruction.span))


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
