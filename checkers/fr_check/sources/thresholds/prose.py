"""Coverage thresholds that Markdown states: a percentage, what it counts, of what, and how it is meant.

A sentence declares a gate only where it says that something is demanded: a bare `coverage > 80%` in a plan is a wish.
What tells gates from history, wishes, examples and other subjects stands in `prose_words`; the nearer words win: the
clause over the sentence, the sentence over the list's lead, the lead over the headings.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fr_check.core.record import NamedTuple
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds import prose_records as records
from fr_check.sources.thresholds import prose_words as words
from fr_check.sources.thresholds.markdown import Outline, Unit
from fr_check.sources.thresholds.model import Declared, number
from fr_check.sources.thresholds.prose_hit import Hit, around, nearest
from fr_check.sources.thresholds.prose_words import Said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.thresholds.model import Kind, Metric

_METRICS: dict[str, Metric] = {
    "line": model.LINE,
    "branch": model.BRANCH,
    "statement": model.STATEMENTS,
    "function": model.FUNCTIONS,
}
_METRICS |= {"method": model.FUNCTIONS, "condition": model.BRANCH}
_FLAG = "--cov-fail-under"
# Without any of these, in lower case, nothing in a document is about coverage.
_HINTS = (b"coverage", b"covered", b"fail-under", b"fail_under", b"--cov", "覆盖率".encode())
_DIGITS = 12  # characters that a number before `%` may take
_HITS = 1000  # numbers of one document
_BEFORE, _AFTER = 1500, 300  # characters in which a word makes a number worth looking at


class Prose(NamedTuple):
    """What one document states; `branch_demanded` is looked for only where it states a number."""

    declared: tuple[Declared, ...] = ()
    branch_demanded: Span | None = None


def may_state(data: bytes) -> bool:
    """Whether a document in UTF-8 can state anything; most hold no percentage, or no word about coverage."""
    if b"%" not in data and _FLAG.encode() not in data:
        return False
    lower = data.lower()
    return any(hint in lower for hint in _HINTS)


def parse(text: Text) -> Prose:
    """Reads one Markdown file."""
    string = text.string
    hits = [*_numbers(string)]
    if not hits:
        return Prose()
    old = records.is_record(text.path) or not records.is_of_code(string)
    outline = Outline(string)
    declared: list[Declared] = []
    seen: set[tuple[float, int]] = set()
    for found in hits:
        # Of code only options count.
        unit = outline.unit(found.start()) if found["flag"] or not outline.in_code(found.start()) else None
        if unit is not None:
            declared.extend(_stated(string, unit, found, text.span, seen, old=old))
    planned = bool(declared) and records.is_plan(text.path)
    if planned:
        declared = [one._replace(kind=model.TARGET) if one.kind == model.GATE else one for one in declared]
    return Prose(tuple(declared), _branch_demand(text) if declared and not (old or planned) else None)


def mentions(text: Text) -> tuple[str, ...]:
    """The names of tools and files by which it can be told which part of a project a document speaks of."""
    lower = text.string.lower()
    return tuple(name for name in ("pytest", "vitest", "jest", "pyproject.toml", "package.json") if name in lower)


def sentences(string: str, place: Callable[[int, int], Span]) -> tuple[Declared, ...]:
    """What a text that stands outside Markdown states (an `echo` in a script); `place` gives spans of its offsets."""
    if "%" not in string or "cover" not in string.lower():
        return ()
    unit = Unit("paragraph", 0, len(string), ())
    seen: set[tuple[float, int]] = set()
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
        if not string[max(0, at - 2) : at].rstrip(" \u00a0")[-1:].isdecimal():
            continue
        found = words.PERCENT.search(string, max(at - _DIGITS, last + 1, 0), at + 2)
        if found is not None and _is_near(string[max(0, at - _BEFORE) : at + _AFTER]):
            last = at
            yield found
    at = -1
    for _ in range(_HITS):
        at = string.find(_FLAG, at + 1)
        if at < 0:
            break
        if (found := words.FLAG.match(string, at)) is not None:
            yield found


def _is_near(window: str) -> bool:
    return any(word in window for word in words.NEAR)


def _branch_demand(text: Text) -> Span | None:
    found = words.BRANCH_DEMAND.search(text.string)
    return text.span(found.start(), found.end()) if found else None


def _lower(string: str) -> str:
    """In lower case, and of the same length: the few characters that would become two are left as they are."""
    lower = string.lower()
    if len(lower) == len(string):
        return lower
    return "".join(low if len(low := one.lower()) == 1 else one for one in string)


def _stated(
    document: str,
    unit: Unit,
    found: re.Match[str],
    place: Callable[[int, int], Span],
    seen: set[tuple[float, int]],
    *,
    old: bool,
) -> Iterator[Declared]:
    """The statement that a number makes, if it makes one; a number counts once a sentence."""
    value = number(found["value"] or found["flag"])
    if value is None or value > 100:  # noqa: PLR2004 - percent
        return
    hit, sentence = around(
        _lower(document[unit.start : unit.end]), unit, found.start() - unit.start, found.end() - unit.start
    )
    if (value, unit.start + sentence) in seen or not _about_coverage(hit):
        return
    seen.add((value, unit.start + sentence))
    kind: Kind = model.EXAMPLE if unit.kind == "code" else model.HISTORICAL if old else _kind(hit, found["flag"])
    if value == 0 and kind == model.GATE:
        kind = model.REPORT_ONLY
    span = place(found.start(), found.end())
    yield Declared(value, _metric(hit), kind, "prose", found[0], span, _part(hit), _scope(hit))


def _scope(hit: Hit) -> str:
    """What a number speaks of: the nearest name, or that of the same place in a row like `a / b | 90% / 80%`."""
    labels, own = hit.cells[:1], hit.cells[hit.cell : hit.cell + 1]
    if labels and own and own != labels and 0 < labels[0].count("/") == own[0].count("/") == own[0].count("%") - 1:
        label = labels[0].split("/")[own[0][: own[0].find(hit.sentence.strip()) + len(hit.before.lstrip())].count("/")]
        name = words.SCOPE.search(label)
        return re.sub(r"[\s-]", "", name["name"]) if name else next(iter(label.split()), "")
    scope = nearest(words.SCOPE, hit)
    return re.sub(r"[\s-]", "", scope["name"]) if scope else ""


def _part(hit: Hit) -> str:
    """What a number is limited to: `service` of the service layer, a phrase after it; no name of a component."""
    found = words.PART.search(hit.clause) if words.PART.may_be_in(hit.near) else None
    found = found or words.LIMITED.match(hit.after)
    return "" if found is None or words.SCOPE.search(found["name"]) else found["name"]


@lru_cache(maxsize=256)
def _title(string: str) -> Said:
    """A heading or the lead of a list; many numbers stand below the same ones."""
    return Said(string.lower())


def _about_coverage(hit: Hit) -> bool:
    beside = hit.cells[hit.cell - 1 : hit.cell] if hit.cell > 1 else ()
    if words.OTHER.is_in(hit.near) or any(words.OTHER.is_in(Said(cell)) for cell in beside) or _of_documents(hit):
        return False
    if words.COVERAGE.is_in(hit.near):
        return True
    if not words.NAMED.is_in(hit.near):
        return False
    above = _title(" ".join(hit.unit.headings[-2:]))
    return words.COVERAGE.is_in(above) and not words.OTHER.is_in(above)


def _of_documents(hit: Hit) -> bool:
    """Whether a number is another measure's by the words around it: `doctest validation (40% threshold)`."""
    if not words.OF_DOCUMENTS.search(hit.near.string):
        return False
    opened = hit.before[: len(hit.before) - hit.at].rstrip()
    lead = words.CLAUSE.split(opened[:-1])[-1] if opened.endswith("(") else hit.clause[: hit.at]
    return bool(words.OF_DOCUMENTS.search(lead) or words.OF_DOCUMENTS.match(hit.after.lstrip(" *_`")))


