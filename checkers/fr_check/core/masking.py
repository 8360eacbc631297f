"""Takes what may be secret out of a whole report, whatever rule quoted it: the last step before anything is shown."""

from __future__ import annotations

from fr_check.core.secrecy import Mask
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.core.model import Finding, Location, Report, Table, Unknown
    from fr_check.core.repository import Repository

# Files that a message about another file may quote.
_VALUES = (".yml", ".yaml", ".ctmpl")
_MOST = 400


def mask_report(report: Report, repository: Repository) -> Report:
    """A report whose texts quote no secret value of the files that it is about, and no word that looks like one."""
    findings = (*report.findings, *report.suppressed, *report.baselined)
    strings = list(_strings(report, findings))
    if not strings:
        return report
    places = [finding.location for finding in findings]
    places += [note.location for finding in findings for note in finding.notes if note.location]
    places += [unknown.location for unknown in report.unknowns if unknown.location]
    places += [gap.location for gap in report.gaps if gap.location]
    mask = Mask(_texts(repository, places))
    mask.narrow(strings)
    return report._replace(
        findings=tuple(_finding(finding, mask) for finding in report.findings),
        suppressed=tuple(_finding(finding, mask) for finding in report.suppressed),
        baselined=tuple(_finding(finding, mask) for finding in report.baselined),
        unknowns=tuple(_unknown(unknown, mask) for unknown in report.unknowns),
        skipped=tuple(skipped._replace(reason=mask(skipped.reason)) for skipped in report.skipped),
        remarks=tuple(map(mask, report.remarks)),
        gaps=tuple(gap._replace(subject=mask(gap.subject), message=mask(gap.message)) for gap in report.gaps),
        moves=tuple(move._replace(subjects=tuple(map(mask, move.subjects))) for move in report.moves),
    )


def mask_tables(
    tables: Iterable[Table], unknowns: Iterable[Unknown], repository: Repository
) -> tuple[tuple[Table, ...], tuple[Unknown, ...]]:
    """What `--facts` and `--log` show, without what may be secret in the files that were read for it."""
    shown, told = tuple(tables), tuple(unknowns)
    mask = Mask(repository.examined())
    mask.narrow(cell for table in shown for row in table.rows for cell in row)
    rows = [tuple(tuple(map(mask, row)) for row in table.rows) for table in shown]
    masked = tuple(table._replace(rows=cells) for table, cells in zip(shown, rows, strict=True))
    return masked, tuple(_unknown(unknown, mask) for unknown in told)


def _texts(repository: Repository, places: Iterable[Location]) -> list[Text]:
    paths = dict.fromkeys(place.path for place in places)
    found = [text for text in map(repository.read, paths) if isinstance(text, Text)]
    others = [text for text in repository.examined() if text.path not in paths and _may_be_quoted(text.path)]
    return [*found, *others[:_MOST]]


def _may_be_quoted(path: str) -> bool:
    return path.endswith(_VALUES) or ".env" in path


def _strings(report: Report, findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from (finding.subject, finding.message, finding.help)
        yield from (note.message for note in finding.notes)
    for unknown in report.unknowns:
        yield from (unknown.subject, unknown.message, unknown.help)
    for gap in report.gaps:
        yield from (gap.subject, gap.message)
    yield from report.remarks
    yield from (skipped.reason for skipped in report.skipped)
    yield from (subject for move in report.moves for subject in move.subjects)


def _finding(finding: Finding, mask: Callable[[str], str]) -> Finding:
    return finding._replace(
        subject=mask(finding.subject),
        message=mask(finding.message),
        help=mask(finding.help),
        notes=tuple(note._replace(message=mask(note.message)) for note in finding.notes),
    )


def _unknown(unknown: Unknown, mask: Callable[[str], str]) -> Unknown:
    return unknown._replace(subject=mask(unknown.subject), message=mask(unknown.message), help=mask(unknown.help))
