"""The words of an instruction's arguments, and its flags (BuildKit's line_parsers.go and split_command.go)."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.dockerfile.expansion import SPACE

BLANKS = pattern(r"[\t\v\f\r ]+")


class Word(NamedTuple):
    """A word as written, at [start, end) of the string it was cut from (some escapes at the end are left out)."""

    text: str
    start: int
    end: int


def words(rest: str, escape: str) -> list[Word]:
    """Splits at white space outside of quotes; quotes and escapes stay in the words."""
    found: list[Word] = []
    index, size = 0, len(rest)
    while index < size:
        if rest[index] in SPACE:
            index += 1
            continue
        start = index
        dropped = False
        while index < size and rest[index] not in SPACE:
            if rest[index] == escape:
                dropped = index + 1 == size
                index += 2
            elif rest[index] in "'\"":
                index, dropped = _quoted(rest, index, escape)
            else:
                index += 1
        index = min(index, size)
        text = rest[start : index - 1 if dropped else index]
        if text:
            found.append(Word(text, start, index))
    return found


def _quoted(rest: str, start: int, escape: str) -> tuple[int, bool]:
    """Where a quoted stretch ends, and whether it ended in an escape character with nothing after it."""
    quote = rest[start]
    index = start + 1
    while index < len(rest):
        c = rest[index]
        if c == quote:
            return index + 1, False
        if c == escape and quote != "'":
            if index + 1 == len(rest):
                return len(rest), True
            index += 1
        index += 1
    return len(rest), False


def blank_separated(rest: str) -> list[Word]:
    """Splits at blanks, quotes or not: the words of FROM, COPY, VOLUME."""
    return [Word(match.group(), match.start(), match.end()) for match in re.finditer(r"[^\t\v\f\r ]+", rest)]


def flags(rest: str, start: int, escape: str) -> tuple[list[Word], int]:
    """The `--name=value` words before an instruction's arguments, quotes removed, and where the rest begins."""
    found: list[Word] = []
    index, size = start, len(rest)
    while True:
        while index < size and rest[index] in SPACE:
            index += 1
        if not rest.startswith("--", index):
            return found, index
        begin = index
        text, index = _flag(rest, index, escape)
        if text == "--":
            return found, index
        found.append(Word(text, begin, index))


def _flag(rest: str, index: int, escape: str) -> tuple[str, int]:
    """One flag."""
    pieces: list[str] = []
    quote = ""
    while index < len(rest):
        c = rest[index]
        if c == quote:
            quote = ""
        elif not quote and c in "'\"":
            quote = c
        elif not quote and c in SPACE:
            break
        elif c == escape:
            index += 1
            if index == len(rest):
                quote = ""
                continue
            pieces.append(rest[index])
        else:
            pieces.append(c)
        index += 1
    return "".join(pieces), index


def json_strings(rest: str) -> tuple[str, ...] | None:
    """The strings of an instruction's JSON form; None where it is not one.

    Raises:
        ValueError: A JSON array of other things than strings, which BuildKit rejects rather than runs.
    """
    if not rest.lstrip(SPACE).startswith("["):
        return None
    import json  # noqa: PLC0415 - few Dockerfiles need it, and it costs as much as reading one

    try:
        found = json.loads(rest)
    except (json.JSONDecodeError, RecursionError):
        return None
    if not all(isinstance(item, str) for item in found):
        raise ValueError("an array of other things than strings")
    return tuple(found)
