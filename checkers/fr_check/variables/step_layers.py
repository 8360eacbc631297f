"""What a step of a workflow is given: `env` of the workflow, the job, the step, and what earlier steps wrote.

The step's own `env` is over what earlier steps of the job wrote to `$GITHUB_ENV`, that over the job's, that over the
workflow's (actions/runner).
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.runs.workflows import brings_variables, local_action
from fr_check.sources.opaque import Opaque
from fr_check.sources.yaml_tree import Mapping, Scalar, get
from fr_check.variables.model import Computed, Entry, FromSecret, Layer, Literal, Open, Unclear
from fr_check.variables.sourcing import Sourcing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.core.model import Location
    from fr_check.runs import step_files
    from fr_check.runs.model import Executed
    from fr_check.runs.workflows import StepRun
    from fr_check.sources.workflow import Step, Workflow
    from fr_check.sources.yaml_tree import Entry as YamlEntry
    from fr_check.variables.model import Value
    from fr_check.variables.shell_files import HostFiles

    File = Callable[[str], Workflow | None]

_SECRET = pattern(r"\$\{\{\s*(secrets|vars)\.(\w+)\s*\}\}")


def of_step(run: StepRun, file: File) -> list[Layer]:
    """The layers of a step, lowest first."""
    layers = []
    inside = get(get(run.job.node, "container"), "env")
    if isinstance(inside, Mapping) and inside.items:
        given = {
            key.value: Entry(key.value, step_value(value.value if isinstance(value, Scalar) else ""), key.location)
            for key, value in inside.items
        }
        layers.append(Layer("step-env", "`container.env` of the job", given))
    for env, what in ((run.caller.workflow.env, "`env` of the workflow"), (run.job.env, "`env` of the job")):
        if env:
            layers.append(Layer("step-env", what, {name: _entry(name, entry) for name, entry in env.items()}))
    layers += _written(run, file)
    if run.step.env:
        entries = {name: _entry(name, entry) for name, entry in run.step.env.items()}
        layers.append(Layer("step-env", "`env` of the step", entries))
    return layers


def of_task(location: Location) -> list[Layer]:
    """The layer of a task: the environment of whoever starts it."""
    return [Layer("shell", "your shell", {}, None, Open("your shell", "what your shell sets", location))]


def of_command(item: Executed, below: list[Layer], files: HostFiles) -> list[Layer]:
    """The layers `below`, with what the scripts on the way to a command do to its environment, and it for itself."""
    return [*below, *Sourcing(files, tuple(below)).layers(item.operations)]


def _written(run: StepRun, file: File) -> Iterator[Layer]:
    """What the earlier steps of the job put into the environment, in their order."""
    for step in run.job.steps[: run.step.position]:
        for script in _scripts(step, run, file):
            if "GITHUB_ENV" not in script.value:
                continue
            from fr_check.runs import step_files  # noqa: PLC0415 - few steps write there

            found = step_files.variables(script.value)
            entries = {one.name: _of_script(one, script, step) for one in found.variables}
            where = script.location
            told = f"{step.phrase}, which runs earlier, writes to the environment what only a run tells"
            opened = Open("GITHUB_ENV", told, where) if found.unread else None
            if entries or opened is not None:
                yield Layer("step-env", f"`$GITHUB_ENV` of {step.phrase}", entries, where, opened)
        if brings_variables(step):
            told = f"what `{step.action}` puts into the environment is not known"
            yield Layer("step-env", step.phrase, {}, step.location, Open(step.action, told, step.location))


def _scripts(step: Step, run: StepRun, file: File) -> Iterator[Scalar]:
    """The scripts of a step; those of a local action's steps."""
    if step.run is not None:
        yield step.run
    elif step.action.startswith("./"):
        action = local_action(step, run.caller.checkouts, file)
        for job in action.jobs if action is not None else ():
            yield from (inner.run for inner in job.steps if inner.run is not None)


def _of_script(one: step_files.Variable, script: Scalar, step: Step) -> Entry:
    value: Value
    if one.value is None:
        value = Unclear(f"{step.phrase} writes several lines")
    elif one.doubtful or step.condition is not None:
        value = Unclear(f"{step.phrase} sets it only under a condition")
    else:
        value = step_value(one.value)
        if isinstance(value, Literal) and not one.whole:
            value = Computed(one.value)
    return Entry(one.name, value, script.text.at(script.locate(one.start, one.start + len(one.name))))


def _entry(name: str, entry: YamlEntry) -> Entry:
    return Entry(name, step_value(entry.value.value if isinstance(entry.value, Scalar) else ""), entry.key.location)


def step_value(text: str) -> Value:
    """A value of a workflow: a text, a secret (empty where there is none, as in forks), or computed."""
    found = _SECRET.fullmatch(text.strip())
    if found is not None:
        return FromSecret(f"{found[1]}.{found[2]}", "", Opaque(""))
    return Computed(text) if "${{" in text else Literal(Opaque(text))


def with_colon(location: Location) -> Location:
    """A key of a mapping with its colon."""
    span = location.span
    return location if span is None else location._replace(span=span._replace(end_column=span.end_column + 1))


def absence(run: StepRun) -> tuple[Location, str]:
    """Where a name would stand in the `env` of a step, and how to tell that it does not."""
    entry = next((key for key, _ in run.step.node.items if key.value == "env"), None)
    if entry is None:
        return run.step.node.location, "no `env` names it"
    return with_colon(entry.location), "`env` of the step does not name it"
