"""How much work Python does, counted instead of timed: the same on every machine, however slow or busy it is.

What happens inside C code (a regular expression, a slice, `in` of a list) is not seen; `benchmarks/hostile_input.py`
times that.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

T = TypeVar("T")

# What `growth` may be where the work is in proportion to the input: sorting and the like may cost a little more.
LINEAR = 1.25


def effort(work: Callable[[], object]) -> int:
    """What Python traces while `work` runs: lines, turns of a loop on one line, calls, returns."""
    count = 0

    def trace(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before, collects = sys.gettrace(), gc.isenabled()
    # A collection would run the finalisers of whatever other tests left behind, and its time grows with the heap.
    gc.disable()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
        if collects:
            gc.enable()
    return count


def growth(work: Callable[[T], object], make: Callable[[int], T], small: int, large: int) -> float:
    """How much more a unit of the large input costs than one of the small: 1 is linear, `large / small` quadratic.

    `make(size)` gives an input of so many units; making it is not counted.
    """
    for size in (small, large):
        work(make(size))  # imports and caches are paid for here
    few, many = (effort(partial(work, make(size))) / size for size in (small, large))
    return many / few
