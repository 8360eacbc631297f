"""What every coverage format is read into: one record per source file, counted exactly, decoded when needed.

Numbers are integers throughout: a ratio is compared with a threshold by cross-multiplication, never as a rounded
percentage. Records of one file are united by line and by branch arm; summaries are never added up.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Literal

    FaultKind = Literal["truncated", "inconsistent", "malformed", "refused"]


# Line numbers beyond this are no line numbers: a forged one must not make a bit set of gigabytes.
MAX_LINE = 10_000_000
MAX_FAULTS = 20
# Arms by coverage.py's arcs: `line,target`, the target negative for a way out of what begins on that line.
ARCS = "arcs"


class Ratio(NamedTuple):
    """How many of how many; 0 of 0 is a vacuous pass, which callers state."""

    covered: int
    total: int

    @property
    def missing(self) -> int:
        """How many are not covered."""
        return self.total - self.covered

    def plus(self, other: Ratio) -> Ratio:
        """The sum of two ratios over disjoint sets."""
        return Ratio(self.covered + other.covered, self.total + other.total)

    def below(self, threshold: float) -> bool:
        """Whether the exact percentage is below `threshold` (percent); never for 0 of 0."""
        numerator, denominator = exact(threshold)
        return self.covered * 100 * denominator < numerator * self.total

    def needed(self, threshold: float) -> int:
        """How many more must be covered to reach `threshold` (percent)."""
        numerator, denominator = exact(threshold)
        return max(0, -(-numerator * self.total // (100 * denominator)) - self.covered)

    def percent(self, digits: int = 2) -> str:
        """The percentage, rounded down, so that 99.998 never reads as 100 nor 94.997 as 95; `n/a` for 0 of 0."""
        if not self.total:
            return "n/a"
        scaled = self.covered * 100 * 10**digits // self.total
        return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


def exact(threshold: float) -> tuple[int, int]:
    """A threshold as it was written, as numerator and denominator: 94.95 is 9495/100, not the nearest double."""
    whole, point, fraction = repr(float(threshold)).partition(".")
    if not point or not (whole.lstrip("-") + fraction).isdigit():
        return float(threshold).as_integer_ratio()
    return int(whole + fraction), 10 ** len(fraction)


class Arms(NamedTuple):
    """Branch arms (or statements) by identity: `line,rest`, the line first."""

    found: frozenset[bytes] = frozenset()
    taken: frozenset[bytes] = frozenset()

    def union(self, other: Arms) -> Arms:
        """Found where either found, taken where either took."""
        return Arms(self.found | other.found, self.taken | other.taken)


class Fork(NamedTuple):
    """A line whose arms are only counted, as in Cobertura: how many, and which or at least how many were never taken.

    `names` are the arms missed, by reports that name them; `unnamed` how many were, by reports that do not.
    """

    total: int
    names: frozenset[str] | None
    unnamed: int | None = None

    @property
    def ratio(self) -> Ratio:
        """How many arms were certainly taken."""
        counts = [len(self.names)] if self.names is not None else []
        counts += [self.unnamed] if self.unnamed is not None else []
        return Ratio(max(0, self.total - min(counts, default=0)), self.total)

    def union(self, other: Fork) -> Fork:
        """Missed is what both missed; without names, the fewer: a lower bound of what was taken."""
        names, unnamed = self.names, self.unnamed
        if other.names is not None:
            names = other.names if names is None else names & other.names
        if other.unnamed is not None:
            unnamed = other.unnamed if unnamed is None else min(unnamed, other.unnamed)
        return Fork(max(self.total, other.total), names, unnamed)


class Detail(NamedTuple):
    """Which lines, arms and statements of one source file; line numbers from 1.

    `arms` is keyed by format, since formats name the same arm differently; across formats a line's arms are counted.
    """

    lines: frozenset[int] = frozenset()
    hits: frozenset[int] = frozenset()
    arms: Mapping[str, Arms] = {}
    forks: Mapping[int, Fork] = {}
    statements: Arms | None = None

    def branches_by_line(self) -> dict[int, Ratio]:
        """Line -> how many of its arms were taken; over formats, the most that any of them found and took."""
        best = {line: fork.ratio for line, fork in self.forks.items()}
        for arms in self.arms.values():
            for line, ratio in _by_line(arms).items():
                known = best.get(line, Ratio(0, 0))
                best[line] = Ratio(max(known.covered, ratio.covered), max(known.total, ratio.total))
        return best


def _by_line(arms: Arms) -> dict[int, Ratio]:
    counts: dict[int, list[int]] = {}
    for key in arms.found:
        cell = counts.setdefault(int(key.partition(b",")[0]), [0, 0])
        cell[0] += key in arms.taken
        cell[1] += 1
    return {line: Ratio(*cell) for line, cell in counts.items()}


class Counts(NamedTuple):
    """The totals of one file, or of many. `branches` and `statements` are None where they were not measured."""

    lines: Ratio = Ratio(0, 0)
    branches: Ratio | None = None
    statements: Ratio | None = None

    def plus(self, other: Counts) -> Counts:
        """The sum over disjoint files; what only one of them measured stays measured."""
        return Counts(
            self.lines.plus(other.lines), _plus(self.branches, other.branches), _plus(self.statements, other.statements)
        )

    @property
    def blended(self) -> Ratio:
        """Coverage.py's total: lines and branches in one ratio; lines alone where no branches were measured."""
        return self.lines if self.branches is None else self.lines.plus(self.branches)


