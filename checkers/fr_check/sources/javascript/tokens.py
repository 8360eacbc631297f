"""Tokens of JavaScript, TypeScript, JSX and TSX, in one pass with a stack and without recursion.

Regular expressions are told from divisions, and JSX from comparisons and type parameters, by what stands before them
(ECMA-262, 12.9.5, and the JSX specification); where a `<` turns out to open no element, reading goes back to it.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TOO_MUCH = "too much"
NAME, PUNCTUATOR, STRING, TEMPLATE, NUMBER, REGEX, TEXT = range(7)

# Blanks and comments, then a name, a string, a number or a punctuator.
_TOKEN = pattern(
    r"(?:\s++|//[^\n\r\u2028\u2029]*+|/\*(?s:.)*?\*/|(?!))*+"
    r"(?:((?!\d)[\w$#@\\][\w$]*+)"
    r"|(\"(?:[^\"\\\n\r]++|\\(?:\r\n|(?s:.)))*+\"|'(?:[^'\\\n\r]++|\\(?:\r\n|(?s:.)))*+')"
    r"|(\.?\d(?:[\w.]|(?<=[eE])[+-]|(?!))*+)"
    r"|(=>|\?\.(?!\d)|\+\+|--|\.\.\.|[=!]==?|\?\?=?|&&=?|\|\|=?|[+\-*%&|^]=|[^\w\s]))"
)
# The groups of `_TOKEN`.
_KINDS = (PUNCTUATOR, NAME, STRING, NUMBER, PUNCTUATOR)
_PUNCTUATOR = 4
_REGEX = pattern(r"/(?:[^/\\\[\n\r]++|\\[^\n\r]|\[(?:[^\]\\\n\r]++|\\[^\n\r])*+\]|(?!))++/\w*+")
_TEMPLATE = pattern(r"(?:[^`\\$]++|\\(?s:.)|\$(?!\{)|(?!))*+(`|\$\{)?")
_JSX_TEXT = pattern(r"[^<{>}]*+")
_JSX_STRING = pattern(r"\"[^\"]*+\"|'[^']*+'")
_JSX_TOKEN = pattern(r"(?:\s++|//[^\n]*+|/\*(?s:.)*?\*/|(?!))*+([\w$.:-]++|/>|[\"'{}<>/=]|(?s:.))")
_TYPE_ARGUMENTS = pattern(r"<[\w\s,.$|\[\]\"']{0,500}>")
_OPENS_ELEMENT = pattern(r"<(?:[A-Za-z_$]|\s*>)")

# After these words an expression follows, so that `/` opens a regular expression and `<` an element.
DECLARING = frozenset(("const", "let", "var"))
_WORDS = "return typeof case in of delete void throw new do else instanceof await yield default extends"
_BEFORE_EXPRESSION, _CONDITIONS = frozenset(_WORDS.split()), frozenset(("if", "while", "for", "with"))
# Before these a `{` opens a block.
_BEFORE_BLOCK = frozenset((")", "{", "}", ";", "=>", "else", "do", "try", "finally", ""))
# Text read a second time because a `<` opened no element, in lengths of the file: beyond this, none opens one any more.
_SECOND_THOUGHTS = 1
# Constructs around an element: beyond this, `<` opens none, since each keeps a copy of what is open around it.
_DEEPEST = 300
# Tokens of one file, those that are read a second time included: the largest bundle in 60 repositories, of 2 MB, has
# 870,000.
_MOST = 900_000


class Tokens(NamedTuple):
    """Parallel columns: kind, text and offset of each token; `match` gives the index of a bracket's partner, or -1."""

    kinds: list[int]
    texts: list[str]
    starts: list[int]
    match: list[int]
    unclosed: tuple[tuple[int, str], ...]


class _Open(NamedTuple):
    """An open construct: `(` `[` `{` `${` (template), `jsx{`, `tag`, `children`.

    `token` is its token's index; `value` whether an expression ends with it; `closing` of a closing tag.
    """

    what: str
    token: int
    offset: int
    value: bool = False
    closing: bool = False


def tokenize(string: str, start: int = 0, end: int | None = None, *, jsx: bool = True) -> Tokens:
    """The tokens of `string[start:end]`; total and linear."""
    lexer = _Lexer(string, start, len(string) if end is None else end, jsx=jsx)
    lexer.run()
    return Tokens(lexer.kinds, lexer.texts, lexer.starts, lexer.match, tuple(lexer.unclosed))


