"""Coverage thresholds that Markdown states: a percentage, what it counts, of what, and how it is meant.

A sentence declares a gate only where it says that something is demanded: a bare `coverage > 80%` in a plan is a wish.
What tells gates from history, wishes, examples and other subjects stands in `prose_words`; the nearer words win: the
clause over the sentence, the sentence over the list's lead, the lead over the headings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from checkers.sources.thresholds import markdown, model
from checkers.sources.thresholds import prose_words as words
from checkers.sources.thresholds.markdown import Unit
from checkers.sources.thresholds.model import Declared, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkers.core.model import Span
    from checkers.core.text import Text

_METRICS = {"line": model.LINE, "branch": model.BRANCH, "statement": model.STATEMENTS, "function": model.FUNCTIONS}
_METRICS |= {"method": model.FUNCTIONS, "condition": model.BRANCH}
_WINDOW = 300  # characters of a sentence that are looked at on either side of a number


class Prose(NamedTuple):
    """What one document states, and the words by which it can be told which part of the project it speaks of."""

    declared: tuple[Declared, ...] = ()
    branch_demanded: Span | None = None
    mentions: tuple[str, ...] = ()


class _Hit(NamedTuple):
    """A number and what surrounds it: `clause` and `sentence` hold it, `before` and `after` are the sentence's rest."""

    unit: Unit
    clause: str
    sentence: str
    before: str
    after: str
    cells: tuple[str, ...]
    column: str


def parse(text: Text) -> Prose:
    """Reads one Markdown file."""
    string = text.string
    if not words.COVERAGE.search(string) or ("%" not in string and "fail-under" not in string):
        return Prose()
    old = _is_old(text.path)
    declared: list[Declared] = []
    for unit in markdown.units(string):
        if "%" in (body := string[unit.start : unit.end]) or "fail-under" in body:
            declared.extend(_unit(string, unit, text.span, old=old))
    return Prose(tuple(declared), _branch_demand(text), _mentions(string))


def sentences(string: str, place: Callable[[int, int], Span]) -> tuple[Declared, ...]:
    """What a text that stands outside Markdown states (an `echo` in a script); `place` gives spans of its offsets."""
    if "%" not in string or not words.COVERAGE.search(string):
        return ()
    return tuple(_unit(string, Unit("paragraph", 0, len(string), ()), place, old=False))


def _is_old(path: str) -> bool:
    return bool(words.OLD_PLACES.search(path) or words.OLD_FILES.match(path.rsplit("/", 1)[-1]))


def _branch_demand(text: Text) -> Span | None:
    found = words.BRANCH_DEMAND.search(text.string)
    return text.span(found.start(), found.end()) if found and not _is_old(text.path) else None


def _mentions(string: str) -> tuple[str, ...]:
    names = ("backend", "frontend", "pytest", "vitest", "jest", "pyproject.toml", "package.json")
    lower = string.lower()
    return tuple(name for name in names if name in lower)


def _unit(document: str, unit: Unit, place: Callable[[int, int], Span], *, old: bool) -> Iterator[Declared]:
    string = document[unit.start : unit.end]
    seen = set()
    for found in words.PERCENT.finditer(string):
        written = found["value"] or found["flag"]
        hit = _hit(string, unit, found.start(), found.end())
        value = number(written)
        if value is None or value > 100 or (value, hit.sentence) in seen or not _about_coverage(hit):  # noqa: PLR2004 - percent
            continue
        seen.add((value, hit.sentence))
        kind = model.EXAMPLE if unit.kind == "code" else model.HISTORICAL if old else _kind(hit, found["flag"])
        if unit.kind == "code" and not found["flag"]:
            continue
        if value == 0 and kind == model.GATE:
            kind = model.REPORT_ONLY
        span = place(unit.start + found.start(), unit.start + found.end())
        part = words.PART.search(hit.clause)
        scope = _nearest(words.SCOPE, hit)
        name = re.sub(r"[\s-]", "", scope["scope"].lower()) if scope else ""
        excerpt = found[0]
        yield Declared(value, _metric(hit), kind, "prose", excerpt, span, part["part"].lower() if part else "", name)


