"""Coverage fell below its recorded totals.

## What it finds

With `record = "coverage-totals.json"` in `[tool.fr-check.coverage]`, written by `fr-check coverage --record FILE`: a
figure that is more than `max-drop` percentage points below the record's last or highest one. A fall within `max-drop`
is a warning. The record is read from the base, so a change cannot lower the mark it is judged by. A record of nothing
(0 of 0, or nothing covered) is reported too: against it, any figure would pass.

## Why it matters

Small losses that are tolerated one by one add up. The highest figure ever is the mark they are added up against.

## How to fix

Test what the change leaves uncovered. The note says how many more lines are uncovered than before: if it is none, well
covered code was removed, and the record may be renewed with `--record`.

## What `--fix` does

Nothing: it takes tests, and which to write is for a person to say.
"""

from __future__ import annotations

from fr_check.core.model import Example, Note, Rule, Severity, Unknown
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.record import HIGHEST, LAST
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts
    from fr_check.coverage_gate.measured.model import Comparison, Drop

_RECORD = '{"version": 1, "coverage": {"": {"last": {"line": [4, 4]}, "highest": {"line": [4, 4]}}}}\n'
_BASE = {
    ".fr-check.toml": '[coverage]\nrecord = "totals.json"\nmax-drop = 0.5\n',
    "totals.json": _RECORD,
    "src/a.py": source(4),
}
BAD = Example({**_BASE, "coverage.lcov": lcov("src/a.py", "1110")}, base=_BASE)
GOOD = Example({**_BASE, "coverage.lcov": lcov("src/a.py", "1111")}, base=_BASE)


def check(facts: Facts) -> Iterator[Finding | Unknown]:
    """Compares the totals with the record."""
    comparison = facts.measured.comparison
    if comparison is None:
        return
    if comparison.problem:
        path = comparison.location.path
        message = f"the recorded totals in {path} cannot be read: {comparison.problem}"
        help_ = f"write them with `fr-check coverage --record {path}`"
        yield Unknown(RULE.checker, "unreadable-record", path, message, help_, comparison.location)
    for scope in comparison.vacuous:
        yield RULE.finding(
            f"{scope} record".strip(),
            f"the recorded totals{_of(scope)} are of nothing, so any coverage passes against them",
            help=f"record real totals with `fr-check coverage --record {comparison.location.path}`",
            location=comparison.location,
        )
    for scope in comparison.lost:
        yield RULE.finding(
            f"{scope} branch".strip(),
            f"branch coverage{_of(scope)} was measured when the totals were recorded, and is no longer, so nobody can"
            " tell whether it fell",
            help="measure branches again (`--cov-branch`), or renew the record in a change of its own",
            location=comparison.location,
        )
    limit = facts.measured.max_drop
    sunk = {(drop.scope, drop.metric) for drop in comparison.drops if drop.mark == HIGHEST and drop.exceeds(limit)}
    for drop in comparison.drops:
        worse = drop.exceeds(limit)
        # Below the highest says all: a second finding about the last would be the same fault again.
        if (worse or drop.mark == LAST) and not (drop.mark == LAST and (drop.scope, drop.metric) in sunk):
            yield _finding(drop, comparison, facts.measured.max_drop, worse=worse)


def _finding(drop: Drop, comparison: Comparison, max_drop: float, *, worse: bool) -> Finding:
    mark = "its highest" if drop.mark == HIGHEST else "the last"
    limit = f"more than the {max_drop:g} percentage points" if worse else f"within the {max_drop:g} percentage points"
    delta = drop.measured.missing - drop.recorded.missing
    counted = wording.amount(abs(delta), drop.metric)
    change = (
        f"{counted} {'more' if delta > 0 else 'fewer'} uncovered than then" if delta else "as many uncovered as then"
    )
    return RULE.finding(
        f"{drop.scope} {drop.metric} {drop.mark}".strip(),
        f"{drop.metric} coverage{_of(drop.scope)} fell from {mark} {wording.figure(drop.recorded)} to"
        f" {wording.figure(drop.measured)}, {limit} that may be lost",
        help="test what the change leaves uncovered, or renew the record in a change of its own",
        location=comparison.location,
        notes=(Note(change),),
        severity=None if worse else Severity.WARNING,
    )


def _of(scope: str) -> str:
    return f" of `{scope}`" if scope else ""


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True)
