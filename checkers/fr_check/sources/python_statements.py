"""Which lines of Python source can be executable, by `ast`: for telling cheaply whether data is of today's sources.

Wider than what coverage.py counts, in any of its versions: a report whose executable lines are elsewhere is known to be
of other sources. What it does count, `python_analysis` says.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Most statements, which hold no others.
_SIMPLE = frozenset((
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom,
    ast.Pass, ast.Break, ast.Continue, ast.Delete, ast.Global, ast.Nonlocal,
))  # fmt: skip
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _statements(tree: ast.Module) -> Iterator[ast.stmt | ast.ExceptHandler | ast.match_case]:
    """Every statement, handler and case: expressions hold none, and are most of a tree."""
    pending: list[ast.stmt | ast.ExceptHandler | ast.match_case] = [*tree.body]
    while pending:
        node = pending.pop()
        yield node
        for name in _BLOCKS if node.__class__ not in _SIMPLE else ():
            pending += getattr(node, name, ())


def possible_lines(tree: ast.Module) -> frozenset[int]:
    """Lines on which coverage.py may see a statement begin: those a report of a module may hold."""
    lines: set[int] = set()
    for node in _statements(tree):
        lines.add(node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno)
        if node.__class__ not in _SIMPLE:
            lines.update(one.lineno for one in getattr(node, "decorator_list", ()))
    return frozenset(lines)
