"""Who is given the variable because it runs what reads it: services, images, builds."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.variables.container import Container
from fr_check.variables.places import BIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Location
    from fr_check.core.text import Text
    from fr_check.fixes.renaming.task import Renaming
    from fr_check.variables.services import ServiceProcess


class Place(NamedTuple):
    """Where somebody is given a variable; `ours` says whether it runs what reads it, `who` names it.

    `beside` names another one that is given it by the same line, through an anchor, and is not known to read it.
    `image`: it is an argument of an image's build, which declares it under this name. `covered`: something that comes
    later sets it, too, under this name.
    """

    ours: bool
    who: str
    beside: str = ""
    image: bool = False
    covered: bool = False


class Owners:
    """What the flow of variables says of one renaming; asked when the code is done with."""

    def __init__(self, task: Renaming) -> None:
        self.task = task
        self.repository = task.repository
        self.flow = task.backend.flow
        self.code = frozenset((*task.code, *self._renamed()))

    def _renamed(self) -> Iterator[str]:
        """The files that an earlier run gave the new name, and that read it."""
        for app in self.task.apps if self.task.resumed else ():
            yield from (setting.location.path for setting in app.takers(self.task.new))
            yield from (read.location.path for read in app.reads if read.key == self.task.new)

    @cached_property
    def services(self) -> tuple[tuple[ServiceProcess, bool], ...]:
        """Every service, and whether it runs what reads the variable."""
        found = self.flow.services if self.flow is not None else ()
        return tuple((one, self.runs(one)) for one in found)

    def runs(self, service: ServiceProcess) -> bool:
        """Whether a service runs a program, a page or a file that reads the variable."""
        reads = (reader for program in service.process.programs
                  for name in self.task.names for reader in program.reads(name))  # fmt: skip
        if any(self.task.within(reader.location.path) for reader in reads if reader.location is not None):
            return True
        bound = [one.source for one in service.places.bounds if one.kind == BIND and one.source is not None]
        if any(
            path == folder or path.startswith(f"{folder}/") or folder == "." for folder in bound for path in self.code
        ):
            return True
        return any(self._holds(container) for container in service.joined.containers)

    def _holds(self, container: Container) -> bool:
        """Whether an image has a file that reads the variable, or was built from one."""
        stages = range(len(container.image.dockerfile.stages))
        every = [container]
        every += [_of_stage(container, number) for number in stages if number != container.stage]
        return any(True for one in every for path in self.code for _ in one.places(path))

    @cached_property
    def images(self) -> frozenset[str]:
        """The Dockerfiles, by `Build.key`, whose image reads the variable."""
        found = set()
        pages = {
            bake.image.key
            for bake in self.task.frontend.all_bakes
            # What a public name is for, is a page, before any page reads it.
            if any(name in bake.frontend.reads or name.startswith(bake.frontend.prefixes) for name in self.task.names)
            and self.task.within(f"{bake.frontend.path}/.")
        }
        for key, image in self.task.frontend.images.found.items():
            if not image.judged:
                continue
            contexts = {one.context for one in self.task.frontend.builds if one.key == key and one.context is not None}
            folder = image.path.rpartition("/")[0]
            containers = [Container(image, None, context, self.repository) for context in contexts or {folder}]
            if key in pages or any(self._holds(container) for container in containers):
                found.add(key)
        return frozenset(found)

    @cached_property
    def arguments_are_ours(self) -> bool:
        """Whether every image that has the variable as an argument reads it: then so does whatever passes it."""
        images = self.task.frontend.images.found
        declaring = {key for key, image in images.items() if any(image.declarations(name) for name in self.task.names)}
        return bool(declaring) and declaring <= self.images

    @cached_property
    def given(self) -> dict[tuple[str, int], Place]:
        """(path, offset of the name) -> who is given the variable there."""
        found: dict[tuple[str, int], Place] = {}
        for one, ours in self.services:
            entry = one.service.environment.get(self.task.old)
            if entry is not None and self.task.keep and self.task.new in one.service.environment:
                # Both are passed, as an earlier renaming left them.
                text = self.task.text(entry.location.path)
                if text is not None:
                    self.task.settle(text, *_offsets(text, entry.location))
            elif entry is not None:
                self._add(found, entry.location, Place(ours, one.process.what, covered=self._is_covered(one)))
        for build in self.task.frontend.builds:
            passed = build.passed.get(self.task.old)
            if passed is not None:
                self._add(found, passed.location, Place(build.key in self.images, build.what, image=True))
        for run in self.flow.runs if self.flow is not None else ():
            entry = run.given.get(self.task.old)
            if entry is not None:
                self._add(found, entry.location, Place(self.runs(run.service), run.service.process.what))
        return found

    def _add(self, found: dict[tuple[str, int], Place], location: Location, place: Place) -> None:
        text = self.task.text(location.path)
        if text is None or location.span is None:
            return
        start = text.offset(location.span.line, location.span.column)
        # The place may be that of a list's item, with its quotes, or of what merges the entry from elsewhere.
        start = text.string.find(self.task.old, start, text.offset(location.span.end_line, location.span.end_column))
        if start < 0:
            return
        known = found.setdefault((location.path, start), place)
        if known.ours != place.ours:
            ours, other = (known, place) if known.ours else (place, known)
            known = found[location.path, start] = ours._replace(beside=other.who)
        if place.covered and not known.covered:
            found[location.path, start] = known._replace(covered=True)

    def _is_covered(self, service: ServiceProcess) -> bool:
        """Whether a file that its command sources sets the variable over what the compose file gives."""
        layers = service.process.layers
        own = next((number for number, layer in enumerate(layers) if layer.kind == "environment"), len(layers))
        return any(self.task.old in layer.entries or layer.open is not None for layer in layers[own + 1 :])

    def named(self, path: str, names: Iterable[str]) -> Place | None:
        """The services of a file with these names, as one place; None without any."""
        found = [Place(ours, one.process.what) for one, ours in self.services
                 if one.process.of == path and one.service.name in names]  # fmt: skip
        ours = next((one for one in found if one.ours), None)
        other = next((one for one in found if not one.ours), None)
        return ours._replace(beside=other.who) if ours and other else ours or other

    def is_handed(self, path: str) -> bool:
        """Whether a service is handed a file of variables."""
        return bool(self._users(path))

    def env_file_is_ours(self, path: str) -> bool:
        """Whether whoever is handed a file of variables reads this one; true where nobody is known to be."""
        users = self._users(path)
        return any(users) or not users

    def _users(self, path: str) -> list[bool]:
        return [ours for one, ours in self.services for layer in one.process.layers
                if any(entry.location.path == path for entry in layer.entries.values())]  # fmt: skip


def _offsets(text: Text, location: Location) -> tuple[int, int]:
    """The offsets of a place, to the end of its line."""
    line = location.span.line if location.span else 1
    return text.offset(line), text.offset(line) + len(text.line(line))


def _of_stage(container: Container, number: int) -> Container:
    other = Container(container.image, None, container.context, container.repository)
    other.stage = number
    return other
