"""A native gate admits less than it says.

## What it finds

A threshold that coverage.py or pytest-cov applies at a precision that rounds: `--cov-fail-under=95` passes from 94.50%
(exclusive), since the total is rounded to whole percents before it is compared.

## Why it matters

Half a percent of a large project is hundreds of lines. Pytest-cov even prints `FAIL` for such a total, in red, and
exits with 0. By the tool's default that is worth knowing, and nothing fails by it; where the project chose a
`precision` itself and still admits less than it says, it is a warning.

## How to fix

Set `precision = 2` in `[tool.coverage.report]`, or hold the measured data to the same threshold with `line` in
`[tool.fr-check.coverage]`, which compares exactly.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.coverage_gate.measured import native, wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_HUNDRED = 100
_ENOUGH = 2
_TEMPLATE = "[tool.coverage.run]\nbranch = true\nsource = ['src']\n[tool.coverage.report]\nfail_under = 95\n"
_WORKFLOW = (
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: coverage run -m pytest\n"
    "      - run: coverage report\n"
)
BAD = {"pyproject.toml": _TEMPLATE, ".github/workflows/ci.yml": _WORKFLOW}
GOOD = {"pyproject.toml": _TEMPLATE + "precision = 2\n", ".github/workflows/ci.yml": _WORKFLOW}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for thresholds that are compared with rounded totals."""
    for gate in facts.measured.declared:
        # 100 is compared exactly; 0 gates nothing; two decimals are less than a line of ten thousand.
        if not gate.native or not 0 < gate.threshold < _HUNDRED:
            continue
        if native.widened(gate.threshold, gate.precision) >= _ENOUGH:
            continue
        admitted = native.admits(gate.threshold, native.widened(gate.threshold, gate.precision))
        yield RULE.finding(
            f"{gate.scope} {wording.threshold(gate.threshold)}".strip(),
            f"the threshold of {wording.threshold(gate.threshold)} lets everything above {admitted}% pass: the total is"
            " rounded before it is compared",
            help="set `precision = 2` in [tool.coverage.report]",
            location=gate.place,
            # Whoever writes a precision believes that the figure is compared exactly.
            severity=Severity.WARNING if gate.precision > 0 else None,
        )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Has coverage compare two decimals: a run that passed by rounding alone then fails."""
    from fr_check.coverage_gate.fixing import configuration  # noqa: PLC0415 - only to cure

    gate = next((one for one in facts.measured.declared if one.native and one.place == finding.location), None)
    component = facts.declared.components.get(gate.scope) if gate is not None else None
    known = component.coverage.config.precision if component is not None and component.coverage is not None else None
    edit = configuration.with_option(component, "report", "precision", "2", known, text_of)
    return Fix(UNSAFE, (edit,)) if isinstance(edit, Edit) else edit


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
