"""A number in a document and what surrounds it: its clause, its sentence, its row, and the names nearest to it."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.thresholds import prose_words as words
from fr_check.sources.thresholds.prose_words import Said

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from fr_check.sources.thresholds.markdown import Unit

_WINDOW = 300  # characters of a sentence that are looked at on either side of a number


class Hit(NamedTuple):
    """A number and what surrounds it, in lower case.

    `clause` and `sentence` hold it, `before` and `after` are the sentence's rest, `at` and `till` are its offsets in
    the clause. `cells` are those of its table row, of which `cell` is its own, `column` is the heading above that;
    `near` is all of these together.
    """

    unit: Unit
    clause: str
    sentence: str
    before: str
    after: str
    cells: tuple[str, ...]
    cell: int
    column: str
    at: int
    till: int
    near: Said


def around(string: str, unit: Unit, start: int, end: int) -> tuple[Hit, int]:
    """The number at [start, end) of a unit with its surroundings, and where its sentence begins."""
    low, high = max(0, start - _WINDOW), min(len(string), end + _WINDOW)
    begin = max((found.end() for found in words.SENTENCE.finditer(string, low, start)), default=low)
    stop = found.start() if (found := words.SENTENCE.search(string, end, high)) else high
    clause_start = max((found.end() for found in words.CLAUSE.finditer(string, begin, start)), default=begin)
    clause_end = found.start() if (found := words.CLAUSE.search(string, end, stop)) else stop
    cells: tuple[str, ...] = ()
    column, cell = "", 0
    if unit.kind == "row":
        cells = tuple(cell.strip() for cell in string.strip(" \t>|\r\n").split("|"))
        cell = string[:start].strip(" \t>").removeprefix("|").count("|")
        column = unit.header[cell].lower() if cell < len(unit.header) else ""
        begin, stop = max(begin, string.rfind("|", 0, start) + 1), _cell_end(string, end, stop)
    clause, sentence = string[clause_start:clause_end], string[begin:stop]
    near = Said(" ".join((sentence, *cells[:1], column)))
    at, till = start - clause_start, end - clause_start
    before, after = string[begin:start], string[end:stop]
    return Hit(unit, clause, sentence, before, after, cells, cell, column, at, till, near), begin


def _cell_end(string: str, end: int, stop: int) -> int:
    found = string.find("|", end)
    return min(stop, found) if found >= 0 else stop


def nearest(names: words.Names, hit: Hit) -> re.Match[str] | None:
    """The name nearest to the number: in its clause, else in its sentence, else in the row's first cell."""
    if not names.may_be_in(hit.near):
        return None
    found = _closer(names, hit.clause[: hit.at], hit.clause[hit.till :]) or _closer(names, hit.before, hit.after)
    return found or (names.search(hit.cells[0]) if hit.cells else None)


def _closer(names: words.Names, before: str, after: str) -> re.Match[str] | None:
    first, last = names.search(after), names.last(before)
    if last is not None and first is not None:
        return last if len(before) - last.end() <= first.start() else first
    return last or first
