"""Every step of the workflows of a repository, called workflows and local actions included, as it is evaluated."""

from __future__ import annotations

import posixpath
from functools import partial

from fr_check.core.budget import Budget
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.runs import scope as scopes
from fr_check.runs import step_writes
from fr_check.runs.links import Excuse, Link
from fr_check.runs.model import Origin, Start
from fr_check.runs.scope import Checkouts, Inputs
from fr_check.sources import expression, workflow
from fr_check.sources.build_context import inside
from fr_check.sources.docker_uses import moved
from fr_check.sources.shells import of_step
from fr_check.sources.yaml_tree import entries, get

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from typing import Protocol, TypeVar

    from fr_check.core.model import Location, Span, Unknown
    from fr_check.core.repository import Repository
    from fr_check.core.text import Text
    from fr_check.runs.follower import Follower, Item
    from fr_check.runs.model import Excused
    from fr_check.runs.scope import Scope
    from fr_check.sources.workflow import Job, Step, Workflow
    from fr_check.sources.yaml_tree import Entry, Node, Scalar

    class Followed(Protocol):
        """What was made of a workflow: `taken` are the steps of following it."""

        @property
        def taken(self) -> int:
            """As of a `Follower`."""

    T = TypeVar("T", bound=Followed)

FOLDER = ".github/workflows"
_BRINGS = pattern(r"secret|vault|dotenv|doppler|infisical|1password|(?:export|load|set)-env|direnv|envrc")
_FALSE = frozenset(("false", "", "0", "-0", "null", "nan"))
FOLLOW_LIMIT = 40_000
"""Steps of following all workflows together, after which no other one is begun."""
STEP_LIMIT = 20_000
"""Steps evaluated in one run, each cell of a matrix and each call counted."""
_DEPTH = 6


class Caller(NamedTuple):
    """Where steps stand: their workflow, its inputs, its job's checkouts, the way to it, how many calls deep.

    `conditions` are those of what calls them, each with what it may know.
    """

    workflow: Workflow
    inputs: Inputs | None
    checkouts: Checkouts
    environment: dict[str, Entry]
    chain: tuple[Link, ...] = ()
    excuses: tuple[Excused, ...] = ()
    root: tuple[Workflow, Job] | None = None
    conditions: tuple[tuple[Scalar, Scope], ...] = ()


class StepRun(NamedTuple):
    """One step in one cell of its job's matrix. `root` are the workflow and job that it runs in."""

    step: Step
    job: Job
    scope: Scope
    caller: Caller
    root: tuple[Workflow, Job]
    excuses: tuple[Excused, ...]

    @property
    def path(self) -> str:
        """The file that the step stands in."""
        return self.step.node.text.path


