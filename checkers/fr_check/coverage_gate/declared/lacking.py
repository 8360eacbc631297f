"""What a run lacks to judge coverage by a gate, and what to do about it, in words."""

from __future__ import annotations

from posixpath import relpath

from fr_check.core.model import Location
from fr_check.coverage_gate.declared import wiring
from fr_check.coverage_gate.declared.model import CHECKING, CONFIG, NODE, PIPELINE, TAG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_check.coverage_gate.declared.model import Component, Place, Reached, Runs, State, WorkflowFile
    from fr_check.coverage_gate.declared.wiring import Verdict


def dead(
    state: State, runs: Sequence[Runs], pins: Mapping[str, str], component: Component, gate: Place
) -> tuple[str, str, Location] | None:
    """What keeps a gate of Python from acting, whoever runs it, what to do, and where that stands; None where it acts.

    `pins` forbid pytest 9, by folder.
    """
    file = component.pytest
    options = file.options if file is not None else None
    if file is not None and options is not None and gate.location.path == file.path and gate.tool == "pytest-cov":
        if options.off is not None:
            return (
                f"`{gate.written}` in {file.path} never fails a run: `{options.off.string}` beside it turns it off",
                f"delete `{options.off.string}`",
                Location(file.path, options.off.span),
            )
        pinned = pins.get(component.folder, "") if file.config.native else ""
        if pinned:
            return (
                f"`{gate.written}` below {file.config.section} in {file.path} is not read: {pinned} forbids pytest 9",
                "move it to [tool.pytest.ini_options], or require pytest 9",
                gate.location,
            )
    opaque = any(one.opaque for one in runs)
    if gate.tool == "pytest-cov" and not opaque and not wiring.measured_anywhere(state, runs, component):
        where = gate.location.path
        told = f"`{gate.written}` in {where} never fails a run: no command and no `addopts` measures coverage (`--cov`)"
        return told, "add `--cov=PACKAGE` beside it", gate.location
    return None


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
    if own.command.startswith("hatch test"):
        option = "`--cover`"  # its own option, which also reports
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


def pushes(stating: str, limit: str, asked: Sequence[tuple[WorkflowFile, Reached]]) -> tuple[str, str]:
    """That no push and no pull request runs what judges a number; what to do.

    `stating` is the file that states the number, `asked` are the runs that judge by it, each with its workflow.
    """
    triggers = dict.fromkeys(trigger for file, one in asked for trigger in one.started_by(file))
    (file, first), told = (
        asked[0],
        " or ".join(f"`{trigger}`" if trigger != TAG else f"the {TAG}" for trigger in triggers),
    )
    part = f"job `{first.job}` in {file.path}" if first.events is not None else file.path
    message = (
        f"{stating} declares a coverage threshold of {limit}, but only {part} judges it, which {told}"
        " starts: what a push or a pull request lowers goes unseen until then"
    )
    asking = "merge requests" if file.path == PIPELINE else "`pull_request`"
    return message, f"let {asking} start {part}, or judge coverage in what they start"


def limit(verdict: Verdict) -> str:
    """What limits a report to some files."""
    own = verdict.reached.invocation
    judging = own.tool == "coverage" and own.report != "run" and not own.declared
    return own.selection if judging and own.selection.startswith("--include") else ""
