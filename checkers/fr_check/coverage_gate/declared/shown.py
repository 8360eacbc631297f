"""Which run shows what is found at some places: one that stands there, or one that judges."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared import wiring
from fr_check.coverage_gate.declared.model import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.core.model import Location, Span
    from fr_check.coverage_gate.declared.model import Component, Reached, Runs, State
    from fr_check.sources.thresholds.options import Invocation

_JUDGING = frozenset({"report", "xml", "json", "lcov", "html"})


class Shown(NamedTuple):
    """A command, and the folder of the repository that it runs in."""

    command: str
    folder: str


class _Run(NamedTuple):
    path: str
    invocation: Invocation
    folder: str
    reached: Reached | None


def at(state: State, runs: Iterable[Runs], places: Sequence[Location]) -> Shown | None:
    """The run that stands at one of some places, the first that is known."""
    known = [*_known(state, runs)]
    for place in places:
        span = place.span
        if span is not None:
            found = [one for one in known if one.path == place.path and _meet(one.invocation.span, span)]
            if found:
                return _whole(found[0], known)
    return None


def judging(
    state: State, runs: Iterable[Runs], places: Sequence[Location], component: Component, family: wiring.Family
) -> Shown | None:
    """A run of a component's tests that fails where too little is covered; one that names a file of `places` first."""
    known = [*_known(state, runs)]
    paths = {place.path for place in places}
    found = [
        one
        for one in known
        if one.reached is not None
        and one.invocation.tool in family.runs
        and component.folder in wiring.homes(state, one.reached)
        and wiring.decided(state, one.reached, component).gates
    ]
    found.sort(key=lambda one: not paths.intersection({joined(one.folder, name) for name in one.invocation.named}))
    return _whole(found[0], known) if found else None


def _known(state: State, runs: Iterable[Runs]) -> Iterator[_Run]:
    """All runs of which every word and the folder are known: those that CI starts come first."""
    for one in runs:
        for reached in one.reached:
            if reached.folder is not None and reached.invocation.command:
                yield _Run(reached.path, reached.invocation, reached.folder, reached)
    for path, invocation, folder in state.said:
        if folder is not None and invocation.command:
            yield _Run(path, invocation, folder, None)


def _whole(run: _Run, known: Sequence[_Run]) -> Shown:
    """A run; a report with the run before it, whose data it judges, and such a run with the report after it."""
    written, place = run.invocation.command, _start(run.invocation.span)
    beside = [
        one.invocation
        for one in known
        if (one.path, one.folder, one.reached is None) == (run.path, run.folder, run.reached is None)
    ]
    if run.invocation.report == "run":
        later = [one for one in beside if one.report in _JUDGING and _start(one.span) > place]
        if later:
            written = f"{written} && {min(later, key=lambda one: _start(one.span)).command}"
    elif run.invocation.report in _JUDGING:
        earlier = [one for one in beside if (one.report == "run" or one.measures) and _start(one.span) < place]
        if earlier:
            written = f"{max(earlier, key=lambda one: _start(one.span)).command} && {written}"
    return Shown(written, run.folder)


def _start(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _meet(one: Span, other: Span) -> bool:
    """Whether two places share a line."""
    return one.line <= other.end_line and other.line <= one.end_line
