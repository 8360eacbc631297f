"""Which lines of a text are new, compared with an older one: by unique common lines, in time linear but for sorting.

Any set of unchanged pairs in order is a valid diff. This one anchors on lines that occur once on both sides (Bram
Cohen's patience diff), and looks between anchors for more; `difflib` takes minutes where files repeat themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Between anchors: a stretch of at most this many pairs is compared exactly, a larger one counts as rewritten.
_EXACT = 40_000


def added_lines(old: bytes, new: bytes) -> frozenset[int]:
    """Line numbers, from 1, of the lines of `new` that are not in `old`; line ends do not count."""
    before, after = split_lines(old), split_lines(new)
    kept: set[int] = set()
    pending = [(0, len(before), 0, len(after))]
    while pending:
        low, high, start, end = pending.pop()
        while low < high and start < end and before[low] == after[start]:
            kept.add(start)
            low, start = low + 1, start + 1
        while low < high and start < end and before[high - 1] == after[end - 1]:
            high, end = high - 1, end - 1
            kept.add(end)
        if low < high and start < end:
            pending += _between(before, after, (low, high, start, end), kept)
    return frozenset(number + 1 for number in range(len(after)) if number not in kept)


def split_lines(text: bytes) -> list[bytes]:
    """The lines that numbers of `added_lines` count, without their ends."""
    lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _between(
    before: Sequence[bytes], after: Sequence[bytes], box: tuple[int, int, int, int], kept: set[int]
) -> list[tuple[int, int, int, int]]:
    """The stretches between the anchors of a box; without anchors, what an exact comparison keeps is kept at once."""
    low, high, start, end = box
    anchors = _anchors(before, after, box)
    if not anchors:
        if (high - low) * (end - start) <= _EXACT:
            kept.update(start + index for index in _common(before[low:high], after[start:end]))
        return []
    boxes = []
    for left, right in [*anchors, (high, end)]:
        boxes.append((low, left, start, right))
        low, start = left + 1, right + 1
    kept.update(right for _, right in anchors)
    return boxes


def _anchors(before: Sequence[bytes], after: Sequence[bytes], box: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Pairs of lines that occur once on both sides, in the longest order that both share."""
    low, high, start, end = box
    once = {line for line, times in Counter(before[low:high]).items() if times == 1}
    counts = Counter(after[start:end])
    place = {before[index]: index for index in range(low, high) if before[index] in once}
    pairs = [(place[after[n]], n) for n in range(start, end) if counts[after[n]] == 1 and after[n] in place]
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (left, _) in enumerate(pairs):
        where = bisect_left(tails, left)
        previous.append(ends[where - 1] if where else -1)
        tails[where : where + 1] = [left]
        ends[where : where + 1] = [index]
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = previous[at]
    return chain[::-1]


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> list[int]:
    """Indices in `other` of a longest common subsequence, by the textbook table."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            same = one[i] == other[j]
            table[i][j] = table[i + 1][j + 1] + 1 if same else max(table[i + 1][j], table[i][j + 1])
    found = []
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            found.append(j)
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
