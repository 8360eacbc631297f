"""One line a finding: `path:line:column: severity: message [rule]`, which editors' matchers and grep understand."""

from __future__ import annotations

from fr_check.report.view import View, nothing_checked, printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Report


def render(report: Report, view: View) -> str:
    """Findings from the lowest shown severity on, then what could not be judged, a line each.

    What could not be judged is a warning, the nearest word that a matcher for compilers knows.
    """
    lines = [
        f"{where(finding.location)}: {finding.severity}: {printable(finding.message)} [{finding.rule}]"
        for finding in report.findings
        if finding.severity >= view.lowest
    ]
    lines += [
        f"{where(unknown.location) if unknown.location else printable(unknown.subject)}: "
        f"warning: not judged: {printable(unknown.message)} [{unknown.reason}]"
        for unknown in report.unknowns
    ]
    nothing = nothing_checked(report)
    lines += [f"fr-check: {nothing}"] if nothing else []
    return "".join(f"{line}\n" for line in lines)
