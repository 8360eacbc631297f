"""HCL as bake files use it: blocks and attributes; strings, lists, objects; everything else is an expression.

Nothing is evaluated: of an expression (a name, a call, a condition) its text is kept as `${text}`, as of a template.
Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    Value = str | list["Value"] | dict[str, "Value"] | None

_DEEPEST = 100
_TOKEN = pattern(
    r"(?P<blank>[^\S\n]+|#[^\n]*|//[^\n]*|/\*(?s:.)*?\*/)|(?P<line>\n)"
    r"|(?P<heredoc><<-?[ \t]*(?P<tag>[A-Za-z_][\w-]*)[ \t]*\r?\n)|(?P<name>[A-Za-z_][\w-]*)|(?P<other>[^\"])"
)
_QUOTED = pattern(r"(?:[^\"\\\n$%]++|\\.|[$%](?!\{)|(?!))*+")
_ESCAPE = pattern(r"\\([nrt\"\\])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ENDS = frozenset((",", "}", "]"))
_OPEN = {"{": "}", "[": "]", "(": ")"}


class HclError(ValueError):
    """What is no HCL; `offset` says where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Block(NamedTuple):
    """`kind "label" { ... }`: its attributes, where each and where each key of an object among them stands."""

    kind: str
    labels: tuple[str, ...]
    values: dict[str, Value]
    places: dict[tuple[str, ...], tuple[int, int]]
    start: int
    end: int


def parse(string: str) -> list[Block] | HclError:
    """The blocks at the top of a file, those within them left out; or what cannot be read, and where."""
    try:
        return _Reader(string).file()
    except HclError as error:
        return error


