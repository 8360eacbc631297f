"""What is seen of each assignment while the paths through a template are followed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.template import Exposure, FaultKind
    from fr_check.sources.gotemplate.values import Read

_MOST_VALUES = 12


class Assignment:
    """An assignment met in the text, with what was seen of it on all paths."""

    __slots__ = (
        "at",
        "before",
        "count",
        "end",
        "exported",
        "exposures",
        "kept",
        "lost",
        "name",
        "reads",
        "step",
        "values",
    )

    def __init__(self, name: str, at: int, end: int, step: int) -> None:
        self.name = name
        self.at = at
        self.end = end
        self.step = step
        self.exported = False
        self.count = 0
        self.kept = False
        self.lost = False
        self.before: dict[int, None] = {}
        self.values: dict[tuple[str | None, int], None] = {}
        self.reads: dict[Read, None] = {}
        self.exposures: dict[Exposure, None] = {}


class Recorder:
    """Collects what the shell is heard doing, on all paths."""

    def __init__(self) -> None:
        self.step = 0
        self.assignments: list[Assignment] = []
        self.known: dict[tuple[int, int, str], int] = {}
        self.glues: dict[tuple[str, int, int, int, int, bool], None] = {}
        self.faults: dict[tuple[FaultKind, str, int, int], None] = {}
        self.lines: dict[tuple[str, int, int], None] = {}
        self.comment_reads: dict[Read, None] = {}

    def assigned(self, name: str, at: int, end: int, *, exported: bool) -> int:
        """`name=` begins at `at`; gives the number under which the assignment goes on."""
        identity = (self.step, end, name)
        key = self.known.get(identity, -1)
        if key < 0:
            key = self.known[identity] = len(self.assignments)
            self.assignments.append(Assignment(name, at, end, self.step))
        assignment = self.assignments[key]
        assignment.count += 1
        assignment.exported = assignment.exported or exported
        return key

    def finished(self, key: int, literal: str | None, since: int) -> None:
        """The value of an assignment ends; it began at `since` (-1: nothing is written)."""
        values = self.assignments[key].values
        if len(values) >= _MOST_VALUES:
            literal, since = None, -1
        values[(literal, since)] = None

    def kept(self, key: int) -> None:
        """The command line ends, and the assignment is set, with those before it on the line."""
        line = [key]
        while line:
            assignment = self.assignments[line.pop()]
            if not assignment.kept:
                assignment.kept = True
                line += assignment.before

    def lost(self, key: int) -> None:
        """The assignment was made for one command only, with those before it on the line."""
        line = [key]
        while line:
            assignment = self.assignments[line.pop()]
            if not assignment.lost:
                assignment.lost = True
                line += assignment.before

    def chained(self, key: int, before: int) -> None:
        """An assignment stands behind another in one command line, and shares its fate."""
        assignment = self.assignments[key]
        if before not in assignment.before:
            assignment.before[before] = None
            if assignment.kept:
                self.kept(before)
            if assignment.lost:
                self.lost(before)

    def glued(self, name: str, at: int, end: int, first: int, marker: int, *, separated: bool) -> None:
        """`name=` begins behind the value of `first` (-1: behind a comment); see `Glued`."""
        self.glues.setdefault((name, at, end, first, marker, separated))

    def line(self, pattern: str, at: int, end: int) -> None:
        """A line consists of data."""
        self.lines.setdefault((pattern, at, end))

    def fault(self, kind: FaultKind, name: str, at: int, end: int) -> None:
        """`sh` reads this otherwise than it looks; see `Fault`."""
        self.faults.setdefault((kind, name, at, end))
