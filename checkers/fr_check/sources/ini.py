"""INI files by the grammar of Python's configparser, with places.

The semantics are those of `configparser.ConfigParser(interpolation=None)`, which coverage.py and tox use: `#` and `;`
open a comment only at the start of a line, an indented line continues a value, names of options are lower case, and
`[DEFAULT]` speaks for every section. Where configparser would raise, the first complaint says so and reading goes on.
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

_LINE = pattern(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_SECTION = pattern(r"\[(?P<header>.+)\]", re.DOTALL)
_DELIMITER = pattern(r"[=:]")
_CONFLICT = pattern(r"<{7}(?: |$)|\|{7}(?: |$)|={7}$|>{7}(?: |$)")


class IniLine(NamedTuple):
    """One line of a value, stripped; empty for a blank line inside the value."""

    string: str
    span: Span


class IniOption(NamedTuple):
    """`name` is lower case, `written` as it stands; `value` joins the lines as configparser does, `span` is of it."""

    name: str
    value: str
    span: Span
    lines: tuple[IniLine, ...]
    written: str = ""


class IniSection(NamedTuple):
    """A section: its name as written, the place of its header, its options in order."""

    name: str
    span: Span
    options: tuple[IniOption, ...]


class Ini(NamedTuple):
    """`problems` is not empty exactly where configparser would refuse the file."""

    sections: tuple[IniSection, ...]
    problems: tuple[Problem, ...]
    named: Mapping[str, IniSection]
    options: Mapping[tuple[str, str], IniOption]

    def section(self, name: str) -> IniSection | None:
        """The section of that name, or None."""
        return self.named.get(name)

    def option(self, section: str, name: str) -> IniOption | None:
        """An option of a section; one written below `[DEFAULT]` counts for every section that exists."""
        if section not in self.named:
            return None
        key = name.lower()
        return self.options.get((section, key)) or self.options.get(("DEFAULT", key))


def parse(text: Text) -> Ini:
    """Reads one file; total: what configparser would refuse becomes a problem."""
    return _Reader(text).read()


class _Reader:
    """The state of configparser's line loop: the open section, the open option and its indentation."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.sections: dict[str, tuple[Span, dict[str, list[IniLine]]]] = {}
        self.section: dict[str, list[IniLine]] | None = None
        self.option: list[IniLine] | None = None
        self.written: dict[Span, str] = {}
        self.indent = 0
        self.conflict = False

    def read(self) -> Ini:
        """Every line once."""
        for found in _LINE.finditer(self.text.string):
            if found[0]:
                self._line(found.start(), found[0].rstrip("\r\n"))
        named = {
            name: IniSection(name, span, tuple(self._option(key, lines) for key, lines in options.items()))
            for name, (span, options) in self.sections.items()
        }
        options = {(name, option.name): option for name, section in named.items() for option in section.options}
        return Ini(tuple(named.values()), tuple(self.problems), named, options)

    def _line(self, start: int, line: str) -> None:
        value = line.strip()
        if value.startswith(("#", ";")):
            return
        if _CONFLICT.match(line):
            self._conflict(start, line)
            return
        if not value:
            if self.option is not None:
                self.option.append(IniLine("", self.text.span(start)))
            return
        indent = len(line) - len(line.lstrip())
        place = IniLine(value, self.text.span(start + indent, start + indent + len(value)))
        if self.option is not None and indent > self.indent:
            self.option.append(place)
            return
        self.indent = indent
        header = _SECTION.match(value)
        if header:
            self._header(header["header"], place.span)
        elif self.section is None:
            self._complain(f"`{_short(value)}` stands before any section", place.span, "open with a line like `[run]`")
            # configparser stops here; reading on would only repeat the complaint.
            self._header("", place.span)
        else:
            self._pair(start + indent, value)

    def _conflict(self, start: int, line: str) -> None:
        """Both sides of a merge stand here: what follows from that is the same fault again."""
        if not self.conflict:
            span = self.text.span(start, start + len(line))
            self._complain(
                f"`{_short(line)}` is a conflict marker of git", span, "settle the merge and delete its markers"
            )
        self.conflict = True

    def _header(self, name: str, span: Span) -> None:
        if name in self.sections and name != "DEFAULT":
            self._complain(f"section `[{_short(name)}]` is written twice", span, "join the two sections")
        self.section = self.sections.setdefault(name, (span, {}))[1]
        self.option = None

    def _pair(self, start: int, line: str) -> None:
        found = _DELIMITER.search(line)
        written = line[: found.start()].rstrip() if found else ""
        name = written.lower()
        if found is None or not name:
            span = self.text.span(start, start + len(line))
            self._complain(f"`{_short(line)}` is no `name = value`", span, "write `name = value`, or indent the line")
            return
        value = line[found.end() :].strip()
        offset = start + (line.index(value, found.end()) if value else len(line))
        place = IniLine(value, self.text.span(offset, offset + len(value)))
        section = self.section if self.section is not None else {}
        if name in section:
            self._complain(f"option `{_short(name)}` is written twice in one section", place.span, "delete one of them")
        self.option = section[name] = [place]
        self.written[place.span] = written

    def _option(self, name: str, lines: list[IniLine]) -> IniOption:
        while len(lines) > 1 and not lines[-1].string:
            lines.pop()
        first, last = lines[0].span, lines[-1].span
        value = "\n".join(line.string for line in lines).rstrip()
        span = Span(first.line, first.column, last.end_line, last.end_column)
        return IniOption(name, value, span, tuple(lines), self.written[first])

    def _complain(self, message: str, span: Span, cure: str) -> None:
        if not self.conflict:
            self.problems.append(Problem(message, span, cure))


def _short(string: str) -> str:
    return string if len(string) <= 40 else f"{string[:37]}..."  # noqa: PLR2004 - fits a message
