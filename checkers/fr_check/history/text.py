"""The story for a terminal: a summary to paste, then what lived longest, what happened, and what is still there."""

from __future__ import annotations

from statistics import median

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import redact
from fr_check.history.line import date
from fr_check.history.story import ACCEPTED, CURED, NOT_JUDGED, OPEN, SEVERITIES
from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.history.line import Point
    from fr_check.history.report import Told
    from fr_check.history.story import Episode, Event, Story

# Without --all: episodes that lived longest, and events of each rule.
_LONGEST = 12
_EVENTS = 12
_MONTH = 30.44 * 86400


class Figures(NamedTuple):
    """How often one rule was broken. `median` and `longest` are days, None where nothing has ended or lived."""

    rule: str
    severity: str
    times: int
    left: int
    unjudged: int
    median: float | None
    longest: float | None


def figures(episodes: Iterable[Episode]) -> tuple[Figures, ...]:
    """The figures of each rule that reached a severity, the worst and most frequent first."""
    by_rule: dict[tuple[str, str], list[Episode]] = {}
    for episode in episodes:
        by_rule.setdefault((episode.rule, episode.severity), []).append(episode)
    rows = [_figures(rule, severity, found) for (rule, severity), found in by_rule.items()]
    return tuple(sorted(rows, key=lambda row: (-SEVERITIES.index(row.severity), -row.times, row.rule)))


def _figures(rule: str, severity: str, episodes: Sequence[Episode]) -> Figures:
    kinds = [episode.end.kind for episode in episodes]
    ended = [episode.least for episode in episodes if episode.end.kind in {CURED, ACCEPTED}]
    longest = max(episode.least for episode in episodes)
    middle = median(ended) if ended else None
    return Figures(rule, severity, len(episodes), kinds.count(OPEN), kinds.count(NOT_JUDGED), middle, longest)


def render(told: Told, *, everything: bool = False) -> str:
    """The whole text; with `everything`, every event and episode, info too."""
    story = told.story
    serious = story.episodes if everything else story.at_least("warning")
    parts = [_heading(told), _summary(story), _table(serious)]
    parts.append(_events(story.events, None if everything else _EVENTS))
    parts.append(_longest(serious, story.line.points[0], None if everything else _LONGEST))
    parts.append(_left(serious))
    parts.append(_notes(told))
    return "\n".join(part for part in parts if part)


def _heading(told: Told) -> str:
    points = told.story.line.points
    by = "its own policy" if told.policy == "then" else "today's policy"
    count = f"{len(points):,} commit{'' if len(points) == 1 else 's'}"
    span = f"{date(points[0].time)} to {date(points[-1].time)}"
    return f"fr-check history: {printable(told.repository)}, {count}, {span}, judged by today's rules and {by}\n"


def _summary(story: Story) -> str:
    """Sentences that a person can paste."""
    points = story.line.points
    months = round((points[-1].time - points[0].time) / _MONTH)
    span = f"In {months} months" if months > 1 else "In these commits"
    events = counted((event.rule for event in story.events if event.severity != "info"), "event")
    errors = story.at_least("error")
    ended = [one.least for one in errors if one.end.kind in {CURED, ACCEPTED}]
    lived = f" (for {_days(median(ended))} in the median)" if ended else ""
    by_rule = counted((one.rule for one in errors), "error")
    kinds = [one.end.kind for one in errors]
    unjudged = f", {kinds.count(NOT_JUDGED)} not judged since" if NOT_JUDGED in kinds else ""
    left = f": {kinds.count(OPEN)} still there{unjudged}" if errors else ""
    return f"{span}: {events}; {by_rule}{lived}{left}.\n"


def counted(rules: Iterable[str], noun: str) -> str:
    """`3 events (2 rewound-pointer, 1 lowered-threshold)`."""
    numbers: dict[str, int] = {}
    for rule in rules:
        numbers[rule] = numbers.get(rule, 0) + 1
    total = sum(numbers.values())
    listed = ", ".join(
        f"{number} {rule}" for rule, number in sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    )
    return f"{total or 'no'} {noun}{'' if total == 1 else 's'}" + (f" ({listed})" if listed else "")


def _table(episodes: Sequence[Episode]) -> str:
    rows = [
        (
            row.rule,
            row.severity,
            str(row.times),
            str(row.left) if not row.unjudged else f"{row.left} + {row.unjudged} not judged",
            "" if row.median is None else _days(row.median),
            "" if row.longest is None else _days(row.longest),
        )
        for row in figures(episodes)
    ]
    return columns(("rule", "severity", "times", "still there", "median", "longest"), rows) if rows else ""


