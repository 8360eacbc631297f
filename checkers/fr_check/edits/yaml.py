"""Entries of YAML put in and taken out by their spans: every other byte of the file stays.

A library that writes YAML anew changes nearly every real file that it touches. What spans cannot do safely, in flow
style over several lines, through an alias, in one of several documents, is refused.
"""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.comments import without_entry
from fr_check.edits.lines import insert_after, line_end
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, Sequence, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.yaml_nodes import Node

_FLOW = ("{", "[")
_NEEDS_QUOTES = pattern(r"[^\w./+-]")


def entry_at(text: Text, span: Span | None) -> tuple[Mapping, Scalar, Node] | None:
    """The mapping, key and value whose key begins at a span; None where no key does."""
    if span is None:
        return None
    offset = text.offset(span.line, span.column)
    for node in walk(text.parsed(yaml_tree.parse).root):
        if isinstance(node, Mapping):
            for key, value in node.items:
                if key.start == offset:
                    return node, key, value
    return None


def item_at(text: Text, span: Span | None) -> tuple[Sequence, int] | None:
    """The list and the number of its item that begins at a span, or whose text in quotes does; else None."""
    if span is None:
        return None
    offset = text.offset(span.line, span.column)
    for node in walk(text.parsed(yaml_tree.parse).root):
        if isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                quoted = isinstance(item, Scalar) and item.style in {"'", '"'}
                if item.start in {offset, offset - quoted}:
                    return node, number
    return None


def add_below(text: Text, key: Scalar, value: Node, entry: str, item: str) -> Edit | Refused:
    """Puts `entry` (`KEY: value`) last into the mapping below a key, or `item` (`KEY=value`) into the list there."""
    reason = _unsafe(text, key, value)
    if reason:
        return Refused(reason)
    if isinstance(value, Scalar):
        if not value.is_null or value.start != value.end:
            return Refused(f"`{key.value}` holds a text where a list is expected")
        indent = _indent(text, key.start) + _step(text)
        return insert_after(text, text.place(key.start)[0], f"{indent}{entry}")
    if text.string.startswith(_FLOW, value.start):
        return _add_in_flow(text, value, entry, item)
    last = _last(value)
    if last >= text.line_count and not text.string.endswith("\n") and _ends_in_block_scalar(value):
        return Refused("the file ends in a text of several lines, to which the new line would add a line end")
    line = f"- {_quoted(item, _quote(value))}" if isinstance(value, Sequence) else _like_neighbours(entry, value)
    return insert_after(text, last, f"{_indent(text, _first_offset(text, value))}{line}")


def add_key(text: Text, mapping: Mapping, lines: tuple[str, ...]) -> Edit | Refused:
    """Puts a key of its own last into a mapping; the lines after the first are a step deeper."""
    if text.string.startswith(_FLOW, mapping.start) or not mapping.items:
        return Refused("the mapping is written in braces")
    key, value = mapping.items[-1]
    reason = _unsafe(text, key, value)
    if reason and "alias" not in reason:
        return Refused(reason)
    indent = _indent(text, mapping.items[0][0].start)
    end = _end_line(text, key, value)
    step = _step(text)
    made = (f"{indent}{lines[0]}", *(f"{indent}{step}{line}" for line in lines[1:]))
    return insert_after(text, end, line_end(text, end).join(made))


def remove_entry(text: Text, mapping: Mapping, key: Scalar, value: Node) -> Edit | Refused:
    """Takes a key with its value out of a mapping, with the comments of its own."""
    if text.string.startswith(_FLOW, mapping.start):
        spans = [(one.start, max(one.end, other.end)) for one, other in mapping.items]
        return _out_of_flow(text, mapping, spans, [one for one, _ in mapping.items].index(key))
    if reason := _in_parts(text):
        return Refused(reason)
    first, last = text.place(key.start)[0], _end_line(text, key, value)
    return without_entry(text, first, last, key.value)


def remove_item(text: Text, sequence: Sequence, number: int) -> Edit | Refused:
    """Takes an item out of a list, with the comments of its own."""
    if text.string.startswith(_FLOW, sequence.start):
        return _out_of_flow(text, sequence, [(one.start, one.end) for one in sequence.items], number)
    if reason := _in_parts(text):
        return Refused(reason)
    item = sequence.items[number]
    first, last = text.place(item.start)[0], text.place(max(item.start, item.end - 1))[0]
    return without_entry(text, first, last, _named(item))


def remove_at(text: Text, span: Span | None) -> Edit | Refused:
    """Takes out the entry or the list item that begins at a span, and the key above it if nothing else stands below.

    Compose refuses a key without a value, such as `args:` or `environment:`.
    """
    entry, item = entry_at(text, span), item_at(text, span)
    if entry is not None:
        mapping, key, value = entry
        return remove_holder(text, mapping) if len(mapping.items) == 1 else remove_entry(text, mapping, key, value)
    if item is not None:
        sequence, number = item
        return remove_holder(text, sequence) if len(sequence.items) == 1 else remove_item(text, sequence, number)
    return Refused("the entry is written in a way that is left to its author")


def remove_holder(text: Text, node: Node) -> Edit | Refused:
    """Takes out the key that holds a value of which nothing would be left."""
    holder = _holder(text, node)
    if holder is None:
        return Refused("the list is written in a way that is left to its author")
    outer, key, value = holder
    if reason := _unsafe(text, key, value):
        return Refused(reason)
    return remove_entry(text, outer, key, value)


