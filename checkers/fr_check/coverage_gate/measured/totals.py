"""Measured coverage: every coverage file, what it says about today's sources, and the totals of what may be judged."""

from __future__ import annotations

from fr_check.core.model import Skipped, Unknown
from fr_check.core.repository import compile_glob
from fr_check.core.text import Text
from fr_check.coverage_gate.measured import gates as gating
from fr_check.coverage_gate.measured.assessment import NAME, assessed, left_out, unreadable
from fr_check.coverage_gate.measured.collected import collect, component_folders, folder_of
from fr_check.coverage_gate.measured.data import Data, File, united
from fr_check.coverage_gate.measured.mapping import PathIndex
from fr_check.coverage_gate.measured.model import Measured, Part, Shards
from fr_check.coverage_gate.measured.wording import scope
from fr_check.policy.coverage_gate import Coverage
from fr_check.sources.measurement import Counts, total

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.core.context import Context
    from fr_check.coverage_gate.measured.gates import Gate
    from fr_check.policy.coverage_gate import Component


def measure(context: Context, declared: tuple[Gate, ...] = ()) -> Measured:
    """Reads and judges coverage data.

    Args:
        context: the repository, the policy and the command's options.
        declared: thresholds that the repository declares itself; used where the policy writes none.
    """
    repository, policy = context.repository, context.config.of(Coverage)
    folders = component_folders(repository, (one.path.strip("/") for one in policy.components))
    place = gating.places(repository, context.config)
    collected = collect(context, folders, place)
    gates, written = gating.policy_gates(policy, place) or declared, tuple(gating.written(policy, place))
    if not collected.inputs and not collected.absent:
        nothing = (Skipped(NAME, "no coverage data found"),)
        return Measured(gates=gates, declared=declared, skipped=nothing, policy=written)
    index = PathIndex(repository.paths(), repository.root)
    data = assessed(context, collected.inputs, index)
    judged = tuple(one for one in data if one.judged)
    files = united(judged, {})
    for file in files.values():
        file.component = component_of(context, file.path, folders)
    measured = Measured(
        data,
        collected.absent,
        files,
        total(file.counts for file in files.values()) if judged else None,
        parts_by(files.values()),
        _groups(context, files, place),
        tuple(conflict for file in files.values() if (conflict := file.conflict()) is not None),
        gates=gates,
        declared=declared,
        group_gates=gating.group_gates(policy.groups, place),
        shards=_shards(context, data, place),
        unknowns=tuple(unreadable(data, collected.absent)),
        skipped=tuple(left_out(data)),
        memberless=_memberless(repository.paths(), policy.components, place),
        policy=written,
    )
    return _compared(context, measured)


def _memberless(paths: Iterable[str], components: Iterable[Component], place: object) -> tuple[Part, ...]:
    """The components of the policy whose folder holds no file at all."""
    if not callable(place):
        return ()
    folders = [(number, one, one.path.strip("/")) for number, one in enumerate(components)]
    empty = [item for item in folders if item[2] and not any(path.startswith(f"{item[2]}/") for path in paths)]
    return tuple(Part(one.name, Counts(), (), place("components", number, "path")) for number, one, _ in empty)


def _compared(context: Context, measured: Measured) -> Measured:
    """Adds what needs judged data: the patch, the recorded totals, the sources that no report holds."""
    if measured.counts is None:
        return measured
    from fr_check.coverage_gate.measured import patch, unmeasured  # noqa: PLC0415 - only where there is fresh data
    from fr_check.coverage_gate.measured import record as history  # noqa: PLC0415

    place = gating.places(context.repository, context.config)
    policy = context.config.of(Coverage)
    comparison = history.load(context, measured.scopes)
    wanted = policy.patch is not None or policy.patch_branch is not None
    unknown, unjudged = _without_base(context, patch=wanted, record=policy.record is not None and comparison is None)
    changed = patch.load(context, measured.files)
    if changed is not None and wanted:
        unjudged += tuple(Skipped(NAME, remark) for remark in patch.remarks(changed))
    return measured._replace(
        floor=gating.single(gating.LINE, policy.file, place("file")),
        patch_gates=gating.patch_gates(policy, place),
        max_drop=policy.max_drop or 0.0,
        slack=policy.slack,
        patch=changed,
        comparison=comparison,
        previous=_previous(context),
        unknowns=(*measured.unknowns, *unknown),
        skipped=(*measured.skipped, *unjudged, *_without_data(context, measured), *_vacuous(measured)),
        unmeasured=unmeasured.load(context, measured.files),
    )


