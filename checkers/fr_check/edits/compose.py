"""The value that a compose file gives to a service, written otherwise; the entry's other bytes stay."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.edits.yaml import entry_at, item_at
from fr_check.sources.yaml_nodes import Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location
    from fr_check.core.text import Text

_LEFT = Refused("the entry is written in a way that is left to its author")
_PLAIN = frozenset("#:,{}[]&*!|>'\"%@` ")


def rewritten(text: Text, location: Location, name: str, reference: str) -> Edit | Refused:
    """Gives an entry a reference such as `${NAME:-50}`, or without one no value at all."""
    entry = entry_at(text, location.span)
    if entry is not None and isinstance(entry[2], Scalar):
        key, value = entry[1], entry[2]
        if value.tag or text.string.startswith(("&", "!"), value.start):
            return Refused(f"the value in line {text.place(key.start)[0]} of {text.path} has an anchor or a tag")
        written = text.string[value.start : value.end].rstrip()
        if value.start < key.end or ("\n" in written and value.style not in {"|", ">"}):
            return Refused(
                f"line {text.place(key.start)[0]} of {text.path} is an alias or has several lines: change it"
            )
        end = value.start + len(written)
        if reference:
            style = None if value.style in {"|", ">"} else value.style
            return Edit(text.path, value.start, end, _as_before(style, reference))
        colon = text.string.index(":", key.end) + 1
        # In braces a key alone could stick to what follows; Compose reads `null` as no value.
        nothing = " null" if text.string.startswith("{", entry[0].start) else ""
        return Edit(text.path, colon, end, nothing)
    item = _item(text, location)
    if item is None:
        return _LEFT
    start, end, style = item
    return Edit(text.path, start, end, _as_before(style, f"{name}={reference}" if reference else name))


def unquoted(text: Text, location: Location, name: str, value: str) -> Edit | Refused:
    """Writes a list item without the quotes that are a part of its value."""
    item = _item(text, location)
    if item is None:
        return _LEFT
    start, end, style = item
    return Edit(text.path, start, end, _as_before(style, f"{name}={value}"))


def _item(text: Text, location: Location) -> tuple[int, int, str] | None:
    found = item_at(text, location.span)
    node = found[0].items[found[1]] if found is not None else None
    if not isinstance(node, Scalar) or node.style in {"|", ">"} or "\n" in text.string[node.start : node.end]:
        return None
    return node.start, node.end, node.style or ""


def _as_before(style: str | None, value: str) -> str:
    """The value in the quotes that were there; in double ones where it needs some."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    inside = value.replace("${", "").replace(":-", "").replace("}", "")
    needs = not _PLAIN.isdisjoint(inside) or style == '"'
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if needs else value
