"""A template's text cut into literal text, trim markers and actions, and an action into tokens, as Go does it.

Source of the rules: the lexer of Go's text/template/parse. Where a token is wrong, the last token is an `error` whose
text is Go's message; nothing is read behind it.
"""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.literals import code_point, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = " \t\r\n"
_NUMBER = pattern(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?"
    r"|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
# An action up to its `}}` with nothing in it that needs a second look.
_WHOLE = pattern(r"""(?:[^"'`{}]++|"(?:[^"\\\n]++|\\[^\n])*+"|`[^`]*+`|'(?:[^'\\\n]++|\\[^\n])*+'|(?!))*+\}\}""")
_KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))
_SPACES = frozenset(_SPACE)
_SIMPLE = frozenset(("space", "string", "raw", "pipe"))
_UNTERMINATED = {'"': "unterminated quoted string", "`": "unterminated raw quoted string"}


# `{{ else }}`, `{{ end }}`, `{{ printf "%q" . }}`: actions as short as these come again and again, longer ones do not,
# and keeping the tokens of all of them costs more than it saves.
LONGEST_SHARED = 24


class Token(NamedTuple):
    """One token: `kind`, its text (for an error: Go's message) and its offset from the action's start."""

    kind: str
    text: str
    at: int


class Piece(NamedTuple):
    """A part of the template: `kind` is words, trim, action or error (then `message` is Go's)."""

    kind: str
    start: int
    end: int
    tokens: tuple[Token, ...] = ()
    message: str = ""


class _Scanner:
    """The tokens of actions; equal actions are scanned once."""

    def __init__(self, source: str, right: str) -> None:
        self.source = source
        self.right = right
        ender = rf"(?=[ \t\r\n.,|:)(]|\Z|{re.escape(right)})"
        self.pattern = re.compile(
            rf"(?P<space>[ \t\r\n]++)|(?P<string>\"(?:[^\"\\\n]++|\\[^\n])*+\")|(?P<raw>`[^`]*+`)|(?P<dot>\.){ender}"
            rf"|(?P<field>\.(?![0-9])\w++){ender}|(?P<variable>\$\w*+){ender}"
            rf"|(?P<word>(?![0-9])\w++){ender}"
            r"|(?P<character>'(?:[^'\\\n]++|\\[^\n])*+')|(?P<pipe>\|)|(?P<declare>:=)|(?P<assign>=)|(?P<left>\()|(?P<close>\))"
        )
        self.known: dict[str, tuple[Token, ...]] = {}

    def scan(self, start: int, inside: int) -> tuple[tuple[Token, ...], int]:
        """The tokens of the action at `start` whose first token may stand at `inside`, and where it ends."""
        whole = _WHOLE.match(self.source, inside) if self.right == "}}" else None
        if whole is None:
            return self._tokens(start, inside)
        end = whole.end()
        if end - start > LONGEST_SHARED:
            tokens = self._quick(start, inside, end - 2)
            return (tokens, end) if tokens else self._tokens(start, inside)
        key = self.source[start:end]
        tokens = self.known.get(key, ())
        if not tokens:
            tokens = self._quick(start, inside, end - 2)
            if not tokens:
                tokens, after = self._tokens(start, inside)
                if after != end or tokens[-1].kind == "error":
                    return tokens, after
            self.known[key] = tokens
        return tokens, end

    def _quick(self, start: int, position: int, end: int) -> tuple[Token, ...]:
        """The tokens of an action whose `}}` is known to stand at `end`; none if anything in it needs a second look."""
        source = self.source
        trims = source[end - 1] == "-" and source[end - 2] in _SPACE and end - 2 >= position
        last = end - 2 * trims
        tokens: list[Token] = []
        depth = 0
        for found in self.pattern.finditer(source, position, last):
            kind = found.lastgroup or ""
            text = found[0]
            if found.start() != position or not (kind in _SIMPLE or text.isascii()):
                return ()
            position = found.end()
            if kind == "word":
                kind = _word_kind(text)
            elif kind == "left":
                depth += 1
            elif kind == "close":
                depth -= 1
                if depth < 0:
                    return ()
            tokens.append(Token(kind, text, found.start() - start))
        if position != last or depth:
            return ()
        tokens.append(Token("right", self.right, end - start))
        return tuple(tokens)

    def _tokens(self, start: int, position: int) -> tuple[tuple[Token, ...], int]:
        source, right, match = self.source, self.right, self.pattern.match
        tokens: list[Token] = []
        depth = 0
        while True:
            trims = source.startswith("-" + right, position + 1) and source[position] in _SPACE
            if trims or source.startswith(right, position):
                if depth:
                    tokens.append(Token("error", "unclosed left paren", position - start))
                    return tuple(tokens), position
                position += 2 * trims
                tokens.append(Token("right", right, position - start))
                return tuple(tokens), position + len(right)
            found = match(source, position)
            if found is None or not (token := self._token(found, start)):
                token = self._other(position, start)
                tokens.append(token)
                if token.kind == "error":
                    return tuple(tokens), position
                position += len(token.text)
                continue
            tokens.append(token)
            position += len(token.text)
            if token.kind == "left":
                depth += 1
            elif token.kind == "close":
                depth -= 1
                if depth < 0:
                    tokens.append(Token("error", "unexpected right paren U+0029 ')'", position - 1 - start))
                    return tuple(tokens), position

    def _token(self, found: re.Match[str], start: int) -> Token | None:
        kind = found.lastgroup or ""
        text = found[0]
        if kind == "space":
            # The last space may belong to a closing ` -}}`.
            if len(text) > 1 and self.source.startswith("-" + self.right, found.end()):
                text = text[:-1]
        elif kind == "dot" and found.end() == len(self.source):
            kind = "number"  # Go looks one character ahead, and there is none
        elif kind in ("word", "field", "variable"):
            if not text.isascii() and not all(map(_alphanumeric, text.lstrip(".$"))):
                return None
            if kind == "word":
                kind = _word_kind(text)
        return Token(kind, text, found.start() - start)

    def _other(self, position: int, start: int) -> Token:  # noqa: PLR0911 - one return for each kind of token
        """A number, a character that is a token of its own, or the error that Go reports here."""
        source = self.source
        character = source[position : position + 1]
        at = position - start
        if not character:
            return Token("error", "unclosed action", at)
        if character in _UNTERMINATED:
            return Token("error", _UNTERMINATED[character], at)
        if character == "'":
            return Token("error", "unterminated character constant", at)
        if character == ":":
            return Token("error", "expected :=", at)
        after = source[position + 1 : position + 2]
        if character in "+-" or character in "0123456789" or (character == "." and "0" <= after <= "9"):
            return self._number(position, start)
        if character in ".$" or _alphanumeric(character):
            end = position + 1
            while end < len(source) and _alphanumeric(source[end]):
                end += 1
            return Token("error", f"bad character {code_point(source[end : end + 1])}", end - start)
        if " " <= character <= "~":
            return Token("char", character, at)
        return Token("error", f"unrecognized character in action: {code_point(character)}", at)

    def _number(self, position: int, start: int) -> Token:
        """A number, or a complex one, `1+2i`; whether its digits make sense is the parser's question."""
        source = self.source
        kind = "number"
        end, fits = self._digits(position)
        if fits and source[end : end + 1] in ("+", "-"):
            kind = "complex"
            end, fits = self._digits(end)
            fits = fits and source[end - 1] == "i"
        text = source[position:end]
        return Token(kind if fits else "error", text if fits else f"bad number syntax: {quote(text)}", position - start)

    def _digits(self, position: int) -> tuple[int, bool]:
        """Where a number ends, and whether it ends there; the character that does not belong to it counts."""
        found = _NUMBER.match(self.source, position)
        end = found.end() if found else position
        follows = self.source[end : end + 1]
        return (end + 1, False) if follows and _alphanumeric(follows) else (end, True)


