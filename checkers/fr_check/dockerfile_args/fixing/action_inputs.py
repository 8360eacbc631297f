"""The arguments of an action's step, written as the action reads them."""

from __future__ import annotations

from fr_check.core.edits import SAFE, UNSAFE, Edit, Fix, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.lines import delete_lines, insert_after
from fr_check.edits.yaml import entry_at
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text

_RENAMED = pattern(r"rename it to `(?P<new>[\w-]+)`")
_FOLDED = pattern(r"[ \t]*>(?P<keeps>[-+]?)[ \t]*\r?\n")
_BELOW = pattern(r"[ \t]*\r?\n")


def mended(text: Text, span: Span, help_text: str) -> Fix | Refused | None:
    """What the help of a malformed argument says, as edits; None where only a person can say what is meant."""
    renamed = _RENAMED.match(help_text)
    if renamed is not None:
        entry = entry_at(text, span)
        if entry is None or entry[1].style:
            return Refused("the input is written in a way that is left to its author")
        key = entry[1]
        return Fix(UNSAFE, (Edit(text.path, key.start, key.end, renamed["new"]),))
    found = _arguments_around(text, text.offset(span.line, span.column))
    if found is None:
        return None
    key, value = found
    if help_text.startswith("write `build-args: |`"):
        return _in_lines(text, key, value)
    line = text.line(span.line)
    return _comment_above(text, key, span.line) if value.style == "|" and line.lstrip().startswith("#") else None


def _arguments_around(text: Text, offset: int) -> tuple[Scalar, Scalar] | None:
    for node in walk(text.parsed(yaml_tree.parse).root):
        if isinstance(node, Mapping) and (entry := node.entries.get("build-args")) is not None:
            value = entry.value
            if isinstance(value, Scalar) and value.start <= offset < value.end and entry.via is None:
                return entry.key, value
    return None


def _comment_above(text: Text, key: Scalar, number: int) -> Fix:
    """Moves a line that is no comment inside the text to where it is one, above the key."""
    above, column = text.place(key.start)
    moved = insert_after(text, above - 1, " " * (column - 1) + text.line(number).strip())
    return Fix(SAFE, (moved, delete_lines(text, number, number)))


def _in_lines(text: Text, key: Scalar, value: Scalar) -> Fix | Refused:
    """Keeps the lines of the arguments apart, which YAML joins without `|`."""
    colon = text.string.index(":", key.end) + 1
    folded = _FOLDED.match(text.string, colon)
    if folded is not None:
        sign = text.string.index(">", colon)
        return Fix(UNSAFE, (Edit(text.path, sign, sign + 1, "|"),))
    if value.style or _BELOW.match(text.string, colon) is None:
        return Refused("the arguments are written in a way that is left to their author")
    return Fix(UNSAFE, (Edit(text.path, colon, colon, " |"),))
