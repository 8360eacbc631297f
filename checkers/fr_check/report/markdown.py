"""Markdown for a job summary or a pull request comment: one table of findings, then what was not judged."""

from __future__ import annotations

from fr_check.report.blocks import blocks
from fr_check.report.escaping import code, markdown_text
from fr_check.report.tables import markdown_row
from fr_check.report.text import summary
from fr_check.report.view import View, moved, nothing_checked, printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Finding, Report, Unknown


def render(report: Report, view: View) -> str:
    """A heading with the summary line, and a table a kind."""
    parts = [f"## fr-check\n\n{summary(report, view._replace(color=False)).removeprefix('fr-check: ')}\n"]
    rows = [_finding(found) for found in blocks(report.findings, view.lowest)]
    if rows:
        parts.append(_table(("severity", "rule", "place", "message", "help"), rows))
    if report.unknowns:
        unknown = [_unknown(unknown) for unknown in report.unknowns]
        parts.append("### Not judged\n\n" + _table(("reason", "checker", "subject", "message", "help"), unknown))
    if report.moves:
        parts.append("".join(f"- moved {markdown_text(moved(move))}\n" for move in report.moves))
    if report.skipped:
        parts.append("".join(f"- skipped {entry.checker}: {markdown_text(entry.reason)}\n" for entry in report.skipped))
    if nothing_checked(report):
        parts.append("**Nothing was checked.**\n")
    return "\n".join(parts)


def _finding(found: Finding) -> str:
    return _row(
        str(found.severity),
        code(found.rule),
        code(where(found.location)),
        markdown_text(found.message),
        markdown_text(found.help),
    )


def _unknown(unknown: Unknown) -> str:
    return _row(
        code(unknown.reason),
        unknown.checker,
        code(printable(unknown.subject)),
        markdown_text(unknown.message),
        markdown_text(unknown.help),
    )


def _row(*cells: str) -> str:
    """A row of cells that are Markdown already."""
    return "| " + " | ".join(cells) + " |\n"


def _table(columns: tuple[str, ...], rows: list[str]) -> str:
    return markdown_row(columns) + markdown_row("---" for _ in columns) + "".join(rows)
