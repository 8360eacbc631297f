"""The results of measured coverage: totals by component, thresholds it is held to, and what changed."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.measurement import Counts, exact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from fr_check.core.model import Location, Skipped, Unknown
    from fr_check.core.repository import Unreadable
    from fr_check.coverage_gate.measured.data import Data, File
    from fr_check.coverage_gate.measured.gates import Gate
    from fr_check.sources.measurement import Ratio

    ConflictKind = Literal["branches", "statements"]


class Absent(NamedTuple):
    """Coverage data that was asked for and cannot be read; `unreadable` is why, where it is there."""

    name: str
    origin: str
    location: Location
    unreadable: Unreadable | None = None


class Conflict(NamedTuple):
    """Two measurements of one source that cannot be of the same run: `kind` is BRANCHES or STATEMENTS."""

    kind: ConflictKind
    path: str
    reports: tuple[str, ...]


class Changed(NamedTuple):
    """One changed source file.

    `counts` are of its changed statements, `missing` the lines, from 1, of those not covered. `measured` is False
    where no report holds the file: then all of them count as uncovered.
    """

    path: str
    counts: Counts
    missing: tuple[int, ...]
    measured: bool = True


class Patch(NamedTuple):
    """Every changed source file that has statements on changed lines, and the total over them.

    `omitted` are new sources that coverage's configuration leaves out of the measurement.
    """

    files: tuple[Changed, ...]
    counts: Counts
    omitted: tuple[str, ...] = ()


class Drop(NamedTuple):
    """One figure below its recorded one: `mark` is LAST or HIGHEST, `scope` a component ("": everything)."""

    scope: str
    metric: str
    mark: str
    recorded: Ratio
    measured: Ratio

    def exceeds(self, points: float) -> bool:
        """Whether it fell by more than so many percentage points, exactly."""
        fall = self.recorded.covered * self.measured.total - self.measured.covered * self.recorded.total
        numerator, denominator = exact(points)
        return fall * 100 * denominator > numerator * self.recorded.total * self.measured.total


class Comparison(NamedTuple):
    """The record's place, and what fell.

    `vacuous` are scopes whose record is of nothing: any figure would pass. `lost` are those whose branches were
    measured when it was written, and are no longer.
    """

    location: Location
    drops: tuple[Drop, ...] = ()
    vacuous: tuple[str, ...] = ()
    problem: str = ""
    lost: tuple[str, ...] = ()


class Part(NamedTuple):
    """The totals of a component or group. `files` are the paths of what was measured, sorted."""

    name: str
    counts: Counts
    files: tuple[str, ...]
    place: Location | None = None


class Shards(NamedTuple):
    """How many reports a complete run leaves, and how many there are, in `files` files; `reports` are their paths."""

    expected: int
    present: int
    files: int
    reports: tuple[str, ...]
    component: str
    place: Location


class Measured(NamedTuple):
    """What coverage data says. Ratios are exact; paths are relative to the root.

    `data` is every coverage file that was read, `absent` what was asked for and is not there, `files` the judged
    sources by path, `counts` their total (None: nothing was judged). `components` are the parts of the policy, else the
    folders with a manifest, `memberless` those of the policy that hold no file; `groups` those of the policy. `gates`
    are thresholds for components and everything: those of the policy, else those `declared`; `group_gates` for groups,
    `floor` for each file, `patch_gates` for what changed, `max_drop` (percentage points) for what may be lost;
    `policy` are all thresholds written there, each with its key; `slack` (percentage points) how far a figure may lie
    above its threshold. `previous` is the text of the totals recorded so far.
    `patch` and `comparison` are None where there is nothing to compare with.
    """

    data: tuple[Data, ...] = ()
    absent: tuple[Absent, ...] = ()
    files: Mapping[str, File] = {}
    counts: Counts | None = None
    components: tuple[Part, ...] = ()
    groups: tuple[Part, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    gates: tuple[Gate, ...] = ()
    declared: tuple[Gate, ...] = ()
    group_gates: tuple[Gate, ...] = ()
    floor: Gate | None = None
    patch_gates: tuple[Gate, ...] = ()
    max_drop: float = 0.0
    shards: tuple[Shards, ...] = ()
    unmeasured: tuple[str, ...] = ()
    patch: Patch | None = None
    comparison: Comparison | None = None
    previous: str = ""
    unknowns: tuple[Unknown, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    memberless: tuple[Part, ...] = ()
    policy: tuple[tuple[Gate, str], ...] = ()
    slack: float | None = None

    @property
    def is_gated(self) -> bool:
        """Whether the policy holds the data to anything."""
        return bool(self.gates or self.group_gates or self.floor or self.patch_gates or self.max_drop)

    @property
    def scopes(self) -> Mapping[str, Counts]:
        """The totals of everything ("") and of each component."""
        parts = {part.name: part.counts for part in self.components if part.name}
        return {"": self.counts or Counts(), **parts}

    @property
    def everything(self) -> Part:
        """All judged files as one part."""
        return Part("", self.counts or Counts(), tuple(sorted(self.files)))


def part_of(measured: Measured, gate: Gate) -> Part | None:
    """What a gate is about; None where nothing of it was judged."""
    if measured.counts is None:
        return None
    found: Part | None = measured.everything
    if gate.scope or (gate.declared and len(measured.components) > 1):
        found = next((part for part in measured.components if part.name == gate.scope), None)
    return _limited(measured, found, gate) if found is not None and gate.limit else found


def _limited(measured: Measured, part: Part, gate: Gate) -> Part | None:
    """What `--include` and `--omit` leave of a part; None where that is nothing."""
    from fr_check.sources.measurement import total  # noqa: PLC0415 - hardly any report is limited
    from fr_check.sources.thresholds import omit  # noqa: PLC0415

    kept = omit.limited(gate.limit, gate.folder, part.files)
    return Part(part.name, total(measured.files[path].counts for path in kept), kept) if kept else None
