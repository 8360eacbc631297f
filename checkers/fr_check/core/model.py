"""Plain data that every part of the house speaks: places, findings, unknowns, rules, reports.

NamedTuples rather than dataclasses: twelve dataclasses cost more start-up time than all the checks of a small run.
"""

from __future__ import annotations

from enum import IntEnum

from fr_check.core.record import NamedTuple
from fr_check.core.selection import checker_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from fr_check.core.edits import Fix, Refused, TextOf


class Severity(IntEnum):
    """How bad a finding is; ordered, so that a fail level is a comparison."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Span(NamedTuple):
    """A stretch of text. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """Where a fact stands: path relative to the root with `/`, span (None: the whole file), commit read at.

    `revision` is None for what was read from the working tree or the index.
    """

    path: str
    span: Span | None = None
    revision: str | None = None


class Note(NamedTuple):
    """A related place, or a remark, below a finding's message."""

    message: str
    location: Location | None = None


class Problem(NamedTuple):
    """What a source could not read, and where; a source returns these instead of raising."""

    message: str
    span: Span
    help: str = ""


class Finding(NamedTuple):
    """One fault at one place. Built by `Rule.finding`; `subject` is the thing at fault, never a sentence.

    `group` is set where one cause makes many findings: those of one rule, severity, file and group are shown to people
    as one block, "14 GROUP: `A`, `B`, ...", so it is what follows the number ("documented settings that service `web`
    never gets"). Machines, allowances and baselines keep one finding a subject.
    """

    rule: str
    checker: str
    severity: Severity
    subject: str
    message: str
    help: str
    location: Location
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    fix_refused: str = ""
    group: str | None = None

    @property
    def fixable(self) -> bool:
        """Whether an edit cures it."""
        return self.fix is not None

    @property
    def fingerprint(self) -> str:
        """16 hex digits of (rule, path, subject): the same fault keeps it while lines move."""
        from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which a clean run never needs

        identity = f"{self.rule}\0{self.location.path}\0{self.subject}"
        return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Unknown(NamedTuple):
    """Something that could not be judged: never reported as clean, never as a fault.

    `reason` is a kebab-case name (shallow-history), `help` the command or edit that would make it known.
    """

    checker: str
    reason: str
    subject: str
    message: str
    help: str
    location: Location | None = None


PARENT = "parent"
"""The subject of an Unknown base that nothing asked for: the commit before the one that is judged."""


class Gap(NamedTuple):
    """A part of the world that is not in the repository: an env file nobody commits, an image built elsewhere.

    It is told, and changes no exit status: nothing is wrong with the repository, and nothing there would close it.
    """

    checker: str
    subject: str
    message: str
    location: Location | None = None


class Recognised(NamedTuple):
    """A file that was taken for something without being named in the configuration, and why."""

    checker: str
    kind: str
    path: str
    why: str


class Move(NamedTuple):
    """A submodule's pointer that went forward since the base: no fault, but worth knowing for a reviewer.

    `before` and `after` are commits, `commits` how many it brings, `subjects` their first lines, newest first.
    """

    submodule: str
    before: str
    after: str
    commits: int
    subjects: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """A checker, or a part of one, that had nothing to look at; `whole`: nothing else of the checker is judged."""

    checker: str
    reason: str
    whole: bool = False


class Table(NamedTuple):
    """What `--facts` prints: a title, column names, rows of cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Example(NamedTuple):
    """A small repository that shows a rule: path -> text, and what only git can hold.

    `base` is the state compared with (None: no base). `submodules` are built with real git in tests and docs, and so
    are `symlinks` (path -> target). `online` examples are checked with --online.
    """

    files: Mapping[str, str]
    base: Mapping[str, str] | None = None
    submodules: tuple[ExampleSubmodule, ...] = ()
    symlinks: Mapping[str, str] = {}
    online: bool = False


class ExampleSubmodule(NamedTuple):
    """A submodule with history: upstream's default branch is `commits`, oldest first, each path -> text to write.

    `pin`, `base_pin` and `checkout` are indices into `commits`, or into `side` when written as "side:0";
    `side` commits stand on an unmerged branch that starts at upstream's commit 0. "tag:0" is an annotated tag object
    on commit 0, "gone" a commit that exists nowhere; `checkout="none"` leaves the submodule uninitialised. `conflict`
    is what a merge that stopped brings in. `dirty` files are written into the checkout. `url` is what `.gitmodules`
    says, `configured_url` what the local configuration does. `linked=False` leaves only the entry in `.gitmodules`.
    """

    path: str
    commits: tuple[Mapping[str, str], ...]
    pin: int | str
    base_pin: int | str | None = None
    side: tuple[Mapping[str, str], ...] = ()
    checkout: int | str | None = None
    registered: bool = True
    linked: bool = True
    conflict: int | str | None = None
    dirty: Mapping[str, str] = {}
    url: str | None = None
    base_url: str | None = None
    configured_url: str | None = None


class Rule(NamedTuple):
    """One rule: everything about it, and the pure function that applies it.

    `event`: what it finds is something that a change does (a pointer goes back, a threshold is lowered), and is gone as
    soon as a state is compared with itself; what other rules find is a state, and stays until it is mended.
    """

    id: str
    checker: str
    severity: Severity
    summary: str
    check: Callable[[Any], Iterable[Finding | Unknown]]
    manual: str
    bad: Mapping[str, str] | Example
    good: Mapping[str, str] | Example
    event: bool = False
    fix: Callable[[Any, Finding, TextOf], Fix | Refused | None] | None = None

    @classmethod
    def declare(
        cls,
        module: str,
        manual: str | None,
        severity: Severity,
        check: Callable[[Any], Iterable[Finding | Unknown]],
        *,
        bad: Mapping[str, str] | Example,
        good: Mapping[str, str] | Example,
        event: bool = False,
        fix: Callable[[Any, Finding, TextOf], Fix | Refused | None] | None = None,
    ) -> Rule:
        """The rule that a file holds: `module` is its `__name__`, `manual` its `__doc__`.

        Id and checker are the names of the file and of the checker's folder, the summary is the manual's first line.
        `fix` makes the edits that cure one of its findings, from the facts that it was found in and the texts of
        files; None where there are none, `Refused` where a person would expect some.
        """
        _, folder, _, name = module.rsplit(".", 3)
        text = manual or ""
        summary = text.partition("\n")[0]
        return cls(name.replace("_", "-"), checker_of(folder), severity, summary, check, text, bad, good, event, fix)

    def finding(
        self,
        subject: str,
        message: str,
        *,
        help: str,  # noqa: A002 - the field's name in every output format
        location: Location,
        notes: Iterable[Note] = (),
        severity: Severity | None = None,
        group: str | None = None,
    ) -> Finding:
        """Builds a finding of this rule; `message` must stand alone, `help` says what to do."""
        level = self.severity if severity is None else severity
        return Finding(self.id, self.checker, level, subject, message, help, location, tuple(notes), group=group)


class Report(NamedTuple):
    """The outcome of a run, in output order. `suppressed` and `baselined` hold what was taken out, not lost.

    `cured` counts, by fingerprint, the entries of the baseline that a rule judged and no finding matched.
    """

    findings: tuple[Finding, ...]
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    suppressed: tuple[Finding, ...]
    baselined: tuple[Finding, ...]
    facts: Mapping[str, Mapping[str, int]]
    remarks: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    moves: tuple[Move, ...] = ()
    cured: Mapping[str, int] = {}
    recognised: tuple[Recognised, ...] = ()
