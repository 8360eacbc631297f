"""Joins everything that declares a coverage threshold in one state of a repository into a `State`."""

from __future__ import annotations

from fr_check.core.model import Gap, Location
from fr_check.core.repository import Missing, Unreadable
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import components as declared_components
from fr_check.coverage_gate.declared import elsewhere as declared_elsewhere
from fr_check.coverage_gate.declared import files as declared_files
from fr_check.coverage_gate.declared import ignored as declared_ignored
from fr_check.coverage_gate.declared import node_runs, written
from fr_check.coverage_gate.declared import scope as declared_scope
from fr_check.coverage_gate.declared import stated as declared_stated
from fr_check.coverage_gate.declared import unread as declared_unread
from fr_check.coverage_gate.declared.model import (
    CI,
    CONFIG,
    NODE,
    PIPELINE,
    PROSE,
    SCRIPT,
    TASK,
    VARIABLE,
    Component,
    Place,
    State,
    WorkflowFile,
    joined,
)
from fr_check.sources.thresholds import model, python_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from fr_check.core.model import Problem, Unknown
    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.files import Files
    from fr_check.coverage_gate.declared.written import Written
    from fr_check.sources.thresholds.model import Declared, Setting

    T = TypeVar("T")
    from fr_check.sources.thresholds.conditions import Condition
    from fr_check.sources.thresholds.configs import NodeConfig
    from fr_check.sources.thresholds.options import Invocation

# Tools whose last option counts: an earlier one with another value says something that is not done.
_LAST_WINS = frozenset({"pytest-cov", "coverage"})


def read(repository: Repository, *, with_prose: bool = True, twin: Repository | None = None) -> State:
    """Reads one state. `twin`: another state whose results are reused for files of the same content."""
    return _Reader(repository, twin).read(with_prose=with_prose)


def whole(repository: Repository) -> State:
    """All of a state."""
    return read(repository)


def compared(repository: Repository) -> State:
    """What of a state another one is compared with."""
    return read(repository, with_prose=False)


