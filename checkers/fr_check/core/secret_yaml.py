"""A value of a YAML mapping: a scalar of any style, or what stands below its key."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.secret_values import is_made

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from fr_check.core.secret_grammars import Reader

_INDENT = pattern(r"[ \t]*")
_PROPERTIES = pattern(r"(?:[&!][^\s,\]}]*(?:[ \t]+|$))*", 8)  # re.MULTILINE
_BLOCK = pattern(r"[|>][-+\d]*[ \t]*(?:#.*)?$", 8)
_AFTER = pattern(r"[ \t]*(?:$|#|[,\]}])", 8)
_ITEM = pattern(r"(?:\"[^\"]*\"?|'[^']*'?|[^,\[\]{}\"'])+")
_FLOW_START = pattern(r"(?<!\$)\{")
_FLOW_VALUE = pattern(r"(?:\$\{[^{}\n]*+\}|[^,}\n]|(?!))*+")
# Behind it: the next key, or what closes; in a password with a comma or a brace something else follows.
_GOES_ON = pattern(
    r"[ \t]*(?:,[ \t]*(?:$|[\"']?[\w.-]++[\"']?:(?:[ \t]|$))"
    r"|(?:[}\]][ \t]*)++(?:$|,[ \t]*(?:$|[{\[\"']|-[ \t]|[\w.-]++(?::(?:[ \t]|$)|[ \t]*[,\]}]))))"
)
_DOUBLE = pattern(r'"(?:[^"\\]|\\.|(?!))*+"', 16)  # re.DOTALL
_SINGLE = pattern(r"'(?:[^']|''|(?!))*+'")
_CHILD = pattern(r"(?:- )?[\"']?(?P<key>[\w.-]+)[\"']?:(?:[ \t]+|$)", 8)
# Below these stand names of secrets.
_LISTS = frozenset(("secrets", "keys", "key", "auth"))
_CONTENTS = frozenset(("value", "default", "secret", "content", "data", "current"))
# What a Secret of Kubernetes holds: every value below is one.
_ALL_SECRET = frozenset(("stringData", "data"))
# What Compose and GitHub say of a secret beside its value.
_PLACES = frozenset(
    ("file", "environment", "external", "name", "required", "description", "source", "target", "mode", "uid", "gid")
)


class Yaml:
    """Reads values of one text."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._scan = reader.scan
        self._string = reader.string
        self._seen = (-1, 0, 0)

    def value(self, found: re.Match[str], *, sure: bool) -> int:
        """Notes the value of a key; where it ends."""
        string, name = self._string, found["name"]
        properties = _PROPERTIES.match(string, found.end())
        start = properties.end() if properties else found.end()
        end = self._reader.line_end(start)
        column = found.start("name") - self._line(found.start())
        first = string[start : start + 1]
        if start == end or first == "#":
            return self._below(end, column, name, sure=sure)
        if _BLOCK.match(string, start, end):
            stop = self.deeper(end, column)
            self._scan.value(end, stop, name, sure=sure)
            return stop
        if first in {'"', "'"}:
            return self._quoted(start, name, sure=sure)
        if first == "*":
            return end
        if first in {"[", "{"} and not string.startswith("{{", start):
            return self._flow(start, end, name, sure=sure)
        return self._plain(start, end, column, name, sure=sure)

    def _line(self, at: int) -> int:
        start = self._string.rfind("\n", 0, at) + 1
        return max(self._string.rfind("\r", start, at) + 1, start)

    def _quoted(self, start: int, name: str, *, sure: bool) -> int:
        expression = _DOUBLE if self._string[start] == '"' else _SINGLE
        closed = expression.match(self._string, start)
        end = closed.end() if closed else self._reader.next_start(start)
        self._scan.value(start, end, name, sure=sure)
        rest = self._reader.line_end(end)
        if closed and not _AFTER.match(self._string, end, rest):
            self._scan.value(end, rest, sure=sure)
        return end

    def _flow(self, start: int, end: int, name: str, *, sure: bool) -> int:
        for item in _ITEM.finditer(self._string, start + 1, end):
            if name.lower() not in _LISTS or is_made(item[0].strip(" \t\"'")):
                self._scan.value(*item.span(), name, sure=sure)
        return end

    def _plain(self, start: int, end: int, column: int, name: str, *, sure: bool) -> int:
        string = self._string
        opened, comment = self._signs(start, end)
        stop = comment if comment >= 0 else end
        if opened < start:
            cut = _FLOW_VALUE.match(string, start, stop)
            inner = cut.end() if cut else stop
            self._scan.value(start, inner, name, sure=sure)
            # A password may hold a comma or a brace: what goes on as a mapping does is none of it.
            if not _GOES_ON.match(string, inner, stop):
                self._scan.value(inner, stop, sure=False)
            return inner
        self._scan.value(start, stop, name, sure=sure)
        last = self.deeper(end, column)
        self._scan.value(end, last, sure=sure)
        return last

    def _signs(self, start: int, end: int) -> tuple[int, int]:
        """Where on the line the first flow mapping begins, and from `start` on a comment; looked for once a line."""
        line = self._line(start)
        if self._seen[0] != line or -1 < self._seen[2] < start:
            opened = _FLOW_START.search(self._string, line, end)
            self._seen = (line, opened.start() if opened else end, self._string.find(" #", start, end))
        return self._seen[1:]

    def deeper(self, end: int, column: int) -> int:
        """The end of the lines below that are indented by more than `column`, or empty."""
        string, last = self._string, end
        while end < len(string):
            start = self._reader.next_line(end)
            end = self._reader.line_end(start)
            indent = self._indent(start, end)
            if start + indent == end:
                continue
            if indent <= column:
                break
            last = end
        return last

    def _indent(self, start: int, end: int) -> int:
        found = _INDENT.match(self._string, start, end)
        return found.end() - start if found else 0

    def _below(self, end: int, column: int, name: str, *, sure: bool) -> int:
        """What stands on the lines below a key: items, a scalar, or keys with values of their own."""
        string, last = self._string, end
        names = name.lower() in _LISTS
        while end < len(string):
            start = self._reader.next_line(end)
            end = self._reader.line_end(start)
            indent = self._indent(start, end)
            text = start + indent
            if text == end or string.startswith("#", text):
                continue
            if indent < column or (indent == column and not string.startswith("- ", text)):
                break
            if (
                not names
                or string.startswith("content:", text)
                or is_made(string[text:end].lstrip("- ").strip(" \t\"'"))
            ):
                self._child(text, end, name, sure=sure)
            last = end
        return last

    def _child(self, start: int, end: int, name: str, *, sure: bool) -> None:
        key = _CHILD.match(self._string, start, end)
        if key is None:
            self._scan.value(start + 2 * self._string.startswith("- ", start), end, name, sure=sure)
        elif key["key"].lower() not in _PLACES:
            is_content = key["key"].lower() in _CONTENTS or name in _ALL_SECRET
            self._scan.value(key.end(), end, name, sure=sure and is_content)
