"""What the code around a read of the environment says of it: other names that would do, a value that is not used.

`os.getenv("NEW") or os.getenv("OLD")` takes one variable under two names.
"""

from __future__ import annotations

import ast

from fr_check.sources.settings.syntax import span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.model import Span
    from fr_check.core.text import Text

_DEEPEST = 5
"""Calls around a read: `str(os.getenv("A").strip())`."""


def other_names(text: Text, nodes: Iterable[ast.AST], keys: dict[Span, str]) -> dict[Span, tuple[str, ...]]:
    """For each read that others may stand in for, the names that these read; `keys`: what is read, by its span."""
    found: dict[Span, tuple[str, ...]] = {}

    def read(node: ast.expr) -> list[Span]:
        """The reads that an expression is the value of: itself, or that of a call or method around it."""
        for _ in range(_DEEPEST):
            span = span_of(text, node)
            if span in keys:
                return [span, *_of_default(node, read)]
            inner = _inner(node)
            if inner is None:
                return []
            node = inner
        return []

    for node in nodes:
        group: list[Span] = []
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            group = [span for value in node.values for span in read(value)]
        elif isinstance(node, ast.Call) and len(node.args) + len(node.keywords) > 1:
            group = read(node)
        names = tuple(dict.fromkeys(keys[span] for span in group))
        if len(names) > 1:
            for span in group:
                several = (*found.get(span, ()), *(name for name in names if name != keys[span]))
                found[span] = tuple(dict.fromkeys(several))
    return found


def _inner(node: ast.expr) -> ast.expr | None:
    """What a call is made of: `X.strip()`, `str(X)`, or a chain of fallbacks in brackets."""
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
        return node.func.value
    return node.args[0] if len(node.args) == 1 and isinstance(node.func, ast.Name) else None


def _of_default(node: ast.expr, read: Callable[[ast.expr], list[Span]]) -> list[Span]:
    """The reads of a default: `os.getenv("NEW", os.getenv("OLD"))`."""
    if not isinstance(node, ast.Call):
        return []
    defaults = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "default")]
    return [span for default in defaults for span in read(default)]