class _Reader:
    def __init__(self, repository: Repository, twin: Repository | None) -> None:
        self.repository = repository
        self.twin = twin
        self.places: list[Place] = []
        self.problems: list[tuple[str, Problem]] = []
        self.settings: list[tuple[str, Setting]] = []
        self.components: dict[str, Component] = {}
        self.gated: dict[str, Component] = {}
        self.commands: list[Invocation] = []
        self.said: list[tuple[str, Invocation, str | None]] = []
        self.scripts: dict[str, tuple[Invocation, ...]] = {}
        self.workflows: list[WorkflowFile] = []
        self.branch_demands: list[Location] = []
        self.gaps: list[Gap] = []
        self.unfollowed: dict[Unknown, None] = {}
        self.named = declared_components.NamedFiles(self.parse)
        self.packages: frozenset[str] = frozenset()
        self.node: dict[str, NodeConfig] = {}
        self.ran = declared_ignored.Ran()

    def source(self, path: str) -> Repository:
        """Where to read a file: in the twin, where it has the same one, and has read it already."""
        twin = self.twin
        return twin if twin is not None and self.repository.is_alike(path, twin) else self.repository

    def parse(self, path: str, parser: Callable[[Text], T]) -> T | None:
        """What a parser makes of a file; None where there is none that can be read as text."""
        source = self.source(path)
        text = source.read(path)
        found = source.parse(path, parser) if isinstance(text, Text) and not text.problems else None
        return None if isinstance(found, Missing | Unreadable) else found

    def read(self, *, with_prose: bool) -> State:
        files = declared_files.choose(self.repository, with_prose=with_prose)
        if self.twin is None:
            self.repository.preload(files.all())
        self.node = declared_components.node_files(files, self.parse)
        self.components = declared_components.find(files, self.node, self.parse)
        self.packages = files.packages()
        self.problems += declared_unread.refused(self.source, files)
        for component in self.components.values():
            self._configured(component)
        self._gate()
        self._tasks(files)
        self._workflows(files)
        self._pipeline(files)
        self._code(files)
        self._misplaced(files)
        self.problems += self.named.problems
        self.places = declared_ignored.settled(self.places, self.ran, self.node)
        self._stated(files, with_prose=with_prose)
        return State(
            tuple(self.places),
            self.components,
            tuple(self.workflows),
            tuple(self.commands),
            self.scripts,
            tuple(self.settings),
            tuple(self.problems),
            tuple(self.branch_demands),
            (*declared_unread.unread(self.source, files, self.workflows), *self.unfollowed),
            tuple(declared_elsewhere.skipped(self.repository, files, self.workflows)) if with_prose else (),
            declared_elsewhere.runs_elsewhere(files),
            self.named.configs,
            self.named.options,
            self.packages,
            self.node,
            tuple(self.gaps),
            said=tuple(self.said),
            uploads=declared_elsewhere.uploads(self.repository, files, self.workflows) if self._has_target() else True,
        )

    def _has_target(self) -> bool:
        return any(place.tool == "codecov" and place.gates for place in self.places)

    def _misplaced(self, files: Files) -> None:
        """What stands where its tool does not look."""
        paths = dict.fromkeys((*files.coverage, *files.pytest))
        found = declared_ignored.misplaced_in(paths, self.parse, self.ran)
        for path, declared in (*found, *declared_ignored.options_misplaced_in(files.pytest, self.parse)):
            self._add(path, declared, path.rpartition("/")[0], CONFIG)

    def _gate(self) -> None:
        """Which components have a threshold by what has been read so far."""
        named = {place.component for place in self.places if place.kind != model.IGNORED}
        self.gated = {folder: one for folder, one in self.components.items() if folder in named}

    def _state(self) -> State:
        return State((), self.components, (), (), {}, (), (), packages=self.packages)

    def _add(
        self,
        path: str,
        declared: Declared,
        component: str | None,
        layer: str,
        *,
        part: str = "",
        branch: bool = False,
        when: tuple[Condition, ...] = (),
    ) -> None:
        """Adds one declaration; coverage.py's total is `blended` where branches are measured, else `line`."""
        metric = declared.metric
        if metric == model.TOTAL:
            configured = self.components.get(component) if component is not None else None
            measured = branch or (configured is not None and configured.branch_on)
            metric = model.BLENDED if measured else model.LINE
        location = Location(path, declared.span, self.repository.revision_of(path))
        limited = declared.part or part
        overridden = declared.kind == model.REPORT_ONLY and bool(declared.value) and declared.tool in _LAST_WINS
        place = Place(
            declared.value, metric, declared.kind, declared.tool, declared.written, location, component, layer
        )
        place = place._replace(
            part=limited, uncovered=declared.uncovered, overridden=overridden, when=declared_scope.within(path, when)
        )
        self.places.append(place._replace(instead=declared.instead, since=declared.since, until=declared.until))

    def _configured(self, component: Component) -> None:
        """What a component's configuration files declare, those that count and those that are hidden by them."""
        folder = component.folder
        for file in (component.pytest, *component.hidden_pytest):
            if file is None:
                continue
            self.problems += ((file.path, problem) for problem in (*file.config.problems, *file.options.problems))
            if file is component.pytest:
                self.ran.add(file.path, file.options, folder, folder, CONFIG)
                for declared in file.options.declared:
                    self._add(file.path, declared, folder, CONFIG, branch=file.options.branch is not None)
        for covered in (component.coverage, *component.hidden_coverage):
            if covered is None:
                continue
            self.problems += ((covered.path, problem) for problem in covered.config.problems)
            gate = covered.config.fail_under
            if covered is component.coverage and gate is not None:
                kind = gate.kind if gate.value else model.REPORT_ONLY
                self._add(covered.path, gate._replace(kind=kind), folder, CONFIG)
        for node in component.node:
            self.problems += ((node.path, problem) for problem in node.config.problems)
            self.settings += ((node.path, setting) for setting in node.config.settings)
            for declared in node.config.declared:
                self._add(node.path, declared, folder, NODE)

    def _invoked(
        self, path: str, invocation: Invocation, folder: str | None, layer: str, *, sharded: bool = False
    ) -> None:
        """What one command declares; run in `folder`, it speaks of the component there."""
        python = invocation.tool in {"pytest", "coverage"}
        state = self._state()
        component = state.component_of(folder, python=python)
        if component is None and not python:
            component = state.package_of(folder)
        # A script's own folder says little about what it tests, unless that folder is a component with a gate.
        if python and (component is None or (layer == SCRIPT and component not in self.gated)):
            gated = declared_scope.only(name for name, one in self.gated.items() if one.is_python)
            component = gated if gated is not None else component
            if component is None and not any(one.is_python for one in self.components.values()):
                component = folder or ""
        self.said.append((path, invocation, folder))
        self.ran.add(path, invocation, folder, component, layer)
        self._named_node(invocation, folder, component)
        self.problems += ((path, problem) for problem in invocation.problems)
        for name, declared in () if layer == SCRIPT else self.named.add(invocation, folder, self.components):
            self._add(name, declared, component, layer)
        part = declared_scope.limited(invocation, self.components.get(component or ""))
        for declared in invocation.declared:
            kind = model.PER_SHARD if sharded and declared.value == 0 else declared.kind
            branch = invocation.branch is not None
            self._add(
                path, declared._replace(kind=kind), component, layer, part=part, branch=branch, when=invocation.when
            )

    def _named_node(self, invocation: Invocation, folder: str | None, component: str | None) -> None:
        """What a configuration file of Node's tools declares that only commands name."""
        file = self.named.node(invocation, folder, self.node) if invocation.tool in node_runs.TOOLS else None
        if file is None:
            return
        self.node[file.path] = file.config
        home = component if component is not None else folder or ""
        known = self.components.get(home, Component(home))
        self.components[home] = known._replace(node=(*known.node, file))
        self.problems += ((file.path, problem) for problem in file.config.problems)
        self.settings += ((file.path, setting) for setting in file.config.settings)
        for declared in file.config.declared:
            self._add(file.path, declared, home, NODE)

    def _tasks(self, files: Files) -> None:
        made = {path.rpartition("/")[0] for path in files.tasks if path.lower().endswith("makefile")}
        for path in files.tasks:
            folder, _, name = path.rpartition("/")
            # What a makefile includes runs in the folder of that makefile.
            if (
                name.endswith(".mk")
                and folder not in made
                and (above := [one for one in made if declared_files.above(one, folder)])
            ):
                folder = max(above, key=len)
            self._written(path, self.parse(path, written.reader(name)), folder, TASK)
        for path in files.node:
            if path.endswith("package.json"):
                self._written(path, self.parse(path, written.package_json), path.rpartition("/")[0], TASK)
        for path in files.pipelines:
            self._written(path, self.parse(path, written.pipeline), "", CI)

    def _written(self, path: str, found: Written | None, folder: str, layer: str) -> None:
        """What the commands of a file say, in `folder` unless they say otherwise."""
        if found is None:
            self.unfollowed |= declared_unread.too_large(self.source(path), path)
            return
        self.unfollowed |= declared_unread.unfollowed(path, found.spent)
        for said in found.runs:
            self.commands.append(said.invocation)
            self._invoked(path, said.invocation, joined(folder, said.folder), layer)
        for declared in found.declared:
            self._variable(path, declared)

    def _workflows(self, files: Files) -> None:
        if not files.workflows:
            return
        from fr_check.coverage_gate.declared import written_steps  # noqa: PLC0415 - many repositories have none
        from fr_check.sources.thresholds import ci  # noqa: PLC0415

        for path in files.workflows:
            found = self.parse(path, ci.parse)
            if found is None:
                continue
            self.workflows.append(WorkflowFile(path, found))
            steps = self.parse(path, written_steps.parse) or written_steps.Steps()
            for said in steps.runs:
                self.commands.append(said.invocation)
                self._invoked(path, said.invocation, said.folder, CI, sharded=said.sharded)
            for one, folder in steps.addopts:
                self._invoked(path, one, folder, CI)
            for declared in (*found.declared, *steps.declared):
                self._variable(path, declared)

    def _pipeline(self, files: Files) -> None:
        """GitLab's pipeline, whose commands `_tasks` has read, and those of files that it includes."""
        if not self.repository.has(PIPELINE):
            return
        from fr_check.runs import pipelines  # noqa: PLC0415 - many repositories have none
        from fr_check.sources.thresholds import ci  # noqa: PLC0415

        found = pipelines.read(self.repository)
        if found is not None:
            paths = {line.text.path for job in found.jobs for line in (*job.script, *job.after)}
            for path in sorted(paths.difference(files.pipelines)):
                self._written(path, self.parse(path, written.pipeline), "", CI)
            self.workflows.append(WorkflowFile(PIPELINE, ci.of_pipeline(found.jobs, found.problems, found.elsewhere)))

    def _code(self, files: Files) -> None:
        for path in files.python:
            # Of a script that says nothing, nothing is kept: one more of them makes no other state.
            code = self.parse(path, python_code.parse) if self.parse(path, python_code.says_any) else None
            if code is None:
                continue
            self.scripts[path] = written.of_lists(code.lists)
            self.commands += self.scripts[path]
            for invocation in self.scripts[path]:
                self._invoked(path, invocation, path.rpartition("/")[0], SCRIPT)
            for declared in code.variables:
                self._variable(path, declared)
        for path in files.shell:
            self._written(path, self.parse(path, written.shell_script), "", SCRIPT)

    def _variable(self, path: str, declared: Declared) -> None:
        if declared.tool == "prose":
            component = declared_scope.of_word(declared.scope, self.gated)
            component = component or declared_scope.of_document(path, ("pytest",), self.gated)
            self._add(path, declared, component, PROSE)
            return
        self._add(path, declared, declared_scope.of_word(declared.scope, self.gated), VARIABLE)

    def _stated(self, files: Files, *, with_prose: bool) -> None:
        for one in declared_stated.by_services(files, self.parse):
            self._add(one.path, declared_ignored.of_diffs(one.declared, self.ran), one.component, one.layer)
        self._gate()
        for found in declared_stated.by_documents(self.repository, files, self.gated) if with_prose else ():
            if isinstance(found, Gap):
                self.gaps.append(found)
            elif isinstance(found, Location):
                self.branch_demands.append(found)
            else:
                self._add(*found)
