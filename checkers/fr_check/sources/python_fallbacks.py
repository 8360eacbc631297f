"""What Python code takes where a variable is not set, where that stands elsewhere in the file.

A constant of the module, a number that is computed of literals, and what is made of the name that a read is given to.
"""

from __future__ import annotations

import ast
import operator

from fr_check.core import python_syntax
from fr_check.sources.python_defaults import CASTS, is_switch, literal, subject
from fr_check.sources.settings.syntax import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OFF = "false"
"""What a switch is where it is not set."""

_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}  # fmt: skip
# As deep as expressions and constants of constants are followed.
_DEEPEST = 8
_BINDING = frozenset((ast.Assign, ast.AnnAssign))
# What names a value, or says what is taken where there is none.
_TELLING = frozenset((ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Compare, ast.BoolOp, ast.IfExp, ast.If))
# What the value of a read may stand in, itself among them.
_HOLDING = frozenset((ast.Call, ast.BoolOp))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Constants:
    """What the names of a module are, where they are literals or made of such."""

    def __init__(self, tree: ast.Module) -> None:
        self._named: dict[str, ast.expr | None] = {}
        # What may tell of a value, by the function that it stands in.
        self.telling: dict[ast.AST, list[ast.AST]] = {}
        for statement in tree.body:
            if statement.__class__ in _BINDING:
                self._bind(statement, "")
            elif isinstance(statement, ast.ClassDef):
                for inner in statement.body:
                    self._bind(inner, f"{statement.name}.")

    def _bind(self, statement: ast.stmt, prefix: str) -> None:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                if isinstance(target, ast.Name):
                    name = prefix + target.id
                    # What is bound twice is not known.
                    self._named[name] = None if name in self._named else statement.value

    def text(self, node: ast.expr | None) -> str:
        """An expression as the text that it comes to; empty where that is not known."""
        return self._text(node, _DEEPEST)

    def is_switch(self, node: ast.expr) -> bool:
        """Whether an expression is what a switch is compared with, by a name or not."""
        return is_switch(self._named.get(_name(node)) or node, self.text)

    def _text(self, node: ast.expr | None, depth: int) -> str:
        if node is None or depth == 0:
            return ""
        if isinstance(node, ast.Call):
            cast = isinstance(node.func, ast.Name) and node.func.id in CASTS and len(node.args) == 1
            return self._text(node.args[0], depth - 1) if cast else ""
        if isinstance(node, ast.BinOp):
            return _computed(node.op, self._text(node.left, depth - 1), self._text(node.right, depth - 1))
        name = _name(node)
        return self._text(self._named.get(name), depth - 1) if name else literal(node)


