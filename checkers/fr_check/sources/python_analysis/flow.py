"""Which line may run after which, by `ast`: what coverage.py counts as the arms of a branch.

Semantics of coverage 7.17 (`parser.py`, `AstArcAnalyzer`). Every statement is looked at with what comes after it known,
so suites are read from their ends. A line is the first of its logical line; a negative number is the way out of the
function, class or module that begins on that line. Exceptions are followed only from `raise` to the nearest handler.
"""

from __future__ import annotations

import ast
from itertools import pairwise

from fr_check.core.record import NamedTuple
from fr_check.sources.python_analysis.layout import begins, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, ClassVar

    from fr_check.sources.python_analysis.layout import Layout, Node

Arc = tuple[int, int]
_CONSTANTS = {"None": False, "True": True, "False": False, "__debug__": True}


class Flow(NamedTuple):
    """`after` maps a line to the lines that may follow it.

    Python goes back to the line of a `with` to leave it; `meant` maps such a recorded arc to the one it stands for, or
    to None for one that stands for nothing.
    """

    after: Mapping[int, set[int]]
    meant: Mapping[Arc, Arc | None]


class _Leaving:
    """The end of a `with`, which goes on to `onward`. `inline`: some of what ends there stands on the line itself."""

    __slots__ = ("inline", "line", "onward", "reached")

    def __init__(self, line: int, onward: Target) -> None:
        self.line = line
        self.onward = onward
        self.reached = self.inline = False


class _Finally:
    """The end of what a `finally` guards, which goes on to its suite, at `onward`."""

    __slots__ = ("onward", "reached")

    def __init__(self, onward: Target) -> None:
        self.onward = onward
        self.reached = False


# Where a statement goes on: a line, the end of something around it, or nowhere.
Target = int | _Leaving | _Finally | None


def read(tree: ast.Module, layout: Layout, present: frozenset[int]) -> Flow:
    """Follows a module; `present` are the lines that the interpreter compiled something for."""
    reader = _Reader(layout.first, present)
    reader.module(tree)
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            reader.scope(node)
    return Flow(reader.after, reader.meant)


