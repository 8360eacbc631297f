"""`--statistics`: how many findings each rule has, most first."""

from __future__ import annotations

import json
from collections import Counter

from fr_check.report.text import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Report, Severity
    from fr_check.report.view import View


def render(report: Report, view: View, form: str) -> str:
    """A line a rule: count, severity, rule, `[*]` where every finding of it can be fixed; or JSON."""
    counts = Counter((found.checker, found.rule, found.severity) for found in report.findings)
    fixable = Counter((found.checker, found.rule, found.severity) for found in report.findings if found.fixable)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if form == "json":
        entries = [
            {"checker": key[0], "rule": key[1], "severity": str(key[2]), "count": count, "fixable": fixable[key]}
            for key, count in rows
        ]
        return json.dumps({"version": 1, "statistics": entries}, indent=2) + "\n"
    lines = [f"{count:>5}  {_row(key, cured=fixable[key] == count)}\n" for key, count in rows]
    legend = "[*] can be fixed with --fix\n" if any(fixable.values()) else ""
    return "".join(lines) + legend + summary(report, view) + "\n"


def _row(key: tuple[str, str, Severity], *, cured: bool) -> str:
    checker, rule, severity = key
    return f"{severity!s:<7}  {'[*]' if cured else '[ ]'}  {checker}/{rule}"
