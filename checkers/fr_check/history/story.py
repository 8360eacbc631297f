"""Makes one story of many verdicts: events with their date, states with the commits that brought and ended them.

A finding that is not there at a commit whose checker could not judge everything is *not judged* there, and neither
cured nor there. Times are those of commits, never of the clock.
"""

from __future__ import annotations

from hashlib import sha256

from fr_check.core.record import NamedTuple
from fr_check.history.identity import Item, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Final, Literal

    from fr_check.history.judging import Verdict
    from fr_check.history.line import Line, Point

    Body = dict[str, Any]

    EndKind = Literal["cured", "accepted", "not-judged", "open"]


CURED: Final = "cured"
ACCEPTED: Final = "accepted"
NOT_JUDGED: Final = "not-judged"
OPEN: Final = "open"
_DAY = 86400
SEVERITIES = ("info", "warning", "error")


class Event(NamedTuple):
    """Something that a commit did."""

    rule: str
    checker: str
    severity: str
    subject: str
    path: str
    point: Point
    message: str


class Change(NamedTuple):
    """A state whose message or severity became another."""

    point: Point
    message: str
    severity: str


class End(NamedTuple):
    """How an episode ended: `kind`, at which commit, and the two commits it lies between where that is all one knows.

    `point` is the cure or the acceptance, the first commit that was not judged, or the last one that was.
    """

    kind: EndKind
    point: Point
    between: tuple[Point, Point] | None = None


class Episode(NamedTuple):
    """One life of a state. Times are in days; `least` and `most` differ where the end was not judged.

    `severity` is the worst that it reached, `message` what it said last, `number` counts the lives of one state from 1.
    """

    rule: str
    checker: str
    severity: str
    subject: str
    paths: tuple[str, ...]
    introduced: Point
    at_or_before: bool
    end: End
    least: float
    most: float
    unknown_days: float
    number: int
    message: str
    changes: tuple[Change, ...]
    unjudged: tuple[tuple[Point, Point], ...] = ()

    @property
    def id(self) -> str:
        """16 hex digits, the same as long as the history is: rule, subject, first path, number."""
        identity = "\0".join((self.rule, self.subject, self.paths[0], str(self.number)))
        return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Story(NamedTuple):
    """Everything that happened on a line, in order; `partly` are the commits that were not judged whole."""

    line: Line
    events: tuple[Event, ...]
    episodes: tuple[Episode, ...]
    partly: tuple[tuple[Point, tuple[str, ...]], ...]

    def at_least(self, severity: str) -> tuple[Episode, ...]:
        """The episodes that reached a severity."""
        lowest = SEVERITIES.index(severity)
        return tuple(one for one in self.episodes if SEVERITIES.index(one.severity) >= lowest)


class _Open:
    """An episode that goes on."""

    def __init__(self, body: Body, point: Point, number: int, *, at_or_before: bool) -> None:
        self.item = _item(body)
        self.checker: str = body["checker"]
        self.severity: str = body["severity"]
        self.message: str = body["message"]
        self.worst = self.severity
        self.paths = [self.item.path]
        self.point = point
        self.seen = point
        self.number = number
        self.at_or_before = at_or_before
        self.unjudged: Point | None = None
        self.stretches: list[tuple[Point, Point]] = []
        self.changes: list[Change] = []

    def follow(self, renamed: Mapping[str, str]) -> None:
        """Takes the new name of its file while it is not judged."""
        path = renamed.get(self.item.path)
        if path is not None:
            self.item = self.item._replace(path=path)

    def go_on(self, body: Body, point: Point) -> None:
        """It is there."""
        if self.unjudged is not None:
            self.stretches.append((self.unjudged, point))
            self.unjudged = None
        self.item = _item(body)
        if self.item.path not in self.paths:
            self.paths.append(self.item.path)
        if (body["message"], body["severity"]) != (self.message, self.severity):
            self.message, self.severity = body["message"], body["severity"]
            self.changes.append(Change(point, self.message, self.severity))
            self.worst = max(self.worst, self.severity, key=SEVERITIES.index)
        self.seen = point

    def end(self, kind: EndKind, point: Point) -> Episode:
        """It is over, at this commit at the latest; or the line is."""
        sure = self.seen if self.unjudged is not None else point
        between = (self.seen, point) if self.unjudged is not None and kind in {CURED, ACCEPTED} else None
        at = self.unjudged if kind == NOT_JUDGED and self.unjudged is not None else point
        unknown = sum(_days(start, stop) for start, stop in self.stretches)
        return Episode(
            self.item.rule,
            self.checker,
            self.worst,
            self.item.subject,
            tuple(self.paths),
            self.point,
            self.at_or_before,
            End(kind, at, between),
            _days(self.point, sure),
            _days(self.point, point),
            unknown,
            self.number,
            self.message,
            tuple(self.changes),
            (*self.stretches, *([(self.unjudged, point)] if self.unjudged is not None else [])),
        )


