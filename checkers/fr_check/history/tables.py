"""Names and contents of a commit's files that were asked for, kept from one commit to the next: few files change."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.core.repository import compile_glob
from fr_check.repository.objects import GITLINK, SYMLINK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from fr_check.repository.objects import Entry

_MOST = 300
"""Questions that are kept; those that nobody asked for longest go first."""
_PAIRS = 16
_LONG_AGO = 64
"""Trees of which it is kept what changed since."""
_MODULES = ".gitmodules"


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


class Changes:
    """What differs between two trees.

    `paths` are those of which the content may, `names` files that only one of them has, `leading` begins the paths
    that a link of the repository may lead to. `pointers`: a submodule may have other files; `submodules`: there are
    others.
    """

    def __init__(
        self, paths: frozenset[str], names: frozenset[str], links: frozenset[str], *, pointers: bool, submodules: bool
    ) -> None:
        self.paths = paths
        self.names = names
        self.links = links
        self.leading = tuple(f"{link}/" for link in links)
        self.pointers = pointers
        self.submodules = submodules
        self._paths: dict[Callable[[str], bool], bool] = {}
        self._names: dict[Callable[[str], bool], bool] = {}
        self._matches: dict[str, bool] = {}

    @classmethod
    def between(cls, before: Listed, now: Listed) -> Changes:
        """Compares two trees."""
        paths = frozenset(path for path, _ in before.entries.items() ^ now.entries.items())
        links = before.symlinks | now.symlinks
        return cls(
            paths | links,
            frozenset(before.names).symmetric_difference(now.names) if before.names is not now.names else frozenset(),
            links,
            pointers=before.links != now.links or _MODULES in paths,
            submodules=before.links.keys() != now.links.keys(),
        )

    def then(self, later: Changes) -> Changes:
        """What may differ after further changes."""
        return Changes(
            self.paths | later.paths,
            self.names | later.names,
            self.links | later.links,
            pointers=self.pointers or later.pointers,
            submodules=self.submodules or later.submodules,
        )

    @cached_property
    def last_parts(self) -> frozenset[str]:
        """What the files are called that only one tree has."""
        return frozenset(name.rpartition("/")[2] for name in self.names)

    def any_path(self, wanted: Callable[[str], bool]) -> bool:
        """Whether a file is wanted of which the content may differ."""
        if wanted not in self._paths:
            self._paths[wanted] = any(map(wanted, self.paths))
        return self._paths[wanted]

    def any_name(self, wanted: Callable[[str], bool]) -> bool:
        """Whether a file is wanted that only one tree has."""
        if wanted not in self._names:
            self._names[wanted] = any(map(wanted, self.names))
        return self._names[wanted]

    def any_match(self, pattern: str) -> bool:
        """Whether a glob matches a file that only one tree has."""
        if pattern not in self._matches:
            self._matches[pattern] = any(map(compile_glob(pattern).fullmatch, self.names))
        return self._matches[pattern]


class Tables:
    """What was asked of the last commit, brought up to date with what changed since then."""

    def __init__(self) -> None:
        self._selected: dict[Callable[[str], bool], _Selected] = {}
        self._searched: dict[tuple[Any, ...], _Searched] = {}
        self._by_name: tuple[tuple[str, ...], dict[str, list[str]]] = ((), {})
        self._renamed: dict[tuple[int, int], tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]] = {}
        self._changed: tuple[Listed, Listed, frozenset[str]] | None = None
        self._last: Listed | None = None
        self._number = 0
        self._steps: dict[int, Changes] = {}
        self._since: dict[int, tuple[int, Changes]] = {}

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

    def keep(self, listed: Listed) -> int:
        """Takes the tree that will be asked about, and numbers it: to tell later what changed since."""
        if self._last is None or self._last.commit != listed.commit:
            self._number += 1
            if self._last is not None:
                self._steps[self._number] = Changes.between(self._last, listed)
                self._steps.pop(self._number - _LONG_AGO, None)
                self._since.pop(self._number - _LONG_AGO - 1, None)
            self._last = listed
        return self._number

    def knows(self, number: int) -> bool:
        """Whether it is known what changed since a tree."""
        return number > self._number - _LONG_AGO

    def since(self, before: int, now: int) -> Changes | None:
        """What may differ between two trees, or did in between; None where that is too long ago to tell."""
        if before == now:
            return _NONE
        upto, changes = self._since.get(before, (before, _NONE))
        if now < upto:
            return None
        for number in range(upto + 1, now + 1):
            step = self._steps.get(number)
            if step is None:
                return None
            changes = step if changes is _NONE else changes.then(step)
        self._since[before] = (now, changes)
        return changes

    def _changes(self, before: Listed, now: Listed) -> frozenset[str]:
        """The files whose content may differ, those that are in one of two trees only among them."""
        if self._changed is None or self._changed[0] is not before or self._changed[1] is not now:
            changed = {path for path, _ in before.entries.items() ^ now.entries.items()}
            # What a link leads to may change under it.
            self._changed = (before, now, frozenset((changed | now.symlinks) - now.links.keys()))
        return self._changed[2]


_NONE = Changes(frozenset(), frozenset(), frozenset(), pointers=False, submodules=False)


def _bound(table: dict[Any, Any]) -> None:
    if len(table) > _MOST:
        del table[next(iter(table))]
