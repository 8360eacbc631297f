"""Which reads of the environment say what happens where a variable is not set: fallbacks, conditions, schemas."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from fr_check.sources.javascript.development import regions
from fr_check.sources.javascript.model import DEVELOPMENT, EMPTY, HANDLED, IN_OBJECT, LOCAL, OPTIONAL, is_local
from fr_check.sources.javascript.tokens import DECLARING, NAME, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.core.text import Text
    from fr_check.sources.javascript.model import Handled, Read
    from fr_check.sources.javascript.tokens import Tokens

_FALLBACKS = frozenset(("||", "??"))
# A fallback to the developer's own machine.
# A fallback to nothing: the code only makes sure that there is a string.
_NOTHING = frozenset(('""', "''", "``", "undefined", "null"))
_OPERAND = frozenset((".", "?.", "]", ")"))
_COMPARISONS = frozenset(("===", "!==", "==", "!="))
_CONDITIONS = frozenset(("if", "while", "switch", "Boolean"))
_CASTS = frozenset(("as", "satisfies"))
_NUMBERS = frozenset(("parseInt", "parseFloat", "Number"))
# What a page is given when it is served is kept in one of these.
_GLOBALS = frozenset(("window", "globalThis"))
_OF_BROWSER = frozenset(("location", "localStorage", "sessionStorage", "navigator", "document"))
_DECLARED = len(("const", "name", "="))
_CHAIN = 40
"""Tokens of a chain of fallbacks."""
_OBJECT = 200
"""Tokens of an object that holds variables."""
# Of zod, valibot, yup, superstruct and their like.
_SCHEMAS = frozenset(("optional", "default", "nullish", "nullable", "fallback"))
_SCHEMA_LIMIT = 80
"""Tokens of one key of a schema."""


def marked(text: Text, tokens: Tokens, reads: tuple[Read, ...]) -> Iterator[Read]:
    """The reads, with `handled` set where the code says what happens without a value."""
    optional = _optional_keys(tokens, {read.name for read in reads if read.name is not None})
    places = [_place(text, tokens, read) for read in reads]
    declared = _Declared(tokens)
    held = _handled_names(tokens, {_holder(tokens, first) for first, _ in places} - {""}, declared)
    development = regions(text.string, tokens) if reads else []
    for read, (first, last) in zip(reads, places, strict=True):
        own = _handled(tokens, first, last, declared)
        if any(start <= first <= end for start, end in development):
            own = DEVELOPMENT
        elif read.name in optional:
            own = OPTIONAL
        elif own in {"", EMPTY, LOCAL}:
            own = held.get(_holder(tokens, first), own)
        exported = "" if own else _exported(tokens, first)
        guards = () if own or exported else declared.guards(first)
        changed = own or exported or guards
        yield read._replace(handled=own, exported=exported, guards=guards) if changed else read


def _place(text: Text, tokens: Tokens, read: Read) -> tuple[int, int]:
    """The first and the last token of a read."""
    start = text.offset(read.whole.line, read.whole.column)
    end = text.offset(read.whole.end_line, read.whole.end_column)
    return bisect_right(tokens.starts, start) - 1, bisect_right(tokens.starts, end - 1) - 1


def uses(tokens: Tokens, name: str) -> tuple[bool, bool]:
    """Whether a module that imports a constant uses it, and whether it copes where that is not set."""
    texts, kinds = tokens.texts, tokens.kinds
    used = False
    inside = False
    for index, text in enumerate(texts):
        if text in {"import", "from"}:
            inside = text == "import"
        elif text == name and kinds[index] == NAME and not inside and texts[index - 1] not in {".", "?."}:
            used = True
    return used, _handled_names(tokens, {name}).get(name) == HANDLED


def _exported(tokens: Tokens, first: int) -> str:
    """The constant that an expression is the value of, where other modules get it."""
    texts = tokens.texts
    at, ending = _equals(tokens, first), ""
    if at < 0 and texts[first - 1] == ":" and texts[(opened := _around(tokens, first, _OBJECT))] == "{" and opened > 0:
        declared = texts[opened - 1] == "=" and texts[opened - _DECLARED] in DECLARING
        at, ending = (opened - 1, IN_OBJECT) if declared else (-1, "")
    return texts[at - 1] + ending if at >= _DECLARED and texts[at - _DECLARED] == "export" else ""


def _holder(tokens: Tokens, first: int) -> str:
    """The variable that an expression is the value of (`const name = a ?? ...`); empty for none."""
    at = _equals(tokens, first)
    return tokens.texts[at - 1] if at >= 0 else ""


def _equals(tokens: Tokens, first: int) -> int:
    """The `=` of the declaration that an expression is the value of; -1 for none."""
    texts = tokens.texts
    at = first - 1
    while at >= _DECLARED and first - at < _CHAIN and texts[at] in _FALLBACKS:
        # What stands before a fallback: a name, dotted or in brackets.
        at -= 1
        while at >= _DECLARED and (tokens.kinds[at] == NAME or texts[at] in {".", "?.", "]"}):
            at = tokens.match[at] - 1 if texts[at] == "]" and tokens.match[at] >= 0 else at - 1
    declared = at >= _DECLARED - 1 and texts[at] == "=" and texts[at - 2] in DECLARING
    return at if declared else -1


def _handled(tokens: Tokens, first: int, last: int, declared: _Declared | None = None) -> Handled:
    """How what stands around an expression copes with its being unset; empty where it does not.

    With `declared`, what the file declares is asked, too: functions that it is handed to, values before it.
    """
    texts, match = tokens.texts, tokens.match
    size = len(texts)

    def at(index: int) -> str:
        return texts[index] if 0 <= index < size else ""

    while True:
        if at(last + 1) == "!":
            last += 1
        elif at(last + 1) in _CASTS:
            last = _type_end(tokens, last + 2)
        elif at(first - 1) == "(" and match[first - 1] == last + 1:
            asked = at(first - 2) in _CONDITIONS or at(first - 2) == "includes"
            if asked or (declared is not None and declared.asks(first - 2)):
                return HANDLED
            first, last = first - 1, last + 1
        elif (branch := _branching(tokens, first, last)) >= 0:
            first, last = branch, match[branch]
        else:
            break
    before, after = at(first - 1), at(last + 1)
    # `const url: string | undefined = ...`: whoever uses it is told.
    if before == "=" and texts[first - 3 : first - 1] == ["|", "undefined"]:
        return HANDLED
    if declared is not None and (
        (before in _FALLBACKS and _at_run_time(tokens, first - 2, declared))
        or (before == "(" and after == "," and declared.asks(first - 2))
    ):
        return HANDLED
    if before == "(" and at(first - 2) in _NUMBERS and match[first - 1] > 0 and at(match[first - 1] + 1) == "||":
        return _fallback(at(match[first - 1] + 2))
    if after in _FALLBACKS or after in {"=", "??=", "||="}:
        return _fallback(at(last + 2))
    compared = after == ")" and match[last + 1] > 0 and at(match[last + 1] - 1) in _CONDITIONS
    compared = compared or before == "!" or before in _COMPARISONS or after in _COMPARISONS
    return HANDLED if compared or after in {"?", "?.", "&&"} else ""


class _Declared:
    """What a file declares, found once: functions that ask for their argument, values given when it is served."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._asking: dict[str, bool] = {}

    @cached_property
    def _places(self) -> dict[str, int]:
        """Each name that is declared with `const`, `let`, `var` or `function`, where it first is."""
        texts = self.tokens.texts
        found: dict[str, int] = {}
        for index, text in enumerate(texts[:-_DECLARED]):
            if text == "function" or text in DECLARING:
                found.setdefault(texts[index + 1], index + 1)
        return found

    def is_given(self, name: str) -> bool:
        """Whether a variable holds what the page is given when it is served."""
        at = self._places.get(name, -1)
        if at < 0:
            return False
        value = self.tokens.texts[at : at + _CHAIN]
        ends = [place for place, text in enumerate(value) if text == ";" or text in DECLARING]
        return _names_global(value[: ends[0]] if ends else value)

    def guards(self, first: int) -> tuple[tuple[str, str], ...]:
        """The constants, with a text, of which a token is only come to where they are another one."""
        return tuple((name, text) for begin, end, name, text in self._guarded if begin < first < end)

    @cached_property
    def _guarded(self) -> list[tuple[int, int, str, str]]:
        if _COMPARISONS.isdisjoint(self.tokens.texts):
            return []
        from fr_check.sources.javascript.guards import guarded  # noqa: PLC0415 - only where code does not cope itself

        return guarded(self.tokens)

    def asks(self, at: int) -> bool:
        """Whether the token is the name of a function of the file that copes where its first argument is not set."""
        texts = self.tokens.texts
        if at < 0 or self.tokens.kinds[at] != NAME or texts[at - 1] in {".", "?.", "new"}:
            return False
        name = texts[at]
        if name not in self._asking:
            self._asking[name] = self._asks(self._places.get(name, -1))
        return self._asking[name]

    def _asks(self, at: int) -> bool:
        texts, match = self.tokens.texts, self.tokens.match
        arrow = texts[at + 1 : at + 3] == ["=", "("]
        opening = at + 2 if arrow else at + 1
        if at < 0 or texts[opening] != "(" or match[opening] < 0 or self.tokens.kinds[opening + 1] != NAME:
            return False
        return _body_copes(self.tokens, match[opening], texts[opening + 1], arrow=arrow)


