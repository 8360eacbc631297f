"""Entries of TOML taken out by their spans: every other byte of the file stays."""

from __future__ import annotations

from fr_check.core.edits import Edit, Fix, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.comments import without_entry as without_lines
from fr_check.edits.lines import delete_block
from fr_check.sources import toml_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.edits import Applicability, TextOf
    from fr_check.core.model import Location, Span
    from fr_check.core.text import Text
    from fr_check.sources.toml_places import Path, Toml

_HEAD = pattern(r"""\s*(?:[\w.-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*\s*=\s*""")
_TAIL = pattern(r"\s*,?\s*(?:#.*)?")
_TEXT = pattern(r"""["']([^"']*)["']""")
_LEFT = Refused("the entry is written in a way that is left to its author")


def without_entry(text_of: TextOf, place: Location, applicability: Applicability) -> Fix | Refused | None:
    """The fix that takes out an entry of a list in a file that can be edited; see `remove_entry`."""
    text = text_of(place.path)
    if text is None:
        return None
    edit = remove_entry(text, place.span)
    return edit if isinstance(edit, Refused) else Fix(applicability, (edit,))


def remove_entry(text: Text, span: Span | None) -> Edit | Refused:
    """Takes out the entry of a list that stands at a span: a table of `[[name]]`, or an item in brackets.

    Of a list in brackets the last item takes the key along; comment lines right above an entry go with it.
    """
    document = text.parsed(toml_places.parse)
    paths = (path for path, place in document.spans.items() if place == span and path and isinstance(path[-1], int))
    path = next(paths, None)
    if path is None or span is None:
        return _LEFT
    if text.string.startswith("[[", text.offset(span.line, span.column)):
        return _table(text, document, path, span)
    if len(document.get(*path[:-1]) or ()) == 1:
        return remove_key(text, document.spans.get(path[:-1]))
    start, end = text.offsets(span)
    alone = not text.line(span.line)[: span.column - 1].strip()
    if alone and _TAIL.fullmatch(text.line(span.end_line)[span.end_column - 1 :]):
        return without_lines(text, span.line, span.end_line, _named(text, span))
    return between_commas(text, start, end)


def remove_key(text: Text, span: Span | None) -> Edit | Refused:
    """Takes out the key whose value stands at a span, where it has its lines for itself."""
    if span is None or not _HEAD.fullmatch(text.line(span.line)[: span.column - 1]):
        return _LEFT
    if not _TAIL.fullmatch(text.line(span.end_line)[span.end_column - 1 :]):
        return _LEFT
    return without_lines(text, span.line, span.end_line, _named(text, span))


def _table(text: Text, document: Toml, path: Path, span: Span) -> Edit:
    inside = [place.end_line for one, place in document.spans.items() if one[: len(path)] == path]
    last = max([span.line, *inside])
    return delete_block(text, span.line, last)


def _named(text: Text, span: Span) -> str:
    """The key that an entry stands below, or what its first text says."""
    head = text.line(span.line)[: span.column - 1]
    found = _TEXT.search(text.line(span.line), span.column - 1)
    return head.partition("=")[0].strip() or (found[1] if found is not None else "")


def between_commas(text: Text, start: int, end: int) -> Edit | Refused:
    """Takes an item of a list on one line out, with the comma behind it, else with the one before it."""
    string = text.string
    after = string[end:].lstrip(" \t")
    if after.startswith(","):
        end = string.index(",", end) + 1
        while string[end : end + 1] in {" ", "\t"}:
            end += 1
        return Edit(text.path, start, end, "")
    comma = string.rfind(",", 0, start)
    if comma < 0 or string[comma + 1 : start].strip():
        return _LEFT
    return Edit(text.path, comma, end, "")
