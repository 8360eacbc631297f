"""What Python code takes where a variable is not set, as far as it is written beside the read."""

from __future__ import annotations

import ast

# What a switch is compared with.
_SWITCH = frozenset(("1", "0", "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n"))


def default_of(node: ast.expr) -> str:
    """The literal that a call names as its default, as text; empty for none."""
    if not isinstance(node, ast.Call):
        return ""
    named = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), None)
    return literal(node.args[1] if len(node.args) > 1 else named)


def literal(node: ast.expr | None) -> str:
    """A literal as text: that of a number without its sign; empty for what is none, or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return literal(node.operand)
    return str(node.value) if isinstance(node, ast.Constant) and node.value is not None else ""


def is_switch(node: ast.expr) -> bool:
    """Whether an expression is what a switch is compared with: `"1"`, `("true", "yes")`."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return bool(node.elts) and all(map(is_switch, node.elts))
    return literal(node).lower() in _SWITCH


def subject(node: ast.expr) -> ast.expr:
    """What is compared, below `.lower()` and `.strip()` and before the `or` of a default."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        node = node.values[0]
    return node
