"""What the steps of one workflow say about coverage, each as it stands; what they lead to is `reached`."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared import written
from fr_check.runs import step_writes
from fr_check.runs.model import Start
from fr_check.sources import workflow
from fr_check.sources.build_context import inside
from fr_check.sources.shells import of_step
from fr_check.sources.thresholds import ci
from fr_check.sources.yaml_tree import get

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.thresholds.conditions import Condition
    from fr_check.sources.thresholds.model import Declared
    from fr_check.sources.thresholds.options import Invocation
    from fr_check.sources.workflow import Job, Step
    from fr_check.sources.yaml_tree import Scalar


class StepSaid(NamedTuple):
    """One run of a tool in a step. `sharded`: the job's matrix has a shard's key."""

    invocation: Invocation
    folder: str | None
    sharded: bool


class Steps(NamedTuple):
    """All runs of tools; `addopts` what PYTEST_ADDOPTS says around them, each with the folder of one of them."""

    runs: tuple[StepSaid, ...] = ()
    addopts: tuple[tuple[Invocation, str | None], ...] = ()
    declared: tuple[Declared, ...] = ()


def parse(text: Text) -> Steps:
    """Reads one workflow or composite action."""
    found = text.parsed(workflow.parse)
    runs: list[StepSaid] = []
    declared: list[Declared] = []
    around: dict[Invocation, str | None] = {}
    for job in found.jobs:
        sharded = ci.is_sharded(job)
        said_in_job: list[written.Said] = []
        for step in job.steps:
            if step.run is None or ci.never(job.condition) or ci.never(step.condition):
                continue
            environment = {**found.env, **job.env, **step.env}
            known = {name: value for name, entry in environment.items() if (value := _plain(entry.value)) is not None}
            earlier = {name: value for name, value in step_writes.before(job, step).items() if name not in step.env}
            known = {**known, **{name: value for name, value in earlier.items() if value is not None}}
            folder = _folder(step.working_directory)
            shell = of_step(None if step.shell is None else step.shell.value)
            addopts = written.addopts(environment.get("PYTEST_ADDOPTS"))
            said = _said(step.run, Start(folder, known, None, None, shell), named=addopts is not None)
            if any(one.invocation.declared for one in said.runs):
                said = _under(said, job, step)
            declared += (one._replace(scope=one.scope or job.id) for one in said.declared)
            said_in_job += said.runs
            if addopts is not None and said.commands:
                around[addopts] = inside("", folder) if folder is not None else None
        judged = written.judged_as_measured(said_in_job)
        runs += (StepSaid(one.invocation, one.folder, sharded) for one in judged)
    return Steps(tuple(runs), tuple(around.items()), tuple(declared))


def _under(said: written.Written, job: Job, step: Step) -> written.Written:
    """What a step says, with the conditions under which it runs."""
    from fr_check.sources.thresholds import conditions  # noqa: PLC0415 - only for a step that states a threshold

    asked = [one.value for one in (job.condition, step.condition) if one is not None]
    found = [*conditions.of_runner(_plain(get(job.node, "runs-on")))]
    found += (condition for text in asked for condition in conditions.of_expression(text, job.id))
    whole = tuple(found)
    runs = (one._replace(invocation=_when(one.invocation, whole)) for one in said.runs)
    return said._replace(runs=tuple(runs))


def _when(invocation: Invocation, whole: tuple[Condition, ...]) -> Invocation:
    return invocation._replace(when=(*whole, *invocation.when))


def _said(script: Scalar, start: Start, *, named: bool) -> written.Written:
    """What the script of a step says; of one in Python what it starts, of one in another language nothing."""
    if not start.shell.other:
        return written.of_script(script.value, script.locate, start, named=named)
    if not start.shell.program.startswith("python"):
        return written.Written()
    from fr_check.sources.tasks import python_tasks  # noqa: PLC0415 - few steps are written so

    parts = python_tasks.script(script.value, script.locate)
    starts = ((one, start._replace(shell=one.shell)) for one in parts)
    return written.joined(written.of_script(one.string, one.locate, begun, named=named) for one, begun in starts)


def _plain(node: object) -> str | None:
    value = getattr(node, "value", None)
    return value if isinstance(value, str) and "${{" not in value else None


def _folder(node: Scalar | None) -> str | None:
    if node is None:
        return "."
    value = node.value.strip()
    return None if "$" in value or value.startswith("/") else value or "."
