"""Tells which coverage format a file is in, by its content: names and extensions differ from project to project."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.measurement import Fault, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DATABASE = ".coverage"
_DATABASE_MARK = b"SQLite format 3\0"
_TRACE = pattern(rb"(?m)^(?:TN|SF|DA|VER|end_of_record)\b")
_HEAD = 64 * 1024


def parse(data: bytes) -> Report:
    """Reads any format that needs no library. A database is only told by its `form`: it has to be opened."""
    if data.startswith(_DATABASE_MARK):
        return Report(DATABASE)
    reader = _reader(data)
    if reader is None:
        return Report("unknown", faults=(Fault("malformed", "it is in no coverage format that is known here"),))
    return reader(data)


def _reader(data: bytes) -> Callable[[bytes], Report] | None:
    """The reader for some content, imported only when there is such content."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        from fr_check.sources import cobertura  # noqa: PLC0415

        return cobertura.parse
    if head.startswith(b"{"):
        return _json
    if _TRACE.search(head):
        from fr_check.sources import lcov  # noqa: PLC0415

        return lcov.parse
    return _nothing if not head else None


def _nothing(_: bytes) -> Report:
    return Report("empty", faults=(Fault("truncated", "it is empty, as a run that was cut short leaves it"),))


def _json(data: bytes) -> Report:
    from fr_check.sources import coverage_json, istanbul  # noqa: PLC0415

    document, fault = coverage_json.load(data)
    if fault is not None:
        return Report("JSON", faults=(fault,))
    return coverage_json.read(document) if "meta" in document and "files" in document else istanbul.read(document)
