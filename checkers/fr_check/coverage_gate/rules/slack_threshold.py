"""Measured coverage lies far above its threshold.

## What it finds

A figure that is more than `slack` percentage points above the threshold it is held to: 100% measured, 10% demanded. It
is off until `slack` is set in `[tool.fr-check.coverage]`; targets and thresholds of 0 are not looked at.

## Why it matters

A floor far below what is there catches nothing: half of the tests may be deleted before anybody hears of it.

## How to fix

Raise the threshold to a little below what is measured, or set `slack` to the distance that you mean to allow.

## What `--fix` does

Nothing: a machine must not choose thresholds.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.gates import ratio
from fr_check.coverage_gate.measured.model import part_of
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts
    from fr_check.coverage_gate.measured.gates import Gate
    from fr_check.coverage_gate.measured.model import Measured
    from fr_check.sources.measurement import Ratio

_DATA = {"src/a.py": source(4), "coverage.lcov": lcov("src/a.py", "1110")}
BAD = {**_DATA, ".fr-check.toml": "[coverage]\nline = 40\nslack = 20\n"}
GOOD = {**_DATA, ".fr-check.toml": "[coverage]\nline = 70\nslack = 20\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every threshold whose figure is known."""
    measured = facts.measured
    slack = measured.slack
    if slack is None or measured.counts is None:
        return
    for gate, found in _figures(measured):
        if gate.target or not gate.threshold or not found.total or not _above(found, gate.threshold, slack):
            continue
        yield RULE.finding(
            wording.subject(gate),
            f"{gate.metric} coverage{wording.scope(gate)} is {wording.figure(found)}, more than {slack:g} points above"
            f" its threshold of {wording.threshold(gate.threshold)}",
            help=f"raise the threshold, to {found.percent(0).partition('.')[0]} at most",
            location=gate.place,
        )


def _figures(measured: Measured) -> Iterator[tuple[Gate, Ratio]]:
    """Each threshold with the figure that it is held to."""
    groups = {group.name: group for group in measured.groups}
    parts = [(gate, part_of(measured, gate)) for gate in measured.gates]
    parts += [(gate, groups.get(gate.scope)) for gate in measured.group_gates]
    for gate, part in parts:
        found = ratio(part.counts, gate.metric) if part is not None else None
        if found is not None:
            yield gate, found


def _above(found: Ratio, threshold: float, slack: float) -> bool:
    """Whether the exact percentage is more than `slack` points above the threshold."""
    from fractions import Fraction  # noqa: PLC0415 - only where `slack` is set

    percent = Fraction(100 * found.covered, found.total)
    return percent > Fraction(repr(threshold)) + Fraction(repr(slack))


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD)
