"""The thresholds that a repository declares for its own tools, as gates for measured data."""

from __future__ import annotations

from fr_check.core.model import Location
from fr_check.coverage_gate.declared.groups import precision
from fr_check.coverage_gate.declared.model import CONFIG, LAYERS, UNIFIED, Place
from fr_check.coverage_gate.measured.gates import BLENDED, BRANCH, LINE, STATEMENTS, Gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.coverage_gate.declared.model import State
    from fr_check.sources.thresholds.options import Invocation

_METRICS = frozenset({LINE, BRANCH, BLENDED, STATEMENTS})
# Whose total is coverage.py's, rounded before it is compared.
_NATIVE = frozenset({"coverage", "coverage.py", "pytest", "pytest-cov"})


def declared_gates(state: State) -> tuple[Gate, ...]:
    """For each component and metric the threshold of the layer that governs.

    A number that is limited to some files, counts uncovered items, or is not in force gates nothing here.
    """
    governing: dict[tuple[str, str], Place] = {}
    for place in state.places:
        usable = place.gates and not (place.overridden or place.part or place.uncovered) and place.metric in _METRICS
        if not usable or place.component is None or not place.value:
            continue
        key = (place.component, place.metric)
        known = governing.get(key)
        if known is None or LAYERS.index(place.layer) < LAYERS.index(known.layer):
            governing[key] = place
    return tuple(
        gate
        for (component, _), place in sorted(governing.items())
        for gate in _limited(state, _gate(place, component, precision(state, component)), place)
    )


def _limited(state: State, gate: Gate, place: Place) -> Iterator[Gate]:
    """A gate, or, where only reports on some files ask its number, one for each of those reports."""
    limits: dict[Gate, None] = {}
    configured = place.layer == CONFIG and place.tool == "coverage"
    for path, own, folder in state.said if configured else ():
        if own.tool not in {"coverage", "pytest"} or own.report in {"run", "combine"} or folder is None:
            continue
        component = state.component_of(folder, python=True)
        if component != place.component or (own.tool == "pytest" and not _measures(state, own, component)):
            continue
        if own.tool == "pytest" or not own.selection.startswith(("--include", "--omit")):
            limits.clear()
            break  # that one looks at everything
        last = own.declared[-1] if own.declared else None
        limited = gate._replace(limit=own.selection, folder=folder)
        if last is not None:
            limited = limited._replace(threshold=float(last.value or 0), place=Location(path, last.span))
        limits[limited] = None
    yield from limits
    if not limits:
        yield gate


def _measures(state: State, own: Invocation, component: str | None) -> bool:
    """Whether a run of pytest measures, and so judges."""
    configured = state.components.get(component or "")
    options = configured.pytest.options if configured is not None and configured.pytest is not None else None
    return own.off is None and (own.measures or (options is not None and options.measures and not own.reset))


def _gate(place: Place, component: str, decimals: int) -> Gate:
    return Gate(
        place.metric,
        float(place.value or 0),
        place.location,
        "" if component == UNIFIED else component,
        native=place.tool in _NATIVE,
        precision=decimals,
        declared=component != UNIFIED,
    )
