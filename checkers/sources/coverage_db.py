"""Reads coverage.py's databases (`.coverage`) through its own public interface, on private copies only.

A database holds what ran, not what could have run: which lines are statements only the sources say. So coverage.py
itself makes an lcov report of a copy, with the sources as they stand beside it in the same temporary folder. No
configuration is read (it could name plugins, which are code), and nothing beside the user's file is touched: on the
user's own folder, the report commands combine and delete what lies next to it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple
from checkers.sources import lcov
from checkers.sources.measurement import Detail, Fault, Ratio, Record, Report, capped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORM = ".coverage"


class Executed(NamedTuple):
    """What a database holds: name -> lines that ran, over all contexts, and whether branches were recorded."""

    lines: Mapping[str, frozenset[int]]
    branches: bool
    faults: tuple[Fault, ...] = ()


def read(path: str) -> Executed:
    """Reads a copy of a database; what is none gives no names, and a fault that says why."""
    import sqlite3  # noqa: PLC0415 - coverage imports it too, and only databases need either

    from coverage import CoverageData  # noqa: PLC0415 - 110 ms, for databases only
    from coverage.exceptions import CoverageException  # noqa: PLC0415

    data = CoverageData(basename=path)
    try:
        data.read()
        names = sorted(data.measured_files())
        return Executed({name: frozenset(data.lines(name) or ()) for name in names}, data.has_arcs())
    except (CoverageException, sqlite3.Error, OSError, ValueError) as error:
        reason = str(error).replace(path, "it").split("\n", 1)[0]
        return Executed({}, branches=False, faults=(Fault("malformed", f"coverage.py cannot read it: {reason}"),))
    finally:
        data.close(force=True)


def report(path: str, folder: str, places: Mapping[str, str], excluded: Sequence[str], also: Sequence[str]) -> Report:
    """What coverage.py makes of a copy and of today's sources.

    Args:
        path: the copy. A second one, with names mapped, is written beside it.
        folder: where the sources stand, each at `folder` + its place.
        places: name in the database -> path of the source.
        excluded: regular expressions of `exclude_lines`; empty for coverage.py's defaults.
        also: those of `exclude_also`.
    """
    import warnings  # noqa: PLC0415 - only here

    from coverage import Coverage  # noqa: PLC0415
    from coverage.exceptions import CoverageException  # noqa: PLC0415

    mapped, written = f"{path}-mapped", f"{path}.lcov"
    try:
        with warnings.catch_warnings():
            # Coverage.py warns of sources it cannot parse; the caller sees them missing.
            warnings.simplefilter("ignore")
            branches = _map(path, mapped, folder, places)
            coverage = Coverage(data_file=mapped, config_file=False)
            usual = coverage.get_option("report:exclude_lines")
            patterns = list(excluded) or (list(usual) if isinstance(usual, list) else [])
            coverage.set_option("report:exclude_lines", [*patterns, *also])
            coverage.load()
            coverage.lcov_report(outfile=written, ignore_errors=True)
            coverage.get_data().close(force=True)
    except CoverageException as error:
        return Report(FORM, faults=(Fault("malformed", f"coverage.py makes no report of it: {str(error)[:200]}"),))
    with open(written, "rb") as file:
        return _renamed(lcov.parse(file.read()), folder, places, branches=branches)


def _map(path: str, mapped: str, folder: str, places: Mapping[str, str]) -> bool:
    """Writes a database in which every name is that of the source in `folder`; returns whether it holds branches."""
    from coverage import CoverageData  # noqa: PLC0415

    data, result = CoverageData(basename=path), CoverageData(basename=mapped)
    try:
        data.read()
        branches = data.has_arcs()
        targets = {name: posixpath.join(folder, place) for name, place in places.items()}
        if branches:
            arcs: dict[str, list[tuple[int, int]]] = {}
            for name, target in targets.items():
                arcs.setdefault(target, []).extend(data.arcs(name) or ())
            result.add_arcs(arcs)
        else:
            lines: dict[str, list[int]] = {}
            for name, target in targets.items():
                lines.setdefault(target, []).extend(data.lines(name) or ())
            result.add_lines(lines)
        result.touch_files(targets.values())
        result.write()
        return branches
    finally:
        data.close(force=True)
        result.close(force=True)


def _renamed(found: Report, folder: str, places: Mapping[str, str], *, branches: bool) -> Report:
    """The lcov report, with the database's own names, and a fault for each source coverage.py could not parse."""
    names = {place: name for name, place in places.items()}
    head = folder.rstrip("/") + "/"
    records = []
    for record in found.records:
        place = posixpath.normpath(posixpath.join(head, record.name)).removeprefix(head)
        counts = (
            record.counts if record.counts.branches or not branches else record.counts._replace(branches=Ratio(0, 0))
        )
        detail = record.detail
        records.append(Record(names.pop(place, place), counts, detail, _itself))
    faults = [Fault("malformed", f"coverage.py cannot parse `{place}`") for place in names]
    return Report(FORM, tuple(records), branches, "coverage.py", faults=capped(faults))


def _itself(raw: object) -> Detail:
    return raw if isinstance(raw, Detail) else Detail()
