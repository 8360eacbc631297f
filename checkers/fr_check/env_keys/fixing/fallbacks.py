"""What code takes for a variable that is not set."""

from __future__ import annotations

import ast

from fr_check.core.secrecy import is_secret_name, redact
from fr_check.edits.python import node_span, parsed
from fr_check.env_keys.values.written import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Location


def common(places: Sequence[Location], key: str, text_of: TextOf) -> str | None:
    """The text that every read of a variable falls back to, as an example spells it; None where there is no such text.

    What may be a secret is no text to be written.
    """
    found = {_fallback(place, key, text_of) for place in places}
    text = found.pop() if len(found) == 1 else None
    if not text or is_secret_name(key) or redact(f"{key}={text}") != f"{key}={text}":
        return None
    return quoted(text)


def _fallback(place: Location, key: str, text_of: TextOf) -> str | None:
    text = text_of(place.path)
    if text is None or place.span is None:
        return None
    offset = text.offset(place.span.line, place.span.column)
    for node in ast.walk(parsed(text)):
        if not isinstance(node, ast.Call):
            continue
        start, end = node_span(text, node)
        if start <= offset < end:
            given = [*node.args, *(one.value for one in node.keywords if one.arg == "default")]
            words = [one.value if isinstance(one, ast.Constant) else None for one in given]
            if len(words) > 1 and words[0] == key and isinstance(words[1], str):
                return words[1]
    return None
