"""What the rules about coverage compare: what was measured, and what is declared, now and in the base."""

from __future__ import annotations

from fr_check.core.model import Skipped, Table, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Repository
from fr_check.coverage_gate.declared import (
    exclusions as declared_exclusions,
)
from fr_check.coverage_gate.declared import (
    groups as declared_groups,
)
from fr_check.coverage_gate.declared import (
    pins as declared_pins,
)
from fr_check.coverage_gate.declared import (
    state as declared,
)
from fr_check.coverage_gate.declared.gates import declared_gates
from fr_check.coverage_gate.measured.assessment import NAME
from fr_check.coverage_gate.measured.totals import measure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.context import Context
    from fr_check.coverage_gate.declared.exclusions import Pragmas
    from fr_check.coverage_gate.declared.model import Place, Runs, State
    from fr_check.coverage_gate.measured.totals import Measured


class Facts(NamedTuple):
    """`measured` comes from coverage data; `declared` from configuration, commands and documents.

    `base` is what was declared in the state compared with: None where there is none, an Unknown where it cannot be
    read. `runs` is what each workflow runs in the end. `paths` are all files, for rules that match patterns
    with them. `pins` are the requirements that keep a component's pytest below 9, by its folder; `pragmas` the files of
    measured sources that carry `pragma: no cover`.
    """

    measured: Measured
    declared: State
    base: State | Unknown | None
    runs: tuple[Runs, ...]
    paths: tuple[str, ...]
    base_paths: tuple[str, ...]
    pins: Mapping[str, str] = {}
    pragmas: tuple[Pragmas, ...] = ()
    own_skipped: tuple[Skipped, ...] = ()

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What could not be read."""
        return (*self.measured.unknowns, *self.declared.unknowns)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not there to be looked at."""
        return (*self.measured.skipped, *self.declared.skipped, *self.own_skipped)

    @property
    def counts(self) -> Mapping[str, int]:
        """How much was looked at."""
        gates = sum(1 for place in self.declared.places if place.gates and place.value)
        return {
            "thresholds": len(self.declared.places),
            "gates": gates,
            "reports": len(self.measured.data),
            "measured files": len(self.measured.files),
        }

    def tables(self) -> tuple[Table, ...]:
        """What was read of coverage data, the totals, and every declared threshold."""
        from fr_check.coverage_gate.measured import tables as measured_tables  # noqa: PLC0415 - only for --facts

        policy = (measured_tables.policy_row(gate, key) for gate, key in self.measured.policy)
        rows = (*policy, *(_row(place) for place in sorted(self.declared.places, key=_order)))
        columns = ("place", "value", "metric", "scope", "kind", "written")
        return (*measured_tables.tables(self.measured), Table("Declared thresholds", columns, rows))


def load(context: Context) -> Facts:
    """Reads what is declared first, since it is what measured data is held to where no policy is written."""
    state = declared.read(context.repository)
    base = context.base
    if base is None or isinstance(base, Unknown):
        before: State | Unknown | None = base
        base_paths: tuple[str, ...] = ()
    else:
        before = declared.read(base, with_prose=False, twin=context.repository)
        base_paths = base.paths()
    measured = measure(context, declared_gates(state._replace(places=declared_groups.enforced(state))))
    return Facts(
        measured,
        state,
        before,
        _runs(context, state),
        context.repository.paths(),
        base_paths,
        declared_pins.below_nine(state, context.repository),
        declared_exclusions.pragmas(state, context.repository, base if isinstance(base, Repository) else None),
        () if state.places or measured.is_gated else (Skipped(NAME, _ungated(measured)),),
    )


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


def _order(place: Place) -> tuple[str, str, int]:
    span = place.location.span
    return place.component or "~", place.location.path, span.line if span else 0


def _row(place: Place) -> tuple[str, ...]:
    span = place.location.span
    where = f"{place.location.path}:{span.line}" if span else place.location.path
    scope = "?" if place.component is None else place.component or "."
    scope = f"{scope} ({place.part})" if place.part else scope
    kind = "overridden" if place.overridden else place.kind
    return where, place.shown, place.metric, scope, kind, place.written