class Teller:
    """Takes verdicts in the order of the line, and tells the story at the end."""

    def __init__(self, line: Line, renames: Mapping[str, Mapping[str, str]]) -> None:
        """`renames` maps a commit to the files it renamed: old path -> new path."""
        self._line = line
        self._renames = renames
        self._open: list[_Open] = []
        self._events: list[Event] = []
        self._ended: list[Episode] = []
        self._partly: list[tuple[Point, tuple[str, ...]]] = []

    def take(self, point: Point, verdict: Verdict) -> None:
        """Goes on by one commit."""
        unknown = {one["checker"] for one in verdict.unknowns}
        if unknown:
            self._partly.append((point, tuple(sorted(unknown))))
        self._events += [_event(body, point) for body in verdict.events]
        renamed = self._renames.get(point.commit, {})
        items = [_item(body) for body in verdict.states]
        same = pairs([one.item for one in self._open], items, renamed)
        kept = {old: verdict.states[new] for new, old in same.items()}
        missing = [one for at, one in enumerate(self._open) if at not in kept]
        accepted = pairs([one.item for one in missing], [_item(body) for body in verdict.suppressed], renamed)
        for at, body in kept.items():
            self._open[at].go_on(body, point)
        gone = self._gone(missing, set(accepted.values()), unknown, point, renamed)
        self._open = [one for one in self._open if one not in gone]
        first = point is self._line.points[0] and not self._line.whole
        for at, body in enumerate(verdict.states):
            if at not in same:
                self._open.append(_Open(body, point, self._lives(items[at]) + 1, at_or_before=first))

    def _gone(
        self, missing: Sequence[_Open], accepted: set[int], unknown: set[str], point: Point, renamed: Mapping[str, str]
    ) -> list[_Open]:
        """Ends the episodes that are over; the others are not judged here."""
        gone = []
        for at, one in enumerate(missing):
            if at in accepted or one.checker not in unknown:
                self._ended.append(one.end(ACCEPTED if at in accepted else CURED, point))
                gone.append(one)
            else:
                one.unjudged = one.unjudged or point
                one.follow(renamed)
        return gone

    def _lives(self, item: Item) -> int:
        """How many episodes the same state had before."""
        return sum(
            1 for one in self._ended if (one.rule, one.subject) == (item.rule, item.subject) and item.path in one.paths
        )

    def tell(self) -> Story:
        """The story so far; what is open is so until the last commit that was taken."""
        last = self._line.points[-1]
        left = [one.end(OPEN if one.unjudged is None else NOT_JUDGED, last) for one in self._open]
        numbers = {point.commit: at for at, point in enumerate(self._line.points)}
        episodes = sorted((*self._ended, *left), key=lambda one: (numbers[one.introduced.commit], one.rule, one.id))
        return Story(self._line, tuple(self._events), tuple(episodes), tuple(self._partly))


def tell(line: Line, verdicts: Iterable[Verdict], renames: Mapping[str, Mapping[str, str]]) -> Story:
    """The story of a whole line; `verdicts` in its order."""
    teller = Teller(line, renames)
    for point, verdict in zip(line.points, verdicts, strict=True):
        teller.take(point, verdict)
    return teller.tell()


def _event(body: Body, point: Point) -> Event:
    where = body["location"]["path"]
    return Event(body["rule"], body["checker"], body["severity"], body["subject"], where, point, body["message"])


def _item(body: Body) -> Item:
    location = body["location"]
    place = (location.get("line") or 0, location.get("column") or 0)
    return Item(body["rule"], body["subject"], location["path"], place)


def _days(start: Point, stop: Point) -> float:
    return (stop.time - start.time) / _DAY