class _Reader:
    def __init__(self, first: Mapping[int, int], present: frozenset[int]) -> None:
        self.first = first
        self.present = present
        self.after: dict[int, set[int]] = {}
        self.meant: dict[Arc, Arc | None] = {}
        self.on_return: Target = None
        self.on_raise: Target = None
        self.on_break: Target = None
        self.on_continue: Target = None

    def module(self, tree: ast.Module) -> None:
        """The statements of the module itself."""
        start = self.first.get(1, 1)
        self._suite(tree.body, -start)

    def scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """The statements of a function or class, apart from where it is defined."""
        start = self._line(node)
        self.on_return = self.on_raise = None if isinstance(node, ast.ClassDef) else -start
        self._suite(node.body, -start)
        self.on_return = self.on_raise = None

    def _line(self, node: Node) -> int:
        line = begins(node)
        return self.first.get(line, line)

    def _entry(self, block: Sequence[Node], after: Target) -> Target:
        """Where a suite begins: at its first statement that was compiled, or after it."""
        return next((line for node in block if (line := self._line(node)) in self.present), after)

    def _suite(self, block: Sequence[Node], after: Target) -> Target:
        """Follows a suite; returns where it begins."""
        for node in reversed(block):
            line = self._line(node)
            if line in self.present:
                follow = self._follow.get(type(node))
                if follow is None:
                    self._go(line, after)
                else:
                    follow(self, node, line, after)
                after = line
        return after

    def _go(self, line: int, target: Target) -> None:
        """Adds that a line may be followed by something."""
        if isinstance(target, int):
            if line != target:
                self.after.setdefault(line, set()).add(target)
        elif isinstance(target, _Finally):
            target.reached = True
            self._go(line, target.onward)
        elif target is not None:
            self._reach(line, target)
            final = _final(target.onward)
            if final is None:
                self._go(line, target.line)
            else:
                self._go(line, final)
                self.meant[line, target.line] = line, final

    def _reach(self, line: int, target: Target) -> None:
        """Notes that a line goes on to the end of something."""
        if isinstance(target, _Finally):
            target.reached = True
            self._reach(line, target.onward)
        elif isinstance(target, _Leaving):
            target.reached = True
            target.inline = target.inline or line == target.line

    def _if(self, node: ast.If, line: int, after: Target) -> None:
        while True:
            constant = _constant(node.test)
            if constant is not False:
                self._go(line, self._suite(node.body, after))
            if constant is True:
                return
            rest = node.orelse
            if len(rest) != 1 or not isinstance(rest[0], ast.If) or self._line(rest[0]) not in self.present:
                self._go(line, self._suite(rest, after))
                return
            # A chain of `elif` may be longer than Python's stack is deep.
            node, above = rest[0], line
            line = self._line(node)
            self._go(above, line)

    def _for(self, node: ast.For | ast.AsyncFor, line: int, after: Target) -> None:
        self._go(line, self._loop(node, line, after))
        self._go(line, self._suite(node.orelse, after))

    def _while(self, node: ast.While, line: int, after: Target) -> None:
        self._go(line, self._loop(node, line, after))
        if node.orelse or _constant(node.test) is None:
            self._go(line, self._suite(node.orelse, after))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, line: int, after: Target) -> Target:
        outer = self.on_break, self.on_continue
        self.on_break, self.on_continue = after, line
        entry = self._suite(node.body, line)
        self.on_break, self.on_continue = outer
        return entry

    def _match(self, node: ast.Match, line: int, after: Target) -> None:
        for case in node.cases:
            start = self._line(case)
            self._go(line, start)
            self._go(start, self._suite(case.body, after))
            line = start
        if not is_irrefutable(node.cases[-1]):
            self._go(line, after)

    def _try(self, node: ast.Try | ast.TryStar, line: int, after: Target) -> None:
        end = _Finally(self._entry(node.finalbody, after)) if node.finalbody else after
        outer = self.on_raise
        self.on_raise = self._line(node.handlers[0]) if node.handlers else None
        self._go(line, self._suite(node.body, self._entry(node.orelse, end)))
        # What handlers raise is taken to end in `finally`, but not to go on from there.
        self.on_raise = None if node.finalbody else outer
        for handler in node.handlers:
            self._go(self._line(handler), self._suite(handler.body, end))
        self._suite(node.orelse, end)
        self.on_raise = outer
        if isinstance(end, _Finally):
            self._suite(node.finalbody, after if end.reached else None)

    def _with(self, node: ast.With | ast.AsyncWith, line: int, after: Target) -> None:
        end = _Leaving(line, after)
        self._go(line, self._suite(node.body, end))
        if not end.reached or after is None:
            return
        if end.inline:
            self._go(line, after)
        else:
            self._reach(line, after)
            onward = _next(after)
            if onward is not None:
                self.meant[line, onward] = None

    def _defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, _: int, after: Target) -> None:
        lines = [self.first.get(one.lineno, one.lineno) for one in (*node.decorator_list, node)]
        for line, following in pairwise(lines):
            self._go(line, following)
        self._go(lines[-1], after)

    def _return(self, _: ast.Return, line: int, __: Target) -> None:
        self._go(line, self.on_return)

    def _raise(self, _: ast.Raise, line: int, __: Target) -> None:
        self._go(line, self.on_raise)

    def _break(self, _: ast.Break, line: int, __: Target) -> None:
        self._go(line, self.on_break)

    def _continue(self, _: ast.Continue, line: int, __: Target) -> None:
        self._go(line, self.on_continue)

    # What is not here goes on to what comes after it.
    _follow: ClassVar[dict[type[ast.AST], Callable[[_Reader, Any, int, Target], None]]] = {
        ast.If: _if,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: _while,
        ast.Match: _match,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.FunctionDef: _defined,
        ast.AsyncFunctionDef: _defined,
        ast.ClassDef: _defined,
        ast.Return: _return,
        ast.Raise: _raise,
        ast.Break: _break,
        ast.Continue: _continue,
    }


def _final(target: Target) -> int | None:
    """The line that a target leads to in the end; None for nowhere."""
    while not isinstance(target, int):
        if target is None:
            return None
        if isinstance(target, _Leaving) and target.onward is None:
            return target.line
        target = target.onward
    return target


def _next(target: Target) -> int | None:
    """The line that Python goes to for a target: to leave a `with`, to its line."""
    while isinstance(target, _Finally):
        target = target.onward
    return target.line if isinstance(target, _Leaving) else target


def _constant(test: ast.expr) -> bool | None:
    """The value of a test that the compiler decides; None for any other."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Name):
        return _CONSTANTS.get(test.id)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        value = _constant(test.operand)
        return None if value is None else not value
    if isinstance(test, ast.BoolOp):
        values = [_constant(one) for one in test.values]
        if None not in values:
            return any(values) if isinstance(test.op, ast.Or) else all(values)
    return None


def is_irrefutable(case: ast.match_case) -> bool:
    """Whether a case matches everything, like `case _:`."""
    if case.guard is not None:
        return False
    pattern = case.pattern
    while isinstance(pattern, ast.MatchOr) or (isinstance(pattern, ast.MatchAs) and pattern.pattern is not None):
        pattern = pattern.patterns[-1] if isinstance(pattern, ast.MatchOr) else pattern.pattern or pattern
    return isinstance(pattern, ast.MatchAs)