def _alphanumeric(character: str) -> bool:
    """Go's letters and digits; what Python calls alphanumeric has numerals such as U+00B2 too."""
    return character == "_" or character.isalpha() or character.isdecimal()


def _word_kind(text: str) -> str:
    if text in _KEYWORDS:
        return "keyword"
    if text in ("true", "false"):
        return "bool"
    return "nil" if text == "nil" else "function"


def split(source: str, left: str, right: str) -> Iterator[Piece]:
    """The template's pieces in order; an error piece is the last one."""
    scanner = _Scanner(source, right)
    closing, width = "-" + right, len(right) + 1
    position = 0
    while (start := source.find(left, position)) >= 0:
        inside = start + len(left)
        trims = source.startswith("-", inside) and source[inside + 1 : inside + 2] in _SPACES
        end = start
        if trims:
            while end > position and source[end - 1] in _SPACE:
                end -= 1
        if end > position:
            yield Piece("words", position, end)
        if "\n" in source[end:start]:
            yield Piece("trim", start, inside + 1)
        inside += 2 * trims
        if source.startswith("/*", inside):
            position, message = _comment_end(source, inside, right)
            if message:
                yield Piece("error", inside, inside + 2, message=message)
                return
        else:
            tokens, position = scanner.scan(start, inside)
            yield Piece("action", start, position, tokens)
            if tokens[-1].kind == "error":
                return
        marker = position - width
        if source.startswith(closing, marker) and source[marker - 1] in _SPACE:
            after = position
            while position < len(source) and source[position] in _SPACE:
                position += 1
            if "\n" in source[after:position]:
                yield Piece("trim", marker, after)
    if position < len(source):
        yield Piece("words", position, len(source))


def _comment_end(source: str, start: int, right: str) -> tuple[int, str]:
    end = source.find("*/", start + 2)
    if end < 0:
        return start, "unclosed comment"
    end += 2
    if source[end : end + 1] in (" ", "\t", "\r", "\n") and source.startswith("-" + right, end + 1):
        end += 2
    if not source.startswith(right, end):
        return start, "comment ends before closing delimiter"
    return end + len(right), ""
