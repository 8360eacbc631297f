"""Commits that follow each other, each a repository, which share what they have in common.

A file that two commits have in common is read and parsed once: git's name of its content says that it is the same. What
a parser makes of a text holds the commit that it was read at, so the texts here name a stand-in instead, one for each
role (head, base) and submodule; `Shared.mask` says what each of them stands for when a verdict leaves.
"""

from __future__ import annotations

from collections import OrderedDict

from fr_check.core.text import Text
from fr_check.repository.git import CannotKnow, Git, decode
from fr_check.repository.objects import GITLINK, SYMLINK, Entry, Objects, Snapshot, tree
from fr_check.repository.revision import Listing, Revision
from fr_check.repository.submodules import Store, pinned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    from fr_check.core.repository import Missing, Unreadable
    from fr_check.repository.git import Layout
    from fr_check.repository.process import Completed

    T = TypeVar("T")

HEAD, BASE = "head", "base"
_MARK = "\x01"
# Commits after which texts that no state holds any more are dropped.
_SWEEP = 50
_KEPT = 48 * 1024 * 1024  # bytes, of one repository or submodule


class RememberingGit(Git):
    """A git whose answers are kept: nobody fetches into a submodule's clone while its history is judged."""

    def __init__(self, git: Git) -> None:
        """Asks as `git` does."""
        super().__init__(git.directory, git.environment)
        self.argv = git.argv
        self._answers: dict[tuple[tuple[str, ...], bytes], Completed] = {}

    def begin(self, *arguments: str, stdin: bytes = b"", timeout: float = 60.0) -> Callable[[], Completed]:
        """Starts a command that was not run before."""
        key = (arguments, stdin)
        if key in self._answers:
            return lambda: self._answers[key]
        answer = super().begin(*arguments, stdin=stdin, timeout=timeout)

        def keep() -> Completed:
            if key not in self._answers:
                self._answers[key] = answer()
            return self._answers[key]

        return keep


class KeptObjects(Objects):
    """Blobs that were read are kept, the newest up to a limit: hundreds of files are scanned at each commit anew."""

    def __init__(self, git: Git) -> None:
        """Reads as `Objects` does."""
        super().__init__(git)
        self._contents: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def preload(self, names: Iterable[str]) -> None:
        """Asks for what is not kept."""
        super().preload([name for name in names if name not in self._contents])

    def read(self, name: str, limit: int) -> bytes | int | None:
        """A blob's content; its size in bytes if that is over `limit`; None if there is no such blob."""
        kept = self._contents.get(name)
        if kept is not None:
            self._contents.move_to_end(name)
            return kept if len(kept) <= limit else len(kept)
        found = super().read(name, limit)
        if isinstance(found, bytes):
            self._contents[name] = found
            self._size += len(found)
            while self._size > _KEPT:
                self._size -= len(self._contents.popitem(last=False)[1])
        return found


