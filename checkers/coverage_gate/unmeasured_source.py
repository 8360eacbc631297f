"""A tracked source is in no coverage report.

## What it finds

A source file that no judged report holds, although it lies among measured ones and is of their kind. Tests,
migrations, declarations and configuration are not missed, nor what coverage.py's `omit` takes out, nor a file without
statements. `sources` and `exempt` in `[tool.fr-check.coverage]` (globs) say otherwise where the project knows better.

## Why it matters

Without `source` (coverage.py) or `include` (vitest), a file that no test imports is not in the report at all: it
counts neither as covered nor as uncovered, and the total is that of the files somebody thought of. A folder without
`__init__.py` vanishes likewise.

## How to fix

Measure it: `source = ["src"]` in `[tool.coverage.run]`, `coverage.include` for vitest, `collectCoverageFrom` for jest.
If it need not be measured, say so in `exempt`, or in coverage's own `omit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.model import Location, Rule, Severity
from checkers.coverage_gate.samples import lcov, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.coverage_gate.facts import Facts

    from checkers.core.model import Finding

_SOURCES = {"src/a.py": source(2), "src/b.py": source(2)}
BAD = {**_SOURCES, "coverage.lcov": lcov("src/a.py", "11")}
GOOD = {**_SOURCES, "coverage.lcov": lcov("src/a.py", "11") + lcov("src/b.py", "00")}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for sources without a measurement."""
    for path in facts.measured.unmeasured:
        yield RULE.finding(
            path,
            f"`{path}` is in no coverage report, so its lines count neither as covered nor as uncovered",
            help="measure it (`source` in [tool.coverage.run]), or name it in `exempt` of [tool.fr-check.coverage]",
            location=Location(path),
        )


RULE = Rule(
    id="unmeasured-source",
    checker="coverage",
    severity=Severity.WARNING,
    summary="A tracked source is in no coverage report.",
    check=check,
    manual=__doc__ or "",
    bad=BAD,
    good=GOOD,
)
