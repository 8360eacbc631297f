"""What a string becomes when pydantic reads it, so that values are compared as what they are: 360.0 equals "360"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from checkers.core.patterns import pattern
from checkers.core.record import NamedTuple

if TYPE_CHECKING:
    from checkers.sources.settings import Kind

_BOOLEANS = dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True) | dict.fromkeys(
    ("0", "false", "f", "no", "n", "off"), False
)
_INTEGER = pattern(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.0+)?")
_FLOAT = pattern(r"[+-]?(?:(?:[0-9]+(?:_[0-9]+)*)?\.?[0-9]*(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)", re.IGNORECASE)
_EXPECTED = {
    "int": "an integer",
    "float": "a number",
    "decimal": "a number",
    "bool": "a boolean (true, false, 1, 0, yes, no, on, off)",
    "sequence": "a JSON array",
    "mapping": "a JSON object",
    "model": "a JSON object",
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
        return Typed(valid=True, value=string)
    for name in kind.names:
        read = _READERS.get(name)
        found = read(string) if read is not None else _structure(kind, name, string)
        if found is not None:
            return found
    return Typed(valid=kind.prepared and not _is_decoded(kind), value=string)


def _is_decoded(kind: Kind) -> bool:
    """Whether the string is read as JSON before any validator sees it."""
    return kind.complex and kind.decoded


def expected(kind: Kind) -> str:
    """What a field takes, in words."""
    if "literal" in kind.names:
        listed = ", ".join(repr(literal) for literal in kind.literals[:8])
        return f"one of {listed}"
    words = dict.fromkeys(_EXPECTED[name] for name in kind.names if name in _EXPECTED)
    return " or ".join(words)


def _integer(string: str) -> Typed | None:
    text = string.strip()
    return Typed(valid=True, value=int(text.partition(".")[0])) if _INTEGER.fullmatch(text) else None


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


_READERS = {"int": _integer, "float": _number, "decimal": _number, "bool": _boolean}


def _structure(kind: Kind, name: str, string: str) -> Typed | None:
    """A literal, or JSON for what pydantic-settings decodes."""
    if name == "literal":
        return Typed(valid=True, value=string) if string in kind.literals else None
    if name not in {"sequence", "mapping", "model"}:
        return None
    if not kind.decoded:
        return Typed(valid=True, value=string)
    import json  # noqa: PLC0415 - only structured settings need it

    try:
        value = json.loads(string)
    except (ValueError, RecursionError):
        return None
    return Typed(valid=True, value=value) if isinstance(value, list if name == "sequence" else dict) else None
