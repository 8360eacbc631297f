"""What dockerfile-args reads, and names that nothing reads."""

from __future__ import annotations

import posixpath

from fr_check.core.model import Note
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.collected import ComposeSets, WorkflowBuilds
    from fr_check.builds.frontend import Frontends
    from fr_check.builds.images import Images
    from fr_check.builds.model import BakeBuilds, Build
    from fr_check.core.model import Location, Skipped, Unknown


class Documentation(NamedTuple):
    """Keys of the example files with their places, file by file.

    `commented` are keys in comments (`# KEY=`), and `valued` those of them with a value; `known` says whether all files
    could be read.
    """

    files: dict[str, dict[str, Location]]
    commented: dict[str, Location]
    known: bool
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    valued: frozenset[str] = frozenset()

    def of(self, folder: str, folders: frozenset[str]) -> dict[str, dict[str, Location]]:
        """The files that speak to a frontend: not those in the folder of another one."""
        others = folders - {folder, ""}
        return {path: keys for path, keys in self.files.items() if posixpath.dirname(path) not in others}

    @property
    def keys(self) -> dict[str, Location]:
        """Every key of every file, with its first place."""
        return {name: place for keys in reversed(self.files.values()) for name, place in keys.items()}


class Orphan(NamedTuple):
    """A variable and its places, the one to start with first: what each is, and where."""

    name: str
    places: tuple[tuple[str, Location], ...]

    @property
    def notes(self) -> list[Note]:
        """The other places."""
        return [Note(f"{what} here, too", location) for what, location in self.places[1:]]


class Read(NamedTuple):
    """Everything that was read from the repository."""

    workflows: WorkflowBuilds
    composes: ComposeSets
    baked: BakeBuilds
    builds: tuple[Build, ...]
    images: Images
    frontends: Frontends
    documented: Documentation
