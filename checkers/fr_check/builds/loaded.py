"""Every build that a repository describes, read once a run: who needs them asks `context.once(load)`."""

from __future__ import annotations

from fr_check.builds import compose as compose_builds
from fr_check.builds import compose_sets, images, task_files
from fr_check.builds import workflows as workflow_builds
from fr_check.builds.model import BakeBuilds
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.collected import ComposeSets, WorkflowBuilds
    from fr_check.builds.images import Images
    from fr_check.builds.model import Build
    from fr_check.core.context import Context
    from fr_check.core.repository import Repository


class Loaded(NamedTuple):
    """What workflows and compose files build, and the Dockerfiles of it."""

    workflows: WorkflowBuilds
    composes: ComposeSets
    builds: tuple[Build, ...]
    images: Images


def workflows(context: Context) -> WorkflowBuilds:
    """What workflows build."""
    return context.repository.remembered(workflow_builds.load)


def composes(context: Context) -> ComposeSets:
    """The compose files that are used together."""
    return context.repository.remembered(_composes)


def baked(context: Context) -> BakeBuilds:
    """What bake files say, where there are any."""
    found, sets = context.once(workflows), context.once(composes)
    if not found.bake_files and not context.repository.select(_may_bake):
        return BakeBuilds()
    from fr_check.builds import bake_files  # noqa: PLC0415 - few repositories bake

    def services(folder: str) -> dict[str, Build]:
        projects = (project for project in sets.projects if project.files == sets.defaults.get(folder))
        return {build.service: build for project in projects for build in compose_builds.builds(project)}

    return bake_files.load(context.repository, found.bake_files, found.bake_sets, services)


def load(context: Context) -> Loaded:
    """All builds; bake files aside."""
    return context.repository.remembered(_load)


def _composes(repository: Repository) -> ComposeSets:
    named = repository.remembered(workflow_builds.load).sets
    return compose_sets.load(repository, (*named, *task_files.sets(repository)))


def _load(repository: Repository) -> Loaded:
    found, sets = repository.remembered(workflow_builds.load), repository.remembered(_composes)
    builds = (*(build for project in sets.projects for build in compose_builds.builds(project)), *found.builds)
    return Loaded(found, sets, builds, images.load(repository, builds))


def _may_bake(path: str) -> bool:
    return "docker-bake." in path
