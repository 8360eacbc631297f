"""Which declared thresholds speak of the same figure, and which of them governs."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared.model import HOSTED, LAYERS, PROSE
from fr_check.sources.thresholds import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.coverage_gate.declared.model import Place, State

    # Component, metric, part, and whether it is JavaScript's.
    _Key = tuple[str, str, str, bool]

# coverage.py has one figure; what calls it line, blended or simply coverage speaks of the same gate.
TOTAL = "total"
_TOTAL = frozenset({model.LINE, model.BLENDED, model.ANY})
_DECIMALS = 2
# Tools that measure JavaScript: where one folder has tests of both languages, their figures are not Python's.
_NODE_TOOLS = frozenset({"vitest", "jest", "nyc", "c8"})


class Group(NamedTuple):
    """Gates of one component and metric, the governing one first."""

    component: str
    metric: str
    part: str
    places: tuple[Place, ...]

    @property
    def values(self) -> tuple[float, ...]:
        """The distinct values, ascending."""
        return tuple(sorted({place.value for place in self.places if place.value is not None}))


def groups(state: State) -> tuple[Group, ...]:
    """Gates that speak of the same figure; services are left out, since they count by formulas of their own."""
    found: dict[_Key, list[Place]] = {}
    for place in sorted(state.places, key=_rank):
        if not (place.gates or place.overridden) or place.component is None or place.layer == HOSTED or not place.value:
            continue
        node = _is_node(state, place, found)
        metric = _metric(place, found, node=node)
        if metric is not None:
            found.setdefault((place.component, metric, place.part, node), []).append(place)
    return tuple(Group(*key[:3], tuple(places)) for key, places in found.items())


def _is_node(state: State, place: Place, found: dict[_Key, list[Place]]) -> bool:
    """Whether a place speaks of JavaScript; prose about a folder of both languages, where only JavaScript agrees."""
    component = state.components.get(place.component or "")
    if component is None or not component.node:
        return place.tool in _NODE_TOOLS
    if not component.is_python:
        return True
    if place.layer != PROSE:
        return place.tool in _NODE_TOOLS
    known = {key[3] for key, ones in found.items() if key[0] == place.component and place.value in _values(ones)}
    return known == {True}


def _values(places: list[Place]) -> set[float | None]:
    return {place.value for place in places}


def _rank(place: Place) -> tuple[int, bool, str, int]:
    span = place.location.span
    return LAYERS.index(place.layer), place.overridden, place.location.path, span.line if span else 0


def _metric(place: Place, found: dict[_Key, list[Place]], *, node: bool) -> str | None:
    """The name under which a place is compared; None for one that nothing contradicts.

    Prose about a JavaScript component that names no metric is compared with its lines, unless some metric agrees.
    """
    if place.uncovered:
        return f"{place.metric} (uncovered)"
    if node:
        if place.metric != model.ANY:
            return place.metric
        ours = (ones for key, ones in found.items() if key[0] == place.component and key[3])
        return None if any(place.value in _values(ones) for ones in ours) else model.LINE
    return TOTAL if place.metric in _TOTAL else place.metric


def effective_threshold(state: State, component: str, metric: str) -> Place | None:
    """The declaration that measured data of a component is held to: that of the first layer that gates the whole of it.

    Args:
        state: what the repository declares.
        component: its folder, "" for the root.
        metric: line, branch, blended, statements or functions. coverage.py's option answers to only one of `line` and
            `blended`, the one that it measures.

    Returns:
        None where nothing but prose or a service, or nothing at all, gates it.
    """
    for place in sorted(enforced(state), key=_rank):
        fits = place.metric == metric or (place.metric == model.ANY and metric == model.LINE)
        if fits and place.gates and place.value and place.component == component and not place.part:
            return None if place.uncovered else place
    return None


def enforced(state: State) -> tuple[Place, ...]:
    """The places that a tool in the repository reads, unlike prose and services."""
    return tuple(place for place in state.places if place.layer not in {PROSE, HOSTED})


def precision(state: State, folder: str) -> int:
    """The decimals of one component; `--cov-precision` wins over `precision`."""
    configured = state.components.get(folder)
    pytest = configured.pytest if configured is not None else None
    coverage = configured.coverage if configured is not None else None
    word = (pytest.options.precision if pytest is not None else None) or (
        coverage.config.precision if coverage is not None else None
    )
    written = word.string if word is not None else ""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _DECIMALS else 0