class Steps:
    """Evaluates steps. `file` gives the parsed workflow or action of a path; `wanted` which steps are worth it."""

    def __init__(
        self, repository: Repository, file: Callable[[str], Workflow | None], wanted: Callable[[Step], bool]
    ) -> None:
        self._repository = repository
        self._file = file
        self._wanted = wanted
        self._budget = Budget(steps=STEP_LIMIT)
        self._overrun: Location | None = None

    def unknowns(self, checker: str) -> tuple[Unknown, ...]:
        """That there were too many steps, and from which job on; nothing where all were evaluated."""
        if self._overrun is None:
            return ()
        from fr_check.runs.follower import Overrun  # noqa: PLC0415 - hardly any repository has so many

        return (Overrun(self._overrun, self._budget.spent).unknown(checker),)

    def all(self) -> Iterator[StepRun]:
        """Every step of every workflow; one that is only called is evaluated as it is called."""
        for path in self._repository.remembered(roots):
            file = self._file(path)
            if file is not None:
                yield from self.of(file)

    def of(self, file: Workflow) -> Iterator[StepRun]:
        """Every step of one workflow or action."""
        for job in file.jobs:
            yield from self._job(job, Caller(file, None, Checkouts((), ()), file.env))

    def _job(self, job: Job, caller: Caller) -> Iterator[StepRun]:
        """A job: its steps, or the workflow it calls, in every cell of its matrix."""
        target = local_workflow(job)
        if target is not None and len(caller.chain) < _DEPTH:
            yield from self._called(job, target, caller)
        checkouts = scopes.checkouts(job) if caller.workflow.kind == "workflow" else caller.checkouts
        here = caller._replace(checkouts=checkouts)
        root = caller.root or (caller.workflow, job)
        on_windows = _names_windows(job)
        for step in (step for step in job.steps if self._wanted(step)):
            for cell in self._cells(job, step.node, on_windows):
                scope = scopes.for_step(job, step, cell, here.environment, here.inputs)
                yield from self._step(StepRun(step, job, scope, here, root, _excuses(job, step, scope, here)))

    def _cells(self, job: Job, node: Node, on_windows: bool) -> list[workflow.Cell]:  # noqa: FBT001 - its own
        """The cells of a job's matrix; one is enough where nothing in the step or job asks for it."""
        left = STEP_LIMIT - self._budget.taken
        cells = job.matrix.cells
        outer = (job.condition, job.continue_on_error, *(entry.value for entry in job.env.values()))
        text = node.text.string
        asked = (
            "matrix" in text[node.start : node.end]
            or on_windows
            or any(one is not None and "matrix" in text[one.start : one.end] for one in outer)
        )
        cells = cells if asked or job.uses is not None else cells[:1]
        self._may_go_on(job, len(cells))
        return [*cells[: max(left, 0)]]

    def _may_go_on(self, job: Job, steps: int) -> bool:
        if self._budget.step(steps):
            return True
        self._overrun = self._overrun or job.node.text.at(job.key.span)
        return False

    def _called(self, job: Job, target: str, caller: Caller) -> Iterator[StepRun]:
        file = self._file(target)
        if file is None:
            return
        chain = (*caller.chain, Link(f"job `{job.id}` of `{job.node.text.path}`", job.node.text.at(job.key.span)))
        for cell in self._cells(job, job.node, _names_windows(job)):
            scope = scopes.for_step(job, None, cell, caller.environment, caller.inputs)
            inputs = scope.input_values(job.inputs, file.inputs)
            for inner in file.jobs:
                # A workflow of many jobs may call itself in each of them.
                if not self._may_go_on(job, 1):
                    return
                excuses = (*caller.excuses, *_never(job.condition, scope), *_continues(job.continue_on_error, scope))
                root = caller.root or (caller.workflow, job)
                asked = (*caller.conditions, *((one, scope) for one in (job.condition,) if one is not None))
                below = Caller(file, inputs, Checkouts((), ()), file.env, chain, excuses, root, asked)
                yield from self._job(inner, below)

    def _step(self, run: StepRun) -> Iterator[StepRun]:
        yield run
        if run.step.action.startswith("./") and len(run.caller.chain) < _DEPTH:
            yield from self._local_action(run)

    def _local_action(self, run: StepRun) -> Iterator[StepRun]:
        step, scope, caller = run.step, run.scope, run.caller
        file = local_action(step, caller.checkouts, self._file)
        if file is None:
            return
        chain = (*caller.chain, Link(step.phrase, step.location))
        inputs = scope.input_values(step.inputs, file.inputs)
        outer = {**caller.environment, **scope.environment()}
        for job in file.jobs:
            own = ((one, scope) for one in (step.condition, run.job.condition) if one is not None)
            asked = (*caller.conditions, *own)
            below = Caller(file, inputs, caller.checkouts, outer, chain, run.excuses, run.root, asked)
            yield from self._job(job, below)


def _names_windows(job: Job) -> bool:
    return job.node.text.string.find("windows", job.node.start, job.node.end) >= 0


def roots(repository: Repository) -> tuple[str, ...]:
    """The paths of the workflows that run by themselves: all but those that are only called."""
    read = ((path, workflow.read(repository, path)) for path in repository.select(is_workflow))
    found = [(path, file) for path, file in read if file is not None]
    called = {target for _, file in found for job in file.jobs if (target := local_workflow(job)) is not None}
    return tuple(path for path, file in found if path not in called or set(file.triggers) != {"workflow_call"})


