"""The thresholds that a repository declares for its own tools, as gates for measured data."""

from __future__ import annotations

from fr_check.coverage_gate.declared.groups import precision
from fr_check.coverage_gate.declared.model import LAYERS, UNIFIED, Place
from fr_check.coverage_gate.measured.gates import BLENDED, BRANCH, LINE, STATEMENTS, Gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.coverage_gate.declared.model import State

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
        _gate(place, component, precision(state, component)) for (component, _), place in sorted(governing.items())
    )


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
