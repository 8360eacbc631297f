"""How a report is shown, and what every format needs: safe strings, places, columns of a terminal."""

from __future__ import annotations

from fr_check.core.model import Severity
from fr_check.core.record import NamedTuple
from fr_check.core.text import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.model import Location, Move, Report
    from fr_check.core.text import Text


# How many commits of a move are named.
_SUBJECTS = 3


# The escapes of Python, and how many digits each takes.
_ESCAPES = (("x", 2), ("u", 4), ("U", 8))


def _no_text(_: Location) -> Text | None:
    return None


class View(NamedTuple):
    """How a report is shown: from which severity on, whether in colour, where excerpts come from.

    `status` is the exit status that the run ends with, for formats that say whether it succeeded.
    """

    version: str = ""
    lowest: Severity = Severity.WARNING
    color: bool = False
    quiet: bool = False
    verbose: bool = False
    text_of: Callable[[Location], Text | None] = _no_text
    status: int = 0


def printable(string: str) -> str:
    """A string for a terminal: control characters, which could rewrite what stands before them, are spelled out."""
    # Nearly every string is; a blank is printable, too.
    if string.isprintable():
        return string
    return "".join(
        character if character.isprintable() or character == " " else _escape(character) for character in string
    )


def moved(move: Move) -> str:
    """A pointer that went forward, in one line: where, by how many commits, and what the newest of them say."""
    number = counted(move.commits, "commit")
    subjects = ", ".join(f'"{printable(subject)}"' for subject in move.subjects[:_SUBJECTS])
    more = ", ..." if move.subjects and move.commits > min(_SUBJECTS, len(move.subjects)) else ""
    brought = f": {subjects}{more}" if subjects else ""
    return f"{printable(move.submodule)} by {number}, from {move.before[:8]} to {move.after[:8]}{brought}"


def looked_at(report: Report) -> tuple[str, ...]:
    """The checkers that had something to look at: those that found something, or counted it and were not skipped."""
    found = {finding.checker for finding in (*report.findings, *report.suppressed, *report.baselined)}
    skipped = {entry.checker for entry in report.skipped if entry.whole}
    counted = {name for name, counts in report.facts.items() if any(counts.values())} - skipped
    return tuple(name for name in report.facts if name in counted | found)


def nothing_checked(report: Report) -> str:
    """Why nothing at all was checked, in one line; empty where something was, or where there is something to say."""
    if report.findings or report.unknowns or looked_at(report):
        return ""
    reasons = "; ".join(f"{entry.checker}: {entry.reason}" for entry in report.skipped)
    return f"nothing was checked ({printable(reasons) or 'no checker ran'})"


def _escape(character: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    number = f"{ord(character):x}"
    return named or next(f"\\{sign}{number.zfill(size)}" for sign, size in _ESCAPES if len(number) <= size)


def where(location: Location) -> str:
    """`path:line:column`; a file as a whole stands at its first character."""
    line, column = (location.span.line, location.span.column) if location.span else (1, 1)
    return f"{printable(location.path)}:{line}:{column}"


def columns(string: str) -> int:
    """How many columns of a terminal a string takes: wide characters take two, combining ones none."""
    if string.isascii():
        return len(string)
    import unicodedata  # noqa: PLC0415 - only for text that needs it

    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in string
    )
