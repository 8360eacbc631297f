"""Which events run a step of a workflow, as far as its conditions say so: `if: github.event_name == 'schedule'`.

Conditions of the step, of its job, of the jobs that it needs and of the job that calls its workflow are evaluated for
each event that starts the workflow. One that does not say is no reason. Source:
https://docs.github.com/actions/reference/workflows-and-actions/contexts#github-context.
"""

from __future__ import annotations

from fr_check.sources import expression
from fr_check.sources.expression import OPAQUE
from fr_check.sources.expression.evaluate import Partial
from fr_check.sources.workflow import TAG, events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.runs.workflows import StepRun
    from fr_check.sources.expression import Values
    from fr_check.sources.workflow import Job, Workflow
    from fr_check.sources.yaml_tree import Node, Scalar

    Resolve = Callable[[tuple[str, ...]], Node | Values]

_FALSE = frozenset(("false", "", "0", "-0", "null", "nan"))
_REFS = {TAG: "refs/tags/", "push": "refs/heads/", "pull_request": "refs/pull/"}
_WHATEVER = ("always()", "cancelled()", "failure()")


def of_step(run: StepRun) -> tuple[str, ...] | None:
    """The events that may run a step; None where nothing keeps it from any that starts its workflow."""
    asked = [*_conditions(run)]
    if not any("github" in node.value for node, _ in asked):
        return None
    those = events(run.root[0])
    found = tuple(one for one in those if all(_may_hold(node, resolve, one) for node, resolve in asked))
    return None if found == those else found


def _conditions(run: StepRun) -> Iterator[tuple[Scalar, Resolve]]:
    """Every `if` that decides whether a step runs, with what resolves its names."""
    own = run.scope.resolve
    yield from ((node, own) for node in (run.step.condition, run.job.condition) if node is not None)
    yield from ((node, scope.resolve) for node, scope in run.caller.conditions)
    for job, file in ((run.job, run.caller.workflow), run.root[::-1]):
        yield from ((one.condition, _nothing) for one in _needed(job, file) if one.condition is not None)


def _needed(job: Job, file: Workflow) -> Iterator[Job]:
    """The jobs without which a job does not run."""
    known = {one.id: one for one in file.jobs}
    waiting, seen = [job], {job.id}
    while waiting:
        one = waiting.pop()
        if one.condition is not None and any(word in one.condition.value for word in _WHATEVER):
            continue  # it runs whatever became of those
        for name in one.needs:
            if name.value in known and name.value not in seen:
                seen.add(name.value)
                waiting.append(known[name.value])
                yield known[name.value]


def _nothing(path: tuple[str, ...]) -> Values:
    del path
    return (OPAQUE,)


def _may_hold(node: Scalar, resolve: Resolve, event: str) -> bool:
    """Whether a condition may hold in a run that an event starts."""
    value = node.value.strip()
    if "${{" in value and not (value.startswith("${{") and value.find("}}") == len(value) - 2):
        return True  # a text with something in it is true

    def resolved(path: tuple[str, ...]) -> Node | Values:
        known = _known(path, event)
        return resolve(path) if known is None else known

    found = expression.plain(value if "${{" in value else f"${{{{ {value} }}}}", resolved)
    return found is None or found.lower() not in _FALSE


def _known(path: tuple[str, ...], event: str) -> Values | None:
    """What an event says of the context `github`, and of what a person may give who starts a workflow."""
    if path == ("github", "event_name"):
        return ("push" if event == TAG else event,)
    if path == ("github", "ref") and event in _REFS:
        return (Partial((_REFS[event], None)),)
    if path == ("github", "ref_type") and event in _REFS:
        return ("tag" if event == TAG else "branch",)
    if path[:3] == ("github", "event", "inputs") and event != "workflow_dispatch":
        return (None,)
    return None
