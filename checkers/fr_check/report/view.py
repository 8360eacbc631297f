"""How a report is shown, and what every format needs: safe strings and places."""

from __future__ import annotations

from fr_check.core.model import Severity
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.model import Location, Move
    from fr_check.core.text import Text


# How many commits of a move are named.
_SUBJECTS = 3


def _no_text(_: Location) -> Text | None:
    return None


class View(NamedTuple):
    """How a report is shown: from which severity on, whether in colour, where excerpts come from."""

    version: str = ""
    lowest: Severity = Severity.WARNING
    color: bool = False
    quiet: bool = False
    verbose: bool = False
    text_of: Callable[[Location], Text | None] = _no_text


def printable(string: str) -> str:
    """A string for a terminal: control characters, which could rewrite what stands before them, are spelled out."""
    return "".join(
        character if character.isprintable() or character == " " else _escape(character) for character in string
    )


def moved(move: Move) -> str:
    """A pointer that went forward, in one line: where, by how many commits, and what the newest of them say."""
    number = f"{move.commits} commit" + ("" if move.commits == 1 else "s")
    subjects = ", ".join(f'"{printable(subject)}"' for subject in move.subjects[:_SUBJECTS])
    more = ", ..." if move.subjects and move.commits > min(_SUBJECTS, len(move.subjects)) else ""
    brought = f": {subjects}{more}" if subjects else ""
    return f"{printable(move.submodule)} by {number}, from {move.before[:8]} to {move.after[:8]}{brought}"


def _escape(character: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\x{ord(character):02x}")


def where(location: Location) -> str:
    """`path:line:column`; a file as a whole stands at its first character."""
    line, column = (location.span.line, location.span.column) if location.span else (1, 1)
    return f"{printable(location.path)}:{line}:{column}"
