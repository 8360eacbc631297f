"""Where an image builds a frontend: the step at which public variables have to be present."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources import build_command, dockerfile
from fr_check.sources.build_command import RunBuild
from fr_check.sources.dockerfile import Standing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontends import Frontend
    from fr_check.builds.images import Image
    from fr_check.core.model import Location
    from fr_check.sources.dockerfile import Declaration


_NEAREST = ("later", "onbuild", "other-stage", "global")


def _kind(declaration: Declaration, stage: int) -> str:
    """Why a declaration is not seen in a stage, in the words of `Standing`."""
    if declaration.place == "global":
        return "global"
    if declaration.stage != stage:
        return "other-stage"
    return "onbuild" if declaration.place == "onbuild" else "later"


class Bake(NamedTuple):
    """A step of an image that builds a frontend, or may."""

    image: Image
    frontend: Frontend
    step: RunBuild

    @property
    def certain(self) -> bool:
        """Whether the step does build the frontend; otherwise it may."""
        return self.step.command.answer == build_command.YES

    @property
    def stage(self) -> int:
        """The number of its stage."""
        return self.step.instruction.stage

    @property
    def stage_label(self) -> str:
        """What to call its stage: its name, else its position."""
        return self.image.dockerfile.stages[self.stage].label

    @property
    def location(self) -> Location:
        """Where the command stands."""
        return self.image.at(self.step.span)

    def standing(self, name: str) -> Standing:
        """How a name stands at the step; `ENV X=$X` without an ARG in sight sets nothing, and counts as missing."""
        found = self.image.scopes.standing(name, self.stage, self.step.instruction)
        if found.kind != "bound" or found.binding is None:
            return found
        references = dockerfile.references(found.binding.definition.parts)
        empty = any(reference.name == name and not reference.operand for reference in references)
        return self._missing(name) if empty else found

    def _missing(self, name: str) -> Standing:
        declared = self.image.declarations(name)
        kinds = [_kind(declaration, self.stage) for declaration in declared]
        ranked = sorted(zip(kinds, declared, strict=True), key=lambda pair: _NEAREST.index(pair[0]))
        return Standing(ranked[0][0] if ranked else "absent", None, tuple(found for _, found in ranked))

    def sets(self, name: str) -> str:
        """How the Dockerfile itself gives a variable its value, without an ARG; empty where it does not."""
        command = self.step.command
        kind = self.standing(name).kind
        found = ""
        if kind == "mounted":
            found = "a secret mount of the step sets it"
        elif kind == "bound":
            found = "an ENV sets it, and no build can change it"
        elif name in command.given:
            found = "the step itself sets it"
        elif command.env_files or command.sourced:
            found = "the step brings a file of variables"
        elif any(f"{name}=" in body for body in self._written()):
            found = "a here-document writes it to a file of variables"
        return found

    def _written(self) -> Iterator[str]:
        """The files of variables that COPY writes from here-documents before the step."""
        for instruction in self.image.env_files(self.stage):
            if instruction.number < self.step.instruction.number:
                yield from (heredoc.body for heredoc in instruction.heredocs)


def find(image: Image, frontend: Frontend, prefixes: tuple[str, ...]) -> Iterator[Bake]:
    """Every step of an image that builds the frontend, or may."""
    steps = build_command.in_dockerfile(image.dockerfile, image.text, prefixes=prefixes, scripts=frontend.scripts)
    for step in (*steps, *_triggered(image, frontend, prefixes)):
        if step.instruction.stage >= 0:
            yield Bake(image, frontend, step)


def _triggered(image: Image, frontend: Frontend, prefixes: tuple[str, ...]) -> Iterator[RunBuild]:
    """Builds that ONBUILD holds, where another stage of the file sets them off: what that sees is not followed."""
    parents = {base.stage for base in image.graph.bases}
    for instruction in image.dockerfile.instructions:
        trigger = instruction.trigger
        if trigger is None or trigger.keyword != "RUN" or instruction.stage not in parents:
            continue
        for command in build_command.in_run(trigger, prefixes=prefixes, scripts=frontend.scripts):
            reason = "ONBUILD runs it in the stages built on this one"
            told = command._replace(answer=build_command.UNKNOWN, reason=reason)
            yield RunBuild(instruction, told, image.text.span(command.start, command.end))
