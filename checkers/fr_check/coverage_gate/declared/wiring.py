"""Whether a declared gate is ever asked: what each run in CI would decide, and where its verdict is lost."""

from __future__ import annotations

from fr_check.core.model import Location
from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared import asked, node_runs, python_runs
from fr_check.coverage_gate.declared.model import (
    CHECKING,
    CONFIG,
    HOSTED,
    NODE,
    PROSE,
    VARIABLE,
    Component,
    is_foreign,
    joined,
)
from fr_check.runs.links import Excuse
from fr_check.sources.thresholds import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.asked import Asked
    from fr_check.coverage_gate.declared.model import Place, Reached, Runs, State, WorkflowFile
    from fr_check.sources.thresholds.model import Declared, Word
    from fr_check.sources.thresholds.options import Invocation

_REPORTS = frozenset({"report", "xml", "json", "lcov", "html"})
# A script about coverage that does not only move data may well judge it; what it does is not known.
_NOTHING = frozenset({"/dev/null", "NUL", "nul"})
_RUNNING = "docker podman docker-compose buildah ssh gh curl bazel nix act parallel nosetests nose2 trial ward"
_HIDING = frozenset(("", *_RUNNING.split()))
_MOVES_DATA = ("merge", "combine", "upload", "convert", "download")


class Verdict(NamedTuple):
    """What one run decides. `value` None: no threshold applies; `off` the word that turns measuring off.

    `instead`: the configuration file it names, which holds no threshold and is read in the place of those that do.
    `limits` are all the numbers it compares with; `known`: all that it reads is known. `refused`
    says why the tool stops, whatever is covered.
    """

    reached: Reached
    measures: bool
    value: float | None
    zero: Declared | None
    off: Word | None
    instead: str = ""
    limits: tuple[Declared, ...] = ()
    known: bool = True
    refused: str = ""

    @property
    def gates(self) -> bool:
        """Whether a figure that is too low makes it fail."""
        return self.measures and bool(self.value)

    @property
    def happens(self) -> bool:
        """Whether it may take place."""
        return self.reached.excuse is None or not self.reached.excuse.never


class Wiring(NamedTuple):
    """All runs of one component's tests in one workflow.

    `hidden`: it may be judged by something else as well: a later gate of another kind, what could not be followed, a
    run in a folder that is not known. `others`: it runs the same tools for other components.
    """

    runs: Runs
    verdicts: tuple[Verdict, ...]
    hidden: bool
    others: bool = False

    @property
    def gated(self) -> bool:
        """Whether some run fails the workflow."""
        return any(verdict.gates and verdict.reached.excuse is None for verdict in self.verdicts)


class Family(NamedTuple):
    """Tools that judge the same figures: their names as they run, and as the tools of declared numbers."""

    runs: frozenset[str]
    places: frozenset[str]

    @property
    def is_python(self) -> bool:
        """Whether pytest and coverage are meant."""
        return "pytest" in self.runs


PYTHON = Family(frozenset({"pytest", "coverage"}), frozenset({"pytest-cov", "coverage"}))
FAMILIES = (
    PYTHON,
    Family(frozenset({"vitest"}), frozenset({"vitest"})),
    Family(frozenset({"jest"}), frozenset({"jest"})),
    Family(CHECKING, CHECKING),
)


def family_of(tool: str) -> Family | None:
    """The family of a tool that runs, or that a number is written for."""
    return next((one for one in FAMILIES if tool in one.runs or tool in one.places), None)


def wirings(state: State, runs: Iterable[Runs], component: Component, family: Family) -> tuple[Wiring, ...]:
    """For each workflow the runs that belong to a component."""
    found = []
    configured = [place for place in state.places if place.component == component.folder and place.layer == NODE]
    metrics = frozenset(place.metric for place in configured if place.gates and place.tool in family.places)
    for one in runs:
        ours = [reached for reached in one.reached if reached.invocation.tool in family.runs]
        mine = [reached for reached in ours if component.folder in homes(state, reached)]
        verdicts = tuple(_replaced(decided(state, reached, component), metrics) for reached in mine)
        unplaced = any(reached.folder is None for reached in ours) or not all(verdict.known for verdict in verdicts)
        foreign = family.is_python and any(reached.invocation.tool == "slipcover" for reached in one.reached)
        hidden = one.opaque or unplaced or foreign or _judged_later(state, one)
        found.append(Wiring(one, verdicts, hidden, len(mine) < len(ours)))
    return tuple(found)


