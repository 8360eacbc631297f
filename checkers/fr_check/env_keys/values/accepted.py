"""What a string becomes when pydantic reads it, so that values are compared as what they are: 360.0 equals "360"."""

from __future__ import annotations

import operator
import re
from functools import partial

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.settings.bounds import STRICT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fr_check.sources.settings import Kind

_BOOLEANS = dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True) | dict.fromkeys(
    ("0", "false", "f", "no", "n", "off"), False
)
# pydantic refuses more ("exceeded maximum size"), and so does Python.
_DIGITS = 4300
_INTEGER = pattern(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.0+)?")
_FLOAT = pattern(r"[+-]?(?:(?:[0-9]+(?:_[0-9]+)*)?\.?[0-9]*(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)", re.IGNORECASE)
# What pydantic takes, and no less; a number alone is only taken by some versions.
_DURATION = pattern(
    r"[+-]?(?:P[0-9YMWDTHS.,]+|[0-9]+(?:\.[0-9]+)?"
    r"|(?:[0-9]+\s*(?:d(?:ays?)?)?,?\s*)?(?:[0-9]{1,3}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?)",
    re.IGNORECASE,
)
_UUID = pattern(r"(?:urn:uuid:)?\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_URL = pattern(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = ("http", "file", "ftp", "ws", "postgres", "redis", "mongodb", "amqp", "mysql")
_BOUNDS = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "multiple_of": "a multiple of {}",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
    "strict": "and no text, for it is strict",
}
_EXPECTED = {
    "int": "an integer",
    "float": "a number",
    "decimal": "a number",
    "bool": "a boolean (true, false, 1, 0, yes, no, on, off)",
    "sequence": "a JSON array",
    "mapping": "a JSON object",
    "model": "a JSON object",
    "json": "JSON",
    "filled": "a value that is not empty",
    "duration": "a length of time (PT10S, 00:00:10, 3 days)",
    "uuid": "a UUID",
    "url": "a URL with its scheme",
    **{f"url {scheme}": f"a URL that begins with {scheme}" for scheme in _SCHEMES},
}


class Typed(NamedTuple):
    """`valid`: pydantic accepts the string; `value` is what it becomes, or the string where that is not known."""

    valid: bool
    value: Any


def typed(kind: Kind, string: str) -> Typed:
    """What a string becomes for a field of this kind: the first member of the union that takes it."""
    if kind.null is not None and string == kind.null and "none" in kind.names:
        return Typed(valid=True, value=None)
    if not kind.names or any(name in {"str", "bytes", "other"} for name in kind.names):
        return Typed(valid=not _is_beyond(kind, "str", string), value=string)
    for name in kind.names:
        read = _READERS.get(name)
        found = read(string) if read is not None else _structure(kind, name, string)
        if found is not None and not _is_beyond(kind, name, found.value):
            return found
    return Typed(valid=kind.prepared and not _is_decoded(kind), value=string)


def _is_beyond(kind: Kind, name: str, value: Any) -> bool:
    """Whether a value breaks a bound; only where one member has them all, and no validator comes before it."""
    bounded = [member for member in kind.names if member not in {"none", "literal", "integers"}]
    if not kind.bounds or kind.prepared or bounded != [name]:
        return False
    if name == "str":
        # Blanks around it may be stripped before it is measured.
        lengths = [(bound, limit) for bound, limit in kind.bounds if bound in _LENGTHS]
        return value == value.strip() and not all(_KEEPS[bound](len(value), limit) for bound, limit in lengths)
    if name not in _NUMERIC:
        return False
    if STRICT in kind.bounds:
        return True
    bounds = [(bound, limit) for bound, limit in kind.bounds if bound not in _LENGTHS]
    return name != "bool" and not all(_KEEPS[bound](value, limit) for bound, limit in bounds)


def within_bounds(kind: Kind, string: str) -> bool:
    """Whether a string would be valid if there were no bounds."""
    return typed(kind._replace(bounds=()), string).valid


def _is_decoded(kind: Kind) -> bool:
    """Whether the string is read as JSON before any validator sees it."""
    return kind.complex and kind.decoded


def expected(kind: Kind) -> str:
    """What a field takes, in words."""
    inside = "" if kind.items is None else f" of which each item is {expected(kind.items)}"
    if "mapping" in kind.names:
        inside = inside.replace("item", "value", 1)
    said = ((_EXPECTED[name], name in {"sequence", "mapping"}) for name in kind.names if name in _EXPECTED)
    words = [f"{word}{inside if structured else ''}" for word, structured in said]
    words += _members(kind)
    bounds = [_BOUNDS[name].format(limit) for name, limit in kind.bounds]
    return ", ".join((" or ".join(dict.fromkeys(words)) or "text", *bounds))


def takes_no_text(kind: Kind) -> bool:
    """Whether no text will ever do: a Literal of numbers, and nothing else, which none is equal to."""
    names = set(kind.names) - {"none"}
    return names == {"literal"} and not kind.members and not any(isinstance(one, str) for one in kind.literals)


