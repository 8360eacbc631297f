"""The abstract rendering: which assignments reach which line, on every path, without rendering anything.

Every (step, state) pair is visited once, and the number of states at a step is bounded, so that the work grows with the
text and not with the number of paths through it.
"""

from __future__ import annotations

from heapq import heappop, heappush

from fr_check.sources.gotemplate.line import AFTER, COMMENT, FRESH, GAP, NAME, START, VALUE, State
from fr_check.sources.gotemplate.recording import Recorder
from fr_check.sources.gotemplate.result import Result
from fr_check.sources.gotemplate.shell import Shell
from fr_check.sources.gotemplate.template import Exposure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.gotemplate.graph import Paths, Step
    from fr_check.sources.gotemplate.template import Template
    from fr_check.sources.gotemplate.values import Hole

_MOST_STATES = 8
_QUOTES = {"": "none", '"': "double", "'": "single"}


class _Flow:
    """Carries states along the graph until nothing new arrives anywhere."""

    def __init__(self, source: str, paths: Paths) -> None:
        self.source = source
        self.paths = paths
        self.recorder = Recorder()
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
            if state in seen or (len(seen) > _MOST_STATES + 2 and self.settle(state)):
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


def render(text: Text, paths: Paths) -> Template:
    """What the template prints, on all its paths, read as `sh` reads it."""
    flow = _Flow(text.string, paths)
    flow.run()
    return Result(text, paths, flow.recorder, [len(states) for states in flow.seen]).template()
