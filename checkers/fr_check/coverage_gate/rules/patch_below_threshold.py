"""Too little of what changed since the base is covered.

## What it finds

With `patch = 90` (or `patch-branch`) in `[tool.fr-check.coverage]`: the executable lines (branch arms) on lines that
are new or changed since `--base`, where fewer of them ran than that. A changed line counts for the statement it
belongs to; a moved file, a deletion, a comment and a change of line ends count for nothing. The statements of a new
file that no report holds count as uncovered: tools that skip them pass a pull request that tests nothing.

A line that ran is covered, also when only one of its branches was taken; `patch-branch` is the threshold for those.

## Why it matters

The total hardly moves when a small change is untested, and paths that match nothing make the usual tool say "no lines
with coverage information in this diff" and pass.

## How to fix

Test the lines the notes name.

## What `--fix` does

Nothing: it takes tests, and which to write is for a person to say.
"""

from __future__ import annotations

from fr_check.core.model import Example, Location, Note, Rule, Severity, Span
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.gates import ratio
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts
    from fr_check.coverage_gate.measured.gates import Gate
    from fr_check.coverage_gate.measured.model import Changed

_POLICY = {".fr-check.toml": "[coverage]\npatch = 80\n"}
_OLD = {**_POLICY, "src/a.py": source(4)}
BAD = Example({**_POLICY, "src/a.py": source(6), "coverage.lcov": lcov("src/a.py", "111100")}, base=_OLD)
GOOD = Example({**_POLICY, "src/a.py": source(6), "coverage.lcov": lcov("src/a.py", "011111")}, base=_OLD)
_SHOWN = 10


def check(facts: Facts) -> Iterator[Finding]:
    """Holds the patch to its thresholds."""
    patch = facts.measured.patch
    if patch is None:
        return
    for gate in facts.measured.patch_gates:
        found = ratio(patch.counts, gate.metric)
        if found is None:
            if gate.threshold and patch.files:
                yield _unmeasured(gate)
            continue
        if not found.below(gate.threshold):
            continue
        needed = wording.amount(found.needed(gate.threshold), gate.metric)
        lacking = [
            one for one in patch.files if (ratio(one.counts, gate.metric) or (0,))[0] != _total(one, gate.metric)
        ]
        yield RULE.finding(
            f"patch {gate.metric}",
            f"{gate.metric} coverage of what changed is {wording.figure(found)}, below the threshold of"
            f" {wording.threshold(gate.threshold)}: {needed} more must be covered",
            help=f"add tests for {wording.some([one.path for one in lacking])}",
            location=gate.place,
            notes=[_note(one) for one in lacking[:_SHOWN]],
        )


def _unmeasured(gate: Gate) -> Finding:
    return RULE.finding(
        f"patch {gate.metric}",
        f"{gate.metric} coverage of what changed must be {wording.threshold(gate.threshold)}, but the coverage data"
        " holds no branches",
        help="measure branches (`--cov-branch`, or `branch = true` in [tool.coverage.run]), or drop the threshold",
        location=gate.place,
    )


def _total(one: Changed, metric: str) -> int:
    found = ratio(one.counts, metric)
    return 0 if found is None else found.total


def _note(one: Changed) -> Note:
    first = one.missing[0] if one.missing else 1
    what = f"not covered: lines {wording.ranges(one.missing)}" if one.missing else "some branches are never taken"
    never = "" if one.measured else ", and no report holds the file"
    return Note(f"{what}{never}", Location(one.path, Span(first, 1, first, 1)))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True)
