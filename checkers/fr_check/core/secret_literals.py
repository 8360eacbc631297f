"""Where things end: lines, quoted texts and statements of a text, and the texts of a Python module.

What a text calls a secret ends where the text ends.
"""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LINE, ENV, SHELL, INI, YAML, CODE = "line", "env", "shell", "ini", "yaml", "code"
_MODULE = pattern(r"\.pyi?$")
_LITERAL = pattern(
    r"#[^\n]*|\"\"\"(?P<double>(?:[^\\\"]|\\.|\"(?!\"\")|(?!))*+)\"\"\"|'''(?P<single>(?:[^\\']|\\.|'(?!'')|(?!))*+)'''"
    r"|\"(?P<short>(?:[^\"\\\n]|\\.|(?!))*+)\"|'(?P<shorter>(?:[^'\\\n]|\\.|(?!))*+)'",
    16,  # re.DOTALL
)
_LINE_END = pattern(r"[\r\n]")
_COMMENTED = pattern(r"[ \t]*#")
_GLUED = pattern(r"[^\s,;)}\]\"'#]+")
_DOUBLE = pattern(r'"(?:[^"\\]|\\.|(?!))*+"', 16)
_ESCAPED_SINGLE = pattern(r"'(?:[^'\\]|\\.|(?!))*+'", 16)
_SINGLE = pattern(r"'[^']*+'")
_BACKQUOTED = pattern(r"`[^`]*+`")
# A name with a sign, unless that is the padding of base64; a comment; an empty line.
_NEXT = pattern(
    r"^[ \t]*(?:export[ \t]+|-[ \t]+)?[\"']?[A-Za-z_][\w.-]*+[\"']?[ \t]*(?:=(?!=?[ \t]*$)|:(?:[ \t]|$))"
    r"|^[ \t]*#|^[ \t]*$",
    8,
)
# One more literal of the same expression.
_ANOTHER = pattern(r"\s*(?:\+\s*)?(?=[rRbBuUfF]{0,2}[\"'])")


class Literals:
    """The texts of one module; none where it is no Python, or broken: nobody knows then where they end."""

    def __init__(self, string: str, path: str) -> None:
        """Reads nothing yet."""
        self._string = string
        self._found: tuple[tuple[int, int, int], ...] | None = None if _MODULE.search(path.lower()) else ()
        self._valid: bool | None = None

    def around(self, at: int) -> tuple[int, int] | None:
        """Where the text that an offset stands in ends, and where its quotes do; None for an offset in code."""
        if self._found is None:
            self._found = tuple(self._all())
        place = bisect_right(self._found, (at, len(self._string), 0)) - 1
        if place < 0 or not at <= self._found[place][1] or not self._is_valid():
            return None
        return self._found[place][1:]

    def goes_on(self, end: int) -> int | None:
        """Where another literal of the same expression begins, behind quotes that end at `end`."""
        found = _ANOTHER.match(self._string, end)
        return found.end() if found else None

    def _all(self) -> Iterator[tuple[int, int, int]]:
        for found in _LITERAL.finditer(self._string):
            if found.lastgroup:
                yield (*found.span(found.lastgroup), found.end())

    def _is_valid(self) -> bool:
        if self._valid is None:
            self._valid = _is_python(self._string)
        return self._valid


class Ends:
    """Where the lines, quoted texts and statements of a text end; `kind` is its grammar."""

    def __init__(self, string: str, kind: str) -> None:
        self.string = string
        self.kind = kind
        # An offset, and where the line ends that it stands in: many names may stand on one line.
        self._line = (0, -1)

    def line_end(self, at: int) -> int:
        """The offset of the end of the line that an offset stands in."""
        first, last = self._line
        if not first <= at <= last:
            found = _LINE_END.search(self.string, at)
            self._line = (at, found.start() if found else len(self.string))
        return self._line[1]

    def next_line(self, end: int) -> int:
        """The offset of the line after the one that ends at `end`."""
        return min(end + (2 if self.string.startswith("\r\n", end) else 1), len(self.string))

    def closed(self, start: int) -> int:
        """The offset behind a quoted text; of one that nobody closes, where the next assignment begins."""
        string, quote = self.string, self.string[start]
        expressions = (_SINGLE, _ESCAPED_SINGLE) if self.kind == SHELL else (_ESCAPED_SINGLE, _SINGLE)
        for expression in expressions if quote == "'" else (_DOUBLE if quote == '"' else _BACKQUOTED,):
            found = expression.match(string, start)
            if found and (self.kind != LINE or "\n" not in found[0]):
                return found.end()
        return self.line_end(start) if self.kind == LINE else self.next_start(start)

    def text_of_line(self, at: int) -> int:
        """Where the line that an offset stands in begins, its indentation left out."""
        start = self.string.rfind("\n", 0, at) + 1
        return start + len(self.string[start:at]) - len(self.string[start:at].lstrip())

    def comments_end(self, at: int) -> int:
        """The end of the last of the comment lines from here on: a quote in a comment opens nothing behind them."""
        end = self.line_end(at)
        while end < len(self.string) and _COMMENTED.match(self.string, self.next_line(end)):
            end = self.line_end(self.next_line(end))
        return end

    def next_start(self, start: int) -> int:
        """Where, below a line, the next assignment, comment or empty line begins."""
        following = _NEXT.search(self.string, self.next_line(self.line_end(start)))
        return following.start() if following else len(self.string)

    def glued(self, end: int) -> int:
        """The end of what is glued to a quoted text: `'a''b'`, `"a"b`."""
        while end < len(self.string):
            if self.string[end] in "\"'":
                end = self.closed(end)
                continue
            if self.kind == SHELL and self.string.startswith(("\\\n'", '\\\n"'), end):
                end += 2
                continue
            found = _GLUED.match(self.string, end)
            if not found:
                return end
            end = found.end()
        return end


def _is_python(string: str) -> bool:
    from fr_check.core import python_syntax  # noqa: PLC0415 - only where a literal names a secret

    return python_syntax.module(string) is not None
