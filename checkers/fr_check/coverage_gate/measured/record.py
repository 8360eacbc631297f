"""Totals recorded by `--record FILE`, and how far measured coverage has fallen below them.

The record keeps the last totals and the highest ever: against the last alone, coverage may sink by less than what is
tolerated, again and again. It is read from the base, so that a change cannot lower the mark it is judged by.
"""

from __future__ import annotations

from fr_check.core.model import Location
from fr_check.core.patterns import pattern
from fr_check.core.repository import Repository
from fr_check.core.text import Text
from fr_check.coverage_gate.measured.gates import BRANCH, LINE, METRICS, ratio
from fr_check.coverage_gate.measured.model import Comparison, Drop
from fr_check.policy.coverage_gate import Coverage
from fr_check.sources.measurement import Counts, Ratio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from fr_check.core.context import Context

VERSION = 1
# A ratio stays on one line, so that a change of it is one line of a diff.
_PAIR = pattern(r"\[\s+(\d+),\s+(\d+)\s+\]")
LAST, HIGHEST = "last", "highest"


def load(context: Context, scopes: Mapping[str, Counts]) -> Comparison | None:
    """Compares with the base's record; without a base, with the record that stands here. None: there is no record."""
    path = context.config.of(Coverage).record
    if path is None:
        return None
    source = context.base if isinstance(context.base, Repository) else context.repository
    text = source.read(path)
    if not isinstance(text, Text):
        return None
    location = Location(path, None, source.revision)
    recorded = _parse(text.string)
    if recorded is None:
        return Comparison(location, problem="it is no record that `--record` writes")
    drops: list[Drop] = []
    vacuous: list[str] = []
    lost: list[str] = []
    for scope, counts in scopes.items():
        marks = recorded.get(scope, {})
        if LAST in marks and not any(one.total and one.covered for one in marks[LAST].values()):
            vacuous.append(scope)
        if BRANCH in marks.get(LAST, {}) and counts.branches is None:
            lost.append(scope)
        drops += _drops(scope, counts, marks)
    return Comparison(location, tuple(drops), tuple(vacuous), lost=tuple(lost))


def _drops(scope: str, counts: Counts, marks: Mapping[str, Mapping[str, Ratio]]) -> list[Drop]:
    found = []
    for metric, now in _figures(counts).items():
        for mark in (LAST, HIGHEST):
            then = marks.get(mark, {}).get(metric)
            if then is None or not then.total or not now.total:
                continue
            if now.covered * then.total < then.covered * now.total:
                found.append(Drop(scope, metric, mark, then, now))
    return found


def record(scopes: Mapping[str, Counts], previous: str = "") -> str:
    """What `--record` writes: the totals now, and the highest of now and `previous` (an earlier record's text)."""
    import json  # noqa: PLC0415 - only for --record

    before = _parse(previous) or {}
    totals: dict[str, Any] = {}
    for scope, counts in scopes.items():
        if not counts.lines.total:
            continue
        now = _figures(counts)
        highest = dict(now)
        for metric, then in before.get(scope, {}).get(HIGHEST, {}).items():
            best = highest.get(metric, then)
            highest[metric] = then if then.covered * best.total > best.covered * then.total else best
        totals[scope] = {LAST: _plain(now), HIGHEST: _plain(highest)}
    # What this run did not measure keeps its marks.
    absent = {scope: marks for scope, marks in before.items() if scope not in totals}
    totals |= {scope: {mark: _plain(ratios) for mark, ratios in marks.items()} for scope, marks in absent.items()}
    text = json.dumps({"version": VERSION, "coverage": totals}, indent=2, sort_keys=True)
    return _PAIR.sub(r"[\1, \2]", text) + "\n"


def _figures(counts: Counts) -> dict[str, Ratio]:
    """The figures that were measured; without branches the blend is no figure of its own."""
    if counts.branches is None:
        return {LINE: counts.lines}
    return {metric: found for metric in METRICS if (found := ratio(counts, metric)) is not None}


def _plain(ratios: Mapping[str, Ratio]) -> dict[str, list[int]]:
    return {metric: [one.covered, one.total] for metric, one in ratios.items()}


def _parse(text: str) -> dict[str, dict[str, dict[str, Ratio]]] | None:
    """Scope -> mark -> metric -> ratio; None for what is no record."""
    import json  # noqa: PLC0415 - only where there is a record

    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            return None
        return {
            scope: {mark: {metric: _ratio(pair) for metric, pair in metrics.items()} for mark, metrics in marks.items()}
            for scope, marks in document["coverage"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _ratio(pair: list[int]) -> Ratio:
    covered, found = pair
    if type(covered) is not int or type(found) is not int or not 0 <= covered <= found:
        raise ValueError(pair)
    return Ratio(covered, found)
