"""Entries put into, and taken out of, what YAML writes in braces or brackets: on one line, or one entry a line."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.lines import line_end
from fr_check.sources.yaml_nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.yaml_nodes import Node

OPENINGS = ("{", "[")
_NEEDS_QUOTES = pattern(r"[^\w./+-]")


def add(text: Text, value: Mapping | Sequence, entry: str, item: str) -> Edit | Refused:
    """Puts `entry` (`KEY: value`) last between braces, or `item` (`KEY=value`) between brackets."""
    quote = quote_of(value)
    inside = quoted(item, quote or "'") if isinstance(value, Sequence) else in_braces(entry, quote)
    return _last_between(text, value, inside)


def add_key(text: Text, mapping: Mapping, lines: tuple[str, ...]) -> Edit | Refused:
    """Puts a key last between braces; the entries after the first line are in braces of their own below it."""
    if lines[0].endswith("|"):
        return Refused(f"{_place(text, mapping)} is in braces, where no text of several lines can stand")
    below = ", ".join(in_braces(line, "") for line in lines[1:])
    return _last_between(text, mapping, f"{lines[0]} {{{below}}}" if below else in_braces(lines[0], ""))


def _last_between(text: Text, value: Mapping | Sequence, inside: str) -> Edit | Refused:
    written = text.string[value.start : value.end]
    if "\n" in written and value.items:
        return _on_its_line(text, value, inside)
    if "\n" in written:
        return _left(text, value)
    head = text.string[value.start : value.end - 1].rstrip()
    comma = "" if len(head) == 1 else " " if head.endswith(",") else ", "
    closing = value.start + len(head)
    return Edit(text.path, closing, closing, f"{comma}{inside}")


def _on_its_line(text: Text, value: Mapping | Sequence, inside: str) -> Edit | Refused:
    """Below the last entry, where each has a line of its own and the closing sign has one, too."""
    start, end = _spans(value)[-1]
    first, last, closing = text.place(start)[0], text.place(end)[0], text.place(value.end - 1)[0]
    indent = text.string[text.offset(first) : start]
    rest = text.line(last)[end - text.offset(last) :]
    bare = rest.partition("#")[0].strip()
    alone = closing > last and not text.string[text.offset(closing) : value.end - 1].strip()
    if start > end or indent.strip() or not alone or bare not in {"", ","}:
        return _left(text, value)
    comma = "" if bare else ","
    stop = text.offset(last) + len(text.line(last))
    return Edit(text.path, end, stop, f"{comma}{rest}{line_end(text, last)}{indent}{inside}{bare}")


def remove(text: Text, node: Mapping | Sequence, number: int) -> Edit | Refused:
    """Takes out one of the things between braces or brackets, with the comma before it, or else behind it."""
    spans = _spans(node)
    if any(start > end for start, end in spans):
        return _left(text, node)
    if "\n" in text.string[node.start : node.end]:
        return _off_its_line(text, node, number)
    if number:
        return Edit(text.path, spans[number - 1][1], spans[number][1], "")
    end = spans[1][0] if len(spans) > 1 else spans[0][1]
    return Edit(text.path, spans[0][0], end, "")


def _off_its_line(text: Text, node: Mapping | Sequence, number: int) -> Edit | Refused:
    """Takes out the lines of an entry that stand for nothing else; the last one takes the comma before it along."""
    spans = _spans(node)
    start, end = spans[number]
    first, last = text.place(start)[0], text.place(end)[0]
    rest = text.line(last)[end - text.offset(last) :].partition("#")[0].strip()
    if text.string[text.offset(first) : start].strip() or rest not in {"", ","}:
        return _left(text, node)
    stop = text.offset(last) + len(text.line(last))
    before = spans[number - 1][1] if number else 0
    if number and not rest and text.string[before : text.offset(first)].strip() == ",":
        return Edit(text.path, before, stop, "")
    return Edit(text.path, text.offset(first), text.offset(last + 1) if last < text.line_count else stop, "")


def _spans(node: Mapping | Sequence) -> list[tuple[int, int]]:
    if isinstance(node, Mapping):
        return [(key.start, max(key.end, value.end)) for key, value in node.items]
    return [(one.start, one.end) for one in node.items]


def _left(text: Text, node: Node) -> Refused:
    return Refused(f"{_place(text, node)} holds several things a line in braces: change it by hand")


def _place(text: Text, node: Node) -> str:
    return f"line {text.place(node.start)[0]} of {text.path}"


def quote_of(value: Node) -> str:
    """The quotes that all texts of a list or a mapping have; empty where one has none, or others."""
    if isinstance(value, Sequence):
        nodes = list(value.items)
    else:
        nodes = [one for _, one in value.items] if isinstance(value, Mapping) else []
    styles = {one.style or "" if isinstance(one, Scalar) else "" for one in nodes if not _is_empty(one)}
    return styles.pop() if len(styles) == 1 and styles <= {"'", '"'} else ""


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def quoted(written: str, quote: str) -> str:
    """A text in quotes of a kind, or in none."""
    if quote == "'":
        return "'" + written.replace("'", "''") + "'"
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"' if quote else written


def in_braces(entry: str, quote: str) -> str:
    """`KEY: value` in the quotes of its neighbours; braces and commas of its own would end it without any."""
    name, _, value = entry.partition(":")
    value = value.strip()
    if not value:
        return f"{name}: null"
    if value[0] in "'\"" or (not quote and not _NEEDS_QUOTES.search(value)):
        return f"{name}: {value}"
    return f"{name}: {quoted(value, quote or chr(39))}"
