r"""Files of variables as Compose reads them: `.env`, `--env-file`, `env_file`, `docker run --env-file`.

The grammar is not python-dotenv's (`fr_check.sources.dotenv`): `X=  # c` is `# c`, text behind a closing quote begins
another entry, `A: b` is an entry, `${X:-1}` and `$X` are filled in values without quotes or with double ones, and one
line that is no entry ends the command. Source: compose-go `dotenv/parser.go`. The raw format (`format: raw`, and all
that `docker run` knows) takes each line as it is: docker/cli `pkg/kvfile`.
"""

from __future__ import annotations

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation
from fr_check.sources.opaque import Opaque

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from fr_check.core.model import Location, Span
    from fr_check.core.text import Text

    Lookup = Callable[[str], str | None]

RAW = "raw"
_BLANKS = "\t\v\f\r \x85\xa0"
_SPACE = (
    _BLANKS + "\n\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_EXPORT = pattern(r"export[\t\n\f\r ]+")
_ESCAPE = pattern(r"""\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})""")
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}
_OCTAL = pattern(r"[0-7]{3}")
_LARGEST_BYTE = 255


class Entry(NamedTuple):
    """One entry; `value` is None for a bare name, which takes the shell's value. `filled`: references count in it."""

    name: str
    value: Opaque | None
    filled: bool
    location: Location
    span: Span

    @property
    def plain(self) -> str | None:
        """The value where nothing can be filled into it; None for any other."""
        text = None if self.value is None else self.value.reveal()
        return None if text is None or (self.filled and "$" in text) else text

    @property
    def template(self) -> interpolation.Template:
        """The value, cut into text and references."""
        text = "" if self.value is None else self.value.reveal()
        return interpolation.parse(text) if self.filled else interpolation.Template((text,) if text else (), (), ())


class EnvText(NamedTuple):
    """A file of variables, in order; with a problem, Compose stops at it."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def read_into(self, variables: dict[str, str], lookup: Lookup) -> tuple[interpolation.Reference, ...]:
        """Adds what the file gives: `lookup` is asked first for a reference, then `variables`, earlier lines included.

        Returns the references that stop Compose.
        """
        stops: list[interpolation.Reference] = []

        def find(name: str) -> str | None:
            found = lookup(name)
            return variables.get(name) if found is None else found

        for entry in self.entries:
            if entry.value is None:
                inherited = lookup(entry.name)
                if inherited is not None:
                    variables[entry.name] = inherited
                continue
            filled = entry.template.fill(find)
            stops += filled.stops
            variables[entry.name] = filled.text
        return tuple(stops)


def parse(text: Text, format: str = "") -> EnvText:  # noqa: A002 - as Compose calls it
    """Reads a whole file; total."""
    return _raw(text) if format == RAW else _Reader(text).read()


class _Reader:
    """A position that moves over the text. One failure ends the reading, as it ends Compose."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.string = text.string
        self.position = 1 if text.string.startswith("\ufeff") else 0
        self.entries: list[Entry] = []
        self.problem: Problem | None = None

    def read(self) -> EnvText:
        while self.problem is None and self.start():
            self.entry()
        return EnvText(tuple(self.entries), () if self.problem is None else (self.problem,))

    def skip(self, characters: str) -> None:
        end = self.position
        while end < len(self.string) and self.string[end] in characters:
            end += 1
        self.position = end

    def line_end(self, position: int) -> int:
        found = self.string.find("\n", position)
        return len(self.string) if found < 0 else found

    def start(self) -> bool:
        """Moves to the next entry, past comments; False at the end."""
        self.skip(_SPACE)
        while self.string.startswith("#", self.position):
            self.position = self.line_end(self.position)
            self.skip(_SPACE)
        return self.position < len(self.string)

    def fail(self, message: str, start: int) -> None:
        span = self.text.span(start, self.line_end(start))
        self.problem = Problem(
            f"{message}: Compose stops here", span, "write a name, `=` and a value, or make the line a comment"
        )

    def entry(self) -> None:
        export = _EXPORT.match(self.string, self.position)
        if export is not None:
            self.position += len("export")
            self.skip(_BLANKS)
        start = end = self.position
        while end < len(self.string) and self.string[end] not in "=:\n":
            character = self.string[end]
            if not (character in _BLANKS or character in "_.-[]" or character.isalpha() or character.isnumeric()):
                self.fail("a character that no name has", start)
                return
            end += 1
        name = self.string[start:end].rstrip(_SPACE)
        if end == len(self.string):
            self.fail("a name at the end of the file, without a value or a line end", start)
            return
        if " " in name:
            self.fail("a blank within a name", start)
            return
        span = self.text.span(start, start + len(name))
        self.position = end + 1
        bare = self.string[end] == "\n"
        value, filled = (None, False) if bare else self.value()
        if self.problem is None:
            hidden = None if value is None else Opaque(value)
            self.entries.append(Entry(name, hidden, filled, self.text.at(span), span))

    def value(self) -> tuple[str, bool]:
        """The decoded value, and whether references in it count."""
        self.skip(_BLANKS)
        quote = self.string[self.position : self.position + 1]
        if quote and quote in "'\"":
            return self.quoted(quote)
        end = self.line_end(self.position)
        value = self.string[self.position : end].partition(" #")[0].rstrip(_SPACE)
        self.position = min(end + 1, len(self.string))
        return value, True

    def quoted(self, quote: str) -> tuple[str, bool]:
        start = self.position
        result: list[str] = []
        escaped = False
        for position in range(start + 1, len(self.string)):
            character = self.string[position]
            if character == quote and not escaped:
                self.position = position + 1
                value = "".join(result)
                return (_ESCAPE.sub(_unescaped, value), True) if quote == '"' else (value, False)
            if character == "\\" and not escaped:
                escaped = True
                continue
            if escaped and character != quote:
                result.append("\\")
            escaped = False
            result.append(character)
        self.fail("a quote that nothing closes", start)
        return "", False


def _unescaped(found: re.Match[str]) -> str:
    letters = found[0][1:]
    if letters == "$":
        return "$$"
    if letters in _SIMPLE:
        return _SIMPLE[letters]
    if not letters.startswith("0"):
        return found[0]
    digits = letters[1:]
    if _OCTAL.fullmatch(digits) and int(digits, 8) <= _LARGEST_BYTE:
        return chr(int(digits, 8))
    return "\\" + digits


def _raw(text: Text) -> EnvText:
    """One entry a line, nothing unquoted or filled; a bare name takes the shell's value."""
    entries: list[Entry] = []
    for number in range(1, text.line_count + 1):
        line = text.line(number)
        content = line.lstrip(_SPACE).removeprefix("\ufeff") if number == 1 else line.lstrip(_SPACE)
        if not content or content.startswith("#"):
            continue
        start = text.offset(number) + len(line) - len(content)
        name, equals, value = content.partition("=")
        span = text.span(start, start + len(name))
        if not name or any(character in _SPACE for character in name):
            problem = Problem("no name before the `=`: Compose stops here", span, "write a name before the `=`")
            return EnvText(tuple(entries), (problem,))
        entries.append(Entry(name, Opaque(value) if equals else None, filled=False, location=text.at(span), span=span))
    return EnvText(tuple(entries), ())
