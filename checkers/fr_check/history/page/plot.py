"""The plot of the page: one panel a checker on a shared time axis, and a strip of events; drawn by matplotlib."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime
from html import escape
from io import StringIO
from itertools import pairwise

from fr_check.core.trouble import Trouble
from fr_check.history.line import date
from fr_check.history.story import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from fr_check.history.line import Point
    from fr_check.history.story import Episode, Story

# Colours that stand for the page's own; no two are alike, and no other colour is drawn.
_COLOURS = {
    "#010203": "var(--ink)",
    "#040506": "var(--error)",
    "#070809": "var(--warning)",
    "#0a0b0c": "var(--line)",
    "#0d0e0f": "var(--event)",
}
_INK, _ERROR, _WARNING, _LINE, _EVENT = _COLOURS
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": ["sans-serif"],
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _LINE,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _LINE,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
}
_WIDE, _NARROW = 11.0, 4.4  # inches
_APART = 0.75
"""The least distance of two dates, as a part of the usual one."""


def plots(story: Story, checkers: Sequence[str]) -> tuple[str, str]:
    """The same drawing for a wide and for a narrow screen, as SVG.

    Raises:
        Trouble: matplotlib is not installed.
    """
    return _plot(story, checkers, _WIDE), _plot(story, checkers, _NARROW)


def _plot(story: Story, checkers: Sequence[str], width: float) -> str:
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra, and slow to load
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        raise Trouble("a page needs matplotlib", "run `pip install matplotlib`, or use --format text") from None
    points = seen(story)
    with mpl.rc_context({**_SETTINGS, "svg.hashsalt": f"fr-check {width}"}), warnings.catch_warnings():
        # About an axis of a few seconds, which a history of one afternoon has.
        warnings.simplefilter("ignore", UserWarning)
        shown = busy(story, checkers) or tuple(checkers[:1])
        events = [event for event in story.events if SEVERITIES.index(event.severity) > 0]
        heights = [3] * len(shown) + ([1] if events else [])
        figure = Figure(figsize=(width, 0.42 * sum(heights) + 0.7), layout="constrained")
        rows = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        for row, checker in zip(rows, shown, strict=False):
            _panel(row, [one for one in story.episodes if one.checker == checker], points, checker)
        # Above the panel: within it the lines would run through.
        place = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
        rows[0].legend(fontsize=8, frameon=False, ncols=2, **place)
        if events:
            _strip(rows[-1], [event.point for event in events])
        _dates(rows[-1], narrow=width < _WIDE)
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return _embedded(written.getvalue(), story)


def busy(story: Story, checkers: Sequence[str]) -> tuple[str, ...]:
    """The checkers that found a state to be drawn."""
    found = {one.checker for one in story.at_least("warning")}
    return tuple(checker for checker in checkers if checker in found)


def seen(story: Story) -> tuple[Point, ...]:
    """The line from the first finding on: before it there is nothing to see."""
    points = story.line.points
    first = min((one.introduced.time for one in story.episodes), default=points[0].time)
    first = min([first, *(event.point.time for event in story.events)])
    return tuple(point for point in points if point.time >= first) or points


def _panel(axes: Any, episodes: Sequence[Episode], points: Sequence[Point], checker: str) -> None:
    highest = 1
    for severity, colour, dashes in (("warning", _WARNING, (0, (4, 2))), ("error", _ERROR, "solid")):
        counts = _counts([one for one in episodes if one.severity == severity], points)
        highest = max(highest, *counts)
        turns = [at for at, count in enumerate(counts) if at in {0, len(counts) - 1} or count != counts[at - 1]]
        moments = _moments([points[at] for at in turns])
        axes.step(
            moments,
            [counts[at] for at in turns],
            where="post",
            color=colour,
            linestyle=dashes,
            label=severity,
            linewidth=1.4,
        )
    axes.set_title(checker, loc="left", fontsize=10, pad=3)
    axes.set_ylim(0, highest * 1.15)
    axes.grid(axis="y", linewidth=0.6)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _counts(episodes: Sequence[Episode], points: Sequence[Point]) -> list[int]:
    """How many of these are there after each commit."""
    changes: dict[int, int] = {}
    for one in episodes:
        changes[one.introduced.time] = changes.get(one.introduced.time, 0) + 1
        if one.end.kind in {"cured", "accepted"}:
            changes[one.end.point.time] = changes.get(one.end.point.time, 0) - 1
    total, counts = sum(number for moment, number in changes.items() if moment < points[0].time), []
    for point in points:
        total += changes.pop(point.time, 0)
        counts.append(total)
    return counts


def _strip(axes: Any, points: Sequence[Point]) -> None:
    axes.plot(_moments(points), [0] * len(points), linestyle="none", marker="|", markersize=12, color=_EVENT)
    axes.set_title("events", loc="left", fontsize=10, pad=3)
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _dates(axes: Any, *, narrow: bool) -> None:
    axes.xaxis_date(UTC)
    axes.tick_params(labelsize=8)
    axes.xaxis.get_major_locator().maxticks.update(dict.fromkeys(range(7), 4 if narrow else 10))
    # Every fourth day, and the first of a month: two dates must not stand in one another.
    ticks = [*axes.get_xticks()]
    apart = max((after - before for before, after in pairwise(ticks)), default=0.0)
    kept: list[float] = []
    for tick in reversed(ticks):
        if not kept or kept[-1] - tick >= _APART * apart:
            kept.append(tick)
    axes.set_xticks(kept[::-1])


def _moments(points: Sequence[Point]) -> list[datetime]:
    return [datetime.fromtimestamp(point.time, UTC) for point in points]


def _embedded(svg: str, story: Story) -> str:
    """The drawing without its preamble, in the page's own colours, with a title and a description."""
    points = story.line.points
    drawing = svg[svg.index("<svg") :]
    for colour, name in _COLOURS.items():
        drawing = drawing.replace(colour, name)
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    title = f"States that are there, by checker, {date(points[0].time)} to {date(points[-1].time)}"
    told = f"{len(story.at_least('error'))} states at error, {len(story.at_least('warning'))} at warning or error"
    head, _, rest = drawing.partition(">")
    return f'{head} role="img"><title>{escape(title)}</title><desc>{escape(told)}</desc>{rest}'
