"""Markdown for a job summary or a pull request comment: one table of findings, then what was not judged."""

from __future__ import annotations

from fr_check.report.blocks import blocks
from fr_check.report.tables import markdown_row
from fr_check.report.text import summary
from fr_check.report.view import View, moved, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Report


def render(report: Report, view: View) -> str:
    """A heading with the summary line, and a table a kind."""
    parts = [f"## fr-check\n\n{summary(report, view._replace(color=False)).removeprefix('fr-check: ')}\n"]
    rows = [
        markdown_row((str(found.severity), f"`{found.rule}`", f"`{where(found.location)}`", found.message, found.help))
        for found in blocks(report.findings, view.lowest)
    ]
    if rows:
        parts.append(_table(("severity", "rule", "place", "message", "help"), rows))
    unknown = [markdown_row((f"`{u.reason}`", u.checker, f"`{u.subject}`", u.message, u.help)) for u in report.unknowns]
    if unknown:
        parts.append("### Not judged\n\n" + _table(("reason", "checker", "subject", "message", "help"), unknown))
    if report.moves:
        parts.append("".join(f"- moved {moved(move)}\n" for move in report.moves))
    if report.skipped:
        parts.append("".join(f"- skipped {entry.checker}: {entry.reason}\n" for entry in report.skipped))
    return "\n".join(parts)


def _table(columns: tuple[str, ...], rows: list[str]) -> str:
    return markdown_row(columns) + markdown_row("---" for _ in columns) + "".join(rows)
