"""Traces as JSON, version 1: keys may be added within a version, never changed."""

from __future__ import annotations

from fr_check import __version__
from fr_check.report.json import VERSION, dump, place, tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from fr_check.variables.model import Step
    from fr_check.variables.trace import Placed, Trace


def render(traces: Sequence[Trace]) -> str:
    """One object; with several names `traces` is their list."""
    found = [as_object(one) for one in traces]
    body = {"trace": found[0]} if len(found) == 1 else {"traces": found}
    return dump({"version": VERSION, "tool": tool(__version__), **body})


def as_object(trace: Trace) -> dict[str, Any]:
    """One trace as JSON values."""
    numbers = {id(reader): f"r{index}" for index, reader in enumerate(trace.readers, 1)}
    ids = identify(trace.processes)
    return {
        "variable": trace.variable,
        "readers": [
            {
                "id": numbers[id(reader)],
                "kind": reader.kind,
                "what": reader.what,
                "type": reader.type,
                "default": reader.default,
                "required": reader.required,
                "secret": reader.secret,
                "location": place(reader.location),
            }
            for reader in trace.readers
        ],
        "documented": [place(location) for location in trace.documented],
        "processes": [_process(one, ids[index], numbers) for index, one in enumerate(trace.processes)],
        **({"fills": [_step(step) for step in trace.fills]} if trace.fills else {}),
    }


def identify(processes: Sequence[Placed]) -> list[str]:
    """Names for processes: those of a task that has one already come after all others."""
    first: dict[tuple[str, str], int] = {}
    again = []
    for index, one in enumerate(processes):
        key = (one.traced.what, one.traced.of)
        again.append(one.traced.kind == "task" and first.setdefault(key, index) != index)
    order = sorted(range(len(processes)), key=lambda index: (again[index], index))
    ids = [""] * len(processes)
    for number, index in enumerate(order, 1):
        ids[index] = f"p{number}"
    return ids


def _process(one: Placed, name: str, readers: dict[int, str]) -> dict[str, Any]:
    traced = one.traced
    return {
        "id": name,
        "kind": traced.kind,
        "what": traced.what,
        "of": traced.of,
        "environments": list(one.environments),
        "reads": [readers[id(reader)] for reader in traced.reads],
        "outcome": traced.outcome.word,
        "value": traced.outcome.value,
        "certain": traced.outcome.certain,
        "unknown": traced.outcome.unknown,
        "location": place(traced.location),
        "steps": [_step(step) for step in traced.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"how": step.how, "what": step.what, "location": place(step.location)}
