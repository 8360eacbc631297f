"""Every image build that GitHub workflows describe: action steps, commands, called workflows and local actions."""

from __future__ import annotations

from fr_check.builds import actions as action_builds
from fr_check.builds import tags, workflow_scope
from fr_check.builds.leads import Leads
from fr_check.builds.parsed import ParsedFiles
from fr_check.builds.workflow_scope import Checkouts, Inputs
from fr_check.core.record import NamedTuple
from fr_check.sources import workflow
from fr_check.sources.build_context import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.followed import Follower
    from fr_check.builds.model import BakeFiles, BakeSet, Build, ComposeCommand, FileSet
    from fr_check.builds.unfollowed import Unfollowed
    from fr_check.core.model import Unknown
    from fr_check.core.repository import Repository
    from fr_check.sources.workflow import Job, Step, Workflow
    from fr_check.sources.yaml_tree import Entry, Scalar

FOLDER = ".github/workflows"
STEP_LIMIT = 20_000
"""Steps evaluated in one run, each cell of a matrix and each call counted."""
_DEPTH = 6


class WorkflowBuilds(NamedTuple):
    """What workflows say, and the scripts that they call. `files` are those read, by path.

    `sets` are the compose files that steps use together, `commands` those that build services of them; `unfollowed` are
    calls that lead to a build which was not read.
    """

    builds: tuple[Build, ...]
    sets: tuple[FileSet, ...]
    commands: tuple[ComposeCommand, ...]
    bake_sets: tuple[BakeSet, ...]
    bake_files: tuple[BakeFiles, ...]
    files: dict[str, Workflow]
    unfollowed: tuple[Unfollowed, ...]
    unknowns: tuple[Unknown, ...]


class Call(NamedTuple):
    """Where steps stand: their workflow, its inputs, its job's checkouts, how many calls deep; the steps of the job."""

    workflow: Workflow
    inputs: Inputs | None
    checkouts: Checkouts
    environment: dict[str, Entry]
    depth: int
    steps: tuple[Step, ...] = ()


def load(repository: Repository) -> WorkflowBuilds:
    """Reads every workflow of a repository, and what they call."""
    collector = _Collector(repository)
    found = [(path, file) for path in repository.paths() if _is_workflow(path) and (file := collector.file(path))]
    called = {target for _, file in found for job in file.jobs if (target := _local(job)) is not None}
    for path, file in found:
        if path in called and set(file.triggers) == {"workflow_call"}:
            continue
        for job in file.jobs:
            collector.job(job, Call(file, None, Checkouts((), ()), file.env, 0))
    builds = tuple({_identity(build): build for build in collector.builds}.values())
    return WorkflowBuilds(
        builds,
        tuple(collector.sets),
        tuple(collector.commands),
        tuple(collector.bake_sets),
        tuple(collector.bake_files),
        collector.files,
        tuple(collector.follower.unfollowed) if collector.follower else (),
        tuple(collector.unknowns),
    )


