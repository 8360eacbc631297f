"""BuildKit's word lexer: quotes, escapes, `${VAR...}` (frontend/dockerfile/shell/lex.go)."""

from __future__ import annotations

import re
from functools import cache

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.parts import joined

# Go's unicode.IsSpace, which BuildKit splits and trims by.
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_SPECIAL = "@*#?-$!0"
_DEPTH = 40


class LexError(ValueError):
    """A word that BuildKit rejects."""


class Reference(NamedTuple):
    """`$NAME` or `${NAME...}`.

    `operator` is empty or one of `-` `:-` `+` `:+` `?` `:?` `#` `##` `%` `%%` `/` `//`; `operand` what follows it, and
    `replacement` the second operand of `/`. `start` and `end` index the string that was lexed.
    """

    name: str
    operator: str
    operand: tuple[str | Reference, ...]
    replacement: tuple[str | Reference, ...]
    start: int
    end: int


Parts = tuple[str | Reference, ...]


def lex(word: str, escape: str = "\\") -> Parts:
    """A word's parts, quotes removed.

    Raises:
        LexError: An unclosed quote or brace, or a substitution that BuildKit does not know.
    """
    # Nothing in it means anything else than itself.
    return (word,) if word.isalnum() else _Lexer(word, escape).until("", raw_escapes=False)


def references(parts: Parts | None) -> list[Reference]:
    """All references in parts, nested ones too, in order."""
    found: list[Reference] = []
    todo = list(reversed(parts or ()))
    while todo:
        part = todo.pop()
        if not isinstance(part, str):
            found.append(part)
            todo.extend(reversed(part.operand + part.replacement))
    return found


def heredoc_words(line: str) -> list[str]:
    """The words of a line in which here-documents are looked for; none when the line does not lex."""
    lexer = _Lexer(line, "\\")
    try:
        return lexer.raw_words()
    except LexError:
        return []


@cache
def _stretches(escape: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What means itself outside of quotes, and between double ones."""
    kept = re.escape(escape)
    return re.compile(r"[^$'\"/}" + kept + "]+"), re.compile(r"[^$\"" + kept + "]+")


class _Lexer:
    def __init__(self, string: str, escape: str) -> None:
        self.s = string
        self.i = 0
        self.n = len(string)
        self.escape = escape
        self.depth = 0
        self.plain, self.quoted = _stretches(escape)

    def until(self, stop: str, *, raw_escapes: bool) -> Parts:
        """Parts up to a stop character, which is consumed; an empty one means the end."""
        parts: list[str | Reference] = []
        s, n = self.s, self.n
        while self.i < n:
            c = s[self.i]
            if c == stop:
                self.i += 1
                return joined(parts)
            if c == "$":
                parts.append(self.dollar())
            elif c == "'":
                parts.append(self.single())
            elif c == '"':
                self.double(parts, raw_escapes=raw_escapes)
            elif c == self.escape:
                kept = s[self.i : self.i + 2]
                parts.append(kept if raw_escapes else kept[1:])
                self.i += 2
            else:
                found = self.plain.match(s, self.i)
                self.i = found.end() if found else self.i + 1
                parts.append(found.group() if found else c)
        if stop:
            raise LexError(f"`{stop}` is missing")
        return joined(parts)

    def single(self) -> str:
        end = self.s.find("'", self.i + 1)
        if end < 0:
            raise LexError("a single quote is never closed")
        text = self.s[self.i + 1 : end]
        self.i = end + 1
        return text

    def double(self, parts: list[str | Reference], *, raw_escapes: bool) -> None:
        self.i += 1
        while self.i < self.n:
            c = self.s[self.i]
            if c == '"':
                self.i += 1
                return
            if c == "$":
                parts.append(self.dollar())
            elif c == self.escape:
                following = self.s[self.i + 1 : self.i + 2]
                special = following in {'"', "$", self.escape}
                if following or raw_escapes:
                    parts.append(c + following if raw_escapes or not special else following)
                self.i += 2
            else:
                found = self.quoted.match(self.s, self.i)
                self.i = found.end() if found else self.i + 1
                parts.append(found.group() if found else c)
        raise LexError("a double quote is never closed")

    def dollar(self) -> str | Reference:
        start = self.i
        self.i += 1
        if not self.s.startswith("{", self.i):
            name = self.name()
            return Reference(name, "", (), (), start, self.i) if name else "$"
        self.i += 1
        following = self.s[self.i : self.i + 1]
        if not following:
            raise LexError("`}` is missing")
        if following in "{}:":
            raise LexError("`${` without the name of a variable")
        if self.depth >= _DEPTH:
            raise LexError(f"substitutions nested more than {_DEPTH} deep")
        self.depth += 1
        found = self.braced(start)
        self.depth -= 1
        return found

    def braced(self, start: int) -> Reference:
        name = self.name()
        operator = self.s[self.i : self.i + 1]
        self.i += 1
        if operator == "}":
            return Reference(name, "", (), (), start, self.i)
        if operator == ":":
            operator += self.s[self.i : self.i + 1]
            self.i += 1
        if operator not in {"-", ":-", "+", ":+", "?", ":?", "#", "%", "/"}:
            raise LexError(f"`{operator}` is no operator that BuildKit knows")
        if operator == "/" and self.s.startswith("/", self.i):
            operator = "//"
            self.i += 1
        if operator in {"/", "//"}:
            pattern = self.until("/", raw_escapes=True)
            return Reference(name, operator, pattern, self.until("}", raw_escapes=True), start, self.i)
        operand = self.until("}", raw_escapes=operator in {"#", "%"})
        if operator in {"#", "%"} and operand and isinstance(operand[0], str) and operand[0].startswith(operator):
            operator, operand = operator * 2, joined([operand[0][1:], *operand[1:]])
        return Reference(name, operator, operand, (), start, self.i)

    def name(self) -> str:
        start = self.i
        first = self.s[start : start + 1]
        if first.isdecimal():
            while self.i < self.n and self.s[self.i].isdecimal():
                self.i += 1
        elif first and first in _SPECIAL:
            self.i += 1
        else:
            while self.i < self.n and (self.s[self.i].isalpha() or self.s[self.i].isdecimal() or self.s[self.i] == "_"):
                self.i += 1
        return self.s[start : self.i]

    def raw_words(self) -> list[str]:
        """Words split at white space, with quotes and escapes as written; `<<` holds on to blanks after it."""
        words: list[str] = []
        word: list[str] = []
        while self.i < self.n:
            start, c = self.i, self.s[self.i]
            if plain := _PLAIN.match(self.s, start):
                self.i = plain.end()
                word.append(plain[0])
                continue
            if c in SPACE:
                self.i += 1
                if word:
                    words.append("".join(word))
                    word = []
                continue
            if c == "$":
                self.dollar()
                *whole, rest = _SPACES.split(self.s[start : self.i])
                for piece in whole:
                    words.append("".join([*word, piece]))
                    word = []
                word.append(rest)
                continue
            if c == "'":
                self.single()
            elif c == '"':
                self.double([], raw_escapes=True)
            elif c == "<" and self.s.startswith("<<", start):
                self.i += 2
                while self.i < self.n and self.s[self.i] in "\t\r ":
                    self.i += 1
            else:
                self.i += 2 if c == self.escape else 1
            word.append(self.s[start : self.i])
        return [*words, "".join(word)] if word else words


_SPACES = pattern(f"[{SPACE}]+")
_PLAIN = pattern(r"[A-Za-z0-9_=./:,-]+")
