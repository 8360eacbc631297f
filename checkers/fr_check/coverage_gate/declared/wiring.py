"""Whether a declared gate is ever asked: what each run in CI would decide, and where its verdict is lost."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared.model import CHECKING, HOSTED, PROSE, VARIABLE, joined, switched_on
from fr_check.sources.thresholds import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.coverage_gate.declared.model import Component, Place, Reached, Runs, State
    from fr_check.sources.thresholds.model import Declared, Word
    from fr_check.sources.thresholds.options import Invocation

_REPORTS = frozenset({"report", "xml", "json", "lcov", "html"})
_PYTHON = frozenset({"pytest", "coverage"})
_NODE = frozenset({"vitest", "jest", "nyc", "c8"})
# A script about coverage that does not only move data may well judge it; what it does is not known.
_MOVES_DATA = ("merge", "combine", "upload", "convert", "download")


class Verdict(NamedTuple):
    """What one run decides. `value` None: no threshold applies; `off` the word that turns measuring off.

    `instead`: the configuration file it names, which holds no threshold and is read in the place of those that do.
    """

    reached: Reached
    measures: bool
    value: float | None
    zero: Declared | None
    off: Word | None
    instead: str = ""

    @property
    def gates(self) -> bool:
        """Whether a figure that is too low makes it fail."""
        return self.measures and bool(self.value)


class Wiring(NamedTuple):
    """All runs of one component's tests in one workflow.

    `hidden`: it may be judged by something else as well: a later gate of another kind, what could not be followed, a
    run in a folder that is not known.
    """

    runs: Runs
    verdicts: tuple[Verdict, ...]
    hidden: bool

    @property
    def gated(self) -> bool:
        """Whether some run fails the workflow."""
        return any(verdict.gates and verdict.reached.excuse is None for verdict in self.verdicts)


def wirings(state: State, runs: Iterable[Runs], component: Component, *, python: bool) -> tuple[Wiring, ...]:
    """For each workflow the runs that belong to a component."""
    found = []
    for one in runs:
        tools = _PYTHON if python else _NODE
        mine = [
            reached
            for reached in one.reached
            if reached.invocation.tool in tools
            and state.component_of(reached.folder, python=python) == component.folder
        ]
        verdicts = tuple(
            _python(state, component, reached) if python else _node(component, reached) for reached in mine
        )
        unplaced = any(reached.folder is None and reached.invocation.tool in tools for reached in one.reached)
        found.append(Wiring(one, verdicts, one.opaque or unplaced or _judged_later(state, one)))
    return tuple(found)


def _python(state: State, component: Component, reached: Reached) -> Verdict:
    own = reached.invocation
    base = component.pytest.options if component.pytest is not None and not own.reset else None
    fail_under = component.coverage.config.fail_under if component.coverage is not None else None
    # Of a file that is named and not here, nobody knows what it says: nothing is claimed.
    ini, config = (joined(reached.folder, name) or "" if name else "" for name in (own.ini, own.config))
    base = state.named_options.get(ini, base) if not own.reset else base
    fail_under = state.named[config].fail_under if config in state.named else fail_under
    if own.tool == "coverage":
        measures = own.report in _REPORTS
        last = _last(own) or fail_under
    else:
        measures = own.measures or (base is not None and base.measures)
        last = _last(own) or (_last(base) if base is not None else None) or fail_under
    off = own.off or (base.off if base is not None else None)
    zero = next((declared for declared in own.declared if declared.value == 0), None)
    if own.report == "run" and not (base is not None and base.measures):
        last = None  # coverage run only measures: what it recorded is judged by a report
    named = (own.config if config in state.named else "") or (own.ini if ini in state.named_options else "")
    value = last.value if last is not None else None
    instead = "" if value or own.report == "run" else named
    return Verdict(reached, measures and off is None, value, zero, off, instead)


def _last(invocation: Invocation) -> Declared | None:
    return invocation.declared[-1] if invocation.declared else None


def _node(component: Component, reached: Reached) -> Verdict:
    own = reached.invocation
    enabled = any(file.config.enabled for file in component.node)
    asked = own.tool in CHECKING and (own.report == "check-coverage" or switched_on(component))
    declared = (*(one for file in component.node for one in file.config.declared), *own.declared)
    gates = [
        one
        for one in declared
        if one.kind == model.GATE or (asked and one.kind == model.IGNORED and one.tool in CHECKING)
    ]
    measures = (own.measures or enabled or own.tool in {"nyc", "c8"}) and own.off is None
    return Verdict(reached, measures, gates[0].value if gates else None, None, own.off)


def _judged_later(state: State, runs: Runs) -> bool:
    """Whether the workflow has a gate of another kind: a threshold in a variable or input, a service, a script."""
    ci = runs.workflow.ci
    if any(declared.kind == model.GATE and declared.value and declared.tool != "prose" for declared in ci.declared):
        return True
    if any("codecov" in action for action in ci.actions) and any(place.layer == HOSTED for place in state.places):
        return True
    gates = [place for place in state.places if place.layer == VARIABLE and place.gates and place.value]
    if any(place.location.path in runs.touched for place in gates):
        return True
    names = (path.rpartition("/")[2] for path in runs.touched if path.endswith((".py", ".sh")))
    return any("cov" in name and not any(word in name for word in _MOVES_DATA) for name in names)


def measured_anywhere(state: State, runs: Iterable[Runs], component: Component) -> bool:
    """Whether any command of the repository measures a Python component's coverage."""
    if component.pytest is not None and component.pytest.options.measures:
        return True
    reached = (one.invocation for run in runs for one in run.reached)
    found = [one for one in (*state.commands, *reached) if one.tool in _PYTHON]
    return any(one.measures or one.report or one.opaque for one in found)


def branch_anywhere(state: State, component: Component) -> bool:
    """Whether any command of the repository measures branches, where the component's configuration does not."""
    return not component.branch_on and any(one.branch is not None for one in state.commands if one.tool in _PYTHON)


def lost_commands(state: State, runs: Iterable[Runs], configured: frozenset[tuple[str, bool]]) -> Iterator[Reached]:
    """For each threshold that only commands state: the first run that asks it, where none may fail its workflow.

    `configured` are the components, by folder and whether they are Python's, that have a gate of their own.
    """
    judging: dict[tuple[str, str | None], list[tuple[Runs, Reached]]] = {}
    for one in runs:
        for reached in one.reached:
            last = _last(reached.invocation)
            if last is None or last.kind != model.GATE or not (last.value or last.uncovered):
                continue
            tool = reached.invocation.tool
            python = tool in _PYTHON
            family = "python" if python else "node" if tool in _NODE else tool
            home = state.component_of(reached.folder, python=python) if python or tool in _NODE else None
            if home is None or (home, python) not in configured:
                judging.setdefault((family, reached.folder if home is None else home), []).append((one, reached))
    for found in judging.values():
        hidden = (one.opaque or _judged_later(state, one) for one, _ in found)
        if all(reached.excuse is not None for _, reached in found) and not any(hidden):
            yield found[0][1]


def configured_gate(state: State, folder: str, *, python: bool) -> Place | None:
    """The first machine-read gate of a component that is not limited to a part of it."""
    tools = {"pytest-cov", "coverage"} if python else _NODE
    return next(
        (
            place
            for place in state.places
            if place.component == folder
            and place.gates
            and (place.value or place.uncovered)
            and place.layer != PROSE
            and not place.part
            and place.tool in tools
        ),
        None,
    )
