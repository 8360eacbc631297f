"""Coverage thresholds that Markdown states: a percentage, what it counts, of what, and how it is meant.

A sentence declares a gate only where it says that something is demanded: a bare `coverage > 80%` in a plan is a wish.
What tells gates from history, wishes, examples and other subjects stands in `prose_words`; the nearer words win: the
clause over the sentence, the sentence over the list's lead, the lead over the headings.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple
from checkers.sources.thresholds import model
from checkers.sources.thresholds import prose_words as words
from checkers.sources.thresholds.markdown import Outline, Unit
from checkers.sources.thresholds.model import Declared, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from checkers.core.model import Span
    from checkers.core.text import Text

_METRICS = {"line": model.LINE, "branch": model.BRANCH, "statement": model.STATEMENTS, "function": model.FUNCTIONS}
_METRICS |= {"method": model.FUNCTIONS, "condition": model.BRANCH}
_HINTS = ("overage", "overed", "fail-under", "--cov", "OVERAGE", "覆盖率")
_DIGITS = 12  # characters that a number before `%` may take
_HITS = 1000  # numbers of one document
_WINDOW = 300  # characters of a sentence that are looked at on either side of a number


class Prose(NamedTuple):
    """What one document states, and the words by which it can be told which part of the project it speaks of."""

    declared: tuple[Declared, ...] = ()
    branch_demanded: Span | None = None
    mentions: tuple[str, ...] = ()


class _Hit(NamedTuple):
    """A number and what surrounds it.

    `clause` and `sentence` hold it, `before` and `after` are the sentence's rest, `at` is its offset in the clause.
    `cells` are those of its table row, `column` is the heading above its cell.
    """

    unit: Unit
    clause: str
    sentence: str
    before: str
    after: str
    cells: tuple[str, ...]
    column: str
    at: int


def parse(text: Text) -> Prose:
    """Reads one Markdown file."""
    string = text.string
    if "%" not in string and "fail-under" not in string:
        return Prose()
    if not any(hint in string for hint in _HINTS):
        return Prose()
    hits = [*_numbers(string)]
    if not hits:
        return Prose()
    old = _is_old(text.path)
    outline = Outline(string)
    declared: list[Declared] = []
    seen: set[tuple[Fraction, int]] = set()
    for found in hits:
        unit = outline.unit(found.start())
        if unit is not None:
            declared.extend(_stated(string, unit, found, text.span, seen, old=old))
    return Prose(tuple(declared), _branch_demand(text), _mentions(string.lower()))


def sentences(string: str, place: Callable[[int, int], Span]) -> tuple[Declared, ...]:
    """What a text that stands outside Markdown states (an `echo` in a script); `place` gives spans of its offsets."""
    if "%" not in string or "cover" not in string.lower():
        return ()
    unit = Unit("paragraph", 0, len(string), ())
    seen: set[tuple[Fraction, int]] = set()
    return tuple(
        declared for found in _numbers(string) for declared in _stated(string, unit, found, place, seen, old=False)
    )


def _numbers(string: str) -> Iterator[re.Match[str]]:
    """The percentages near a word about coverage, found by their `%`: most numbers of a document are others."""
    at = last = -1
    for _ in range(_HITS):
        at = string.find("%", at + 1)
        if at < 0:
            break
        found = words.PERCENT.search(string, max(at - _DIGITS, last + 1, 0), at + 2)
        if found is not None and _is_near(string[max(0, at - 5 * _WINDOW) : at + _WINDOW]):
            last = at
            yield found
    yield from islice(words.FLAG.finditer(string), _HITS if "--cov-fail-under" in string else 0)


def _is_near(window: str) -> bool:
    return any(word in window for word in words.NEAR)


def _is_old(path: str) -> bool:
    return bool(words.OLD_PLACES.search(path) or words.OLD_FILES.match(path.rsplit("/", 1)[-1]))


def _branch_demand(text: Text) -> Span | None:
    if "ranch" not in text.string:
        return None
    found = words.BRANCH_DEMAND.search(text.string)
    return text.span(found.start(), found.end()) if found and not _is_old(text.path) else None


def _mentions(lower: str) -> tuple[str, ...]:
    names = ("backend", "frontend", "pytest", "vitest", "jest", "pyproject.toml", "package.json")
    return tuple(name for name in names if name in lower)


def _stated(
    document: str,
    unit: Unit,
    found: re.Match[str],
    place: Callable[[int, int], Span],
    seen: set[tuple[Fraction, int]],
    *,
    old: bool,
) -> Iterator[Declared]:
    """The statement that a number makes, if it makes one; a number counts once a sentence."""
    value = number(found["value"] or found["flag"])
    if value is None or value > 100 or (unit.kind == "code" and not found["flag"]):  # noqa: PLR2004 - percent
        return
    string = document[unit.start : unit.end]
    hit, sentence = _hit(string, unit, found.start() - unit.start, found.end() - unit.start)
    if (value, unit.start + sentence) in seen or not _about_coverage(hit):
        return
    seen.add((value, unit.start + sentence))
    kind = model.EXAMPLE if unit.kind == "code" else model.HISTORICAL if old else _kind(hit, found["flag"])
    if value == 0 and kind == model.GATE:
        kind = model.REPORT_ONLY
    scope = _nearest(words.SCOPE, hit)
    part = words.PART.search(hit.clause) or words.LIMITED.match(hit.after)
    if part is not None and words.SCOPE.search(part["part"]):
        part = None
    name = re.sub(r"[\s-]", "", scope["scope"].lower()) if scope else ""
    span = place(found.start(), found.end())
    yield Declared(value, _metric(hit), kind, "prose", found[0], span, part["part"].lower() if part else "", name)


def _hit(string: str, unit: Unit, start: int, end: int) -> tuple[_Hit, int]:
    """The number at [start, end) of a unit with its surroundings, and where its sentence begins."""
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
    clause, sentence = string[clause_start:clause_end], string[begin:stop]
    before, after = string[begin:start], string[end:stop]
    hit = _Hit(unit, clause, sentence, before, after, cells, column, start - clause_start)
    return hit, begin


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
    return bool(words.NAMED.search(near) and words.COVERAGE.search(above) and not words.OTHER.search(above))


def _kind(hit: _Hit, flag: str | None) -> str:
    """How a sentence means its number: the first answer that holds."""
    return next(kind for holds, kind in _answers(hit, flag) if holds)


def _answers(hit: _Hit, flag: str | None) -> Iterator[tuple[object, str]]:
    """Each question that may be asked of a number, with what it means where the answer is yes; asked in this order."""
    row = f"{hit.cells[0] if hit.cells else ''} {hit.column}"
    above = hit.unit.headings
    near = f"{hit.clause} {row}"
    title = above[-1] if above else ""
    yield _moved(hit) or "~~" in hit.clause, model.HISTORICAL
    yield words.EXAMPLE.search(hit.sentence), model.EXAMPLE
    yield words.PAST.search(hit.clause) or any(words.PAST.search(line) for line in (*above[-2:], row)), model.HISTORICAL
    yield words.VAGUE_BEFORE.search(hit.before[-20:]) or words.VAGUE_AFTER.match(hit.after), model.REPORT_ONLY
    yield words.MEASURED.match(hit.after) and not words.COMPARED.search(hit.before[-20:]), model.REPORT_ONLY
    wished = words.WISH.search(near) or (hit.unit.kind == "item" and "[ ]" in hit.sentence[:12])
    yield wished, model.TARGET
    demanded = bool(words.DEMAND.search(f"{hit.sentence} {row}") or flag)
    yield not demanded and words.BARE_LIMIT.search(hit.sentence), model.TARGET
    yield not demanded, model.REPORT_ONLY
    yield words.PAST.search(hit.sentence), model.HISTORICAL
    planned = not words.CURRENT.search(f"{near} {title}") and any(words.WISH.search(line) for line in above[1:])
    yield planned, model.TARGET
    yield True, model.GATE


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
    name = found["metric"].lower() if found is not None else ""
    if name not in _METRICS or name == "line":
        row = " ".join(hit.cells) if hit.cells else hit.sentence
        if name not in {"", "line"} or words.CHANGED.search(f"{row} {' '.join(hit.unit.headings[-1:])}"):
            return model.PATCH
    return _METRICS.get(name, model.ANY)


def _nearest(pattern: re.Pattern[str], hit: _Hit) -> re.Match[str] | None:
    """The match nearest to the number: in its clause, else in its sentence, else in the row's first cell."""
    before, after = hit.clause[: hit.at], hit.clause[hit.at :]
    found = _closer(pattern, before, after) or _closer(pattern, hit.before, hit.after)
    return found or (pattern.search(hit.cells[0]) if hit.cells else None)


def _closer(pattern: re.Pattern[str], before: str, after: str) -> re.Match[str] | None:
    first = pattern.search(after)
    earlier = [*pattern.finditer(before)]
    last = earlier[-1] if earlier else None
    if last is not None and first is not None:
        return last if len(before) - last.end() <= first.start() else first
    return last or first
