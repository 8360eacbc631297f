"""A value that may be secret, wrapped so that no message, log line or traceback shows it by accident."""

from __future__ import annotations

from fr_check.core.secrecy import MASK


class Opaque:
    """A string that prints as `***`. Equality and hash are the string's own; `reveal()` is the one way in."""

    __slots__ = ("_string",)

    def __init__(self, string: str) -> None:
        self._string = string

    def reveal(self) -> str:
        """The string itself: for comparisons, never for a message unless its name is known to be no secret."""
        return self._string

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and other._string == self._string

    def __hash__(self) -> int:
        return hash(self._string)

    def __bool__(self) -> bool:
        return bool(self._string)
