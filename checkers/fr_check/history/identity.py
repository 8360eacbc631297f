"""Whether a finding of one state is the same as one of another: by ordered keys, strongest first, each used once.

After SonarQube's `AbstractTracker`. Neither message nor line belongs to a key: texts hold numbers and commits, and
lines move. A subject (a variable, a submodule, a threshold's place) is what stays.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fr_check.core.model import Finding


class Item(NamedTuple):
    """What tells one finding from another; `place` is (line, column), by which copies with one key are paired."""

    rule: str
    subject: str
    path: str
    place: tuple[int, int] = (0, 0)


def item(finding: Finding) -> Item:
    """What identifies a finding."""
    span = finding.location.span
    return Item(finding.rule, finding.subject, finding.location.path, (span.line, span.column) if span else (0, 0))


def pairs(old: Sequence[Item], new: Sequence[Item], renamed: Mapping[str, str]) -> dict[int, int]:
    """Index in `new` -> index in `old` of the same finding; `renamed` maps old paths to new ones.

    First those of one rule, path and subject; then those whose file was renamed, with subjects that are paths beside or
    below it; then those of one rule and subject of which exactly one is left on either side: it moved between files.
    """
    if old == new and not renamed:
        return {at: at for at in range(len(new))}
    found: dict[int, int] = {}
    _match(old, new, found, lambda one: (one.rule, one.subject, one.path))
    if renamed:
        _match(old, new, found, lambda one: (one.rule, one.subject, renamed.get(one.path)), lambda one: one[:3])
        _match(old, new, found, lambda one: (one.rule, *_moved(one, renamed)), lambda one: one[:3])
    _match(old, new, found, lambda one: (one.rule, one.subject), alone=True)
    return found


def _moved(one: Item, renamed: Mapping[str, str]) -> tuple[str, str | None]:
    """Subject and path after a rename: what lies in the file's folder is named by the new one."""
    path = renamed.get(one.path)
    before, after = one.path.rpartition("/")[0], (path or "").rpartition("/")[0]
    if one.subject in renamed or path is None:
        return renamed.get(one.subject, one.subject), path
    if before and not one.subject.startswith(f"{before}/"):
        return one.subject, path
    return f"{after}/{one.subject[len(before) :].removeprefix('/')}".removeprefix("/"), path


def _match(
    old: Sequence[Item],
    new: Sequence[Item],
    found: dict[int, int],
    key: Callable[[Item], object],
    key_of_new: Callable[[Item], object] | None = None,
    *,
    alone: bool = False,
) -> None:
    """Adds the pairs of equal keys to `found`; with `alone`, only where one is left on either side."""
    if len(found) in {len(old), len(new)}:
        return
    taken = set(found.values())
    left = _by_key(old, key, taken)
    right = _by_key(new, key_of_new or key, found)
    for name, ours in right.items():
        theirs = left.get(name, [])
        if not alone or len(ours) == len(theirs) == 1:
            found.update(zip(ours, theirs, strict=False))


def _by_key(items: Sequence[Item], key: Callable[[Item], object], taken: Iterable[int]) -> dict[object, list[int]]:
    """Key -> indices of the items that are not taken yet, in the order of their places."""
    gone = set(taken)
    grouped: dict[object, list[int]] = {}
    for index in sorted(range(len(items)), key=lambda at: (items[at].path, items[at].place)):
        if index not in gone:
            grouped.setdefault(key(items[index]), []).append(index)
    return grouped