def _at_run_time(tokens: Tokens, last: int, declared: _Declared) -> bool:
    """Whether an operand that ends here comes from what the page is given when it is served: `window.CONFIG.url`."""
    texts, kinds = tokens.texts, tokens.kinds
    first = last + 1
    while first > 0 and last - first < _CHAIN and (kinds[first - 1] == NAME or texts[first - 1] in _OPERAND):
        opened = tokens.match[first - 1] if texts[first - 1] in {"]", ")"} else first - 1
        if opened < 0:
            break
        first = opened
    if first > last:
        return False
    return _names_global(texts[first : last + 1]) or declared.is_given(texts[first])


def _names_global(texts: list[str]) -> bool:
    """Whether some tokens take a value of the page's global object that is none of the browser's own."""
    return any(
        text in _GLOBALS and following in {".", "?.", "[", "as"} and name not in _OF_BROWSER
        for text, following, name in zip(texts, texts[1:], texts[2:], strict=False)
    )


def _body_copes(tokens: Tokens, closing: int, name: str, *, arrow: bool) -> bool:
    """Whether the function whose parameters end here asks for its first one, and throws nothing."""
    texts = tokens.texts
    opener = "=>" if arrow else "{"
    begin = next((at for at in range(closing, min(closing + _CHAIN, len(texts) - 1)) if texts[at] == opener), -1)
    if begin < 0:
        return False
    begin += arrow
    if texts[begin] == "{":
        end = tokens.match[begin]
    else:
        ends = (at for at in range(begin, len(texts)) if texts[at] == ";" or texts[at] in DECLARING)
        end = min(next(ends, len(texts)), begin + _CHAIN)
    if end < 0 or "throw" in texts[begin:end]:
        return False
    return any(
        texts[at] == name and texts[at - 1] not in {".", "?."} and _handled(tokens, at, at) == HANDLED
        for at in range(begin, end)
    )