def _replaced(verdict: Verdict, metrics: frozenset[str]) -> Verdict:
    """A verdict as it is one on what a component configures: jest's `--coverageThreshold` takes the place of all of it.

    `metrics` are those of the configured numbers.
    """
    asked = {limit.metric for limit in verdict.limits}
    taken = verdict.reached.invocation.reset and verdict.reached.invocation.tool == node_runs.JEST
    return verdict._replace(value=None) if taken and metrics.isdisjoint(asked) else verdict


def homes(state: State, reached: Reached) -> set[str | None]:
    """The components that a run belongs to: the nearest one, and those whose files it reads."""
    own = reached.invocation
    if own.tool in PYTHON.runs:
        return python_runs.homes(state, reached)
    home = state.component_of(reached.folder, python=False)
    if reached.folder is None:
        return {home}
    found = node_runs.judged(state.node, own, reached.folder)
    read = {path for path, _ in found.limits if path}
    stating = (folder for folder, one in state.components.items() if any(file.path in read for file in one.node))
    if is_foreign(reached.folder) and not found.measures:
        return {reached.folder}  # an example, or test data, whose configuration is not read
    return {*stating} or {_of_its_own(found, home) or home}


def _of_its_own(found: node_runs.Judged, home: str | None) -> str:
    """The folder below `home` whose configuration a run reads that measures nothing: those are other tests than its."""
    folders = {path.rpartition("/")[0] for path in found.files if not path.endswith("package.json")}
    below = f"{home}/" if home else ""
    inside = found.known and not found.measures and all(len(one) > len(below) for one in folders)
    return max(folders, default="") if inside and all(one.startswith(below) for one in folders) else ""


def decided(state: State, reached: Reached, component: Component | None) -> Verdict:
    """What one run decides; `component` is the one that it belongs to."""
    if reached.invocation.tool not in PYTHON.runs:
        return _node(state, reached)
    found, known = python_runs.configured(state, reached, component or Component(""))
    verdict = _python(state, found, reached)
    nearer = found.pytest.path if found.pytest is not None else ""
    passed_over = component.pytest if component is not None else None
    if passed_over is not None and nearer not in {"", passed_over.path} and passed_over.options.declared:
        verdict = verdict._replace(instead=verdict.instead or ("" if verdict.value else nearer))
    return verdict if known else verdict._replace(known=False)


def _python(state: State, component: Component, reached: Reached) -> Verdict:
    own = reached.invocation
    base = component.pytest.options if component.pytest is not None and not own.reset else None
    fail_under = component.coverage.config.fail_under if component.coverage is not None else None
    # Of a file that is named and not here, nobody knows what it says: nothing is claimed.
    ini, config = (joined(reached.folder, name) or "" if name else "" for name in (own.ini, own.config))
    base = state.named_options.get(ini, base) if not own.reset else base
    fail_under = state.named[config].fail_under if config in state.named else fail_under
    base = None if own.ini in _NOTHING else base
    fail_under = None if own.config in _NOTHING else fail_under
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
    named = own.config if config in state.named or own.config in _NOTHING else ""
    named = named or (own.ini if ini in state.named_options or own.ini in _NOTHING else "")
    value = last.value if last is not None else None
    instead = "" if value or own.report == "run" else named
    return Verdict(reached, measures and off is None, value, zero, off, instead, refused=_unknown_options(own, base))


def _unknown_options(own: Invocation, base: Invocation | None) -> str:
    """Why pytest stops: a word keeps pytest-cov away while its options are given, of which pytest knows none."""
    off = next((one.off for one in (own, base) if one is not None and one.off is not None), None)
    if off is None or own.report == "run" or not off.string.endswith((":cov", ":pytest_cov")):
        return ""
    given = (one for one in (own, base) if one is not None)
    if not any(one.declared or one.branch or one.config or one.asked for one in given):
        return ""
    return f"`{off.string}` keeps pytest-cov away from a run that is given its options: pytest stops with a usage error"


def of_named(state: State, reached: Reached) -> Declared | None:
    """The number of a configuration file of coverage's that a run names, where it judges by it."""
    own = reached.invocation
    config = state.named.get(joined(reached.folder, own.config) or "") if own.config else None
    judges = own.report in _REPORTS if own.tool == "coverage" else own.measures and own.report != "run"
    return config.fail_under if config is not None and judges else None


def _last(invocation: Invocation) -> Declared | None:
    return next((one for one in reversed(invocation.declared) if one.kind != model.IGNORED), None)


