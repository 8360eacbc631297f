"""A coverage report contradicts itself.

## What it finds

Totals that are not the sum of what they stand for: `LF`, `LH`, `BRF` and `BRH` against the records of an lcov file,
the attributes of Cobertura's root against its lines, the summaries of coverage.py's and istanbul's JSON against their
files; and records that are none (a count that is no number). Its figures are not judged.

## Why it matters

A summary that says 100 of 100 above a single record is what a hand-edited report looks like, or one that was merged by
adding up. Tools that read the summary believe it; tools that count do not, and the two print different percentages.

## How to fix

Make the report again with the coverage tool, and let nothing rewrite it in between.

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_SOURCES = {"src/a.py": source(4)}
BAD = {"coverage.lcov": lcov("src/a.py", "1000").replace("LH:1", "LH:4"), **_SOURCES}
GOOD = {"coverage.lcov": lcov("src/a.py", "1000"), **_SOURCES}
_KINDS = ("inconsistent", "malformed")


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for reports that do not add up. One that holds no record at all is unknown, not inconsistent."""
    for data in facts.measured.data:
        faults = [fault for fault in data.report.faults if fault.kind in _KINDS]
        if not faults or data.illegible or data.severity is None:
            continue
        yield RULE.finding(
            data.path,
            f"{data.path} contradicts itself: {faults[0].message}",
            help="make the report again with the coverage tool; its figures are not judged",
            location=data.at(faults[0].line),
            notes=[Note(fault.message, data.at(fault.line)) for fault in faults[1:]],
            severity=data.severity,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
