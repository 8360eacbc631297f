"""Python source as statements with places."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left

from fr_check.core import python_syntax
from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.core.text import Text

# What a field of a node holds that is not in a list and has nodes below it.
_BRANCHES = (ast.expr, ast.stmt, ast.arguments, ast.arg)
# Half of all nodes: nothing that is asked for stands below them.
_LEAVES = frozenset((ast.Name, ast.Constant))


def parse_python(text: Text) -> ast.Module | Problem:
    """The tree of a module; what its parser cannot read becomes a Problem."""
    tree = python_syntax.parse(text.string)
    if isinstance(tree, python_syntax.Unparsed):
        return Problem(tree.message, Span(tree.line, tree.column, tree.line, tree.column), tree.help)
    return tree


# What only a newer version of Python reads, by the line at which an older one stops.
_NEWER = (
    ((3, 12), pattern(r"\s*type\s+\w+\s*(?:\[.*\]\s*)?=")),
    ((3, 12), pattern(r"\s*(?:(?:async\s+)?def|class)\s+\w+\s*\[")),
    ((3, 12), pattern(r""".*\b(?:[fF][rR]?|[rR][fF])["']""")),
    ((3, 14), pattern(r"\s*except\*?\s+[\w.]+\s*,\s*[\w.]+.*:")),
    ((3, 14), pattern(r""".*(?<!\w)(?:[tT][rR]?|[rR][tT])["']""")),
)


def newer_python(text: Text, problem: Problem) -> str:
    """The version of Python whose syntax stands where this one found a mistake, if it is newer; else empty."""
    line = text.line(problem.span.line)
    found = (version for version, syntax in _NEWER if version > sys.version_info[:2] and syntax.match(line))
    return ".".join(map(str, next(found, ())))


def walk(tree: ast.AST, lines: Sequence[int] | None = None) -> list[ast.AST]:
    """Every statement and expression below a node, outer ones first; `ast.walk` takes three times as long.

    With `lines` (line numbers, sorted), statements that stand on none of them are left out with all that is in them.
    """
    found: list[ast.AST] = []
    level = [tree]
    while level:
        found += level
        below: list[ast.AST] = []
        for node in level:
            if node.__class__ in _LEAVES:
                continue
            for value in node.__dict__.values():
                if value.__class__ is list:
                    below += [item for item in value if isinstance(item, ast.AST)]
                elif isinstance(value, _BRANCHES):
                    below.append(value)
        level = below if lines is None else [node for node in below if _stands_on(node, lines)]
    return found


def _stands_on(node: ast.AST, lines: Sequence[int]) -> bool:
    if not isinstance(node, ast.stmt):
        return True
    # A function's own first line is the one with `def`, below its decorators.
    first = min((item.lineno for item in getattr(node, "decorator_list", ())), default=node.lineno)
    index = bisect_left(lines, first)
    return index < len(lines) and lines[index] <= (node.end_lineno or node.lineno)


def span_of(text: Text, node: ast.AST) -> Span:
    """The span of a statement or expression, columns in characters."""
    if not isinstance(node, (ast.stmt, ast.expr, ast.keyword, ast.alias)):
        return Span(1, 1, 1, 1)
    end_line = node.end_lineno or node.lineno
    end = node.end_col_offset if node.end_col_offset is not None else node.col_offset
    return Span(node.lineno, _column(text, node.lineno, node.col_offset), end_line, _column(text, end_line, end))


def _column(text: Text, line: int, offset: int) -> int:
    content = text.line(line)
    if not content.isascii():
        offset = len(content.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))
    return offset + 1


def flatten(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a body and of the blocks in it that run in the same scope, in order."""
    stack = [iter(body)]
    while stack:
        statement = next(stack[-1], None)
        if statement is None:
            stack.pop()
            continue
        yield statement
        if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            blocks = [getattr(statement, name, []) for name in ("body", "handlers", "orelse", "finalbody")]
            stack.extend(iter(_statements(block)) for block in reversed(blocks))


def _statements(block: Iterable[ast.AST]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for node in block:
        if isinstance(node, ast.ExceptHandler):
            found += node.body
        elif isinstance(node, ast.stmt):
            found.append(node)
    return found


def assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    """Names a statement assigns, with the expression; None where the value is no single expression."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value
            else:
                yield from ((name, None) for name in _names(target))
    elif isinstance(statement, ast.AnnAssign):
        if isinstance(statement.target, ast.Name) and statement.value is not None:
            yield statement.target.id, statement.value
    elif isinstance(statement, (ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from ((name, None) for name in _names(statement.target))


def _names(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
