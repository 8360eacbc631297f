"""The paths through a template: its nodes become a graph of what is printed in which order.

A step prints text, a value, or nothing (fork, join, or the place of a trim marker). The graph is built in one walk over
the flat nodes; `template "name"` is drawn in where it is called, within a budget.
"""

from __future__ import annotations

from fr_check.core.budget import Budget
from fr_check.sources.gotemplate.execution import Failure, failure
from fr_check.sources.gotemplate.graph import Block, Paths, Step, Stop
from fr_check.sources.gotemplate.nodes import Action, Branch, Call, Else, End, Jump, Trim, Words
from fr_check.sources.gotemplate.queries import as_call, assigned_in_loops, is_long, is_never, missing
from fr_check.sources.gotemplate.values import UNKNOWN, Evaluator, Hole, Value, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.graph import StepKind
    from fr_check.sources.gotemplate.nodes import Pipeline
    from fr_check.sources.gotemplate.parser import Tree
    from fr_check.sources.gotemplate.values import Read

_DEEPEST_CALL = 30
_CALL_BUDGET = 20_000
# More branches than this meet in a step of their own, so that the number of edges grows with the text.
_MOST_ENDS = 3


class _Frame:
    """A control structure, or a called template, that is being walked."""

    __slots__ = (
        "alternative",
        "block",
        "declared",
        "dot",
        "ends",
        "group",
        "guards",
        "head",
        "kind",
        "resume",
        "variables",
    )

    def __init__(self, kind: str, head: list[int], dot: Value) -> None:
        self.kind = kind
        self.head = head
        self.dot = dot
        self.ends: list[int] = []
        self.group = -1
        self.block = 0
        self.alternative = False
        self.guards: list[tuple[str, tuple[str, ...]]] = []
        self.declared: list[str] = []
        self.resume = (0, 0, "")
        self.variables: dict[str, list[Value]] = {}


