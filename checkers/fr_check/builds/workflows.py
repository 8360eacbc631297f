"""Every image build that GitHub workflows describe: action steps, commands, called workflows and local actions."""

from __future__ import annotations

from fr_check.builds import actions as action_builds
from fr_check.builds import commands as command_builds
from fr_check.builds import tags
from fr_check.builds.collected import WorkflowBuilds
from fr_check.builds.commands import CommandResults
from fr_check.builds.leads import Leads
from fr_check.builds.model import NAME
from fr_check.builds.parsed import ParsedFiles
from fr_check.runs.workflows import Steps
from fr_check.sources import workflow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.collected import LeadsTo
    from fr_check.builds.model import Build
    from fr_check.core.repository import Repository
    from fr_check.runs.follower import Follower
    from fr_check.runs.workflows import StepRun
    from fr_check.sources.workflow import Step, Workflow


def load(repository: Repository) -> WorkflowBuilds:
    """Reads every workflow of a repository, and what they call."""
    collector = _Collector(repository)
    steps = Steps(repository, collector.file, collector.wanted)
    for run in steps.all():
        collector.step(run)
    collector.unknowns.extend(steps.unknowns(NAME))
    if collector.follower is not None:
        collector.unknowns.extend(collector.follower.unknowns(NAME))
    found = collector.found
    builds = tuple({_identity(build): build for build in found.builds}.values())
    return WorkflowBuilds(
        builds,
        tuple(dict.fromkeys(found.sets)),
        tuple(found.commands),
        tuple(dict.fromkeys(found.bake_sets)),
        tuple(dict.fromkeys(found.bake_files)),
        collector.files,
        tuple(dict.fromkeys(collector.unfollowed)),
        tuple(collector.unknowns),
    )


def _identity(build: Build) -> tuple[object, ...]:
    """Two cells of a matrix that build the same with the same arguments are one build."""
    return (build.location, build.dockerfile, build.context, build.target, tuple(build.passed), build.gap)


class _Collector(ParsedFiles):
    def __init__(self, repository: Repository) -> None:
        super().__init__(repository, "workflow")
        self.files: dict[str, Workflow] = {}
        self.found = CommandResults([], [], [], [], [])
        self.unfollowed: list[LeadsTo] = []
        self.follower: Follower | None = None
        self.leads = Leads(repository)

    def file(self, path: str) -> Workflow | None:
        return self.taken(path, workflow.parse, self.files)

    def wanted(self, step: Step) -> bool:
        """Whether a step can build an image at all; evaluating the others would cost time and tell nothing."""
        if step.run is not None:
            return self.leads.followed(step.run.value)
        known = action_builds.BUILD_ACTIONS | action_builds.BAKE_ACTIONS
        return step.action in known or step.action.startswith("./")

    def step(self, run: StepRun) -> None:
        """What a step builds."""
        step, scope, checkouts = run.step, run.scope, run.caller.checkouts
        if step.action in action_builds.BUILD_ACTIONS:
            built = action_builds.build(step, scope, checkouts)
            self.found.builds.append(built._replace(tags=tags.of_step(step, run.job.steps, scope)))
        elif step.action in action_builds.BAKE_ACTIONS:
            self.found.bake_sets.extend(action_builds.bake_sets(step, scope))
            self.found.bake_files.extend(action_builds.bake_files(step, scope, checkouts))
        elif step.run is not None:
            self.commands(run)

    def commands(self, run: StepRun) -> None:
        """What the commands of a step build, and of all that they call."""
        from fr_check.builds.unfollowed import leads_to  # noqa: PLC0415 - only where a command may build
        from fr_check.runs import workflows  # noqa: PLC0415
        from fr_check.runs.follower import Follower  # noqa: PLC0415
        from fr_check.runs.model import Unfollowed  # noqa: PLC0415

        self.follower = self.follower or Follower(self.repository, self.leads.followed)
        script = run.step.run
        for item in workflows.follow(run, script, self.follower) if script is not None else ():
            if isinstance(item, Unfollowed):
                self.unfollowed += leads_to(self.repository, item)
            else:
                command_builds.take(item, self.found)