class _Reader:
    def __init__(self, string: str) -> None:
        self.s = string
        self.tokens: list[tuple[str, str, int, int]] = []
        self.i = 0
        self.depth = 0
        self.places: dict[tuple[str, ...], tuple[int, int]] = {}
        self.lex()

    def lex(self) -> None:
        """All tokens: (kind, text, start, end)."""
        at = 0
        while at < len(self.s):
            if self.s[at] == '"':
                end = self.quoted(at)
                self.tokens.append(("string", self.s[at + 1 : end - 1], at, end))
                at = end
                continue
            if self.s.startswith("/*", at) and self.s.find("*/", at + 2) < 0:
                raise HclError("a comment is never closed", at)
            found = _TOKEN.match(self.s, at)
            if found is None or found[0] == "\0":
                raise HclError("this is no HCL", at)
            at = found.end()
            if found["heredoc"]:
                at = self.heredoc(found["tag"], found.start(), at)
            elif found.lastgroup != "blank":
                self.tokens.append((found.lastgroup or "", found[0], found.start(), at))

    def quoted(self, start: int) -> int:
        """The offset behind a string; `${` opens an expression, with strings of its own."""
        at, braces = start + 1, [0]  # of each string that is open, how many braces are open in it
        while at < len(self.s):
            if not braces[-1]:
                found = _QUOTED.match(self.s, at)
                at = found.end() if found else at
            c = self.s[at : at + 1]
            if c == '"' and not braces[-1]:
                at += 1
                braces.pop()
                if not braces:
                    return at
                continue
            if c == '"':
                at += 1
                braces.append(0)
                if len(braces) > _DEEPEST:
                    break
                continue
            if c == "\n" and not braces[-1]:
                break
            opens = (c in "$%" and self.s[at + 1 : at + 2] == "{") or (braces[-1] > 0 and c == "{")
            braces[-1] += opens - (braces[-1] > 0 and c == "}")
            at += 2 if c in "$%" and c else 1
        raise HclError("a string is never closed", start)

    def heredoc(self, tag: str, start: int, at: int) -> int:
        """A here-document, as one string."""
        position = at
        while position < len(self.s):
            end = self.s.find("\n", position)
            end = len(self.s) if end < 0 else end
            if self.s[position:end].strip() == tag:
                self.tokens.append(("string", self.s[at:position], start, end))
                return end
            position = end + 1
        raise HclError(f"the here-document {tag} is never closed", start)

    def peek(self) -> tuple[str, str, int, int]:
        """The next token."""
        return self.tokens[self.i] if self.i < len(self.tokens) else ("end", "", len(self.s), len(self.s))

    def sign(self) -> str:
        """The next token where it is a sign; empty for a name, a string, a line's end."""
        kind, text, _, _ = self.peek()
        return text if kind == "other" else ""

    def lines(self) -> None:
        """Steps over line ends."""
        while self.peek()[0] == "line":
            self.i += 1

    def file(self) -> list[Block]:
        """All blocks."""
        blocks: list[Block] = []
        self.lines()
        while self.peek()[0] != "end":
            kind, name, start, _ = self.peek()
            if kind not in {"name", "string"}:
                raise HclError(f"unexpected `{name[:20]}`", start)
            self.i += 1
            if self.sign() == "=":
                self.i += 1
                self.value(())
            else:
                blocks.append(self.block(name, start))
            self.lines()
        return blocks

    def block(self, kind: str, start: int) -> Block:
        """What follows a block's first word."""
        labels: list[str] = []
        while self.peek()[0] in {"name", "string"}:
            labels.append(self.peek()[1])
            self.i += 1
        end = self.tokens[self.i - 1][3]
        outer, self.places = self.places, {}
        values = self.body()
        found = Block(kind, tuple(labels), values, self.places, start, end)
        self.places = outer
        return found

    def body(self) -> dict[str, Value]:
        """`{ name = value ... }`, blocks in it stepped over."""
        self.expect("{")
        values: dict[str, Value] = {}
        self.lines()
        while self.sign() != "}":
            kind, name, start, end = self.peek()
            if kind not in {"name", "string"}:
                raise HclError(f"unexpected `{name[:20]}`" if name else "a block is never closed", start)
            self.i += 1
            if self.sign() == "=":
                self.i += 1
                self.places[name,] = (start, end)
                values[name] = self.value((name,))
            else:
                self.block(name, start)
            self.lines()
        self.i += 1
        return values

    def expect(self, sign: str) -> None:
        """Steps over a sign, one level deeper."""
        self.depth += 1
        if self.sign() != sign or self.depth > _DEEPEST:
            what = f"`{sign}` is missing" if self.sign() != sign else "it goes too deep"
            raise HclError(what, self.peek()[2])
        self.i += 1

    def value(self, path: tuple[str, ...]) -> Value:
        """One value, up to the end of its line, or a comma or bracket around it."""
        first, depth, sign = self.i, self.depth, self.sign()
        if self.peek()[0] in {"line", "end"} or sign in _ENDS:
            raise HclError("a value is missing", self.peek()[2])
        found: Value
        if sign == "{":
            found = self.object(path)
        elif sign == "[":
            found = self.list(path)
        else:
            found = _plain(self.peek())
            self.i += 1
        self.depth = depth
        alone = self.peek()[0] in {"line", "end"} or self.sign() in _ENDS
        return found if alone else self.expression(first)

    def expression(self, first: int) -> str:
        """A longer expression, from a token on: its text, brackets and all."""
        self.i = first
        open_: list[str] = []
        while self.peek()[0] != "end":
            sign = self.sign()
            if not open_ and (self.peek()[0] == "line" or sign in _ENDS):
                break
            if sign in _OPEN:
                open_.append(_OPEN[sign])
            elif open_ and sign == open_[-1]:
                open_.pop()
            self.i += 1
        if open_:
            raise HclError("a bracket is never closed", self.tokens[first][2])
        return "${" + self.s[self.tokens[first][2] : self.tokens[self.i - 1][3]] + "}"

    def object(self, path: tuple[str, ...]) -> dict[str, Value]:
        """`{ key = value, key: value }`."""
        self.expect("{")
        values: dict[str, Value] = {}
        self.separators()
        while self.sign() != "}":
            kind, name, start, end = self.peek()
            if kind not in {"name", "string"}:
                raise HclError("an object is not read" if name else "an object is never closed", start)
            self.i += 1
            if self.sign() not in {"=", ":"}:
                raise HclError("`=` is missing", start)
            self.i += 1
            self.places[(*path, name)] = (start + (kind == "string"), end - (kind == "string"))
            values[name] = self.value((*path, name))
            self.separators()
        self.i += 1
        return values

    def list(self, path: tuple[str, ...]) -> list[Value]:
        """`[value, value]`."""
        self.expect("[")
        values: list[Value] = []
        self.separators()
        while self.sign() != "]":
            if self.peek()[0] == "end":
                raise HclError("a list is never closed", self.peek()[2])
            values.append(self.value(path))
            self.separators()
        self.i += 1
        return values

    def separators(self) -> None:
        """Steps over commas and line ends."""
        while self.peek()[0] == "line" or self.sign() == ",":
            self.i += 1


def _plain(token: tuple[str, str, int, int]) -> str | None:
    """A string, a name (as a reference), a word of the language, a digit."""
    kind, text, _, _ = token
    if kind == "string":
        return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], text)
    if kind == "name":
        return None if text == "null" else text if text in {"true", "false"} else "${" + text + "}"
    return text
