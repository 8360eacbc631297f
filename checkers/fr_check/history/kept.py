"""What a commit of a history is by itself: its tree, and what it shares with the others; whatever is asked of it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property

from fr_check.core.repository import Unreadable, blob_name, literal_head
from fr_check.core.text import Text
from fr_check.history.questions import WatchedText
from fr_check.repository.git import CannotKnow
from fr_check.repository.objects import GITLINK, SYMLINK
from fr_check.repository.revision import Listing, Revision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeVar

    from fr_check.core.repository import Missing
    from fr_check.history.shared import Shared
    from fr_check.history.tables import Changes, Listed
    from fr_check.history.traces import Trace
    from fr_check.repository.objects import Snapshot
    from fr_check.repository.submodules import Store

    T = TypeVar("T")
    Key = tuple[str, str | None, str, str]

_MARK = "\x01"


class KeptRevision(Revision):
    """One commit in one role; none of its questions is noted."""

    keeps_scans = True

    def __init__(self, shared: Shared, role: str, listed: Listed) -> None:
        """`listed` is the commit's whole tree."""
        self._watch = shared.watches[role]
        self._commit = listed.commit
        super().__init__(shared.layout, shared.root, listed.commit, shared.objects)
        self._shared = shared
        self._role = role
        self._listed = listed
        self._listing = Listing(listed.entries, {})
        self.number = shared.tables[role].keep(listed)
        self._examined: set[str] = set()
        self.answered: dict[Trace, bool] = {}
        self._found: dict[str, Store | CannotKnow] = {}
        self._keys: dict[str, Key | None] = {}

    @contextmanager
    def unwatched(self) -> Iterator[Trace | None]:
        """What is asked meanwhile is not noted."""
        trace, self._watch.trace = self._watch.trace, None
        try:
            yield trace
        finally:
            self._watch.trace = trace

    @property
    def names(self) -> tuple[str, ...]:
        """Its files, sorted."""
        return self._listed.names

    @property
    def links(self) -> Mapping[str, str]:
        """Its submodules' pointers."""
        return self._listed.links

    @cached_property
    def _names_set(self) -> frozenset[str]:
        return frozenset(self._listed.names)

    @cached_property
    def _links(self) -> dict[str, str]:
        return dict(self._listed.links)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return self._listed.names

    def token(self, path: str) -> object:
        """What a file's content is named by: equal for equal content, or for the same reason why there is none."""
        key = self._key(path)
        if key is not None:
            return key[-1]
        data = self.read_bytes(path)
        return blob_name(data) if isinstance(data, bytes) else data

    def reaches_below(self, pattern: str) -> bool:
        """Whether a glob is about files of a submodule."""
        head = literal_head(pattern)
        return bool(head) and self.gitlink_above(f"{head}/x") is not None

    def text_keys(self) -> Iterator[Key]:
        """What makes the texts that it read the same in another state."""
        keys = (self._key(path) for path in {*self._texts, *self._examined})
        return (key for key in keys if key is not None)

    def let_go(self) -> None:
        """Forgets what it was told: whatever still holds this state must not hold those before it as well."""
        for kept in (self._texts, self._remembered, self._keys, self._selected, self._searched, self.answered):
            kept.clear()

    def stand_ins(self) -> dict[str, str]:
        """What stands for a commit in the places of this state's texts -> the commit."""
        pins = {self._stand_in(gitlink): commit for gitlink, commit in self._listed.links.items()}
        return {self._stand_in(None): self._commit, **pins}

    def _stand_in(self, gitlink: str | None) -> str:
        return f"{_MARK}{self._role}{_MARK}{gitlink or ''}"

    def revision_of(self, path: str) -> str | None:  # noqa: D102
        return self._stand_in(self.gitlink_above(path))

    def _snapshot(self, gitlink: str) -> Snapshot | CannotKnow:
        store = self.store(gitlink)
        if isinstance(store, CannotKnow):
            return store
        return self._shared.snapshot(store, gitlink, self._listed.links[gitlink])

    def _read(self, path: str) -> Text | Missing | Unreadable:
        if path in self._texts:
            return self._texts[path]
        key = self._key(path)
        kept = self._shared.texts.get(key) if key is not None else None
        if kept is not None:
            self._texts[path] = kept
            return kept
        data = self.read_bytes(path)
        if not isinstance(data, bytes):
            self._texts[path] = data
            return data
        if key is None:
            text: Text = Text.decode(data, path, self.revision_of(path))
        else:
            text = self._shared.texts[key] = WatchedText.watched(data, path, self.revision_of(path), self._watch)
        self._texts[path] = text
        return text

    def _scan(self, path: str, scanner: Callable[[bytes], T]) -> T | None:
        key = self._key(path)
        if key is None:
            return super().scan(path, scanner)
        scanned: dict[object, Any] = self._shared.scanned.setdefault(key[-1], {})
        if scanner not in scanned:
            scanned[scanner] = super().scan(path, scanner)
        found: T | None = scanned[scanner]
        return found

    def _key(self, path: str) -> Key | None:
        """What makes a text the same in another state; None for what is not a plain file."""
        if path not in self._keys:
            self._keys[path] = self._find_key(path)
        return self._keys[path]

    def _find_key(self, path: str) -> Key | None:
        gitlink = self.gitlink_above(path)
        if gitlink is None:
            entry = self._listed.entries.get(path)
        else:
            snapshot = self._snapshot(gitlink)
            entry = None if isinstance(snapshot, CannotKnow) else snapshot.entries.get(path[len(gitlink) + 1 :])
        if entry is None or entry.mode in {GITLINK, SYMLINK}:
            return None
        return (self._role, gitlink, path, entry.oid)

    def changes_since(self, number: int) -> Changes | None:
        """What differs from an earlier state of this role; None where that is too long ago to tell."""
        return self._shared.tables[self._role].since(number, self.number)

    def may_differ(self, path: str, changes: Changes) -> bool:
        """Whether a path may have another content than before these changes."""
        if path in changes.paths or (changes.pointers and self.gitlink_above(path) is not None):
            return True
        return bool(changes.leading) and path not in self._listed.entries and path.startswith(changes.leading)

    def _selection(self, wanted: Callable[[str], bool]) -> tuple[str, ...]:
        if wanted not in self._selected:
            self._selected[wanted] = self._shared.tables[self._role].select(self.names, wanted)
        return self._selected[wanted]

    def _table(
        self, key: tuple[Any, ...], look: Callable[[str], Any], keep: Callable[[Any], bool]
    ) -> Mapping[str, Any]:
        if key not in self._searched:
            tables = self._shared.tables[self._role]
            self._searched[key] = tables.search(self._listed, key, look, keep)
        return self._searched[key]


def stand_in(string: str) -> bool:
    """Whether a text holds what stands for a commit: none may leave."""
    return _MARK in string
