"""What the rules about coverage compare: what was measured, and what is declared, now and in the base."""

from __future__ import annotations

from fr_check.core.model import PARENT, Gap, Skipped, Table, Unknown
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.model import Place, Pragmas, Runs, State
    from fr_check.coverage_gate.measured.model import Measured


class Facts(NamedTuple):
    """`measured` comes from coverage data; `declared` from configuration, commands and documents.

    `base` is what was declared in the state compared with: None where there is none, an Unknown where it cannot be
    read. `runs` is what each workflow runs in the end. `head` and `before` are the two states, for rules that match
    patterns with the names of their files. `pins` are the requirements that keep a component's pytest below 9, by its
    folder; `pragmas` the files of measured sources that carry `pragma: no cover`.
    """

    measured: Measured
    declared: State
    base: State | Unknown | None
    runs: tuple[Runs, ...]
    head: Repository
    before: Repository | None
    pins: Mapping[str, str] = {}
    pragmas: tuple[Pragmas, ...] = ()
    own_skipped: tuple[Skipped, ...] = ()

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What could not be read."""
        followed = dict.fromkeys(unknown for runs in self.runs for unknown in runs.unknowns)
        # Of a script that takes too much by itself and on the way of a workflow, the latter tells where.
        told = {(one.reason, one.subject) for one in followed}
        declared = (one for one in self.declared.unknowns if (one.reason, one.subject) not in told)
        return (*self.measured.unknowns, *declared, *followed)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Documents that are no text, and the commit before in a clone that has only one."""
        base = self.base
        if not isinstance(base, Unknown) or base.subject != PARENT or not any(p.gates for p in self.declared.places):
            return self.declared.gaps
        message = f"whether a threshold was lowered is not known: {base.message} ({base.help})"
        return (*self.declared.gaps, Gap("coverage", PARENT, message))

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
