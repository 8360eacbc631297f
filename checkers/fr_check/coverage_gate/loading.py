"""Reads what the rules about coverage compare."""

from __future__ import annotations

from fr_check.core.model import Skipped, Unknown
from fr_check.core.repository import Repository
from fr_check.coverage_gate.declared import exclusions, groups, pins
from fr_check.coverage_gate.declared import state as declared
from fr_check.coverage_gate.declared.gates import declared_gates
from fr_check.coverage_gate.facts import Facts
from fr_check.coverage_gate.measured.assessment import NAME
from fr_check.coverage_gate.measured.totals import measure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.context import Context
    from fr_check.coverage_gate.declared.model import Runs, State
    from fr_check.coverage_gate.measured.model import Measured


def load(context: Context) -> Facts:
    """Reads what is declared first, since it is what measured data is held to where no policy is written."""
    state = context.repository.remembered(declared.whole)
    base = context.base if isinstance(context.base, Repository) else None
    before: State | Unknown | None = context.base if isinstance(context.base, Unknown) else None
    if base is not None:
        before = _before(base, context.repository)
    measured = measure(context, declared_gates(state._replace(places=groups.enforced(state))))
    return Facts(
        measured,
        state,
        before,
        _runs(context, state),
        context.repository,
        base,
        pins.below_nine(state, context.repository),
        exclusions.pragmas(state, context.repository, base),
        () if state.places or measured.is_gated else (Skipped(NAME, _ungated(measured)),),
    )


def _before(base: Repository, head: Repository) -> State:
    """What was declared before: read with the newer state, or as it was kept where one state comes after the other."""
    return base.remembered(declared.compared) if base.keeps_scans else declared.read(base, with_prose=False, twin=head)


def _runs(context: Context, state: State) -> tuple[Runs, ...]:
    """What each workflow runs, where there are workflows."""
    if not state.workflows:
        return ()
    from fr_check.coverage_gate.declared import reached  # noqa: PLC0415 - many repositories have none

    return reached.follow(state, context.repository)


def record(facts: Facts) -> str | None:
    """What `--record` writes; None where not all of what was asked for could be judged: then nothing is written."""
    measured = facts.measured
    if measured.counts is None or measured.absent or measured.conflicts:
        return None
    from fr_check.coverage_gate.measured import record as history  # noqa: PLC0415 - only for --record

    return history.record(facts.measured.scopes, facts.measured.previous)


def _ungated(measured: Measured) -> str:
    """What is said where nobody wrote a threshold: also what was measured, which passes whatever it is."""
    reason = "no declared threshold found"
    if measured.counts is None:
        return reason
    from fr_check.coverage_gate.measured import wording  # noqa: PLC0415 - only where there is data and no threshold

    return f"{reason}, so nothing gates what was measured: {wording.figures(measured.counts)}"
