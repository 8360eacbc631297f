"""The docker commands of tasks, scripts and workflows: what they run, and which images tasks and scripts build."""

from __future__ import annotations

from fr_check.builds import commands as command_builds
from fr_check.builds.leads import Leads
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs import workflows
from fr_check.runs.follower import Follower
from fr_check.runs.model import Executed, Origin, Start
from fr_check.runs.scope import Checkouts
from fr_check.sources import workflow
from fr_check.variables import tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final, Literal

    from fr_check.builds.model import Build, ComposeCommand
    from fr_check.core.context import Context
    from fr_check.core.model import Unknown
    from fr_check.core.repository import Repository
    from fr_check.runs.follower import Overrun
    from fr_check.runs.workflows import StepRun
    from fr_check.sources.workflow import Job, Workflow

    CommandKind = Literal["step", "task", "script"]


STEP: Final = "step"
TASK: Final = "task"
SCRIPT: Final = "script"
_ENGINES = ("docker", "podman", "nerdctl", "docker-compose")
RUN, BUILD, COMPOSE = "run", "build", "compose"
# Text alone tells which scripts are worth following: there are many, and few have to do with containers.
_WORDS = {
    RUN: pattern(r"\b(?:docker|podman|nerdctl|docker-compose)\b(?:[^\n]|\\\n){0,300}?\b(?:run|exec)\b"),
    BUILD: pattern(r"\b(?:docker|podman|nerdctl)\b(?:[^\n]|\\\n){0,100}?\bbuild\b"),
    COMPOSE: pattern(r"\bdocker[ -]compose\b"),
}
_TEST_WORD = pattern(r"(?:^|[./_:-])(?:tests?|testing|ci|e2e)(?=$|[./_:-])")
_TESTS = pattern(
    r"\b(?:pytest|playwright|vitest|jest|cypress|tox|nox|go test|cargo test)\b"
    r"|\b(?:npm|pnpm|yarn|bun|make|just|moon)(?: run)? [\w:-]*test"
)
_SCRIPTS = (".sh", ".bash")
_FILE_LIMIT = 400


class Command(NamedTuple):
    """One command and how it was reached: by a step of the workflow `of` (in `job`), a task of a file, or a script.

    `tests`: what reached it is there to test, by its name, or as its job runs tests. `run` is the step.
    """

    executed: Executed
    kind: CommandKind
    of: str
    name: str
    tests: bool
    job: str = ""
    run: StepRun | None = None


def is_test_name(name: str) -> bool:
    """Whether a path or a name says that it is about tests."""
    return _TEST_WORD.search(name) is not None


def _for_tests(job: Job) -> bool:
    """Whether a job of a workflow is there to test."""
    return is_test_name(job.id) or job.node.text.parsed(_starts_tests, job.node.start, job.node.end)


def _starts_tests(text: Text, start: int, end: int) -> bool:
    """Whether a command between two offsets runs tests: asked for each command of a job."""
    return _TESTS.search(text.string, start, end) is not None


