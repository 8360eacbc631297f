"""Findings of one cause as one block: what a person reads once, though machines get a finding a subject."""

from __future__ import annotations

from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.model import Finding, Severity


def blocks(findings: Iterable[Finding], lowest: Severity) -> list[Finding]:
    """The findings to show, from `lowest` on, in their order: those of one rule, severity, file and group as one."""
    found: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        if finding.severity >= lowest:
            key = (finding.rule, finding.severity, finding.location.path, finding.group) if finding.group else number
            found.setdefault(key, []).append(finding)
    return [_joined(together) for together in found.values()]


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
