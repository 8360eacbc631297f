"""What a container's shells do to its environment: files that they source, variables that they export.

Under `set -a` every name of a sourced file reaches what is started later, and beats what the service was given, empty
values too. Without it, only the names that were exported before change.
"""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.opaque import Opaque
from fr_check.variables import operations
from fr_check.variables.env_files import filling, is_env_name
from fr_check.variables.model import (
    FILL,
    FILL_EMPTY,
    OVER,
    REMOVE,
    Absent,
    Computed,
    Entry,
    FromSecret,
    Layer,
    Literal,
    Open,
    Removed,
    Step,
    fold,
)
from fr_check.variables.places import VOLUME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.model import Location
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.gotemplate.template import Key
    from fr_check.variables.model import ComposeHost, Mode, Value
    from fr_check.variables.operations import Operation
    from fr_check.variables.places import Bound, Places
    from fr_check.variables.services import Reading
    from fr_check.variables.templates import Rendered


class Sourced(NamedTuple):
    """One file that a shell sources. `rendered` is what it is, where an agent renders it; `exported`: under `set -a`.

    `elsewhere` is where the rendered file stands in this service, when it does not stand where it is looked for;
    `missing`: nothing brings it there, and `renders` is a file of that name that an agent of the project renders.
    `lost` are names of the file that never reach what is started.
    """

    path: str
    location: Location
    rendered: Rendered | None
    exported: bool
    elsewhere: str = ""
    missing: bool = False
    renders: Rendered | None = None
    lost: tuple[str, ...] = ()


