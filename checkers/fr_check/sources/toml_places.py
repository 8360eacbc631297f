"""TOML with places: tomli reads the values, a scanner of keys says where each of them stands.

tomli is the judge of what is valid; the scanner only runs on text that tomli accepted, and so may be simple.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.text import Text

Path = tuple["str | int", ...]
_DEPTH = 5

_BLANK = pattern(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = pattern(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*?"{3,5}|' + r"'''.*?'{3,5}" + r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""",
    re.DOTALL,
)
_KEY_PART = pattern(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*""")
# An inline table over lines or with a comma at its end, an escape, a time without seconds.
_MAY_BE_NEWER = pattern(r"\{[^}\n]*(?:[\r\n]|,[ \t]*\})|\\[ex]|\d:\d\d(?!:?\d)")
_PLACE = pattern(r"\(at line (?P<line>\d+), column (?P<column>\d+)\)")
_ATOM = pattern(r"[^,\]}#\r\n]*[^,\]}#\r\n \t]|")


class Toml(NamedTuple):
    """`data` is tomli's value ({} where it could not be read), `spans` the place of every key's value by its path.

    A path holds table names and, inside arrays, indices from 0: `("tool", "x", "allow", 0, "reason")`.
    """

    data: dict[str, Any]
    problems: tuple[Problem, ...]
    spans: dict[Path, Span]

    def span(self, *path: str | int) -> Span | None:
        """Where the value at `path` stands (a table: its header); None where it is not written."""
        return self.spans.get(path)

    def get(self, *path: str | int) -> Any:
        """The value at `path`, or None."""
        value: Any = self.data
        for part in path:
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value


def leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is no table, with the keys that lead to it, at most six."""
    for key, value in table.items():
        if not isinstance(value, dict):
            yield (*path, key), value
        elif len(path) < _DEPTH:
            yield from leaves(value, (*path, key))


def parse(text: Text) -> Toml:
    """Reads TOML 1.0; a document that is not valid has `problems` and no data."""
    import tomli  # noqa: PLC0415 - compiled, but still the larger part of this module's import

    try:
        data = tomli.loads(text.string)
    except tomli.TOMLDecodeError as error:
        offset = min(error.pos, len(text.string))
        return Toml({}, (Problem(f"not valid TOML: {error.msg}", text.span(offset)),), {})
    except ValueError:
        return Toml({}, (Problem("a number has more digits than Python reads", text.span(0)),), {})
    except RecursionError:
        return Toml({}, (Problem("arrays or tables are nested too deeply to be read", text.span(0)),), {})
    newer = _newer(text)
    if newer:
        return Toml({}, (newer,), {})
    return Toml(data, (), {path: text.span(*place) for path, place in _Scanner(text.string).places.items()})


def _newer(text: Text) -> Problem | None:
    """What TOML 1.1 allows and the tools that own the file refuse: they read it with Python's own reader.

    tomli 2.3 and later read 1.1, Python's tomllib does from 3.15 on.
    """
    if not _MAY_BE_NEWER.search(text.string):
        return None
    import tomllib  # noqa: PLC0415 - few documents may be newer

    try:
        tomllib.loads(text.string)
    except (ValueError, RecursionError) as error:
        place = _PLACE.search(str(error))
        offset = text.offset(int(place["line"]), int(place["column"])) if place else 0
        said = str(error).partition(" (at ")[0]
        return Problem(f"not valid TOML 1.0, which Python's own reader takes: {said}", text.span(offset))
    return None


class _Scanner:
    """Finds the offsets of keys and values in valid TOML, with a stack of its own instead of recursion."""

    def __init__(self, string: str) -> None:
        self.string = string
        self.at = 0
        self.places: dict[Path, tuple[int, int]] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        while self._skip_blank() < len(string):
            if string[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip_blank(self) -> int:
        found = _BLANK.match(self.string, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _key(self) -> Path:
        parts: list[str] = []
        while found := _KEY_PART.match(self.string, self.at):
            quoted, literal, bare = found.groups()
            parts.append(_unescape(quoted) if quoted is not None else literal if literal is not None else bare)
            self.at = found.end()
            if self.string[self.at : self.at + 1] != ".":
                break
            self.at += 1
        return tuple(parts)

    def _header(self) -> Path:
        start = self.at
        repeated = self.string.startswith("[[", start)
        self.at += 2 if repeated else 1
        name = self._resolve(self._key())
        self.at += 2 if repeated else 1
        if repeated:
            count = self._counts.get(name, 0)
            self._counts[name] = count + 1
            self.places.setdefault(name, (start, self.at))
            name = (*name, count)
        self.places[name] = (start, self.at)
        return name

    def _resolve(self, key: Path) -> Path:
        """A header below an array of tables speaks of its last element."""
        path: Path = ()
        for part in key[:-1]:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return (*path, *key[-1:])

    def _pair(self, table: Path) -> None:
        path = (*table, *self._key())
        self.at = self._after(self.at, "=")
        self._value(path)

    def _value(self, path: Path) -> None:
        """Scans one value; arrays and inline tables go on a stack of (path, next index or None, start)."""
        stack: list[tuple[Path, int | None, int]] = []
        while True:
            self._skip_blank()
            start, opener = self.at, self.string[self.at : self.at + 1]
            if opener in ("[", "{"):
                self.at += 1
                stack.append((path, 0 if opener == "[" else None, start))
            else:
                self._scalar()
                self.places[path] = (start, self.at)
            following = self._following(stack)
            if following is None:
                return
            path = following

    def _following(self, stack: list[tuple[Path, int | None, int]]) -> Path | None:
        """The path of the next value inside the innermost open bracket; closes those that end here."""
        while stack:
            self._skip_blank()
            if self.string[self.at : self.at + 1] == ",":
                self.at += 1
                continue
            path, index, start = stack[-1]
            if self.at >= len(self.string) or self.string[self.at] in "]}":
                self.at += 1
                self.places[path] = (start, min(self.at, len(self.string)))
                stack.pop()
                continue
            if index is not None:
                stack[-1] = (path, index + 1, start)
                return (*path, index)
            inner = (*path, *self._key())
            self.at = self._after(self.at, "=")
            return inner
        return None

    def _scalar(self) -> None:
        found = _STRING.match(self.string, self.at) or _ATOM.match(self.string, self.at)
        # An atom of no length would not move on; valid TOML has none, an odd one must not hang.
        self.at = max(found.end() if found else 0, self.at + 1)

    def _after(self, offset: int, character: str) -> int:
        found = self.string.find(character, offset)
        return len(self.string) if found < 0 else found + 1


def _unescape(quoted: str) -> str:
    import tomli  # noqa: PLC0415 - already loaded by parse

    return str(tomli.loads(f'key = "{quoted}"')["key"]) if "\\" in quoted else quoted
