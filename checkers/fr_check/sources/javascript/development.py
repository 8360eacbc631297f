"""The stretches of a file that only run in development: `if (import.meta.env.DEV) {...}`, `isDev && ...`.

Bundlers drop them from a production build: Vite replaces `import.meta.env.DEV` by `false`, and everyone `NODE_ENV`.
"""

from __future__ import annotations

from fr_check.sources.javascript.tokens import DECLARING, NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.sources.javascript.tokens import Tokens

_DEV = ["import", ".", "meta", ".", "env", ".", "DEV"]
_PROD = ["!", "import", ".", "meta", ".", "env", ".", "PROD"]
_MODES = (["process", ".", "env", ".", "NODE_ENV"], ["import", ".", "meta", ".", "env", ".", "MODE"])
# Few tokens begin one of these.
_HEADS = frozenset(("process", "import"))
_IS = frozenset(("===", "=="))
_IS_NOT = frozenset(("!==", "!="))
_ENDS = frozenset((",", ";", ")", "]", "}", ":", "||", "??"))
_REACH = 500
"""Tokens that a test may guard outside of brackets."""
_WORD = ("DEV", "NODE_ENV", "MODE", "PROD")


def regions(string: str, tokens: Tokens) -> list[tuple[int, int]]:
    """First and last token of each stretch that a production build never runs."""
    if not any(word in string for word in _WORD):
        return []
    tests = list(_tests(tokens))
    names = {name for first, last in tests if (name := _named(tokens, first, last))}
    if names:
        tests.extend(
            (index, index) for index, text in enumerate(tokens.texts) if text in names and _used(tokens, index)
        )
    found = [region for _, last in tests for region in _guarded(tokens, last)]
    return found + [region for test in _production(tokens) for region in _otherwise(tokens, *test)]


def _tests(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """First and last token of each expression that is true in development only."""
    texts = tokens.texts
    for index, text in enumerate(texts):
        if text == "import" and texts[index : index + 7] == _DEV:
            if texts[index - 1 : index] != ["!"]:
                yield index, index + 6
        elif text == "!" and texts[index : index + 8] == _PROD:
            yield index, index + 7
        elif text in _HEADS and (last := _compared(texts, index, "development", "production")) is not None:
            yield index, last


def _production(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """First and last token of each expression that is true in production only."""
    texts = tokens.texts
    for index, text in enumerate(texts):
        if text not in _HEADS:
            continue
        negated = texts[index - 1 : index] == ["!"]
        if text == "import" and texts[index : index + 7] == (_DEV if negated else _PROD[1:]):
            yield index - negated, index + 6
        elif (last := _compared(texts, index, "production", "development")) is not None:
            yield index, last


def _compared(texts: list[str], index: int, word: str, other: str) -> int | None:
    """The last token of a comparison that begins here and holds where the mode is `word`, and not `other`."""
    for mode in _MODES:
        end = index + len(mode)
        if texts[index:end] == mode:
            operator, value = [*texts[end : end + 2], "", ""][:2]
            named = value.strip("\"'`")
            if (operator in _IS and named == word) or (operator in _IS_NOT and named == other):
                return end + 1
    return None


def _otherwise(tokens: Tokens, first: int, last: int) -> Iterator[tuple[int, int]]:
    """What runs only where a test is false: `: b`, `else b`, what follows a `return`."""
    texts, match = tokens.texts, tokens.match
    size, after = len(texts), last + 1
    if texts[first - 1 : first] in (["&&"], ["||"], ["??"]):
        return
    if texts[after : after + 1] == ["?"]:
        colon = _end(tokens, after + 1) + 1
        if texts[colon : colon + 1] == [":"]:
            yield colon + 1, _end(tokens, colon + 1)
        return
    if texts[after : after + 1] != [")"] or match[after] != first - 1 or texts[match[after] - 1] != "if":
        return
    body = after + 1
    block = texts[body : body + 1] == ["{"] and match[body] > body
    end = match[body] if block else _end(tokens, body)
    following = end + 1 + (not block and texts[end + 1 : end + 2] == [";"])
    if texts[following : following + 1] == ["else"]:
        inner = following + 1
        yield inner, match[inner] if texts[inner : inner + 1] == ["{"] else _end(tokens, inner)
    elif texts[body + block : body + block + 1] in (["return"], ["throw"], ["continue"]):
        at = following
        while at < size and texts[at] != "}":
            at = max(match[at], at) + 1
        yield following, at - 1


def _named(tokens: Tokens, first: int, last: int) -> str:
    """The constant that holds a test: `const isDev = ...;`."""
    texts = tokens.texts
    whole = texts[last + 1 : last + 2] in ([";"], []) or tokens.kinds[last + 1] == NAME
    declared = first > 2 and texts[first - 1] == "=" and texts[first - 3] in DECLARING  # noqa: PLR2004 - const x =
    return texts[first - 2] if whole and declared else ""


def _used(tokens: Tokens, index: int) -> bool:
    texts = tokens.texts
    before = texts[index - 1] if index else ""
    return tokens.kinds[index] == NAME and before not in {".", "?.", "!"} and texts[index + 1 : index + 2] != ["="]


def _guarded(tokens: Tokens, last: int) -> Iterator[tuple[int, int]]:
    """What runs only where a test is true, whose last token is given."""
    texts, match = tokens.texts, tokens.match
    after = last + 1
    following = texts[after] if after < len(texts) else ""
    if following in {"&&", "?"}:
        yield after + 1, _end(tokens, after + 1)
    at = after
    while at < min(len(texts), after + _REACH) and texts[at] not in {")", "||", ";", "?", "}"}:
        at = max(match[at], at) + 1
    if at < len(texts) and texts[at] == ")" and match[at] > 0 and texts[match[at] - 1] == "if":
        body = at + 1
        if texts[body : body + 1] == ["{"] and match[body] > body:
            yield body, match[body]
        else:
            yield body, _end(tokens, body)


def _end(tokens: Tokens, start: int) -> int:
    """The last token of an expression."""
    texts, match = tokens.texts, tokens.match
    at = start
    while at < min(len(texts), start + _REACH) and texts[at] not in _ENDS:
        at = max(match[at], at) + 1
    return at - 1
