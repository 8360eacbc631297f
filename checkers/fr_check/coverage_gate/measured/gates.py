"""Thresholds that measured coverage is held to: those of the policy, else those the repository declares itself."""

from __future__ import annotations

from fr_check.core.model import Location
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.core.config import Config
    from fr_check.core.repository import Repository
    from fr_check.policy.coverage_gate import Component, Coverage, Group
    from fr_check.sources.measurement import Counts, Ratio

LINE, BRANCH, BLENDED, STATEMENTS, PATCH = "line", "branch", "blended", "statements", "patch"
METRICS = (LINE, BRANCH, BLENDED)
PROJECT_FILE = "pyproject.toml"
OWN_FILE = ".fr-check.toml"


class Gate(NamedTuple):
    """One threshold, in percent.

    `metric` is line, branch, blended or statements; `scope` names a component or group, or is a component's folder, ""
    is everything measured; `place` is where it is written. `native`: coverage.py applies it, at `precision` decimals.
    `target`: reported, but nothing fails by it. `declared`: the repository says so for its own tools, and no policy.
    `limit`: the options that limit it to some files (`--include=src/*`), whose patterns count from `folder`.
    """

    metric: str
    threshold: float
    place: Location
    scope: str = ""
    native: bool = False
    precision: int = 0
    target: bool = False
    declared: bool = False
    limit: str = ""
    folder: str = ""


def ratio(counts: Counts, metric: str) -> Ratio | None:
    """The figure a metric names; None where it was not measured."""
    if metric == BRANCH:
        return counts.branches
    if metric == STATEMENTS:
        return counts.statements
    return counts.blended if metric == BLENDED else counts.lines


def places(repository: Repository, config: Config) -> Callable[..., Location]:
    """Where a key below [tool.fr-check.coverage] is written: called with the parts of its path after `coverage`."""
    path = config.path or PROJECT_FILE
    text = repository.read(path)
    if not isinstance(text, Text):
        return lambda *_: Location(path)
    from fr_check.sources import toml_places  # noqa: PLC0415 - only where there is a policy

    document = text.parsed(toml_places.parse)
    top = ("tool", "fr-check", "coverage") if path.rpartition("/")[2] == PROJECT_FILE else ("coverage",)

    def place(*keys: str | int) -> Location:
        return text.at(document.span(*top, *keys))

    return place


def policy_gates(policy: Coverage, place: Callable[..., Location]) -> tuple[Gate, ...]:
    """The thresholds of the policy for everything and for each component."""
    gates = [*_gates(policy, "", place, ())]
    for index, component in enumerate(policy.components):
        gates += _gates(component, component.name, place, ("components", index))
    return tuple(gates)


def group_gates(groups: tuple[Group, ...], place: Callable[..., Location]) -> tuple[Gate, ...]:
    """The thresholds of groups of paths."""
    return tuple(
        Gate(metric, value, place("groups", index, metric), group.name)
        for index, group in enumerate(groups)
        for metric, value in ((LINE, group.line), (BRANCH, group.branch))
        if value is not None
    )


def _gates(
    source: Coverage | Component, scope: str, place: Callable[..., Location], head: tuple[str | int, ...]
) -> list[Gate]:
    found = [
        Gate(metric, value, place(*head, metric), scope)
        for metric, value in ((LINE, source.line), (BRANCH, source.branch), (BLENDED, source.blended))
        if value is not None
    ]
    if source.target is not None:
        found.append(Gate(LINE, source.target, place(*head, "target"), scope, target=True))
    return found


def written(policy: Coverage, place: Callable[..., Location]) -> Iterator[tuple[Gate, str]]:
    """Every threshold of the policy, as a gate, and its key."""
    for gate in policy_gates(policy, place):
        yield gate, "target" if gate.target else gate.metric
    for gate in group_gates(policy.groups, place):
        yield gate._replace(scope=f"group {gate.scope}"), gate.metric
    if policy.file is not None:
        yield Gate(LINE, policy.file, place("file"), "each file"), "file"
    for gate, key in zip(patch_gates(policy, place), _patch_keys(policy), strict=True):
        yield gate._replace(metric=PATCH), key


def _patch_keys(policy: Coverage) -> list[str]:
    keys = (("patch", policy.patch), ("patch-branch", policy.patch_branch))
    return [key for key, value in keys if value is not None]


def single(metric: str, value: float | None, place: Location) -> Gate | None:
    """A threshold of its own, where it is written."""
    return None if value is None else Gate(metric, value, place)


def patch_gates(policy: Coverage, place: Callable[..., Location]) -> tuple[Gate, ...]:
    """The thresholds for what changed."""
    line = single(LINE, policy.patch, place("patch"))
    branch = single(BRANCH, policy.patch_branch, place("patch-branch"))
    return tuple(gate for gate in (line, branch) if gate is not None)
