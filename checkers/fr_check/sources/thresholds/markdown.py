"""Markdown around a place in it: the paragraph, list item, table row or code line there, and the headings above.

Not a Markdown renderer, and not a pass over every line: a document is outlined once by two patterns, and only the
surroundings of places that matter are looked at, within bounds, so that no text makes it slow.
"""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    UnitKind = Literal["paragraph", "item", "row", "code"]


# Matched at the beginning of a line that holds a backtick or a tilde: those are found faster.
_FENCE = pattern(r"[ \t>]{0,12}(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})([^\n]*)")
# To be searched for with a newline before the document: an expression that begins with a character is faster than `^`.
_HEADINGS = pattern(r"\n[ ]{0,3}(#{1,6})[ \t]+([^\n]{1,200})")
_HEADING = pattern(r"[ ]{0,3}#{1,6}[ \t]+[^\n]")
_ITEM = pattern(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_RULER = pattern(r"[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+|(?!))*+\|?[ \t\r]*+")
_DRAWN = frozenset(" \t>|:-\r")  # what a table's ruler consists of
_REACH = 2000  # characters of a paragraph or row on either side of a place
_LEAD = 120  # characters of a line that leads a list in
_LINES = 120  # lines that are looked back for a table's header, and lines of a paragraph


class Unit(NamedTuple):
    """A piece of a document; `kind` is paragraph, item, row or code.

    Offsets are of the file; `headings` go from the outermost inwards, the line that leads a list in
    (`**Target state**:`) last; `header` holds the cells of a table's first row.
    """

    kind: UnitKind
    start: int
    end: int
    headings: tuple[str, ...]
    header: tuple[str, ...] = ()


class Outline:
    """The fences and headings of a document, and the unit around any of its offsets."""

    def __init__(self, string: str) -> None:
        self.string = string
        self._code = _code(string)
        self._headings = [
            (found.start(), len(found[1]), found[2].strip("# \t\r"))
            for found in _HEADINGS.finditer(f"\n{string}")
            if not self.in_code(found.start())
        ]
        self._starts = [start for start, _, _ in self._headings]
        self._leads: dict[int, str] = {}

    def unit(self, offset: int) -> Unit | None:
        """The unit around an offset; None inside an HTML comment or a heading."""
        start, end = self._line(offset)
        if self.in_code(start):
            return Unit("code", start, end, self._above(start))
        if _HEADING.match(self.string, start, end) or self._in_comment(start):
            return None
        above = self._above(start)
        if self._begins(start, end, "|"):
            return Unit("row", start, end, above, self._header(start))
        return self._paragraph(start, end, above)

    def in_code(self, offset: int) -> bool:
        """Whether an offset stands in fenced code, its fences included."""
        index = bisect_right(self._code, (offset, len(self.string) + 1)) - 1
        return index >= 0 and offset < self._code[index][1]

    def _line(self, offset: int) -> tuple[int, int]:
        low, high = max(0, offset - _REACH), min(len(self.string), offset + _REACH)
        start = self.string.rfind("\n", low, offset) + 1 or low
        end = self.string.find("\n", offset, high)
        return start, high if end < 0 else end

    def _begins(self, start: int, end: int, signs: str | tuple[str, ...]) -> bool:
        """Whether a line begins with a sign, below quotations and indented as it may be."""
        return self.string[start:end].lstrip(" \t>").startswith(signs)

    def _in_comment(self, offset: int) -> bool:
        opened = self.string.rfind("<!--", max(0, offset - _REACH), offset + 5)
        return opened >= 0 and self.string.rfind("-->", opened, offset) < 0

    def _above(self, offset: int) -> tuple[str, ...]:
        """The headings that an offset stands below, the outermost first."""
        found: list[str] = []
        level = 7
        index = bisect_right(self._starts, offset) - 1
        while index >= 0 and level > 1 and len(self._starts) - index < 10 * _REACH:
            _, depth, title = self._headings[index]
            if depth < level:
                found.append(title)
                level = depth
            index -= 1
        return tuple(reversed(found))

    def _header(self, start: int) -> tuple[str, ...]:
        """The cells of the first row of the table that the row at `start` belongs to."""
        rows: list[str] = []
        for _ in range(_LINES):
            start, end = self._before(start)
            if start == end or not self._begins(start, end, "|"):
                break
            rows.append(self.string[start:end])
        header = next((row for row in reversed(rows) if not (_DRAWN.issuperset(row) and _RULER.fullmatch(row))), "")
        return tuple(cell.strip(" *_`\r") for cell in header.strip(" \t>|\r").split("|"))

    def _before(self, start: int) -> tuple[int, int]:
        """The line before the one that begins at `start`; an empty one at the top."""
        return self._line(start - 1) if start > 0 else (0, 0)

    def _paragraph(self, start: int, end: int, above: tuple[str, ...]) -> Unit:
        first, last = start, end
        for _ in range(_LINES):
            if _ITEM.match(self.string, first, last) or last - first > _REACH:
                break
            low, high = self._before(first)
            if low == high or self._breaks(low, high):
                break
            first = low
        kind: UnitKind = "item" if _ITEM.match(self.string, first, last) else "paragraph"
        for _ in range(_LINES):
            low, high = self._line(last + 1) if last + 1 < len(self.string) else (0, 0)
            if low == high or self._breaks(low, high) or _ITEM.match(self.string, low, high) or last - first > _REACH:
                break
            last = high
        lead = self._lead(first)
        return Unit(kind, first, last, (*above, lead) if lead else above)

    def _breaks(self, start: int, end: int) -> bool:
        line = self.string[start:end]
        bare = line.strip(" \t>\r")
        return not bare or bare.startswith(("|", "```", "~~~", "<!--")) or _HEADING.match(line) is not None

    def _lead(self, start: int) -> str:
        """The line above a list that ends with a colon: `**Target state**:`.

        What stands above a line is above all below it too, so that it is kept for each line that was passed.
        """
        passed: list[int] = []
        while start not in self._leads:
            passed.append(start)
            start, end = self._before(start)
            lead = self._leads_in(start, end)
            if lead is not None:
                self._leads[passed[-1]] = lead
                break
        found = self._leads[passed[-1] if passed and passed[-1] in self._leads else start]
        self._leads.update(dict.fromkeys(passed, found))
        return found

    def _leads_in(self, start: int, end: int) -> str | None:
        """What a line above a list is to it: a text leads it in, an empty one does not; None where it tells nothing."""
        line = self.string[start:end]
        if (start, end) == (0, 0) or _HEADING.match(line):
            return ""
        bare = line.strip(" \t\r*_")
        item = _ITEM.match(line)
        if bare.endswith(":") and len(bare) <= _LEAD and "|" not in bare and not item:
            return bare.rstrip("*_:")
        return "" if line.strip() and not item and not line[:1].isspace() else None


def _lines_with(string: str, sign: str) -> Iterator[int]:
    """Where each line begins that holds a sign."""
    at = string.find(sign)
    while at >= 0:
        yield string.rfind("\n", 0, at) + 1
        end = string.find("\n", at)
        at = string.find(sign, end) if end >= 0 else -1


def _code(string: str) -> list[tuple[int, int]]:
    """The stretches of fenced code, fences included; one that does not close runs to the end."""
    lines = [*_lines_with(string, "```")]
    if "~" in string and "~~~" in string:
        lines = sorted({*lines, *_lines_with(string, "~~~")})
    found: list[tuple[int, int]] = []
    fence, start = "", 0
    for mark in filter(None, (_FENCE.match(string, line) for line in lines)):
        if not fence:
            fence, start = mark[1], mark.start()
        elif mark[1].startswith(fence) and not mark[2].strip():
            found.append((start, mark.end()))
            fence = ""
    return [*found, (start, len(string))] if fence else found
