"""Commits that follow each other, each a repository, which share what they have in common.

A file that two commits have in common is read and parsed once: git's name of its content says that it is the same. What
a parser makes of a text holds the commit that it was read at, so the texts here name a stand-in instead, one for each
role (head, base) and submodule; `State.stand_ins` says what each of them stands for when a verdict leaves.

While a state is watched, every question that it is asked is noted with its answer (`questions`).
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property

from fr_check.core.repository import TEXT_LIMIT, Unreadable, blob_name, literal_head
from fr_check.core.text import Text
from fr_check.history.questions import Part, Reading, Trace, WatchedText, is_plain
from fr_check.history.shared import RememberingGit
from fr_check.repository.git import CannotKnow
from fr_check.repository.objects import GITLINK, SYMLINK
from fr_check.repository.revision import Listing, Revision
from fr_check.repository.submodules import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from typing import Any, TypeVar

    from fr_check.core.repository import Missing, Repository
    from fr_check.history.shared import Shared
    from fr_check.history.tables import Listed
    from fr_check.repository.objects import Entry, Snapshot

    T = TypeVar("T")
    Key = tuple[str, str | None, str, str]

_MARK = "\x01"
_NAMES = ".gitmodules"
_PARTS = 1000
"""Parts that are remembered; those that nobody asked for longest go first."""


class State(Revision):
    """One commit in one role; what it reads, it shares with the others."""

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
        self._examined: set[str] = set()
        self.answered: dict[Trace, bool] = {}
        self._found: dict[str, Store | CannotKnow] = {}
        self._keys: dict[str, Key | None] = {}

    # What is asked from outside, noted.

    @property
    def revision(self) -> str:
        """The commit: who asks for it gets another answer at each."""
        trace = self._watch.trace
        if trace is not None:
            trace.commit = True
        return self._commit

    @revision.setter
    def revision(self, commit: str) -> None:
        del commit

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Everything recorded: who takes it all gets another answer at each commit."""
        trace = self._watch.trace
        if trace is not None:
            trace.commit = True
        return self._listed.entries

    def paths(self) -> tuple[str, ...]:  # noqa: D102 - documented by the base class
        trace = self._watch.trace
        if trace is not None:
            trace.all_names = True
        return self._listed.names

    def select(self, wanted: Callable[[str], bool]) -> tuple[str, ...]:  # noqa: D102
        trace = self._watch.trace
        if trace is not None:
            trace.selected[wanted] = None
        return self._selection(wanted)

    def _selection(self, wanted: Callable[[str], bool]) -> tuple[str, ...]:
        if wanted not in self._selected:
            self._selected[wanted] = self._shared.tables[self._role].select(self.names, wanted)
        return self._selected[wanted]

    def search(self, wanted: Callable[[str], bool], scanner: Callable[[bytes], T]) -> Mapping[str, T | None]:  # noqa: D102
        def scan(path: str) -> T | None:
            return self._scan(path, scanner)

        with self.unwatched() as trace:
            found = self._table((wanted, scanner), scan, _made_or_unreadable)
        if trace is not None:
            trace.searched[wanted, scanner] = found
        return found

    def texts_with(  # noqa: D102
        self, wanted: Callable[[str], bool], parser: Callable[..., T], *arguments: Hashable
    ) -> Mapping[str, T]:
        def parse(path: str) -> T | None:
            text = self._read(path)
            return text.parsed(parser, *arguments) if isinstance(text, Text) else None

        with self.unwatched() as trace:
            found = self._table((wanted, parser, *arguments), parse, bool)
            self._examined.update(self._selection(wanted))
        if trace is not None:
            trace.parsed_of[wanted, parser, *arguments] = found
        return found

    def _table(
        self, key: tuple[Any, ...], look: Callable[[str], Any], keep: Callable[[Any], bool]
    ) -> Mapping[str, Any]:
        if key not in self._searched:
            tables = self._shared.tables[self._role]
            self._searched[key] = tables.search(self._listed, key, look, keep)
        return self._searched[key]

    def has(self, path: str) -> bool:  # noqa: D102
        trace = self._watch.trace
        found = path in self._names_set
        if trace is not None:
            trace.held[path] = found
        return found

    def named(self, name: str) -> tuple[str, ...]:  # noqa: D102
        trace = self._watch.trace
        if trace is not None:
            trace.named[name] = None
        return self._shared.tables[self._role].named(self.names, name)

    def differing(self, names: tuple[str, ...]) -> frozenset[str]:
        """The files that only this state or another one has, whose names these are."""
        return self._shared.tables[self._role].differing(names, self.names)

    def remembered(self, make: Callable[..., T], *arguments: Hashable) -> T:  # noqa: D102
        key = (make, *arguments)
        if key not in self._remembered:
            self._remembered[key] = self._from_before(key)
        part: Part = self._remembered[key]
        trace = self._watch.trace
        if trace is not None:
            trace.parts[key] = part
        found: T = part.found
        return found

    def _from_before(self, key: tuple[Any, ...]) -> Part:
        """What a function makes of this state, and what it asked; made again only where an answer is another one."""
        remembered = self._shared.remembered[self._role]
        with self.unwatched():
            known = remembered.pop(key, None)
            if known is not None and known.trace.holds(self):
                self.examine(known.trace.every_text(self))
                remembered[key] = known
                return known
            own = self._watch.trace = Trace(self.names, self.links)
            make, *arguments = key
            remembered[key] = made = Part(make(self, *arguments), own)
            if not is_plain(made.found):
                own.keep_all()
            if len(remembered) > _PARTS:
                del remembered[next(iter(remembered))]
        return made

    def glob(self, pattern: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        with self.unwatched() as trace:
            found = super().glob(pattern)
        if trace is not None:
            trace.globs[pattern] = found
        return found

    def gitlinks(self) -> Mapping[str, str]:  # noqa: D102
        trace = self._watch.trace
        if trace is not None:
            trace.links = self._listed.links
        return self._listed.links

    def gitlink_above(self, path: str) -> str | None:  # noqa: D102
        # Of no other state is anything taken over that has other submodules.
        folder = path.rpartition("/")[0]
        if folder in self._gitlinks_above:
            return self._gitlinks_above[folder]
        with self.unwatched():
            return super().gitlink_above(path)

    def subtree(self, gitlink: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        with self.unwatched() as trace:
            store = self.store(gitlink)
            pin = self._listed.links[gitlink]
            names = self._shared.subtree(store, gitlink, pin) if isinstance(store, Store) else store
            found = Unreadable(gitlink, *names) if isinstance(names, CannotKnow) else names
        if trace is not None:
            trace.subtrees[gitlink] = found
        return found

    def nested(self, gitlink: str) -> tuple[str, ...]:  # noqa: D102
        self.gitlinks()
        with self.unwatched():
            return super().nested(gitlink)

    def is_symlink(self, path: str) -> bool:  # noqa: D102
        with self.unwatched() as trace:
            found = super().is_symlink(path)
        if trace is not None:
            trace.symlinks[path] = found
        return found

    def blob(self, path: str) -> str | None:  # noqa: D102
        self._content(path)
        with self.unwatched():
            return super().blob(path)

    def is_alike(self, path: str, other: Repository) -> bool:
        """Never: each of two states keeps what was read of the last one in its role, and is asked for less so."""
        del path, other
        return False

    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:  # noqa: D102
        self._content(path)
        with self.unwatched():
            return super().read_bytes(path, limit)

    def _content(self, path: str) -> None:
        trace = self._watch.trace
        if trace is not None and path not in trace.contents:
            with self.unwatched():
                trace.contents[path] = self.token(path)

    def read(self, path: str) -> Text | Missing | Unreadable:  # noqa: D102
        trace = self._watch.trace
        if trace is None:
            return self._read(path)
        if path in trace.read:
            return self._texts[path]
        with self.unwatched():
            text = self._read(path)
            trace.read[path] = Reading(self.token(path), text)
        return text

    def scan(self, path: str, scanner: Callable[[bytes], T]) -> T | None:  # noqa: D102
        with self.unwatched() as trace:
            found = self._scan(path, scanner)
            if trace is not None and (path, scanner) not in trace.scanned:
                trace.scanned[path, scanner] = (self.token(path), found)
        return found

    def store(self, gitlink: str) -> Store | CannotKnow:  # noqa: D102
        trace = self._watch.trace
        if gitlink in self._found and (trace is None or _NAMES in trace.read):
            return self._found[gitlink]
        key = (gitlink, self._name(gitlink) or "")
        if key not in self._shared.stores:
            found = super().store(gitlink)
            if isinstance(found, Store):
                found = found._replace(git=RememberingGit(found.git))
            self._shared.stores[key] = found
        self._found[gitlink] = self._shared.stores[key]
        return self._found[gitlink]

    def preload(self, paths: Iterable[str]) -> None:  # noqa: D102
        with self.unwatched():
            keys = ((path, self._key(path)) for path in paths if self.gitlink_above(path) is None)
            self._preload_own([path for path, key in keys if key is not None and key not in self._shared.texts])

    def examined(self) -> tuple[Text, ...]:  # noqa: D102
        for path in self._examined - self._texts.keys():
            self._read(path)
        return super().examined()

    # What the history asks, never noted.

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

    def made(self, key: tuple[Any, ...], earlier: Part) -> Part:
        """A part as it was made of this state, or else as it was of an earlier one that gave the same answers."""
        found: Part = self._remembered.get(key, earlier)
        return found

    def examine(self, paths: Iterable[str]) -> None:
        """Counts files as read, which were read at another state, and are the same or have the same in them."""
        self._examined.update(paths)

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


def _made_or_unreadable(found: object) -> bool:
    return found is None or bool(found)


def stand_in(string: str) -> bool:
    """Whether a text holds what stands for a commit: none may leave."""
    return _MARK in string