def each(repository: Repository, make: Callable[..., T], *arguments: Hashable) -> Iterator[T]:
    """What `make(repository, path, more, *arguments)` makes of each workflow that runs by itself, each made once.

    A workflow and what it calls change without the others. What is made says how many steps of following it has
    `taken`; where they were too many together, `more` is false for those that come later.
    """
    budget = Budget(steps=FOLLOW_LIMIT)
    for path in repository.remembered(roots):
        made = repository.remembered(make, path, not budget.spent, *arguments)
        budget.step(made.taken)
        yield made


def follow(run: StepRun, script: Scalar, follower: Follower) -> tuple[Item, ...]:
    """Everything that a step's `run` executes."""
    step, scope = run.step, run.scope
    directory = "." if step.working_directory is None else scope.plain(step.working_directory)
    environment = {name: scope.plain(entry.value) for name, entry in surroundings(run).items()}
    earlier = step_writes.before(run.job, step)
    environment.update((name, value) for name, value in earlier.items() if name not in step.env)
    shell = of_step(None if step.shell is None else scope.plain(step.shell) or "?", windows=_on_windows(run))

    def locate(start: int, end: int) -> Location:
        return script.text.at(script.locate(start, end))

    def evaluated(text: str) -> str | None:
        return expression.plain(text, scope.resolve)

    what = f"command in {step.phrase}"
    origin = Origin(script.text.path, what, locate, run.caller.checkouts, environment)
    start = Start(
        directory, environment, None, evaluated, shell, wrote=_files_before(run, script.value, follower.repository)
    )
    chain, excuses = run.caller.chain, run.excuses
    if shell.other and shell.program.startswith("python"):
        found = _of_python(script, start, origin, follower)
    else:
        found = follower.follow(script.value, start, origin)
    return tuple(item.reached(chain, excuses) for item in found) if chain or excuses else found


def surroundings(run: StepRun) -> dict[str, Entry]:
    """The variables of a step, as written, with those of its job's container, which the others are set over."""
    found = run.scope.environment()
    container = get(run.job.node, "container")
    inside = get(container, "env") if container is not None else None
    return found if inside is None else {**entries(inside), **found}


def _of_python(script: Scalar, start: Start, origin: Origin, follower: Follower) -> tuple[Item, ...]:
    """What a step with `shell: python` starts."""
    from fr_check.sources.tasks import python_tasks  # noqa: PLC0415 - few steps are written so

    found: list[Item] = []
    for one in python_tasks.script(script.value, script.locate):
        inner = origin._replace(locate=partial(_located, script.text, one.locate))
        found += follower.follow(one.string, start._replace(shell=one.shell), inner, ignored=one.ignored)
    return tuple(found)


def _located(text: Text, locate: Callable[[int, int], Span], start: int, end: int) -> Location:
    return text.at(locate(start, end))


_STEPS_BEFORE = 200
_NAMED = pattern(r"[\w-]*\.env[\w.-]*")
# What reads a file of variables.
_READS = pattern(r"(?m)(?:^|[\s;&|({])(?:\.|source)[ \t]+[\"'$./\w]|env-file|dotenv|\bcat\b")
# What reads `.env` without a word of it.
_COMPOSE = pattern(r"\b(?:docker|podman|nerdctl)[ -]compose\b(?!\.)")


def _files_before(run: StepRun, script: str, repository: Repository) -> Mapping[str, str | None]:
    """The files of variables that a step finds, which earlier steps of the job write; None for what only a run tells.

    A file that is added to and that nobody commits is empty before that.
    """
    found: Mapping[str, str | None] = {}
    names = set(_NAMED.findall(script)) if ".env" in script and _READS.search(script) else set()
    names |= {".env"} if "compose" in script and _COMPOSE.search(script) else set()
    # Of a job of hundreds of steps nobody asks that.
    names = names if run.step.position <= _STEPS_BEFORE else set()
    for earlier in run.job.steps[: run.step.position + 1] if names else ():
        written = None if earlier.run is None or ".env" not in earlier.run.value else earlier.run.value
        if brings_variables(earlier):
            found = dict.fromkeys(found)
        if written is None or names.isdisjoint(_NAMED.findall(written)):
            continue
        from fr_check.runs import step_files  # noqa: PLC0415 - few steps write files

        scope = run.scope
        directory = "." if earlier.working_directory is None else scope.plain(earlier.working_directory)
        for name in step_files.appended(written):
            place = moved(directory, name)
            path = None if place is None else run.caller.checkouts.path(place)[0]
            if place is not None and path is not None and not repository.exists(path):
                found = {posixpath.normpath(place): "", **found}
        if earlier is run.step:
            break
        shell = of_step(None if earlier.shell is None else scope.plain(earlier.shell) or "?", windows=_on_windows(run))
        after = step_files.files(written, Start(directory, shell=shell, wrote=found))
        perhaps = earlier.condition is not None
        found = {path: None if perhaps and found.get(path) != text else text for path, text in after.items()}
    return found


