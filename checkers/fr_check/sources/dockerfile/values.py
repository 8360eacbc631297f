"""The value of a lexed word, given variables (the other half of BuildKit's frontend/dockerfile/shell/lex.go)."""

from __future__ import annotations

import re

from fr_check.core.record import NamedTuple
from fr_check.sources.parts import FILLED_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.sources.dockerfile.expansion import Parts, Reference

# Patterns with more wildcards, on longer values, are left unknown: matching them could take minutes.
_MOST_WILDCARDS = 2
_LONGEST_VALUE = 300


class Unset(NamedTuple):
    """The value of a variable that is not set."""


UNSET = Unset()
Value = str | Unset | None
"""A value; `UNSET`; or None: not known."""


def expand(parts: Parts, get: Callable[[str], Value]) -> str | None:
    """The value of a word, given variables; None when that hangs on something unknown, or BuildKit would stop.

    None too where variables make it longer than anybody's value is.
    """
    found: list[str] = []
    for part in parts:
        value = part if isinstance(part, str) else _evaluate(part, get)
        if value is None:
            return None
        found.append(value)
    filled = "".join(found)
    return None if len(found) > 1 and len(filled) > FILLED_LIMIT else filled


def _evaluate(reference: Reference, get: Callable[[str], Value]) -> str | None:
    value = get(reference.name)
    if value is None:
        return None
    operator = reference.operator
    text = "" if isinstance(value, Unset) else value
    missing = isinstance(value, Unset) or (operator.startswith(":") and not text)
    if operator in {"-", ":-"}:
        return expand(reference.operand, get) if missing else text
    if operator in {"+", ":+"}:
        return "" if missing else expand(reference.operand, get)
    if operator in {"?", ":?"}:
        return None if missing else text
    return _edited(text, reference, get) if operator else text


def _edited(value: str, reference: Reference, get: Callable[[str], Value]) -> str | None:
    """`#`, `##`, `%`, `%%`, `/`, `//`."""
    pattern = expand(reference.operand, get)
    replacement = expand(reference.replacement, get)
    if pattern is None or replacement is None or len(value) > _LONGEST_VALUE:
        return None
    if pattern.count("*") > _MOST_WILDCARDS:
        return None
    operator = reference.operator
    if operator in {"#", "##"}:
        found = re.match(_regex(pattern, greedy=operator == "##"), value, re.DOTALL)
        return value[found.end() :] if found else value
    if operator in {"/", "//"}:
        return re.sub(
            _regex(pattern, greedy=True), lambda _: replacement, value, count=operator == "/", flags=re.DOTALL
        )
    starts = range(len(value) + 1) if operator == "%%" else range(len(value), -1, -1)
    regex = re.compile(_regex(pattern, greedy=True), re.DOTALL)
    return next((value[:start] for start in starts if regex.fullmatch(value, start)), value)


def _regex(pattern: str, *, greedy: bool) -> str:
    """A shell pattern of `*`, `?` and escapes as a regular expression."""
    found: list[str] = []
    index = 0
    while index < len(pattern):
        c = pattern[index]
        if c == "*":
            found.append(".*" if greedy else ".*?")
        elif c == "?":
            found.append(".")
        else:
            index += c == "\\" and index + 1 < len(pattern)
            found.append(re.escape(pattern[index]))
        index += 1
    return "".join(found)
