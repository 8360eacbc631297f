"""Which runs of coverage's tools each workflow starts in the end, through tasks and scripts of the repository."""

from __future__ import annotations

import posixpath
import re
import shlex
from functools import partial
from itertools import pairwise

from fr_check.builds.leads import Leads
from fr_check.core.budget import Budget
from fr_check.core.model import Location, Span, Unknown
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written
from fr_check.coverage_gate.declared.model import PIPELINE, Reached, Runs
from fr_check.coverage_gate.measured.assessment import NAME
from fr_check.runs import workflows
from fr_check.runs.containers import DETACHED
from fr_check.runs.follower import Follower
from fr_check.runs.links import Excuse, Link
from fr_check.runs.model import Unfollowed
from fr_check.sources import workflow
from fr_check.sources.thresholds import ci, commands
from fr_check.sources.yaml_tree import Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.model import State, WorkflowFile
    from fr_check.runs.calls import Call
    from fr_check.runs.follower import Item
    from fr_check.runs.model import Executed
    from fr_check.runs.workflows import StepRun
    from fr_check.sources.workflow import Step, Workflow

_LIMIT = 400  # runs of one workflow
# A file that is not followed may judge coverage where its name has one of these.
_TELLING = ("test", "cov", "nox")
_OPTIONS = "PYTEST_ADDOPTS"
# docker/build-push-action, and those that take the same inputs.
_BUILDING = "/build-push-action"
_OF_BUILDS = ("context", "file", "target")
_WAITING = pattern(r"(?:docker|podman|nerdctl) (?:container )?(?:wait|attach|inspect|logs)\b")
_OF_HATCH = ("pyproject.toml", "hatch.toml")
_STARTING = ("subprocess", "os.system", "pytest.main")


def follow(state: State, repository: Repository) -> tuple[Runs, ...]:
    """What each workflow runs; one that is only called runs where it is called."""
    collected = {file.path: _Collector(repository, state, file) for file in state.workflows}
    for one in _every(repository):
        collector = collected.get(one.path)
        if collector is not None:
            collector.step(one)
    return tuple(_as_known(one, repository) for one in collected.values())


def _as_known(collector: _Collector, repository: Repository) -> Runs:
    """What a workflow runs; open where something of it is decided elsewhere.

    An `export` of make, `env_file` of compose, `dotenv-load` of just and others bring PYTEST_ADDOPTS to pytest as well,
    and what `docker run -d` leaves behind may be waited for.
    """
    runs = collector.runs()
    left = any(one.excuse is not None and one.excuse.phrase == DETACHED for one in runs.reached)
    if runs.opaque or (collector.given and not left):
        return runs
    ways = (runs.workflow.path, *sorted(runs.touched))
    waits = left and _any(repository, ways, _waits)
    files = repository.select(_is_of_variables) if runs.reached and not collector.given else ()
    return runs._replace(opaque=waits or (not collector.given and _any(repository, (*ways, *files), _names_options)))


def _any(repository: Repository, paths: Iterable[str], holds: Callable[[Text], bool]) -> bool:
    texts = (repository.read(path) for path in paths)
    return any(isinstance(text, Text) and text.parsed(holds) for text in texts)


def _names_options(text: Text) -> bool:
    return _OPTIONS in text.string


def _starts_tests(text: Text) -> bool:
    return any(word in text.string for word in _STARTING) and written.may_run_tests(text.string)


def _runs_tests(text: Text) -> bool:
    return written.may_run_tests(text.string)


def _names_hatch_test(text: Text) -> bool:
    return "hatch-test" in text.string


def _waits(text: Text) -> bool:
    return _WAITING.search(text.string) is not None


def _makes(call: Call, text: Text) -> bool:
    """Whether a file writes the script that one of its commands calls: what that runs is not known here."""
    name = re.escape(posixpath.basename(call.names[0]))
    expression = rf"(?:>|\b(?:tee|cp|mv|install|ln|curl|wget)\b)[^\n;&|]{{0,200}}(?<![\w.-]){name}(?![\w.-])"
    return bool(name) and re.search(expression, text.string) is not None


