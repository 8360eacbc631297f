"""`.env` files by python-dotenv's grammar, with places.

The grammar is that of python-dotenv 1.2 (`dotenv/parser.py`), which is what pydantic-settings uses for `env_file`:
a line that is no binding is an error of its own, and reading goes on at the next line. Beside the assignments,
comments are kept: keys that are only there as `# KEY=`, and `[VAULT]` markers, which say that a key is managed by
Vault in production.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.opaque import Opaque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text

_BLANK = pattern(r"\s*")
_SPACE = pattern(r"[^\S\r\n]*")
_EXPORT = pattern(r"export[^\S\r\n]+")
_QUOTED_KEY = pattern(r"'([^']+)'")
_KEY = pattern(r"[^=\#\s]+")
# Possessive, so that an unterminated quote costs one pass over the rest of the file and no backtracking.
_VALUES = {
    "'": pattern(r"'((?:[^'\\]++|\\.)*+)'", re.DOTALL),
    '"': pattern(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL),
}
_ESCAPES = {"'": pattern(r"\\[\\']"), '"': pattern(r"\\[\\'\"abfnrtv]")}
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_REST = pattern(r"[^\r\n]*")
_INLINE_COMMENT = pattern(r"\s#")
# `# KEY=value`; `# KEY = value` in capitals, which are no prose; and a name of several words in capitals that is all a
# comment says.
_COMMENTED_KEY = pattern(
    r"#[#\s]*(?:export[^\S\r\n]+)?(?:([A-Za-z_][A-Za-z0-9_]*(?==)|[A-Z_][A-Z0-9_]*(?=[ \t]+=(?:[ \t]|\Z)))"
    r"|([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+):?[^\S\r\n]*\Z)"
)
_MARKER_AT_START = pattern(r"[#\s]*\[VAULT\](.*)", re.DOTALL)
_NAME = pattern(r"[A-Z*][A-Z0-9_*]*")
_NEWLINE = pattern(r"\r\n|\n|\r")


class Assignment(NamedTuple):
    """One binding. `value` is decoded but not interpolated, and None for a key without `=`.

    `span` runs from the key (or its `export`) to the end of the value; `quote` is the value's quote or empty;
    `source` is the text of `span`.
    """

    key: str
    span: Span
    key_span: Span
    value: Opaque | None
    value_span: Span | None
    export: bool
    quote: str
    source: Opaque

    @property
    def interpolated(self) -> bool:
        """Whether python-dotenv would put another variable into the value."""
        return self.value is not None and "${" in self.value.reveal()


class Comment(NamedTuple):
    """A comment from its `#` to the end of the line; `inline`: it follows a binding."""

    text: str
    span: Span
    inline: bool


class CommentedKey(NamedTuple):
    """A key that stands only in a comment, as in `# KEY=value`, or is all that a comment says."""

    key: str
    span: Span


class Marker(NamedTuple):
    """A `[VAULT]` marker and what it names: keys, or globs such as `S3_*`."""

    names: tuple[str, ...]
    span: Span


class Dotenv(NamedTuple):
    """What a `.env` file says, in file order."""

    assignments: tuple[Assignment, ...]
    comments: tuple[Comment, ...]
    commented: tuple[CommentedKey, ...]
    markers: tuple[Marker, ...]
    problems: tuple[Problem, ...]

    def last(self) -> dict[str, Assignment]:
        """Key -> the binding that wins: the last one. A key whose last binding has no `=` is left out."""
        bindings = {binding.key: binding for binding in self.assignments}
        return {key: binding for key, binding in bindings.items() if binding.value is not None}


def parse(text: Text) -> Dotenv:
    """Reads a whole file; never raises. Each line that is no binding is one of the `problems`."""
    reader = _Reader(text)
    while reader.position < len(text.string):
        reader.binding()
    reader.settle(None)
    return Dotenv(
        tuple(reader.assignments),
        tuple(reader.comments),
        tuple(reader.commented),
        tuple(_markers(reader)),
        tuple(reader.problems),
    )


class _Failure(Exception):  # noqa: N818 - control flow within this module
    """This line is no binding; the argument says why."""


class _Reader:
    """A position that moves over the text, and what was found so far."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.string = text.string
        self.position = 0
        self.assignments: list[Assignment] = []
        self.comments: list[Comment] = []
        self.commented: list[CommentedKey] = []
        self.problems: list[Problem] = []
        self.pending: list[Comment] = []
        self.marked: list[tuple[Comment, str | None]] = []

    def settle(self, key: str | None) -> None:
        """Says which key the markers read since the last binding stand above."""
        self.marked += ((comment, key) for comment in self.pending)
        self.pending.clear()

    def skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.string, self.position)
        if found is not None:
            self.position = found.end()
        return found is not None

    def peek(self) -> str:
        return self.string[self.position : self.position + 1]

    def binding(self) -> None:
        before = self.position
        self.skip(_BLANK)
        start = self.position
        if self.pending and len(_NEWLINE.findall(self.string, before, start)) > 1:
            self.settle(None)
        if start == len(self.string):
            return
        try:
            export = self.skip(_EXPORT)
            if self.peek() == "#":
                self.comment(inline=False)
                return
            self.assignment(start, export=export)
        except _Failure as failure:
            self.skip(_REST)
            self.settle(None)
            message = f"{failure}: python-dotenv skips this line"
            span = self.text.span(start, self.position)
            self.problems.append(Problem(message, span, "write a name, `=` and a value, or make the line a comment"))

    def assignment(self, start: int, *, export: bool) -> None:
        key, key_span = self.key()
        end = self.position
        self.skip(_SPACE)
        value: Opaque | None = None
        value_span = None
        quote = ""
        comment = -1
        if self.peek() == "=":
            self.position += 1
            value_start = self.position
            self.skip(_SPACE)
            spaced = self.position > value_start
            quote = self.peek() if self.peek() in _VALUES else ""
            value_start = self.position
            string, comment = self.quoted(quote) if quote else self.unquoted(spaced=spaced)
            end = self.position if comment < 0 else value_start + len(string)
            value, value_span = Opaque(string), self.text.span(value_start, end)
        if comment >= 0:
            self.position = comment
        self.skip(_SPACE)
        inline = self.peek() == "#"
        if not inline and self.peek() not in ("", "\n", "\r"):
            raise _Failure("text after the closing quote" if quote else "no `=` after the name")
        source = Opaque(self.string[start:end])
        span = self.text.span(start, end)
        self.assignments.append(Assignment(key, span, key_span, value, value_span, export, quote, source))
        self.settle(key)
        if inline:
            self.comment(inline=True)
            self.settle(key)

    def key(self) -> tuple[str, Span]:
        start = self.position
        pattern = _QUOTED_KEY if self.peek() == "'" else _KEY
        found = pattern.match(self.string, start)
        if found is None:
            raise _Failure("an unterminated quoted name" if self.peek() == "'" else "no name before the `=`")
        self.position = found.end()
        group = found.re.groups
        return found[group], self.text.span(*found.span(group))

    def quoted(self, quote: str) -> tuple[str, int]:
        """The decoded value; the position moves behind it. No comment is part of it: -1."""
        found = _VALUES[quote].match(self.string, self.position)
        if found is None:
            raise _Failure("an unterminated quoted value")
        self.position = found.end()
        return _ESCAPES[quote].sub(lambda escape: _ESCAPED.get(escape[0][1], escape[0][1]), found[1]), -1

    def unquoted(self, *, spaced: bool) -> tuple[str, int]:
        """The value and the offset of the comment behind it, or of the line's end."""
        start = self.position
        self.skip(_REST)
        line_end = self.position
        if spaced and self.string.startswith("#", start):
            return "", start
        hash_sign = _INLINE_COMMENT.search(self.string, start, line_end)
        comment = line_end if hash_sign is None else hash_sign.end() - 1
        return self.string[start:comment].rstrip(), comment

    def comment(self, *, inline: bool) -> None:
        start = self.position
        self.skip(_REST)
        words = self.string[start : self.position]
        comment = Comment(words, self.text.span(start, self.position), inline)
        self.comments.append(comment)
        if "[VAULT]" in words and _is_marker(words):
            self.pending.append(comment)
        found = None if inline else _COMMENTED_KEY.match(words)
        if found is not None:
            group = 1 if found[1] else 2
            span = self.text.span(start + found.start(group), start + found.end(group))
            self.commented.append(CommentedKey(found[group], span))
            # A mark above it is about this key, which nothing documents, and not about the key below.
            self.settle(None)


