"""A group of paths is below its threshold.

## What it finds

An entry of `[[tool.fr-check.coverage.groups]]` whose measured files together are below its `line` or `branch`
threshold. Files count by their lines, not each alike: ten lines at 0% weigh less than a thousand at 90%.

## Why it matters

What must not break (services, payments, migrations) deserves more than the average of everything, and the total cannot
say so.

## How to fix

Test the files the help names: they lack most.

## What `--fix` does

Nothing: it takes tests, and which to write is for a person to say.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.gates import ratio
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_GROUP = '[[coverage.groups]]\nname = "services"\npaths = ["src/services/**"]\nline = 80\n'
_POLICY = {".fr-check.toml": _GROUP, "src/a.py": source(4), "src/services/b.py": source(4)}
BAD = {**_POLICY, "coverage.lcov": lcov("src/a.py", "1111") + lcov("src/services/b.py", "1110")}
GOOD = {**_POLICY, "coverage.lcov": lcov("src/a.py", "1110") + lcov("src/services/b.py", "1111")}


def check(facts: Facts) -> Iterator[Finding]:
    """Holds every group to its thresholds."""
    measured = facts.measured
    groups = {group.name: group for group in measured.groups if group.files}
    for gate in measured.group_gates:
        group = groups.get(gate.scope)
        if group is None:
            continue
        found = ratio(group.counts, gate.metric)
        if found is None:
            if not gate.threshold:
                continue
            yield RULE.finding(
                wording.subject(gate),
                f"{gate.metric} coverage of the group `{gate.scope}` must be {wording.threshold(gate.threshold)}, but"
                " the coverage data holds no branches",
                help="measure branches (`--cov-branch`), or drop the threshold",
                location=gate.place,
            )
        elif found.below(gate.threshold):
            needed = wording.amount(found.needed(gate.threshold), gate.metric)
            files = [measured.files[path] for path in group.files]
            yield RULE.finding(
                wording.subject(gate),
                f"{gate.metric} coverage of the group `{gate.scope}` is {wording.figure(found)}, below its threshold of"
                f" {wording.threshold(gate.threshold)}: {needed} more must be covered",
                help=f"add tests where most is missing: {wording.worst(files, gate.metric)}",
                location=gate.place,
            )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