def _holder(text: Text, node: Node) -> tuple[Mapping, Scalar, Node] | None:
    """The mapping and the key that hold a value, with the value."""
    for outer in walk(text.parsed(yaml_tree.parse).root):
        if isinstance(outer, Mapping):
            for key, value in outer.items:
                if value is node:
                    return outer, key, value
    return None


def _ends_in_block_scalar(value: Node) -> bool:
    while isinstance(value, (Mapping, Sequence)) and value.items:
        last = value.items[-1]
        value = last[1] if isinstance(last, tuple) else last
    return isinstance(value, Scalar) and value.style in {"|", ">"}


def _named(item: Node) -> str:
    """What an item of a list is about: the variable of `NAME=value`."""
    return item.value.partition("=")[0] if isinstance(item, Scalar) else ""


def _unsafe(text: Text, key: Scalar, value: Node) -> str:
    if reason := _in_parts(text):
        return reason
    if value.start < key.start:
        return f"the value of `{key.value}` is an alias, and what it names may be used elsewhere"
    before = text.string[key.end : value.start + 1]
    if "&" in before:
        return f"the value of `{key.value}` has an anchor, and may be used elsewhere"
    return f"the value of `{key.value}` has a tag" if "!" in before else ""


def _in_parts(text: Text) -> str:
    """Why what a file holds is not known as a whole; empty where it is."""
    if not text.parsed(yaml_tree.parse).complete:
        return "the file is no YAML to its end"
    lines = text.string.split("\n")
    several = any(line.startswith("---") for line in lines[1:] if not all(one.startswith("#") for one in lines[:1]))
    return "the file holds several documents" if several else ""


def _add_in_flow(text: Text, value: Node, entry: str, item: str) -> Edit | Refused:
    written = text.string[value.start : value.end]
    if "\n" in written:
        return Refused("a list in brackets over several lines is left to its author")
    quote = _quote(value)
    inside = _quoted(item, quote or "'") if isinstance(value, Sequence) else _in_braces(entry, quote)
    head = text.string[value.start : value.end - 1].rstrip()
    closing = value.start + len(head)
    comma = ", " if len(head) > 1 else ""
    return Edit(text.path, closing, closing, f"{comma}{inside}")


def _quote(value: Node) -> str:
    """The quotes that all texts of a list or a mapping have; empty where one has none, or others."""
    if isinstance(value, Sequence):
        nodes = list(value.items)
    else:
        nodes = [one for _, one in value.items] if isinstance(value, Mapping) else []
    styles = {one.style or "" if isinstance(one, Scalar) else "" for one in nodes if not _is_empty(one)}
    return styles.pop() if len(styles) == 1 and styles <= {"'", '"'} else ""


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _quoted(written: str, quote: str) -> str:
    if quote == "'":
        return "'" + written.replace("'", "''") + "'"
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"' if quote else written


def _like_neighbours(entry: str, value: Node) -> str:
    """`KEY: value` with a reference in the quotes that the values beside it have."""
    name, _, written = entry.partition(":")
    written = written.strip()
    if not written.startswith("$") or not (quote := _quote(value)):
        return entry
    return f"{name}: {_quoted(written, quote)}"


def _in_braces(entry: str, quote: str) -> str:
    """`KEY: value` in the quotes of its neighbours; braces and commas of its own would end it without any."""
    name, _, value = entry.partition(":")
    value = value.strip()
    if not value:
        return f"{name}: null"
    if value[0] in "'\"" or (not quote and not _NEEDS_QUOTES.search(value)):
        return f"{name}: {value}"
    return f"{name}: {_quoted(value, quote or chr(39))}"


def _out_of_flow(text: Text, node: Node, spans: list[tuple[int, int]], number: int) -> Edit | Refused:
    """Takes out one of the things between braces or brackets, with the comma before it, or else behind it."""
    if "\n" in text.string[node.start : node.end] or any(start > end for start, end in spans):
        return Refused("a list in brackets over several lines is left to its author")
    if number:
        return Edit(text.path, spans[number - 1][1], spans[number][1], "")
    end = spans[1][0] if len(spans) > 1 else spans[0][1]
    return Edit(text.path, spans[0][0], end, "")


def _last(value: Node) -> int:
    """The last line of a mapping or list in block style."""
    if isinstance(value, Mapping) and value.items:
        return _end_line(value.text, *value.items[-1])
    if isinstance(value, Sequence) and value.items:
        item = value.items[-1]
        return value.text.place(max(item.start, item.end - 1))[0]
    return value.text.place(value.start)[0]


def _end_line(text: Text, key: Scalar, value: Node) -> int:
    # An alias has the place of its anchor: such an entry ends with its key's line.
    if value.start < key.end:
        return text.place(key.start)[0]
    if isinstance(value, Scalar) or text.string.startswith(_FLOW, value.start):
        return text.place(max(key.start, len(text.string[: value.end].rstrip()) - 1))[0]
    return _last(value)


def _first_offset(text: Text, value: Node) -> int:
    if isinstance(value, Sequence):
        return text.string.rfind("-", 0, value.items[0].start) if value.items else value.start
    return value.items[0][0].start if isinstance(value, Mapping) and value.items else value.start


def _indent(text: Text, offset: int) -> str:
    line, column = text.place(offset)
    return text.line(line)[: column - 1] if not text.line(line)[: column - 1].strip() else " " * (column - 1)


def _step(text: Text) -> str:
    """How much deeper a level is in this file: that of its first indented line, else two blanks."""
    for line in text.string.split("\n"):
        blank = len(line) - len(line.lstrip(" "))
        if blank and line.strip() and not line.lstrip().startswith(("#", "-")):
            return " " * blank
    return "  "
