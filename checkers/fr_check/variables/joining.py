"""Which image a service runs, and which programs of the repository that is."""

from __future__ import annotations

import posixpath

from fr_check.builds import compose as compose_builds
from fr_check.builds import tags
from fr_check.core.record import NamedTuple
from fr_check.variables.container import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.builds.images import Images
    from fr_check.builds.model import Build
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project


class Joined(NamedTuple):
    """The images that a service may run, each with the build that makes it.

    `certain` is False where a name is only likely the same; `why` says what is not known.
    """

    containers: tuple[Container, ...]
    builds: tuple[Build, ...]
    certain: bool
    why: str = ""


class Join:
    """Finds the image of a service among those that are built here."""

    def __init__(self, repository: Repository, images: Images, builds: Iterable[Build]) -> None:
        self.repository = repository
        self.images = images
        self.builds = tuple(builds)
        self._of_name: dict[str, tuple[list[Build], list[Build]]] = {}
        self.own = tags.own_name(repository)
        self._own: dict[int, tuple[Project, dict[str, list[Build]]]] = {}

    def of(self, project: Project, service: Service) -> Joined:
        """A service's own build, else every build whose image has the name that it runs."""
        own = self._built(project).get(service.name, [])
        if own:
            found = self._containers(own)
            return Joined(found, tuple(own), certain=bool(found), why="" if found else own[0].gap or "its Dockerfile")
        if service.image is None:
            return Joined((), (), certain=False, why="it has no image")
        run = tags.of_compose(service.image.value)
        certain, likely = self._named(run)
        chosen = certain or likely
        containers = self._containers(chosen)
        return Joined(containers, tuple(chosen), certain=bool(certain) and bool(containers), why="" if certain else run)

    def _named(self, run: str) -> tuple[list[Build], list[Build]]:
        """The builds of an image, certain and likely ones: many services run the same."""
        if run not in self._of_name:
            verdicts = [(build, max_same(run, build, self.own)) for build in self.builds if build.tags]
            certain = [build for build, same in verdicts if same]
            self._of_name[run] = (certain, [build for build, same in verdicts if same is None])
        return self._of_name[run]

    def _built(self, project: Project) -> dict[str, list[Build]]:
        """The builds of a project by service, read once: there may be many services."""
        if id(project) not in self._own:
            found: dict[str, list[Build]] = {}
            for build in compose_builds.builds(project):
                found.setdefault(build.service, []).append(build)
            # The project is kept with them: its identity is the key.
            self._own[id(project)] = (project, found)
        return self._own[id(project)][1]

    def _containers(self, builds: list[Build]) -> tuple[Container, ...]:
        found: dict[tuple[object, ...], Container] = {}
        for build in builds:
            image = self.images.found.get(build.key)
            if image is not None and image.judged:
                context = build.context if build.context is not None else posixpath.dirname(build.path)
                key = (build.key, build.target, context)
                found.setdefault(key, Container(image, build.target, context, self.repository))
        return tuple(found.values())


def max_same(run: str, build: Build, own: str) -> bool | None:
    """The best verdict over all names of a build; `own` is the repository's own name."""
    verdicts = [tags.same(run, name, own) for name in build.tags]
    if any(verdicts):
        return True
    return None if None in verdicts else False
