"""The matrix of variables and environments as text, JSON, Markdown, and one HTML page that needs nothing else."""

from __future__ import annotations

from html import escape

from fr_check import __version__
from fr_check.report.json import VERSION, dump, tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.variables.matrix import Cell, Matrix, Row
    from fr_check.variables.outcomes import Traced
    from fr_check.variables.programs import Reader
    from fr_check.variables.value_outcomes import Outcome

FORMATS = ("text", "json", "markdown", "html")
_WORDS = {"secret-or-empty": "secret or empty", "not-set": "not set"}
_MEANINGS = {
    "value": "given by a file of the repository; of a secret only that",
    "example": "what the example says, once it is copied",
    "default": "nothing sets it: the default in the code holds",
    "secret": "from the store of secrets",
    "secret-or-empty": "from the store of secrets; empty where that lacks it",
    "empty": "set to an empty text",
    "computed": "put together of other values when it runs or is built",
    "not-set": "nothing sets it",
    "refused": "what arrives is refused by the type of the setting",
    "ignored": "it is set, and comes too late to have an effect",
    "unknown": "set by something that is not in the repository, or by nothing",
}
_NOTE = "? not certain: `fr-check trace NAME` says why"
_BAD = frozenset(("default", "not-set", "empty", "refused", "secret-or-empty"))
_MOST_SHOWN = 4
_RED, _DIM, _END = "\033[31m", "\033[2m", "\033[0m"
_STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}table{border-collapse:collapse}"
    "th,td{border:1px solid #ddd;padding:.3rem .6rem;text-align:left;vertical-align:top}th{position:sticky;top:0;"
    "background:#f5f5f5}code{font-size:13px}.default,.not-set,.empty,.refused{background:#fde8e8}"
    ".secret-or-empty,.unknown{background:#fff4d6}.value,.example,.secret,.computed{background:#eaf6ea}"
    "@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}th{background:#222}th,td{border-color:#444}"
    ".default,.not-set,.empty,.refused{background:#4a2222}.secret-or-empty,.unknown{background:#463a16}"
    ".value,.example,.secret,.computed{background:#1f3a1f}}"
)


def render(matrix: Matrix, form: str, *, color: bool, width: int | None) -> str:
    """The matrix in a format."""
    if form == "json":
        return dump(_object(matrix))
    if form == "markdown":
        return _markdown(matrix)
    return _html(matrix) if form == "html" else _text(matrix, color=color, width=width)


def told(cell: Cell) -> str:
    """A cell in words; `?` where it is not certain. Where processes differ, each with its name: `web 1, worker 2`."""
    if cell.outcome is None:
        return "-"
    groups: dict[str, dict[str, None]] = {}
    for placed in cell.differing:
        what = placed.traced.what
        name = what.partition("`")[2].replace("`", "") or what
        groups.setdefault(_word(placed.traced.outcome), {})[name] = None
    if len(groups) < 2:  # noqa: PLR2004 - one word for all
        return _word(cell.outcome)
    parts = [f"{'/'.join(names)} {word}" for word, names in groups.items()]
    more = f", and {len(parts) - _MOST_SHOWN} more" if len(parts) > _MOST_SHOWN else ""
    return ", ".join(parts[:_MOST_SHOWN]) + more


def _word(outcome: Outcome) -> str:
    word = _WORDS.get(outcome.word, outcome.word)
    if outcome.word == "value":
        word = outcome.value if outcome.value is not None else "value"
    return word if outcome.certain or outcome.word == "unknown" else f"{word}?"


def who(reader: Reader) -> str:
    """Who reads it: the class of the settings, the page, or code."""
    return reader.owner if reader.kind == "setting" and reader.owner else reader.kind


def _legend(matrix: Matrix) -> list[tuple[str, str]]:
    """The words that stand in the cells, with what they mean."""
    used = {outcome.word for row in matrix.rows for cell in row.cells for outcome in cell.outcomes}
    found = [(_WORDS.get(word, word), meaning) for word, meaning in _MEANINGS.items() if word in used]
    absent = any(cell.outcome is None for row in matrix.rows for cell in row.cells)
    return [*found, *([("-", "nothing in that environment reads it")] if absent else [])]


