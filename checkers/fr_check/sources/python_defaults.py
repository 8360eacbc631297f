"""What Python code takes where a variable is not set, as far as it is written beside the read."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Resolve = Callable[[ast.expr], str]

# What a switch is compared with.
_SWITCH = frozenset(("1", "0", "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n"))
_CONTAINERS = frozenset(("set", "frozenset", "tuple", "list"))
CASTS = frozenset(("str", "int", "float", "bool", "Decimal"))


def default_of(node: ast.expr) -> ast.expr | None:
    """What a call names as its default."""
    if not isinstance(node, ast.Call):
        return None
    named = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), None)
    return node.args[1] if len(node.args) > 1 else named


def literal(node: ast.expr | None) -> str:
    """A literal as text: that of a number without its sign; empty for what is none, or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return literal(node.operand)
    if not isinstance(node, ast.Constant) or node.value is None:
        return ""
    try:
        return str(node.value)
    except ValueError:  # Python writes no integer of more than 4,300 digits.
        return ""


def is_switch(node: ast.expr, resolve: Resolve = literal) -> bool:
    """Whether an expression is what a switch is compared with: `"1"`, `("true", "yes")`, `frozenset({"on"})`."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _CONTAINERS and len(node.args) == 1:
        node = node.args[0]
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return bool(node.elts) and all(is_switch(one, resolve) for one in node.elts)
    return resolve(node).lower() in _SWITCH


def subject(node: ast.expr) -> ast.expr:
    """What is compared, below `.lower()`, `.strip()` and `str(...)` and before the `or` of a default."""
    while True:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            node = node.func.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in CASTS and len(node.args) == 1:
            node = node.args[0]
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            node = node.values[0]
        else:
            return node