class Shared:
    """What the states of one repository have in common: texts, trees, submodules and their answers."""

    def __init__(self, layout: Layout) -> None:
        """`layout` is that of the repository at its top."""
        self.layout = layout
        self.root = layout.top or layout.git_dir
        self.objects = KeptObjects(layout.git)
        self.texts: dict[tuple[str, str | None, str, str], Text] = {}
        self.scanned: dict[str, dict[object, Any]] = {}
        self.stores: dict[tuple[str, str], Store | CannotKnow] = {}
        self._snapshots: dict[tuple[str, str], Snapshot | CannotKnow] = {}
        self._objects: dict[str, Objects] = {}
        self._listed: tuple[str, dict[str, Entry]] | None = None
        self._states = 0

    def listing(self, commit: str, near: str | None) -> dict[str, Entry]:
        """The tree of a commit, from the difference to one that is known: most commits change few files."""
        if self._listed is not None and self._listed[0] == commit:
            return self._listed[1]
        if self._listed is not None and self._listed[0] == near:
            entries = self._changed(near, commit, self._listed[1])
        else:
            found = tree(self.layout.git, commit)
            entries = {} if isinstance(found, CannotKnow) else found
        self._listed = (commit, entries)
        return entries

    def _changed(self, old: str, new: str, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        options = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
        done = self.layout.git.run("diff-tree", *options, "--end-of-options", old, new, "--")
        fields = decode(done.stdout).split("\0")[:-1]
        changed = dict(entries)
        for head, path in zip(fields[::2], fields[1::2], strict=True):
            _, mode, _, oid, status = head.split(" ")
            if status == "D":
                changed.pop(path, None)
            else:
                changed[path] = Entry(mode, oid)
        # As `ls-tree` sorts them.
        return dict(sorted(changed.items()))

    def snapshot(self, store: Store, gitlink: str, commit: str) -> Snapshot | CannotKnow:
        """The files of a submodule at a commit; one process reads for all commits of it."""
        key = (store.git_dir, commit)
        if key not in self._snapshots:
            found = pinned(store, gitlink, commit)
            if isinstance(found, Snapshot):
                objects = self._objects.setdefault(store.git_dir, KeptObjects(store.git))
                found = Snapshot(found.entries, objects)
            self._snapshots[key] = found
        return self._snapshots[key]

    def sweep(self, states: Iterable[State]) -> None:
        """Drops, now and then, what none of these states holds."""
        self._states += 1
        if self._states % _SWEEP:
            return
        held = {key for state in states for key in state.keys.values()}
        self.texts = {key: text for key, text in self.texts.items() if key in held}

    def close(self) -> None:
        """Ends the processes."""
        for objects in (self.objects, *self._objects.values()):
            objects.close()


class State(Revision):
    """One commit in one role; what it reads, it shares with the others."""

    def __init__(self, shared: Shared, role: str, commit: str, entries: Mapping[str, Entry]) -> None:
        """`entries` is the commit's whole tree."""
        super().__init__(shared.layout, shared.root, commit, shared.objects)
        self._shared = shared
        self._role = role
        self._listing = Listing(entries, {})
        self.keys: dict[str, tuple[str, str | None, str, str]] = {}

    def stand_ins(self) -> dict[str, str]:
        """What stands for a commit in the places of this state's texts -> the commit."""
        pins = {self._stand_in(gitlink): commit for gitlink, commit in self.gitlinks().items()}
        return {self._stand_in(None): self.revision, **pins}

    def _stand_in(self, gitlink: str | None) -> str:
        return f"{_MARK}{self._role}{_MARK}{gitlink or ''}"

    def revision_of(self, path: str) -> str | None:  # noqa: D102 - documented by the base class
        return self._stand_in(self.gitlink_above(path))

    def store(self, gitlink: str) -> Store | CannotKnow:  # noqa: D102
        key = (gitlink, self._name(gitlink) or "")
        if key not in self._shared.stores:
            found = super().store(gitlink)
            if isinstance(found, Store):
                found = found._replace(git=RememberingGit(found.git))
            self._shared.stores[key] = found
        return self._shared.stores[key]

    def _snapshot(self, gitlink: str) -> Snapshot | CannotKnow:
        store = self.store(gitlink)
        if isinstance(store, CannotKnow):
            return store
        return self._shared.snapshot(store, gitlink, self.gitlinks()[gitlink])

    def read(self, path: str) -> Text | Missing | Unreadable:  # noqa: D102
        if path in self._texts:
            return super().read(path)
        key = self._key(path)
        kept = self._shared.texts.get(key) if key is not None else None
        if kept is not None:
            self._texts[path] = kept
        text = super().read(path)
        if key is not None and isinstance(text, Text):
            self._shared.texts[key] = text
            self.keys[path] = key
        return text

    def scan(self, path: str, scanner: Callable[[bytes], T]) -> T | None:  # noqa: D102
        key = self._key(path)
        if key is None:
            return super().scan(path, scanner)
        scanned = self._shared.scanned.setdefault(key[-1], {})
        if scanner not in scanned:
            scanned[scanner] = super().scan(path, scanner)
        found: T | None = scanned[scanner]
        return found

    def _key(self, path: str) -> tuple[str, str | None, str, str] | None:
        """What makes a text the same in another state; None for what is not a plain file."""
        gitlink = self.gitlink_above(path)
        if gitlink is None:
            entry = self.entries.get(path)
        else:
            snapshot = self._snapshot(gitlink)
            entry = None if isinstance(snapshot, CannotKnow) else snapshot.entries.get(path[len(gitlink) + 1 :])
        if entry is None or entry.mode in {GITLINK, SYMLINK}:
            return None
        return (self._role, gitlink, path, entry.oid)

    def preload(self, paths: Iterable[str]) -> None:  # noqa: D102
        wanted = []
        for path in paths:
            if self.gitlink_above(path) is None:
                key = self._key(path)
                if key is not None and key not in self._shared.texts:
                    wanted.append(path)
        self._preload_own(wanted)


def stand_in(string: str) -> bool:
    """Whether a text holds what stands for a commit: none may leave."""
    return _MARK in string