def _text(matrix: Matrix, *, color: bool, width: int | None) -> str:
    head = ["variable", "reader", *(name for name, _ in matrix.environments)]
    rows = [[row.variable, who(row.reader), *map(told, row.cells)] for row in matrix.rows]
    widths = [max(len(line[index]) for line in [head, *rows]) for index in range(len(head))]
    lines = [_line(head, widths, width)]
    for row, cells in zip(matrix.rows, rows, strict=True):
        line = _line(cells, widths, width)
        lines.append(_shaded(line, row) if color else line)
    outcomes = (outcome for row in matrix.rows for cell in row.cells for outcome in cell.outcomes)
    doubtful = any(not outcome.certain for outcome in outcomes)
    lines += [_NOTE] if doubtful else []
    return "\n".join(lines) + "\n" if matrix.rows else "nothing reads a variable here\n"


def _line(cells: list[str], widths: list[int], width: int | None) -> str:
    line = "  ".join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True)).rstrip()
    return line if width is None or len(line) <= width else f"{line[: max(width - 1, 1)]}…"


def _shaded(line: str, row: Row) -> str:
    bad = any(outcome.word in _BAD and outcome.certain for cell in row.cells for outcome in cell.outcomes)
    return f"{_RED}{line}{_END}" if bad and row.reader.secret else line


def _object(matrix: Matrix) -> dict[str, object]:
    environments = [{"name": name, "processes": list(processes)} for name, processes in matrix.environments]
    rows = [
        {"variable": row.variable, "reader": who(row.reader), "cells": [_cell(cell) for cell in row.cells]}
        for row in matrix.rows
    ]
    return {"version": VERSION, "tool": tool(__version__), "matrix": {"environments": environments, "rows": rows}}


def _cell(cell: Cell) -> dict[str, object] | None:
    if cell.outcome is None or cell.process is None:
        return None
    differing = [_process(placed.traced) for placed in cell.differing]
    return {**_process(cell.process.traced), **({"differing": differing} if differing else {})}


def _process(traced: Traced) -> dict[str, object]:
    return {
        "outcome": traced.outcome.word,
        "value": traced.outcome.value,
        "certain": traced.outcome.certain,
        "process": f"{traced.what} of {traced.of}",
    }


def _markdown(matrix: Matrix) -> str:
    names = [name for name, _ in matrix.environments]
    lines = [f"| variable | reader | {' | '.join(names)} |", "|---" * (2 + len(names)) + "|"]
    for row in matrix.rows:
        cells = " | ".join(told(cell).replace("|", "\\|") for cell in row.cells)
        lines.append(f"| `{row.variable}` | {who(row.reader)} | {cells} |")
    told_words = [f"- {word}: {meaning}" for word, meaning in _legend(matrix)]
    return "\n".join([*lines, "", *told_words, "", _NOTE]) + "\n"


def _html(matrix: Matrix) -> str:
    heads = "".join(
        f'<th title="{escape("; ".join(processes))}">{escape(name)}</th>' for name, processes in matrix.environments
    )
    body = "\n".join(
        f"<tr><td><code>{escape(row.variable)}</code></td><td>{escape(who(row.reader))}</td>"
        + "".join(_html_cell(cell) for cell in row.cells)
        + "</tr>"
        for row in matrix.rows
    )
    words = "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in _legend(matrix))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Variables by environment</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>Variables by environment</h1>\n<table><thead><tr><th>variable</th>"
        f"<th>reader</th>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n<dl>{words}</dl>\n"
        f"<p>{escape(_NOTE)}</p></body></html>\n"
    )


def _html_cell(cell: Cell) -> str:
    kind = "" if cell.outcome is None else cell.outcome.word
    why = cell.outcome.unknown if cell.outcome is not None and cell.outcome.unknown else ""
    return f'<td class="{escape(kind)}" title="{escape(why)}">{escape(told(cell))}</td>'