def brings_variables(step: Step) -> bool:
    """Whether a step is an action that puts what a store of secrets, or a file, holds into the job's environment."""
    return step.uses is not None and not step.action.startswith("./") and _BRINGS.search(step.action) is not None


def _on_windows(run: StepRun) -> bool:
    """Whether a job's runner starts PowerShell where a step names no shell."""
    written = run.scope.plain(get(run.root[1].node, "runs-on"))
    return written is not None and "windows" in written.lower()


def _excuses(job: Job, step: Step, scope: Scope, caller: Caller) -> tuple[Excused, ...]:
    """Why a step's failure would not fail its workflow: it never runs, or is passed over.

    An outcome that a later step asks for is heeded.
    """
    own = (*_never(job.condition, scope), *_never(step.condition, scope), *_continues(job.continue_on_error, scope))
    heeded = step.continue_on_error is not None and step.id and _is_heeded(job, f"steps.{step.id}.outcome")
    return (*caller.excuses, *own, *(() if heeded else _continues(step.continue_on_error, scope)))


def _is_heeded(job: Job, outcome: str) -> bool:
    """Whether an outcome is asked for by what may fail, or hand it on: more than a step that only prints."""
    text = job.node.text.string
    asked = text.count(outcome, job.node.start, job.node.end)
    told = sum(text.count(outcome, one.node.start, one.node.end) for one in job.steps if _only_prints(one))
    return asked > told


def _only_prints(step: Step) -> bool:
    """Whether a step's script is nothing but messages."""
    lines = [line.strip() for line in step.run.value.split("\n")] if step.run is not None else ["?"]
    handing = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STATE", "&&", "||", ";", "$(", "`")
    return all(
        line.startswith(("echo ", "printf ", "#")) and not any(sign in line for sign in handing)
        for line in lines
        if line
    )


def _continues(node: Scalar | None, scope: Scope) -> tuple[Excused, ...]:
    if node is None or (scope.plain(node) or "").strip().lower() != "true":
        return ()
    where = node.text.at(node.span)
    return (lambda: Excuse("`continue-on-error: true`", where),)


def _never(node: Scalar | None, scope: Scope) -> tuple[Excused, ...]:
    """Why a step or job never runs: an `if` that is false whatever happens."""
    if node is None:
        return ()
    value = node.value.strip()
    if "${{" in value and not (value.startswith("${{") and value.find("}}") == len(value) - 2):
        return ()  # a text with something in it is true
    found = expression.plain(value if "${{" in value else f"${{{{ {value} }}}}", scope.resolve)
    if found is None or found.lower() not in _FALSE:
        return ()
    where = node.text.at(node.span)
    return (lambda: Excuse(f"`if: {value}` keeps it from running", where, never=True),)


def is_workflow(path: str) -> bool:
    """Whether GitHub takes a file for a workflow."""
    folder, _, name = path.rpartition("/")
    return folder == FOLDER and name.endswith((".yml", ".yaml"))


def local_action(step: Step, checkouts: Checkouts, file: Callable[[str], Workflow | None]) -> Workflow | None:
    """The action of this repository that a step uses, or None."""
    folder, foreign = checkouts.path(step.action if step.uses is None else step.uses.value)
    if folder is None or foreign:
        return None
    paths = (f"{folder}/{name}" if folder else name for name in ("action.yml", "action.yaml"))
    return next((found for path in paths if (found := file(path)) is not None), None)


def local_workflow(job: Job) -> str | None:
    """The path of the workflow of this repository that a job calls, or None."""
    if job.uses is None or not job.uses.value.startswith("./"):
        return None
    return inside("", job.uses.value.partition("@")[0])
