"""A coverage report measured nothing.

## What it finds

A report in good order that holds no executable line: no source at all, or only empty ones.

## Why it matters

0 of 0 is 100% to some tools, 0% to others, and `Unknown` to a third kind, which is below no threshold. Coverage.py
disagrees with itself: `report` passes it, `xml --fail-under` does not. Here it is neither: a run that measured nothing
has shown nothing.

## How to fix

Look at `source`, `include` and `omit`, and at whether tests ran at all: `--collect-only`, a deselecting `-m`, and a
wrong working folder leave such reports.

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_SOURCES = {"src/__init__.py": "", "src/a.py": source(2)}
BAD = {**_SOURCES, "coverage.lcov": "SF:src/__init__.py\nend_of_record\n"}
GOOD = {**_SOURCES, "coverage.lcov": "SF:src/__init__.py\nend_of_record\n" + lcov("src/a.py", "11")}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for reports of nothing."""
    for data in facts.measured.data:
        if data.beside or not data.empty or data.severity is None:
            continue
        count = len(data.report.records)
        what = "no source file" if not count else f"{count:,} source file{'' if count == 1 else 's'}, all of them empty"
        yield RULE.finding(
            data.path,
            f"{data.path} holds {what}: nothing was measured, so no threshold was met",
            help="check `source` and `omit`, and that tests ran where the report was made",
            location=data.location,
            severity=data.severity,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
