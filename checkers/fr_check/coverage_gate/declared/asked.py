"""The numbers that CI asks in the end, where a caller gives another one than stands in the file: `make test MIN=0`."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.coverage_gate.declared.model import CI, SCRIPT, TASK
from fr_check.sources.thresholds import model

_INPUT = pattern(r"\$(\[\[|\{\{) *inputs\.([\w-]+)")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.model import Place, Reached, Runs, State
    from fr_check.sources.thresholds.model import Declared, Kind

    # A file, a line of it, and the tool that a number is for.
    _Where = tuple[str, int, str]


class Asked(NamedTuple):
    """A number that stands in a file, and the one that every run of CI asks there instead."""

    place: Place
    value: float
    reached: Reached
    declared: Declared

    @property
    def location(self) -> Location:
        """Where CI gives its own: the outermost call on the way."""
        return self.reached.chain[0].location if self.reached.chain else self.place.location


def otherwise(places: Iterable[Place], runs: Iterable[Runs]) -> tuple[Asked, ...]:
    """The numbers of commands for which all runs of CI have the same other one."""
    found: dict[_Where, list[tuple[Reached, Declared]]] = {}
    for one in runs:
        for reached in one.reached:
            for declared in reached.invocation.declared[-1:]:
                key = (reached.path, declared.span.line, declared.tool)
                found.setdefault(key, []).append((reached, declared))
    if not found:
        return ()
    return tuple(asked for place in places if (asked := _asked(place, found)) is not None)


def _asked(place: Place, found: dict[_Where, list[tuple[Reached, Declared]]]) -> Asked | None:
    span = place.location.span
    if span is None or place.kind == model.IGNORED or place.uncovered:
        return None
    runs = found.get((place.location.path, span.line, place.tool), [])
    values = {declared.value for _, declared in runs}
    value = next(iter(values)) if len(values) == 1 else None
    if value is None or value == place.value:
        return None
    if place.value is not None and not all(reached.chain for reached, _ in runs):
        return None
    return Asked(place, value, *runs[0])


def with_default(one: Asked, repository: Repository) -> Asked:
    """The same where the file's own number is an input's default: `--cov-fail-under=${{ inputs.min }}`."""
    known = one.place.value is not None
    return one if known else one._replace(place=one.place._replace(value=_default(one.place, repository)))


def _default(place: Place, repository: Repository) -> float | None:
    """The default of the input that a number is written with."""
    text, found = repository.read(place.location.path), _INPUT.search(place.written)
    if found is None or not isinstance(text, Text):
        return None
    from fr_check.sources import gitlab, workflow, yaml_tree  # noqa: PLC0415 - hardly any number is an input

    if found[1] == "[[":
        return model.number(text.parsed(gitlab.defaults).get(found[2]))
    entry = text.parsed(workflow.parse).inputs.get(found[2])
    return model.number(yaml_tree.string(yaml_tree.get(entry.value, "default"))) if entry is not None else None


def as_asked(places: tuple[Place, ...], runs: Iterable[Runs]) -> tuple[Place, ...]:
    """Places with the numbers that CI asks in the stead of those that it never asks."""
    others = {one.place: one for one in otherwise(places, runs)}
    return tuple(_instead(others[place]) if place in others else place for place in places) if others else places


def _instead(one: Asked) -> Place:
    kind: Kind = model.GATE if one.value else model.REPORT_ONLY
    when = () if one.reached.chain else one.place.when
    return one.place._replace(
        value=one.value, kind=kind, written=one.declared.written, location=one.location, layer=CI, when=when
    )


def compared(
    head: Repository, now: State, base: Repository, before: State, runs: Iterable[Runs]
) -> tuple[State, State]:
    """The earlier and the newer state with the numbers that CI asks in each, where callers may give others.

    What the base runs is followed only where a number of either is written with a variable and a file on the way to
    it is another one. A 0 that a caller gives to a known number is told by `unwired-gate`.
    """
    runs = tuple(runs)
    if not before.workflows or not (_varies(now, head) or _varies(before, base)) or _is_alike(head, base, runs):
        return before, now
    from fr_check.coverage_gate.declared import reached  # noqa: PLC0415 - hardly any number is a variable

    old = as_asked(before.places, reached.follow(before, base))
    new = as_asked(now.places, runs)
    pairs = zip(now.places, new, strict=True)
    new = tuple(given if given.gates else _by_itself(one, given, head) for one, given in pairs)
    return before._replace(places=old), now._replace(places=new)


def _by_itself(one: Place, given: Place, repository: Repository) -> Place:
    """A number of a file that CI replaces with 0, or what it is asked with where it has none of its own."""
    default = _default(one, repository) if one.value is None and given.value is not None else None
    return one if one.gates else given if default is None else one._replace(value=default)


def _varies(state: State, repository: Repository) -> bool:
    """Whether a number of a command is written with a variable, which a caller may set."""
    return any(
        place.layer in {TASK, SCRIPT, CI} and (place.value is None or _is_variable(place, repository))
        for place in state.places
    )


def _is_variable(place: Place, repository: Repository) -> bool:
    text, span = repository.read(place.location.path), place.location.span
    line = text.line(span.line) if isinstance(text, Text) and span is not None else ""
    return "$" in line or "{{" in line


def _is_alike(head: Repository, base: Repository, runs: Iterable[Runs]) -> bool:
    """Whether no file changed that CI goes through on the way to its tests."""
    paths = {path for one in runs for path in (one.workflow.path, *one.touched)}
    return all(head.is_alike(path, base) for path in paths)
