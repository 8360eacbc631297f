"""Constant expressions, evaluated without running anything: what cannot be known is UNKNOWN, never a guess."""

from __future__ import annotations

import ast
import operator

from fr_check.sources.settings.modules import Defined, Scope, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Final

    from fr_check.sources.settings.modules import Modules

_DEPTH = 60
# Steps one expression may take: `A = B + B`, `B = C + C`, ... doubles with every line.
_FUEL = 20_000
_LONGEST = 10_000
_LARGEST = 1 << 128


class _Unknown:
    """The one value UNKNOWN."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("compare with `is UNKNOWN`")


UNKNOWN: Final = _Unknown()
_METHODS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "strip": str.strip,
    "title": str.title,
    "capitalize": str.capitalize,
    "casefold": str.casefold,
    "swapcase": str.swapcase,
}
_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def evaluate(node: ast.expr, scope: Scope, modules: Modules, depth: int = 0) -> Any:
    """The value of an expression, or UNKNOWN. Dicts may hold UNKNOWN values; other containers are known as a whole."""
    modules.fuel = _FUEL if depth == 0 else modules.fuel - 1
    if depth > _DEPTH or modules.fuel < 0:
        return UNKNOWN
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.Name, ast.Attribute)):
        found = modules.entity(node, scope, depth)
        if isinstance(found, Value) and found.node is not node:
            return evaluate(found.node, found.scope, modules, depth + 1)
        return UNKNOWN
    handler = _HANDLERS.get(type(node))
    return UNKNOWN if handler is None else handler(node, lambda child: evaluate(child, scope, modules, depth + 1))


def call(function: ast.expr, argument: str, scope: Scope, modules: Modules) -> Any:
    """The value of a one-argument function (lambda, or a function with a single `return`) for a string."""
    target = modules.entity(function, scope)
    if isinstance(target, Value) and isinstance(target.node, ast.Lambda):
        return _apply(target.node.args, target.node.body, argument, target.scope, modules)
    if isinstance(target, Defined) and isinstance(target.node, ast.FunctionDef):
        body = [s for s in target.node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
            return _apply(target.node.args, body[0].value, argument, Scope(target.module, {}, target.outer), modules)
    return UNKNOWN


def returned_by(function: Defined | Value, node: ast.Call, scope: Scope) -> Value | None:
    """The expression that a function of one `return` (or a lambda) gives for a call, with what it is called with."""
    statement = function.node
    if isinstance(function, Value):
        body = function.node.body if isinstance(function.node, ast.Lambda) else None
        inner = function.scope
    else:
        statements = statement.body if isinstance(statement, ast.FunctionDef) else []
        code = [one for one in statements if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        body = code[0].value if len(code) == 1 and isinstance(code[0], ast.Return) else None
        inner = Scope(function.module, {}, function.outer)
    if body is None or not isinstance(statement, (ast.FunctionDef, ast.Lambda)):
        return None
    given = _given(statement.args, node, scope, inner)
    return None if given is None else Value(body, inner._replace(local={**inner.local, **given}))


def _given(parameters: ast.arguments, node: ast.Call, scope: Scope, inner: Scope) -> dict[str, Value | None] | None:
    """What each parameter of a function holds in a call; None where that is not known."""
    names = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    if starred or parameters.vararg or len(node.args) > len(names) or any(k.arg is None for k in node.keywords):
        return None
    defaults = dict(zip(reversed(names), reversed(parameters.defaults), strict=False))
    only = zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    defaults.update((parameter.arg, default) for parameter, default in only if default is not None)
    found: dict[str, Value | None] = {name: Value(default, inner) for name, default in defaults.items()}
    found.update((name, Value(argument, scope)) for name, argument in zip(names, node.args, strict=False))
    known = {*names, *(parameter.arg for parameter in parameters.kwonlyargs)}
    rest: list[ast.keyword] = []
    for keyword in node.keywords:
        if keyword.arg in known:
            found[keyword.arg or ""] = Value(keyword.value, scope)
        else:
            rest.append(keyword)
    if parameters.kwarg is not None:
        pairs: list[ast.expr | None] = [ast.Constant(keyword.arg) for keyword in rest]
        found[parameters.kwarg.arg] = Value(ast.Dict(pairs, [keyword.value for keyword in rest]), scope)
    return found if known <= found.keys() and (parameters.kwarg is not None or not rest) else None


def _apply(parameters: ast.arguments, body: ast.expr, argument: str, scope: Scope, modules: Modules) -> Any:
    names = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    if len(names) != 1:
        return UNKNOWN
    value = Value(ast.Constant(argument), scope)
    return evaluate(body, scope._replace(local={**scope.local, names[0]: value}), modules)


def _sequence(node: Any, value: Callable[[ast.expr], Any]) -> Any:
    items: list[Any] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = value(element.value)
            if not isinstance(inner, (list, tuple)):
                return UNKNOWN
            items += inner
        else:
            items.append(value(element))
        if len(items) > _LONGEST or any(item is UNKNOWN for item in items[-1:]):
            return UNKNOWN
    if isinstance(node, ast.Set):
        return _hashed(items)
    return tuple(items) if isinstance(node, ast.Tuple) else items


def _hashed(items: Sequence[Any]) -> Any:
    scalars = all(isinstance(item, (str, int, float, bytes, type(None))) for item in items)
    return set(items) if scalars else UNKNOWN


def _dict(node: Any, value: Callable[[ast.expr], Any]) -> Any:
    result: dict[Any, Any] = {}
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            inner = value(item)
            if not isinstance(inner, dict):
                return UNKNOWN
            result.update(inner)
        else:
            name = value(key)
            if not isinstance(name, (str, int, float, bool, type(None))):
                return UNKNOWN
            result[name] = value(item)
    return result


def _binary(node: Any, value: Callable[[ast.expr], Any]) -> Any:
    left, right = value(node.left), value(node.right)
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(left, str) and isinstance(right, str) and isinstance(node.op, ast.Add):
        return left + right if len(left) + len(right) <= _LONGEST else UNKNOWN
    if isinstance(left, dict) and isinstance(right, dict) and isinstance(node.op, ast.BitOr):
        return {**left, **right}
    if isinstance(left, list) and isinstance(right, list) and isinstance(node.op, ast.Add):
        return left + right if len(left) + len(right) <= _LONGEST else UNKNOWN
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _arithmetic(left, right, node.op)
    return UNKNOWN


def _arithmetic(left: float, right: float, sign: ast.operator) -> Any:
    if abs(left) > _LARGEST or abs(right) > _LARGEST:
        return UNKNOWN
    operation = _OPERATIONS.get(type(sign))
    try:
        return UNKNOWN if operation is None else operation(left, right)
    except (ZeroDivisionError, OverflowError):
        return UNKNOWN


def _unary(node: Any, value: Callable[[ast.expr], Any]) -> Any:
    operand = value(node.operand)
    if isinstance(node.op, ast.USub) and isinstance(operand, (int, float)):
        return -operand
    if isinstance(node.op, ast.Not) and isinstance(operand, bool):
        return not operand
    return UNKNOWN


def _joined(node: Any, value: Callable[[ast.expr], Any]) -> Any:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            inner = value(part.value) if part.conversion == -1 and part.format_spec is None else UNKNOWN
            if not isinstance(inner, (str, int)):
                return UNKNOWN
            parts.append(str(inner))
        elif isinstance(part, ast.Constant):
            parts.append(str(part.value))
    joined = "".join(parts)
    return joined if len(joined) <= _LONGEST else UNKNOWN


def _call(node: Any, value: Callable[[ast.expr], Any]) -> Any:
    """A method without arguments on a known string, `"X".upper()`; a copy of a known dict; `dict(a=1)`."""
    function = node.func
    if isinstance(function, ast.Name) and function.id == "dict" and not node.args:
        keywords = {keyword.arg: value(keyword.value) for keyword in node.keywords}
        return UNKNOWN if None in keywords else keywords
    if not isinstance(function, ast.Attribute) or node.args or node.keywords:
        return UNKNOWN
    owner = value(function.value)
    if isinstance(owner, str) and function.attr in _METHODS:
        return _METHODS[function.attr](owner)
    return dict(owner) if isinstance(owner, dict) and function.attr == "copy" else UNKNOWN


_HANDLERS: dict[type[ast.expr], Callable[[Any, Callable[[ast.expr], Any]], Any]] = {
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.JoinedStr: _joined,
    ast.Call: _call,
}