def _kind(hit: Hit, flag: str | None) -> Kind:
    """How a sentence means its number: the first answer that holds."""
    return next(kind for holds, kind in _answers(hit, flag) if holds)


def _answers(hit: Hit, flag: str | None) -> Iterator[tuple[object, Kind]]:
    """Each question that may be asked of a number, with what it means where the answer is yes; asked in this order."""
    row = f"{hit.cells[0] if hit.cells else ''} {hit.column}"
    above = [_title(title) for title in hit.unit.headings]
    clause, sentence, near = Said(hit.clause), Said(hit.sentence), Said(f"{hit.clause} {row}")
    yield _moved(hit) or "~~" in hit.clause, model.HISTORICAL
    yield words.EXAMPLE.is_in(sentence), model.EXAMPLE
    yield any(words.PAST.is_in(said) for said in (clause, *above[-2:], Said(row))), model.HISTORICAL
    yield words.VAGUE_BEFORE.search(hit.before[-20:]) or words.VAGUE_AFTER.match(hit.after[:40]), model.REPORT_ONLY
    yield words.DENIED.search(hit.before[-40:]), model.REPORT_ONLY
    compared = words.COMPARED.search(hit.before[-20:])
    yield words.MEASURED.match(hit.after[:20]) and not compared, model.REPORT_ONLY
    yield not compared and records.is_held(hit), model.REPORT_ONLY
    yield records.is_quoted(hit) and not flag, model.EXAMPLE
    wished = words.WISH.is_in(near) or (hit.unit.kind == "item" and "[ ]" in hit.sentence[:12])
    yield wished, model.TARGET
    demanded = words.DEMAND.is_in(hit.near) or bool(flag)
    yield not demanded and _is_bare_limit(hit.sentence), model.TARGET
    yield not demanded, model.REPORT_ONLY
    yield words.PAST.is_in(sentence), model.HISTORICAL
    planned = not any(words.CURRENT.is_in(said) for said in (near, *above[-1:]))
    yield planned and any(words.WISH.is_in(said) for said in above[1:]), model.TARGET
    yield True, model.GATE


