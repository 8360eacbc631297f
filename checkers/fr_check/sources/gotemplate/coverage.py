"""Which names are assigned on every path, and which twice on one: questions to the tree of branches."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.graph import Paths


def always(assigned: list[tuple[str, int]], paths: Paths) -> frozenset[str]:
    """The names that every path assigns, given (name, block) of assignments that are certain inside their block.

    A block's names are its own and those that all branches of an exhaustive structure in it have. The smaller set is
    always added to the larger, so that deep nesting costs no more than its text.
    """
    blocks = paths.blocks
    names: list[set[str]] = [set() for _ in blocks]
    for name, block in assigned:
        names[block].add(name)
    common: dict[int, set[str]] = {}
    for index in range(len(blocks) - 1, 0, -1):
        group = blocks[index].group
        common[group] = common[group] & names[index] if group in common else names[index]
        if _is_first(index, paths):
            if paths.exhaustive[group] and common[group]:
                parent = blocks[index].parent
                larger, smaller = sorted((names[parent], common[group]), key=len, reverse=True)
                larger |= smaller
                names[parent] = larger
            del common[group]
    return frozenset(names[0])


def _is_first(index: int, paths: Paths) -> bool:
    return paths.firsts[paths.blocks[index].group] == index


def repeated(assigned: list[tuple[str, int]], paths: Paths) -> list[tuple[int, int]]:
    """Pairs of indices (earlier, later) of the same name in blocks that one path can visit both.

    `assigned` is in order of text. It is enough to look at neighbours: when an earlier assignment shares a path with a
    later one, then so does the one between, or it shares one with the earlier.
    """
    latest: dict[str, int] = {}
    found = []
    for index, (name, block) in enumerate(assigned):
        if "*" in name:
            continue
        before = latest.get(name)
        if before is not None and not _exclusive(assigned[before][1], block, paths):
            found.append((before, index))
        latest[name] = index
    return found


def _exclusive(first: int, second: int, paths: Paths) -> bool:
    """Whether two blocks stand in different branches of one structure. A parent's number is below its children's."""
    blocks = paths.blocks
    while first != second:
        if blocks[first].group == blocks[second].group:
            return True
        if first > second:
            first = blocks[first].parent
        else:
            second = blocks[second].parent
    return False
