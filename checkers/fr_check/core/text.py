"""The text of one file, and the arithmetic between offsets in it and places a person can find."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, count
from operator import add

from fr_check.core.model import Location, Problem, Span
from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any, Self, TypeVar

    T = TypeVar("T")

# What editors, Python's tokenizer and YAML agree on. Not str.splitlines(): form feed or U+2028 end no line here.
_NEWLINE = pattern(r"\r\n|\n|\r")
# How often the whole text may be counted through before it gets an index of its lines.
_COUNTED = 10
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def split_lines(string: str, *, keep_ends: bool = False) -> list[str]:
    """The lines of a string as editors, Python, YAML and shells' authors count them; without their ends, unless kept.

    What `str.splitlines()` would end lines at besides (form feed, U+0085, U+2028 ...) are characters like any other.
    """
    found, at = [], 0
    for end in _NEWLINE.finditer(string):
        found.append(string[at : end.end() if keep_ends else end.start()])
        at = end.end()
    return found if at == len(string) else [*found, string[at:]]


def counted(number: int, noun: str) -> str:
    """`1 commit`, `2 commits`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def digits(string: str, most: int = 18) -> int | None:
    """The number that a string of decimal digits is; None for any other, and for one of more than `most` digits.

    Python refuses those of more than 4,300, and `isdigit` holds for what is no digit to `int` (`\u00b2`).
    """
    return int(string) if string.isdecimal() and len(string) <= most else None


class Text:
    """A file's text with where it was read. Offsets count characters of `string`, from 0.

    `string` never contains the byte order mark (`bom` says whether there was one) and is never None: bytes that
    are not UTF-8 become U+FFFD, and `problems` says where the first of them stands.
    """

    def __init__(self, string: str, path: str = "", revision: str | None = None, *, bom: bool = False) -> None:
        self.string = string
        self.path = path
        self.revision = revision
        self.bom = bom
        self.problems: tuple[Problem, ...] = ()
        self._parsed: dict[object, Any] = {}
        self._counted = 0

    @classmethod
    def decode(cls, data: bytes, path: str = "", revision: str | None = None) -> Self:
        """Reads bytes as UTF-8; never raises. A text with `problems` should be reported, not judged."""
        for mark, name in _BYTE_ORDER_MARKS:
            if data.startswith(mark):
                return cls._undecodable(path, revision, f"the file is {name}, not UTF-8", "")
        bom = data.startswith(b"\xef\xbb\xbf")
        body = data[3:] if bom else data
        try:
            text = cls(body.decode("utf-8"), path, revision, bom=bom)
        except UnicodeDecodeError as error:
            where = len(body[: error.start].decode("utf-8"))
            return cls._undecodable(
                path, revision, f"byte 0x{body[error.start]:02x} is not UTF-8", body.decode("utf-8", "replace"), where
            )
        nul = text.string.find("\0")
        if nul >= 0:
            return cls._undecodable(path, revision, "a NUL byte: the file is binary", text.string, nul)
        return text

    @classmethod
    def _undecodable(cls, path: str, revision: str | None, message: str, string: str, offset: int = 0) -> Self:
        text = cls(string, path, revision)
        text.problems = (Problem(message, text.span(offset, offset), "save the file as UTF-8 text"),)
        return text

    @property
    def whole(self) -> bool:
        """Whether nothing was lost in reading: JavaScript may hold a NUL byte, which other formats may not."""
        return not self.problems or (bool(self.string) and "\ufffd" not in self.string)

    def parsed(self, parser: Callable[..., T], *arguments: Hashable) -> T:
        """What a parser makes of this text: each parser reads it once, however many build on what it found.

        A parser is a function of a module, and what it makes hangs on nothing but the text and the arguments.
        """
        key = (parser, *arguments)
        if key not in self._parsed:
            self._parsed[key] = parser(self, *arguments)
        found: T = self._parsed[key]
        return found

    @cached_property
    def _starts(self) -> list[int]:
        if not self._ends_lines_with_newlines:
            return [0, *(match.end() for match in _NEWLINE.finditer(self.string))]
        ends = accumulate(map(len, self.string.split("\n")[:-1]))
        return [0, *map(add, ends, count(1))]  # one more for each newline

    @property
    def line_count(self) -> int:
        """Lines, as an editor shows them: a final newline opens no further line."""
        starts = self._starts
        return len(starts) - (1 if starts[-1] == len(self.string) else 0)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        starts = self.__dict__.get("_starts")
        if starts is None:
            if self._is_asked_little(offset):
                return self.string.count("\n", 0, offset) + 1, offset - self.string.rfind("\n", 0, offset)
            starts = self._starts
        index = bisect_right(starts, offset)
        return index, offset - starts[index - 1] + 1

    def _is_asked_little(self, offset: int) -> bool:
        """Whether counting the newlines before an offset still costs less than an index of them all."""
        if not self._ends_lines_with_newlines:
            return False
        self._counted += offset
        return self._counted <= _COUNTED * len(self.string)

    @cached_property
    def _ends_lines_with_newlines(self) -> bool:
        return "\r" not in self.string

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column, both from 1; clamped to the text."""
        starts = self._starts
        index = min(max(line, 1), len(starts)) - 1
        return min(starts[index] + column - 1, len(self.string))

    def offsets(self, span: Span) -> tuple[int, int]:
        """Where a span starts and ends, as offsets."""
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its end; empty past the last one."""
        starts = self._starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.string)
        return self.string[starts[number - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int | None = None) -> Span:
        """The span of offsets [start, end); without `end`, of nothing at `start`."""
        line, column = self.place(start)
        if end is None:
            return Span(line, column, line, column)
        starts = self.__dict__.get("_starts")
        if starts is not None and start <= end and (line == len(starts) or end < starts[line]):
            return Span(line, column, line, column + end - start)  # most end in their line: no second search
        return Span(line, column, *self.place(end))

    def at(self, span: Span | None) -> Location:
        """The location of a span of this text."""
        return Location(self.path, span, self.revision)

    def location(self, start: int, end: int | None = None) -> Location:
        """The location of offsets [start, end)."""
        return self.at(self.span(start, end))
