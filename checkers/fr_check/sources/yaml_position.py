"""From an offset in a YAML scalar's value back to the offset in the file, past folding, indentation and escapes."""

from __future__ import annotations

import sys
from bisect import bisect_right

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

# YAML 1.1's line breaks, which are more than an editor's: libyaml counts NEL, LS and PS too.
_BREAK = pattern("\r\n|[\n\r\x85\u2028\u2029]")
_BETWEEN = " \n\x85\u2028\u2029"
_HEX = pattern("[0-9a-fA-F]+")
_ESCAPE_LENGTH = {"x": 4, "u": 6, "U": 10}
# https://yaml.org/spec/1.1/#id872840; every other letter stands for itself, and nothing for an escaped line break.
_ESCAPES = dict(zip("0abtnvfreN_LP", "\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True))


class Alignment(NamedTuple):
    """Runs of a value that stand unchanged in the raw text: parallel, ascending lists of offsets, and lengths."""

    values: list[int]
    raws: list[int]
    lengths: list[int]

    def offsets(self, start: int, end: int) -> tuple[int, int] | None:
        """The raw offsets of `value[start:end]`, relative to the scalar's start; None if they are not known."""
        first = self._offset(start)
        last = self._offset(max(end - 1, start))
        if first is None or last is None:
            return None
        return first, max(last + (1 if end > start else 0), first)

    def _offset(self, position: int) -> int | None:
        index = bisect_right(self.values, position) - 1
        if index < 0:
            return None
        # A position between runs is a line break or a fold; it belongs to the end of the run before.
        inside = min(position - self.values[index], self.lengths[index])
        return self.raws[index] + inside


def align(raw: str, value: str, style: str) -> Alignment:
    """Matches a scalar's raw text (quotes or block header included) with its value."""
    found = Alignment([], [], [])
    position = 0
    for offset, line in _block_lines(raw) if style in ("|", ">") else _flow_lines(raw, style):
        units = _unescape(line, style) if style in ("'", '"') else None
        content = line if units is None else "".join(character for character, _ in units)
        # Between two lines stand breaks, or the one blank a fold leaves.
        while position < len(value) and value[position] in _BETWEEN and not value.startswith(content, position):
            position += 1
        if not value.startswith(content, position):
            return Alignment([], [], [])
        runs = [(0, 0, len(line))] if units is None else [(n, at, 1) for n, (_, at) in enumerate(units)]
        for inside, at, length in runs:
            found.values.append(position + inside)
            found.raws.append(offset + at)
            found.lengths.append(length)
        position += len(content)
    return found


def _unescape(line: str, style: str) -> list[tuple[str, int]] | None:
    """The characters a quoted line stands for, each with its offset; None where every one stands for itself."""
    if ("\\" if style == '"' else "''") not in line:
        return None
    units = []
    position = 0
    while position < len(line):
        character, length = line[position], 1
        if style == "'" and character == "'":
            length = 2
        elif style == '"' and character == "\\":
            letter = line[position + 1 : position + 2]
            length = _ESCAPE_LENGTH.get(letter, 2)
            digits = line[position + 2 : position + length]
            code = int(digits, 16) if length > 2 and _HEX.fullmatch(digits) else -1  # noqa: PLR2004 - more than a letter
            character = chr(code) if 0 <= code <= sys.maxunicode else _ESCAPES.get(letter, letter)
        if character:
            units.append((character, position))
        position += length
    return units


def _block_lines(raw: str) -> list[tuple[int, str]]:
    """(offset, content without indentation) of each line of a block scalar that is not blank."""
    lines = _lines(raw)
    explicit = any(character in "123456789" for character in lines[0][1][1:3])
    body = [(offset, line) for offset, line in lines[1:] if line.strip(" ")]
    if not body:
        return []
    # The first line's indentation is the block's. With an explicit indicator the parent's indentation, which is not
    # in `raw`, would be needed: the smallest one is then right unless every line begins with blanks of its own.
    indents = [len(line) - len(line.lstrip(" ")) for _, line in body]
    indent = min(indents) if explicit else indents[0]
    return [
        (offset + min(indent, own), line[min(indent, own) :]) for (offset, line), own in zip(body, indents, strict=True)
    ]


def _flow_lines(raw: str, style: str) -> list[tuple[int, str]]:
    """(offset, content) of each line of a plain or quoted scalar that is folded over several."""
    result = []
    lines = _lines(raw)
    for index, (offset, line) in enumerate(lines):
        start, end = 0, len(line)
        if style and index == 0:
            start = 1
        if style and index == len(lines) - 1 and line.endswith(style):
            end -= 1
        content = line[start:end]
        if index > 0:
            start += len(content) - len(content.lstrip(" \t"))
        if index < len(lines) - 1:
            end -= len(content) - len(content.rstrip(" \t"))
        if start < end:
            result.append((offset + start, line[start:end]))
    return result


def _lines(raw: str) -> list[tuple[int, str]]:
    """(offset, text) of each line."""
    result = []
    start = 0
    if raw.isascii() and "\r" not in raw:  # nearly every file
        for line in raw.split("\n"):
            result.append((start, line))
            start += len(line) + 1
        return result
    for match in _BREAK.finditer(raw):
        result.append((start, raw[start : match.start()]))
        start = match.end()
    result.append((start, raw[start:]))
    return result
