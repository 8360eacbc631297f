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
    from fr_check.core.text import Text


def computed(places: Sequence[Location], key: str, text_of: TextOf) -> bool:
    """Whether some read falls back to what only running the code tells: an empty text would come in its place."""
    return any(isinstance(_fallback(place, key, text_of), ast.expr) for place in places)


def common(places: Sequence[Location], key: str, text_of: TextOf) -> str | None:
    """The text that every read of a variable falls back to, as an example spells it; None where there is no such text.

    What may be a secret is no text to be written.
    """
    found = {_fallback(place, key, text_of) for place in places}
    text = found.pop() if len(found) == 1 else None
    if not text or not isinstance(text, str) or is_secret_name(key) or redact(f"{key}={text}") != f"{key}={text}":
        return None
    return quoted(text)


def _fallback(place: Location, key: str, text_of: TextOf) -> str | ast.expr | None:
    """The text, or the expression that makes it; None where the read has no fallback."""
    text = text_of(place.path)
    if text is None or place.span is None:
        return None
    offset = text.offset(place.span.line, place.span.column)
    for start, end, node in text.parsed(_calls):
        if start <= offset < end:
            given = [*node.args, *(one.value for one in node.keywords if one.arg == "default")]
            named = given[0].value if given and isinstance(given[0], ast.Constant) else None
            if named == key and len(given) > 1:
                fallback = given[1]
                if not isinstance(fallback, ast.Constant):
                    return fallback
                return fallback.value if isinstance(fallback.value, str) else None
    return None


def _calls(text: Text) -> list[tuple[int, int, ast.Call]]:
    """Every call of a module, outer ones first, with where it stands: offsets of characters."""
    return [(*node_span(text, node), node) for node in ast.walk(parsed(text)) if isinstance(node, ast.Call)]
