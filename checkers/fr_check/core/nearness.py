"""The known name nearest to one that nobody knows: "did you mean"."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST = 4


class Speller:
    """Known names, indexed so that a question costs the length of the name and not the number of names.

    Near are names one typing error away from each other, or two in different places (both lose a character and then
    agree), and names that differ by a first or last word (`CORS_ORIGINS_STR`, `CORS_ORIGINS`).
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._index: dict[str, str] = {}
        for name in names:
            for form in _forms(name.upper()):
                self._index.setdefault(form, name)

    def nearest(self, key: str) -> str:
        """The most similar name, or an empty string where none is similar."""
        found = (self._index.get(form) for form in _forms(key.upper()))
        return next((name for name in found if name is not None and name.upper() != key.upper()), "")


def _forms(name: str) -> Iterator[str]:
    """The name, the name less any one character, and less its first or last word."""
    yield name
    if len(name) > _SHORTEST:
        yield from (name[:place] + name[place + 1 :] for place in range(len(name)))
    words = name.split("_")
    if len(words) > 2:  # noqa: PLR2004 - one word alone says too little
        yield "_".join(words[:-1])
        yield "_".join(words[1:])


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