def _plus(one: Ratio | None, other: Ratio | None) -> Ratio | None:
    if one is None or other is None:
        return one if other is None else other
    return one.plus(other)


def unnamed_arms(stated: Ratio, counted: Counts) -> int:
    """How many arms a summary counts beyond the records by `# pragma: no branch` alone; 0 where it differs otherwise.

    Coverage.py counts all arms of such a line as covered, and writes down only those that ran. Not more than the lines
    could have: the summary is never what is judged.
    """
    arms = counted.branches or Ratio(0, 0)
    surplus = stated.total - arms.total
    return surplus if 0 < surplus == stated.covered - arms.covered <= 2 * counted.lines.total else 0


def total(counts: Iterable[Counts]) -> Counts:
    """The sum over disjoint files."""
    result = Counts()
    for one in counts:
        result = result.plus(one)
    return result


class Record:
    """One source file in one report: its name as the report spells it, its counts, and its detail on demand.

    `detail` is None where the format holds summaries only. Decoding late is what makes a large report cheap: most of
    its files are only ever counted, and `peek` tells the executable lines without the arms. `checksums` maps lines to
    the MD5 of their text, in base64 without padding, where the producer writes them. `unnamed` is how many arms the
    producer counts as covered and does not write down.
    """

    __slots__ = ("_decode", "_peek", "_raw", "checksums", "counts", "name", "unnamed")

    def __init__(
        self,
        name: str,
        counts: Counts,
        raw: object = None,
        decode: Callable[[object], Detail] | None = None,
        peek: Callable[[object], frozenset[int]] | None = None,
    ) -> None:
        self.name = name
        self.counts = counts
        self._raw = raw
        self._decode = decode
        self._peek = peek
        self.checksums: Mapping[int, bytes] = {}
        self.unnamed = 0

    @property
    def detail(self) -> Detail | None:
        """Which lines and arms. Decoded anew each time: kept for every file of a large report, they take gigabytes."""
        return None if self._decode is None else self._decode(self._raw)

    @property
    def lines(self) -> frozenset[int]:
        """The executable lines; empty where the format holds summaries only."""
        if self._peek is not None:
            return self._peek(self._raw)
        detail = self.detail
        return frozenset() if detail is None else detail.lines

    @classmethod
    def of(cls, name: str, detail: Detail, *, branches: bool = True) -> Record:
        """A record of a detail that is known already."""
        return cls(name, count(detail, branches=branches), detail, itself)


def itself(raw: object) -> Detail:
    """Decodes what is kept as a detail."""
    return raw if isinstance(raw, Detail) else Detail()


def count(detail: Detail, *, branches: bool = True) -> Counts:
    """The totals of a detail; `branches` says whether branches were measured at all."""
    statements = detail.statements
    return Counts(
        Ratio(len(detail.hits), len(detail.lines)),
        _branches(detail) if branches or detail.arms or detail.forks else None,
        None if statements is None else Ratio(len(statements.taken), len(statements.found)),
    )


def _branches(detail: Detail) -> Ratio:
    if not detail.forks and len(detail.arms) == 1:
        arms = next(iter(detail.arms.values()))
        return Ratio(len(arms.taken), len(arms.found))
    ratios = detail.branches_by_line().values()
    return Ratio(sum(ratio.covered for ratio in ratios), sum(ratio.total for ratio in ratios))


def unite(one: Detail, other: Detail) -> Detail:
    """The union of two measurements of one file: commutative, associative, idempotent."""
    arms = dict(one.arms)
    for form, found in other.arms.items():
        arms[form] = arms[form].union(found) if form in arms else found
    forks = dict(one.forks)
    for line, fork in other.forks.items():
        forks[line] = forks[line].union(fork) if line in forks else fork
    statements = one.statements
    if other.statements is not None:
        statements = other.statements if statements is None else statements.union(other.statements)
    return Detail(one.lines | other.lines, one.hits | other.hits, arms, forks, statements)


class Fault(NamedTuple):
    """What is wrong with a report: kind is `truncated`, `inconsistent`, `malformed` or `refused`; line from 1, or 0."""

    kind: FaultKind
    message: str
    line: int = 0


class Report(NamedTuple):
    """One coverage file, read.

    `branches` says whether branch coverage was measured, `producer` what wrote it and `made` when (seconds since the
    epoch); `roots` are the folders names are relative to, where the format says so.
    """

    form: str
    records: tuple[Record, ...] = ()
    branches: bool = False
    producer: str = ""
    made: int | None = None
    roots: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def capped(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first faults, and how many more there are: a million broken lines are one complaint, not a million."""
    known = tuple(faults)
    rest = len(known) - MAX_FAULTS
    return known if rest <= 0 else (*known[:MAX_FAULTS], Fault(known[MAX_FAULTS].kind, f"and {rest} more like these"))
