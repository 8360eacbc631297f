"""What `--facts` found, for a person (aligned columns), a job summary (Markdown) or a program (JSON)."""

from __future__ import annotations

from fr_check.report import json
from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_check.core.model import Table

FORMATS = ("text", "markdown", "json")


def render(form: str, checker: str, tables: Sequence[Table], version: str) -> str:
    """Renders tables in one of FORMATS."""
    if form == "json":
        return _json(checker, tables, version)
    return "\n".join(map(_markdown if form == "markdown" else _text, tables))


def _json(checker: str, tables: Iterable[Table], version: str) -> str:
    shown = [
        {
            "title": table.title,
            "columns": list(table.columns),
            "rows": [dict(zip(table.columns, row, strict=True)) for row in table.rows],
        }
        for table in tables
    ]
    return json.dump({"version": json.VERSION, "tool": json.tool(version), "checker": checker, "tables": shown})


def _text(table: Table) -> str:
    cells = [[printable(cell) for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return f"{table.title}\n\n" + "\n".join(lines) + "\n"


def _markdown(table: Table) -> str:
    rows = (table.columns, tuple("---" for _ in table.columns), *table.rows)
    return f"### {table.title}\n\n" + "".join(markdown_row(row) for row in rows)


def markdown_row(cells: Iterable[str]) -> str:
    """One row of a Markdown table."""
    return "| " + " | ".join(printable(cell).replace("|", "\\|") for cell in cells) + " |\n"
