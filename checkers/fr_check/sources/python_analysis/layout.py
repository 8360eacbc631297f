"""Which physical lines make up one logical line, by `ast`: a report names the first line of a statement only.

Semantics of coverage 7.17 (`parser.py`, the multi-line map): all lines between two NEWLINE tokens count as the first of
them. Statements joined by `;` share a logical line, and so do a header and the suite that stands on its line.
"""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Node = ast.stmt | ast.ExceptHandler | ast.match_case
# What a statement holds, in the order of the text. Expressions hold no statements, and are most of a tree.
_BODY, _LOOP, _TRY = ("body",), ("body", "orelse"), ("body", "handlers", "orelse", "finalbody")
_SUITES: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: _BODY,
    ast.AsyncFunctionDef: _BODY,
    ast.ClassDef: _BODY,
    ast.With: _BODY,
    ast.AsyncWith: _BODY,
    ast.If: _LOOP,
    ast.For: _LOOP,
    ast.AsyncFor: _LOOP,
    ast.While: _LOOP,
    ast.Try: _TRY,
    ast.TryStar: _TRY,
    ast.ExceptHandler: _BODY,
    ast.Match: ("cases",),
    ast.match_case: _BODY,
}


class Layout(NamedTuple):
    """The logical lines of a module; numbers from 1.

    `first` maps the further lines of a logical line to its first. Between a header and its suite it also maps lines
    that hold nothing but comments: `heads` are those headers, first line -> the last line that it may end on. `begun`
    are the first lines of all logical lines that hold a statement or a decorator, ascending.
    """

    first: dict[int, int]
    heads: dict[int, int]
    begun: tuple[int, ...]


def suites(node: ast.AST) -> list[list[Node]]:
    """The blocks of statements, handlers or cases that a compound statement holds, in the order of the text."""
    return [block for name in _SUITES.get(type(node), ()) if (block := getattr(node, name))]


def walk(tree: ast.Module) -> Iterator[Node]:
    """Every statement, handler and case in the order of the text, a compound one before what it holds."""
    pending: list[Node] = [*reversed(tree.body)]
    while pending:
        node = pending.pop()
        yield node
        if type(node) in _SUITES:
            for block in reversed(suites(node)):
                pending += reversed(block)


def begins(node: ast.AST) -> int:
    """The line on which a statement begins, with its decorators."""
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        line: int = decorators[0].lineno
        return line
    return node.pattern.lineno if isinstance(node, ast.match_case) else getattr(node, "lineno", 1)


def read(tree: ast.Module, lines: Sequence[bytes]) -> Layout:
    """Lays out a module.

    Args:
        tree: its syntax tree.
        lines: its text, line by line, in UTF-8, which columns of the tree count in.
    """
    reader = _Reader(lines)
    for node in walk(tree):
        reader.add(node)
    return Layout(reader.first, reader.heads, tuple(reader.begun))


class _Reader:
    """Goes through a module in the order of the text."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines
        self.folded = any(line.endswith(b"\\") for line in lines)
        self.first: dict[int, int] = {}
        self.heads: dict[int, int] = {}
        self.begun: list[int] = []
        # The logical line that is being read: its first line, and the last line known to belong to it.
        self.begin = self.last = 0

    def add(self, node: Node) -> None:
        """Adds the logical line of a simple statement, or those of a header with its decorators."""
        for decorator in getattr(node, "decorator_list", ()):
            self._start(self._above(decorator.lineno, b"@"))
            self._extend(decorator.end_lineno or decorator.lineno)
        line = self._case(node) if isinstance(node, ast.match_case) else node.lineno
        self._start(line)
        if type(node) not in _SUITES:
            self._extend(getattr(node, "end_lineno", None) or line)
            return
        inner, alone = self._inner(node)
        # A header may end on any line before its suite: where exactly only its colon says.
        self._extend(inner - 1 if alone else inner)
        if alone and self.last > self.begin:
            self.heads[self.begin] = self.last

    def _start(self, line: int) -> None:
        """Begins a logical line, unless the one before has not ended yet."""
        begin = self._unfolded(line) if self.folded else line
        if begin > self.last:
            self.begin = self.last = begin
            self.begun.append(begin)
        self._extend(line)

    def _extend(self, last: int) -> None:
        for line in range(self.last + 1, last + 1):
            self.first[line] = self.begin
        self.last = max(self.last, last)

    def _unfolded(self, line: int) -> int:
        """The line that a line continues after a backslash, or itself."""
        while line > 1 and self.lines[line - 2].endswith(b"\\") and b"#" not in self.lines[line - 2]:
            line -= 1
        return line

    def _inner(self, node: Node) -> tuple[int, bool]:
        """The line on which a suite begins, and whether it begins a logical line of its own."""
        block = suites(node)[0][0]
        if isinstance(block, ast.match_case):
            return self._case(block), True
        line = begins(block)
        if getattr(block, "decorator_list", None):
            return self._above(line, b"@"), True
        above = self._unfolded(line) if self.folded else line
        return line, above == line and not self.lines[line - 1][: getattr(block, "col_offset", 0)].strip()

    def _case(self, node: ast.match_case) -> int:
        """The line of a `case`, which has no place of its own; its pattern may stand below it, in parentheses."""
        return self._above(node.pattern.lineno, b"case")

    def _above(self, line: int, mark: bytes) -> int:
        """The line that begins with `mark`, which the tree gives no place: what follows may stand below it."""
        found = line
        while found > self.last + 1 and not self.lines[found - 1].lstrip().startswith(mark):
            found -= 1
        return found
