"""What workflows run in the end: commands followed through package scripts, make, just, moon, tox, nox and scripts."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared.model import Reached, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.coverage_gate.declared.model import State, WorkflowFile
    from fr_check.sources.thresholds.ci import Run
    from fr_check.sources.thresholds.delegates import Delegate
    from fr_check.sources.thresholds.options import Invocation
    from fr_check.sources.thresholds.scripts import Step
    from fr_check.sources.thresholds.tasks import Task

# Tasks may call each other in circles; what lies deeper is not followed.
_DEPTH = 8
_LIMIT = 400
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_JUSTFILES = ("justfile", "Justfile", ".justfile")


class Runs(NamedTuple):
    """What one workflow comes to. `opaque`: it also runs something of the repository that could not be followed.

    `touched` are the paths of files that were followed into.
    """

    workflow: WorkflowFile
    reached: tuple[Reached, ...]
    opaque: bool
    touched: frozenset[str]


class _Visit(NamedTuple):
    """A step still to be looked at: in which file and folder it stands, and what has been lost on the way there."""

    run: Run
    step: Step
    path: str
    folder: str | None
    excuse: str
    measures: bool
    depth: int


def follow(state: State, workflow: WorkflowFile) -> Runs:
    """Follows every command of a workflow."""
    walker = _Walker(state)
    for run in workflow.ci.runs:
        walker.run(workflow.path, run)
    opaque = walker.opaque or any(job.reusable for job in workflow.ci.jobs)
    return Runs(workflow, tuple(walker.reached), opaque, frozenset(walker.touched))


class _Walker:
    def __init__(self, state: State) -> None:
        self.state = state
        self.reached: list[Reached] = []
        self.touched: set[str] = set()
        self.opaque = False

    def run(self, path: str, run: Run) -> None:
        """Follows one command with a stack; each task is entered once a command."""
        stack = [_Visit(run, run.step, path, run.folder, run.excuse, measures=False, depth=0)]
        seen: set[tuple[str, str]] = set()
        while stack and len(self.reached) < _LIMIT:
            visit = stack.pop()
            invocation, delegate = visit.step.invocation, visit.step.delegate
            excuse = visit.excuse or visit.step.excuse
            if invocation is not None:
                measures = invocation.measures or (visit.measures and invocation.tool in {"vitest", "jest"})
                invocation = invocation._replace(measures=measures, sharded=invocation.sharded or run.sharded)
                if run.addopts is not None and invocation.tool == "pytest":
                    invocation = _extended(invocation, run.addopts)
                self.reached.append(Reached(invocation, visit.folder, visit.path, run, excuse))
            elif delegate is not None and visit.depth < _DEPTH:
                self._enter(stack, visit, delegate, excuse, seen)

    def _enter(
        self, stack: list[_Visit], visit: _Visit, delegate: Delegate, excuse: str, seen: set[tuple[str, str]]
    ) -> None:
        if delegate.kind in {"script", "nox"}:
            self._script(visit, delegate.names[0] if delegate.kind == "script" else "noxfile.py", excuse)
            return
        found = [*_tasks(self.state, delegate, visit.folder)]
        if not found:
            self.opaque = True
        for path, task in found:
            if (path, task.name) in seen:
                continue
            seen.add((path, task.name))
            self.touched.add(path)
            home = posixpath.dirname(path)
            measures = visit.measures or any(word.string.startswith("--coverage") for word in delegate.arguments)
            stack += (
                _Visit(visit.run, step, path, joined(home, step.folder), excuse, measures, visit.depth + 1)
                for step in task.steps
            )

    def _script(self, visit: _Visit, name: str, excuse: str) -> None:
        """A script file: its own runs happen where it was called from."""
        path = joined(visit.folder, name.removeprefix("./")) or name
        if path not in self.state.scripts:
            self.opaque = self.opaque or "test" in path or "cov" in path or "nox" in path
            return
        self.touched.add(path)
        for invocation in self.state.scripts[path]:
            self.reached.append(Reached(invocation, visit.folder, path, visit.run, excuse))


def _extended(own: Invocation, addopts: Invocation) -> Invocation:
    """A run of pytest with what PYTEST_ADDOPTS adds before its own options."""
    off = own.off or addopts.off
    return own._replace(
        declared=own.declared or addopts.declared,
        measures=(own.measures or addopts.measures) and off is None,
        off=off,
        branch=own.branch or addopts.branch,
        reset=own.reset or addopts.reset,
    )


def _tasks(state: State, delegate: Delegate, folder: str | None) -> Iterator[tuple[str, Task]]:
    """The tasks that a delegate names, with those they need, each with its file."""
    wanted = [*_named(state, delegate, folder)]
    seen: set[tuple[str, str]] = set()
    while wanted:
        path, name = wanted.pop()
        if (path, name) in seen or len(seen) > _LIMIT:
            continue
        seen.add((path, name))
        file = state.tasks.get(path)
        for task in file.tasks if file is not None else ():
            if task.name == name:
                yield path, task
                wanted += (item for need in task.needs for item in _needed(state, delegate.kind, path, need))


def _named(state: State, delegate: Delegate, folder: str | None) -> Iterator[tuple[str, str]]:
    if delegate.kind == "moon":
        for name in delegate.names:
            yield from _moon(state, name, "")
        return
    if folder is None:
        return
    home = joined(folder, delegate.folder) if delegate.folder else folder
    if delegate.kind == "npm":
        yield joined(home, "package.json") or "package.json", delegate.names[0]
    elif delegate.kind in {"make", "just"}:
        names = _MAKEFILES if delegate.kind == "make" else _JUSTFILES
        path = next((path for name in names if (path := joined(home, name) or name) in state.tasks), None)
        if path is not None:
            first = [task.name for task in state.tasks[path].tasks[:1]]
            yield from ((path, name) for name in delegate.names or first)
    elif delegate.kind == "tox":
        path = joined(home, "tox.ini") or "tox.ini"
        file = state.tasks.get(path)
        sections = [task.name for task in file.tasks] if file is not None else []
        chosen = [name for name in delegate.names if name in sections]
        yield from ((path, name) for name in chosen or (sections if not delegate.names else ["testenv"]))


def _needed(state: State, kind: str, path: str, need: str) -> Iterator[tuple[str, str]]:
    if kind == "moon":
        yield from _moon(state, need, path)
    else:
        yield path, need


def _moon(state: State, name: str, path: str) -> Iterator[tuple[str, str]]:
    """`project:task`, `:task` in every project, `~:task` or `task` in the same one."""
    project, colon, task = name.partition(":")
    if not colon:
        project, task = "~", name
    for file in state.tasks:
        folder, _, base = file.rpartition("/")
        if not base.startswith("moon.y"):
            continue
        same = project == "~" and (file == path or not path)
        if same or (project == "" and colon) or (project and folder.rpartition("/")[2] == project):
            yield file, task