class Commands:
    """The docker commands of a repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    @property
    def runs(self) -> tuple[Command, ...]:
        """Every one that runs a container, steps first: what calls a script knows more of it than the script itself."""
        return self._of(RUN).found

    @property
    def building(self) -> tuple[Command, ...]:
        """Those of tasks and scripts that build an image; what workflows build is read with them."""
        return self.repository.remembered(_read, BUILD).found

    @property
    def composing(self) -> tuple[Command, ...]:
        """Every one of Compose."""
        return self._of(COMPOSE).found

    def unknowns(self, checker: str) -> tuple[Unknown, ...]:
        """What was too much to follow to what runs a container."""
        overrun = self._of(RUN).overrun
        return () if overrun is None else (overrun.unknown(checker),)

    def _of(self, kind: str) -> _Read:
        """Those of steps, tasks and scripts together."""
        every = (*workflows.each(self.repository, _read_steps, kind), self.repository.remembered(_read, kind))
        overrun = next((one.overrun for one in every if one.overrun is not None), None)
        return _Read(tuple(command for one in every for command in one.found), overrun, 0)


class _Read(NamedTuple):
    """Docker commands, what was too much to follow, and the steps of following that were taken."""

    found: tuple[Command, ...]
    overrun: Overrun | None
    taken: int


def _read(repository: Repository, kind: str) -> _Read:
    """Those of tasks and scripts."""
    reader = _Reader(repository, kind)
    return reader.read((*reader.tasks(), *reader.scripts()))


def _read_steps(repository: Repository, path: str, more: bool, kind: str) -> _Read:  # noqa: FBT001 - as `each` asks
    """Those of one workflow."""
    reader = _Reader(repository, kind, more=more)
    return reader.read(reader.steps(path))


class _Reader:
    def __init__(self, repository: Repository, kind: str, *, more: bool = True) -> None:
        self.repository = repository
        self._kind = kind
        self._leads = Leads(repository, self._speaks)
        self._follower = Follower(repository, self._leads.followed, more=more, leaving=kind == COMPOSE)
        self._spoken: dict[str, bool] = {}

    def _speaks(self, text: str) -> bool:
        # A Makefile is asked about once for each of its targets.
        if text not in self._spoken:
            named = any(engine in text for engine in _ENGINES)
            self._spoken[text] = named and _WORDS[self._kind].search(text) is not None
        return self._spoken[text]

    def read(self, every: Iterable[Command]) -> _Read:
        """Those that are docker's own."""
        found = tuple(one for one in every if one.executed.ran.name.rpartition("/")[2] in _ENGINES)
        return _Read(found, self._follower.overrun, self._follower.taken)

    def steps(self, path: str) -> Iterator[Command]:
        """Every command that the steps of a workflow come to."""

        def file(path: str) -> Workflow | None:
            return workflow.read(self.repository, path)

        steps = workflows.Steps(
            self.repository, file, lambda step: step.run is not None and self._leads.followed(step.run.value)
        )
        begun = file(path)
        for run in steps.of(begun) if begun is not None else ():
            script, job = run.step.run, run.root[1]
            for item in workflows.follow(run, script, self._follower) if script is not None else ():
                if isinstance(item, Executed):
                    yield Command(item, STEP, job.node.text.path, run.step.phrase, _for_tests(job), job.id, run)

    def tasks(self) -> Iterator[Command]:
        """Every command that tasks come to."""
        for task in tasks.named(self.repository):
            text = self.repository.read(task.path)
            if isinstance(text, Text) and self._may_come_to_it(task.body, text.string):
                for item in tasks.executed(task, self.repository, self._follower):
                    yield Command(item, TASK, task.path, task.name, is_test_name(task.name))

    def _may_come_to_it(self, body: str | None, whole: str) -> bool:
        """Whether a task is worth following: what other tasks and scripts run is found with them."""
        if self._kind == COMPOSE:
            # A task may give variables to a script that runs Compose.
            own = whole if body is None else body
            return self._leads.followed(f"{own} make" if "MAKE" in own else own)
        return (body is None or self._kind in body) and self._speaks(whole)

    def scripts(self) -> Iterator[Command]:
        """Every command that scripts come to."""
        for path in self.repository.select(is_shell)[:_FILE_LIMIT]:
            text = self.repository.read(path)
            if isinstance(text, Text) and self._speaks(text.string):
                origin = Origin(path, f"`{path}`", text.location, Checkouts((), ()), {})
                for item in self._follower.follow(text.string, Start(), origin):
                    if isinstance(item, Executed):
                        yield Command(item, SCRIPT, path, path, is_test_name(path))


def sets_for_tests(found: Iterable[Command]) -> frozenset[tuple[str, ...]]:
    """The sets of compose files that are named by what tests, and by nothing else."""
    by: dict[tuple[str, ...], bool] = {}
    for command in found:
        read = command_builds.CommandResults([], [], [], [], [])
        command_builds.take(command.executed, read)
        for files in (one.files for one in read.sets if one.files):
            by[files] = by.get(files, True) and command.tests
    return frozenset(files for files, tests in by.items() if tests)


def load(context: Context) -> Commands:
    """Those of the context's repository: whoever asks, they are followed once a run."""
    return Commands(context.repository)


def builds(found: Iterable[Command]) -> tuple[Build, ...]:
    """The images that commands build."""
    read = command_builds.CommandResults([], [], [], [], [])
    for command in found:
        command_builds.take(command.executed, read)
    return tuple({(build.location, build.dockerfile, build.target): build for build in read.builds}.values())


def of_compose(found: Iterable[Command]) -> tuple[ComposeCommand, ...]:
    """The commands that build services of compose files, with the arguments that they pass."""
    read = command_builds.CommandResults([], [], [], [], [])
    for command in found:
        command_builds.take(command.executed, read)
    return tuple(read.commands)


def is_shell(path: str) -> bool:
    """Whether a file is a script by its name."""
    return path.endswith(_SCRIPTS)
