"""Reads lcov tracefiles (`man geninfo`) of coverage.py, istanbul, c8, gcov, cargo, also several in one file.

A record is counted by a few scans of its bytes, and decoded only where that cannot be exact (a line given twice, a
count that is no number) or where somebody asks which lines. LF, LH, BRF and BRH are hints that are checked, not used.
"""

from __future__ import annotations

import re
from array import array
from itertools import islice

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.measurement import (
    MAX_FAULTS,
    MAX_LINE,
    Arms,
    Counts,
    Detail,
    Fault,
    Ratio,
    Record,
    Report,
    capped,
    unnamed_arms,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = "lcov"
_END = b"end_of_record"
_NAME = pattern(rb"\nSF:([^\n]*)")
# gcov gives what belongs to no line of the source line 0, and lcov counts it as it counts any other.
_LINE = pattern(rb"\nDA:(0|[1-9]\d{0,6}),\d+(?=[\n,])")
_LINE_MISSED = pattern(rb"\nDA:\d+,0+(?=[\n,])")
_CHECKSUM = pattern(rb"\nDA:(0|[1-9]\d{0,6}),\d+,([A-Za-z0-9+/]{22})=*(?=\n)")
_ARM = pattern(rb"\nBRDA:((?:0|[1-9]\d{0,6}),[^\n]*),(?:\d+|-)(?=\n)")
_MISSED = pattern(rb"\nDA:(\d+),0(?=\n)")
_ARM_ROW = pattern(rb"\nBRDA:([^\n]*),(\d+|-)(?=\n)")
_ARM_MISSED = pattern(rb"\nBRDA:[^\n]*,(?:0+|-)(?=\n)")
_NUMBERED_ARM = pattern(rb"\nBRDA:\d+,\w+,\d+,")
_HINT = pattern(rb"\n(LF|LH|BRF|BRH):[ \t]*(\d{1,12})[ \t]*(?=\n)")
_ANY_LINE = pattern(rb"\nDA:([^\n]*)")
_ANY_ARM = pattern(rb"\nBRDA:([^\n]*)")
_COUNT = pattern(rb"\s*[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*")


class _Chunk(NamedTuple):
    """The bytes of one record, newline before and after, and the line of the file, from 1, its first text stands on."""

    body: bytes
    line: int
    ended: bool


def parse(data: bytes) -> Report:
    """Reads a tracefile; total: bytes that are none give a report without records, and faults that say why."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        return Report(FORM, faults=(Fault("malformed", "a NUL byte: the file is binary, not a tracefile"),))
    records: list[Record] = []
    faults: list[Fault] = []
    branches = False
    for chunk in _chunks(b"\n" + data):
        names = _NAME.findall(chunk.body)
        if len(names) == 1 and chunk.ended:
            record, found = _record(names[0], chunk)
            branches = branches or record.counts.branches is not None
            records.append(record)
            faults += found
        else:
            faults += _broken(chunk, len(names))
    return Report(FORM, tuple(records), branches, faults=capped(faults))


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """The file cut at `end_of_record`; what follows the last one is a chunk that is not ended."""
    bodies = data.split(_END)
    if not all(body[:1] in b"\n" and body[-1:] in b"\n" for body in bodies):
        bodies = re.split(rb"(?<=\n)end_of_record[ \t]*(?=\n|\Z)", data)
    newlines = 0
    for index, body in enumerate(bodies):
        ended = index < len(bodies) - 1
        whole = body if ended or body.endswith(b"\n") else body + b"\n"
        yield _Chunk(whole, newlines + len(body) - len(body.lstrip(b"\n")), ended)
        newlines += body.count(b"\n")


def _broken(chunk: _Chunk, names: int) -> list[Fault]:
    lines = [line for line in chunk.body.split(b"\n") if line.strip() and not line.startswith((b"TN:", b"#"))]
    if not lines:
        return []
    where = chunk.line
    if names == 0 and not lines[0].startswith((b"DA:", b"BRDA:", b"LF:", b"FN", b"LH:", b"VER:")):
        return [Fault("malformed", f"`{_shown(lines[0])}` is no record of a tracefile", where)]
    if names == 0:
        return [Fault("malformed", "records without the `SF:` line that names their source file", where)]
    found = _NAME.search(chunk.body)
    name = "" if found is None else _shown(found[1])
    end = "the file ends" if names == 1 else "another source file begins"
    return [Fault("truncated", f"{end} before the `end_of_record` of `{name}`", where)]


class _Sound(NamedTuple):
    """The bytes of a record that was counted without a doubt, and its lines where they are known already."""

    body: bytes
    lines: array[int]


def _record(name: bytes, chunk: _Chunk) -> tuple[Record, list[Fault]]:
    body = chunk.body
    hints = {key: int(value) for key, value in _HINT.findall(body)}
    path = name.decode("utf-8", "replace").strip()
    numbers, lines = _plain_lines(body)
    if not numbers:
        lines = _tally(body, b"\nDA:", _LINE, _LINE_MISSED)
    arms = _tally(body, b"\nBRDA:", _ARM, _ARM_MISSED)
    if lines is None or arms is None:
        return _decoded(path, chunk, hints)
    counts = Counts(lines, arms if arms.total or b"BRF" in hints else None)
    checksums = {} if numbers else {int(line): found for line, found in _CHECKSUM.findall(body)}
    # Up to 7.5 coverage.py wrote a checksum for each line that ran, also where it is a docstring, or line 0 of an empty
    # module, and counted statements alone. What did not run is always a statement.
    if len(checksums) == lines.total > hints.get(b"LF", lines.total) >= lines.missing:
        counts = counts._replace(lines=Ratio(hints[b"LF"] - lines.missing, hints[b"LF"]))
        hints = {key: value for key, value in hints.items() if key != b"LH"}
    if not lines.total and hints.get(b"LF"):
        return _summary(path, counts, hints)
    record = Record(path, counts, _Sound(body, numbers), _decode, _peek)
    record.checksums = checksums
    record.unnamed = _unnamed(counts, hints, body)
    return record, [*_disagreements(record, hints, chunk)]


def _unnamed(counts: Counts, hints: dict[bytes, int], body: bytes) -> int:
    """Arms that only the summary counts. Who numbers the arms is not coverage.py, which describes them."""
    surplus = unnamed_arms(Ratio(hints.get(b"BRH", 0), hints.get(b"BRF", 0)), counts)
    return surplus if surplus and not _NUMBERED_ARM.search(body) else 0


def _tally(body: bytes, mark: bytes, valid: re.Pattern[bytes], missed: re.Pattern[bytes]) -> Ratio | None:
    """Counts the records that start with `mark`; None where only decoding them can tell."""
    written = body.count(mark)
    if not written:
        return Ratio(0, 0)
    if len(set(valid.findall(body))) != written:
        return None
    return Ratio(written - len(missed.findall(body)), written)


def _plain_lines(body: bytes) -> tuple[array[int], Ratio | None]:
    """The lines and the count of DA records in the usual shape, by operations on the whole list.

    The usual shape: no checksums, one after another, no line twice. No lines for any other: `_tally` looks closer.
    """
    first, last = body.find(b"\nDA:"), body.rfind(b"\nDA:")
    section = body[first : body.find(b"\n", last + 1)] if first >= 0 else b""
    written = section.count(b"\n")
    fields = section.replace(b"\nDA:", b",").split(b",")[1:]
    plain = written and len(fields) == 2 * written == 2 * section.count(b"\nDA:") and b",00" not in section
    if not plain or b"" in fields or not b"".join(fields).isdigit():
        return array("I"), None
    try:
        numbers = array("I", map(int, fields[::2]))
    except (OverflowError, ValueError):  # a number of more than 32 bits, or more than 4,300 digits
        return array("I"), None
    if len(set(numbers)) != written or max(numbers) > MAX_LINE:
        return array("I"), None
    return numbers, Ratio(written - fields[1::2].count(b"0"), written)


def _peek(raw: object) -> frozenset[int]:
    """The executable lines of a record that was counted without a doubt."""
    if not isinstance(raw, _Sound):
        return frozenset()
    return frozenset(raw.lines or map(int, _LINE.findall(raw.body)))


def _summary(path: str, counts: Counts, hints: dict[bytes, int]) -> tuple[Record, list[Fault]]:
    """A record of LF and LH without a single DA: coarse, but some producers write no more."""
    found = hints[b"LF"]
    lines = Ratio(min(hints.get(b"LH", 0), found), found)
    branches = counts.branches
    if branches is not None and not branches.total:
        branches = Ratio(min(hints.get(b"BRH", 0), hints.get(b"BRF", 0)), hints.get(b"BRF", 0))
    return Record(path, Counts(lines, branches)), []


def _disagreements(record: Record, hints: dict[bytes, int], chunk: _Chunk) -> Iterator[Fault]:
    lines, arms = record.counts.lines, record.counts.branches or Ratio(0, 0)
    facts = [(b"LF", lines.total), (b"LH", lines.covered)]
    if not record.unnamed:
        facts += [(b"BRF", arms.total), (b"BRH", arms.covered)]
    for key, counted in facts:
        if hints.get(key, counted) != counted:
            says = f"`{record.name}` says {key.decode()}:{hints[key]}, but its records count to {counted}"
            yield Fault("inconsistent", says, chunk.line)


def _decoded(path: str, chunk: _Chunk, hints: dict[bytes, int]) -> tuple[Record, list[Fault]]:
    detail = _decode(chunk.body)
    measured = bool(detail.arms) or b"BRF" in hints
    record = Record.of(path, detail, branches=measured)
    record.unnamed = _unnamed(record.counts, hints, chunk.body)
    faults = [
        Fault("malformed", f"`{kind}:{_shown(value)}` of `{path}` is no {what}", chunk.line)
        for kind, what, value in islice(_invalid(chunk.body), MAX_FAULTS)
    ]
    # A line given twice is counted once here and twice in some producers' summaries; neither is a forgery.
    written = chunk.body.count(b"\nDA:")
    if hints.get(b"LF") == written:
        hints = {key: value for key, value in hints.items() if key not in {b"LF", b"LH"}}
    return record, faults or [*_disagreements(record, hints, chunk)]


def _decode(raw: object) -> Detail:
    """Which lines and arms a record holds; a line or arm given twice is hit if either is."""
    if isinstance(raw, _Sound) and raw.lines:
        return _decode_plain(raw)
    raw = raw.body if isinstance(raw, _Sound) else raw
    if not isinstance(raw, bytes):
        return Detail()
    lines: set[int] = set()
    hits: set[int] = set()
    for value in _ANY_LINE.findall(raw):
        number, count = _line_entry(value)
        if number >= 0:
            lines.add(number)
            if count:
                hits.add(number)
    entries = [entry for entry in map(_arm_entry, _ANY_ARM.findall(raw)) if entry is not None]
    found = frozenset(key for key, _ in entries)
    if len(found) < len(entries) == _branches_found(raw):
        # The producer counts arms of one description separately (two ways out of one function): so do we, in order.
        entries = list(_numbered(entries))
        found = frozenset(key for key, _ in entries)
    arms = {FORM: Arms(found, frozenset(key for key, taken in entries if taken))} if found else {}
    return Detail(frozenset(lines), frozenset(hits), arms)


def _decode_plain(raw: _Sound) -> Detail:
    """The same for a record whose lines and arms are all in order."""
    body = raw.body
    missed = frozenset(map(int, _MISSED.findall(body)))
    rows = _ARM_ROW.findall(body)
    found = frozenset(key for key, _ in rows)
    arms = {FORM: Arms(found, frozenset(key for key, taken in rows if taken.strip(b"0-")))} if found else {}
    lines = frozenset(raw.lines)
    return Detail(lines, lines - missed, arms)


def _branches_found(raw: bytes) -> int:
    return next((int(value) for key, value in _HINT.findall(raw) if key == b"BRF"), -1)


def _numbered(entries: list[tuple[bytes, bool]]) -> Iterator[tuple[bytes, bool]]:
    seen: dict[bytes, int] = {}
    for key, taken in entries:
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else key + b"#%d" % seen[key]), taken


def _line_entry(value: bytes) -> tuple[int, bool]:
    """The line and whether it was hit, of `12,3` or `12,3,checksum`; line -1 where it is no such thing."""
    parts = value.split(b",", 2)
    number = parts[0].strip()
    if len(parts) == 1 or not number.isdigit() or len(number) > len(str(MAX_LINE)) or not _COUNT.fullmatch(parts[1]):
        return -1, False
    line = int(number)
    return (line if line <= MAX_LINE else -1), float(parts[1]) > 0


def _arm_entry(value: bytes) -> tuple[bytes, bool] | None:
    """The arm `line,block,branch` and whether it was taken; the branch may be text, and may contain commas."""
    key, comma, taken = value.rpartition(b",")
    line, second, _ = key.partition(b",")
    line, taken = line.strip(), taken.strip()
    if not comma or not second or not line.isdigit() or len(line) > len(str(MAX_LINE)):
        return None
    if taken != b"-" and not _COUNT.fullmatch(taken):
        return None
    return key, taken != b"-" and float(taken) > 0


def _invalid(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    for value in _ANY_LINE.findall(body):
        if _line_entry(value)[0] < 0:
            yield "DA", "line and count", value
    for value in _ANY_ARM.findall(body):
        if _arm_entry(value) is None:
            yield "BRDA", "line, block, branch and count", value


def _shown(value: bytes) -> str:
    text = value[:60].decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "?" for char in text)
