"""What code takes for a variable that is not set."""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import is_secret_name, masked_line, redact
from fr_check.edits.python import node_span, parsed
from fr_check.env_keys.values.written import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Location
    from fr_check.core.text import Text

_ENTIRE, _NUMBERS = ("int", "integer"), ("int", "integer", "float")
_MADE_BY = (*_NUMBERS, "bool")


class Fallback(NamedTuple):
    """The text of a fallback, as an example spells it; `alike`: code makes the same of both."""

    text: str
    alike: bool


def computed(places: Sequence[Location], key: str, text_of: TextOf) -> bool:
    """Whether some read falls back to what only running the code tells: an empty text would come in its place."""
    return any(isinstance(_fallback(place, key, text_of), ast.expr) for place in places)


def common(places: Sequence[Location], key: str, text_of: TextOf) -> Fallback | None:
    """The text that every read of a variable falls back to; None where there is no such text.

    What may be a secret is no text to be written.
    """
    found = {_fallback(place, key, text_of) for place in places}
    texts = {one.text for one in found if isinstance(one, Fallback)}
    text = texts.pop() if len(texts) == 1 and all(isinstance(one, Fallback) for one in found) else None
    if not text or is_secret_name(key) or redact(f"{key}={text}") != f"{key}={text}":
        return None
    if any(_is_hidden(place, text_of) for place in places):
        return None
    written = quoted(text)
    alike = all(isinstance(one, Fallback) and one.alike for one in found)
    return None if written is None else Fallback(written, alike)


def _is_hidden(place: Location, text_of: TextOf) -> bool:
    """Whether a line of it may not be shown as it is: what a secret is made of is secret under any other name."""
    text = text_of(place.path)
    if text is None or place.span is None:
        return False
    lines = range(place.span.line, place.span.end_line + 1)
    return any(masked_line(text, line) != text.line(line) for line in lines)


def _fallback(place: Location, key: str, text_of: TextOf) -> Fallback | ast.expr | None:
    """The text, or the expression that makes it; None where the read has no fallback."""
    text = text_of(place.path)
    if text is None or place.span is None:
        return None
    offset = text.offset(place.span.line, place.span.column)
    calls = text.parsed(_calls)
    for start, end, node in calls:
        if start <= offset < end:
            given = [*node.args, *(one.value for one in node.keywords if one.arg == "default")]
            named = given[0].value if given and isinstance(given[0], ast.Constant) else None
            if named == key and len(given) > 1:
                around = next((one for _, _, one in calls if one.args and one.args[0] is node), None)
                return _written(given[1], _made_by(node, around))
    return None


def _written(fallback: ast.expr, made_by: str) -> Fallback | ast.expr | None:
    """The text for a constant; None for one that is as good as nothing, the expression itself for what is computed."""
    try:
        value = ast.literal_eval(fallback)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return fallback
    if isinstance(value, str):
        return Fallback(value, alike=True)
    if isinstance(value, bool):
        # As a text, `false` is as true as any.
        return Fallback(str(value).lower(), made_by == "bool") if value or made_by == "bool" else None
    if isinstance(value, (int, float)):
        # `int()` takes a part of a number away, and fails on its text.
        cut = made_by in _ENTIRE and isinstance(value, float)
        return fallback if cut else Fallback(repr(value), made_by in _NUMBERS)
    return None if value is None else fallback


def _made_by(call: ast.Call, around: ast.Call | None) -> str:
    """What makes a number or a truth of the text: `int(...)` around it, `env.int(...)`, `cast=int`; empty for nothing.

    `bool(...)` around it does not: that is true of every text.
    """
    if isinstance(call.func, ast.Attribute) and call.func.attr in _MADE_BY:
        return call.func.attr
    cast = next((one.value for one in call.keywords if one.arg == "cast"), None)
    if isinstance(cast, ast.Name) and cast.id in _MADE_BY:
        return cast.id
    named = around.func.id if around is not None and isinstance(around.func, ast.Name) else ""
    return named if named in _NUMBERS and around is not None and len(around.args) == 1 else ""


def _calls(text: Text) -> list[tuple[int, int, ast.Call]]:
    """Every call of a module, outer ones first, with where it stands: offsets of characters."""
    return [(*node_span(text, node), node) for node in ast.walk(parsed(text)) if isinstance(node, ast.Call)]
