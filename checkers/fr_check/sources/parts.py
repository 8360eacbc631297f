"""Texts with something between them: what words of a shell and of a Dockerfile are made of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    T = TypeVar("T")


FILLED_LIMIT = 16_384
"""Characters of a value with others in it. Forty lines `A1=$A0$A0` would be more than any machine has memory for; what
nobody fills may be longer."""


def joined(parts: Iterable[str | T]) -> tuple[str | T, ...]:
    """Neighbouring texts made one, empty ones left out; at once, since joining one by one would be quadratic."""
    found: list[str | T] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if text := "".join(texts):
            found.append(text)
        texts = []
        found.append(part)
    if text := "".join(texts):
        found.append(text)
    return tuple(found)
