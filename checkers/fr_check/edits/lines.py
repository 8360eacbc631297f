"""Whole lines put into a text, or taken out, in the style of the lines around them."""

from __future__ import annotations

from fr_check.core.edits import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text


def line_end(text: Text, number: int) -> str:
    """How a line ends, from 1; a last line without an end has that of the line before it, else a newline."""
    for line in (number, number - 1):
        if 1 <= line <= text.line_count:
            end = text.string[text.offset(line) + len(text.line(line)) : text.offset(line + 1)]
            if end:
                return end
    return "\n"


def insert_after(text: Text, number: int, line: str) -> Edit:
    """Puts a line below line `number`, from 1; 0 puts it on top. A last line without an end stays without one."""
    if number < 1:
        end = line_end(text, 1) if text.string else "\n"
        return Edit(text.path, 0, 0, f"{line}{end}")
    ends = text.string.endswith(("\n", "\r"))
    if number >= text.line_count and not ends and text.string:
        return Edit(text.path, len(text.string), len(text.string), f"{line_end(text, number)}{line}")
    offset = text.offset(number + 1) if number < text.line_count else len(text.string)
    return Edit(text.path, offset, offset, f"{line}{line_end(text, number)}")


def replace_line(text: Text, number: int, line: str) -> Edit:
    """Another content for a line; its end stays."""
    start = text.offset(number)
    return Edit(text.path, start, start + len(text.line(number)), line)


def delete_lines(text: Text, first: int, last: int) -> Edit:
    """Takes out lines `first` to `last`, both included; a text that had no final line end still has none."""
    start = text.offset(first)
    if last < text.line_count:
        return Edit(text.path, start, text.offset(last + 1), "")
    if text.string.endswith(("\n", "\r")) or first == 1:
        return Edit(text.path, start, len(text.string), "")
    before = text.offset(first - 1) + len(text.line(first - 1))
    return Edit(text.path, before, len(text.string), "")


def delete_block(text: Text, first: int, last: int, comments: tuple[str, ...] = ("#",)) -> Edit:
    """Takes out a section, with the comment lines right above it and one of the blank stretches around it.

    A comment at the very top speaks of the whole file, and stays where anything else does.
    """
    above = first
    while above > 1 and text.line(above - 1).lstrip().startswith(comments):
        above -= 1
    if above > 1 or last >= text.line_count:
        first = above
    if last == text.line_count or not text.line(last + 1).strip():
        while first > 1 and not text.line(first - 1).strip():
            first -= 1
        while first == 1 and last < text.line_count and not text.line(last + 1).strip():
            last += 1
    return delete_lines(text, first, last)
