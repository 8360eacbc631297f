"""Signs that coverage data was made from other sources than those judged, cheapest first.

No format names the commit it was made from, and no tool notices: coverage.py reads today's source by the numbers of
yesterday's lines. So the data is held against the sources: lines past the end, sources that are gone, executable lines
that are blank or comments today, lines on which no statement of today's source begins, and statements of today's source
that the data does not hold.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.core.repository import Missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Final, Literal

    from fr_check.core.repository import Unreadable
    from fr_check.sources.measurement import Record

    SignKind = Literal["past-end", "gone", "blank", "no-statement", "missing", "checksum"]


PAST_END: Final = "past-end"
GONE: Final = "gone"
BLANK: Final = "blank"
NO_STATEMENT: Final = "no-statement"
MISSING: Final = "missing"
CHECKSUM: Final = "checksum"
# Parsing costs about a second for each megabyte. Of a larger project, sources in even steps are taken: a report is
# stale as a whole, so that a few hundred sources tell.
_PARSE_BUDGET = 256 * 1024
_NO_LINE = frozenset((0,))


class Sign(NamedTuple):
    """One source file that a report does not fit: why, and the first line (from 1; 0: the whole file) that shows it."""

    kind: SignKind
    path: str
    line: int = 0
    lines: int = 0


class Signs(NamedTuple):
    """What was found, and how far was looked: `parsed` of `sources` were compared statement by statement."""

    found: tuple[Sign, ...] = ()
    sources: int = 0
    parsed: int = 0


def signs(
    places: Mapping[str, str],
    gone: Mapping[str, str],
    records: Iterable[Record],
    read: Callable[[str], bytes | Missing | Unreadable],
    *,
    excluded: Callable[[], tuple[str, ...] | None] = lambda: None,
    raw: bool = False,
) -> Signs:
    """Compares a report with today's sources.

    Args:
        places: name in the report -> path in the repository.
        gone: name in the report -> the path it would have.
        records: the report's records.
        read: reads a path; also files git ignores, since generated sources are measured too.
        excluded: tells the expressions that exclude Python lines from the measurement; None where they are unknown.
        raw: the records hold lines that ran, which may be any line of a statement, not only its first.
    """
    found = [Sign(GONE, path) for path in dict.fromkeys(gone.values()) if isinstance(read(path), Missing)]
    fitting: list[tuple[str, Record, int]] = []
    sources = 0
    for record in records:
        path = places.get(record.name)
        source = None if path is None else read(path)
        if path is None or not isinstance(source, bytes):
            continue
        sources += 1
        sign = _cheap(path, record, source)
        if sign is not None:
            found.append(sign)
        elif path.endswith(".py"):
            fitting.append((path, record, len(source)))
    # What is stale already needs no statement to say so: comparing those would be most of the work.
    chosen = [] if found else fitting[:: _step(fitting)]
    expressions = None if raw or not chosen else excluded()
    # A source may stand in several records: shards one after another, parts of a class.
    held: dict[str, frozenset[int]] = {}
    for path, record, _ in chosen:
        held[path] = held.get(path, frozenset()) | record.lines
    for path, record, _ in chosen:
        source = read(path)
        sign = (
            _thorough(path, _real(record.lines), held[path], source, expressions, raw=raw)
            if isinstance(source, bytes)
            else None
        )
        if sign is not None:
            found.append(sign)
    return Signs(tuple(found), sources, len(chosen))


def _real(lines: frozenset[int]) -> frozenset[int]:
    """The lines without line 0, to which some producers give what stands on none."""
    return lines - _NO_LINE if 0 in lines else lines


def _step(fitting: list[tuple[str, Record, int]]) -> int:
    """Every how many-th source is compared statement by statement: each, within the budget."""
    return max(1, -(-sum(size for *_, size in fitting) // _PARSE_BUDGET))


def _cheap(path: str, record: Record, source: bytes) -> Sign | None:
    numbers = _real(record.lines)
    if not numbers:
        return None
    returns = b"\r" in source
    if returns:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    python = path.endswith(".py")
    # The empty piece after the last newline is no line; producers for other languages do count it.
    count = source.count(b"\n") + (0 if python and source.endswith(b"\n") else 1)
    last = max(numbers)
    if last > max(count, 1):
        return Sign(PAST_END, path, last, count)
    # Whether a carriage return is part of the line that was summed differs between producers.
    changed = _changed(source, record.checksums) if record.checksums and not returns else []
    if changed:
        return Sign(CHECKSUM, path, min(changed), len(changed))
    if not python:
        return None
    # Without spaces, a line that is blank or a comment is empty or begins with `#`: nothing is stripped line by line.
    bare = (b"\n" + source).translate(None, b" \t\f").split(b"\n")
    measured = b"\n".join((b"", *map(bare.__getitem__, numbers), b""))
    if not (b"\n\n" in measured or b"\n#" in measured) or _empty(source):
        return None
    blank = [number for number in numbers if bare[number][:1] in b"#"]
    return Sign(BLANK, path, min(blank), len(blank))


def _changed(source: bytes, checksums: Mapping[int, bytes]) -> list[int]:
    """Lines whose text is not what it was, by the checksums that `geninfo --checksum` and coverage.py write."""
    from base64 import b64encode  # noqa: PLC0415 - few reports hold checksums
    from hashlib import md5  # noqa: PLC0415

    lines = source.split(b"\n")
    sums = (
        (line, b64encode(md5(lines[line - 1], usedforsecurity=False).digest()).rstrip(b"="))
        for line in checksums
        if line
    )
    return [line for line, now in sums if now != checksums[line]]


def _empty(source: bytes) -> bool:
    """Old producers report line 1 of an empty module."""
    return not source.strip()


def _thorough(
    path: str,
    lines: frozenset[int],
    held: frozenset[int],
    source: bytes,
    excluded: tuple[str, ...] | None,
    *,
    raw: bool,
) -> Sign | None:
    from fr_check.core import python_syntax  # noqa: PLC0415 - only for fresh-looking Python data
    from fr_check.sources import python_certain, python_statements  # noqa: PLC0415

    tree = python_syntax.module(source)
    if tree is None:
        return None
    strange = lines - python_statements.possible_lines(tree)
    if strange:
        from fr_check.sources.python_analysis import module  # noqa: PLC0415 - only where lines look strange

        # The tree does not tell where a logical line begins whose first words stand above: `@(`, `case (`.
        laid = module.lines(source)
        begun = frozenset[int]() if laid is None else frozenset(laid.begun)
        strange -= begun | laid.first.keys() if raw and laid is not None else begun
    if strange:
        return Sign(NO_STATEMENT, path, min(strange), len(strange))
    certain = frozenset() if excluded is None else python_certain.certain_lines(tree, source, excluded)
    absent = certain - held
    # A report that lacks most of them counts by other rules than coverage.py: that is no sign of its age.
    return Sign(MISSING, path, min(absent), len(absent)) if absent and 2 * len(absent) <= len(certain) else None


def describe(sign: Sign) -> str:
    """A sign as a clause."""
    if sign.kind == GONE:
        return f"`{sign.path}` is no longer there"
    if sign.kind == PAST_END:
        return f"line {sign.line} is past the end of `{sign.path}` ({sign.lines} lines)"
    if sign.kind == CHECKSUM:
        return f"line {sign.line} of `{sign.path}` is not what it was when its checksum was taken"
    if sign.kind == BLANK:
        return f"line {sign.line} of `{sign.path}` is blank or a comment, yet counts as executable"
    if sign.kind == MISSING:
        return f"the data does not hold the statement on line {sign.line} of `{sign.path}`"
    return f"no statement begins on line {sign.line} of `{sign.path}`, yet it counts as executable"
