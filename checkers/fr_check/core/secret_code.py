"""A value as a program, JSON or TOML writes it: an expression whose literals are masked, but no names and calls."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.secrecy import looks_random
from fr_check.core.secret_programs import TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from fr_check.core.secret_grammars import Reader

_INDENT = pattern(r"[ \t]*")
_TOKEN = pattern(
    r"(?P<newline>\n|\r\n?)|(?P<comment>#[^\n]*|//[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[,;])"
    r"|(?P<literal>[rRbBuUfF]{0,2}(?:\"\"\"(?:[^\\\"]|\\.|\"(?!\"\")|(?!))*+(?:\"\"\")?|'''(?:[^\\']|\\.|'(?!'')|(?!))*+(?:''')?"
    r"|\"(?:[^\"\\\n]|\\.|(?!))*+\"?|'(?:[^'\\\n]|\\.|(?!))*+'?|`(?:[^`\\]|\\.|(?!))*+`?))"
    r"|(?P<word>[A-Za-z_]\w*+)|(?P<continued>\\\r?\n)|(?P<other>\d\w*+|[^\s\w\"'`()\[\]{},;])",
    16,  # re.DOTALL
)
# Behind a comma: one more literal, which is no key of a mapping.
_ANOTHER = pattern(r"\s*(?:\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+(?![\w:=])")
_NAMED = pattern(r"[ \t]*=(?!=)")
_NAME_LITERAL = pattern(r"|%[a-z]|[A-Z][A-Z0-9_]*|secret/[\w/%.{}$-]*|utf-?8|[rwa]b?")
_NEW_STATEMENT = pattern(
    r"[ \t]*(?:[\"']?[\w.-]+[\"']?[ \t]*[:=]|(?:def|class|async|import|from|export|const|let|var|if)\b|@\w|\[)"
)
# An expression goes on behind an operator at the end of its line, and before one at the beginning of the next.
_OPERATORS = frozenset("+|?&%:")
_GOES_ON = pattern(r"\s*(?:[+?%:]|\|\||&&)[ \t]*[\w\"'`(\[{]")
_LONG_NUMBER = 6
_BARE = frozenset(("word", "other", "comment"))
_STORES = frozenset(("SecretStr", "SecretBytes", "default", "default_factory", "value", "b64decode", "fallback"))
_GETTERS = frozenset(("get", "getenv", "setdefault", "env", "config", "pop", "environ"))
_KEY = pattern(r"[A-Za-z_][\w.-]*")
_TEXTS = frozenset(("description", "title", "help", "deprecated", "examples"))
_COMMON = frozenset((
    "str", "int", "bytes", "bool", "float", "none", "true", "false", "list", "dict", "set", "tuple", "if", "else", "or",
    "and", "not", "in", "is", "await", "async", "new", "return", "typeof", "import", "from", "lambda", "string", "any",
    "number", "boolean", "null", "undefined", "unknown", "void", "const", "let", "var", "as", "readonly", "process",
    "env", "os", "settings", "self", "cls", "this", "function", "default", "key", "value",
))  # fmt: skip


class Code:
    """Reads expressions of one text."""

    def __init__(self, reader: Reader) -> None:
        self._string = reader.string
        self._comment = reader.comment
        self._scan = reader.scan

    def value(self, start: int, name: str, *, sure: bool, quoted: bool = False, stop: int = -1) -> int:
        """Notes the literals of an expression, up to `stop`; where it ends. `quoted`: it may start on the next line."""
        string = self._string
        stop = stop if stop >= 0 else len(string)
        line = string.rfind("\n", 0, start) + 1
        indent = self._indent(line)
        depth, before, call, waiting = 0, "", "", quoted
        for token in _TOKEN.finditer(string, start, stop):
            kind, word = token.lastgroup, token[0]
            if kind == "newline":
                if self._ends(token, depth, indent, before, waiting=waiting):
                    return token.start()
                continue
            if kind == "comment" and word.startswith(self._comment):
                continue
            depth += (kind == "open") - (kind == "close")
            if depth < 0 or (
                depth == 0 and kind == "end" and not (word == "," and _ANOTHER.match(string, token.end()))
            ):
                return token.start()
            if kind == "word" and self._calls(token.end(), depth):
                call = word
                # Nobody calls a function so: the quotes were forgotten.
                if looks_random(word):
                    self._scan.value(*token.span(), name, sure=sure)
            elif kind == "literal":
                if not _is_name(word, before, call, depth):
                    self._scan.value(*token.span(), name, sure=sure and call not in _TEXTS)
            # A number inside a call is a length or a limit.
            elif kind in _BARE and not (depth and word.isdigit() and len(word) < _LONG_NUMBER):
                self._bare(token, before, name, sure=sure)
            before, waiting = word, False
        return stop

    def listed(self, start: int) -> list[tuple[int, int]]:
        """The values that stand side by side from here to the end of the statement: `1, "a"`, `(1, "a")`."""
        found = self._side_by_side(start)
        if len(found) == 1 and self._string[start : start + 1] in {"(", "["}:
            inner = self._side_by_side(start + 1)
            return inner if len(inner) > 1 else found
        return found

    def _side_by_side(self, start: int) -> list[tuple[int, int]]:
        found, depth, at, end = list[tuple[int, int]](), 0, start, len(self._string)
        for token in _TOKEN.finditer(self._string, start):
            kind, word = token.lastgroup, token[0]
            depth += (kind == "open") - (kind == "close")
            if depth == 0 and kind == "end" and word == ",":
                found.append((at, token.start()))
                at = token.end()
            elif (
                depth < 0
                or (depth == 0 and kind in {"newline", "end", "comment"})
                or (kind == "newline" and TARGETS.match(self._string, token.end()))
            ):
                end = token.start()
                break
        return [*found, (at, end)]

    def _ends(self, newline: re.Match[str], depth: int, indent: int, before: str, *, waiting: bool) -> bool:
        """Whether the expression ends with this line."""
        if depth:
            return self._begins_anew(newline.end(), indent)
        return not (waiting or before in _OPERATORS or _GOES_ON.match(self._string, newline.end()))

    def _indent(self, line: int) -> int:
        found = _INDENT.match(self._string, line)
        return found.end() - line if found else 0

    def _begins_anew(self, line: int, indent: int) -> bool:
        """Whether a line begins a new statement, though a bracket is still open."""
        return self._indent(line) <= indent and bool(_NEW_STATEMENT.match(self._string, line))

    def _calls(self, end: int, depth: int) -> bool:
        """Whether a word that ends here is the name of a call or of its argument."""
        return self._string[end : end + 1] in {"(", "["} or (depth > 0 and bool(_NAMED.match(self._string, end)))

    def _bare(self, token: re.Match[str], before: str, name: str, *, sure: bool) -> None:
        """What stands outside quotes is a name, unless the quotes were forgotten: a single word is not shown."""
        word = token[0]
        if not any(character.isalnum() for character in word):
            return
        if token.lastgroup == "word":
            if word.lower() in _COMMON or (word[0].isupper() and word.isalpha()) or before.endswith("."):
                return
            if self._string[token.end() : token.end() + 1] in {".", "=", ":"}:
                return
            sure = sure and any(character.isdigit() for character in word)
        self._scan.value(*token.span(), name, sure=sure)


def _is_name(literal: str, before: str, call: str, depth: int) -> bool:
    """Whether a literal is the name of a variable, or a place: `environ["API_KEY"]`, but not `SecretStr("API_KEY")`."""
    body = literal.lstrip("rRbBuUfF").strip("\"'`")
    # What is asked for by its name: `environ['smtp-password']`, `getenv('smtp-password')`.
    if depth and call in _GETTERS and before in {"[", "("} and _KEY.fullmatch(body):
        return not looks_random(body)
    if depth == 0 or not _NAME_LITERAL.fullmatch(body):
        return False
    return call not in _STORES and not (before == "," and call in _GETTERS)
