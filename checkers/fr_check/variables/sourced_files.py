"""The files that a container's shells source: templates that an agent renders, committed files, copies of examples."""

from __future__ import annotations

import posixpath

from fr_check.core.text import Text
from fr_check.runs import changes
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import Computed, Entry, FromSecret, Layer, Literal, Open, Step
from fr_check.variables.places import VOLUME
from fr_check.variables.shell_files import Notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.runs.changes import Operation
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.gotemplate.template import Key
    from fr_check.variables.model import Value
    from fr_check.variables.places import Bound, Places
    from fr_check.variables.services import Reading
    from fr_check.variables.templates import Rendered


class SourcedFiles(Notes):
    """Looks for them in one service."""

    def __init__(self, project: Project, service: Service, places: Places, reading: Reading) -> None:
        super().__init__(reading.repository)
        self.project = project
        self.service = service
        self.places = places
        self.reading = reading

    def path(self, place: str) -> str:
        """The path in the container."""
        return posixpath.normpath(place)

    def script(self, path: str) -> Text | None:
        """A sourced file that is committed, and no template."""
        bound = self.places.covering(path)
        if self._rendered(path, bound) != (None, ""):
            return None
        return self.places.find(path)

    def read(self, path: str, operation: Operation) -> Layer | None:
        """The file at a path of the container, as a layer; None where nothing stands there for certain."""
        where = operation.location
        bound = self.places.covering(path)
        rendered, elsewhere = self._rendered(path, bound)
        if rendered is not None:
            self.note(path, operation, rendered)
            return self._of(rendered, operation, bound)
        if elsewhere:
            self.note(path, operation, elsewhere=elsewhere)
            return None
        located = self.places.locate(path)
        if located is not None:
            self.note(path, operation)
            return self.reading.files.layer(located, f"`{path}`", where)._replace(kind="sourced")
        alone = self._alone()
        if alone is not None and bound is None:
            self.note(path, operation, alone)
            found = self._of(alone, operation, None)
            if operation.asked:
                why = f"whether anything stands at `{path}` in service `{self.service.name}`, where nothing is mounted"
                found = found._replace(doubt=Open(path, why, where))
            return found
        missing = bound is None
        alike = (f for f in self.reading.templates.of(self.project) if f.destination.endswith(posixpath.basename(path)))
        self.note(path, operation, missing=missing, renders=next(alike, None) if missing else None)
        host = next((route.path for route in self.places.routes(path) if route.path), None)
        if host is not None:
            return self.reading.files.layer(host, f"`{path}`", where)._replace(kind="sourced")
        opened = Open(
            path, f"what stands at `{path}` in service `{self.service.name}` is not in this repository", where
        )
        return Layer("sourced", f"`{operation.shown}`", {}, where, opened)

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
        entries = _entries(rendered)
        steps: list[Step] = []
        if rendered.destination:
            on = f", on volume `{rendered.volume}`" if rendered.volume else ""
            to = f"to {rendered.destination}{on}"
            steps.append(Step("rendered", to, to, rendered.location))
        if bound is not None:
            steps.append(
                Step("mounted", f"volume `{bound.source}` at {bound.target}", f"at {bound.target}", bound.location)
            )
        if operation.kind == changes.SOURCE:
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


def _entries(rendered: Rendered) -> dict[str, Entry]:
    """What a rendered file gives; a line that some paths of the template leave out may not be there."""
    found: dict[str, Entry] = {}
    for key in rendered.content.keys:
        if key.is_pattern:
            continue
        entry, other = entry_of(key, rendered), found.get(key.name)
        if other is not None and isinstance(other.value, FromSecret) and isinstance(entry.value, Literal):
            # `{{ with X }}K={{ . }}{{ else }}K=""{{ end }}`
            entry = other._replace(value=other.value._replace(fallback=entry.value.text))
        elif other is not None and isinstance(entry.value, FromSecret) and isinstance(other.value, Literal):
            entry = entry._replace(value=entry.value._replace(fallback=other.value.text))
        if not key.always:
            why = f"`{rendered.path}` renders no line for `{key.name}` on some of its paths, as where Vault lacks it"
            entry = entry._replace(doubt=Open(key.name, why, entry.location))
        found[key.name] = entry
    return found


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
