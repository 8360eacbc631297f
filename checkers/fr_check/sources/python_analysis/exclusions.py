"""Which lines of a module regular expressions take out of the measurement.

Semantics of coverage 7.17 (`parser.py`): a line that matches is excluded with its whole logical line; where it belongs
to a header, the suite goes with it, and a function or class goes with its decorators. An expression may match over
several lines.
"""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_left, bisect_right

from fr_check.core.record import NamedTuple
from fr_check.sources.python_analysis.flow import is_irrefutable
from fr_check.sources.python_analysis.layout import begins, suites, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from fr_check.sources.python_analysis.layout import Layout


class Module(NamedTuple):
    """A module as it is looked at here: its text ends with a newline, `lines` are its lines without their ends."""

    tree: ast.Module
    text: str
    lines: Sequence[str]
    layout: Layout


class _Head(NamedTuple):
    """Where to look for a header, from line to line, and the lines of its suite."""

    start: int
    limit: int
    first: int
    last: int


def matching(text: str, expression: re.Pattern[str]) -> set[int]:
    """The lines, from 1, that an expression matches in whole or in part."""
    found: set[int] = set()
    line, seen = 1, 0
    for match in expression.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        found.update(range(line, line + match[0].count("\n") + 1))
    return found


def logical(module: Module, lines: set[int]) -> set[int]:
    """The logical lines, by their first, of some lines. A comment between a header and its suite is neither's."""
    first, heads = module.layout.first, module.layout.heads
    found = set()
    for line in lines:
        start = first.get(line, line)
        within = start == line or start not in heads or line in _header(module, start, heads[start])
        found.add(start if within else line)
    return found


def excluded(module: Module, matched: set[int], compiled: frozenset[int]) -> set[int]:
    """The lines that do not count where `matched` are excluded; something was compiled for lines `compiled`."""
    begun = module.layout.begun
    found = logical(module, matched)
    end = 0
    for head in sorted(_heads(module)):
        if head.start <= end or matched.isdisjoint(range(head.start, head.limit + 1)):
            continue
        header = _header(module, head.start, head.limit)
        if not matched.isdisjoint(header):
            found.add(header.start)
            found.update(begun[bisect_left(begun, head.first) : bisect_right(begun, head.last)])
            end = head.last
    _carry(module.tree, found, compiled)
    return found


def _heads(module: Module) -> Iterator[_Head]:
    """Every header of a suite, where the suite does not stand on the same line."""
    first = module.layout.first
    for node in walk(module.tree):
        line = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
        begin = start = first.get(line, line)
        for block in suites(node):
            inner = begins(block[0])
            inner = first.get(inner, inner)
            # A case has no end of its own; the last ends with its `match`.
            last: int = getattr(block[-1], "end_lineno", 0) or getattr(node, "end_lineno", 0)
            # Handlers hang on their own headers alone, and so does what follows `elif`.
            if inner > begin and not isinstance(block[0], ast.ExceptHandler):
                yield _Head(start, inner - 1, inner, last)
            start = last + 1


def _header(module: Module, start: int, limit: int) -> range:
    """The first logical line from `start` to `limit`, up to its last colon; `else` and `finally` are no nodes."""
    text = "\n".join(module.lines[start - 1 : limit]) + "\n"
    begin = colon = depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE:
                break
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
                colon = token.end[0] if token.string == ":" and not depth else colon
            if token.string.strip() and token.type != tokenize.COMMENT:
                begin = begin or token.start[0]
    except (tokenize.TokenError, SyntaxError):
        pass  # lines that are cut out of their block may end anywhere
    return range(start + begin - 1, start + colon)


def _carry(tree: ast.Module, found: set[int], compiled: frozenset[int]) -> None:
    """Takes functions and classes out whose header is, and a `case _:` whose suite is, as the `else` of its `match`."""
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            start = min((one.lineno for one in node.decorator_list), default=node.lineno)
            if not found.isdisjoint(range(start, node.lineno + 1)):
                found.update(range(start, (node.end_lineno or start) + 1))
        elif isinstance(node, ast.match_case) and is_irrefutable(node):
            inner = compiled.intersection(range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1))
            if inner and inner <= found:
                found.update(range(node.pattern.lineno, (node.pattern.end_lineno or 0) + 1))
