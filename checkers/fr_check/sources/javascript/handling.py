"""Which reads of the environment say what happens where a variable is not set: fallbacks, conditions, schemas."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.sources.javascript.development import regions
from fr_check.sources.javascript.model import DEVELOPMENT, EMPTY, HANDLED, LOCAL, OPTIONAL, is_local
from fr_check.sources.javascript.tokens import NAME, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.javascript.model import Handled, Read
    from fr_check.sources.javascript.tokens import Tokens

_FALLBACKS = frozenset(("||", "??"))
# A fallback to the developer's own machine.
# A fallback to nothing: the code only makes sure that there is a string.
_NOTHING = frozenset(('""', "''", "``", "undefined", "null"))
_COMPARISONS = frozenset(("===", "!==", "==", "!="))
_CONDITIONS = frozenset(("if", "while", "switch", "Boolean"))
_CASTS = frozenset(("as", "satisfies"))
_NUMBERS = frozenset(("parseInt", "parseFloat", "Number"))
_DECLARATIONS = frozenset(("const", "let", "var"))
_DECLARED = len(("const", "name", "="))
_CHAIN = 40
"""Tokens of a chain of fallbacks."""
# Of zod, valibot, yup, superstruct and their like.
_SCHEMAS = frozenset(("optional", "default", "nullish", "nullable", "fallback"))
_SCHEMA_LIMIT = 80
"""Tokens of one key of a schema."""


def marked(text: Text, tokens: Tokens, reads: tuple[Read, ...]) -> Iterator[Read]:
    """The reads, with `handled` set where the code says what happens without a value."""
    optional = _optional_keys(tokens, {read.name for read in reads if read.name is not None})
    places = [_place(text, tokens, read) for read in reads]
    held = _handled_names(tokens, {_holder(tokens, first) for first, _ in places} - {""})
    development = regions(text.string, tokens) if reads else []
    for read, (first, last) in zip(reads, places, strict=True):
        own = _handled(tokens, first, last)
        if any(start <= first <= end for start, end in development):
            own = DEVELOPMENT
        elif read.name in optional:
            own = OPTIONAL
        elif own in {"", EMPTY, LOCAL}:
            own = held.get(_holder(tokens, first), own)
        exported = "" if own else _exported(tokens, first)
        yield read._replace(handled=own, exported=exported) if own or exported else read


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
    at = _equals(tokens, first)
    return tokens.texts[at - 1] if at >= _DECLARED and tokens.texts[at - _DECLARED] == "export" else ""


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
    declared = at >= _DECLARED - 1 and texts[at] == "=" and texts[at - 2] in _DECLARATIONS
    return at if declared else -1


def _handled(tokens: Tokens, first: int, last: int) -> Handled:
    """How what stands around an expression copes with its being unset; empty where it does not."""
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
            if at(first - 2) in _CONDITIONS or at(first - 2) == "includes":
                return HANDLED
            first, last = first - 1, last + 1
        elif (branch := _branching(tokens, first, last)) >= 0:
            first, last = branch, match[branch]
        else:
            break
    before, after = at(first - 1), at(last + 1)
    if before == "(" and at(first - 2) in _NUMBERS and match[first - 1] > 0 and at(match[first - 1] + 1) == "||":
        return _fallback(at(match[first - 1] + 2))
    if after in _FALLBACKS or after in {"=", "??=", "||="}:
        return _fallback(at(last + 2))
    if after == ")" and match[last + 1] > 0 and at(match[last + 1] - 1) in _CONDITIONS:
        return HANDLED
    compared = before == "!" or before in _COMPARISONS or after in _COMPARISONS
    return HANDLED if compared or after in {"?", "?.", "&&"} else ""


def _type_end(tokens: Tokens, at: int) -> int:
    """The last token of the type that a cast is to: `string | undefined`."""
    while at + 2 < len(tokens.texts) and tokens.texts[at + 1] in {"|", "."}:
        at += 2
    return at


def _around(tokens: Tokens, at: int) -> int:
    """The opening bracket around a token, where it is near; -1 for none."""
    for _ in range(_CHAIN):
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


def _handled_names(tokens: Tokens, names: set[str]) -> dict[str, Handled]:
    """How a file copes with its variables' being unset, for each where it does: `const id = ...; if (!id) return`."""
    texts, kinds = tokens.texts, tokens.kinds
    uses = [index for index, text in enumerate(texts) if text in names and kinds[index] == NAME] if names else []
    proper = (index for index in uses if texts[index - 1] not in {".", "?."} and texts[index + 1 : index + 2] != ["="])
    found: dict[str, Handled] = {}
    for index in proper:
        own = _handled(tokens, index, index)
        if own and found.get(texts[index]) != HANDLED:
            found[texts[index]] = own
    return found


def _optional_keys(tokens: Tokens, names: set[str]) -> set[str]:
    """Those of the names that are keys with a value which says that they are optional: `X: z.string().optional()`."""
    found = set()
    texts = tokens.texts
    for colon, text in enumerate(texts):
        name = texts[colon - 1].strip("\"'") if text == ":" and colon else ""
        if name not in names or tokens.kinds[colon - 1] not in {NAME, STRING}:
            continue
        at = colon + 1
        while at < min(len(texts), colon + _SCHEMA_LIMIT) and texts[at] not in {",", "}", ";"}:
            if texts[at] in _SCHEMAS and texts[at - 1] == ".":
                found.add(name)
            at = max(tokens.match[at], at) + 1
    return found