def _is_of_variables(path: str) -> bool:
    """Whether a path is that of a file of variables, by its name: `.env`, `.env.ci`, `dev.env`, `.envrc`."""
    name = path.rpartition("/")[2]
    return name.startswith(".env") or name.endswith(".env")


class _Step(NamedTuple):
    """One step, or one job of a pipeline: the runs of coverage's tools, and the calls that are not followed.

    `path` is the workflow that it runs in, `job` the job there. `touched` are the paths of files that it was followed
    into, `programs` the names of all that it runs itself; `given`: PYTEST_ADDOPTS is set for one of its commands;
    `brought`: variables come to it that are not known. `unknowns` is what was too much to follow.
    """

    path: str
    job: str
    sharded: bool
    brought: bool
    found: tuple[Reached | Unfollowed, ...]
    touched: frozenset[str]
    programs: frozenset[str]
    given: bool
    unknowns: tuple[Unknown, ...]


class _Followed(NamedTuple):
    """The steps of a workflow that may run a tool of coverage, and how many steps of following they took."""

    steps: tuple[_Step, ...]
    taken: int


def _every(repository: Repository) -> Iterator[_Step]:
    """Every step that may run a tool of coverage."""
    for found in workflows.each(repository, _executed):
        yield from found.steps
    if repository.has(PIPELINE):
        yield from repository.remembered(_of_pipeline)


def _executed(repository: Repository, path: str, more: bool) -> _Followed:  # noqa: FBT001 - as `workflows.each` asks
    """Those of one workflow."""

    def parsed(path: str) -> Workflow | None:
        return workflow.read(repository, path)

    follower, file = _follower(repository, more=more), parsed(path)
    found = []
    steps = workflows.Steps(repository, parsed, _wanted)
    for run in steps.of(file) if file is not None else ():
        script = run.step.run or _built(run, repository)
        items = workflows.follow(run, script, follower) if script is not None else ()
        job = run.root[1]
        step = _step(job.node.text.path, job.id, run.step.span, items)._replace(
            sharded=ci.is_sharded(run.job) or ci.is_sharded(job),
            brought=any(map(workflows.brings_variables, run.job.steps[: run.step.position])),
            unknowns=(*steps.unknowns(NAME), *follower.unknowns(NAME)),
        )
        if script is not None and not items:
            step = step._replace(programs=frozenset((":",)))  # what comes to no command is as good as that
        asked = (run.step.condition, run.job.condition, *run.caller.conditions, *run.job.needs, *run.root[1].needs)
        if step.found and any(one is not None for one in asked):
            step = _when(step, run)
        found.append(step._replace(given=step.given or _OPTIONS in workflows.surroundings(run)))
    return _Followed(tuple(found), follower.taken)


def _when(step: _Step, run: StepRun) -> _Step:
    """A step whose runs know which events start them."""
    from fr_check.runs import events  # noqa: PLC0415 - few steps that run tests have conditions

    kept = events.of_step(run)
    if kept is None:
        return step
    condition = run.step.condition or run.job.condition or run.root[1].condition
    where = run.step.location if condition is None else condition.location
    return step._replace(found=tuple(_started(one, kept, where) for one in step.found))


def _started(found: Reached | Unfollowed, events: tuple[str, ...], where: Location) -> Reached | Unfollowed:
    """A run that only some events start; one that none does never takes place."""
    if isinstance(found, Unfollowed):
        return found
    if events:
        return found._replace(events=events)
    return found._replace(excuse=found.excuse or Excuse("a condition that no event meets", where, never=True))


def _follower(repository: Repository, *, more: bool = True) -> Follower:
    return Follower(
        repository, written.may_matter, Leads(repository, written.may_run_tests).followed, more=more, images=True
    )


def _of_pipeline(repository: Repository) -> tuple[_Step, ...]:
    """The jobs of GitLab's pipeline."""
    from fr_check.runs import pipelines  # noqa: PLC0415 - many repositories have none

    follower, found = _follower(repository), []
    read = pipelines.read(repository)
    for job in read.jobs if read is not None else ():
        if any(written.may_matter(line.value) for line in (*job.script, *job.after)):
            step = _step(PIPELINE, job.name, job.key.span, pipelines.follow(job, follower))
            if job.events is not None:
                kept = partial(_started, events=job.events, where=job.key.location)
                step = step._replace(found=tuple(map(kept, step.found)))
            given = step.given or _OPTIONS in job.variables
            unknowns = follower.unknowns(NAME)
            found.append(step._replace(sharded=job.sharded, brought=not job.whole, given=given, unknowns=unknowns))
    return tuple(found)


