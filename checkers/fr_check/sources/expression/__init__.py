"""GitHub's `${{ }}` expressions, evaluated as far as a reader can: what is unknown becomes a hole in the text.

`render(value, resolve)` gives the texts a value may become: `${{ matrix.app == 'web' && format('A={0}', x) || '' }}`
with `matrix.app` known is one text, with it unknown two. Functions other than `format` are unknown, as are contexts
that `resolve` does not know.
Source: https://docs.github.com/actions/reference/workflows-and-actions/expressions.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.expression.evaluate import (
    ALTERNATIVES,
    OPAQUE,
    Resolve,
    Value,
    Values,
    evaluate,
    text_of,
    values_of,
)
from fr_check.sources.yaml_nodes import get

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from fr_check.sources.yaml_nodes import Node

__all__ = (
    "OPAQUE",
    "Piece",
    "Resolve",
    "Value",
    "Values",
    "below",
    "has_expression",
    "nothing",
    "plain",
    "render",
    "values_of",
)

_TOKEN = pattern(
    r"(?P<string>'(?:[^']|'')*')|(?P<number>[-+]?(?:0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<operator>&&|\|\||[=!<>]=|[!<>().,\[\]*])|(?P<end>\}\})"
)
_BLANK = pattern(r"\s*")


class Piece(NamedTuple):
    """Text that came from `start` in the value, character by character if `exact`; `text` None where it is unknown."""

    text: str | None
    start: int
    exact: bool


def render(value: str, resolve: Resolve) -> tuple[tuple[Piece, ...], ...]:
    """Every text `value` may become, each as pieces; one alternative where all is known.

    `resolve` gets a lower-cased context and the names below it (`("matrix", "app")`) and returns a node of the file or
    the values it may have.
    """
    alternatives: list[list[Piece]] = [[]]
    for piece, source in _split(value):
        if source is None:
            options: list[tuple[Piece, ...]] = [(piece,)]
        else:
            values = evaluate(source, resolve)
            options = [tuple(Piece(text, piece.start, exact=False) for text in text_of(item)) for item in values]
        if len(alternatives) * len(options) > ALTERNATIVES:
            options = [(Piece(None, piece.start, exact=False),)]
        # Most pieces have one text: copying what stands before them would be quadratic.
        if len(options) == 1:
            for head in alternatives:
                head.extend(options[0])
        else:
            alternatives = [[*head, *tail] for head in alternatives for tail in options]
    return tuple(map(tuple, alternatives))


def plain(value: str, resolve: Resolve) -> str | None:
    """The one text `value` becomes, or None where it is not fully known."""
    alternatives = render(value, resolve)
    texts = {"".join(piece.text for piece in pieces if piece.text is not None) for pieces in alternatives}
    known = all(piece.text is not None for pieces in alternatives for piece in pieces)
    return texts.pop() if known and len(texts) == 1 else None


def nothing(_path: tuple[str, ...]) -> Values:
    """A `resolve` that knows nothing."""
    return (OPAQUE,)


def has_expression(value: str) -> bool:
    """Whether anything in the value is an expression."""
    return "${{" in value


def _split(value: str) -> list[tuple[Piece, list[re.Match[str]] | None]]:
    """Literal text and expressions (as their tokens), in order; an unclosed `${{` is literal text."""
    pieces: list[tuple[Piece, list[re.Match[str]] | None]] = []
    start = 0
    opening = value.find("${{")
    while opening >= 0:
        tokens, end = _tokens(value, opening + 3)
        if end < 0:
            break
        if opening > start:
            pieces.append((Piece(value[start:opening], start, exact=True), None))
        pieces.append((Piece(None, opening, exact=False), tokens))
        start = end
        opening = value.find("${{", start)
    if start < len(value):
        pieces.append((Piece(value[start:], start, exact=True), None))
    return pieces


def _tokens(value: str, position: int) -> tuple[list[re.Match[str]], int]:
    """The tokens up to `}}` and the offset behind it; for what is no expression, none, and -1 if nothing closes it."""
    tokens: list[re.Match[str]] = []
    start = position
    while True:
        blank = _BLANK.match(value, position)
        token = _TOKEN.match(value, blank.end() if blank else position)
        if token is None:
            closing = value.find("}}", start)
            return [], closing + 2 if closing >= 0 else -1
        if token.lastgroup == "end":
            return tokens, token.end()
        tokens.append(token)
        position = token.end()


def below(node: Node | None, names: tuple[str, ...]) -> Node | Values:
    """The node at a path of names, for a `resolve`: unknown where there is none."""
    found = get(node, *names)
    return (OPAQUE,) if found is None else found
