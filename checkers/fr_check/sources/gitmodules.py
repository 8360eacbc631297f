"""`.gitmodules` and every other file in git's configuration grammar, with the place of every value.

The grammar is `Documentation/config.txt` of git ("Syntax") and `config.c`'s `git_parse_source`: section and key names
fold their case, subsections do not; values may be quoted in parts, continue over lines, and end at `#` or `;`.
Git refuses a whole file for one bad line; this reader goes on with the next line and says so in `problems`.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.text import Text

# What git calls a space: to it a no-break space, even a form feed, is a letter, and it refuses the line.
_SPACES = " \t\n\r"
_SPACE = pattern(r"[ \t\r]*")
_BLANK = pattern(r"[ \t\n\r]*")
_REST = pattern(r"[^\n]*")
_HEADER = pattern(r'\[(?P<name>[A-Za-z0-9.-]+)(?:[ \t]+"(?P<sub>(?:[^"\\\n\0]|\\[^\n\0])*)")?\]')
_KEY = pattern(r"[A-Za-z][A-Za-z0-9-]*")
_PIECE = pattern(r'\\\r?\n|\\.|"|[#;]|\r?\n|[ \t]+|[^\\"#; \t\n\r]+|.', re.DOTALL)
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\b": "\b", "\\\\": "\\", '\\"': '"'}


class Variable(NamedTuple):
    """One assignment. `section` and `key` are lower case; `value` is None for a key without `=` (true)."""

    section: str
    subsection: str | None
    key: str
    value: str | None
    span: Span


class Submodule(NamedTuple):
    """What a file says of one submodule; of a key written twice the last one counts, as in git.

    `span` is the first header, `spans` maps each key to the place of the assignment that counts.
    """

    name: str
    path: str | None
    url: str | None
    branch: str | None
    options: Mapping[str, str | None]
    span: Span
    spans: Mapping[str, Span]


class GitConfig(NamedTuple):
    """A file in git's configuration grammar."""

    variables: tuple[Variable, ...]
    submodules: tuple[Submodule, ...]
    problems: tuple[Problem, ...]

    def get(self, section: str, subsection: str | None, key: str) -> str | None:
        """The value of the last assignment, or None."""
        found = (item.value for item in reversed(self.variables) if item[:3] == (section, subsection, key))
        return next(found, None)


def parse(text: Text) -> GitConfig:
    """Reads a file; total, and linear in its length."""
    reader = _Reader(text)
    reader.read()
    return GitConfig(tuple(reader.variables), _submodules(reader), tuple(reader.problems))


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.string = text.string
        self.variables: list[Variable] = []
        self.headers: dict[str, Span] = {}
        self.problems: list[Problem] = []
        self.section: tuple[str, str | None] = ("", None)  # git takes keys above the first section, too

    def read(self) -> None:
        position, end = 0, len(self.string)
        while position < end:
            position = _end(_BLANK, self.string, position)
            if position >= end:
                break
            character = self.string[position]
            if character in "#;":
                position = _end(_REST, self.string, position)
            elif character == "[":
                position = self._header(position)
            else:
                position = self._variable(position)

    def _header(self, start: int) -> int:
        found = _HEADER.match(self.string, start)
        if found is None:
            self.section = ("", None)
            return self._problem(start, "this is no section header", 'write it as [section] or [section "name"]')
        name, sub = found["name"].lower(), found["sub"]
        if sub is None and "." in name:
            name, _, sub = name.partition(".")
        elif sub is not None:
            sub = re.sub(r"\\(.)", r"\1", sub)
        self.section = (name, sub)
        if name == "submodule" and sub is not None:
            self.headers.setdefault(sub, self.text.span(start, found.end()))
        return found.end()

    def _variable(self, start: int) -> int:
        found = _KEY.match(self.string, start)
        if found is None:
            return self._problem(
                start, "a line must be a comment, a [section] or a key", "remove it, or put a `#` before it"
            )
        position = _end(_SPACE, self.string, found.end())
        value: str | None = None
        after = self.string[position : position + 1]
        if after == "=":
            value, position = self._value(position + 1)
            if position < 0:
                return self._problem(
                    start, "the value has an open quote or an unknown escape", "close it, or double the `\\`"
                )
        elif after not in {"", "\n"}:
            return self._problem(
                start, f"`{found[0]}` is followed by neither `=` nor the end of the line", "write KEY = VALUE"
            )
        stop = len(self.string[start:position].rstrip(_SPACES)) + start
        self.variables.append(Variable(*self.section, found[0].lower(), value, self.text.span(start, stop)))
        return position

    def _value(self, position: int) -> tuple[str, int]:
        """The value that starts at `position` and where its line ends; -1 where git would refuse it."""
        pieces, quoted, spaces = list[str](), False, ""
        for found in _PIECE.finditer(self.string, _end(_SPACE, self.string, position)):
            piece = found[0]
            if piece in {"\n", "\r\n"}:
                return ("", -1) if quoted else ("".join(pieces), found.start())
            if piece == '"':
                quoted = not quoted
                pieces.append(spaces)
                spaces = ""
            elif piece in {"\\\n", "\\\r\n", "\\"}:
                # The line goes on, with the spaces before it; at the end of the file there is nothing to go on with.
                pieces.append(spaces)
                spaces = ""
            elif piece in "#;" and not quoted:
                return "".join(pieces), _end(_REST, self.string, found.start())
            elif piece[0] in _SPACES and not quoted:
                spaces += piece if pieces else ""
            else:
                if piece[0] == "\\" and piece not in _ESCAPES:
                    return "", -1
                pieces += (spaces, _ESCAPES.get(piece, piece))
                spaces = ""
        return ("", -1) if quoted else ("".join(pieces), len(self.string))

    def _problem(self, start: int, message: str, mend: str) -> int:
        end = _end(_REST, self.string, start)
        self.problems.append(Problem(message, self.text.span(start, end), mend))
        return end


def _end(pattern: re.Pattern[str], string: str, position: int) -> int:
    found = pattern.match(string, position)
    return position if found is None else found.end()


def _submodules(reader: _Reader) -> tuple[Submodule, ...]:
    values: dict[str, dict[str, str | None]] = {name: {} for name in reader.headers}
    spans: dict[str, dict[str, Span]] = {name: {} for name in reader.headers}
    for variable in reader.variables:
        if variable.section == "submodule" and variable.subsection in values:
            values[variable.subsection][variable.key] = variable.value
            spans[variable.subsection][variable.key] = variable.span
    return tuple(
        Submodule(
            name, known.get("path"), known.get("url"), known.get("branch"), known, reader.headers[name], spans[name]
        )
        for name, known in values.items()
    )