def _step(path: str, job: str, span: Span, items: tuple[Item, ...]) -> _Step:
    """A step without what of its commands nobody asks again."""
    executed = tuple(item.by if isinstance(item, Unfollowed) else item for item in items)
    ends = tuple(item for item in items if isinstance(item, Unfollowed) or not item.followed)
    return _Step(
        path,
        job,
        sharded=False,
        brought=False,
        found=tuple(found for item in ends for found in _all_found(item, job, span)),
        touched=frozenset(touched for one in executed for touched in _touched(one)) - {path},
        programs=frozenset(
            item.ran.name
            for item in items
            if not isinstance(item, Unfollowed) and (item.path == path or (not item.ran.name and item.ran.words))
        ),
        given=any(not isinstance(item, Unfollowed) and item.gets(_OPTIONS) for item in ends),
        unknowns=(),
    )


def _touched(item: Executed) -> Iterator[str]:
    """The files on the way to a command and those that it hands on to."""
    yield from (item.path, *item.into, *(link.location.path for link in item.chain))


def _all_found(item: Item, job: str, span: Span) -> Iterator[Reached | Unfollowed]:
    """As `_found`; of `python -c` what its script starts."""
    found = _found(item, job, span)
    if found is not None:
        yield found
    if isinstance(item, Unfollowed) or not item.ran.name.rpartition("/")[2].startswith("python"):
        return
    words = item.ran.words
    script = next((after for word, after in pairwise(words) if word.value == "-c"), None)
    if script is None or script.value is None or "pytest" not in script.value:
        return
    from fr_check.coverage_gate.declared import python_starts  # noqa: PLC0415 - hardly any step is written so

    for own, ignored in python_starts.of_word(script.value, item.location.span or span):
        excuse = item.excuse if ignored is None else Excuse(ignored.phrase, item.location)
        yield Reached(own, item.folder, item.path, job, item.chain, excuse)


def _found(item: Item, job: str, span: Span) -> Reached | Unfollowed | None:
    """The run of a tool of coverage that a command is; a call that is not followed as it is; None for others."""
    if isinstance(item, Unfollowed) or not commands.may_run(token.shown for token in item.ran.words):
        return item if isinstance(item, Unfollowed) else None

    def locate(start: int, end: int) -> Span:
        return item.origin.locate(start, end).span or span

    found = written.invocation(item.ran, locate, item.environment)
    if found is None:
        return None
    found = found._replace(opaque=found.opaque or item.open)
    return Reached(found, item.folder, item.path, job, item.chain, item.excuse)


def _wanted(step: Step) -> bool:
    if step.run is not None:
        return written.may_matter(step.run.value)
    return step.action.startswith("./") or step.action.endswith(_BUILDING)


def _built(run: StepRun, repository: Repository) -> Scalar | None:
    """The command that a step with docker/build-push-action comes to: its image may run the tests."""
    step = run.step
    if step.uses is None or not step.action.endswith(_BUILDING):
        return None
    inputs = {key: step.inputs[key].value for key in _OF_BUILDS if key in step.inputs}
    given = {key: run.scope.plain(one) if isinstance(one, Scalar) else None for key, one in inputs.items()}
    if None in given.values():
        return None
    context = given.get("context") or "."
    file = repository.read(posixpath.normpath(given.get("file") or posixpath.join(context, "Dockerfile")))
    if not isinstance(file, Text) or not file.parsed(_runs_tests):
        return None
    words = ["docker", "build", *(f"--{key}={given[key]}" for key in ("target", "file") if given.get(key))]
    command = shlex.join([*words, context])
    return Scalar(step.uses.text, step.uses.start, step.uses.end, None, command, "")


