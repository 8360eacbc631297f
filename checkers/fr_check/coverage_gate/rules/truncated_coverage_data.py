"""A coverage report is cut off, or empty.

## What it finds

An lcov file whose last record has no `end_of_record`, or in which a record runs into the next; XML or JSON that ends
in its middle; a file without content. Its figures are not judged.

## Why it matters

An upload that was cut short loses the files at its end, covered and uncovered ones: the percentage may rise. Most
readers of lcov accept such a file without a word, and `coverage combine` skips an empty shard and exits with 0.

## How to fix

Make or upload the report again. Look for a disk that was full, a job that was cancelled, or `cat` of a file that was
still being written.

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

_WHOLE = lcov("src/a.py", "1111")
BAD = {"coverage.lcov": _WHOLE[:20], "src/a.py": source(4)}
GOOD = {"coverage.lcov": _WHOLE, "src/a.py": source(4)}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for reports that end too early."""
    for data in facts.measured.data:
        faults = [fault for fault in data.report.faults if fault.kind == "truncated"]
        if faults and data.severity is not None:
            yield RULE.finding(
                data.path,
                f"{data.path} is cut off: {faults[0].message}",
                help="make or upload the report again; its figures are not judged",
                location=data.at(faults[0].line),
                notes=[Note(fault.message, data.at(fault.line)) for fault in faults[1:]],
                severity=data.severity,
            )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
