"""The default of a setting in Python, made of the text that a variable would have for it."""

from __future__ import annotations

import ast
import json
import math
from decimal import Decimal, InvalidOperation

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ISO = ("date", "datetime", "time")
# The beginning of what each takes.
_URLS = {
    "AnyUrl": "", "AnyHttpUrl": "http", "HttpUrl": "http", "WebsocketUrl": "ws", "PostgresDsn": "postgres",
    "RedisDsn": "redis", "MySQLDsn": "mysql", "MongoDsn": "mongodb", "AmqpDsn": "amqp", "KafkaDsn": "kafka",
}  # fmt: skip
_URL = pattern(r"(?P<scheme>[a-z][a-z0-9+.-]*)://[^\s/]\S*")
_UUID = pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LISTS, _MAPPINGS = ("list", "List", "Sequence"), ("dict", "Dict", "Mapping")
_SETS, TUPLES = ("set", "Set", "frozenset", "FrozenSet"), ("tuple", "Tuple")
_INTEGERS = ("int", "PositiveInt", "NegativeInt", "NonNegativeInt")
_FLOATS = ("float", "PositiveFloat", "NonNegativeFloat")
_TRUTH = {**dict.fromkeys(("true", "1", "yes", "on"), True), **dict.fromkeys(("false", "0", "no", "off"), False)}


class UnwrittenError(Exception):
    """How a value of this type is written in Python is not known here."""


class UnfitError(Exception):
    """A value is none of a type."""


def members_of(node: ast.expr) -> tuple[bool, list[ast.expr]]:
    """Whether a type takes None, and its other members."""
    if isinstance(node, ast.Constant) and node.value is None:
        return True, []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        parts = [members_of(node.left), members_of(node.right)]
    elif isinstance(node, ast.Subscript) and type_name(node) == "Optional":
        parts = [(True, []), members_of(node.slice)]
    elif isinstance(node, ast.Subscript) and type_name(node) in {"Union", "Annotated"}:
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        parts = [members_of(one) for one in (inside if type_name(node) == "Union" else inside[:1])]
    else:
        return False, [node]
    return any(found for found, _ in parts), [one for _, some in parts for one in some]


def takes_text(members: list[ast.expr]) -> bool:
    """Whether one of a type's members is text."""
    return any(type_name(one) == "str" for one in members)


def type_name(node: ast.expr) -> str:
    """The last part of a type's name, without what stands in brackets."""
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def as_text(node: ast.expr, value: str) -> str:
    """The default as an example spells it."""
    return value.lower() if type_name(node) == "bool" else value


def in_python(node: ast.expr, value: str) -> str:
    """The default in Python, of the text that a variable would have."""
    name = type_name(node)
    if name in (*_LISTS, *_MAPPINGS, *_SETS, *TUPLES):
        try:
            return _of_json(node, json.loads(value))
        except ValueError:
            raise UnfitError from None
    return _scalar(node, value)


def _scalar(node: ast.expr, value: str) -> str:  # noqa: PLR0911 - one return for each form
    name = type_name(node)
    head = ast.unparse(node)
    if name == "bool":
        if value.lower() not in _TRUTH:
            raise UnfitError
        return str(_TRUTH[value.lower()])
    if name in (*_INTEGERS, *_FLOATS):
        return _number(name, value)
    if name == "Decimal":
        try:
            Decimal(value)
        except InvalidOperation:
            raise UnfitError from None
        return f"{head}({_text(value)})"
    if name == "Literal" and isinstance(node, ast.Subscript):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(one, ast.Constant) and one.value == value for one in inside):
            return _text(value)
        raise UnfitError
    if name in _ISO:
        return _moment(head, name, value)
    if name in _URLS:
        found = _URL.fullmatch(value)
        if found is None or not found["scheme"].startswith(_URLS[name]):
            raise UnfitError
        return f"{head}({_text(value)})"
    if name == "UUID" and _UUID.fullmatch(value) is None:
        raise UnfitError
    if name in {"Path", "SecretStr", "UUID"}:
        return f"{head}({_text(value)})"
    if name in {"str", "Any"}:
        return _text(value)
    raise UnwrittenError


def _number(name: str, value: str) -> str:
    try:
        number = int(value) if name in _INTEGERS else float(value)
    except ValueError:
        raise UnfitError from None
    signs = [number > 0] * name.startswith("Positive") + [number < 0] * name.startswith("Negative")
    signs += [number >= 0] * name.startswith("NonNegative")
    if not all(signs) or not math.isfinite(number):
        raise UnfitError
    return repr(number)


def _moment(head: str, name: str, value: str) -> str:
    import datetime as dt  # noqa: PLC0415 - seldom needed

    try:
        getattr(dt, name).fromisoformat(value)
    except ValueError:
        raise UnfitError from None
    return f"{head}.fromisoformat({_text(value)})"


def _of_json(node: ast.expr, value: Any) -> str:
    """What came out of JSON, in Python."""
    name = type_name(node)
    inside = node.slice if isinstance(node, ast.Subscript) else None
    each = inside.elts if isinstance(inside, ast.Tuple) else [inside] if inside is not None else []
    if name in _MAPPINGS:
        if not isinstance(value, dict):
            raise UnfitError
        kind = each[1] if len(each) > 1 else None
        return "{" + ", ".join(f"{_text(key)}: {_item(kind, one)}" for key, one in value.items()) + "}"
    if not isinstance(value, list):
        raise UnfitError
    fixed = name in TUPLES and each and not (len(each) == 2 and _is_open(each[1]))  # noqa: PLR2004 - `T, ...`
    if fixed and len(each) != len(value):
        raise UnfitError
    kinds = each if fixed else [each[0] if each else None] * len(value)
    items = ", ".join(_item(kind, one) for kind, one in zip(kinds, value, strict=True))
    if name in TUPLES:
        return f"({items},)" if len(value) == 1 else f"({items})"
    if name in _SETS:
        plain = f"{{{items}}}" if items else "set()"
        return plain if name in {"set", "Set"} else f"frozenset({plain})" if items else "frozenset()"
    return f"[{items}]"


def _is_open(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _item(node: ast.expr | None, value: Any) -> str:
    optional, members = members_of(node) if node is not None else (True, [])
    if node is None or (value is None and optional):
        return _plain(value)
    for member in members:
        try:
            if isinstance(value, (list, dict)):
                return _of_json(member, value)
            if isinstance(value, str):
                return _scalar(member, value) if type_name(member) not in (*_INTEGERS, *_FLOATS, "bool") else _fail()
            if isinstance(value, bool):
                return repr(value) if type_name(member) in {"bool", "Any"} else _fail()
            if isinstance(value, (int, float)) and type_name(member) in (*_INTEGERS, *_FLOATS):
                return _number(type_name(member), repr(value))
            if isinstance(value, (int, float)) and type_name(member) == "Any":
                return repr(value)
        except UnfitError:
            continue
    raise UnfitError


def _fail() -> str:
    raise UnfitError


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_plain(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(value: str) -> str:
    """A text in double quotes, where that needs no more escapes than single ones."""
    written = repr(value)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in value else written