def _name(node: ast.expr) -> str:
    """`NAME`, `Class.NAME`, or the same of an enumeration's member with its `.value`; empty for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.attr == "value":
        node = node.value
    if isinstance(node, ast.Attribute):
        return f"{node.value.id}.{node.attr}" if isinstance(node.value, ast.Name) else ""
    return node.id if isinstance(node, ast.Name) else ""


def _computed(how: ast.operator, left: str, right: str) -> str:
    """Of two numbers, what comes out; of other texts nothing."""
    compute = _OPERATORS.get(type(how))
    try:
        return "" if compute is None else str(compute(_number(left), _number(right)))
    except (ValueError, ArithmeticError):
        return ""


def _number(text: str) -> int | float:
    return float(text) if "." in text or "e" in text else int(text)


def taken_instead(tree: ast.Module, node: ast.expr, constants: Constants) -> str:
    """What comes in the place of a read that names no default; empty where that is not known.

    `raw = os.getenv("K")`, and then `raw in ("1", "true")`, `float(raw) if raw else 5`, `if raw is None: return LIMIT`.
    """
    around = _around(tree, node, constants)
    names = {name for name, value in _named(around) if subject(value) is node}
    if not names:
        return ""
    found = (_instead(one, names, constants) for one in around)
    return next((text for text in found if text), "")


def _around(tree: ast.Module, node: ast.expr, constants: Constants) -> list[ast.AST]:
    """What may tell of a value in the function that a node stands in; of a module, in what is in no function."""
    inner: ast.AST = tree
    body = tree.body
    while True:
        nested = next((one for one in body if one.lineno <= node.lineno <= (one.end_lineno or 0)), None)
        below = getattr(nested, "body", None)
        if not isinstance(below, list):
            break
        inner = nested if isinstance(nested, _FUNCTIONS) else inner
        body = below
    if inner not in constants.telling:
        lines = None
        if isinstance(inner, ast.Module):
            plain = [one for one in tree.body if not hasattr(one, "body") or isinstance(one, ast.If)]
            lines = [line for one in plain for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)]
        constants.telling[inner] = [one for one in walk(inner, lines) if one.__class__ in _TELLING]
    return constants.telling[inner]


def _named(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """The names that are given a value, with it, which holds a call."""
    for one in nodes:
        if isinstance(one, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            if one.value is not None and one.value.__class__ in _HOLDING:
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, one.value


def _instead(node: ast.AST, names: set[str], constants: Constants) -> str:
    """What one statement or expression takes where one of these names has nothing."""
    if isinstance(node, ast.Compare):
        asked = _is_one(subject(node.left), names)
        return OFF if asked and all(map(constants.is_switch, node.comparators)) else ""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return constants.text(node.values[-1]) if _is_one(subject(node.values[0]), names) else ""
    if isinstance(node, ast.IfExp):
        return constants.text({True: node.body, False: node.orelse, None: None}[_is_missing(node.test, names)])
    if isinstance(node, ast.If) and _is_missing(node.test, names):
        last = node.body[-1]
        return constants.text(last.value) if isinstance(last, (ast.Return, ast.Assign)) else ""
    return ""


def _is_missing(test: ast.expr, names: set[str]) -> bool | None:
    """Whether a test that holds says that a name has nothing, True, or something, False; None for neither."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        opposite = _is_missing(test.operand, names)
        return None if opposite is None else not opposite
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        # `raw is None or raw == ""`
        return True if all(_is_missing(one, names) for one in test.values) else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and _is_one(subject(test.left), names):
        if literal(test.comparators[0]) or not isinstance(test.comparators[0], ast.Constant):
            return None
        return {ast.Is: True, ast.Eq: True, ast.IsNot: False, ast.NotEq: False}.get(type(test.ops[0]))
    return False if _is_one(subject(test), names) else None


def _is_one(node: ast.expr, names: set[str]) -> bool:
    node = node.target if isinstance(node, ast.NamedExpr) else node
    return isinstance(node, ast.Name) and node.id in names


def of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, constants: Constants) -> str:
    """What a function that reads the variable it is called with takes where its call names nothing."""
    positional = [*node.args.posonlyargs, *node.args.args]
    given: Mapping[str, ast.expr | None] = {
        **dict(zip([one.arg for one in reversed(positional[1:])], reversed(node.args.defaults), strict=False)),
        **dict(zip([one.arg for one in node.args.kwonlyargs], node.args.kw_defaults, strict=True)),
    }
    text = next((constants.text(value) for name, value in given.items() if "default" in name or name == "fallback"), "")
    if text:
        return text
    compared = (one for one in walk(node) if isinstance(one, ast.Compare))
    return OFF if any(all(map(constants.is_switch, one.comparators)) for one in compared) else ""


def written(expression: str, lookup: Mapping[str, str]) -> str:
    """The text that a few words of Python come to, with `lookup` for the names in them; empty where it is not known."""
    lines = [f"{name} = {value}" for name, value in lookup.items()]
    tree = python_syntax.module("\n".join((*lines, f"_ = {expression}")))
    last = tree.body[-1] if tree is not None else None
    return Constants(tree).text(last.value) if tree is not None and isinstance(last, ast.Assign) else ""
