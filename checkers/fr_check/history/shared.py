"""What the states of one repository have in common: files, texts, trees, submodules, and git's answers about them."""

from __future__ import annotations

from collections import OrderedDict

from fr_check.history.questions import Watch
from fr_check.history.tables import Listed, Tables
from fr_check.repository.git import CannotKnow, Git, decode
from fr_check.repository.objects import GITLINK, Entry, Objects, Snapshot, tree
from fr_check.repository.submodules import Store, pinned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from fr_check.core.repository import Missing, Unreadable
    from fr_check.core.text import Text
    from fr_check.history.questions import WatchedText
    from fr_check.history.states import State
    from fr_check.history.traces import Part
    from fr_check.repository.git import Layout
    from fr_check.repository.process import Completed

HEAD, BASE = "head", "base"
# Commits after which texts that no state holds any more are dropped.
_SWEEP = 25
_PINS = 12
"""Commits of submodules whose trees are kept: pointers go back and forth."""
_DIFFERENCES = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
_KEPT = 8 * 1024 * 1024  # bytes, of one repository or submodule


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
        super().__init__(_frugal(git))
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


def _frugal(git: Git) -> Git:
    """A git that keeps less: what it read is kept here, and there is a process of it for each repository and lane."""
    made = Git(git.directory, git.environment)
    made.argv = (*git.argv, "-c", "core.deltaBaseCacheLimit=8m")
    return made


class Shared:
    """What the states of one repository have in common: texts, trees, submodules and their answers."""

    def __init__(self, layout: Layout) -> None:
        """`layout` is that of the repository at its top."""
        self.layout = layout
        self.root = layout.top or layout.git_dir
        self.objects = KeptObjects(layout.git)
        self.texts: dict[tuple[str, str | None, str, str], WatchedText] = {}
        self.watches = {HEAD: Watch(), BASE: Watch()}
        self.remembered: dict[str, dict[tuple[Any, ...], Part]] = {HEAD: {}, BASE: {}}
        self.scanned: dict[str, dict[object, Any]] = {}
        self.examined: dict[str, tuple[int, dict[str, Text | Missing | Unreadable]]] = {}
        """Of each role the texts that the last state was asked for, and its number."""
        self.stores: dict[tuple[str, str], Store | CannotKnow] = {}
        self._snapshots: dict[tuple[str, str], Snapshot | CannotKnow] = {}
        self._objects: dict[str, Objects] = {}
        self._subtrees: dict[tuple[str, str], tuple[str, ...]] = {}
        self.tables = {HEAD: Tables(), BASE: Tables()}
        self._listed: list[Listed] = []
        self._differences: dict[str, list[str]] = {}
        self._states = 0

    def listing(self, commit: str, near: str | None) -> Listed:
        """The tree of a commit, from the difference to one that is known: most commits change few files."""
        known = {listed.commit: listed for listed in self._listed}
        if commit in known:
            return known[commit]
        if near in known:
            entries = self._changed(near, commit, known[near].entries)
        else:
            found = tree(self.layout.git, commit)
            entries = {} if isinstance(found, CannotKnow) else found
        listed = Listed.of(commit, entries)
        same = next((one for one in known.values() if one.names == listed.names), None)
        # One object for all commits of the same files: whether nothing was added or removed is asked often.
        listed = listed if same is None else listed._replace(names=same.names)
        self._listed = [*self._listed[-1:], listed]
        return listed

    def expect(self, points: Iterable[tuple[str, str | None]]) -> None:
        """Asks git once what differs between each of some commits and its parent: they are judged next."""
        lines = "".join(f"{commit} {parent}\n" for commit, parent in points if parent is not None)
        done = self.layout.git.run("diff-tree", "--stdin", *_DIFFERENCES, stdin=lines.encode())
        self._differences = {}
        found: list[str] = []
        fields = iter(decode(done.stdout).split("\0")[:-1])
        for field in fields:
            if field.startswith(":"):
                found += (field, next(fields))
            else:
                self._differences[field] = found = []

    def _changed(self, old: str, new: str, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        fields = self._differences.pop(new, None)
        if fields is None:
            done = self.layout.git.run("diff-tree", *_DIFFERENCES, "--end-of-options", old, new, "--")
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

    def subtree(self, store: Store, gitlink: str, commit: str) -> tuple[str, ...] | CannotKnow:
        """The names of a submodule's files at a commit, below its path."""
        key = (gitlink, commit)
        if key not in self._subtrees:
            snapshot = self.snapshot(store, gitlink, commit)
            if isinstance(snapshot, CannotKnow):
                return snapshot
            entries = snapshot.entries.items()
            self._subtrees[key] = tuple(sorted(f"{gitlink}/{name}" for name, entry in entries if entry.mode != GITLINK))
        return self._subtrees[key]

    def sweep(self, states: Iterable[State]) -> None:
        """Drops, now and then, what none of these states holds."""
        self._states += 1
        if self._states % _SWEEP:
            return
        held = {key for state in states for key in state.text_keys()}
        self.texts = {key: text for key, text in self.texts.items() if key in held}
        there = {entry.oid for listed in self._listed for entry in listed.entries.values()}
        self.scanned = {name: found for name, found in self.scanned.items() if name in there}
        for role, parts in self.remembered.items():
            self.remembered[role] = {
                key: part for key, part in parts.items() if self.tables[role].knows(part.trace.number)
            }
        for trees in (self._snapshots, self._subtrees):
            for key in [*trees][:-_PINS]:
                del trees[key]

    def close(self) -> None:
        """Ends the processes."""
        for objects in (self.objects, *self._objects.values()):
            objects.close()