def _type_end(tokens: Tokens, at: int) -> int:
    """The last token of the type that a cast is to: `string | undefined`."""
    while at + 2 < len(tokens.texts) and tokens.texts[at + 1] in {"|", "."}:
        at += 2
    return at


def _around(tokens: Tokens, at: int, most: int = _CHAIN) -> int:
    """The opening bracket around a token, where it is at most so many tokens away; -1 for none."""
    for _ in range(most):
        at -= 1
        if at < 0:
            return -1
        if tokens.texts[at] in {")", "]", "}"} and 0 <= tokens.match[at] < at:
            at = tokens.match[at]
        elif tokens.texts[at] in {"(", "[", "{"}:
            return at
    return -1


def _branching(tokens: Tokens, first: int, last: int) -> int:
    """The bracket around `c ? READ : null`, where that is all in it and no call's; -1 for none."""
    texts = tokens.texts
    if texts[first - 1] not in {"?", ":"} or texts[last + 1 : last + 2] not in ([":"], [")"]):
        return -1
    opening = _around(tokens, first)
    if opening < 1 or texts[opening] != "(" or tokens.match[opening] < last:
        return -1
    return -1 if tokens.kinds[opening - 1] == NAME and texts[opening - 1] != "return" else opening


def _fallback(word: str) -> Handled:
    """What a fallback that begins with this token is worth."""
    if word in _NOTHING:
        return EMPTY
    return LOCAL if is_local(word) else HANDLED


def _handled_names(tokens: Tokens, names: set[str], declared: _Declared | None = None) -> dict[str, Handled]:
    """How a file copes with its variables' being unset, for each where it does: `const id = ...; if (!id) return`."""
    texts, kinds = tokens.texts, tokens.kinds
    uses = [index for index, text in enumerate(texts) if text in names and kinds[index] == NAME] if names else []
    proper = (index for index in uses if texts[index - 1] not in {".", "?."} and texts[index + 1 : index + 2] != ["="])
    found: dict[str, Handled] = {}
    for index in proper:
        own = _handled(tokens, index, index, declared)
        if own and found.get(texts[index]) != HANDLED:
            found[texts[index]] = own
    return found


def _optional_keys(tokens: Tokens, names: set[str]) -> set[str]:
    """Those of the names that are keys with a value which says that they are optional: `X: z.string().optional()`."""
    return {name for name, optional in _schema_keys(tokens, names.__contains__) if optional}


def keys_by_need(tokens: Tokens, wanted: Callable[[str], bool]) -> dict[str, bool]:
    """The keys of schemas, each with whether all of them call it optional."""
    found: dict[str, bool] = {}
    for name, optional in _schema_keys(tokens, wanted):
        found[name] = optional and found.get(name, True)
    return found


def _schema_keys(tokens: Tokens, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    """Each key with a value that is made by calls, and whether one of them says that it is optional."""
    texts = tokens.texts
    for colon, text in enumerate(texts):
        name = texts[colon - 1].strip("\"'") if text == ":" and colon else ""
        if not name or not wanted(name) or tokens.kinds[colon - 1] not in {NAME, STRING}:
            continue
        at, called, optional = colon + 1, False, False
        while at < min(len(texts), colon + _SCHEMA_LIMIT) and texts[at] not in {",", "}", ";"}:
            called = called or texts[at] == "("
            optional = optional or (texts[at] in _SCHEMAS and texts[at - 1] == ".")
            at = max(tokens.match[at], at) + 1
        if called:
            yield name, optional
