"""Processes outside of containers: tasks that people start, and steps of workflows."""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs import workflows
from fr_check.runs.follower import Follower
from fr_check.runs.model import Executed
from fr_check.sources import workflow
from fr_check.sources.yaml_tree import Scalar
from fr_check.variables import own_code, python_programs, step_layers, task_env, tasks
from fr_check.variables.python_programs import TESTS
from fr_check.variables.shell_files import HostFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final, Literal, TypeGuard

    from fr_check.core.model import Location, Unknown
    from fr_check.core.repository import Repository
    from fr_check.runs.follower import Item, Overrun
    from fr_check.runs.workflows import StepRun
    from fr_check.sources.workflow import Workflow
    from fr_check.variables.model import Layer, Open
    from fr_check.variables.programs import Program
    from fr_check.variables.services import Reading
    from fr_check.variables.shell_files import ShellFiles

    Role = Literal["server", "test", "build", "other"]

    HostKind = Literal["task", "step"]


SERVER: Final = "server"
TEST: Final = "test"
BUILD: Final = "build"
OTHER: Final = "other"

# What starts a server or tests, or hands on to what may: other scripts are not read.
_LEADS = ("uvicorn", "gunicorn", "hypercorn", "granian", "fastapi", "flask", "litestar", "pytest", "manage.py")
_TASKS = pattern(
    r"(?:^|[;&|(\n]|=[^\s=]{0,80}|env|sudo)[ \t@-]*(?:npm|pnpm|yarn|bun|make|just|moon|task|tox|nox|poe)[ \t]"
)
_SCRIPT = pattern(r"(?:^|[/\s])(?:run[_-])?(?:tests?|ci|dev|start|serve|run)\.sh")
_PROJECT_FILES = ("pyproject.toml", "setup.py", "requirements.txt", "manage.py")
_SCRIPTS: dict[str, Role] = {"build": BUILD, "dev": SERVER, "start": SERVER, "serve": SERVER}
_SERVERS = frozenset(("uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "fastapi", "flask", "litestar"))
_PACKAGE_MANAGERS = frozenset(("npm", "pnpm", "yarn", "bun"))


class HostProcess(NamedTuple):
    """A command that runs a program of the repository, or builds a frontend.

    `kind` is task or step, `what` names it, `of` is the file. `role` is SERVER, TEST, BUILD (of a page) or OTHER.
    `location` is where it stands, `layers` what it is given, `sourced` the files that its shells read, `absence` where
    the file would give more. `weight` orders tasks that run the same: how many commands it runs. `workflow` and `job`
    are set for a step.
    """

    kind: HostKind
    what: str
    of: str
    role: Role
    programs: tuple[Program, ...]
    folder: str
    location: Location
    layers: tuple[Layer, ...]
    sourced: ShellFiles
    absence: Location
    absence_text: str
    name: str
    weight: int
    workflow: Workflow | None = None
    job: str = ""

    @property
    def unseen(self) -> Open | None:
        """What may set more for a task: the shell of whoever starts it; None for a step."""
        return self.layers[0].open if self.kind == "task" and self.layers else None


class _Steps(NamedTuple):
    """The steps that may run a program, each with everything that it executes, and what was too much to follow."""

    steps: tuple[tuple[StepRun, tuple[Executed, ...]], ...]
    overrun: Overrun | None
    taken: int


def _executed(repository: Repository, path: str, more: bool) -> _Steps:  # noqa: FBT001 - as `workflows.each` asks
    def file(path: str) -> Workflow | None:
        return workflow.read(repository, path)

    follower = Follower(repository, _interesting, more=more)
    begun = file(path)
    steps = workflows.Steps(repository, file, lambda step: step.run is not None)
    runs = steps.of(begun) if begun is not None else ()
    scripts = ((run, run.step.run) for run in runs)
    followed = (
        (run, workflows.follow(run, script, follower))
        for run, script in scripts
        if script is not None and _interesting(script.value)
    )
    found = ((run, tuple(filter(_may_run, items))) for run, items in followed)
    kept = tuple((run, items) for run, items in found if items)
    return _Steps(kept, follower.overrun, follower.taken)


def _may_run(item: Item) -> TypeGuard[Executed]:
    """Whether a command may run a program of the repository, or a script of a package: few do."""
    if not isinstance(item, Executed) or not item.ran.words or item.folder is None:
        return False
    words = tuple(token.value for token in item.ran.words)
    return posixpath.basename(words[0] or "") in _PACKAGE_MANAGERS or python_programs.target(words) is not None


class Hosts:
    """Finds them; `frontends` are the folders of frontends."""

    def __init__(self, reading: Reading, frontends: tuple[str, ...]) -> None:
        self.reading = reading
        self.repository: Repository = reading.repository
        self.frontends = frontends
        self._follower = Follower(self.repository, _interesting)

    def unknowns(self, checker: str) -> tuple[Unknown, ...]:
        """What was too much to follow, by now."""
        found = workflows.each(self.repository, _executed) if "steps" in self.__dict__ else ()
        overrun = next((one.overrun for one in found if one.overrun is not None), None)
        return (*self._follower.unknowns(checker), *([overrun.unknown(checker)] if overrun else []))

    @cached_property
    def all(self) -> tuple[HostProcess, ...]:
        """Every task and step, tasks first."""
        return (*self._tasks(), *self.steps)

    @cached_property
    def steps(self) -> tuple[HostProcess, ...]:
        """Every step of a workflow."""
        return tuple(self._steps())

    def _tasks(self) -> Iterator[HostProcess]:
        for task in tasks.named(self.repository, self.frontends):
            items = tasks.executed(task, self.repository, self._follower)
            for item in items:
                found = self._of(item, "task", task.what, task.path, step_layers.of_task(item.location))
                if found is not None:
                    yield found._replace(name=task.name, weight=len(items) + 1)

    def _steps(self) -> Iterator[HostProcess]:
        def file(path: str) -> Workflow | None:
            return workflow.read(self.repository, path)

        seen: set[tuple[object, ...]] = set()
        for run, items in (step for found in workflows.each(self.repository, _executed) for step in found.steps):
            given = step_layers.of_step(run, file)
            for item in items:
                found = self._of(item, "step", run.step.phrase, run.path, given)
                key = (
                    run.path,
                    run.step.position,
                    run.job.id,
                    found and (*(p.label for p in found.programs), found.role),
                )
                if found is None or key in seen:
                    continue
                seen.add(key)
                absence, said = step_layers.absence(run)
                where = run.step.node.location
                first = next((value for key, value in run.step.node.items if key.value == "name"), None)
                where = first.location if isinstance(first, Scalar) else where
                if found.role == BUILD:
                    where = _line(self.repository, run.step.node.location)
                if absence == run.step.node.location:
                    absence = where
                yield found._replace(
                    location=where, absence=absence, absence_text=said, workflow=run.root[0], job=run.root[1].id,
                )  # fmt: skip

    def _of(self, item: Executed, kind: HostKind, what: str, path: str, given: list[Layer]) -> HostProcess | None:
        """A command as a process that has the layers `given` before its scripts; None for one that is none."""
        words = tuple(token.value for token in item.ran.words)
        folder = item.folder
        # What a container runs has the environment of that: it is told as a run of it, or as its service.
        if not words or folder is None or item.contained:
            return None
        programs, role, files = self._programs(words, folder)
        if role is None:
            return None
        where = item.location
        # A test run is one command of several words, which a task file spells out on its line.
        where = _line(self.repository, where) if role == TEST else _begun(where, item.origin.locate(0, 1))
        sourced = HostFiles(self.reading.files, item.origin.checkouts)
        below = [*given, *task_env.of_task(item, given, self.repository)]
        layers = (
            *step_layers.of_command(item, below, sourced),
            *self._own(programs, files),
            *own_code.of_server(words, item.location),
        )
        return HostProcess(kind, what, path, role, programs, folder, where, layers, sourced, where, "", "", 0)

    def _own(self, programs: tuple[Program, ...], files: tuple[str, ...]) -> Iterator[Layer]:
        """What the code of programs sets by itself, and the files that the command starts with."""
        yield from own_code.of_files(self.reading.imports.before(files, programs), self.repository)
        for program in programs:
            yield from own_code.layers(program, self.repository)
            yield from own_code.keyword_layers(program.classes, program.keywords)

    def _programs(
        self, words: tuple[str | None, ...], folder: str
    ) -> tuple[tuple[Program, ...], Role | None, tuple[str, ...]]:
        """The programs that a command runs, what for, and the files that it starts with."""
        name = posixpath.basename(words[0] or "")
        if name in _PACKAGE_MANAGERS and folder in self.frontends:
            script = (words[2] if words[1:2] == ("run",) and len(words) > 2 else words[-1]) or ""  # noqa: PLR2004
            role = next((role for word, role in _SCRIPTS.items() if script.split(":")[0] == word), None)
            return (), role, ()
        found = python_programs.target(words)
        if found is None:
            return (), None, ()
        if found.kind == TESTS:
            own = tuple(p for p in self.reading.programs if p.settings and self._project(p.settings[0]) == folder)
            return own, TEST if own else None, ()
        files = tuple(python_programs.files(found, f"/{folder}", self._located))
        own = self.reading.imports.parts(self.reading.imports.reached(files, found.called))
        serves = name in _SERVERS or any(word in _SERVERS or word == "runserver" for word in words[1:3])
        return own, (SERVER if serves else OTHER) if own else None, files if own else ()

    def _located(self, path: str) -> str | None:
        found = path.lstrip("/")
        return found if self.repository.exists(found) else None

    def _project(self, path: str) -> str:
        """The folder of the Python project that a file belongs to."""
        folder = posixpath.dirname(path)
        while folder:
            if any(self.repository.exists(f"{folder}/{name}") for name in _PROJECT_FILES):
                return folder
            folder = posixpath.dirname(folder)
        return ""


def _interesting(script: str) -> bool:
    if any(lead in script for lead in _LEADS) or (".sh" in script and _SCRIPT.search(script) is not None):
        return True
    return _TASKS.search(script) is not None


def _begun(location: Location, script: Location) -> Location:
    """A command with what stands before it on the first line of its script: the `cd` that says where it runs."""
    own, first = location.span, script.span
    if own is None or first is None or script.path != location.path or own.line != first.line:
        return location
    return location._replace(span=own._replace(column=min(own.column, first.column)))


def _line(repository: Repository, location: Location) -> Location:
    """The line that a command stands on, without the blanks around it."""
    text = repository.read(location.path)
    if location.span is None or not isinstance(text, Text):
        return location
    line = text.line(location.span.line)
    start = len(line) - len(line.lstrip())
    span = location.span._replace(column=start + 1, end_line=location.span.line, end_column=len(line.rstrip()) + 1)
    return location._replace(span=span)


def best(found: list[HostProcess], prefer: Callable[[HostProcess], bool]) -> list[HostProcess]:
    """Of tasks that run the same in the same folder one: a preferred one, of the outermost file, with least else."""
    groups: dict[tuple[object, ...], list[HostProcess]] = {}
    for one in found:
        groups.setdefault((one.role, one.folder, tuple(p.label for p in one.programs)), []).append(one)
    chosen = []
    for several in groups.values():
        order = sorted(several, key=lambda one: (not prefer(one), one.of.count("/"), one.weight))
        chosen.append(order[0])
    return chosen