class Sourcing:
    """Turns the operations of a start into layers, and keeps what was sourced."""

    def __init__(
        self,
        project: Project,
        service: Service,
        places: Places,
        reading: Reading,
        below: tuple[Layer, ...],
        compose_host: ComposeHost,
    ) -> None:
        self.project = project
        self.service = service
        self.places = places
        self.reading = reading
        self.below = below
        self.compose_host = compose_host
        self.sourced: list[Sourced] = []

    def layers(self, given: Iterable[Operation]) -> list[Layer]:
        """The layers that operations add, in their order."""
        made: list[Layer] = []
        for operation in given:
            layer = self._layer(operation, (*self.below, *made))
            if layer is not None:
                made.append(layer)
        return made

    def _layer(self, operation: Operation, below: tuple[Layer, ...]) -> Layer | None:
        kind, where = operation.kind, operation.location
        if kind in {operations.SOURCE, operations.IMPORT, operations.FILE}:
            return self._file(operation, below)
        if kind == operations.OPENED:
            opened = Open(operation.name, f"what `{operation.name}` sets is only known at run time", where)
            return Layer("shell", "the shell", {}, where, opened)
        name = operation.name
        seen = (
            operation.exported
            or kind not in {operations.SHELL_SET, operations.FILL}
            or _exported(name, below, self.compose_host)
        )
        if kind == operations.EXPORT or not seen:
            return None
        value: Value = Computed(f"${name}") if operation.value is None else Literal(Opaque(operation.value))
        mode: Mode = FILL_EMPTY if kind == operations.FILL else REMOVE if kind == operations.UNSET else OVER
        return Layer("shell", "the shell", {name: Entry(name, value, where, mode)}, where)

    def _file(self, operation: Operation, below: tuple[Layer, ...]) -> Layer | None:
        where, shown = operation.location, operation.shown
        if not operation.name:
            return Layer("sourced", f"`{shown}`", {}, where, Open(shown, f"what `{shown}` reads is not known", where))
        path = operation.name
        if not path.startswith("/"):
            # `.` without a slash looks through PATH in POSIX, and bash then here.
            path = posixpath.normpath(posixpath.join(self.folder or "/", path))
        everything = operation.exported or operation.kind != operations.SOURCE
        layer, rendered = self._found(path, operation)
        if layer is None:
            return None
        lost: tuple[str, ...] = ()
        if not everything:
            kept = {
                name: entry
                for name, entry in layer.entries.items()
                if self._exports(entry.location) or _exported(name, below, self.compose_host)
            }
            lost = tuple(name for name in layer.entries if name not in kept)
            # A script that nobody sees may export what it sets; a file of variables does not.
            layer = layer._replace(entries=kept, open=None if is_env_name(path) else layer.open)
        if self.sourced and self.sourced[-1].path == path:
            self.sourced[-1] = self.sourced[-1]._replace(lost=lost)
        del rendered
        return filling(layer, "settings-file", FILL) if operation.kind == operations.FILE else layer

    def _exports(self, location: Location) -> bool:
        """Whether the line that sets a variable exports it."""
        text = self.reading.repository.read(location.path)
        if not isinstance(text, Text) or location.span is None:
            return False
        return text.line(location.span.line).lstrip().startswith("export ")

    @property
    def folder(self) -> str | None:
        """The working folder of the container."""
        own = self.service.working_dir
        if own is not None:
            return own.value
        return self.places.containers[0].folder if self.places.containers else None

    def _found(self, path: str, operation: Operation) -> tuple[Layer | None, Rendered | None]:
        """The file at a path of the container, as a layer; None where nothing stands there for certain."""
        where = operation.location
        bound = self.places.covering(path)
        rendered, elsewhere = self._rendered(path, bound)
        if rendered is not None:
            self._note(path, operation, rendered)
            return self._of(rendered, operation, bound), rendered
        if elsewhere:
            self._note(path, operation, None, elsewhere=elsewhere)
            return None, None
        located = self.places.locate(path)
        if located is not None:
            self._note(path, operation, None)
            return self.reading.files.layer(located, f"`{path}`", where)._replace(kind="sourced"), None
        alone = self._alone()
        if alone is not None and bound is None:
            self._note(path, operation, alone)
            return self._of(alone, operation, None), alone
        self._note(path, operation, None, missing=bound is None)
        host = next((route.path for route in self.places.routes(path) if route.path), None)
        if host is not None:
            return self.reading.files.layer(host, f"`{path}`", where)._replace(kind="sourced"), None
        opened = Open(
            path, f"what stands at `{path}` in service `{self.service.name}` is not in this repository", where
        )
        return Layer("sourced", f"`{operation.shown}`", {}, where, opened), None

    def _note(
        self,
        path: str,
        operation: Operation,
        rendered: Rendered | None,
        *,
        elsewhere: str = "",
        missing: bool = False,
    ) -> None:
        everything = operation.exported or operation.kind != operations.SOURCE
        alike = (f for f in self.reading.templates.of(self.project) if f.destination.endswith(posixpath.basename(path)))
        renders = next(alike, None) if missing else None
        self.sourced.append(Sourced(path, operation.location, rendered, everything, elsewhere, missing, renders))

    def _rendered(self, path: str, bound: Bound | None) -> tuple[Rendered | None, str]:
        """The rendered file at a path; or where the one that is meant stands in this service."""
        files = self.reading.templates.of(self.project)
        for found in files:
            if bound is not None and found.volume == (bound.source or "") and found.volume:
                inner = posixpath.relpath(path, bound.target)
                if inner == found.inner:
                    return found, ""
            if found.agent == self.service.name and found.destination == path:
                return found, ""
        for found in files:
            if posixpath.basename(found.destination) != posixpath.basename(path) or not found.volume:
                continue
            mounted = next((b for b in self.places.bounds if b.source == found.volume and b.kind == VOLUME), None)
            if mounted is not None:
                return None, posixpath.normpath(posixpath.join(mounted.target, found.inner))
        return None, ""

    def _alone(self) -> Rendered | None:
        """Without an agent: the only template of the only program, where this is the only file that is sourced."""
        if self.reading.templates.of(self.project):
            return None
        known = self.reading.templates.known
        if len(known) != 1:
            return None
        path, content = next(iter(known.items()))
        text = self.reading.repository.read(path)
        from fr_check.variables.templates import Rendered as Made  # noqa: PLC0415 - that imports nothing of this

        return Made(path, content, text, "", "", "", text.location(0, 0), "") if isinstance(text, Text) else None

    def _of(self, rendered: Rendered, operation: Operation, bound: Bound | None) -> Layer:
        """A rendered file as a layer, with the steps that its names take."""
        entries = {key.name: entry_of(key, rendered) for key in rendered.content.keys if not key.is_pattern}
        steps: list[Step] = []
        if rendered.destination:
            on = f", on volume `{rendered.volume}`" if rendered.volume else ""
            to = f"to {rendered.destination}{on}"
            steps.append(Step("rendered", to, to, rendered.location))
        if bound is not None:
            steps.append(
                Step("mounted", f"volume `{bound.source}` at {bound.target}", f"at {bound.target}", bound.location)
            )
        if operation.kind == operations.SOURCE:
            under = " under `set -a`" if operation.exported else ""
            over = ", over what `environment` gives" if operation.exported else ""
            steps.append(
                Step("sourced", f"`{operation.shown}`{under}{over}", f"`{operation.shown}`{under}", operation.location)
            )
        else:
            steps.append(Step("sourced", f"`{operation.shown}`", f"`{operation.shown}`", operation.location))
        opened = None
        if rendered.content.problems:
            opened = Open(rendered.path, f"`{rendered.path}` cannot be read", operation.location)
        elif rendered.content.open_keys:
            opened = Open(rendered.path, f"`{rendered.path}` renders names that only Vault knows", operation.location)
        return Layer("sourced", f"`{operation.shown}`", entries, operation.location, opened, steps=tuple(steps))


def entry_of(key: Key, rendered: Rendered) -> Entry:
    """A key of a template, as what the file gives."""
    where = rendered.text.at(key.span)
    if not key.dynamic:
        value: Value = Literal(Opaque(key.values[0].literal)) if len(key.values) == 1 else Computed(key.name)
        return Entry(key.name, value, where)
    read = key.reads[-1] if key.reads else None
    fallback = Opaque(key.values[0].literal) if key.values else None
    place = None if read is None else rendered.text.at(read.span)
    return Entry(key.name, FromSecret(read.path if read else "", read.field if read else "", fallback, place), where)


def _exported(name: str, below: tuple[Layer, ...], compose_host: ComposeHost) -> bool:
    """Whether a variable is in the environment by now, or may be: what the shell sets then reaches its children."""
    return not isinstance(fold(below, name, compose_host), (Absent, Removed))
