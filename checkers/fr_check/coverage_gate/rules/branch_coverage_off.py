"""Branches are not measured where they should be.

## What it finds

A component with a coverage gate whose configuration and commands do not measure branches (`--cov-branch`, `branch =
true`). It is a warning where the base measured them, or where a document says that branch coverage is required, and
otherwise information.

## Why it matters

Without branches an `if` whose `else` never happens counts as covered. Turning branches off raises the figure, since the
missed ones are no longer in it: the same threshold then asks for less.

## How to fix

Write `branch = true` in `[tool.coverage.run]`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Example, Location, Note, Rule, Severity, Unknown
from fr_check.coverage_gate.declared import wiring as declared_wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.model import Component
    from fr_check.coverage_gate.facts import Facts

_CONFIG = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=95%s"\n'
BAD = Example({"pyproject.toml": _CONFIG % ""}, {"pyproject.toml": _CONFIG % " --cov-branch"})
GOOD = Example({"pyproject.toml": _CONFIG % " --cov-branch"}, {"pyproject.toml": _CONFIG % " --cov-branch"})


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each gated component without branches."""
    for component in facts.declared.components.values():
        gate = declared_wiring.configured_gate(facts.declared, component.folder, declared_wiring.PYTHON)
        if gate is None or component.branch_on or declared_wiring.branch_anywhere(facts.declared, component):
            continue
        whose = f" of `{component.folder}`" if component.folder else ""
        was_on = _was_on(facts, component)
        demand = _demanded(facts)
        because = ", which the base does" if was_on else ", which a document requires" if demand else ""
        yield RULE.finding(
            f"{component.folder} branch".strip(),
            f"the coverage gate{whose} of {gate.shown} does not measure branches{because}: a condition that always goes"
            " one way counts as covered",
            help="write `branch = true` in [tool.coverage.run], or pass `--cov-branch`",
            location=gate.location,
            notes=[Note("says that branches count", demand)] if demand and not was_on else [],
            severity=Severity.WARNING if was_on or demand else Severity.INFO,
        )


def _was_on(facts: Facts, component: Component) -> bool:
    base = facts.base
    old = base.components.get(component.folder) if base is not None and not isinstance(base, Unknown) else None
    if old is None or base is None or isinstance(base, Unknown):
        return False
    return old.branch_on or declared_wiring.branch_anywhere(base, old)


def _demanded(facts: Facts) -> Location | None:
    """Where a document demands branches; only told where there is a single component it can mean."""
    python = [one for one in facts.declared.components.values() if one.is_python]
    state, family = facts.declared, declared_wiring.PYTHON
    gated = [one for one in python if declared_wiring.configured_gate(state, one.folder, family)]
    return state.branch_demands[0] if len(gated) == 1 and state.branch_demands else None


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Has coverage measure branches; the figure then falls where an `else` never happens."""
    from fr_check.coverage_gate.fixing import configuration  # noqa: PLC0415 - only to cure

    folder = finding.subject.removesuffix("branch").strip()
    component = facts.declared.components.get(folder)
    known = component.coverage.config.branch if component is not None and component.coverage is not None else None
    edit = configuration.with_option(component, "run", "branch", "true", known, text_of)
    return Fix(UNSAFE, (edit,)) if isinstance(edit, Edit) else edit


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
