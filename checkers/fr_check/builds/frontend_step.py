"""Where an image builds a frontend: the step at which public variables have to be present."""

from __future__ import annotations

import posixpath

from fr_check.builds import build_command
from fr_check.builds.build_command import UNKNOWN
from fr_check.builds.frontend_build import Bake, Place
from fr_check.builds.image_files import Copied, ImageFiles, guess_context, located
from fr_check.builds.model import NAME
from fr_check.builds.step_owner import StepOwner
from fr_check.core.model import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.builds.frontend import Frontend, Frontends
    from fr_check.builds.images import Image
    from fr_check.core.budget import Budget
    from fr_check.core.repository import Repository


class Steps:
    """The steps of images that build frontends."""

    def __init__(self, repository: Repository, frontends: Frontends) -> None:
        self._repository = repository
        self._frontends = frontends
        self._by_folder = {frontend.path: frontend for frontend in frontends.frontends}

    def of(self, image: Image, contexts: Iterable[str]) -> tuple[Bake, ...]:
        """Every step of an image that builds a frontend, or may, with the contexts that it is built with."""
        if not self._by_folder:
            return ()
        known = tuple(dict.fromkeys(contexts)) or (guess_context(image, self._frontends.tree),)
        found: dict[tuple[object, ...], Bake] = {}
        for context in known:
            for bake in self._with(image, context):
                key = (bake.span, bake.frontend.path)
                if key not in found or (bake.certain and not found[key].certain):
                    found[key] = bake
        return tuple(found.values())

    def _with(self, image: Image, context: str) -> Iterator[Bake]:
        files = ImageFiles(image, context, self._frontends.tree)
        parents = {base.stage for base in image.graph.bases}
        for instruction in image.dockerfile.instructions:
            trigger = instruction.trigger
            fires = trigger is not None and trigger.keyword == "RUN" and instruction.stage in parents
            run = trigger if fires and trigger is not None else instruction
            if run.keyword != "RUN" or instruction.stage < 0:
                continue
            commands = build_command.in_run(run)
            if not commands:
                continue
            copied = files.before(instruction)
            if files.budget.spent:
                self._tell(image, files.budget)
                return
            owner = self._by_place(image, context)
            held = self._held(image, context, copied) or ((owner,) if owner is not None and not copied else ())
            step = StepOwner(
                self._repository, self._frontends.workspace, self._frontends.tree, self._by_folder, copied, held
            )
            start = self._start(files.folder(instruction), copied, owner)
            for command in commands:
                for hit in step.of(command, start):
                    told = hit._replace(answer=UNKNOWN, reason="ONBUILD runs it in the stages built on this one")
                    span = image.text.span(command.start, command.end)
                    yield Bake(image, instruction, span, told if fires else hit, context, copied)

    def _tell(self, image: Image, budget: Budget) -> None:
        unknown = Unknown(NAME, budget.REASON, image.path, f"`{image.path}` {budget.spent}", budget.HELP)
        self._frontends.ignores.unknowns[unknown] = None

    def _start(self, folder: str | None, copied: tuple[Copied, ...], owner: Frontend | None) -> Place:
        """Where a RUN runs. Where nothing was copied to, a Dockerfile in a frontend's folder is that frontend's."""
        tree = self._frontends.tree
        if folder is not None:
            manifest = located(posixpath.join(folder, "package.json"), copied, tree)
            if manifest is not None and manifest.there:
                return Place(folder, posixpath.dirname(manifest.source))
            whole = located(folder, copied, tree)
            if whole is not None and not whole.file:
                return Place(folder, whole.source)
        return Place(folder, owner.path if owner is not None else None)

    def _by_place(self, image: Image, context: str) -> Frontend | None:
        """The frontend in whose folder a Dockerfile stands, or that is its context."""
        places = (posixpath.dirname(image.path), context)
        found = [
            frontend
            for path, frontend in self._by_folder.items()
            for place in places
            if place == path or (path == "" and place not in self._frontends.packages) or place.startswith(path + "/")
        ]
        return max(found, key=lambda frontend: len(frontend.path), default=None)

    def _held(self, image: Image, context: str, copied: tuple[Copied, ...]) -> tuple[Frontend, ...]:
        """The frontends whose sources stand in the image."""
        return tuple(f for f in self._by_folder.values() if any(self._reaches(c, f, image, context) for c in copied))

    def _reaches(self, copied: Copied, frontend: Frontend, image: Image, context: str) -> bool:
        path = frontend.path
        if copied.packages and path not in self._frontends.workspace.needed(copied.packages):
            return False
        inner = not copied.file and path != "" and copied.source.startswith(path + "/")
        around = not copied.file and (copied.source in {"", path} or path.startswith(copied.source + "/"))
        if not (inner or around):
            return False
        manifest = posixpath.join(path, "package.json")
        return self._frontends.ignores.excluding(image.path, context, manifest) is None
