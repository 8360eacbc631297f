"""Where code is only come to if a constant is not a certain text: `if (BASE === "/api") return ...;` before it."""

from __future__ import annotations

from fr_check.sources.javascript.tokens import NAME, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.javascript.tokens import Tokens

_EQUAL, _UNEQUAL = frozenset(("===", "==")), frozenset(("!==", "!="))
# What a statement begins with, or is over with, where nobody writes semicolons.
_NEXT = frozenset((";", "}", "return", "const", "let", "var", "if", "throw", "for", "switch", "try"))
_LONGEST = 200
"""Tokens of one branch."""


def guarded(tokens: Tokens) -> list[tuple[int, int, str, str]]:
    """Regions, as the tokens before and behind, with the constant and the text that it does not have in them."""
    texts, kinds, match = tokens.texts, tokens.kinds, tokens.match
    found: list[tuple[int, int, str, str]] = []
    opened: list[int] = []
    for index, text in enumerate(texts):
        if text == "{" and match[index] > index:
            opened.append(index)
        elif text == "}" and opened and match[opened[-1]] == index:
            opened.pop()
        elif (text in _EQUAL or text in _UNEQUAL) and 1 < index < len(texts) - 2:
            left, right = index - 1, index + 1
            if kinds[left] == STRING:
                left, right = right, left
            if kinds[left] == NAME and kinds[right] == STRING:
                end = match[opened[-1]] if opened else len(texts)
                region = _region(tokens, index, end, equal=text in _EQUAL)
                if region is not None:
                    found.append((*region, texts[left], texts[right][1:-1]))
    return found


def _region(tokens: Tokens, at: int, end: int, *, equal: bool) -> tuple[int, int] | None:
    """Where a comparison does not hold, or where `!==` does, that ends the condition of an `if` or of `c ? a : b`."""
    texts, match = tokens.texts, tokens.match
    behind = at + 2
    if texts[behind] == "?":
        return _of_choice(tokens, at, end, equal=equal)
    # What stands before the constant is the bracket of the condition: it is not compared with more.
    if texts[behind] != ")" or match[behind] != at - 2 or texts[at - 3] != "if":
        return None
    body = behind + 1
    last = match[body] if texts[body : body + 1] == ["{"] else -1
    if not equal:
        return (body, last) if last > body else None
    if last > body:
        return (last, end) if _ends_with_return(tokens, body, last) else None
    return (_over(tokens, body + 1, end), end) if texts[body : body + 1] == ["return"] else None


def _of_choice(tokens: Tokens, at: int, end: int, *, equal: bool) -> tuple[int, int] | None:
    """The same for `BASE === "/api" ? a : b`, where nothing else is asked."""
    question = at + 2
    colon = _colon(tokens, question + 1, end) if tokens.texts[at - 2] not in {"&&", "||", ".", "?."} else -1
    if colon < 0:
        return None
    return (colon, _over(tokens, colon + 1, end)) if equal else (question, colon)


def _ends_with_return(tokens: Tokens, opening: int, closing: int) -> bool:
    """Whether the last statement of a block, of those not nested, is a `return`."""
    at, last = opening + 1, ""
    while at < closing:
        text = tokens.texts[at]
        last = text if text in _NEXT - {";", "}"} else last
        at = max(at, tokens.match[at])
        at += 1
    return last == "return"


def _over(tokens: Tokens, at: int, end: int) -> int:
    """The token that ends an expression which begins here."""
    start = at
    while at < min(end, start + _LONGEST):
        text = tokens.texts[at]
        if text in _NEXT or text in {")", ",", "]"}:
            return at
        at = max(at, tokens.match[at])
        at += 1
    return min(at, end)


def _colon(tokens: Tokens, at: int, end: int) -> int:
    """The `:` of a choice whose first branch begins here; -1 where it is not near."""
    start, deep = at, 0
    while at < min(end, start + _LONGEST):
        text = tokens.texts[at]
        if text == ":" and not deep:
            return at
        deep += (text == "?") - (text == ":")
        at = max(at, tokens.match[at])
        at += 1
    return -1
