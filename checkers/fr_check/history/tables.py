"""Names and contents of a commit's files that were asked for, kept from one commit to the next: few files change."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.repository.objects import GITLINK, SYMLINK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from fr_check.repository.objects import Entry

_MOST = 300
"""Questions that are kept; those that nobody asked for longest go first."""
_PAIRS = 16
_TREES = 4
"""Trees that are kept to tell what changed since."""


class Listed(NamedTuple):
    """A commit's tree: everything in it, its files and its submodules' pointers."""

    commit: str
    entries: Mapping[str, Entry]
    names: tuple[str, ...]
    links: Mapping[str, str]
    symlinks: frozenset[str]

    @classmethod
    def of(cls, commit: str, entries: Mapping[str, Entry]) -> Listed:
        """Sorts the entries of a tree."""
        links = {path: entry.oid for path, entry in entries.items() if entry.mode == GITLINK}
        symlinks = frozenset(path for path, entry in entries.items() if entry.mode == SYMLINK)
        return cls(commit, entries, tuple(sorted(path for path in entries if path not in links)), links, symlinks)


class _Selected(NamedTuple):
    """The names that a predicate selects of a tree's."""

    names: tuple[str, ...]
    found: tuple[str, ...]


class _Searched(NamedTuple):
    """What a scanner makes of a tree's files."""

    listed: Listed
    found: Mapping[str, Any]


class _Since(NamedTuple):
    """The files that changed, and what begins the paths that a link of the repository may lead to."""

    changed: frozenset[str]
    leading: tuple[str, ...]


class Tables:
    """What was asked of the last commit, brought up to date with what changed since then."""

    def __init__(self) -> None:
        self._selected: dict[Callable[[str], bool], _Selected] = {}
        self._searched: dict[tuple[Any, ...], _Searched] = {}
        self._by_name: tuple[tuple[str, ...], dict[str, list[str]]] = ((), {})
        self._renamed: dict[tuple[int, int], tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]] = {}
        self._changed: tuple[Listed, Listed, frozenset[str]] | None = None
        self._trees: dict[str, Listed] = {}
        self._since: dict[tuple[str, str], _Since] = {}

    def select(self, names: tuple[str, ...], wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """Those of a tree's names that are wanted; the same object as long as they are the same names."""
        kept = self._selected.pop(wanted, None)
        if kept is None:
            found = tuple(filter(wanted, names))
        else:
            found = kept.found
            differing = self.differing(kept.names, names) if kept.names is not names else ()
            if any(map(wanted, differing)):
                selected = {*found}.symmetric_difference(filter(wanted, differing))
                found = tuple(sorted(selected))
        self._selected[wanted] = _Selected(names, found)
        _bound(self._selected)
        return found

    def search(
        self, listed: Listed, key: tuple[Any, ...], scan: Callable[[str], Any], keep: Callable[[Any], bool]
    ) -> Mapping[str, Any]:
        """Path -> what is made of a file, where it is to be kept; the same object as long as that is so.

        `key` begins with the predicate that selects the files.
        """
        wanted = key[0]
        paths = self.select(listed.names, wanted)
        kept = self._searched.pop(key, None)
        if kept is None:
            made = ((path, scan(path)) for path in paths)
            found: Mapping[str, Any] = {path: one for path, one in made if keep(one)}
        else:
            found = kept.found
            changed = [path for path in self._changes(kept.listed, listed) if wanted(path)]
            before = {path: found[path] for path in changed if path in found}
            now = {path: one for path in changed if path in listed.entries and keep(one := scan(path))}
            if before != now:
                kept_on = {path: one for path, one in found.items() if path not in before}
                found = dict(sorted({**kept_on, **now}.items()))
        self._searched[key] = _Searched(listed, found)
        _bound(self._searched)
        return found

    def named(self, names: tuple[str, ...], name: str) -> tuple[str, ...]:
        """Those of a tree's names whose last part this is."""
        if self._by_name[0] is not names:
            found: dict[str, list[str]] = {}
            for path in names:
                found.setdefault(path.rpartition("/")[2], []).append(path)
            self._by_name = (names, found)
        return tuple(self._by_name[1].get(name, ()))

    def differing(self, before: tuple[str, ...], now: tuple[str, ...]) -> frozenset[str]:
        """The names that only one of two trees has."""
        key = (id(before), id(now))
        known = self._renamed.pop(key, None)
        if known is None or known[0] is not before or known[1] is not now:
            known = (before, now, frozenset(before).symmetric_difference(now))
        self._renamed[key] = known
        if len(self._renamed) > _PAIRS:
            del self._renamed[next(iter(self._renamed))]
        return known[2]

    def keep(self, listed: Listed) -> None:
        """Keeps a tree, to tell later what changed since."""
        self._trees[listed.commit] = listed
        if len(self._trees) > _TREES:
            del self._trees[next(iter(self._trees))]

    def since(self, commit: str, now: Listed) -> _Since | None:
        """The files whose content may differ from that in a commit; None where its tree is not kept any more."""
        before = self._trees.get(commit)
        if before is None:
            return None
        key = (commit, now.commit)
        if key not in self._since:
            self._since = {pair: found for pair, found in self._since.items() if pair[1] == now.commit}
            changed = {path for path, _ in before.entries.items() ^ now.entries.items()}
            leading = tuple(f"{link}/" for link in before.symlinks | now.symlinks)
            self._since[key] = _Since(frozenset(changed | now.symlinks), leading)
        return self._since[key]

    def _changes(self, before: Listed, now: Listed) -> frozenset[str]:
        """The files whose content may differ, those that are in one of two trees only among them."""
        if self._changed is None or self._changed[0] is not before or self._changed[1] is not now:
            changed = {path for path, _ in before.entries.items() ^ now.entries.items()}
            # What a link leads to may change under it.
            self._changed = (before, now, frozenset((changed | now.symlinks) - now.links.keys()))
        return self._changed[2]


def _bound(table: dict[Any, Any]) -> None:
    if len(table) > _MOST:
        del table[next(iter(table))]
