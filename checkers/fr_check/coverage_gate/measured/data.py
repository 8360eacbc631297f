"""One coverage file, read, mapped to the repository and held against its sources; and files united over reports."""

from __future__ import annotations

from fr_check.core.model import Location, Severity, Span
from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.measured.collected import FOUND, Input
from fr_check.coverage_gate.measured.model import Conflict
from fr_check.sources.measurement import Counts, Detail, Record, Report, count, unite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from fr_check.coverage_gate.measured.mapping import Mapped
    from fr_check.coverage_gate.measured.staleness import Signs

BRANCHES: Final = "branches"
STATEMENTS: Final = "statements"


class Data(NamedTuple):
    """One coverage file. `beside` names the file of the same folder that was judged instead, where there is one."""

    input: Input
    report: Report
    mapped: Mapped
    signs: Signs
    beside: str = ""

    @property
    def path(self) -> str:
        """The file's path: below the root, or absolute where it lies elsewhere."""
        return self.input.path

    @property
    def asked_for(self) -> bool:
        """Whether somebody named it, on the command line or in the policy."""
        return self.input.origin != FOUND

    @property
    def empty(self) -> bool:
        """Whether it is in order and holds nothing that could be covered."""
        in_order = not (self.report.faults or self.signs.found or self.mapped.ambiguous)
        # A database says what ran, and only with the sources at hand what can run.
        return in_order and not any(record.counts.lines.total or record.lines for record in self.report.records)

    @property
    def illegible(self) -> bool:
        """Whether it is no coverage data that can be read, rather than data that is wrong."""
        kinds = {fault.kind for fault in self.report.faults}
        return bool(kinds) and kinds <= {"malformed", "refused"} and not self.report.records

    @property
    def unmapped(self) -> bool:
        """Whether its names cannot be told, or mean nothing here."""
        nowhere = bool(self.report.records) and not self.mapped.places and not self.mapped.gone and not self.empty
        return not self.report.faults and (bool(self.mapped.ambiguous) or nowhere)

    @property
    def fresh(self) -> bool:
        """Whether its figures may be judged."""
        return not (self.report.faults or self.empty or self.unmapped or self.signs.found)

    @property
    def judged(self) -> bool:
        """Whether its figures are part of the totals."""
        return self.fresh and not self.beside

    @property
    def severity(self) -> Severity | None:
        """How bad a fault of this file is; None for a leftover of this machine that git ignores: worth a remark only.

        An error where the file was asked for; a warning where it lies there for all to see, since it misleads them.
        """
        if self.asked_for:
            return Severity.ERROR
        return Severity.WARNING if self.input.tracked else None

    @property
    def location(self) -> Location:
        """The file as a whole."""
        return Location(self.path)

    def at(self, line: int) -> Location:
        """A line of the file, from 1; the whole file for line 0."""
        return Location(self.path, Span(line, 1, line, 1) if line else None)


class File:
    """One source file over all judged reports. `records` come with the path of the report they are from."""

    __slots__ = ("_counts", "_detail", "component", "path", "records")

    def __init__(self, path: str, component: str = "") -> None:
        self.path = path
        self.component = component
        self.records: list[tuple[str, Record]] = []
        self._counts: Counts | None = None
        self._detail: Detail | None = None

    @property
    def counts(self) -> Counts:
        """The totals of the file: of its one record, or of the union of all."""
        if self._counts is None:
            if len(self.records) == 1:
                self._counts = self.records[0][1].counts
            else:
                branches = any(record.counts.branches is not None for _, record in self.records)
                coarse = max((record.counts for _, record in self.records), key=lambda counts: counts.lines)
                detail = self._united()
                self._counts = count(detail, branches=branches) if detail.lines else coarse
        return self._counts

    @property
    def detail(self) -> Detail:
        """Which lines and arms, united; empty where only summaries are known. Kept: few files are asked for it."""
        if self._detail is None:
            self._detail = self._united()
        return self._detail

    def _united(self) -> Detail:
        detail = Detail()
        for _, record in self.records:
            detail = unite(detail, record.detail or Detail())
        return detail

    def conflict(self) -> Conflict | None:
        """Why its records cannot be united, if they cannot."""
        if len(self.records) == 1:
            return None
        measured = {record.counts.branches is not None for _, record in self.records}
        arms = max((record.counts.branches.total for _, record in self.records if record.counts.branches), default=0)
        names = tuple(dict.fromkeys(name for name, _ in self.records))
        if measured == {True, False} and arms:
            return Conflict(BRANCHES, self.path, names)
        # Coverage.py lists all statements of a file in every shard; other producers only those of the run.
        lines = {record.lines for _, record in self.records if record.lines}
        if self.path.endswith(".py") and len(lines) > 1:
            return Conflict(STATEMENTS, self.path, names)
        return None


def united(judged: tuple[Data, ...], folders: Mapping[str, str]) -> dict[str, File]:
    """Path -> file over the judged reports; `folders` maps path -> component."""
    files: dict[str, File] = {}
    for data in judged:
        places = data.mapped.places
        for record in data.report.records:
            path = places.get(record.name)
            if path is None:
                continue
            if path not in files:
                files[path] = File(path, folders.get(path, ""))
            files[path].records.append((data.path, record))
    return files
