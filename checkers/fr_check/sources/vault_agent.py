"""The `template` stanzas of a Vault agent's configuration: which file is rendered, with which delimiters, how strictly.

Source: https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent/template. The language is HCL 1 or JSON; this
reader knows objects, lists, strings and heredocs, which is what stanzas consist of, and evaluates nothing.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text

_TOKEN = pattern(
    r"""(?P<space>[\s,]++|\#[^\n]*|//[^\n]*|/\*(?:[^*]++|\*(?!/)|(?!))*+\*/)
    |(?P<string>"(?:[^"\\\n$]++|\\.|\$\{[^{}\n]*+\}|\$|(?!))*+")
    |(?P<heredoc><<-?[ \t]*(?P<tag>[A-Za-z_][\w-]*)[ \t]*\r?\n)
    |(?P<word>[^\s"{}\[\]=:,\#]++)
    |(?P<sign>[{}\[\]=:])""",
    re.VERBOSE,
)
_ESCAPE = pattern(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_TRUE = frozenset(("true", "1", "yes", "on"))
_STANZAS = frozenset(("template", "env_template"))


class Stanza(NamedTuple):
    """A `template` stanza, or an `env_template` one, whose `variable` it sets.

    An empty delimiter is Go's own. `contents` is an inline template and starts at offset `contents_at` of the file
    (-1: there is none). Paths are those inside the container; `destination_span` is where the destination is written.
    """

    span: Span
    variable: str = ""
    source: str = ""
    destination: str = ""
    left_delimiter: str = ""
    right_delimiter: str = ""
    error_on_missing_key: bool = False
    contents: str = ""
    contents_at: int = -1
    destination_span: Span | None = None


class VaultAgent(NamedTuple):
    """What a configuration says about templates."""

    stanzas: tuple[Stanza, ...] = ()
    problems: tuple[Problem, ...] = ()

    def stanza(self, path: str) -> Stanza | None:
        """The stanza that renders the file at `path`: the one whose source ends most like it, by whole names."""
        names = path.split("/")[::-1]
        best, score = None, 0
        for stanza in self.stanzas:
            common = 0
            for ours, theirs in zip(names, stanza.source.split("/")[::-1], strict=False):
                if ours != theirs:
                    break
                common += 1
            if common > score:
                best, score = stanza, common
        return best


class _Value(NamedTuple):
    text: str
    at: int
    end: int


class _Object:
    """An object under way: its name, its place, and the plain values in it."""

    __slots__ = ("at", "end", "label", "name", "values")

    def __init__(self, name: str, label: str, at: int, end: int) -> None:
        self.name = name
        self.label = label
        self.at = at
        self.end = end
        self.values: dict[str, _Value] = {}


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.string = text.string
        self.found: list[_Object] = []
        self.stack: list[_Object] = []
        self.words: list[tuple[str, int, int]] = []  # what stands before a `{`: the key and its labels
        self.key = ""  # the key before an `=` or `:`
        self.lists: list[tuple[str, int, int, int]] = []  # open lists: key, place, depth of objects

    def run(self) -> str:
        """Reads everything; gives what is wrong, and leaves the rest unread."""
        position, string = 0, self.string
        while position < len(string):
            found = _TOKEN.match(string, position)
            if found is None:
                return f"{position}:unexpected {string[position]!r}"
            position = found.end()
            kind = found.lastgroup
            if kind == "heredoc" or found["heredoc"]:
                position = self.heredoc(found)
                if position < 0:
                    return f"{found.start()}:the heredoc {found['tag']} is never closed"
            elif kind == "string":
                self.scalar(_unquote(found[0]), found.start(), found.end())
            elif kind == "word":
                self.scalar(found[0], found.start(), found.end())
            elif kind == "sign" and not self.sign(found[0], found.start()):
                return f"{found.start()}:unexpected {found[0]!r}"
        return f"{len(string)}:a block is never closed" if self.stack else ""

    @property
    def in_list(self) -> bool:
        """Whether the innermost thing open is a list."""
        return bool(self.lists) and self.lists[-1][3] == len(self.stack)

    def scalar(self, value: str, start: int, end: int) -> None:
        """A word or string: a value behind a key, an item of a list, or the beginning of a block or assignment."""
        if self.in_list:
            return
        if not self.key:
            self.words.append((value, start, end))
            return
        if self.stack:
            self.stack[-1].values.setdefault(self.key, _Value(value, start, end))
        self.key, self.words = "", []

    def sign(self, sign: str, at: int) -> bool:
        if sign in "=:":
            self.key = self.words[-1][0] if self.words else ""
            return bool(self.words)
        if sign == "{":
            self.open(at)
        elif sign == "}":
            if not self.stack:
                return False
            self.stack.pop()
            self.words, self.key = [], ""
        elif sign == "[":
            name, start, end = self.words[0] if self.words else ("", at, at + 1)
            self.lists.append((name, start, end, len(self.stack)))
            self.words, self.key = [], ""
        elif not self.lists:
            return False
        else:
            self.lists.pop()
            self.words, self.key = [], ""
        return True

    def open(self, at: int) -> None:
        name, start, end = ("", at, at + 1)
        label = ""
        if self.words:
            name, start, end = self.words[0]
            label = self.words[1][0] if len(self.words) > 1 else ""
        elif self.in_list:
            name, start, end, _ = self.lists[-1]
        found = _Object(name, label, start, end)
        if name in _STANZAS and all(not outer.name for outer in self.stack):
            self.found.append(found)
        self.stack.append(found)
        self.words, self.key = [], ""

    def heredoc(self, found: re.Match[str]) -> int:
        close = re.compile(rf"^[ \t]*{re.escape(found['tag'])}[ \t]*\r?$", re.MULTILINE)
        end = close.search(self.string, found.end())
        if end is None:
            return -1
        self.scalar(self.string[found.end() : end.start()], found.end(), end.start())
        return end.end()

    def stanza(self, found: _Object) -> Stanza:
        def value(name: str) -> str:
            known = found.values.get(name)
            return known.text if known else ""

        contents, destination = found.values.get("contents"), found.values.get("destination")
        return Stanza(
            span=self.text.span(found.at, found.end),
            variable=found.label if found.name == "env_template" else "",
            source=value("source"),
            destination=value("destination"),
            left_delimiter=value("left_delimiter"),
            right_delimiter=value("right_delimiter"),
            error_on_missing_key=value("error_on_missing_key").lower() in _TRUE,
            contents=contents.text if contents else "",
            contents_at=contents.at if contents else -1,
            destination_span=self.text.span(destination.at, destination.end) if destination else None,
        )


def _unquote(literal: str) -> str:
    return _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2]), literal[1:-1]
    )


def parse(text: Text) -> VaultAgent:
    """The stanzas of a configuration, as far as it could be read; never raises."""
    reader = _Reader(text)
    place, _, message = reader.run().partition(":")
    problems = (Problem(message, text.span(int(place), int(place))),) if message else ()
    return VaultAgent(tuple(reader.stanza(found) for found in reader.found), problems)
