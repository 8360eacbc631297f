"""One line a finding: `path:line:column: severity[rule] message`, as editors and grep like it."""

from __future__ import annotations

from fr_check.report.view import View, printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Report


def render(report: Report, view: View) -> str:
    """Findings from the lowest shown severity on, then what could not be judged, a line each."""
    lines = [
        f"{where(finding.location)}: {finding.severity}[{finding.rule}] {printable(finding.message)}"
        for finding in report.findings
        if finding.severity >= view.lowest
    ]
    lines += [
        f"{where(unknown.location) if unknown.location else printable(unknown.subject)}: "
        f"unknown[{unknown.reason}] {printable(unknown.message)}"
        for unknown in report.unknowns
    ]
    return "".join(f"{line}\n" for line in lines)
