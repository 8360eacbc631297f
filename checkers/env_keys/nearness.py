"""The known name nearest to one that nobody knows: "did you mean"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(key: str, names: Iterable[str]) -> str:
    """The most similar name, or an empty string where none is similar."""
    from difflib import get_close_matches  # noqa: PLC0415 - only findings need it

    found = get_close_matches(key.upper(), sorted({name.upper() for name in names} - {key.upper()}), n=1, cutoff=0.8)
    return found[0] if found else ""
