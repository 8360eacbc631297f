"""Not as many coverage reports as a complete run leaves.

## What it finds

With `shards = 4` in `[tool.fr-check.coverage]` or in a component: fewer usable reports than that. Reports written one
after another into one file (`cat shard-*.lcov > coverage.lcov`) count as often as a source recurs in it. An empty or
truncated report does not count. More report files than that are a warning.

## Why it matters

A shard that is lost takes what only it covered with it, or, worse, what only it left uncovered: the figure may fall or
rise. `coverage combine` prints a warning for a broken shard and exits with 0. One too many may be left over from
another run, and lends this one what that covered.

## How to fix

Let the job that merges need every shard, and fail when an artifact is missing; start from an empty folder; correct
`shards` when their number changed.

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_POLICY = {".fr-check.toml": '[coverage]\ndata = ["shards/*.lcov"]\nshards = 2\n', "src/a.py": source(2)}
BAD = {**_POLICY, "shards/1.lcov": lcov("src/a.py", "11")}
GOOD = {**_POLICY, "shards/1.lcov": lcov("src/a.py", "10"), "shards/2.lcov": lcov("src/a.py", "01")}


def check(facts: Facts) -> Iterator[Finding]:
    """Counts reports."""
    for shards in facts.measured.shards:
        found = f": {wording.some(shards.reports)}" if shards.reports else ""
        of_ = f" of `{shards.component}`" if shards.component else ""
        if shards.present < shards.expected:
            yield RULE.finding(
                f"{shards.component} shards".strip(),
                f"{shards.present} of {shards.expected} coverage reports{of_} are there and usable{found}",
                help="find the shard whose report was lost, or correct `shards` if their number changed",
                location=shards.place,
            )
        elif shards.files > shards.expected:
            yield RULE.finding(
                f"{shards.component} shards".strip(),
                f"{shards.files} coverage reports{of_} are there where a run leaves {shards.expected}, so one of"
                f" them may be left over from another{found}",
                help="remove what other runs left, or correct `shards` if their number changed",
                location=shards.place,
                severity=Severity.WARNING,
            )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
