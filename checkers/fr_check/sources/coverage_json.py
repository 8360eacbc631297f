"""Reads coverage.py's JSON report (formats 1 to 3): lines, arcs, and totals that must add up to the files."""

from __future__ import annotations

import json

from fr_check.sources.measurement import (
    ARCS,
    MAX_LINE,
    Arms,
    Counts,
    Detail,
    Fault,
    Ratio,
    Record,
    Report,
    capped,
    itself,
    total,
    unnamed_arms,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from fr_check.sources.measurement import FaultKind

FORM = "coverage.json"
_NO_LINE = frozenset((0,))
# Which arcs ran. Older versions (5.5) say how many, and no more.
_LISTS = frozenset(("executed_branches", "missing_branches"))


def load(data: bytes) -> tuple[dict[str, Any], Fault | None]:
    """A JSON object, or the fault that kept it from being read."""
    try:
        document = json.loads(data)
    except RecursionError:
        return {}, Fault("malformed", "its JSON is nested too deeply")
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
        kind: FaultKind = "truncated" if cut and error.doc.strip() else "malformed"
        reason = "the file ends in the middle of its JSON" if kind == "truncated" else f"it is not JSON: {error.msg}"
        return {}, Fault(kind, reason, error.lineno)
    except ValueError as error:
        return {}, Fault("malformed", f"it is not JSON: {error}")
    if not isinstance(document, dict):
        return {}, Fault("malformed", "its JSON is no object")
    return document, None


def read(document: dict[str, Any]) -> Report:
    """Reads the parsed report."""
    meta = table(document.get("meta"))
    files = document.get("files")
    if not isinstance(files, dict):
        return Report(FORM, faults=(Fault("malformed", "it has no `files`"),))
    branches = meta.get("branch_coverage") is True
    records: list[Record] = []
    faults: list[Fault] = []
    for name, entry in files.items():
        detail = _detail(table(entry))
        if detail is None:
            faults.append(Fault("malformed", f"the lines of `{name}` are no lists of numbers"))
            continue
        summary = table(table(entry).get("summary"))
        counts = _of_statements(summary, _counts(detail, branches=branches))
        if branches and not _LISTS.intersection(table(entry)):
            counts = counts._replace(branches=_ratio(summary) or counts.branches)
        record = Record(name, counts, detail, itself)
        record.unnamed = _unnamed(summary, record.counts)
        faults += _disagreements(f"`{name}`", summary, record.counts)
        records.append(record)
    if not faults and records:
        faults += _disagreements("the report", table(document.get("totals")), total(one.counts for one in records))
    producer = f"coverage.py {meta['version']}" if isinstance(meta.get("version"), str) else ""
    return Report(FORM, tuple(records), branches, producer, _made(meta.get("timestamp")), faults=capped(faults))


def table(value: object) -> dict[str, Any]:
    """A JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def _detail(entry: dict[str, Any]) -> Detail | None:
    executed, missing = entry.get("executed_lines"), entry.get("missing_lines")
    if not isinstance(executed, list) or not isinstance(missing, list):
        return None
    if not all(type(line) is int and 0 <= line <= MAX_LINE for line in (*executed, *missing)):
        return None
    # Before 7.13.1 coverage.py wrote that an empty module ran line 0, on which no statement can stand.
    hits = frozenset(executed) - _NO_LINE
    taken, missed = _arcs(entry.get("executed_branches")), _arcs(entry.get("missing_branches"))
    arms = {ARCS: Arms(taken | missed, taken)} if taken or missed else {}
    return Detail(hits.union(missing), hits, arms)


def _arcs(pairs: object) -> frozenset[bytes]:
    """Arcs `[from, to]` as arms; `to` is negative for a way out of the code object."""
    if not isinstance(pairs, list):
        return frozenset()
    return frozenset(
        b"%d,%d" % (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and [type(end) for end in pair] == [int, int] and 0 < pair[0] <= MAX_LINE
    )


def _counts(detail: Detail, *, branches: bool) -> Counts:
    arms = detail.arms.get(ARCS, Arms())
    ratio = Ratio(len(arms.taken), len(arms.found)) if branches else None
    return Counts(Ratio(len(detail.hits), len(detail.lines)), ratio)


def _of_statements(summary: dict[str, Any], counts: Counts) -> Counts:
    """The counts without lines that ran and are no statements, which coverage.py before 7.13.1 lists among those.

    They are docstrings and what is excluded; the summary never counted them. What did not run is always a statement.
    """
    covered, found = summary.get("covered_lines"), summary.get("num_statements")
    if type(covered) is not int or type(found) is not int or not 0 <= covered <= counts.lines.covered:
        return counts
    whole = found == covered + counts.lines.missing
    return counts._replace(lines=Ratio(covered, found)) if whole else counts


def _disagreements(what: str, summary: dict[str, Any], counts: Counts) -> Iterable[Fault]:
    """What the summary states against what the lists count to; percentages are recomputed, never compared."""
    arms = counts.branches or Ratio(0, 0)
    facts = {
        "covered_lines": counts.lines.covered,
        "num_statements": counts.lines.total,
        "missing_lines": counts.lines.missing,
        "num_branches": arms.total,
        "covered_branches": arms.covered,
    }
    if _unnamed(summary, counts):
        del facts["num_branches"], facts["covered_branches"]
    for key, counted in facts.items():
        stated = summary.get(key, counted)
        if stated != counted:
            yield Fault("inconsistent", f"{what} says `{key}` is {stated!r:.20}, but its lists count to {counted}")


def _unnamed(summary: dict[str, Any], counts: Counts) -> int:
    stated = _ratio(summary)
    return 0 if stated is None else unnamed_arms(stated, counts)


def _ratio(summary: dict[str, Any]) -> Ratio | None:
    covered, found = summary.get("covered_branches"), summary.get("num_branches")
    if not (isinstance(covered, int) and isinstance(found, int)) or not 0 <= covered <= found:
        return None
    return Ratio(covered, found)


def _made(timestamp: object) -> int | None:
    """Seconds since the epoch; coverage.py writes local time without a zone."""
    if not isinstance(timestamp, str):
        return None
    from datetime import datetime  # noqa: PLC0415 - only a JSON report needs it

    try:
        return int(datetime.fromisoformat(timestamp).timestamp())
    except (ValueError, OverflowError, OSError):
        return None