class _Builder:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.evaluator = Evaluator()
        self.steps = [Step("join", 0, 0, 0)]
        self.follows: list[list[int]] = [[]]
        self.blocks = [Block(-1, -1)]
        self.exhaustive: list[bool] = []
        self.firsts: list[int] = []
        self.block = 0
        self.current = [0]  # the steps that what comes next follows; none behind a jump
        self.frames = [_Frame("root", [0], self.evaluator.dot)]
        self.budget = Budget(steps=_CALL_BUDGET, depth=_DEEPEST_CALL)
        self.calling: dict[str, int] = {}  # named templates that are entered -> the block they were called from
        self.index = 0
        self.stops: list[Stop] = []
        # Equal short actions share one pipeline; it is kept here, so that its id stays its own.
        self.failures: dict[int, tuple[Pipeline | None, Failure | None]] = {}
        self.looped = assigned_in_loops(tree.nodes)

    def step(self, kind: StepKind, start: int, end: int, value: Value = UNKNOWN) -> int:
        """Adds a step behind the current one and makes it the current one."""
        index = len(self.steps)
        self.steps.append(Step(kind, start, end, self.block, value))
        self.follows.append([])
        for before in self.current:
            self.follows[before].append(index)
        self.current = [index]
        return index

    def run(self) -> Paths:
        nodes = self.tree.nodes
        index, last = 0, len(nodes)
        while True:
            if index >= last:
                if not self.calling:
                    break
                index, last = self._return()
                continue
            node = nodes[index]
            self.index = index
            index += 1
            if isinstance(node, Words):
                self.step("text", node.start, node.end)
            elif isinstance(node, Action):
                call = as_call(node)
                if call is not None:
                    index, last = self._call(call, index, last)
                else:
                    self._action(node)
            elif isinstance(node, Trim):
                self.step("trim", node.start, node.end)
            elif isinstance(node, Branch):
                if node.kind in ("define", "block"):
                    after = self.tree.closes[index - 1] + 1
                    index, last = (after, last) if node.kind == "define" else self._call(node, after, last)
                else:
                    self._open(node)
            elif isinstance(node, Else):
                self._else(node)
            elif isinstance(node, End):
                self._end(node)
            elif isinstance(node, Jump):
                self._jump(node)
            else:
                index, last = self._call(node, index, last)
        return self._paths()

    def _paths(self) -> Paths:
        reads = tuple(self.evaluator.reads.values())
        end, stops = self.step("join", 0, 0), tuple(self.stops)
        return Paths(
            self.steps, self.follows, self.blocks, self.exhaustive, self.firsts, reads, end, stops, self.budget.spent
        )

    def stop(self, message: str, start: int, end: int) -> None:
        """Go's error: nothing is rendered on the paths that come here."""
        if self.current:
            self.stops.append(Stop(self.block, message, start, end))
            self.current = []

    def evaluate(self, pipeline: Pipeline | None, start: int, *, asking: bool = False) -> Value:
        """The value of a pipeline, where Go can compute one."""
        key = id(pipeline)
        if key not in self.failures:
            self.failures[key] = (pipeline, failure(pipeline))
        found = self.failures[key][1]
        if found is not None:
            self.stop(found.message, start + found.at, start + found.end)
        elif self.index in self.tree.failures:
            self.stop(*self.tree.failures[self.index])
        return self.evaluator.evaluate(pipeline, start, asking=asking)

    def _action(self, node: Action) -> None:
        value = self.evaluate(node.pipeline, node.start)
        if not node.pipeline.variables:
            self.step("print", node.start, node.end, value)
        elif node.pipeline.assigns:
            self._assign(node.pipeline.variables[0].name, value)
        else:
            self._declare(node.pipeline.variables[-1].name, value)

    def _declare(self, name: str, value: Value) -> None:
        if name in self.looped or is_long(value):
            value = merge(value, UNKNOWN, name.lstrip("$"))
        self.evaluator.variables.setdefault(name, []).append(value)
        self.frames[-1].declared.append(name)

    def _assign(self, name: str, value: Value) -> None:
        values = self.evaluator.variables.get(name)
        if not values:
            return
        certain = self.frames[-1].declared.count(name) > 0 if len(self.frames[-1].declared) < 100 else False  # noqa: PLR2004
        if name in self.looped or is_long(value) or not certain:
            value = merge(values[-1], value, name.lstrip("$"))
        values[-1] = value

    def _open(self, node: Branch) -> None:
        if node.kind == "range":  # a step of its own, for its body to run back to
            self.step("join", node.start, node.end)
        frame = _Frame(node.kind, self.current, self.evaluator.dot)
        frame.group = len(self.exhaustive)
        frame.block = self.block
        self.exhaustive.append(False)
        self.firsts.append(len(self.blocks))
        self.frames.append(frame)
        self._branch(frame)
        self._head(frame, node.kind, node.pipeline, node.start, frame.block)

    def _branch(self, frame: _Frame) -> None:
        self.block = len(self.blocks)
        self.blocks.append(Block(frame.block, frame.group))
        self.current = frame.head

    def _head(self, frame: _Frame, kind: str, pipeline: Pipeline | None, start: int, block: int) -> None:
        """Evaluates the pipeline of `if`, `with`, `range` in a block and sets what its branch sees."""
        evaluator = self.evaluator
        inside, self.block = self.block, block
        value = self.evaluate(pipeline, start, asking=True)
        self.block = inside
        frame.head = frame.head if self.current else []
        self.current = [] if is_never(kind, pipeline) else self.current
        for _, guard in _read_fields(value):
            evaluator.guards[guard] = evaluator.guards.get(guard, 0) + 1
            frame.guards.append(guard)
        element = UNKNOWN if kind != "range" else Value((Hole(tuple(read for read, _ in _read_fields(value))),))
        names = [variable.name for variable in pipeline.variables] if pipeline else []
        for index, name in enumerate(names):
            ranged = UNKNOWN if index < len(names) - 1 else element
            self._declare(name, ranged if kind == "range" else value)
        if kind == "with":
            evaluator.dot = value
            # Vault Agent renders nothing at all before the secret is there.
            if value.reference and value.reference.path is not None and not value.reference.fields:
                self.exhaustive[frame.group] = True
        elif kind == "range":
            evaluator.dot = element

    def _else(self, node: Else) -> None:
        frame = self.frames[-1]
        frame.ends += self._loop_end(frame)
        self.evaluator.dot = frame.dot
        frame.alternative = not node.kind
        self.exhaustive[frame.group] = frame.alternative and frame.kind != "range"
        self._branch(frame)
        if node.kind:
            self._head(frame, node.kind, node.pipeline, node.start, self.block)

    def _loop_end(self, frame: _Frame) -> list[int]:
        """Closes a branch; the body of a range runs back to its head instead."""
        if frame.kind != "range" or frame.alternative:
            return self.current
        for before in self.current:
            self.follows[before] += frame.head
        return []

    def _end(self, node: End) -> None:
        frame = self.frames.pop()
        frame.ends += self._loop_end(frame)
        if frame.kind == "range" or not (frame.alternative or self.exhaustive[frame.group]):
            frame.ends += frame.head
        self.block = frame.block
        self.evaluator.dot = frame.dot
        for guard in frame.guards:
            self.evaluator.guards[guard] -= 1
            if not self.evaluator.guards[guard]:
                del self.evaluator.guards[guard]
        for name in frame.declared:
            self.evaluator.variables[name].pop()
        self.current = list(dict.fromkeys(frame.ends))
        if len(self.current) > _MOST_ENDS:
            self.step("join", node.start, node.end)

    def _jump(self, node: Jump) -> None:
        for frame in reversed(self.frames):
            if frame.kind == "range" and not frame.alternative:
                if node.kind == "break":
                    frame.ends += self.current
                else:
                    for before in self.current:
                        self.follows[before] += frame.head
                break
        self.current = []

    def _call(self, node: Call | Branch, resume: int, last: int) -> tuple[int, int]:
        """Enters a named template; one that is recursive or past the budget prints something unknown."""
        body = self.tree.bodies.get(node.name)
        if body is None:
            self.stop(missing(node), node.start, node.end)
        dot = self.evaluate(node.pipeline, node.start)
        # Where nothing was asked since it was last called, it calls itself without end.
        if self.calling.get(node.name) == self.block:
            self.stop("exceeded maximum template depth (100000)", node.start, node.end)
        if body is None or node.name in self.calling:
            followed = False
        else:
            followed = self.budget.step(body[1] - body[0] + 1, depth=len(self.calling))
        if body is None or not followed:
            self.step("print", node.start, node.end)
            return resume, last
        frame = _Frame("call", self.current, self.evaluator.dot)
        frame.resume = (resume, last, node.name)
        frame.variables = self.evaluator.variables
        self.evaluator.dot = dot
        self.evaluator.variables = {"$": [dot]}
        self.calling[node.name] = self.block
        self.frames.append(frame)
        return body

    def _return(self) -> tuple[int, int]:
        frame = self.frames.pop()
        del self.calling[frame.resume[2]]
        self.evaluator.dot = frame.dot
        self.evaluator.variables = frame.variables
        return frame.resume[:2]


def _read_fields(value: Value) -> list[tuple[Read, tuple[str, tuple[str, ...]]]]:
    """What a value reads, and under which name it is asked for."""
    reads = (read for piece in value.pieces if isinstance(piece, Hole) for read in piece.reads)
    return [(read, (read.path, read.fields)) for read in reads]


def paths(tree: Tree) -> Paths:
    """The graph of a parsed template, in time linear in its text."""
    return _Builder(tree).run()