def _is_marker(words: str) -> bool:
    return _MARKER_AT_START.match(words) is not None or words.rstrip(" \t.)").endswith("[VAULT]")


def _markers(reader: _Reader) -> list[Marker]:
    """What each marker names: the names it lists, else the key on its own line, else the next key below it.

    A marker in the middle of a sentence is prose, and one that a blank line cuts off from the next key names nothing.
    """
    keys = {binding.key for binding in reader.assignments}
    markers = []
    for comment, neighbour in reader.marked:
        at_start = _MARKER_AT_START.match(comment.text)
        names = _listed(at_start[1], keys) if at_start else ()
        if not names and neighbour:
            names = (neighbour,)
        if names:
            markers.append(Marker(names, comment.span))
    return sorted(markers, key=lambda marker: marker.span)


def _listed(words: str, keys: set[str]) -> tuple[str, ...]:
    """The names right after a marker: "All S3_* variables ...", "CORS_ORIGINS and SECRET_KEY managed ..."."""
    names = []
    for spelt in re.split(r"[\s,&/:]+", words.strip()):
        word = spelt.strip("`'\"")
        if word.lower() in {"", "all", "and"}:
            continue
        # A capitalised word of a sentence is no name; a name has an underscore or a star, or is a key of the file.
        if word == "*" or _NAME.fullmatch(word) is None or not ("_" in word or "*" in word or word in keys):
            break
        names.append(word)
    return tuple(names)
