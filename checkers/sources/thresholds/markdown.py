"""Markdown as units of prose: a paragraph, a list item, a table's row, each with the headings above it.

Not a Markdown renderer: it keeps what decides how a sentence is meant, and drops fenced code and HTML comments.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LINE = re.compile(r"[^\n]*(?:\n|$)")
_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}|~{3,})")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_RULER = re.compile(r"[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t\r]*+")
_LEAD = re.compile(r"[ \t]*(?:\*\*|__)?[^|*_]{1,80}?(?:\*\*|__)?[^|*_.]{0,40}:(?:\*\*|__)?[ \t\r]*")


class Unit(NamedTuple):
    """A piece of a document; `kind` is paragraph, item, row or code.

    Offsets are of the file; `headings` go from the outermost inwards, the line that leads a list in
    (`**Target state**:`) last; `header` holds the cells of a table's first row.
    """

    kind: str
    start: int
    end: int
    headings: tuple[str, ...]
    header: tuple[str, ...] = ()


class _State:
    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.headings: list[tuple[int, str]] = []
        self.lead = ""
        self.fence = ""
        self.comment = False
        self.header: tuple[str, ...] = ()
        self.open: tuple[str, int, int] | None = None

    def above(self) -> tuple[str, ...]:
        titles = tuple(title for _, title in self.headings)
        return (*titles, self.lead) if self.lead else titles

    def close(self) -> None:
        if self.open is not None:
            kind, start, end = self.open
            self.units.append(Unit(kind, start, end, self.above(), self.header if kind == "row" else ()))
            self.open = None


def units(string: str) -> list[Unit]:
    """The units of a Markdown text, in order."""
    state = _State()
    for found in _LINE.finditer(string):
        if found[0]:
            _line(state, found[0].rstrip("\r\n"), found.start())
    state.close()
    return state.units


def _line(state: _State, line: str, start: int) -> None:
    if _in_code(state, line, start) or _in_comment(state, line):
        return
    heading = _HEADING.match(line)
    if heading:
        state.close()
        level = len(heading[1])
        state.headings = [(depth, title) for depth, title in state.headings if depth < level]
        state.headings.append((level, heading[2].strip("# \t")))
        state.lead, state.header = "", ()
    elif not line.strip(" \t>"):
        state.close()
        state.header = ()
    elif line.lstrip(" \t>").startswith("|"):
        _row(state, line, start)
    elif _ITEM.match(line):
        state.close()
        state.open = ("item", start, start + len(line))
    elif state.open is not None and state.open[0] != "row":
        state.open = (state.open[0], state.open[1], start + len(line))
    else:
        state.close()
        if _LEAD.fullmatch(line):
            state.lead = line.strip(" \t\r*_:")
        elif not line[:1].isspace():
            state.lead = ""
        state.open = ("paragraph", start, start + len(line))


def _in_code(state: _State, line: str, start: int) -> bool:
    fence = _FENCE.match(line)
    if state.fence:
        if fence and fence[1].startswith(state.fence) and not line.strip(" \t>`~\r"):
            state.fence = ""
        else:
            state.units.append(Unit("code", start, start + len(line), state.above()))
        return True
    if fence:
        state.close()
        state.fence = fence[1]
        return True
    return False


def _in_comment(state: _State, line: str) -> bool:
    """Whether the line lies in an HTML comment that began on a line of its own."""
    if state.comment:
        state.comment = "-->" not in line
        return True
    if line.lstrip().startswith("<!--"):
        state.close()
        state.comment = "-->" not in line
        return True
    return False


def _row(state: _State, line: str, start: int) -> None:
    state.close()
    if _RULER.fullmatch(line):
        return
    if not state.header:
        state.header = tuple(cell.strip(" *_`\r") for cell in line.strip(" \t>|\r").split("|"))
        return
    state.open = ("row", start, start + len(line))
