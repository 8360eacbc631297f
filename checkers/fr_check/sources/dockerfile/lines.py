"""Lines: parser directives, continuations, comments, here-document bodies (frontend/dockerfile/parser/parser.go)."""

from __future__ import annotations

import re

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.sources.dockerfile.expansion import SPACE, LexError, heredoc_words, lex
from fr_check.sources.dockerfile.model import Directive, Heredoc, Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text

_DIRECTIVES = frozenset(("syntax", "escape", "check"))
# A text of nothing but mistakes would cost more time and lines of the report than it is worth.
PROBLEM_LIMIT = 1_000
_HEREDOC = pattern(r"(\d*)<<(-?)\s*([^<]*)\Z", re.ASCII)


class LineReader:
    """Hands out logical lines and the here-documents after them; `problems` gathers what is wrong with either."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.s = text.string
        self.i = 1 if self.s.startswith("\ufeff") else 0
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.problems: list[Problem] = []
        self.row = 0
        self._heading = True

    def problem(self, message: str, start: int, end: int, help: str = "") -> None:  # noqa: A002 - as in Problem
        """Notes what BuildKit would reject; it stops at the first, and of a text that is nothing else so does this."""
        if len(self.problems) < PROBLEM_LIMIT:
            self.problems.append(Problem(message, self.text.span(start, end), help))
        elif len(self.problems) == PROBLEM_LIMIT:
            words = f"after {PROBLEM_LIMIT:,} mistakes the rest of the file is not read"
            self.problems.append(Problem(words, self.text.span(start, end), "is this a Dockerfile?"))
            self.i = len(self.s)

    def line(self) -> Line | None:
        """The next logical line that is not blank; None at the end."""
        pieces: list[str] = []
        starts: list[int] = []
        offsets: list[int] = []
        size = first = end = 0
        while self.i < len(self.s):
            start, raw = self._raw()
            body = raw.lstrip(SPACE)
            if self._heading:
                self._directive(body, start + len(raw) - len(body))
            if not body or body.startswith("#"):
                continue
            if not first:
                first = self.row
                start += len(raw) - len(body)
                raw = body
            kept, continued = self._continued(raw)
            end = start + len(kept)
            starts.append(size)
            offsets.append(start)
            pieces.append(kept)
            size += len(kept)
            if not continued:
                break
        if not first:
            return None
        return Line("".join(pieces), tuple(starts), tuple(offsets), end, first, self.row)

    def _raw(self) -> tuple[int, str]:
        """The next line of the file without its end, and where it starts."""
        start = self.i
        newline = self.s.find("\n", start)
        self.i = len(self.s) if newline < 0 else newline + 1
        self.row += 1
        return start, self.s[start : self.i].rstrip("\r\n")

    def _continued(self, raw: str) -> tuple[str, bool]:
        """The line without its continuation character, and whether it had one; a doubled one is none."""
        body = raw.rstrip(" \t")
        if body.endswith(self.escape) and not body.endswith(self.escape * 2):
            return body[:-1], True
        return raw, False

    def _directive(self, body: str, start: int) -> None:
        """A parser directive; anything else ends them."""
        written, _, value = body[1:].partition("=")
        name, value = written.strip().lower(), value.strip()
        if not body.startswith("#") or name not in _DIRECTIVES or not value:
            self._heading = False
            return
        end = start + len(body)
        if any(directive.name == name for directive in self.directives):
            self.problem(f"the parser directive `{name}` stands here a second time", start, end, "keep one of them")
            return
        self.directives.append(Directive(name, value, self.text.span(start, end)))
        if name != "escape":
            return
        if value in {"\\", "`"}:
            self.escape = value
        else:
            self.problem("the escape character can only be a backslash or a backtick", start, end)

    def heredocs(self, line: Line) -> tuple[Heredoc, ...]:
        """The here-documents that a line announces, with the bodies that follow it."""
        if "<<" not in line.text:
            return ()
        found = []
        for word in heredoc_words(line.text):
            match = _HEREDOC.match(word)
            if not match or not match[3]:
                continue
            try:
                parts = lex(match[3])
            except LexError as error:
                self.problem(f"a here-document's name cannot be read: {error}", line.at(0), line.end)
                continue
            name = "".join(part if isinstance(part, str) else match[3][part.start : part.end] for part in parts)
            if not name:
                continue
            quotes = name.count("'") + name.count('"') != match[3].count("'") + match[3].count('"')
            found.append(self._body(name, line, expand=not quotes, chomp=bool(match[2])))
        return tuple(found)

    def _body(self, name: str, line: Line, *, expand: bool, chomp: bool) -> Heredoc:
        start = self.i
        while self.i < len(self.s):
            end, raw = self._raw()
            if (raw.lstrip("\t") if chomp else raw) == name:
                return Heredoc(name, expand, chomp, self.s[start:end], start, end)
        self.problem(
            f"the here-document `{name}` is never closed", line.at(0), line.end, f"add a line `{name}` after its body"
        )
        return Heredoc(name, expand, chomp, self.s[start:], start, len(self.s))
