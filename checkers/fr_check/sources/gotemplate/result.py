"""What was recorded on all paths, as facts with places."""

from __future__ import annotations

from fr_check.sources.gotemplate.coverage import always, repeated
from fr_check.sources.gotemplate.template import Duplicate, Fault, Glued, Key, SecretRead, Template, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.gotemplate.graph import Paths
    from fr_check.sources.gotemplate.recording import Assignment, Recorder
    from fr_check.sources.gotemplate.values import Read


class Result:
    """Turns what was recorded into facts with places."""

    def __init__(self, text: Text, paths: Paths, recorder: Recorder, arrivals: list[int]) -> None:
        self.text = text
        self.paths = paths
        self.recorder = recorder
        self.arrivals = arrivals
        self.reads: dict[Read, SecretRead] = {}

    def template(self) -> Template:
        """All of it."""
        recorder, text = self.recorder, self.text
        kept = [found for found in recorder.assignments if found.kept]
        total = [
            (found.name, self.paths.steps[found.step].block)
            for found in kept
            if not found.lost and found.count == self.arrivals[found.step] and "*" not in found.name
        ]
        certain = always(total, self.paths)
        keys = tuple(self._key(found, found.name in certain) for found in sorted(kept, key=lambda found: found.at))
        lines = tuple(
            Key(
                pattern,
                text.span(at, end),
                always=False,
                exported=False,
                dynamic=True,
                values=(),
                reads=(),
                exposures=(),
            )
            for pattern, at, end in recorder.lines
        )
        named = [(found.name, self.paths.steps[found.step].block) for found in kept]
        return Template(
            keys=keys,
            open_keys=tuple(key for key in keys if key.is_pattern) + lines,
            glued=tuple(self._glued()),
            duplicates=tuple(
                Duplicate(kept[second].name, self._span(kept[second]), self._span(kept[first]))
                for first, second in repeated(named, self.paths)
            ),
            secrets=tuple(self._read(read) for read in self.paths.reads),
            comment_reads=tuple(self._read(read) for read in recorder.comment_reads),
            faults=tuple(Fault(kind, name, text.span(at, end)) for kind, name, at, end in recorder.faults),
        )

    def _span(self, found: Assignment) -> Span:
        return self.text.span(found.at, found.end)

    def _key(self, found: Assignment, certain: bool) -> Key:  # noqa: FBT001
        values = [
            Value(literal, self.text.span(found.at if since < 0 else since))
            for literal, since in found.values
            if literal is not None
        ]
        return Key(
            found.name,
            self._span(found),
            certain,
            found.exported,
            len(values) < len(found.values),
            tuple(values),
            tuple(self._read(read) for read in found.reads),
            tuple(found.exposures),
        )

    def _read(self, read: Read) -> SecretRead:
        found = self.reads.get(read)
        if found is None:
            span = self.text.span(read.at, read.end)
            found = self.reads[read] = SecretRead(read.path, read.fields, span, read.guarded)
        return found

    def _glued(self) -> list[Glued]:
        """One for each key, preferring paths that lose it, and assignments to comments as what stands before it.

        Without a trim marker, only what is an assignment on other paths was meant to be one.
        """
        assignments = self.recorder.assignments
        markers = {step.start: step.end for step in self.paths.steps if step.kind == "trim"}
        meant = {(found.name, found.at) for found in assignments}
        out: dict[tuple[str, int], Glued] = {}
        for name, at, end, first, marker, separated in sorted(self.recorder.glues, key=_severity):
            if marker < 0 and (name, at) not in meant:
                continue
            before = assignments[first] if first >= 0 else None
            out.setdefault(
                (name, at),
                Glued(
                    name,
                    self.text.span(at, end),
                    before.name if before else None,
                    self._span(before) if before else None,
                    self.text.span(marker, markers[marker]) if marker >= 0 else None,
                    separated,
                ),
            )
        return list(out.values())


def _severity(glue: tuple[str, int, int, int, int, bool]) -> tuple[int, bool, bool]:
    """Sorts by place, then what loses the key before what separates it, then assignments before comments."""
    _, at, _, first, _, separated = glue
    return at, separated, first < 0
