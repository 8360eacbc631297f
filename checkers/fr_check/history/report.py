"""The story as JSON, version 1: keys may be added within a version, never changed."""

from __future__ import annotations

from fr_check import __version__
from fr_check.core.record import NamedTuple
from fr_check.history.line import date
from fr_check.report.json import dump, tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.history.line import Point
    from fr_check.history.story import Episode, Event, Story

VERSION = 1


class Upstream(NamedTuple):
    """A submodule's clone here, which old pointers are compared with: the tip of the branch that counts, and its date.

    All are None where the clone cannot be asked.
    """

    path: str
    branch: str | None
    tip: str | None
    date: str | None


class Told(NamedTuple):
    """A story and what was asked: `repository` is the name of its folder, `policy` "now" or "then".

    `policy_commit` is the commit whose configuration judged all others, where the policy is "now". `since` is what the
    command line said.
    """

    story: Story
    repository: str
    policy: str
    policy_commit: str | None
    since: str | None
    upstream: tuple[Upstream, ...]
    checkers: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def as_object(told: Told) -> dict[str, Any]:
    """The story as JSON values."""
    story = told.story
    points = story.line.points
    return {
        "version": VERSION,
        "tool": tool(__version__),
        "repository": told.repository,
        "range": {
            "first": _commit(points[0]),
            "last": _commit(points[-1]),
            "commits": len(points),
            "since": told.since,
            "whole": story.line.whole,
        },
        "policy": {"judged_by": told.policy, "commit": told.policy_commit},
        "checkers": list(told.checkers),
        "upstream": [one._asdict() for one in told.upstream],
        "judged": {
            "commits": len(points),
            "partly": [{**_commit(point), "checkers": list(checkers)} for point, checkers in story.partly],
        },
        "events": [_event(event) for event in story.events],
        "episodes": [episode_as_object(episode) for episode in story.episodes],
    }


def render(told: Told) -> str:
    """The document."""
    return dump(as_object(told))


def _commit(point: Point) -> dict[str, Any]:
    return {"commit": point.commit, "date": date(point.time)}


def _event(event: Event) -> dict[str, Any]:
    return {
        "rule": event.rule,
        "checker": event.checker,
        "severity": event.severity,
        "subject": event.subject,
        "path": event.path,
        **_commit(event.point),
        "message": event.message,
    }


def episode_as_object(episode: Episode) -> dict[str, Any]:
    """One episode as JSON values; days are rounded to a tenth."""
    between = episode.end.between
    ended = episode.end.kind in {"cured", "accepted"}
    return {
        "id": episode.id,
        "rule": episode.rule,
        "checker": episode.checker,
        "severity": episode.severity,
        "subject": episode.subject,
        "paths": list(episode.paths),
        "introduced": {
            **_commit(episode.introduced),
            "at_or_before": episode.at_or_before,
            "merged": list(episode.introduced.parents[1:]),
        },
        "end": {
            "kind": episode.end.kind,
            **_commit(episode.end.point),
            "between": [_commit(point) for point in between] if between else None,
            "cured_by": episode.end.point.commit if ended and between is None else None,
        },
        "days": [round(episode.least, 1), round(episode.most, 1)],
        "unknown_days": round(episode.unknown_days, 1),
        "episode": episode.number,
        "message": episode.message,
        "changes": [
            {**_commit(change.point), "message": change.message, "severity": change.severity}
            for change in episode.changes
        ],
    }
