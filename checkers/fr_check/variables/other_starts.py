"""A program that a script starts in one of several ways: which of them is taken is known at run time.

`case "$MODE" in debug) LEVEL=1 exec serve ;; *) exec serve ;; esac`: the last one is followed, and what the others have
done differently is in doubt.
"""

from __future__ import annotations

from fr_check.runs.changes import IMPORT, OPENED, SOURCE
from fr_check.variables.model import Entry, Layer, Open, Unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.variables.launch import Start

_READING = frozenset((SOURCE, IMPORT, OPENED))


def layers(start: Start, starts: Sequence[Start]) -> Iterator[Layer]:
    """The doubts about `start` for each other start of the same words; nothing where all begin alike."""
    for other in starts:
        if other is start or other.words != start.words or other.operations == start.operations:
            continue
        why = f"whether `{other.shown}` is started here or in another way"
        doubt = Open(other.shown, why, other.location)
        mine, theirs = set(start.operations), set(other.operations)
        different = [one for one in (*start.operations, *other.operations) if one not in mine or one not in theirs]
        names = dict.fromkeys(one.name for one in different if one.name.isidentifier() and one.kind not in _READING)
        entries = {name: Entry(name, Unclear(why), other.location) for name in names}
        yield Layer("sourced", f"`{other.shown}`", entries, other.location, doubt=doubt)
        if any(one.kind in _READING for one in different):
            yield Layer("sourced", f"`{other.shown}`", {}, other.location, doubt)