def _is_workflow(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder == FOLDER and name.endswith((".yml", ".yaml"))


def _local(job: Job) -> str | None:
    """The path of the workflow of this repository that a job calls, or None."""
    if job.uses is None or not job.uses.value.startswith("./"):
        return None
    return inside("", job.uses.value.partition("@")[0])


def _identity(build: Build) -> tuple[object, ...]:
    """Two cells of a matrix that build the same with the same arguments are one build."""
    return (build.location, build.dockerfile, build.context, build.target, tuple(build.passed), build.gap)


class _Collector(ParsedFiles):
    def __init__(self, repository: Repository) -> None:
        super().__init__(repository, "workflow")
        self.files: dict[str, Workflow] = {}
        self.builds: list[Build] = []
        self.sets: dict[FileSet, None] = {}
        self.commands: list[ComposeCommand] = []
        self.follower: Follower | None = None
        self.leads = Leads(repository)
        self.bake_sets: dict[BakeSet, None] = {}
        self.bake_files: dict[BakeFiles, None] = {}
        self._left = STEP_LIMIT

    def file(self, path: str) -> Workflow | None:
        return self.taken(path, workflow.parse, self.files)

    def job(self, job: Job, call: Call) -> None:
        """A job: its steps, or the workflow it calls, in every cell of its matrix."""
        target = _local(job)
        if target is not None and call.depth < _DEPTH:
            self._called(job, target, call)
        checkouts = workflow_scope.checkouts(job) if call.workflow.kind == "workflow" else call.checkouts
        here = call._replace(checkouts=checkouts, steps=job.steps)
        steps = [step for step in job.steps if self._builds_perhaps(step)]
        for step in steps:
            for cell in job.matrix.cells[: max(self._left, 0)]:
                self._left -= 1
                scope = workflow_scope.for_step(job, step, cell, here.environment, here.inputs)
                self._step(step, scope, here)

    def _called(self, job: Job, target: str, call: Call) -> None:
        file = self.file(target)
        if file is None:
            return
        for cell in job.matrix.cells[: max(self._left, 0)]:
            self._left -= 1
            scope = workflow_scope.for_step(job, None, cell, call.environment, call.inputs)
            inputs = scope.input_values(job.inputs, file.inputs)
            for inner in file.jobs:
                self.job(inner, Call(file, inputs, Checkouts((), ()), file.env, call.depth + 1))

    def _step(self, step: Step, scope: workflow_scope.Scope, call: Call) -> None:
        if step.action in action_builds.BUILD_ACTIONS:
            found = action_builds.build(step, scope, call.checkouts)
            self.builds.append(found._replace(tags=tags.of_step(step, call.steps, scope)))
        elif step.action in action_builds.BAKE_ACTIONS:
            self.bake_sets.update(dict.fromkeys(action_builds.bake_sets(step, scope)))
            self.bake_files.update(dict.fromkeys(action_builds.bake_files(step, scope, call.checkouts)))
        elif step.action.startswith("./") and call.depth < _DEPTH:
            self._local_action(step, scope, call)
        elif step.run is not None:
            self._run(step, step.run, scope, call)

    def _run(self, step: Step, run: Scalar, scope: workflow_scope.Scope, call: Call) -> None:
        from fr_check.builds.followed import Follower  # noqa: PLC0415 - only where a command may build

        self.follower = self.follower or Follower(self.repository)
        found = self.follower.step(step, run, scope, call.checkouts)
        self.builds.extend(found.builds)
        self.sets.update(dict.fromkeys(found.sets))
        self.commands.extend(found.commands)
        self.bake_sets.update(dict.fromkeys(found.bake_sets))
        self.bake_files.update(dict.fromkeys(found.bake_files))

    def _builds_perhaps(self, step: Step) -> bool:
        """Whether a step can build an image at all; evaluating the others would cost time and tell nothing."""
        if step.run is not None:
            return self.leads.followed(step.run.value)
        known = action_builds.BUILD_ACTIONS | action_builds.BAKE_ACTIONS
        return step.action in known or step.action.startswith("./")

    def _local_action(self, step: Step, scope: workflow_scope.Scope, call: Call) -> None:
        folder, foreign = call.checkouts.path(step.action if step.uses is None else step.uses.value)
        if folder is None or foreign:
            return
        for path in _metadata(folder):
            file = self.file(path)
            if file is None:
                continue
            inputs = scope.input_values(step.inputs, file.inputs)
            for job in file.jobs:
                outer = {
                    **call.environment,
                    **{k: v for layer in reversed(scope.environments) for k, v in layer.items()},
                }
                self.job(job, Call(file, inputs, call.checkouts, outer, call.depth + 1))
            return


def _metadata(folder: str) -> Iterator[str]:
    for name in ("action.yml", "action.yaml"):
        yield f"{folder}/{name}" if folder else name
