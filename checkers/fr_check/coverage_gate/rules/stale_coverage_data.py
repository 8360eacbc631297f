"""Coverage data was made from other sources than those that stand here.

## What it finds

A coverage report that does not fit today's sources: a line past the end of its file, a source that is gone, a line
that differs from the checksum the report holds of it, an
executable line that is blank or a comment today, a line on which no Python statement begins, a Python statement that
it does not hold although nothing excludes it. Such a report is not judged, and neither is anything else of it.

A report that somebody named, on the command line or in the policy, is an error. One that merely lies in the
repository for all to see is a warning: it misleads whoever reads it, person or service, and a fresh run replaces or a
commit removes it. One that git ignores is a leftover of an earlier run on this machine, the normal state of a working
tree; it is only counted as skipped, with the reason.

What was measured on other lines of the same shape cannot be told apart: no format names the commit it was made from.

## Why it matters

Coverage data speaks in line numbers. Against sources that have moved on, the figures mean nothing, in either
direction: four lines added at the top take a file from 66.67% to 0%, an uncovered function removed takes it to 100%,
and no tool says a word.

## How to fix

Make the data again from these sources. If a report was committed by accident, remove it (`git rm --cached`) and let
git ignore it.

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
"""

from __future__ import annotations

from fr_check.core.model import Location, Note, Rule, Severity, Span
from fr_check.core.text import counted
from fr_check.coverage_gate.measured.staleness import BLANK, CHECKSUM, GONE, MISSING, NO_STATEMENT, PAST_END, describe
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts
    from fr_check.coverage_gate.measured.data import Data
    from fr_check.coverage_gate.measured.staleness import Sign

_REPORT = {"coverage.lcov": lcov("src/a.py", "1111")}
BAD = {**_REPORT, "src/a.py": source(3)}
GOOD = {**_REPORT, "src/a.py": source(4)}
_SHOWN = 5
_KINDS = {
    PAST_END: "line numbers past the end of {}",
    GONE: "{} no longer there",
    CHECKSUM: "lines that differ from their checksums in {}",
    BLANK: "executable lines that are blank or comments in {}",
    NO_STATEMENT: "lines on which no statement begins in {}",
    MISSING: "statements that it does not hold in {}",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for reports that do not fit the sources."""
    for data in facts.measured.data:
        if data.signs.found and data.severity is not None:
            yield _finding(data)


def _finding(data: Data) -> Finding:
    found = sorted(data.signs.found, key=lambda sign: (list(_KINDS).index(sign.kind), sign.path))
    kinds = dict.fromkeys(sign.kind for sign in found)
    counts = {kind: sum(sign.kind == kind for sign in found) for kind in kinds}
    clauses = [_KINDS[kind].format(counted(count, "file")) for kind, count in counts.items()]
    made = f" by {data.report.producer}" if data.report.producer else ""
    when = f" on {_date(data.report.made)}" if data.report.made is not None else ""
    judged = "" if data.asked_for else "; it is not judged"
    leave = "" if data.asked_for else ", or remove it with `git rm --cached` and let git ignore it"
    return RULE.finding(
        data.path,
        f"{data.path} was made{made}{when} from other sources than these: {', '.join(clauses)}{judged}",
        help=f"run the tests with coverage again{leave}",
        location=data.location,
        notes=[Note(describe(sign), _place(sign)) for sign in found[:_SHOWN]],
        severity=data.severity,
    )


def _place(sign: Sign) -> Location | None:
    """The place in the source that shows it, where there still is one."""
    if sign.kind == GONE:
        return None
    line = sign.lines if sign.kind == PAST_END else sign.line
    return Location(sign.path, Span(line, 1, line, 1) if line else None)


def _date(made: int) -> str:
    """The day, in UTC, of a time in seconds since the epoch."""
    from time import gmtime, strftime  # noqa: PLC0415 - only for a stale report that says when it was made

    try:
        return strftime("%Y-%m-%d", gmtime(made))
    except (OverflowError, ValueError, OSError):
        return "an impossible date"


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
