"""The first-parent line of a branch: which commits there are, when each became true, and which files were renamed."""

from __future__ import annotations

import re
import time

from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble
from fr_check.repository.git import CannotKnow, complaint, decode
from fr_check.repository.opening import demand_commit, resolve_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.repository.git import Layout

_FORMAT = "--format=%H%x00%P%x00%ct%x00%s%x00"
_FIELDS = 4
# What git's own reader of dates takes without a mistake; of everything else it silently makes "now".
_DATE = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)?)?|\d+[. ](day|week|month|year)s?[. ]ago"

_OR_DATE = {"--since": " or a date (2026-01-31, `6 months ago`)", "--until": ""}


class Point(NamedTuple):
    """One commit of the line. `time` is the committer's, in seconds since the epoch, never before that of its parent.

    `subject` is its first line, as its author wrote it.
    """

    commit: str
    parents: tuple[str, ...]
    time: int
    subject: str

    @property
    def parent(self) -> str | None:
        """What the commit is compared with."""
        return self.parents[0] if self.parents else None


class Line(NamedTuple):
    """The commits that are judged, oldest first; `whole` says whether the first of them is where the history begins."""

    points: tuple[Point, ...]
    whole: bool


def read_line(layout: Layout, since: str | None, until: str | None) -> Line:
    """The line that ends at `until` (HEAD without it), from `since` on: a commit, which counts, or a date.

    Raises:
        Trouble: a name that is neither, no commit in between, or a history that is cut off.
    """
    for option, given in (("--since", since), ("--until", until)):
        if given is not None and not given.strip():
            raise Trouble(f"{option} is empty", f"name a commit{_OR_DATE[option]}, or leave {option} out")
    head = demand_commit(layout, until) if until is not None else layout.head
    if head is None:
        raise Trouble("the repository has no commit yet", "commit something first")
    done = layout.git.run("rev-list", "--first-parent", "--no-commit-header", "--encoding=UTF-8", _FORMAT, head, "--")
    if done.code:
        raise Trouble(f"the history cannot be read: {complaint(done)}", "run `git fsck`")
    points = tuple(_points(decode(done.stdout).split("\0")))
    first = _first(layout, points, since)
    if first == len(points):
        raise Trouble(f"there is no commit since {since}", "name an earlier date, or a commit before the last one")
    whole = first == 0 and not points[0].parents
    if first == 0 and layout.shallow:
        points = points[1:] or points
        whole = False
    return Line(points[first:], whole)


def _points(fields: list[str]) -> Iterator[Point]:
    latest = 0
    rows = [fields[at : at + _FIELDS] for at in range(0, len(fields) - _FIELDS, _FIELDS)]
    for commit, parents, seconds, subject in reversed(rows):
        latest = max(latest, int(seconds))
        yield Point(commit.lstrip("\n"), tuple(parents.split()), latest, subject)


def _first(layout: Layout, points: tuple[Point, ...], since: str | None) -> int:
    """The index of the first commit that counts."""
    if since is None:
        return 0
    commit = resolve_commit(layout, since)
    if isinstance(commit, str):
        return _after_or_at(layout, points, commit)
    if not re.fullmatch(_DATE, since):
        raise Trouble(f"--since {since} names neither a commit nor a date", "write it as 2026-01-31, or `6 months ago`")
    lines = layout.git.lines("rev-parse", f"--since={since}") or [""]
    moment = int(lines[0].partition("=")[2] or 0)
    return next((at for at, point in enumerate(points) if point.time >= moment), len(points))


def _after_or_at(layout: Layout, points: tuple[Point, ...], commit: str) -> int:
    """Where a commit stands on the line, or where it left it."""
    numbers = {point.commit: at for at, point in enumerate(points)}
    if commit in numbers:
        return numbers[commit]
    left = layout.git.lines("rev-list", "--first-parent", points[-1].commit, f"^{commit}", "--")
    return len(points) - len(left or ())


def renamed(layout: Layout, first: str, last: str) -> dict[str, dict[str, str]]:
    """Commit -> old path -> new path, for every commit of the line after `first`, compared with its first parent."""
    options = ("--first-parent", "--diff-merges=first-parent", "-M", "--diff-filter=R", "--name-status", "-z")
    more = ("--no-show-signature", "--no-color", "--ignore-submodules=all", "--no-ext-diff", "--no-textconv")
    done = layout.git.run("log", *options, *more, "--format=%x01%H", last, f"^{first}", "--", timeout=600.0)
    found: dict[str, dict[str, str]] = {}
    for block in decode(done.stdout).split("\x01")[1:]:
        head, *fields = block.split("\0")
        names = [field.lstrip("\n") for field in fields if field.strip("\n")]
        triples = [names[at : at + 3] for at in range(0, len(names) - 2, 3)]
        found[head.strip("\n")] = {old: new for _, old, new in triples}
    return found


def date(moment: float) -> str:
    """A time in seconds since the epoch as YYYY-MM-DD, in UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


def known(layout: Layout, name: str) -> bool:
    """Whether a commit is in the repository."""
    return not isinstance(resolve_commit(layout, name), CannotKnow)
