"""Measured coverage is below the threshold.

## What it finds

A figure of the coverage data (lines, branches, or coverage.py's blend of both) that is below the threshold of
`[tool.fr-check.coverage]`, for everything or for a component. Without a policy, the threshold is the one the
repository declares for its own tools. The comparison is exact: 949 of 1,000 lines are below 95, although coverage.py
and pytest-cov round them to 95 and pass; the note says so where they would.

Branches that were not measured are neither 0% nor 100%: where the policy asks for them, that is a finding too. A
`target` is reported at severity info and fails nothing.

## Why it matters

`pytest-cov` prints `FAIL Required test coverage of 95% not reached. Total coverage: 94.90%` and exits with 0. A gate
that rounds lets a project sink below the number it shows, and nobody sees it happen.

## How to fix

Cover the files the help names first: they lack most. If the threshold is not what the project means, change it where
the location points, in a change of its own.

## What `--fix` does

Nothing: it takes tests, and which to write is for a person to say.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.coverage_gate.measured import native, wording
from fr_check.coverage_gate.measured.gates import BLENDED, BRANCH, Gate, ratio
from fr_check.coverage_gate.measured.model import part_of
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts
    from fr_check.coverage_gate.measured.model import Measured, Part
    from fr_check.sources.measurement import Ratio

_POLICY = {".fr-check.toml": "[coverage]\nline = 80\n", "src/a.py": source(4)}
BAD = {**_POLICY, "coverage.lcov": lcov("src/a.py", "1110")}
GOOD = {**_POLICY, "coverage.lcov": lcov("src/a.py", "1111")}


def check(facts: Facts) -> Iterator[Finding]:
    """Holds every component, and everything, to its thresholds."""
    measured = facts.measured
    for gate in measured.gates:
        part = part_of(measured, gate)
        if part is None:
            continue
        found = ratio(part.counts, gate.metric)
        if found is None:
            if gate.threshold:
                yield _unmeasured(gate)
        elif found.below(gate.threshold):
            yield _below(measured, gate, part, found)


def _unmeasured(gate: Gate) -> Finding:
    what = "branch" if gate.metric == BRANCH else gate.metric
    return RULE.finding(
        wording.subject(gate),
        f"{what} coverage{wording.scope(gate)} must be {wording.threshold(gate.threshold)}, but the coverage data holds"
        " no such measurement",
        help="measure branches (`--cov-branch`, or `branch = true` in [tool.coverage.run]), or drop the threshold",
        location=gate.place,
        # What a native tool gates by figures of its own (statements) need not be in the data that it leaves.
        severity=Severity.INFO if gate.target or gate.declared else None,
    )


def _below(measured: Measured, gate: Gate, part: Part, found: Ratio) -> Finding:
    needed = found.needed(gate.threshold)
    files = [measured.files[path] for path in part.files]
    remark = native.remark(found, gate.threshold, gate.precision) if gate.native or gate.metric != BRANCH else ""
    says = "the target is" if gate.target else "below the threshold of"
    return RULE.finding(
        wording.subject(gate),
        f"{gate.metric} coverage{wording.scope(gate)} is {wording.figure(found)}, {says}"
        f" {wording.threshold(gate.threshold)}: {wording.amount(needed, gate.metric)} more must be covered",
        help=f"add tests where most is missing: {wording.worst(files, gate.metric)}",
        location=gate.place,
        notes=(*_figures(part, gate), *((Note(remark),) if remark else ()), *_natively(measured, gate, part)),
        severity=Severity.INFO if gate.target else None,
    )


def _natively(measured: Measured, gate: Gate, part: Part) -> Iterator[Note]:
    """What the repository's own gate decides on the same data, where it passes what the policy does not."""
    own = [one for one in measured.declared if one.native]
    if gate.declared or gate.scope or len(own) != 1:
        return
    figure = ratio(part.counts, own[0].metric)
    decided = native.verdict(figure, own[0].threshold, own[0].precision) if figure is not None else None
    if figure is not None and decided is not None and decided.since and own[0].metric != gate.metric:
        limit, what = wording.threshold(own[0].threshold), own[0].metric
        yield Note(
            f"the gate of {limit} here passes: it looks at {what} coverage, {wording.figure(figure)}", own[0].place
        )


def _figures(part: Part, gate: Gate) -> tuple[Note, ...]:
    """All three figures, where they differ: which one a project means is often unsaid."""
    if part.counts.branches is None:
        return (Note("the data holds no branches: these are lines alone"),) if gate.metric == BLENDED else ()
    return (Note(wording.figures(part.counts)),)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
