"""The abstract rendering: which assignments reach which line, on every path, without rendering anything.

Every (step, state) pair is visited once, and the number of states at a step is bounded, so that the work grows with the
text and not with the number of paths through it.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from checkers.sources.gotemplate.coverage import always, repeated
from checkers.sources.gotemplate.shell import AFTER, COMMENT, FRESH, GAP, NAME, START, VALUE, Listener, Shell, State
from checkers.sources.gotemplate.template import (
    Duplicate,
    Exposure,
    Fault,
    Glued,
    Key,
    SecretRead,
    Template,
    Value,
)
from checkers.sources.gotemplate.values import Hole

if TYPE_CHECKING:
    from checkers.core.text import Text
    from checkers.sources.gotemplate.paths import Paths, Step
    from checkers.sources.gotemplate.values import Read

_MOST_STATES = 12
_MOST_VALUES = 12
_QUOTES = {"": "none", '"': "double", "'": "single"}


class _Assignment:
    """An assignment met in the text, with what was seen of it on all paths."""

    __slots__ = ("at", "count", "end", "exported", "exposures", "kept", "name", "reads", "step", "values")

    def __init__(self, name: str, at: int, end: int, step: int) -> None:
        self.name = name
        self.at = at
        self.end = end
        self.step = step
        self.exported = False
        self.count = 0
        self.kept = False
        self.values: dict[tuple[str | None, int], None] = {}
        self.reads: dict[Read, None] = {}
        self.exposures: dict[Exposure, None] = {}


class _Recorder(Listener):
    """Collects what the shell is heard doing, on all paths."""

    def __init__(self) -> None:
        self.step = 0
        self.assignments: list[_Assignment] = []
        self.known: dict[tuple[int, int, str], int] = {}
        self.glues: dict[tuple[str, int, int, int, int, bool], None] = {}
        self.faults: dict[tuple[str, str, int, int], None] = {}
        self.lines: dict[tuple[str, int, int], None] = {}
        self.comment_reads: dict[Read, None] = {}

    def assigned(self, name: str, at: int, end: int, *, exported: bool) -> int:
        identity = (self.step, end, name)
        key = self.known.get(identity, -1)
        if key < 0:
            key = self.known[identity] = len(self.assignments)
            self.assignments.append(_Assignment(name, at, end, self.step))
        assignment = self.assignments[key]
        assignment.count += 1
        assignment.exported = assignment.exported or exported
        return key

    def finished(self, key: int, literal: str | None, since: int) -> None:
        values = self.assignments[key].values
        if len(values) < _MOST_VALUES:
            values[(literal, since)] = None

    def kept(self, key: int) -> None:
        self.assignments[key].kept = True

    def glued(self, name: str, at: int, end: int, first: int, marker: int, *, separated: bool) -> None:  # noqa: PLR0913 - an event
        self.glues.setdefault((name, at, end, first, marker, separated))

    def line(self, pattern: str, at: int, end: int) -> None:
        self.lines.setdefault((pattern, at, end))

    def fault(self, kind: str, name: str, at: int, end: int) -> None:
        self.faults.setdefault((kind, name, at, end))


class _Flow:
    """Carries states along the graph until nothing new arrives anywhere."""

    def __init__(self, source: str, paths: Paths) -> None:
        self.source = source
        self.paths = paths
        self.recorder = _Recorder()
        self.shell = Shell(self.recorder)
        self.seen: list[dict[State, None]] = [{} for _ in paths.steps]
        self.fresh: list[list[State]] = [[] for _ in paths.steps]
        self.queue: list[int] = []

    def run(self) -> None:
        self.arrive(0, FRESH)
        while self.queue:
            index = heappop(self.queue)
            states, self.fresh[index] = self.fresh[index], []
            step = self.paths.steps[index]
            self.recorder.step = index
            for state in states:
                after = self.move(step, state) if step.kind != "join" else state
                for following in self.paths.follows[index]:
                    self.arrive(following, after)
            if index == self.paths.last:
                for state in states:
                    self.shell.finish(state, len(self.source))

    def arrive(self, index: int, state: State) -> None:
        """A state reaches a step; one too many is widened to what all such states have in common."""
        seen = self.seen[index]
        if state in seen:
            return
        if len(seen) >= _MOST_STATES:
            state = _widen(state)
            if state in seen or (len(seen) > 2 * _MOST_STATES and self.settle(state)):
                return
        seen[state] = None
        if not self.fresh[index]:
            heappush(self.queue, index)
        self.fresh[index].append(state)

    def settle(self, state: State) -> bool:
        """Whether a state may be dropped; what it would have said is said here, so that nothing is missed."""
        if state.kind in (VALUE, AFTER):
            self.recorder.finished(state.key, None, -1)
            self.recorder.kept(state.key)
        elif state.kind in (NAME, GAP):
            self.recorder.line("*", state.at, state.at)
        else:
            return bool(state.quotes)
        return True

    def move(self, step: Step, state: State) -> State:
        if step.kind == "text":
            return self.shell.read(state, self.source[step.start : step.end], step.start)
        if step.kind == "trim":
            return self.shell.trim(state, step.start)
        for piece in step.value.pieces:
            if isinstance(piece, str):
                state = self.shell.read(state, piece, step.start, 0) if piece else state
            else:
                self.hole(state, piece, step)
                state = self.shell.hole(state, step.start, step.end)
        return state

    def hole(self, state: State, hole: Hole, step: Step) -> None:
        """Notes what a value of data is used for."""
        recorder = self.recorder
        if state.kind == VALUE:
            assignment = recorder.assignments[state.key]
            assignment.reads.update(dict.fromkeys(hole.reads))
            quotes = _QUOTES.get(state.quotes, "other")
            assignment.exposures[Exposure(quotes, hole.form)] = None
            if hole.fallback is not None and state.literal is not None:
                recorder.finished(state.key, state.literal + hole.fallback, step.start)
        elif state.kind == COMMENT:
            recorder.comment_reads.update(dict.fromkeys(hole.reads))


def _widen(state: State) -> State:
    if state.kind == VALUE:
        return State(VALUE, state.quotes, state.opened, state.key, literal=None)
    if state.kind == NAME:
        return State(NAME, name="*", at=state.at)
    return State(state.kind, state.quotes, state.opened) if state.kind != START else FRESH


class _Result:
    """Turns what was recorded into facts with places."""

    def __init__(self, text: Text, paths: Paths, flow: _Flow) -> None:
        self.text = text
        self.paths = paths
        self.flow = flow
        self.recorder = flow.recorder
        self.reads: dict[Read, SecretRead] = {}

    def template(self) -> Template:
        recorder, text = self.recorder, self.text
        kept = [found for found in recorder.assignments if found.kept]
        total = [
            (found.name, self.paths.steps[found.step].block)
            for found in kept
            if found.count == len(self.flow.seen[found.step]) and "*" not in found.name
        ]
        certain = always(total, self.paths)
        keys = tuple(self.key(found, found.name in certain) for found in sorted(kept, key=lambda found: found.at))
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
            glued=tuple(self.glued()),
            duplicates=tuple(
                Duplicate(kept[second].name, self.span(kept[second]), self.span(kept[first]))
                for first, second in repeated(named, self.paths)
            ),
            secrets=tuple(self.read(read) for read in self.paths.reads),
            comment_reads=tuple(self.read(read) for read in recorder.comment_reads),
            faults=tuple(Fault(kind, name, text.span(at, end)) for kind, name, at, end in recorder.faults),
        )

    def span(self, found: _Assignment):  # noqa: ANN202
        return self.text.span(found.at, found.end)

    def key(self, found: _Assignment, certain: bool) -> Key:  # noqa: FBT001
        values = [
            Value(literal, self.text.span(found.at if since < 0 else since))
            for literal, since in found.values
            if literal is not None
        ]
        return Key(
            found.name,
            self.span(found),
            certain,
            found.exported,
            len(values) < len(found.values),
            tuple(values),
            tuple(self.read(read) for read in found.reads),
            tuple(found.exposures),
        )

    def read(self, read: Read) -> SecretRead:
        found = self.reads.get(read)
        if found is None:
            span = self.text.span(read.at, read.end)
            found = self.reads[read] = SecretRead(read.path, read.fields, span, read.guarded)
        return found

    def glued(self) -> list[Glued]:
        """Without a trim marker, only what is an assignment on other paths was meant to be one."""
        assignments = self.recorder.assignments
        meant = {(found.name, found.at) for found in assignments}
        out: dict[tuple[str, int], Glued] = {}
        for name, at, end, first, marker, separated in self.recorder.glues:
            if marker < 0 and (name, at) not in meant:
                continue
            before = assignments[first] if first >= 0 else None
            out.setdefault(
                (name, at),
                Glued(
                    name,
                    self.text.span(at, end),
                    before.name if before else None,
                    self.span(before) if before else None,
                    self.text.span(marker, marker + 2) if marker >= 0 else None,
                    separated,
                ),
            )
        return list(out.values())


def render(text: Text, paths: Paths) -> Template:
    """What the template prints, on all its paths, read as `sh` reads it."""
    flow = _Flow(text.string, paths)
    flow.run()
    return _Result(text, paths, flow).template()