def _is_bare_limit(sentence: str) -> bool:
    """Whether a comparison stands in a sentence that demands nothing: `coverage >= 80%`, `80%+`."""
    return any(limit in sentence for limit in words.LIMITS) or sentence.removesuffix("\n").endswith("+")


def _moved(hit: Hit) -> bool:
    """Whether the number is one end of a change: `95% → 97%`, `from 95% to 97%`."""
    before, after = hit.before.rstrip(" *`_"), hit.after[:12]
    return bool(
        before.endswith(words.ARROWS)
        or words.ARROW.match(after)
        or words.FROM_TO.search(before[-40:])
        or words.FROM.search(f"{before[-10:]} ")
        or words.TO_NUMBER.match(after)
    )


def _metric(hit: Hit) -> Metric:
    found = (words.METRIC.search(hit.cells[0]) if hit.cells else None) or nearest(words.METRIC, hit)
    name = found["name"] if found is not None else ""
    if name not in _METRICS and (
        words.WHOLE_AFTER.match(hit.after[:40]) or words.WHOLE_BEFORE.search(hit.before[-40:])
    ):
        return model.ANY
    if name not in _METRICS or name == "line":
        row = " ".join((*(hit.cells or (hit.sentence,)), *hit.unit.headings[-1:])).lower()
        if name not in {"", "line"} or words.CHANGED.is_in(Said(row)):
            return model.PATCH
    elif words.CHANGED.is_in(hit.near) and words.CHANGED.is_in(Said(hit.clause)):
        return model.PATCH
    return _METRICS.get(name, model.ANY)
