"""Which reads of the environment say what happens where a variable is not set: fallbacks, conditions, schemas."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.sources.javascript.model import HANDLED, OPTIONAL
from fr_check.sources.javascript.tokens import NAME, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.javascript.model import Read
    from fr_check.sources.javascript.tokens import Tokens

_FALLBACKS = frozenset(("||", "??"))
# A fallback to nothing: the code only makes sure that there is a string.
_NOTHING = frozenset(('""', "''", "``", "undefined", "null"))
_COMPARISONS = frozenset(("===", "!==", "==", "!="))
_CONDITIONS = frozenset(("if", "while", "Boolean"))
_DECLARATIONS = frozenset(("const", "let", "var"))
_DECLARED = len(("const", "name", "="))
# Of zod, valibot, yup, superstruct and their like.
_SCHEMAS = frozenset(("optional", "default", "nullish", "nullable", "fallback"))
_SCHEMA_LIMIT = 80
"""Tokens of one key of a schema."""


def marked(text: Text, tokens: Tokens, reads: tuple[Read, ...]) -> Iterator[Read]:
    """The reads, with `handled` set where it is so."""
    optional = _optional_keys(tokens, {read.name for read in reads if read.name is not None})
    places = [_place(text, tokens, read) for read in reads]
    handled = _handled_names(tokens, {_holder(tokens, first) for first, _ in places} - {""})
    for read, (first, last) in zip(reads, places, strict=True):
        if read.name in optional:
            yield read._replace(handled=OPTIONAL)
        elif _handled(tokens, first, last) or _holder(tokens, first) in handled:
            yield read._replace(handled=HANDLED)
        else:
            yield read


def _place(text: Text, tokens: Tokens, read: Read) -> tuple[int, int]:
    """The first and the last token of a read."""
    start = text.offset(read.whole.line, read.whole.column)
    end = text.offset(read.whole.end_line, read.whole.end_column)
    return bisect_right(tokens.starts, start) - 1, bisect_right(tokens.starts, end - 1) - 1


def _holder(tokens: Tokens, first: int) -> str:
    """The variable that an expression is the value of (`const name = ...`); empty for none."""
    declared = first >= _DECLARED and tokens.texts[first - 1] == "=" and tokens.texts[first - 3] in _DECLARATIONS
    return tokens.texts[first - 2] if declared else ""


def _handled(tokens: Tokens, first: int, last: int) -> bool:
    """Whether what stands around an expression copes with its being unset."""
    texts, match = tokens.texts, tokens.match
    size = len(texts)

    def at(index: int) -> str:
        return texts[index] if 0 <= index < size else ""

    while at(last + 1) in {"!", "as"} or (at(first - 1) == "(" and match[first - 1] == last + 1):
        if at(last + 1) == ")":
            if at(first - 2) in _CONDITIONS:
                return True
            first, last = first - 1, last + 1
        else:
            last += 1 if at(last + 1) == "!" else 2
    before, after = at(first - 1), at(last + 1)
    if after in _FALLBACKS or after == "=":
        return at(last + 2) not in _NOTHING
    if after == ")" and match[last + 1] > 0 and at(match[last + 1] - 1) in _CONDITIONS:
        return True
    return before == "!" or before in _COMPARISONS or after in _COMPARISONS or after in {"?", "?.", "&&"}


def _handled_names(tokens: Tokens, names: set[str]) -> set[str]:
    """Those of the variables of a file whose being unset it copes with anywhere: `const id = ...; if (!id) return`."""
    texts, kinds = tokens.texts, tokens.kinds
    uses = [index for index, text in enumerate(texts) if text in names and kinds[index] == NAME] if names else []
    proper = (index for index in uses if texts[index - 1] not in {".", "?."} and texts[index + 1 : index + 2] != ["="])
    return {texts[index] for index in proper if _handled(tokens, index, index)}


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
