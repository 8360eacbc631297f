"""What steps of a workflow write to `$GITHUB_ENV`, for the steps behind them."""

from __future__ import annotations

from fr_check.sources import workflow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.workflow import Job, Step


def before(job: Job, step: Step) -> dict[str, str | None]:
    """What the earlier steps of a job write to `$GITHUB_ENV` themselves; None for what only a run tells."""
    found: dict[str, str | None] = {}
    for position, variables in job.node.text.parsed(_writers).get(job.node.start, ()):
        if position >= step.position:
            break
        found.update(variables)
    return found


def _writers(text: Text) -> dict[int, tuple[tuple[int, dict[str, str | None]], ...]]:
    """The steps that write to `$GITHUB_ENV`, each with what, by where their job stands: few of any number."""
    return {job.node.start: tuple(_written(job)) for job in text.parsed(workflow.parse).jobs}


def _written(job: Job) -> Iterator[tuple[int, dict[str, str | None]]]:
    for step in job.steps:
        if step.run is not None and "GITHUB_ENV" in step.run.value:
            from fr_check.runs import step_files  # noqa: PLC0415 - few steps write there

            found: dict[str, str | None] = {}
            for one in step_files.variables(step.run.value).variables:
                certain = not one.doubtful and step.condition is None and one.value and one.whole
                found[one.name] = one.value if certain else None
            yield step.position, found
