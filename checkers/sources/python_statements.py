"""Which lines of Python source can be executable, by `ast`: for comparing coverage data with today's sources.

This is not coverage.py's parser and is never used for totals of measured files: it says which lines *may* start a
statement, so that a report whose executable lines are elsewhere is known to be of other sources, and which statement
a changed line belongs to.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from checkers.core.patterns import pattern
from checkers.core.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
# Coverage.py's default exclusion, for estimating a file that no report holds.
_EXCLUDED = pattern(r"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:cover|COVER)")


class Statements(NamedTuple):
    """Line numbers from 1.

    `possible` are lines a report may hold, `counted` those coverage.py would count in a file without exclusions but
    its pragma, `start` maps each line of a statement's own text to the line the statement starts on.
    """

    possible: frozenset[int]
    counted: frozenset[int]
    start: dict[int, int]


def parse(source: bytes) -> Statements | None:
    """The statements of a module; None where it is no Python of this interpreter's grammar."""
    tree = module(source)
    if tree is None:
        return None
    lines = source.decode("utf-8", "replace").splitlines()
    described: set[int] = set()
    start: dict[int, int] = {}
    excluded: set[int] = set()
    for node in _statements(tree):
        if not isinstance(node, ast.stmt):
            continue
        first, last = _own(node)
        for line in range(first, last + 1):
            start[line] = max(first, start.get(line, 0))
        if _is_docstring(node):
            described.add(first)
        if any(_EXCLUDED.search(text) for text in lines[first - 1 : last]):
            excluded.update(range(first, (node.end_lineno or last) + 1))
    possible = possible_lines(tree)
    return Statements(possible, possible - described - excluded, start)


def module(source: bytes) -> ast.Module | None:
    """The tree of a module; None where it is no Python of this interpreter's grammar."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _statements(tree: ast.Module) -> Iterator[ast.stmt | ast.ExceptHandler | ast.match_case]:
    """Every statement, handler and case: expressions hold none, and are most of a tree."""
    pending: list[ast.stmt | ast.ExceptHandler | ast.match_case] = [*tree.body]
    while pending:
        node = pending.pop()
        yield node
        for name in _BLOCKS:
            pending += getattr(node, name, ())


def possible_lines(tree: ast.Module) -> frozenset[int]:
    """Lines on which coverage.py may see a statement begin: those a report of a module may hold."""
    lines: set[int] = set()
    for node in _statements(tree):
        lines.add(node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno)
        lines.update(one.lineno for one in getattr(node, "decorator_list", ()))
    return frozenset(lines)


def _own(node: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement's own text: of a compound one, the header without its body."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return first, node.end_lineno or first
    inner = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    inner = min([inner, *(one.lineno for one in getattr(body[0], "decorator_list", []))])
    return first, max(first, min(inner - 1, node.end_lineno or first) if inner > first else first)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
