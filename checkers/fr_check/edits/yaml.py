"""Entries of YAML put in and taken out by their spans: every other byte of the file stays.

A library that writes YAML anew changes nearly every real file that it touches. What spans cannot do safely, in flow
style over several lines, through an alias, in one of several documents, is refused.
"""

from __future__ import annotations

from fr_check.core.edits import Refused
from fr_check.edits import yaml_flow
from fr_check.edits.comments import without_entry
from fr_check.edits.lines import insert_after, line_end
from fr_check.edits.yaml_flow import quote_of, quoted
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, Sequence, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.edits import Edit
    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.yaml_nodes import Node


def is_in_braces(node: Mapping | Sequence) -> bool:
    """Whether a mapping or a list is written in braces or brackets."""
    return node.text.string.startswith(yaml_flow.OPENINGS, node.start)


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
    if isinstance(value, (Mapping, Sequence)) and is_in_braces(value):
        return yaml_flow.add(text, value, entry, item)
    last = _last(value)
    if last >= text.line_count and not text.string.endswith("\n") and _ends_in_block_scalar(value):
        return Refused("the file ends in a text of several lines, to which the new line would add a line end")
    line = f"- {quoted(item, quote_of(value))}" if isinstance(value, Sequence) else _like_neighbours(entry, value)
    return insert_after(text, last, f"{_indent(text, _first_offset(text, value))}{line}")


def add_key(text: Text, mapping: Mapping, lines: tuple[str, ...]) -> Edit | Refused:
    """Puts a key of its own last into a mapping; the lines after the first are a step deeper."""
    if not mapping.items:
        return Refused(f"line {text.place(mapping.start)[0]} of {text.path} holds nothing to go by")
    key, value = mapping.items[-1]
    reason = _unsafe(text, key, value)
    if reason and "alias" not in reason:
        return Refused(reason)
    if is_in_braces(mapping):
        return yaml_flow.add_key(text, mapping, lines)
    indent = _indent(text, mapping.items[0][0].start)
    end = _end_line(text, key, value)
    step = _step(text)
    made = (f"{indent}{lines[0]}", *(f"{indent}{step}{line}" for line in lines[1:]))
    return insert_after(text, end, line_end(text, end).join(made))


def remove_entry(text: Text, mapping: Mapping, key: Scalar, value: Node) -> Edit | Refused:
    """Takes a key with its value out of a mapping, with the comments of its own."""
    if is_in_braces(mapping):
        return yaml_flow.remove(text, mapping, [one for one, _ in mapping.items].index(key))
    if reason := _in_parts(text):
        return Refused(reason)
    first, last = text.place(key.start)[0], _end_line(text, key, value)
    return without_entry(text, first, last, key.value)


def remove_item(text: Text, sequence: Sequence, number: int) -> Edit | Refused:
    """Takes an item out of a list, with the comments of its own."""
    if is_in_braces(sequence):
        return yaml_flow.remove(text, sequence, number)
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


def _like_neighbours(entry: str, value: Node) -> str:
    """`KEY: value` with a reference in the quotes that the values beside it have."""
    name, _, written = entry.partition(":")
    written = written.strip()
    if not written.startswith("$") or not (quote := quote_of(value)):
        return entry
    return f"{name}: {quoted(written, quote)}"


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
    if isinstance(value, Scalar) or text.string.startswith(yaml_flow.OPENINGS, value.start):
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
