"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json

from fr_check.core.model import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.model import Location, Report
    from fr_check.report.view import View

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, view: View) -> str:
    """A list of findings, every severity included; what was not judged is an entry of its own."""
    del view
    entries = [
        _entry(found.rule, _SEVERITY[found.severity], found.message, found.fingerprint, found.location)
        for found in report.findings
    ]
    entries += [
        _entry(
            unknown.reason,
            "major",
            f"not judged: {unknown.message}",
            f"{unknown.checker}/{unknown.reason}/{unknown.subject}",
            unknown.location,
        )
        for unknown in report.unknowns
    ]
    seen: dict[str, int] = {}
    for entry in entries:
        # GitLab drops all but one entry of a fingerprint; one fault may stand in a file twice.
        name = entry["fingerprint"]
        seen[name] = seen.get(name, 0) + 1
        entry["fingerprint"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return json.dumps(entries, indent=2) + "\n"


def _entry(check: str, severity: str, message: str, fingerprint: str, location: Location | None) -> dict[str, Any]:
    line = location.span.line if location and location.span else 1
    return {
        "description": message,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        # The format has no entry without a file; what has no place is about the repository as a whole.
        "location": {"path": location.path if location else ".", "lines": {"begin": line}},
    }