def _members(kind: Kind) -> list[str]:
    """The values of a Literal or an enumeration that a text can be."""
    if not {"literal", "integers"} & set(kind.names):
        return []
    if takes_no_text(kind):
        return [f"{' or '.join(repr(one) for one in kind.literals[:8])} as a number, and a variable holds text"]
    digits = "integers" in kind.names
    members = [one for one in kind.literals if digits or isinstance(one, str)]
    listed = [repr(one) for one in (*members, *(name for name, _ in kind.members))][:8]
    return [f"one of {', '.join(listed)}" if len(listed) > 1 else listed[0]] if listed else []


def _integer(string: str) -> Typed | None:
    text = string.strip()
    if _INTEGER.fullmatch(text) is None:
        return None
    whole = text.partition(".")[0].lstrip("+-").replace("_", "").lstrip("0") or "0"
    if len(whole) > _DIGITS:
        return None
    return Typed(valid=True, value=-int(whole) if text.startswith("-") else int(whole))


def _number(string: str) -> Typed | None:
    text = string.strip()
    if not text or _FLOAT.fullmatch(text) is None:
        return None
    try:
        return Typed(valid=True, value=float(text))
    except ValueError:
        return None


def _boolean(string: str) -> Typed | None:
    value = _BOOLEANS.get(string.lower())
    return None if value is None else Typed(valid=True, value=value)


def _filled(string: str) -> Typed | None:
    return Typed(valid=True, value=string) if string else None


def _like(shape: re.Pattern[str], string: str) -> Typed | None:
    return Typed(valid=True, value=string) if string and shape.fullmatch(string.strip()) is not None else None


def _url(scheme: str, string: str) -> Typed | None:
    found = _URL.match(string.strip())
    fits = found is not None and found[1].lower().startswith(scheme)
    return Typed(valid=True, value=string) if fits else None


_NUMERIC = {"int": _integer, "float": _number, "decimal": _number, "bool": _boolean}
_READERS: dict[str, Callable[[str], Typed | None]] = {
    **_NUMERIC,
    "filled": _filled,
    "duration": partial(_like, _DURATION),
    "uuid": partial(_like, _UUID),
    "url": partial(_url, ""),
    **{f"url {scheme}": partial(_url, scheme) for scheme in _SCHEMES},
}
_LENGTHS = frozenset(("min_length", "max_length"))
_KEEPS: dict[str, Callable[[float, float], bool]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    # Between floats the remainder is a matter of rounding.
    "multiple_of": lambda value, limit: not isinstance(value, int) or value % (limit or 1) == 0,
    "min_length": operator.ge,
    "max_length": operator.le,
}


def _member(kind: Kind, string: str, *, digits: bool) -> Typed | None:
    """A value of a Literal or an enumeration: by its name where the class says so, by its digits where it has any."""
    names = dict(kind.members)
    if string in names:
        return Typed(valid=True, value=names[string])
    value = _integer(string) if digits else Typed(valid=True, value=string)
    return value if value is not None and value.value in kind.literals else None


def _structure(kind: Kind, name: str, string: str) -> Typed | None:
    """A literal, or JSON for what pydantic-settings decodes."""
    if name in {"literal", "integers"}:
        return _member(kind, string, digits=name == "integers")
    if name not in {"sequence", "mapping", "model", "json"}:
        return None
    if not kind.decoded:
        return Typed(valid=True, value=string)
    import json  # noqa: PLC0415 - only structured settings need it

    try:
        value = json.loads(string)
    except (ValueError, RecursionError):
        return None
    wanted = {"sequence": list, "json": object}.get(name, dict)
    fits = isinstance(value, wanted) and (name == "json" or kind.prepared or _holds(kind, value))
    return Typed(valid=True, value=value) if fits else None


def _holds(kind: Kind, value: Any) -> bool:
    """Whether everything in a sequence or mapping that came out of JSON is of the kind it has to be."""
    items = kind.items
    inside = value.values() if isinstance(value, dict) else value
    return items is None or all(_takes(items, item) for item in inside)


def _takes(kind: Kind, value: Any) -> bool:
    """Whether pydantic accepts a value that came out of JSON; in doubt it does."""
    return not kind.names or any(name not in _IN_JSON or _IN_JSON[name](kind, value) for name in kind.names)


def _is_numeric(value: Any, read: Callable[[str], Typed | None]) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and read(value) is not None)


_IN_JSON: dict[str, Callable[[Kind, Any], bool]] = {
    "str": lambda _, value: isinstance(value, str),
    "bytes": lambda _, value: isinstance(value, str),
    "int": lambda _, value: _is_numeric(value, _integer) and not (isinstance(value, float) and value % 1),
    "float": lambda _, value: _is_numeric(value, _number),
    "decimal": lambda _, value: _is_numeric(value, _number),
    "bool": lambda _, value: value in (0, 1) or (isinstance(value, str) and _boolean(value) is not None),
    "none": lambda _, value: value is None,
    "literal": lambda kind, value: value in kind.literals,
    "sequence": lambda kind, value: isinstance(value, list) and _holds(kind, value),
    "mapping": lambda kind, value: isinstance(value, dict) and _holds(kind, value),
    "model": lambda _, value: isinstance(value, dict),
}