def _without_base(context: Context, *, patch: bool, record: bool) -> tuple[tuple[Unknown, ...], tuple[Skipped, ...]]:
    """What cannot be compared: the policy asks for it, and there is no base, or it cannot be read."""
    if isinstance(context.base, Unknown):
        return ((context.base._replace(checker=NAME),) if patch or record else ()), ()
    skipped = []
    if patch and context.base is None:
        skipped.append(Skipped(NAME, "no base to compare with, so the coverage of what changed is not judged"))
    if record:
        path = context.config.of(Coverage).record
        skipped.append(Skipped(NAME, f"no recorded totals to compare with in {path}"))
    return (), tuple(skipped)


def _without_data(context: Context, measured: Measured) -> Iterable[Skipped]:
    """The components of the policy that none of the judged data speaks of."""
    held = {gate.scope for gate in measured.gates}
    known = {part.name for part in (*measured.components, *measured.memberless)}
    for one in context.config.of(Coverage).components:
        if one.name in held and one.name not in known:
            yield Skipped(NAME, f"no coverage data of `{one.name}`, so its thresholds are not judged")


def _vacuous(measured: Measured) -> Iterable[Skipped]:
    """Thresholds that pass because there is nothing of their kind: code without a branch."""
    counts = {"": measured.everything.counts, **{part.name: part.counts for part in measured.components}}
    for gate in measured.gates:
        found = gating.ratio(counts[gate.scope], gate.metric) if gate.scope in counts else None
        if found is not None and not found.total and gate.threshold and not (gate.target or gate.declared):
            yield Skipped(NAME, f"{gate.metric} coverage{scope(gate)} is 0 of 0: nothing to judge")


def _previous(context: Context) -> str:
    """The totals recorded so far, here: what `--record` keeps the highest of."""
    path = context.config.of(Coverage).record
    text = None if path is None else context.repository.read(path)
    return text.string if isinstance(text, Text) else ""


def component_of(context: Context, path: str, folders: Iterable[str]) -> str:
    """The component of the policy that a path belongs to, else the folder with a manifest it lies in."""
    components = context.config.of(Coverage).components
    if not components:
        return folder_of(path, folders)
    fitting = [one for one in components if not one.path or path.startswith(f"{one.path.rstrip('/')}/")]
    return max(fitting, key=lambda one: len(one.path)).name if fitting else ""


def parts_by(files: Iterable[File]) -> tuple[Part, ...]:
    """The totals of each component, by name."""
    members: dict[str, list[File]] = {}
    for file in files:
        members.setdefault(file.component, []).append(file)
    return tuple(
        Part(name, total(file.counts for file in own), tuple(sorted(file.path for file in own)))
        for name, own in sorted(members.items())
    )


def _groups(context: Context, files: Mapping[str, File], place: object) -> tuple[Part, ...]:
    parts = []
    for index, group in enumerate(context.config.of(Coverage).groups):
        matches = [compile_glob(pattern).fullmatch for pattern in group.paths]
        own = sorted(path for path in files if any(match(path) for match in matches))
        where = place("groups", index) if callable(place) else None
        parts.append(Part(group.name, total(files[path].counts for path in own), tuple(own), where))
    return tuple(parts)


def _shards(context: Context, data: tuple[Data, ...], place: object) -> tuple[Shards, ...]:
    policy = context.config.of(Coverage)
    wanted: list[tuple[str, str, int | None, tuple[str | int, ...]]] = [("", "", policy.shards, ("shards",))]
    wanted += [(one.name, one.path, one.shards, ("components", n, "shards")) for n, one in enumerate(policy.components)]
    shards = []
    for name, folder, expected, keys in wanted:
        if expected is None or not callable(place):
            continue
        own = [one for one in data if not folder or _about(one, folder)]
        usable = [one for one in own if one.report.records and not one.report.faults]
        shards.append(Shards(expected, _runs(usable), len(usable), tuple(one.path for one in own), name, place(*keys)))
    return tuple(shards)


def _about(data: Data, folder: str) -> bool:
    head = folder.rstrip("/") + "/"
    return data.path.startswith(head) or any(path.startswith(head) for path in data.mapped.places.values())


def _runs(data: list[Data]) -> int:
    """How many runs some reports hold.

    One each, or, written one after another into one file, as often as a source recurs in it: coverage.py lists every
    source in every shard.
    """
    runs = 0
    for one in data:
        times: dict[str, int] = {}
        for record in one.report.records:
            times[record.name] = times.get(record.name, 0) + 1
        runs += max(times.values(), default=0)
    return runs
