"""What a run lacks to judge coverage by a gate, and what to do about it, in words."""

from __future__ import annotations

from posixpath import relpath

from fr_check.coverage_gate.declared import wiring
from fr_check.coverage_gate.declared.model import CHECKING, CONFIG, NODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.coverage_gate.declared.model import Place, WorkflowFile
    from fr_check.coverage_gate.declared.wiring import Verdict


def told(verdict: Verdict, gate: Place, option: str) -> tuple[str, str]:
    """What a run goes without, and by which word; and what to do."""
    own = verdict.reached.invocation
    if verdict.off is not None:
        return f"measuring: `{verdict.off.string}` turns it off", f"take `{verdict.off.string}` away"
    if own.report == "run":
        told = "judging it: `coverage run` only measures, and no `coverage report` follows"
        return told, "end with `coverage report`"
    if own.reset:
        taken = "`--coverageThreshold`" if own.tool == "jest" else "`addopts=`"
        return f"it: {taken} takes the place of what is configured", f"take {taken} away"
    if verdict.measures and (verdict.instead or own.declared or own.tool in wiring.PYTHON.runs):
        return _elsewhere(verdict, gate)
    if own.tool in CHECKING:
        return "judging it: `check-coverage` is not asked for", "run them with `--check-coverage` in CI"
    return option, f"run them with {option} in CI"


def _elsewhere(verdict: Verdict, gate: Place) -> tuple[str, str]:
    """What a run reads in the place of the file that holds the gate; and what to do."""
    own = verdict.reached.invocation
    if own.declared and own.tool not in wiring.PYTHON.runs:
        written = own.declared[-1].written
        return f"it: `{written}` takes its place", f"take `{written}` away"
    if verdict.instead:
        return f"it: {verdict.instead} is read in its place, and holds none,", "run them with it in CI"
    if gate.layer not in {CONFIG, NODE}:
        return "it: only a command there gives that number, and CI runs another,", "run that command in CI"
    here = verdict.reached.folder or ""
    told = f"it: coverage looks for its configuration in `{here or '.'}`, where it runs, and no further,"
    option = "--cov-config" if verdict.reached.invocation.tool == "pytest" else "--rcfile"
    return told, f"run them in `{gate.component or '.'}`, or pass `{option}={relpath(gate.location.path, here or '.')}`"


def whole(gate: Place) -> str:
    """What judges the data of all shards."""
    return f"after the shards, `coverage combine` and `coverage report --fail-under={gate.shown.removesuffix('%')}`"


def pushes(gate: Place, workflows: Sequence[WorkflowFile]) -> tuple[str, str, bool]:
    """That only workflows judge a gate which no push starts; what to do; whether only a person starts them."""
    triggers = dict.fromkeys(trigger for one in workflows for trigger in one.started_by)
    path, told = workflows[0].path, " or ".join(f"`{trigger}`" for trigger in triggers)
    message = (
        f"{gate.location.path} declares a coverage threshold of {gate.shown}, but only {path} judges it, which {told}"
        " starts: what a push or a pull request lowers goes unseen until then"
    )
    cure = f"let `pull_request` start {path}, or judge coverage in a workflow that it starts"
    return message, cure, list(triggers) == ["workflow_dispatch"]


def limit(verdict: Verdict) -> str:
    """What limits a report to some files."""
    own = verdict.reached.invocation
    judging = own.tool == "coverage" and own.report != "run" and not own.declared
    return own.selection if judging and own.selection.startswith("--include") else ""
