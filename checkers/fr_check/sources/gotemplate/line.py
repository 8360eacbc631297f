"""The state of a line of shell while it is printed piece by piece."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

START, NAME, GAP, VALUE, AFTER, COMMENT, OTHER = range(7)


class State(NamedTuple):
    """Where in a line the text is.

    `kind` is one of the seven above. `quotes` holds the quotes and brackets open, innermost last, the first opened at
    `opened`. `key` is the assignment under way (VALUE) or before on this line (AFTER, NAME; -1: none), `literal` its
    value so far (None: not literal), which began at `since`. `name` is the name that may be starting here, at `at`:
    in NAME the word itself, in VALUE and COMMENT one that would be glued to the value; there, `marker` is the offset
    of the trim marker that ate the newline (-1: there was none).
    """

    kind: int = START
    quotes: str = ""
    opened: int = -1
    key: int = -1
    name: str | None = None
    at: int = -1
    literal: str | None = ""
    since: int = -1
    marker: int = -1
    exported: bool = False


FRESH = State()
