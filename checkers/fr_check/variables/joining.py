"""Which image a service runs, and which programs of the repository that is."""

from __future__ import annotations

import posixpath

from fr_check.builds import compose as compose_builds
from fr_check.builds import tags
from fr_check.core.record import NamedTuple
from fr_check.sources.opaque import Opaque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.builds.images import Images
    from fr_check.builds.model import Build, Passed
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project
    from fr_check.variables.container import Container
    from fr_check.variables.model import Value


class Joined(NamedTuple):
    """The images that a service may run, each with the build that makes it.

    `certain` is False where a name is only likely the same; `why` says what is not known.
    """

    containers: tuple[Container, ...]
    builds: tuple[Build, ...]
    certain: bool
    why: str = ""


class Passing(NamedTuple):
    """The arguments that the builds of an image pass, by name; `unclear` are those of which that is not known."""

    values: Mapping[str, Value]
    unclear: frozenset[str]


class Join:
    """Finds the image of a service among those that are built here."""

    def __init__(
        self,
        repository: Repository,
        images: Images,
        builds: Iterable[Build],
        given: frozenset[str] = frozenset(),
        run: Iterable[str] = (),
    ) -> None:
        """Indexes what is built and run here.

        Args:
            repository: what is checked.
            images: its Dockerfiles.
            builds: everything that builds one.
            given: the arguments that commands pass when they build services: `docker compose build --build-arg`.
            run: the images that services name.
        """
        self._run = frozenset(run)
        self.repository = repository
        self._given = given
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
            verdicts = [(build, tags.same_as_any(run, build.tags, self.own, self._run)) for build in self.builds]
            certain = [build for build, same in verdicts if same]
            self._of_name[run] = (certain, [build for build, same in verdicts if same is None])
        return self._of_name[run]

    def only(self, builds: Iterable[Build]) -> Join:
        """The same among some of the builds."""
        return Join(self.repository, self.images, builds, run=self._run)

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
        from fr_check.variables.container import Container  # noqa: PLC0415 - few services run what is built here

        same: dict[tuple[str, str | None, str], list[Build]] = {}
        for build in builds:
            image = self.images.found.get(build.key)
            if image is not None and image.judged:
                context = build.context if build.context is not None else posixpath.dirname(build.path)
                same.setdefault((build.key, build.target, context), []).append(build)
        return tuple(
            Container(self.images.found[key], target, context, self.repository, _passing(several, self._given))
            for (key, target, context), several in same.items()
        )


def _passing(builds: list[Build], given: frozenset[str]) -> Passing | None:
    """What the builds of one image pass; None where further arguments may come from elsewhere."""
    if any(build.opaque is not None for build in builds):
        return None
    values: dict[str, Value] = {}
    unclear = set(given)
    for name in dict.fromkeys(name for build in builds for name in build.passed):
        found = [build.passed.get(name) for build in builds]
        first = found[0]
        value = None if first is None else _value(first)
        if value is None or any(other is None or other.value != first.value for other in found if first is not None):
            unclear.add(name)
        else:
            values[name] = value
    return Passing(values, frozenset(unclear))


def _value(passed: Passed) -> Value | None:
    """The value of an argument; None where only a run would know it."""
    if passed.value is None or passed.doubtful:
        return None
    from fr_check.variables.compose_entries import value_of  # noqa: PLC0415 - as above
    from fr_check.variables.model import Literal  # noqa: PLC0415

    if passed.variable is not None:
        return None if passed.variable.bare else value_of(passed.variable)
    return None if "$" in passed.value or not passed.value else Literal(Opaque(passed.value))
