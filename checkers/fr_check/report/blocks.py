"""Findings of one cause as one block: what a person reads once, though machines get a finding a subject."""

from __future__ import annotations

from fr_check.report.view import printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.model import Finding, Severity

_MOST = 10
"""Other files that a block names."""


def blocks(findings: Iterable[Finding], lowest: Severity) -> list[Finding]:
    """The findings to show, from `lowest` on, in their order: those of one rule, severity, file and group as one.

    Files that have the same subjects of one group share a block: one variable that five compose files lack.
    """
    found: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        if finding.severity >= lowest:
            key = (finding.rule, finding.severity, finding.location.path, finding.group) if finding.group else number
            found.setdefault(key, []).append(finding)
    alike: dict[object, list[list[Finding]]] = {}
    for place, together in found.items():
        first = together[0]
        subjects = tuple(sorted({finding.subject for finding in together}))
        cause = (first.rule, first.severity, first.group, subjects) if first.group else place
        alike.setdefault(cause, []).append(together)
    return [_of_files(files) for files in alike.values()]


def _of_files(files: list[list[Finding]]) -> Finding:
    """The block of the first file, which says where the others have the same."""
    block = _joined(files[0])
    if len(files) == 1:
        return block
    others = [where(together[0].location) for together in files[1:]]
    more = f" and {len(others) - _MOST} more" if len(others) > _MOST else ""
    return block._replace(message=f"{block.message}; the same in {', '.join(others[:_MOST])}{more}")


def _joined(together: list[Finding]) -> Finding:
    """One finding that speaks for all: their number, their group, and each subject with its line if lines differ."""
    first = together[0]
    if len(together) == 1:
        return first
    several = len({finding.location for finding in together}) > 1
    names = ", ".join(dict.fromkeys(_name(finding, with_line=several) for finding in together))
    alike = all(finding.help == first.help for finding in together)
    help_ = (
        first.help
        if alike or not first.help
        else f"for `{printable(first.subject)}`, and the others likewise: {first.help}"
    )
    notes = tuple(note for note in first.notes if all(note in finding.notes for finding in together))
    return first._replace(message=f"{len(together)} {first.group}: {names}", help=help_, notes=notes)


def _name(finding: Finding, *, with_line: bool) -> str:
    line = f" (line {finding.location.span.line})" if with_line and finding.location.span else ""
    return f"`{finding.subject}`{line}"
