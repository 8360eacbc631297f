"""The known name nearest to one that nobody knows: "did you mean"."""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST = 4
_DIGITS = dict.fromkeys(map(ord, "0123456789"))


class Speller:
    """Known names, indexed so that a question costs the length of the name and not the number of names.

    Near are names one typing error away from each other, or two in different places (both lose a character and then
    agree), and a name that is another with one word more, before or behind (`CORS_ORIGINS_STR`, `CORS_ORIGINS`). Names
    that only a number or a word tells apart (`MODEL_1`, `MODEL_2`; `QDRANT_API_KEY`, `GEMINI_API_KEY`) mean two things.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names, self._misspelt, self._shortened = _index(tuple(names))

    def nearest(self, key: str) -> str:
        """The most similar name, or an empty string where none is similar."""
        upper = key.upper()
        found = (
            *map(self._misspelt.get, _misspelt(upper)),
            *map(self._names.get, _shortened(upper)),
            self._shortened.get(upper),
        )
        lettered = _letters(upper)
        return next((name for name in found if name is not None and _letters(name.upper()) != lettered), "")


@lru_cache(maxsize=64)
def _index(known: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The names by themselves in capitals, by what a typing error makes of them, and by what is left without a word."""
    names: dict[str, str] = {}
    misspelt: dict[str, str] = {}
    shortened: dict[str, str] = {}
    for name in known:
        upper = name.upper()
        names.setdefault(upper, name)
        for form in _misspelt(upper):
            misspelt.setdefault(form, name)
        for form in _shortened(upper):
            shortened.setdefault(form, name)
    return names, misspelt, shortened


def _misspelt(name: str) -> Iterator[str]:
    """The name, and the name less any one character."""
    yield name
    if len(name) > _SHORTEST:
        yield from (name[:place] + name[place + 1 :] for place in range(len(name)))


def _shortened(name: str) -> Iterator[str]:
    """The name less its first or last word; one word alone says too little."""
    words = name.split("_")
    if len(words) > 2:  # noqa: PLR2004 - as said above
        yield "_".join(words[:-1])
        yield "_".join(words[1:])


def _letters(name: str) -> str:
    return name.translate(_DIGITS)


def nearest(word: str, names: Iterable[str]) -> str:
    """The most similar of a few names, or an empty string: for a single question."""
    return Speller(names).nearest(word)


def within(one: str, other: str, edits: int) -> bool:
    """Whether two names are at most so many insertions, deletions and replacements of a letter apart."""
    if abs(len(one) - len(other)) > edits:
        return False
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, 1):
        above, row = row, [count]
        for place, their in enumerate(other, 1):
            row.append(min(row[-1] + 1, above[place] + 1, above[place - 1] + (letter != their)))
    return row[-1] <= edits


def shared_words(one: str, other: str) -> int:
    """How many leading words two names share: `S3_REGION` and `S3_BUCKET` share one."""
    count = 0
    for mine, theirs in zip(one.split("_"), other.split("_"), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
