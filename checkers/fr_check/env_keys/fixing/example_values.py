"""Values of an example written as their settings take them."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.env_keys.values.accepted import typed
from fr_check.env_keys.values.written import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.settings import Kind

_PREFIXED = pattern(r"""[rRuU](["'])(?P<body>.*)\1""", re.DOTALL)
_DECIMAL = pattern(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
_DECODED = pattern(r"\\[\\']")  # what python-dotenv decodes within single quotes, and others do not


def without_prefix(value: str) -> str | None:
    """The text of `r"..."` in single quotes; None where no quotes keep it for every reader."""
    found = _PREFIXED.fullmatch(value)
    body = found["body"] if found is not None else ""
    if not body or not body.isprintable() or "'" in body or "${" in body or _DECODED.search(body) or body[-1] == "\\":
        return None
    return quoted(body) or f"'{body}'"


def as_list(value: str, kind: Kind) -> str | None:
    """The JSON of `a,b` for a list; None for another type, and for what may be meant as JSON."""
    if not value or not kind.decoded or "sequence" not in kind.names or any(sign in value for sign in "[]{}\"'"):
        return None
    import json  # noqa: PLC0415 - only to cure

    parts = [part.strip() for part in value.split(",") if part.strip()]
    numbers = [_number(part) for part in parts]
    for items in (parts, numbers):
        text = json.dumps(items, ensure_ascii=False)
        if typed(kind, text).valid and (items is numbers or not _are_numbers(kind)):
            return quoted(text)
    return None


def _number(part: str) -> str | int | float:
    """A part as the number that it is written as, else the text itself."""
    if not _DECIMAL.fullmatch(part):
        return part
    return float(part) if "." in part else int(part)


def _are_numbers(kind: Kind) -> bool:
    return kind.items is not None and not {"str", "other"} & set(kind.items.names)
