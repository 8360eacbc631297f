"""Questions about the name of a file, for `Repository.select`, or its content: of the same words they are one."""

from __future__ import annotations

from functools import cache, lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def ending(*ends: str) -> Callable[[str], bool]:
    """Whether a path ends with one of these."""
    return lambda path: path.endswith(ends)


@cache
def beginning(*heads: str) -> Callable[[str], bool]:
    """Whether a path begins with one of these."""
    return lambda path: path.startswith(heads)


@cache
def directly_in(folder: str) -> Callable[[str], bool]:
    """Whether a file stands in a folder itself ("" for the root)."""
    return lambda path: path.rpartition("/")[0] == folder


@cache
def both(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether two predicates say yes."""
    return lambda path: one(path) and other(path)


@lru_cache(maxsize=64)
def among(paths: frozenset[str]) -> Callable[[str], bool]:
    """Whether a path is one of these."""
    return paths.__contains__


# Names of one kind mostly end alike (`Settings`), which is looked for before each of them.
_END = 8


@lru_cache(maxsize=256)
def holding(words: frozenset[bytes]) -> Callable[[bytes], bool]:
    """Whether some content has one of these in it."""
    ends = {word[-_END:] for word in words}
    if len(ends) == len(words):
        return lambda data: any(word in data for word in words)
    return lambda data: any(end in data for end in ends) and any(word in data for word in words)


def nothing(path: str) -> bool:
    """No path at all."""
    del path
    return False
