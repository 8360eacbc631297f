"""One step of an image that builds a frontend, and how a variable gets its value there."""

from __future__ import annotations

import posixpath

from fr_check.builds.image_files import located
from fr_check.core.record import NamedTuple
from fr_check.sources import dockerfile
from fr_check.sources.build_tools import YES
from fr_check.sources.dockerfile.scope import unseen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.builds.frontend import Frontend
    from fr_check.builds.image_files import Copied, Tree
    from fr_check.builds.images import Image
    from fr_check.core.model import Location, Span
    from fr_check.runs.changes import Change
    from fr_check.sources.build_tools import Answer
    from fr_check.sources.dockerfile import ArgVisibility, Instruction
    from fr_check.sources.env_write import EnvWrite


class Place(NamedTuple):
    """A folder: in the image, and in the repository; None where not known."""

    image: str | None
    repository: str | None

    def moved(self, folder: str | None) -> Place:
        """Where a `cd` leads to, as far as it stays below; the repository's folder is to be looked up."""
        if folder is None:
            return Place(None, None)
        image = None if self.image is None else posixpath.normpath(posixpath.join(self.image, folder))
        if folder.startswith("/"):
            return Place(posixpath.normpath(folder), None)
        found = None if self.repository is None else posixpath.normpath(posixpath.join(self.repository, folder))
        return Place(image, None if found is None or found.startswith("..") else "" if found == "." else found)


def file_at(place: Place, written: str, found: tuple[Copied, ...], tree: Tree) -> str | None:
    """The file of the repository that a path stands for at a place; `found` is what was copied into the image."""
    if place.image is not None or written.startswith("/"):
        copied = located(posixpath.normpath(posixpath.join(place.image or "/", written)), found, tree)
        if copied is not None and copied.file and copied.there:
            return copied.source
    if place.repository is None or written.startswith("/"):
        return None
    path = posixpath.normpath(posixpath.join(place.repository, written))
    return path if tree.is_file(path) else None


class Hit(NamedTuple):
    """A frontend that a command builds (`answer` YES), or may (UNKNOWN, with a `reason`), and what it is given.

    `changes` are those of its environment, where one of them takes a variable away.
    """

    frontend: Frontend
    answer: Answer
    reason: str
    mode: str
    place: Place
    given: Mapping[str, str | None]
    files: tuple[tuple[Place, EnvWrite], ...]
    changes: tuple[Change, ...] = ()


class Value(NamedTuple):
    """How a variable gets its value, in words; not `sure` where a file that is not known may set it.

    `arguments` are the build arguments that it is made of, where an ENV sets it; `fixed` where no build changes it.
    """

    how: str
    sure: bool = True
    arguments: frozenset[str] = frozenset()
    fixed: bool = False


class Taken(NamedTuple):
    """What a step takes a variable away with, and what to do about it, in words."""

    how: str
    help: str


class Bake(NamedTuple):
    """A step of an image that builds a frontend, or may; `found` is what of the repository stands in the image."""

    image: Image
    instruction: Instruction
    span: Span
    hit: Hit
    context: str
    found: tuple[Copied, ...]

    @property
    def frontend(self) -> Frontend:
        """What it builds."""
        return self.hit.frontend

    @property
    def certain(self) -> bool:
        """Whether the step does build the frontend; otherwise it may."""
        return self.hit.answer == YES

    @property
    def stage(self) -> int:
        """The number of its stage."""
        return self.instruction.stage

    @property
    def stage_label(self) -> str:
        """What to call its stage in a sentence."""
        return self.image.dockerfile.stages[self.stage].phrase

    @property
    def into(self) -> str:
        """What to call its stage where something is to be put into it."""
        return self.stage_label.removeprefix("stage ")

    @property
    def location(self) -> Location:
        """Where the command stands."""
        return self.image.at(self.span)

    def taken(self, name: str) -> Taken | None:
        """What the step does to take a variable away from the command that builds; None where it has it."""
        if not self.hit.changes or name in self.hit.given:
            return None
        from fr_check.runs import changes  # noqa: PLC0415 - few steps take anything away

        found = changes.taken(name, self.hit.changes)
        return None if found is None else Taken(changes.taking(found, name), changes.keeping(found, name))

    def standing(self, name: str) -> ArgVisibility:
        """How a name stands at the step; `ENV X=$X` without an ARG in sight sets nothing, and counts as missing.

        What the step takes away (`unset X`) is `taken` where an ARG of it is in sight, and `absent` elsewhere.
        """
        found = self.image.scopes.standing(name, self.stage, self.instruction)
        if found.kind in {"visible", "overridden", "bound", "mounted"} and self.taken(name) is not None:
            return found._replace(kind="taken" if found.kind in {"visible", "overridden"} else "absent")
        if found.kind != "bound" or found.binding is None:
            return found
        references = dockerfile.references(found.binding.definition.parts)
        empty = any(reference.name == name and not reference.operand for reference in references)
        return unseen(self.image.declarations(name), self.stage) if empty else found
