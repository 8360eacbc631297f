"""Which lines of Python source coverage.py counts in any version and under the exclusions given, by `ast`.

Far from all: what depends on the interpreter, on constants or on unreachable code is left out. A report that holds most
of these lines and lacks others was made before the others were written.
"""

from __future__ import annotations

import ast
import re

from fr_check.core.patterns import pattern
from fr_check.sources.python_analysis.exclusions import matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Coverage.py's own exclusions, wider than in any of its versions.
_EXCLUDED = pattern(r"#.*(?:pragma|no\s*cover|TYPE_CHECKING)|\.\.\.", re.IGNORECASE)
# What an expression holds that may match over several lines.
_OVER_LINES = ("(?s", "\\n", "\\s", "\\W", "\\D", "[^", "\\x")
# Whatever a longer line holds, it is not searched with other people's expressions.
_LONGEST = 1000
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.While, ast.Assert)
_BRANCHES = (ast.If, ast.Try, ast.Match)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Return, ast.Import, ast.ImportFrom, ast.Delete)
_CALLS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)


def certain_lines(tree: ast.Module, source: bytes, excluded: Sequence[str] = ()) -> frozenset[int]:
    """The first lines of statements that any report of the module holds; none where that cannot be told.

    `excluded` are the regular expressions of the project's own exclusions; one that cannot be compiled excludes all.
    """
    try:
        expressions = [re.compile(one, re.MULTILINE) for one in excluded]
    except (re.error, RecursionError, OverflowError):
        return frozenset()
    # Lines as Python's grammar has them, without the mark of an encoding.
    text = source.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    hidden = {
        number
        for number, line in enumerate(text.split("\n"), 1)
        if len(line) > _LONGEST or _EXCLUDED.search(line) or any(one.search(line) for one in expressions)
    }
    for one in expressions:
        if any(sign in one.pattern for sign in _OVER_LINES):
            hidden |= matching(text, one)
    found: set[int] = set()
    pending: list[tuple[Iterable[ast.stmt], bool]] = [(tree.body, True)]
    while pending:
        block, outer = pending.pop()
        for node in _reached(block, outer=outer):
            if isinstance(node, _SCOPES):
                is_class = isinstance(node, ast.ClassDef)
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                # The first line of a function's body may exclude all of it: `...`.
                last = max(node.lineno, node.body[0].lineno - 1) if is_class else node.body[0].lineno
                if hidden.isdisjoint(range(first, last + 1)):
                    pending.append((node.body, is_class))
                    found.update([] if node.decorator_list else [node.lineno])
            elif _is_counted(node) and hidden.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
                found.add(node.lineno)
    return frozenset(found)


def _reached(block: Iterable[ast.stmt], *, outer: bool) -> Iterable[ast.stmt]:
    """The statements of a block up to where the compiler might drop the rest; modules and classes end nowhere else."""
    for node in block:
        yield node
        if isinstance(node, _ENDS) or (not outer and isinstance(node, _BRANCHES)):
            return


def _is_counted(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module != "__future__"
    return isinstance(node, _SIMPLE) or (isinstance(node, ast.Expr) and isinstance(node.value, _CALLS))