def _node(state: State, reached: Reached) -> Verdict:
    """What a run of one of Node's tools decides by all that it reads."""
    found = node_runs.judged(state.node, reached.invocation, reached.folder)
    limits = tuple(one for _, one in found.limits)
    gates = [one.value for one in limits if one.value or one.uncovered]
    named = reached.invocation.config if found.known and not gates else ""
    known = found.known and all(one.value is not None for one in limits)
    verdict = Verdict(reached, found.measures, gates[0] if gates else None, None, found.off, named, limits, known)
    if not found.rivals:
        return verdict
    return verdict._replace(refused=f"jest finds {' and '.join(found.rivals)}, of which it takes one: it stops")


def _judged_later(state: State, runs: Runs) -> bool:
    """Whether the workflow has a gate of another kind: a threshold in a variable or input, a service, a script."""
    ci = runs.workflow.ci
    if any(declared.kind == model.GATE and declared.value and declared.tool != "prose" for declared in ci.declared):
        return True
    if ci.compares:
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
    own = component.pytest.options if component.pytest is not None else None
    if any(one.measures for one in (own, *state.named_options.values()) if one is not None):
        return True
    reached = (one.invocation for run in runs for one in run.reached)
    found = [one for one in (*state.commands, *reached) if one.tool in PYTHON.runs]
    return any(one.measures or one.report or one.opaque for one in found)


def branch_anywhere(state: State, component: Component) -> bool:
    """Whether any command of the repository measures branches, where the component's configuration does not."""
    return not component.branch_on and any(one.branch is not None for one in state.commands if one.tool in PYTHON.runs)


def by_commands(
    state: State, runs: Iterable[Runs], configured: frozenset[tuple[str, Family]]
) -> Iterator[list[tuple[WorkflowFile, Reached]]]:
    """For each threshold that only commands state: the runs that ask it, where no push and no pull request does.

    That is where none may fail its workflow, or where something else starts all that may. `configured` are the
    components, by folder and family of tools, that have a gate of their own.
    """
    judging: dict[tuple[object, str | None], list[tuple[Runs, Reached]]] = {}
    for one in runs:
        for reached in one.reached:
            own = reached.invocation
            last = _last(own) or of_named(state, reached)
            if own.off is not None and reached.excuse is None and reached.invocation.tool in PYTHON.runs:
                off = Excuse(f"`{own.off.string}` turns measuring off", Location(reached.path, own.off.span))
                reached = reached._replace(excuse=off)  # noqa: PLW2901 - the same run
            if last is None or last.kind != model.GATE or not (last.value or last.uncovered):
                continue
            family = family_of(own.tool)
            home = state.component_of(reached.folder, python=family is PYTHON) if family is not None else None
            if home is None or family is None or (home, family) not in configured:
                key = (family or own.tool, reached.folder if home is None else home)
                judging.setdefault(key, []).append((one, reached))
    for found in judging.values():
        hidden = (one.opaque or _judged_later(state, one) for one, _ in found)
        asking = [(one, reached) for one, reached in found if reached.excuse is None]
        if all(reached.is_seldom(one.workflow) for one, reached in asking) and not any(hidden):
            yield [(one.workflow, reached) for one, reached in asking or found]


def set_to_zero(state: State, runs: Iterable[Runs], repository: Repository) -> Iterator[Asked]:
    """Numbers of commands that CI replaces with 0, where nothing else of their kind judges."""
    zeros = (one for one in asked.otherwise(state.places, runs) if not one.value)
    replaced = [one for given in zeros if (one := asked.with_default(given, repository)).place.value]
    if not replaced:
        return
    reached = (run.invocation for one in runs for run in one.reached if run.excuse is None)
    known = {(limit.tool, limit.value) for own in reached for limit in own.declared}
    known |= {(place.tool, place.value) for place in state.places if place.gates and place.layer in {CONFIG, NODE}}
    for one in replaced:
        family = family_of(one.place.tool)
        alike = {one.place.tool} if family is None else family.places
        if not any(value and tool in alike for tool, value in known):
            yield one


def runs_nothing_else(one: Wiring) -> bool:
    """Whether a workflow runs something, and nothing in which tests may be hidden: no container, no foreign action."""
    programs = one.runs.programs
    return bool(programs) and _HIDING.isdisjoint(programs) and one.runs.workflow.only_prepares


def stands_at(place: Place, where: Location) -> bool:
    """Whether a number stands in the first line of a place."""
    mine, span = place.location.span, where.span
    return place.location.path == where.path and mine is not None and span is not None and mine.line == span.line


def configured_gate(state: State, folder: str, family: Family) -> Place | None:
    """The first machine-read gate of a component that is not limited to a part of it."""
    return next(
        (
            place
            for place in state.places
            if place.component == folder
            and place.gates
            and (place.value or place.uncovered)
            and place.layer != PROSE
            and not place.part
            and place.tool in family.places
        ),
        None,
    )