class _Lexer:
    def __init__(self, string: str, start: int, end: int, *, jsx: bool) -> None:
        self.s = string
        self.i = start
        self.n = end
        self.jsx = jsx
        self.kinds: list[int] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.match: list[int] = []
        self.stack: list[_Open] = []
        self.unclosed: list[tuple[int, str]] = []
        self.value = False
        self.reach = 1_000_000
        self.wasted = 0
        self.not_elements: set[int] = set()
        self.marks: list[tuple[int, int, list[_Open]]] = []

    def run(self) -> None:
        """Reads everything."""
        left = _MOST
        while self.i < self.n and left:
            what = self.stack[-1].what if self.stack else ""
            if what == "tag":
                self.tag()
                left -= 1
            elif what == "children":
                self.children()
                left -= 1
            else:
                left -= self.script(left)
            if self.i >= self.n and self.marks:
                self.reconsider()
        if self.i < self.n:
            self.unclosed.append((self.i, TOO_MUCH))
            return
        self.unclosed.extend((entry.offset, entry.what) for entry in self.stack[:1])

    def add(self, kind: int, text: str, start: int) -> None:
        """Appends a token."""
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)
        self.match.append(-1)

    def script(self, most: int) -> int:
        """Tokens of a script, up to an element and at most so many; returns how many it took."""
        string, end, match = self.s, self.n, _TOKEN.match
        kinds, texts, starts, partners = self.kinds, self.texts, self.starts, self.match
        taken = 0
        while self.i < end and taken < most:
            taken += 1
            found = match(string, self.i, end)
            if found is None:
                self.i = end
                break
            which = found.lastindex or 0
            text = found[which]
            if which == _PUNCTUATOR:
                self.punctuator(text, found.start(which))
                if text in {"<", "}"} and self.inside():
                    break
                continue
            # Nearly all tokens come by here: no calls of methods.
            if which == 1:
                self.value = text not in _BEFORE_EXPRESSION or (bool(texts) and texts[-1] in {".", "?."})
            else:
                self.value = True
            kinds.append(_KINDS[which])
            texts.append(text)
            starts.append(found.start(which))
            partners.append(-1)
            self.i = found.end()
        return taken

    def punctuator(self, text: str, start: int) -> None:
        """A punctuator, or what only looks like one."""
        self.i = start + len(text)
        if text == "`":
            self.template(start)
        elif text[0] == "/" and self.s.startswith("/*", start):
            self.unclosed.append((start, "/*"))
            self.i = self.n
        elif text[0] == "/" and not self.value and (literal := self.regex(start)):
            self.add(REGEX, literal, start)
            self.i = start + len(literal)
            self.value = True
        elif text == "<" and not self.value and self.opens_element(start):
            self.open_tag(start)
        elif text in "([{":
            self.open(text, start)
        elif text in ")]}":
            self.close(text, start)
        else:
            self.add(PUNCTUATOR, text, start)
            self.value = text in {"++", "--"} or (text == "!" and self.value)

    def regex(self, start: int) -> str:
        """A regular expression literal, or nothing; each that never closes lets the next be looked for less far."""
        found = _REGEX.match(self.s, start, min(self.n, start + self.reach))
        if found is None:
            self.reach = max(self.reach // 2, 100)
        return found.group() if found else ""

    def opens_element(self, start: int) -> bool:
        """Whether a `<` where an expression may stand opens a JSX element."""
        ruled_out = not self.jsx or start in self.not_elements or len(self.stack) > _DEEPEST
        return not ruled_out and _OPENS_ELEMENT.match(self.s, start, self.n) is not None

    def open(self, text: str, start: int) -> None:
        """An opening bracket; remembers whether a value ends with its partner."""
        before = self.texts[-1] if self.texts else ""
        if text == "(":
            value = before not in _CONDITIONS
        elif text == "{":
            value = not (before in _BEFORE_BLOCK or self.value)
        else:
            value = True
        self.stack.append(_Open(text, len(self.texts), start, value))
        self.kinds.append(PUNCTUATOR)
        self.texts.append(text)
        self.starts.append(start)
        self.match.append(-1)
        self.value = False

    def close(self, text: str, start: int) -> None:
        """A closing bracket; one that has no partner is kept, and closes nothing."""
        partners = {")": ("(",), "]": ("[",), "}": ("{", "${", "jsx{")}[text]
        self.value = True
        self.add(PUNCTUATOR, text, start)
        if self.stack and self.stack[-1].what in partners:
            entry = self.stack.pop()
            self.match[entry.token] = len(self.texts) - 1
            self.match[-1] = entry.token
            self.value = entry.value
            if entry.what == "${":
                self.template(start)

    def template(self, start: int) -> None:
        """A stretch of a template literal, up to its end or to the next substitution."""
        found = _TEMPLATE.match(self.s, start + 1, self.n)
        end = found.end() if found else self.n
        self.add(TEMPLATE, self.s[start:end], start)
        self.i = end
        self.value = True
        if found and found[1] == "${":
            self.stack.append(_Open("${", len(self.texts) - 1, start, value=True))
            self.value = False
        elif not found or found[1] is None:
            self.unclosed.append((start, "`"))
            self.i = self.n

    def open_tag(self, start: int) -> None:
        """`<name` or `<>`."""
        if not self.inside():
            self.marks.append((start, len(self.texts), list(self.stack)))
        self.add(TEXT, "<", start)
        self.stack.append(_Open("tag", len(self.texts) - 1, start))

    def tag(self) -> None:
        """One token inside of a tag."""
        found = _JSX_TOKEN.match(self.s, self.i, self.n)
        if found is None:
            self.i = self.n
            return
        text, start = found[1], found.start(1)
        entry = self.stack[-1]
        self.i = found.end()
        if text in {'"', "'"}:
            string = _JSX_STRING.match(self.s, start, self.n)
            if string is None:
                self.reconsider()
            else:
                self.add(STRING, string.group(), start)
                self.i = string.end()
        elif text == "{":
            self.braces(start)
        elif text == "/>" or (text == ">" and entry.closing):
            self.stack.pop()
            self.end_element(closing=entry.closing)
        elif text == ">":
            self.stack[-1] = entry._replace(what="children")
        elif text == "<":
            self.type_arguments(start)
        elif not (text[0].isalnum() or text[0] in "_$.:-=/"):
            self.reconsider()
        else:
            self.add(TEXT, text, start)

    def braces(self, start: int) -> None:
        """`{expression}` in a tag or between tags."""
        self.stack.append(_Open("jsx{", len(self.texts), start))
        self.add(PUNCTUATOR, "{", start)
        self.value = False

    def type_arguments(self, start: int) -> None:
        """`<List<Item> ...>`: steps over the type arguments."""
        found = _TYPE_ARGUMENTS.match(self.s, start, self.n)
        if found is None:
            self.reconsider()
        else:
            self.i = found.end()

    def children(self) -> None:
        """Text between tags, up to the next tag or expression."""
        found = _JSX_TEXT.match(self.s, self.i, self.n)
        self.i = found.end() if found else self.n
        if self.i >= self.n:
            return
        c, start = self.s[self.i], self.i
        self.i += 1
        if c == "{":
            self.braces(start)
        elif c == "<":
            closing = self.s.startswith("/", self.i)
            self.i += closing
            self.add(TEXT, "<", start)
            self.stack.append(_Open("tag", len(self.texts) - 1, start, closing=closing))
        else:
            # `>` and `}` may not stand in JSX's text: this was no element.
            self.reconsider()

    def end_element(self, *, closing: bool) -> None:
        """An element is complete."""
        if closing and self.stack and self.stack[-1].what == "children":
            self.stack.pop()
        self.value = True
        if self.marks and len(self.stack) <= len(self.marks[-1][2]) and not self.inside():
            self.marks.pop()

    def inside(self) -> bool:
        """Whether the innermost open construct is an element."""
        return bool(self.stack) and self.stack[-1].what in {"tag", "children"}

    def reconsider(self) -> None:
        """Goes back to the `<` that opened the outermost element around here, which was none."""
        if not self.marks:
            self.i = self.n
            return
        start, size, stack = self.marks.pop()
        self.wasted += self.i - start
        if self.wasted > _SECOND_THOUGHTS * (self.n + 1000) or size > len(self.texts):
            self.jsx = False
            (start, size, stack), *_ = *self.marks, (start, size, stack)
            self.marks = []
        self.not_elements.add(start)
        for column in (self.kinds, self.texts, self.starts, self.match):
            del column[size:]
        self.stack = stack
        self.i = start
        self.value = False
