"""Reads coverage.py's databases (`.coverage`) through its own public interface, on private copies only.

A database holds what ran, not what could have run: which lines are statements, and where they branch, only the sources
say. Coverage.py's report commands are not used: on the user's own folder they combine and delete what lies beside a
database, and they take longer than `python_analysis`, which counts the same.
"""

from __future__ import annotations

from array import array

from fr_check.core.record import NamedTuple
from fr_check.sources.measurement import ARCS, Arms, Counts, Detail, Fault, Ratio, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coverage import CoverageData

    from fr_check.sources.python_analysis.module import Measurable

FORM = ".coverage"


class Ran(NamedTuple):
    """What ran of one file, over all contexts: its lines, and its arcs as numbers in pairs; `plugin` measured it."""

    lines: array[int]
    arcs: array[int]
    plugin: str = ""

    def pairs(self) -> Iterable[tuple[int, int]]:
        """The arcs: from line to line, negative where code is entered or left."""
        return zip(self.arcs[::2], self.arcs[1::2], strict=True)


class Executed(NamedTuple):
    """What a database holds: name -> what ran, and whether branches were recorded."""

    files: Mapping[str, Ran]
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
        return Executed({name: _ran(data, name) for name in sorted(data.measured_files())}, data.has_arcs())
    except (CoverageException, sqlite3.Error, OSError, ValueError, OverflowError, TypeError) as error:
        # A column may hold anything, whatever its type is called.
        reason = str(error).replace(path, "it").split("\n", 1)[0]
        return Executed({}, branches=False, faults=(Fault("malformed", f"coverage.py cannot read it: {reason}"),))
    finally:
        data.close(force=True)


def _ran(data: CoverageData, name: str) -> Ran:
    """What ran of one file.

    Raises:
        TypeError: what is recorded is no name, or no numbers.
    """
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is no name of a file")
    pairs = (data.arcs(name) or ()) if data.has_arcs() else ()
    arcs = array("i", (line for pair in pairs for line in pair))
    # Python says that an empty module, or one of comments alone, runs line 0, on which no statement can stand.
    lines = {line for line in (arcs if data.has_arcs() else data.lines(name) or ()) if line > 0}
    return Ran(array("i", lines), arcs, data.file_tracer(name) or "")


def record(name: str, ran: Ran, module: Measurable, *, branches: bool) -> Record:
    """What a database says about one source: `module` is what could have run."""
    lines, hits = array("I", sorted(module.statements)), module.ran(ran.lines)
    missed = array("I", (line for line in lines if line not in hits))
    found = [(line, target) for line, targets in module.arms.items() for target in sorted(targets)]
    taken = module.taken(ran.pairs()) if branches else frozenset()
    arms = array("i", (end for arc in found for end in arc))
    counts = Counts(Ratio(len(hits), len(lines)), Ratio(len(taken), len(found)) if branches else None)
    return Record(name, counts, _Packed(lines, missed, arms, bytes(arc in taken for arc in found)), _unpacked, _lines)


class _Packed(NamedTuple):
    """A record without its objects: lines, those missed, arms as numbers in pairs, and which of them were taken."""

    lines: array[int]
    missed: array[int]
    arms: array[int]
    taken: bytes


def _unpacked(raw: object) -> Detail:
    if not isinstance(raw, _Packed):
        return Detail()
    keys = [b"%d,%d" % pair for pair in zip(raw.arms[::2], raw.arms[1::2], strict=True)]
    taken = frozenset(key for key, flag in zip(keys, raw.taken, strict=True) if flag)
    lines = frozenset(raw.lines)
    return Detail(lines, lines.difference(raw.missed), {ARCS: Arms(frozenset(keys), taken)} if keys else {})


def _lines(raw: object) -> frozenset[int]:
    return frozenset(raw.lines) if isinstance(raw, _Packed) else frozenset()