class _Collector:
    def __init__(self, repository: Repository, state: State, file: WorkflowFile) -> None:
        self.repository = repository
        self.state = state
        self.file = file
        self.budget = Budget(steps=_LIMIT)
        self.unknowns: dict[Unknown, None] = {}
        self.reached: dict[tuple[object, ...], Reached] = {}
        self.touched: set[str] = set()
        self.programs: set[str] = set()
        self.given = False
        self.absent: list[Location] = []
        self.opaque = any(job.reusable and not job.reusable.startswith("./") for job in file.ci.jobs)

    def runs(self) -> Runs:
        """All that was collected."""
        reached = tuple(self.reached.values())
        if self.budget.spent:
            message = f"the tests that `{self.file.path}` runs are more than {_LIMIT}: the others are not judged"
            self.unknowns[Unknown(NAME, Budget.REASON, self.file.path, message, Budget.HELP)] = None
        opaque = self.opaque or bool(self.unknowns)
        touched, programs = frozenset(self.touched), frozenset(self.programs)
        return Runs(self.file, reached, opaque, touched, programs, tuple(self.unknowns), tuple(self.absent))

    def step(self, step: _Step) -> None:
        """What one step runs in the end."""
        self.given = self.given or step.given
        self.touched |= step.touched
        self.programs |= step.programs
        for one in step.found:
            for reached in self._unfollowed(one, step.job) if isinstance(one, Unfollowed) else (one,):
                own = reached.invocation
                own = own._replace(opaque=own.opaque or step.brought, sharded=own.sharded or step.sharded)
                key = (reached.path, own.span, own.declared, reached.folder, reached.job, reached.excuse is None)
                if key not in self.reached and self.budget.step():
                    self.reached[key] = reached._replace(invocation=own)
        self.unknowns.update(dict.fromkeys(step.unknowns))

    def _nowhere(self, start: int, end: int) -> Span:
        del start, end
        return Span(1, 1, 1, 1)

    def _started(self, path: str, item: Unfollowed, job: str) -> Iterator[Reached]:
        """What a script in Python starts by itself, by `subprocess` or `pytest.main`, with what becomes of a status."""
        text = self.repository.read(path)
        if not isinstance(text, Text) or not any(word in text.string for word in _STARTING):
            return
        from fr_check.coverage_gate.declared import python_starts  # noqa: PLC0415 - few scripts start tests

        by = item.by
        for found, ignored in text.parsed(python_starts.parse):
            excuse = by.excuse if ignored is None else Excuse(ignored.phrase, Location(path, ignored.span))
            yield Reached(found, by.folder, path, job, (*by.chain, Link(by.origin.what, by.location)), excuse)

    def _unfollowed(self, item: Unfollowed, job: str) -> Iterator[Reached]:
        """A file that is no shell script: the argument lists in it run where it was called from."""
        by, call = item.by, item.call
        if call.optional and call.kind == "package":
            self.absent.append(by.location)  # what is not there is passed over
            return
        known = [path for path in item.paths if self.state.scripts.get(path)]
        started = [found for path in item.paths if path.endswith(".py") for found in self._started(path, item, job)]
        if len(started) >= sum(len(self.state.scripts[path]) for path in known) > 0 or (started and not known):
            self.touched.update(item.paths)
            yield from started
            return
        for path in known:
            self.touched.add(path)
            for invocation in self.state.scripts[path]:
                yield Reached(invocation, by.folder, path, job, by.chain, by.excuse)
        found = None if known else written.invocation(by.ran, self._nowhere, by.environment)
        if known or found is not None:
            # What `hatch test` runs may be written otherwise.
            mine = found is not None and by.ran.name == "hatch"
            given = mine and "HATCH_TEST_ARGS" in by.environment
            self.opaque = self.opaque or given or (mine and _any(self.repository, _OF_HATCH, _names_hatch_test))
            if mine and found is not None:
                yield Reached(
                    found._replace(span=by.location.span or found.span), by.folder, by.path, job, by.chain, by.excuse
                )
            return
        if call.kind == "script" or (call.kind == "other" and call.names != (call.program,)):
            names = [*call.names, *item.paths]
            self.opaque = self.opaque or any(word in name for name in names for word in _TELLING)
            self.opaque = self.opaque or (not item.paths and _any(self.repository, (by.path,), partial(_makes, call)))
            self.opaque = self.opaque or _any(self.repository, item.paths, _starts_tests)
        else:
            self.opaque = True
