"""Object literals, as JSON and JavaScript configuration files write them: every scalar with the keys that lead to it.

Tolerant on purpose: comments, trailing commas, unquoted keys, calls around the object. What is no literal (a call, a
variable) is passed over. `name = { ... }` counts as the key `name`, since parts of a configuration are often kept in a
constant first; where `key: name` or `...name` takes it, its literals stand there.
"""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text

_DEPTH = 12  # configuration nests no deeper; what does is passed over
_ROUNDS = 3  # constants that are made of others
_MOST = 20_000  # literals that constants may grow to
_BRACKETS = 500  # fewer nest less deeply than any reader of JSON follows
_SPREAD = "spread"
_ESCAPE = pattern(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Literal(NamedTuple):
    """A scalar: its path of keys (array elements add nothing), its text without quotes, `string`, `number` or `name`.

    `start` and `end` are offsets of the file, quotes included.
    """

    path: tuple[str, ...]
    value: str
    kind: str
    start: int
    end: int

    def span(self, text: Text) -> Span:
        """Where it stands."""
        return text.span(self.start, self.end)


class _Token(NamedTuple):
    kind: str
    string: str
    start: int
    end: int


def literals_of(text: Text) -> list[Literal]:
    """The literals of a file, read once; none of one that nests deeper than any reader of JSON follows."""
    return text.parsed(_of)


def _of(text: Text) -> list[Literal]:
    return [] if text.path.endswith(".json") and _too_deep(text.string) else literals(text.string)


def _too_deep(string: str) -> bool:
    if string.count("[") + string.count("{") < _BRACKETS:
        return False
    import json  # noqa: PLC0415 - only where there is such a file

    try:
        json.loads(string)
    except RecursionError:
        return True
    except ValueError:
        return False
    return False


def literals(string: str) -> list[Literal]:
    """Every scalar that is a property's or an array element's value; linear, never raises."""
    reader = _Reader()
    for token in _tokens(string):
        reader.take(token)
    return _in_place(reader.found, reader.assigned)


def _in_place(found: list[Literal], assigned: set[str]) -> list[Literal]:
    """The literals with those of constants where the constants are taken; a spread by itself says nothing."""
    for _ in range(_ROUNDS if assigned else 0):
        whole: dict[str, list[Literal]] = {}
        for item in found:
            if len(item.path) > 1 and item.path[0] in assigned:
                whole.setdefault(item.path[0], []).append(item)
        taken = {one.value for one in found if _takes(one, whole)}
        if not taken or len(found) > _MOST:
            break
        placed: list[Literal] = []
        for item in found:
            if _takes(item, whole) and len(placed) < _MOST:
                placed += (one._replace(path=(*item.path, *one.path[1:])) for one in whole[item.value])
            elif not (len(item.path) > 1 and item.path[0] in taken):
                placed.append(item)
        found = placed
    return [item for item in found if item.kind != _SPREAD]


def _takes(item: Literal, whole: dict[str, list[Literal]]) -> bool:
    """Whether an object of a name stands there, other than in itself."""
    return item.kind in {"name", _SPREAD} and item.value in whole and item.path[:1] != (item.value,)


def _tokens(string: str) -> Iterator[_Token]:
    from fr_check.sources.javascript import tokens  # noqa: PLC0415 - only where there is such a file

    kinds = {
        tokens.NAME: "name",
        tokens.STRING: "string",
        tokens.TEMPLATE: "string",
        tokens.NUMBER: "number",
        tokens.REGEX: "regex",
    }
    found = tokens.tokenize(string, jsx=False)
    for kind, text, start in zip(found.kinds, found.texts, found.starts, strict=True):
        if kind == tokens.TEMPLATE and (text[-2:] == "${" or text[0] == "}"):
            # A part of a template with expressions, which `}` end: what it says is not known.
            if text[-2:] == "${":
                yield _Token("other", "{", start, start + len(text))
            continue
        yield _Token(kinds.get(kind, "other"), text, start, start + len(text))


class _Reader:
    """A stack of open brackets: for each the bracket and how many keys were on the path when it opened."""

    def __init__(self) -> None:
        self.found: list[Literal] = []
        self.stack: list[tuple[str, int]] = []
        self.path: list[str] = []
        self.assigned: set[str] = set()
        self.spread = False
        self.key: str | None = None
        self.before: _Token | None = None
        self.minus = False

    def take(self, token: _Token) -> None:
        if token.kind == "other":
            self._punctuation(token)
            return
        if self.before is not None and token.kind != "regex":
            self._element()
        self.before = token

    def _punctuation(self, token: _Token) -> None:
        character = token.string
        if character in {":", "="} and self.before is not None:
            if self.before.kind in {"string", "name", "number"}:
                self.key = _value(self.before)
                if character == "=" and not self.stack:
                    self.assigned.add(self.key)
                self.before = None
            return
        if character == "...":
            self.spread = True
            return
        if character == "-":
            self.minus = True
            return
        if character in "{[(":
            self.before = None
            self.stack.append((character, len(self.path)))
            if self.key is not None and len(self.path) < _DEPTH:
                self.path.append(self.key)
            self.key = None
        elif character in "}])":
            self._element()
            if self.stack:
                del self.path[self.stack.pop()[1] :]
            self.key = None
        elif character in ",;":
            self._element()
            self.key = None
        else:
            self.before = None

    def _element(self) -> None:
        """Records the scalar that has just ended, where it is a value."""
        token, minus, spread = self.before, self.minus, self.spread
        self.before, self.minus, self.spread = None, False, False
        if token is None or token.kind == "regex" or not self.stack:
            return
        if spread and token.kind == "name" and self.key is None and len(self.path) < _DEPTH:
            self.found.append(Literal(tuple(self.path), token.string, _SPREAD, token.start, token.end))
            return
        if len(self.path) >= _DEPTH or (self.key is None and self.stack[-1][0] != "["):
            return
        path = (*self.path, self.key) if self.key is not None else tuple(self.path)
        value = f"-{_value(token)}" if minus and token.kind == "number" else _value(token)
        self.found.append(Literal(path, value, token.kind, token.start - (1 if minus else 0), token.end))


def _value(token: _Token) -> str:
    if token.kind != "string":
        return token.string.replace("_", "") if token.kind == "number" else token.string
    quote = token.string[0]
    body = token.string[1:-1] if len(token.string) > 1 and token.string.endswith(quote) else token.string[1:]
    return _ESCAPE.sub(_unescaped, body) if "\\" in body else body


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2])