def _events(events: Sequence[Event], limit: int | None) -> str:
    shown = [event for event in events if limit is None or event.severity != "info"]
    if not shown:
        return ""
    last = shown if limit is None else shown[-limit:]
    more = f" (the last {len(last)} of {len(shown)}; --all shows them)" if len(last) < len(shown) else ""
    lines = (
        f"  {date(one.point.time)} {one.point.commit[:8]} {_named(one)}: {_short(one.message, 160)}\n" for one in last
    )
    return f"What happened{more}\n" + "".join(lines)


def _named(event: Event) -> str:
    """The rule; the summary counts no information."""
    return f"{event.rule} (information)" if event.severity == "info" else event.rule


def _longest(episodes: Sequence[Episode], first: Point, limit: int | None) -> str:
    order = sorted(episodes, key=lambda one: (-SEVERITIES.index(one.severity), -one.least, one.introduced.time))
    shown = order if limit is None else order[:limit]
    if not shown:
        return ""
    more = f" (the {len(shown)} worst of {len(order)}; --all shows them)" if len(shown) < len(order) else ""
    return f"What lived longest{more}\n" + "".join(f"  {line}\n" for one in shown for line in _life(one, first))


def _life(one: Episode, first: Point) -> Iterator[str]:
    came = "came "
    if one.introduced is first:
        came = "came at or before " if one.at_or_before else "there from the first commit on, "
    brought = f'{came}{date(one.introduced.time)} {one.introduced.commit[:8]} "{_short(one.introduced.subject)}"'
    again = f", for the {ordinal(one.number)} time" if one.number > 1 else ""
    where = printable(one.paths[-1])
    yield f"{one.severity} {one.rule} `{printable(one.subject)}` in {where}{again}: {lived(one)}"
    yield f"    {brought}"
    yield f"    {ending(one)}"


def lived(one: Episode) -> str:
    """How long it lived, in days."""
    if one.most - one.least >= 0.05:  # noqa: PLR2004 - what a tenth of a day rounds away
        return f"{one.least:.1f} to {_days(one.most)}"
    least = ">= " if one.at_or_before else ""
    apart = f", {_days(one.unknown_days)} of them not judged" if one.unknown_days else ""
    return f"{least}{_days(one.least)}{apart}"


def ending(one: Episode) -> str:
    """How it ended, in a few words."""
    at = f"{date(one.end.point.time)} {one.end.point.commit[:8]}"
    if one.end.kind == OPEN:
        return "still there"
    if one.end.kind == NOT_JUDGED:
        return f"not judged since {at}"
    word = "accepted" if one.end.kind == ACCEPTED else "cured"
    if one.end.between:
        first, last = (f"{date(point.time)} {point.commit[:8]}" for point in one.end.between)
        return f"{word} between {first} and {last}"
    return f'{word} by {at} "{_short(one.end.point.subject)}"'


def ordinal(number: int) -> str:
    """`2nd`."""
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{last}"


def _left(episodes: Sequence[Episode]) -> str:
    left = [one for one in episodes if one.end.kind == OPEN]
    if not left:
        return ""
    order = sorted(left, key=lambda one: (-SEVERITIES.index(one.severity), one.introduced.time))
    lines = [
        f"{one.severity} {one.rule} `{printable(one.subject)}` in {printable(one.paths[-1])},"
        f" since {date(one.introduced.time)} {one.introduced.commit[:8]}"
        for one in order
    ]
    return "Still there\n" + "".join(f"  {line}\n" for line in lines)


def _notes(told: Told) -> str:
    story, lines = told.story, list[str]()
    if story.partly:
        numbers: dict[str, int] = {}
        for _, checkers in story.partly:
            for checker in checkers:
                numbers[checker] = numbers.get(checker, 0) + 1
        by = ", ".join(f"{checker} {number}" for checker, number in sorted(numbers.items()))
        lines.append(f"{len(story.partly)} of {len(story.line.points)} commits could not be judged whole ({by})")
    for one in told.upstream:
        state = f"{one.branch} ends at {one.tip[:8]} ({one.date})" if one.tip and one.branch else "cannot be asked"
        lines.append(
            f"pointers of {printable(one.path)} are compared with its clone as it is now: {state}; what was merged"
            " later counts as merged"
        )
    return "".join(f"note: {line}\n" for line in lines)


def columns(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table of plain text."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _days(days: float) -> str:
    return f"{days:.1f} day{'' if f'{days:.1f}' == '1.0' else 's'}"


def _short(subject: str, length: int = 60) -> str:
    shown = printable(redact(subject))
    return shown if len(shown) <= length else f"{shown[: length - 3]}..."
