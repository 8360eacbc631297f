"""The same coverage figure is given different thresholds in different places.

## What it finds

Every place that declares a threshold for the same component and metric: pytest's `addopts`, coverage's `fail_under`,
tasks, workflows, scripts that build an argument list, vitest, jest, nyc, and sentences in Markdown that say what is
demanded. Where they name different numbers, one finding shows them all; it stands at the one that governs, which is
configuration before tasks, tasks before workflows and scripts, and everything before prose.

coverage.py has a single figure, so `line coverage` in a sentence and `--cov-fail-under` with `--cov-branch` speak of
the same gate. History ("95% → 97%"), targets, examples in fenced code, archived documents and percentages of other
things are not compared, nor are gates that are limited to some tests or some files, nor those of hosted services, nor
numbers of steps and branches that exclude each other (`if: runner.os == 'Linux'`, `if: runner.os == 'Windows'`).

## Why it matters

The number that people read is not the number that is enforced. Whoever lowers one of them does not know that they do,
and nobody can say what was promised.

## How to fix

Keep the number in one place, the configuration file that the tool reads, and let everything else point there: drop
`--cov-fail-under` from tasks and scripts, and write "see `pyproject.toml`" in documents. Or make all of them agree.
"""

from __future__ import annotations

import itertools

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.coverage_gate.declared import asked
from fr_check.coverage_gate.declared import groups as declared_groups
from fr_check.coverage_gate.declared.groups import TOTAL, Group
from fr_check.coverage_gate.declared.model import PROSE, UNIFIED
from fr_check.sources.thresholds.model import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding, Span
    from fr_check.core.text import Text
    from fr_check.coverage_gate.declared.model import Place
    from fr_check.coverage_gate.facts import Facts

_CONFIG = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-branch --cov-fail-under=99"\n'
BAD = {
    "apps/backend/pyproject.toml": _CONFIG,
    "apps/backend/moon.yml": "tasks:\n  test:\n    command: 'pytest --cov=src --cov-fail-under=94'\n",
    "README.md": "Backend tests enforce **>= 92%** line coverage (target: 97%).\n",
}
GOOD = {
    "apps/backend/pyproject.toml": _CONFIG,
    "apps/backend/moon.yml": "tasks:\n  test:\n    command: 'pytest'\n",
    "README.md": "Backend tests enforce **>= 99%** line coverage. It was 92% before the rewrite.\n",
}

_FEW = 2
_NUMBER = pattern(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each figure that is given more than one threshold."""
    for group in _groups(facts):
        if len(group.values) > 1 and _disagrees(group):
            yield _finding(group)


def _groups(facts: Facts) -> tuple[Group, ...]:
    """The figures that have thresholds, each number as CI asks it."""
    places = asked.as_asked(facts.declared.places, facts.runs)
    return declared_groups.groups(facts.declared._replace(places=places))


def _disagrees(group: Group) -> bool:
    """Whether two of the numbers may be asked together: steps for Linux and for Windows may differ."""
    conditional = [place for place in group.places if place.when]
    if len(conditional) < _FEW:
        return True
    from fr_check.sources.thresholds.conditions import exclude  # noqa: PLC0415 - hardly any number has a condition

    pairs = itertools.combinations(group.places, 2)
    return any(one.value != other.value and not exclude(one.when, other.when) for one, other in pairs)


def _finding(group: Group) -> Finding:
    governing = group.places[0]
    others = [place for place in group.places[1:] if place.value != governing.value]
    values = _enumerated([shown(value, uncovered=governing.uncovered) for value in group.values])
    named = {UNIFIED: "all components together", "": "the repository"}.get(group.component, f"`{group.component}`")
    figure = "coverage" if group.metric == TOTAL else f"{group.metric} coverage"
    limited = f" of `{group.part}`" if group.part else ""
    paths = [*dict.fromkeys(_elsewhere(place, governing) for place in others)]
    has, its = ("have", "their") if group.component == UNIFIED else ("has", "its")
    message = (
        f"{named} {has} {its} {figure} threshold{limited} declared as {values}: {governing.location.path} says"
        f" {governing.shown}, but {_enumerated(paths)} {'disagrees' if len(paths) == 1 else 'disagree'}"
    )
    only_prose = all(place.layer == PROSE for place in others)
    return RULE.finding(
        _subject(group),
        message,
        help=f"decide on one number, keep it in {governing.location.path}, and let the other places refer to it",
        location=governing.location,
        notes=[_note(place) for place in group.places],
        severity=Severity.WARNING if only_prose else Severity.ERROR,
    )


def _elsewhere(place: Place, governing: Place) -> str:
    path, span = place.location.path, place.location.span
    return f"line {span.line} of it" if path == governing.location.path and span is not None else path


def _subject(group: Group) -> str:
    figure = "coverage" if group.metric == TOTAL else group.metric
    return f"{group.component} {figure} {group.part}".strip()


def _note(place: Place) -> Note:
    how = " (a later option overrides it)" if place.overridden else ""
    return Note(f"{place.shown} here, in {_layer(place)}: `{place.written}`{how}", place.location)


def _layer(place: Place) -> str:
    return "a document" if place.layer == PROSE else f"the {place.layer}"


def _enumerated(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Has every copy say the number that governs; only where that is the highest, so that no gate is lowered."""
    group = next((one for one in _groups(facts) if _subject(one) == finding.subject), None)
    governing = group.places[0] if group is not None else None
    if group is None or governing is None or governing.value is None or governing.location != finding.location:
        return None
    if governing.value < max(group.values) or any(place.uncovered for place in group.places):
        return Refused("a lower number governs, and which one was promised is to be decided")
    edits = []
    for place in group.places:
        if place.value == governing.value:
            continue
        text, span = text_of(place.location.path), place.location.span
        if text is None or span is None:
            return Refused(f"{place.location.path} is no file of this working tree")
        if place.layer == PROSE and _says(text.line(span.line), governing.value):
            return Refused(f"a sentence in {place.location.path} says the number that governs, too")
        edit = _with_number(text, span, place.value, governing.value)
        if edit is None:
            return Refused(f"the number in {place.location.path} is written in a way that is left to its author")
        edits.append(edit)
    return Fix(UNSAFE, tuple(edits))


def _says(line: str, value: float) -> bool:
    return any(float(one[0]) == value for one in _NUMBER.finditer(line))


def _with_number(text: Text, span: Span, old: float | None, new: float) -> Edit | None:
    start, end = text.offsets(span)
    found = [one for one in _NUMBER.finditer(text.string, start, end) if float(one[0]) == old]
    if len(found) != 1:
        return None
    return Edit(text.path, found[0].start(), found[0].end(), f"{new:g}")


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
