"""Texts as a person reads them: full-width and accented letters, those that only look Latin, and escapes of letters.

Python reads a name in full-width letters as the same in narrow ones (NFKC), and nobody sees whether an `a` is Cyrillic:
a name means what it looks like.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from fr_check.core.secret_values import Stretch

# Cyrillic and Greek letters, and the Latin ones that they look like: see the confusables of Unicode TR 39.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι",  # noqa: RUF001 - that is what they are for
    "ABESIJKMHOPCTYXaeopcyxijsdABEZHIKMNOPTYXovi",
)
_LOOK_LATIN = "".join(map(chr, _ALIKE))
# Beside a Latin letter: a word of Cyrillic letters alone is one.
_AMONG_LATIN = pattern(rf"(?<=[A-Za-z])[{_LOOK_LATIN}]++|[{_LOOK_LATIN}]++(?=[A-Za-z])")
_LEFT_OUT = pattern(
    # What has no width, and accents of their own.
    "\r(?=\n)|[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]++"
    # The escape of a letter.
    r"|\\(?:u00|x)(?=(?P<code>3\d|[46][1-9A-Fa-f]|[57][0-9Aa])|5[Ff])[3-7][0-9A-Fa-f]"
)
_SIGNS = "_-"
# Letters with accents, of other alphabets and shapes, and what has no width: not dashes, and no Chinese.
_MAY_MISLEAD = pattern(
    "[\u00ad\u00c0-\u052f\u1e00-\u1fff\u200b-\u200f\u2060\u2070-\u209f\u2100-\u218f\u2460-\u24ff\ufeff\uff00-\uff5f\U0001d400-\U0001d7ff]"
)


def plain(string: str) -> tuple[str, Sequence[int]]:
    """The text in Latin letters where it looks so, with single line feeds; before which offsets one is missing."""
    if not string.isascii() and _MAY_MISLEAD.search(string):
        string = _AMONG_LATIN.sub(_looked_at, string.translate(_latin(frozenset(string))))
    elif "\r" not in string and "\\u00" not in string and "\\x" not in string:
        return string, ()
    pieces, missing, at, length = list[str](), list[int](), 0, 0
    for found in _LEFT_OUT.finditer(string):
        start, end = found.span()
        letter = chr(int(found[0][-2:], 16)) if found[0].startswith("\\") else ""
        length += start - at
        missing += [length] * (end - start - len(letter))
        pieces += [string[at:start], letter]
        length, at = length + len(letter), end
    return ("".join((*pieces, string[at:])), missing) if missing else (string, ())


def original(offset: int, missing: Sequence[int]) -> int:
    """The offset in the text as it was written."""
    return offset + bisect_left(missing, offset)


def as_written(found: tuple[Stretch, ...], missing: Sequence[int]) -> tuple[Stretch, ...]:
    """Stretches of a plain text, in the text as it was written."""
    if not missing:
        return found
    return tuple(one._replace(start=original(one.start, missing), end=original(one.end, missing)) for one in found)


def _looked_at(found: re.Match[str]) -> str:
    return found[0].translate(_ALIKE)


@lru_cache(maxsize=64)
def _latin(letters: frozenset[str]) -> dict[int, str]:
    from unicodedata import combining, normalize  # noqa: PLC0415 - few texts have other letters

    found: dict[int, str] = {}
    for letter in letters:
        first, *accents = list(letter if letter.isascii() else normalize("NFKD", letter))
        if first.isascii() and (first.isalnum() or first in _SIGNS) and all(map(combining, accents)):
            found[ord(letter)] = first
    return found
