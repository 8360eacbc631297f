"""Globs with many wildcards, matched step by step.

As a regular expression `*a*a*a*b` takes a time that grows with the power of its wildcards; here every piece of the
glob looks at every place of the path once. A glob with few wildcards is faster as a regular expression.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ANY = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
"""Wildcards of any length, and what they are in a regular expression."""


class Steps:
    """A glob in pieces: wildcards of `ANY`, regular expressions of one character each, and texts of which one fits."""

    def __init__(self, pieces: Iterable[str | tuple[str, ...]]) -> None:
        """Compiles the expressions; raises `re.error` where one cannot be."""
        self._pieces = tuple(
            piece if isinstance(piece, tuple) or piece in ANY else re.compile(piece, re.DOTALL) for piece in pieces
        )

    def fullmatch(self, path: str) -> bool:
        """Whether the glob matches all of a path."""
        return len(path) in self.ends(path)

    def ends(self, path: str) -> set[int]:
        """Where what the glob matches from the beginning of a path may end: all of its folders are asked at once."""
        places = {0}  # how far what was looked at so far may reach
        for piece in self._pieces:
            if not places:
                break
            if isinstance(piece, str):
                places = _stretched(piece, places, path)
            elif isinstance(piece, tuple):
                places = {place + len(text) for text in piece for place in places if path.startswith(text, place)}
            else:
                places = {place + 1 for place in places if piece.match(path, place)}
        return places


def _stretched(wildcard: str, places: set[int], path: str) -> set[int]:
    """Where a wildcard may end that begins at one of these places."""
    first = min(places)
    if wildcard == "**":
        return set(range(first, len(path) + 1))
    if wildcard == "**/":
        return places | {place + 1 for place in range(first, len(path)) if path[place] == "/"}
    found: set[int] = set()
    reached = False
    for place in range(first, len(path) + 1):
        reached = reached or place in places
        if reached:
            found.add(place)
        reached = reached and path[place : place + 1] != "/"
    return found
