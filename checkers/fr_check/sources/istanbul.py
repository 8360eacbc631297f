"""Reads istanbul's JSON, as nyc, jest, vitest and c8 write it: coverage-final.json and coverage-summary.json.

A line counts by the statements that *start* on it, as istanbul's own line coverage does, so several statements are one
line. Percentages in the file are rounded down to two decimals, or the word "Unknown": they are never read.
"""

from __future__ import annotations

from fr_check.sources.coverage_json import table
from fr_check.sources.measurement import MAX_LINE, Arms, Counts, Detail, Fault, Ratio, Record, Report, capped, total

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORM = "istanbul"
SUMMARY = "istanbul summary"


def read(document: dict[str, Any]) -> Report:
    """Reads the parsed file; the summary is told by its `total`."""
    if "total" in document and "statementMap" not in table(document["total"]):
        return _summary(document)
    records: list[Record] = []
    faults: list[Fault] = []
    for key, value in document.items():
        entry = table(table(value).get("data", value))
        detail = _detail(entry)
        if detail is None:
            faults.append(Fault("malformed", f"`{key[:200]}` has no `statementMap` and counters `s`"))
            continue
        path = entry.get("path")
        records.append(Record.of(path if isinstance(path, str) else key, detail))
    return Report(FORM, tuple(records), bool(records), "istanbul", faults=capped(faults))


def _detail(entry: dict[str, Any]) -> Detail | None:
    places, counters = entry.get("statementMap"), entry.get("s")
    if not isinstance(places, dict) or not isinstance(counters, dict):
        return None
    found, taken, lines, hits = set(), set(), set(), set()
    seen: dict[bytes, int] = {}
    for key, place in places.items():
        line, identity = _identity(place)
        if line < 0:
            return None
        identity = _again(seen, identity)
        found.add(identity)
        lines.add(line)
        if _positive(counters.get(key)):
            taken.add(identity)
            hits.add(line)
    arms = _branches(table(entry.get("branchMap")), table(entry.get("b")))
    statements = Arms(frozenset(found), frozenset(taken))
    return Detail(frozenset(lines), frozenset(hits), {FORM: arms} if arms.found else {}, {}, statements)


def _identity(place: object) -> tuple[int, bytes]:
    """The line a place starts on, -1 if it is none, and its identity, the line first."""
    start, end = table(table(place).get("start")), table(table(place).get("end"))
    line = start.get("line")
    if type(line) is not int or not 0 <= line <= MAX_LINE:
        return -1, b""
    rest = f"{start.get('column')}-{end.get('line')}:{end.get('column')}"
    return line, b"%d,%s" % (line, rest.encode("utf-8", "replace"))


def _again(seen: dict[bytes, int], identity: bytes) -> bytes:
    """The identity, numbered where it was `seen`: what is generated from one place is told by its order."""
    number = seen[identity] = seen.get(identity, 0) + 1
    return identity if number == 1 else b"%s#%d" % (identity, number)


def _branches(places: dict[str, Any], counters: dict[str, Any]) -> Arms:
    found, taken = set(), set()
    seen: dict[bytes, int] = {}
    for key, place in places.items():
        line, identity = _identity(table(place).get("loc"))
        if line < 0:
            locations = table(place).get("locations")
            line, identity = _identity(locations[0] if isinstance(locations, list) and locations else None)
        arms = counters.get(key)
        if line < 0 or not isinstance(arms, list):
            continue
        kind = str(table(place).get("type"))[:40].encode("utf-8", "replace")
        for index, hit in enumerate(arms):
            arm = _again(seen, b"%s %s %d" % (identity, kind, index))
            found.add(arm)
            if _positive(hit):
                taken.add(arm)
    return Arms(frozenset(found), frozenset(taken))


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and value > 0


def _summary(document: dict[str, Any]) -> Report:
    """Counts only: enough for totals and floors, never for patches or for uniting shards."""
    records: list[Record] = []
    faults: list[Fault] = []
    for name, entry in document.items():
        if name in {"total", "branchesTrue"}:
            continue
        counts = _stated(table(entry))
        if counts is None:
            faults.append(Fault("malformed", f"the summary of `{name[:200]}` holds no counts"))
        else:
            records.append(Record(name, counts))
    stated = _stated(table(document["total"]))
    counted = total(record.counts for record in records)
    if stated is None:
        faults.append(Fault("malformed", "its `total` holds no counts"))
    elif not faults and records and stated != counted:
        faults.append(
            Fault(
                "inconsistent",
                f"its `total` says {stated.lines.covered} of {stated.lines.total} lines, but its files add up to"
                f" {counted.lines.covered} of {counted.lines.total}"
                if stated.lines != counted.lines
                else "the branches or statements of its `total` are not the sum of its files",
            )
        )
    return Report(SUMMARY, tuple(records), bool(records), "istanbul", faults=capped(faults))


def _stated(entry: dict[str, Any]) -> Counts | None:
    ratios = [_ratio(table(entry.get(key))) for key in ("lines", "branches", "statements")]
    if any(ratio is None for ratio in ratios):
        return None
    return Counts(ratios[0] or Ratio(0, 0), ratios[1], ratios[2])


def _ratio(entry: dict[str, Any]) -> Ratio | None:
    covered, found = entry.get("covered"), entry.get("total")
    if type(covered) is not int or type(found) is not int or not 0 <= covered <= found:
        return None
    return Ratio(covered, found)
