"""What was read of a repository's builds, as its readers hand it on."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.model import BakeFiles, BakeSet, Build, ComposeCommand, FileSet
    from fr_check.core.model import Location, Skipped, Unknown
    from fr_check.sources.compose.model import ComposeFile
    from fr_check.sources.compose.project import Project
    from fr_check.sources.workflow import Workflow


class LeadsTo(NamedTuple):
    """A file that builds images, and where it is called."""

    path: str
    location: Location


class WorkflowBuilds(NamedTuple):
    """What workflows say, and the scripts that they call. `files` are those read, by path.

    `sets` are the compose files that steps use together, `commands` those that build services of them; `unfollowed` are
    calls that lead to a build which was not read.
    """

    builds: tuple[Build, ...]
    sets: tuple[FileSet, ...]
    commands: tuple[ComposeCommand, ...]
    bake_sets: tuple[BakeSet, ...]
    bake_files: tuple[BakeFiles, ...]
    files: dict[str, Workflow]
    unfollowed: tuple[LeadsTo, ...]
    unknowns: tuple[Unknown, ...]


class Lacking(NamedTuple):
    """A compose file that is named and not in the repository, and where it is named, if that is known."""

    path: str
    location: Location | None


class ComposeSets(NamedTuple):
    """The projects that compose files make, and `files`, every one read, by path.

    `defaults` are the files that Compose finds by itself, by folder; `started` are those, and the files that commands,
    tasks and variables of the repository name.
    """

    projects: tuple[Project, ...]
    files: dict[str, ComposeFile]
    defaults: dict[str, tuple[str, ...]]
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    lacking: tuple[Lacking, ...] = ()
    started: frozenset[str] = frozenset()
