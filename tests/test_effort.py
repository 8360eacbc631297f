"""The measure of work itself: it repeats, and every way to be quadratic in Python shows."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import pytest

from effort import LINEAR, effort, growth

if TYPE_CHECKING:
    from collections.abc import Callable


def pairs_of_a_loop(items: list[int]) -> int:
    count = 0
    for one in items:
        for other in items:
            count += one == other
    return count


def pairs_of_a_comprehension(items: list[int]) -> list[bool]:
    return [one == other for one in items for other in items]


def pairs_of_a_generator(items: list[int]) -> int:
    return sum(sum(one == other for one in items) for other in items)


def pairs_of_a_function(items: list[int]) -> int:
    return max(max(map(lambda one: one - other, items)) for other in items)  # noqa: C417 - a call a pair


def once(items: list[int]) -> list[int]:
    table = {item: item + 1 for item in items}
    found = []
    for item in items:
        if item in table:
            found.append(table[item])  # noqa: PERF401 - a loop is meant
    return found


def numbers(size: int) -> list[int]:
    return list(range(size))


def test_linear_work_is_linear() -> None:
    assert growth(once, numbers, 50, 400) <= LINEAR
    assert growth(lambda items: sorted(items, key=lambda item: -item), numbers, 50, 400) <= LINEAR


@pytest.mark.parametrize("work", [pairs_of_a_loop, pairs_of_a_comprehension, pairs_of_a_generator, pairs_of_a_function])
def test_quadratic_work_is_not(work: Callable[[list[int]], object]) -> None:
    assert growth(work, numbers, 50, 400) > 6


def test_a_quadratic_part_shows_beside_much_linear_work() -> None:
    def work(items: list[int]) -> None:
        for _ in range(10):
            once(items)
        [item for item in items if not any(item + other == -1 for other in items)]

    assert growth(work, numbers, 50, 400) > 3


def test_the_count_repeats_and_leaves_things_as_they_were() -> None:
    before, collects = sys.gettrace(), gc.isenabled()
    assert len({effort(lambda: once(numbers(100))) for _ in range(3)}) == 1
    with pytest.raises(ZeroDivisionError):
        effort(lambda: 1 // 0)
    assert (sys.gettrace(), gc.isenabled()) == (before, collects)
