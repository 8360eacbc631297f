"""Which constructs of a script stand in which: looked up once, as each call of a function asks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.sources.shell.model import Block


class Nesting:
    """The tree of a script's blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """`blocks` as in `Script.blocks`."""
        self._below: dict[int, list[int]] = {}
        for number, block in enumerate(blocks):
            self._below.setdefault(block.parent, []).append(number)
        self._within: dict[int, frozenset[int]] = {}

    def directly_in(self, block: int) -> Sequence[int]:
        """The blocks that stand in one, without those that stand in these."""
        return self._below.get(block, ())

    def within(self, block: int) -> frozenset[int]:
        """A block and all that stand in it."""
        if block not in self._within:
            found, waiting = {block}, [block]
            while waiting:
                below = self._below.get(waiting.pop(), ())
                found.update(below)
                waiting += below
            self._within[block] = frozenset(found)
        return self._within[block]
