"""`--statistics`: how many findings each rule has, most first."""

from __future__ import annotations

import json
from collections import Counter

from fr_check.core.edits import SAFE
from fr_check.report.text import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from fr_check.core.model import Finding, Report, Severity
    from fr_check.report.view import View

    Key: TypeAlias = tuple[str, str, Severity]


def render(report: Report, view: View, form: str) -> str:
    """A line a rule: count, severity, rule, and whether every finding of it can be fixed; or JSON.

    `[*]` says that --fix does it, `[-]` that some of it takes --unsafe-fixes, too.
    """
    counts = Counter(map(_key, report.findings))
    fixable = Counter(_key(found) for found in report.findings if found.fixable)
    safe = Counter(_key(found) for found in report.findings if found.fix and found.fix.applicability == SAFE)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if form == "json":
        entries = [
            {
                "checker": key[0],
                "rule": key[1],
                "severity": str(key[2]),
                "count": count,
                "fixable": fixable[key],
                "unsafe": fixable[key] - safe[key],
            }
            for key, count in rows
        ]
        return json.dumps({"version": 1, "statistics": entries}, indent=2) + "\n"
    signs = {key: "[*]" if safe[key] == count else "[-]" if fixable[key] == count else "[ ]" for key, count in rows}
    lines = [f"{count:>5}  {key[2]!s:<7}  {signs[key]}  {key[0]}/{key[1]}\n" for key, count in rows]
    return "".join((*lines, *_legend(safe.total(), fixable.total()), summary(report, view), "\n"))


def _key(finding: Finding) -> Key:
    return finding.checker, finding.rule, finding.severity


def _legend(safe: int, fixable: int) -> list[str]:
    """How many findings the two ways of fixing cure."""
    legend = [f"[*] {safe} can be fixed with --fix\n"] if safe else []
    return [*legend, f"[-] {fixable - safe} can be fixed with --fix --unsafe-fixes\n"] if fixable > safe else legend
