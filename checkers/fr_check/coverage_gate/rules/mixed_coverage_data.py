"""Coverage reports that are judged together were made in different ways.

## What it finds

Two reports of one source of which one holds branches and the other does not; two reports of one Python source that
disagree on which of its lines are executable. Coverage.py lists every statement of a source in every shard, so they
differ only where the sources or the exclusions did.

## Why it matters

United, such reports give a figure that no run measured: the branches of one shard against the lines of all, or the
lines of last week beside those of today. `coverage combine` refuses to mix branch and line data; concatenating reports
does not.

## How to fix

Make all reports from one commit and with one configuration (`branch = true` for every shard, or for none).

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
"""

from __future__ import annotations

from fr_check.core.model import Location, Rule, Severity
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.data import BRANCHES
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_SOURCES = {"src/a.py": source(4)}
BAD = {"coverage-1.lcov": lcov("src/a.py", "1100"), "coverage-2.lcov": lcov("src/a.py", "0011", "10"), **_SOURCES}
GOOD = {
    "coverage-1.lcov": lcov("src/a.py", "1100", "01"),
    "coverage-2.lcov": lcov("src/a.py", "0011", "10"),
    **_SOURCES,
}


def check(facts: Facts) -> Iterator[Finding]:
    """Groups the conflicts by the reports that have them: one fault of a run, not one of each file."""
    sources: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for conflict in facts.measured.conflicts:
        sources.setdefault((conflict.kind, conflict.reports), []).append(conflict.path)
    for (kind, reports), paths in sources.items():
        between = wording.some(reports)
        records = "records within" if len(reports) == 1 else "the reports"
        what = (
            "disagree on whether branches were measured in"
            if kind == BRANCHES
            else "disagree on which lines are executable in"
        )
        yield RULE.finding(
            ", ".join(reports),
            f"{records} {between} {what} {wording.some(sorted(paths))}, so no run measured what they add up to",
            help="make all of them from one commit, with one coverage configuration",
            location=Location(reports[0]),
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
