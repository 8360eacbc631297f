"""What Compose makes of an unquoted YAML scalar where it wants text: 1.10 is 1.1, 010 is 8, `yes` stays `yes`.

Source: go-yaml v3 `resolve.go` (which scalars are numbers, and which) and Go's `fmt` (`%v`, how they are printed).
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    from fr_check.sources.yaml_nodes import Scalar

    Kind = Literal["text", "number", "boolean", "date"]


TEXT: Final = "text"
NUMBER: Final = "number"
BOOLEAN: Final = "boolean"
DATE: Final = "date"
_WORDS: dict[str, tuple[str, Kind]] = {
    **dict.fromkeys(("true", "True", "TRUE"), ("true", BOOLEAN)),
    **dict.fromkeys(("false", "False", "FALSE"), ("false", BOOLEAN)),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), ("+Inf", NUMBER)),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), ("-Inf", NUMBER)),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), ("NaN", NUMBER)),
}
_DATE = pattern(
    r"[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:(?<![ ])(?:Z|[+-][0-9]{2}:[0-9]{2}))?)?"
)
_INTEGER = pattern(r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_GROUPS = ((2, 16), (3, 2), (4, 8), (5, 10))
_LARGEST, _SMALLEST = 2**64 - 1, -(2**63)
_EXPONENT_FROM, _EXPONENT_BELOW = 6, -4
_LONGEST = 400


class Printed(NamedTuple):
    """The text, and what YAML took the scalar for: "text", "number", "boolean" or "date", which Compose refuses."""

    text: str
    kind: Kind


def printed(scalar: Scalar, start: int = 0) -> Printed:
    """What becomes of `scalar.value[start:]`: a text behind the name of a list item is always that text."""
    value = scalar.value[start:]
    if start or scalar.style or scalar.tag is not None or not value or len(value) > _LONGEST:
        return Printed(value, TEXT)
    return resolved(value)


def resolved(value: str) -> Printed:
    """What becomes of a plain scalar."""
    if value in _WORDS:
        return Printed(*_WORDS[value])
    if value[:1] not in tuple("+-.0123456789") or len(value) > _LONGEST:
        return Printed(value, TEXT)
    if _is_date(value):
        return Printed(value, DATE)
    number = value.replace("_", "") if value[0] != "." else value
    found = _INTEGER.fullmatch(number) if value[0] != "." else None
    if found is not None:
        digits, base = next((found[group], base) for group, base in _GROUPS if found[group] is not None)
        whole = int(digits, base) * (-1 if found[1] == "-" else 1)
        if _SMALLEST <= whole <= _LARGEST:
            return Printed(str(whole), NUMBER)
    # What is too large for a float is a text for Go.
    if _FLOAT.fullmatch(number) and abs(float(number)) != float("inf"):
        return Printed(_float(float(number)), NUMBER)
    return Printed(value, TEXT)


def _is_date(value: str) -> bool:
    found = _DATE.fullmatch(value)
    if found is None:
        return False
    limits = ((1, 12), (1, 31), (0, 23), (0, 59), (0, 59))
    numbers = zip(found.groups(), limits, strict=True)
    return all(text is None or low <= int(text) <= high for text, (low, high) in numbers)


def _float(value: float) -> str:
    """Go's `%v`: the shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    mantissa, _, exponent = f"{value!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    fraction = "" if fraction == "0" else fraction
    power = int(exponent or 0) + len(whole) - 1
    digits = (whole + fraction).lstrip("0")
    power -= len(whole + fraction) - len(digits) if digits else 0
    digits = digits.rstrip("0") or "0"
    if digits == "0":
        return f"{sign}0"
    if power < _EXPONENT_BELOW or power >= _EXPONENT_FROM:
        shown = f"{digits[0]}.{digits[1:]}" if digits[1:] else digits
        return f"{sign}{shown}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    if len(digits) <= power + 1:
        return sign + digits.ljust(power + 1, "0")
    return f"{sign}{digits[: power + 1]}.{digits[power + 1 :]}"