def _hit(string: str, unit: Unit, start: int, end: int) -> _Hit:
    low, high = max(0, start - _WINDOW), min(len(string), end + _WINDOW)
    begin = max((found.end() for found in words.SENTENCE.finditer(string, low, start)), default=low)
    stop = found.start() if (found := words.SENTENCE.search(string, end, high)) else high
    clause_start = max((found.end() for found in words.CLAUSE.finditer(string, begin, start)), default=begin)
    clause_end = found.start() if (found := words.CLAUSE.search(string, end, stop)) else stop
    cells: tuple[str, ...] = ()
    column = ""
    if unit.kind == "row":
        cells = tuple(cell.strip() for cell in string.strip(" \t>|\r\n").split("|"))
        index = string[:start].strip(" \t>").removeprefix("|").count("|")
        column = unit.header[index] if index < len(unit.header) else ""
        begin, stop = max(begin, string.rfind("|", 0, start) + 1), _cell_end(string, end, stop)
    return _Hit(
        unit, string[clause_start:clause_end], string[begin:stop], string[begin:start], string[end:stop], cells, column
    )


def _cell_end(string: str, end: int, stop: int) -> int:
    found = string.find("|", end)
    return min(stop, found) if found >= 0 else stop


def _about_coverage(hit: _Hit) -> bool:
    row = " ".join((*hit.cells[:1], hit.column))
    near = f"{hit.sentence} {row}"
    if words.OTHER.search(near):
        return False
    if words.COVERAGE.search(near):
        return True
    above = " ".join(hit.unit.headings[-2:])
    return bool(words.DEMAND.search(near) and words.COVERAGE.search(above) and not words.OTHER.search(above))


def _kind(hit: _Hit, flag: str | None) -> str:
    """How a sentence means its number; the first answer of the questions below, in this order."""
    row = f"{hit.cells[0] if hit.cells else ''} {hit.column}"
    above = hit.unit.headings
    near = f"{hit.clause} {row}"
    title = above[-1] if above else ""
    demanded = bool(words.DEMAND.search(f"{hit.sentence} {row}") or flag)
    wished = words.WISH.search(near) or (hit.unit.kind == "item" and "[ ]" in hit.sentence[:12])
    planned = not words.CURRENT.search(f"{near} {title}") and any(words.WISH.search(line) for line in above[1:])
    answers = (
        (_moved(hit) or "~~" in hit.clause, model.HISTORICAL),
        (words.EXAMPLE.search(hit.sentence), model.EXAMPLE),
        (
            words.PAST.search(hit.clause) or any(words.PAST.search(line) for line in (*above[-2:], row)),
            model.HISTORICAL,
        ),
        (words.MEASURED.match(hit.after) and not words.COMPARED.search(hit.before[-20:]), model.REPORT_ONLY),
        (wished, model.TARGET),
        (not demanded and words.BARE_LIMIT.search(hit.sentence), model.TARGET),
        (not demanded, model.REPORT_ONLY),
        (words.PAST.search(hit.sentence), model.HISTORICAL),
        (planned, model.TARGET),
    )
    return next((kind for holds, kind in answers if holds), model.GATE)


def _moved(hit: _Hit) -> bool:
    """Whether the number is one end of a change: `95% → 97%`, `from 95% to 97%`."""
    before, after = hit.before.rstrip(" *`_"), hit.after
    return bool(
        words.ARROW.match(after[:12])
        or before.endswith(words.ARROWS)
        or words.FROM_TO.search(before[-40:])
        or words.TO_NUMBER.match(after[:12])
        or words.FROM.search(f"{before[-10:]} ")
    )


def _metric(hit: _Hit) -> str:
    found = (words.METRIC.search(hit.cells[0]) if hit.cells else None) or _nearest(words.METRIC, hit)
    if found is None:
        return model.ANY
    name = found["metric"].lower()
    return _METRICS.get(name, model.PATCH)


def _nearest(pattern: re.Pattern[str], hit: _Hit) -> re.Match[str] | None:
    """The match of the sentence that stands nearest to the number; else one of the row's first cell or the headings."""
    before = [*pattern.finditer(hit.before)]
    after = pattern.search(hit.after)
    last = before[-1] if before else None
    if last is not None and after is not None:
        return last if len(hit.before) - last.end() <= after.start() else after
    return last or after or (pattern.search(hit.cells[0]) if hit.cells else None)
