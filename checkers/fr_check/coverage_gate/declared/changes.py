"""How the gates of one state differ from those of another: lowered, removed, moved, or not comparable."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared.groups import TOTAL
from fr_check.coverage_gate.declared.model import PROSE
from fr_check.coverage_gate.declared.wiring import family_of
from fr_check.sources.thresholds import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final, Literal

    from fr_check.coverage_gate.declared.model import Place, State

    ChangeKind = Literal["lowered", "removed", "incomparable", "narrowed", "limited"]


LOWERED: Final = "lowered"
REMOVED: Final = "removed"
INCOMPARABLE: Final = "incomparable"
NARROWED: Final = "narrowed"
LIMITED: Final = "limited"
_NATIVE = frozenset({"pytest-cov", "coverage"})
_TOTAL = frozenset({model.LINE, model.BLENDED, model.ANY})

Key = tuple[str | None, str, str]


class Change(NamedTuple):
    """One gate that admits more than it did. `after` is None where it was removed; `kind` is one of the names above."""

    kind: ChangeKind
    key: Key
    before: Place
    after: Place | None


def changes(before: State, after: State) -> tuple[Change, ...]:
    """Every gate that a tool reads and that became weaker; what moved without change is none."""
    old, new = _gates(before), _judging(after)
    pairs, gone, fresh = _paired(old, new)
    found = [change for one, two in pairs if (change := _compared(one, two)) is not None]
    unread, unknown = _unread(after), _unknown(before, after)
    for place in gone:
        if place.location.path in unread:
            continue
        change = _gone(place, new, fresh, after)
        computed = next((one for one in unknown if key_of(one)[0] == place.component), None)
        if change is not None and change.kind == REMOVED and computed is not None:
            change = Change(INCOMPARABLE, key_of(place), place, computed)
        if change is not None:
            found.append(change)
    # A number that its tool does not read any more is told by `ignored-threshold`.
    found = [change for change in found if change.after is None or change.after.kind != model.IGNORED]
    return (*found, *_narrowed(old, fresh))


def gated_before(before: State, after: State, place: Place) -> Place | None:
    """The gate of an earlier state that a number, which its tool does not read now, was or has taken the place of.

    A gate of another family of tools, or one that is still there, it has not replaced.
    """
    component, metric, _ = key_of(place)
    family = family_of(place.tool)
    kept = {(one.location.path, one.written) for one in _gates(after)}
    ours = (one for one in _gates(before) if family_of(one.tool) is family and key_of(one)[:2] == (component, metric))
    return next((one for one in ours if (one.location.path, one.written) not in kept), None)


def _unread(state: State) -> frozenset[str]:
    """Files of which something could not be read: what they no longer show may still be there."""
    places = (unknown.location.path for unknown in state.unknowns if unknown.location is not None)
    return frozenset((*places, *(path for path, _ in state.problems)))


def _unknown(before: State, after: State) -> list[Place]:
    """Gates that came with a number which only a run knows: an input, a variable, a step's output."""
    known = {(one.location.path, one.written) for one in before.places}
    come = (one for one in after.places if one.value is None and one.kind == model.GATE and one.layer != PROSE)
    return [one for one in come if (one.location.path, one.written) not in known]


def key_of(place: Place) -> Key:
    """What a place speaks of: component, metric (coverage.py has one), part."""
    metric = TOTAL if place.tool in _NATIVE and place.metric in _TOTAL else place.metric
    return place.component, metric, place.part


def _gates(state: State) -> list[Place]:
    return [place for place in state.places if place.gates and _counts(place) and place.layer != PROSE]


def _counts(place: Place) -> bool:
    return bool(place.value) or place.uncovered


def _judging(state: State) -> list[Place]:
    """Gates, and what has become 0 or informational: it can be what a gate turned into."""
    return [
        place for place in state.places if place.value is not None and place.layer != PROSE and not place.overridden
    ]


def _paired(old: Iterable[Place], new: Iterable[Place]) -> tuple[list[tuple[Place, Place]], list[Place], list[Place]]:
    """Places that stand in the same file for the same thing, in order; those that are gone; those that are new."""
    waiting: dict[tuple[str, str, Key], list[Place]] = {}
    for place in new:
        waiting.setdefault((place.location.path, place.tool, key_of(place)), []).append(place)
    pairs, gone = [], []
    for place in old:
        fitting = waiting.get((place.location.path, place.tool, key_of(place)))
        if fitting:
            pairs.append((place, fitting.pop(0)))
        else:
            gone.append(place)
    return pairs, gone, [place for left in waiting.values() for place in left]


def _compared(before: Place, after: Place) -> Change | None:
    if before.uncovered != after.uncovered and after.value:
        return Change(INCOMPARABLE, key_of(before), before, after)
    return Change(LOWERED, key_of(before), before, after) if _weaker(before, after) else None


def _weaker(before: Place, after: Place) -> bool:
    """Whether `after` admits more. A count of uncovered items admits more when it is larger."""
    if before.value is None or after.value is None:
        return False
    if not after.gates:
        return True
    return after.value > before.value if before.uncovered else after.value < before.value


def _gone(place: Place, new: list[Place], fresh: list[Place], after: State) -> Change | None:
    """A place that is not there any more: moved, one of several, or really removed."""
    same = [one for one in new if one.gates and key_of(one) == key_of(place) and one.uncovered == place.uncovered]
    if any(not _weaker(place, one) for one in same):
        return None
    lower = next((one for one in fresh if one in same), None)
    if lower is not None:
        return Change(LOWERED, key_of(place), place, lower)
    limited = next((one for one in fresh if one.gates and one.part and key_of(one)[:2] == key_of(place)[:2]), None)
    if limited is not None and not place.part and limited.tool == place.tool and limited.layer == place.layer:
        return Change(LIMITED, key_of(place), place, limited)
    elsewhere = (one for one in fresh if one.gates and key_of(one)[1:] == key_of(place)[1:])
    if any(not _weaker(place, one) for one in elsewhere if one.uncovered == place.uncovered):
        return None  # the component's folder was renamed, or its tool changed with the number kept
    if _is_script_of_nothing(place, after):
        return None
    return Change(REMOVED, key_of(place), place, same[0] if same else None)


def _is_script_of_nothing(place: Place, after: State) -> bool:
    """A gate in a command whose component is gone altogether takes nothing away from what is left."""
    return bool(place.component) and place.component not in after.components and place.layer in {"task", "script"}


def _narrowed(old: list[Place], fresh: list[Place]) -> Iterator[Change]:
    """Jest's `global` leaves out the files of every other key: a new, lower key takes them out of it."""
    whole = {(place.component, place.metric): place for place in old if place.tool == "jest" and not place.part}
    for place in fresh:
        before = whole.get((place.component, place.metric)) if place.tool == "jest" and place.part else None
        if before is not None and before.uncovered == place.uncovered and _weaker(before, place):
            yield Change(NARROWED, key_of(before), before, place)
