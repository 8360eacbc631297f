"""The story as one self-contained page: readable without a network and without scripts."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from statistics import median

from fr_check import __version__
from fr_check.core.patterns import pattern
from fr_check.core.secrecy import redact
from fr_check.history.line import date
from fr_check.history.page.bars import bar
from fr_check.history.page.looks import SCRIPT, STYLE
from fr_check.history.page.plot import busy, plots, seen
from fr_check.history.story import NOT_JUDGED, OPEN, SEVERITIES
from fr_check.history.text import counted, ending, figures, lived, ordinal
from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.history.line import Point
    from fr_check.history.report import Told
    from fr_check.history.story import Episode, Event

# Rows of a table: more are counted. A page of thousands of rows is no page to read.
_MOST = 200
_DATED = pattern(r"\b\d{4}-\d\d-\d\d(?: [0-9a-f]{8}\b)?|(?:&gt;= |\b)\d+\.\d days?\b")


def render(told: Told) -> str:
    """The page.

    Raises:
        Trouble: matplotlib is not installed.
    """
    story = told.story
    serious = sorted(
        story.at_least("warning"), key=lambda one: (-SEVERITIES.index(one.severity), -one.least, one.introduced.time)
    )
    body = [
        f"<header><h1>{text(told.repository)}: configuration drift</h1>{_cards(told)}{_about(told)}</header>",
        '<section><h2>Over time</h2><div class="wide">{}</div><div class="narrow">{}</div>{}</section>'.format(
            *plots(story, told.checkers), _quiet(told)
        ),
        _rules(serious),
        _episodes(serious, seen(story)),
        _events([event for event in story.events if event.severity != "info"]),
    ]
    return document(f"{told.repository}: configuration drift", "\n".join(body))


def document(title: str, body: str) -> str:
    """A whole document: nothing of it comes from elsewhere, and its one script is allowed by its hash."""
    script = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; base-uri 'none';"
        " form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n"
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def text(string: str) -> str:
    """Foreign text, fit for a page: control characters shown, everything escaped."""
    return escape(printable(redact(string)), quote=True)


def _whole(shown: str) -> str:
    """Part of a page that is not broken into two lines."""
    return f'<span class="whole">{shown}</span>'


def _dated(string: str) -> str:
    """Foreign text; none of its dates and commits is broken into two lines."""
    return _DATED.sub(lambda found: _whole(found[0]), text(string))


def cards(figures_: Iterable[tuple[str, str]]) -> str:
    """Figures with what they count."""
    cells = (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in figures_)
    return f'<dl class="cards">{"".join(cells)}</dl>'


def _cards(told: Told) -> str:
    story = told.story
    errors = story.at_least("error")
    kinds = [one.end.kind for one in errors]
    points = story.line.points
    ended = [one.least for one in errors if one.end.kind not in {OPEN, NOT_JUDGED}]
    return cards(
        (
            ("events", str(sum(1 for event in story.events if event.severity != "info"))),
            ("states at error", str(len(errors))),
            ("still there", str(kinds.count(OPEN))),
            ("not judged since", str(kinds.count(NOT_JUDGED))),
            ("median life", f"{median(ended):.1f} days" if ended else "-"),
            ("commits", f"{len(points):,}"),
        )
    )


def _about(told: Told) -> str:
    story = told.story
    points = story.line.points
    policy = "each commit's own policy" if told.policy == "then" else "today's policy"
    partly = f", {len(story.partly)} of them not whole" if story.partly else ""
    span = f"{date(points[0].time)} to {date(points[-1].time)}; {len(points):,} commits{partly}"
    lines = [f"{span}; judged by fr-check {__version__} with {policy}."]
    for one in told.upstream:
        state = f"{one.branch} ends at {(one.tip or '')[:8]} ({one.date})" if one.branch else "cannot be asked"
        lines.append(f"Pointers of {one.path} are compared with its clone of today: {state}.")
    events = counted((event.rule for event in story.events if event.severity != "info"), "event")
    lines.append(f"{events[0].upper()}{events[1:]}.")
    return "".join(f"<p>{text(line)}</p>" for line in lines)


def _quiet(told: Told) -> str:
    """The checkers that the plot leaves out."""
    left = [name for name in told.checkers if name not in busy(told.story, told.checkers)]
    return f"<p>Nothing at warning or error: {text(', '.join(left))}.</p>" if left else ""


def _rules(serious: Sequence[Episode]) -> str:
    rows = [
        (
            _whole(text(row.rule)),
            row.severity,
            str(row.times),
            str(row.left),
            str(row.unjudged),
            "" if row.median is None else f"{row.median:.1f}",
            "" if row.longest is None else f"{row.longest:.1f}",
        )
        for row in figures(serious)
    ]
    head = ("rule", "severity", "times", "still there", "not judged", "median days", "longest days")
    return f"<section><h2>By rule</h2>{table(head, rows)}</section>" if rows else ""


def _episodes(serious: Sequence[Episode], points: Sequence[Point]) -> str:
    shown = serious[:_MOST]
    rows = [tuple(_cells(one, points)) for one in shown]
    more = f"<p>{len(serious) - len(shown)} more are not shown.</p>" if len(shown) < len(serious) else ""
    head = ("state", "severity", "came", "ended", "days", "life")
    return f"<section><h2>Every state</h2>{table(head, rows)}{more}</section>" if rows else ""


def _cells(one: Episode, points: Sequence[Point]) -> Iterator[str]:
    again = f" ({ordinal(one.number)} time)" if one.number > 1 else ""
    yield f"<b>{text(one.subject)}</b><br>{_whole(text(one.rule))}{again}<br><small>{text(one.paths[-1])}</small>"
    yield one.severity
    came = one.introduced
    before = "at or before " if one.at_or_before else ""
    yield f"{before}{_dated(f'{date(came.time)} {came.commit[:8]}')}<br><small>{text(came.subject)}</small>"
    yield _dated(ending(one))
    yield f'<span data-sort="{one.least:09.1f}">{_dated(lived(one))}</span>'
    yield bar(one, points[0].time, points[-1].time)


def _events(events: Sequence[Event]) -> str:
    rows = [
        (_whole(date(one.point.time)), _whole(text(one.rule)), one.severity, one.point.commit[:8], text(one.message))
        for one in events[-_MOST:]
    ]
    head = ("date", "rule", "severity", "commit", "what happened")
    return f"<section><h2>Events</h2>{table(head, rows)}</section>" if rows else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that becomes a list on a narrow screen; cells are ready HTML, and each has one wrapper."""
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = (
        "<tr>"
        + "".join(
            f'<td data-name="{escape(name)}"><div>{cell}</div></td>' for name, cell in zip(head, row, strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>\n{''.join(lines)}</tbody></table>"
