"""The life of one state as a bar that can be focused: both commits in its title, what was not judged hatched."""

from __future__ import annotations

from html import escape

from fr_check.core.secrecy import redact
from fr_check.history.line import date
from fr_check.history.story import NOT_JUDGED, OPEN
from fr_check.history.text import ending
from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.history.story import Episode

_WIDTH = 200
_HEIGHT = 14


def bar(one: Episode, first: int, last: int) -> str:
    """A drawing of one life on the time axis from `first` to `last`, in seconds since the epoch."""
    span = max(1, last - first)

    def at(moment: float) -> float:
        return round((moment - first) * _WIDTH / span, 1)

    start = one.introduced.time
    # A state that is not judged to the end was last seen `least` days after it came.
    stop = start + one.least * 86400 if one.end.kind == NOT_JUDGED or one.end.between else one.end.point.time
    pieces = [_piece(at(start), at(max(stop, start)), f"life {one.severity}{' open' if one.end.kind == OPEN else ''}")]
    pieces += [_piece(at(begin.time), at(end.time), "unjudged") for begin, end in one.unjudged]
    # Foreign text by itself: a name before a colon would make all that follows look like its value.
    came = f"came {date(start)} {one.introduced.commit[:8]} {_short(redact(one.introduced.subject))}"
    title = escape(printable(f"{one.rule} {one.subject}: {came}; {ending(one)}"), quote=True)
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDTH} {_HEIGHT}" tabindex="0" role="img">'
        f"<title>{title}</title>"
        f"{''.join(pieces)}</svg>"
    )


def _short(subject: str) -> str:
    """The row holds the whole of it."""
    return subject if len(subject) <= 60 else f"{subject[:57]}..."  # noqa: PLR2004 - a line of a hint


def _piece(start: float, stop: float, name: str) -> str:
    return f'<rect class="{name}" x="{start}" y="2" width="{max(2.0, round(stop - start, 1))}" height="10"/>'
