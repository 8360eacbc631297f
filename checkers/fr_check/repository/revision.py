"""Repositories that git answers for: what all of them share, the index, and a commit."""

from __future__ import annotations

from functools import cached_property, partial

from fr_check.core.record import NamedTuple
from fr_check.core.repository import TEXT_LIMIT, Missing, Repository, Unreadable
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.repository.background import begin
from fr_check.repository.git import CannotKnow, complaint, decode
from fr_check.repository.objects import GITLINK, SYMLINK, Entry, Objects, Snapshot, not_a_file, tree
from fr_check.repository.submodules import Store, locate, missing_files, pinned, read_config, remote_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_check.repository.git import Layout


class Listing(NamedTuple):
    """The index: stage 0 and conflicted paths (path -> stage -> entry); where asked for, the working tree's names.

    `around` says whether those were asked for.
    """

    entries: Mapping[str, Entry]
    unmerged: Mapping[str, Mapping[int, Entry]]
    untracked: tuple[str, ...] = ()
    deleted: frozenset[str] = frozenset()
    around: bool = False


class GitRepository(Repository):
    """What the working tree, the index and a commit have in common: pointers, and files below them."""

    def __init__(self, layout: Layout, root: str, objects: Objects | None = None) -> None:
        """`root` is an absolute path at or below the top of the repository that `layout` describes.

        `objects` is that of another state of the same repository: one process reads for both.
        """
        super().__init__()
        self.layout = layout
        self.root = root
        self.objects = objects or Objects(layout.git)
        self._listing: Listing | None = None
        self._coming: Callable[[], Listing] | None = None
        self._stores: dict[str, Store | CannotKnow] = {}
        self._pinned: dict[str, Snapshot | CannotKnow] = {}
        self._arriving: dict[str, Callable[[], Snapshot | CannotKnow]] = {}

    def origin(self) -> str | None:  # noqa: D102 - documented by the base class
        config = read_config(self.layout.common_dir)
        return config.get("remote", remote_of(config), "url") or None

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Path -> mode and object name of everything recorded (stage 0)."""
        return self.listing.entries

    @property
    def unmerged(self) -> Mapping[str, Mapping[int, Entry]]:
        """Path -> stage (1 base, 2 ours, 3 theirs) -> entry, of every conflicted path."""
        return self.listing.unmerged

    @property
    def listing(self) -> Listing:
        """Everything recorded, listed once."""
        if self._listing is None:
            self._listing = self._coming() if self._coming else self._list()
        return self._listing

    def prepare(self) -> None:
        """Starts the listing in the background: hardly any question can be answered without it."""
        if self._listing is None and self._coming is None:
            self._coming = begin(self._list)

    def _list(self) -> Listing:
        raise LookupError

    @cached_property
    def _links(self) -> dict[str, str]:
        return {path: entry.oid for path, entry in self.entries.items() if entry.mode == GITLINK}

    def paths(self) -> tuple[str, ...]:  # noqa: D102 - documented by the base class
        return self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(path for path, entry in self.entries.items() if entry.mode != GITLINK))

    def gitlinks(self) -> Mapping[str, str]:  # noqa: D102
        return self._links

    def is_symlink(self, path: str) -> bool:
        """Whether a path itself is a symbolic link."""
        entry = self.entries.get(path)
        return entry is not None and entry.mode == SYMLINK

    def blob(self, path: str) -> str | None:  # noqa: D102
        entry = self.entries.get(path)
        return entry.oid if entry is not None and entry.mode not in {GITLINK, SYMLINK} else None

    def store(self, gitlink: str) -> Store | CannotKnow:
        """The repository of a submodule, or why there is none."""
        if gitlink not in self._stores:
            self._stores[gitlink] = locate(self.layout, self.root, gitlink, partial(self._name, gitlink))
        return self._stores[gitlink]

    def _name(self, gitlink: str) -> str | None:
        from fr_check.sources import gitmodules  # noqa: PLC0415 - only below a submodule

        text = self.read(".gitmodules")
        if not isinstance(text, Text):
            return None
        entries = gitmodules.parse(text).submodules
        return next((entry.name for entry in entries if entry.path == gitlink), None)

    def _snapshot(self, gitlink: str) -> Snapshot | CannotKnow:
        if gitlink in self._arriving:
            self._pinned[gitlink] = self._arriving.pop(gitlink)()
        if gitlink not in self._pinned:
            store = self.store(gitlink)
            commit = self.gitlinks()[gitlink]
            self._pinned[gitlink] = pinned(store, gitlink, commit) if isinstance(store, Store) else store
        return self._pinned[gitlink]

    def preload(self, paths: Iterable[str]) -> None:  # noqa: D102
        below: dict[str, list[str]] = {}
        own: list[str] = []
        for path in paths:
            gitlink = self.gitlink_above(path)
            names = own if gitlink is None else below.setdefault(gitlink, [])
            names.append(path if gitlink is None else path[len(gitlink) + 1 :])
        for gitlink, names in below.items():
            store = None if gitlink in self._pinned or gitlink in self._arriving else self.store(gitlink)
            if isinstance(store, Store):
                pin = partial(_pinned_with, store, gitlink, self.gitlinks()[gitlink], names)
                self._arriving[gitlink] = begin(pin)
        self._preload_own(own)

    def _preload_own(self, paths: list[str]) -> None:
        # One file is as fast to read when it is asked for.
        if len(paths) > 1:
            self._recorded.preload(paths)

    def subtree(self, gitlink: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        snapshot = self._snapshot(gitlink)
        if isinstance(snapshot, CannotKnow):
            return Unreadable(gitlink, *snapshot)
        return tuple(sorted(f"{gitlink}/{name}" for name, entry in snapshot.entries.items() if entry.mode != GITLINK))

    def nested(self, gitlink: str) -> dict[str, str]:
        """The pointers of a submodule's own submodules, at the pinned commit: path relative to it -> commit."""
        snapshot = self._snapshot(gitlink)
        entries = {} if isinstance(snapshot, CannotKnow) else snapshot.entries
        return {name: entry.oid for name, entry in sorted(entries.items()) if entry.mode == GITLINK}

    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:  # noqa: D102
        if path in self.gitlinks():
            return not_a_file(path)
        if self.unmerged and (conflict := self._conflict_above(path)):
            return unmerged(conflict)
        gitlink = self.gitlink_above(path)
        return self._read_own(path, limit) if gitlink is None else self._read_below(gitlink, path, limit)

    def _read_below(self, gitlink: str, path: str, limit: int) -> bytes | Missing | Unreadable:
        """The content of a path inside a submodule, at the pinned commit."""
        snapshot = self._snapshot(gitlink)
        if isinstance(snapshot, CannotKnow):
            return Unreadable(path, *snapshot)
        data = snapshot.read(path[len(gitlink) + 1 :], limit)
        if isinstance(data, Unreadable) and data.reason == "submodule-link":
            message = f"{path} is in a submodule of submodule {gitlink}, which is not read"
            return Unreadable(path, "nested-submodule", message, f"check {gitlink} in its own repository")
        if isinstance(data, Unreadable) and data.reason == "missing-object":
            return Unreadable(path, *missing_files(path, gitlink, self.store(gitlink)))
        return data if isinstance(data, bytes) else data._replace(path=path)

    def _conflict_above(self, path: str) -> str | None:
        """The submodule in conflict that a path lies in: neither its checkout nor any one commit is right."""
        heads = (head for head, stages in self.unmerged.items() if any(e.mode == GITLINK for e in stages.values()))
        return next((head for head in heads if path == head or path.startswith(f"{head}/")), None)

    def _read_own(self, path: str, limit: int) -> bytes | Missing | Unreadable:
        if path in self.unmerged:
            return unmerged(path)
        data = self._recorded.read(path, limit)
        if isinstance(data, Unreadable) and data.reason == "submodule-link":
            return self.read_bytes(data.path, limit)
        return data

    @cached_property
    def _recorded(self) -> Snapshot:
        return Snapshot(self.entries, self.objects)


class Index(GitRepository):
    """What a commit would record now: the index that GIT_INDEX_FILE names, or the repository's own."""

    @classmethod
    def of(cls, repository: GitRepository) -> Index:
        """The index of a repository that is open already, and has listed it."""
        index = cls(repository.layout, repository.root, repository.objects)
        index._listing = repository.listing
        return index

    def _list(self) -> Listing:
        return list_index(self.layout)


class Revision(GitRepository):
    """A commit; needs no working tree."""

    of_commit = True

    def __init__(self, layout: Layout, root: str, commit: str, objects: Objects | None = None) -> None:
        """`commit` is a full object name."""
        super().__init__(layout, root, objects)
        self.revision: str = commit

    def _list(self) -> Listing:
        entries = tree(self.layout.git, self.revision)
        if isinstance(entries, CannotKnow):
            raise Trouble(entries.message, entries.help)
        return Listing(entries, {})


def _pinned_with(store: Store, gitlink: str, commit: str, names: list[str]) -> Snapshot | CannotKnow:
    snapshot = pinned(store, gitlink, commit)
    if isinstance(snapshot, Snapshot):
        snapshot.preload(names)
    return snapshot


def unmerged(path: str) -> Unreadable:
    """The answer for what a merge left undecided."""
    message = f"{path} is in conflict: it has no single version in the index"
    return Unreadable(path, "unmerged", message, f"resolve the conflict and `git add {path}`")


def list_index(layout: Layout, *options: str) -> Listing:
    """The index in one process. With `--others --deleted` among the options, also the working tree's names.

    Raises:
        Trouble: the index cannot be read.
    """
    done = layout.git.run("ls-files", "-z", "-t", "--stage", "--cached", *options)
    if done.code:
        raise Trouble(f"the index cannot be read: {complaint(done)}", "run `git status` and mend what it says")
    entries: dict[str, Entry] = {}
    unmerged: dict[str, dict[int, Entry]] = {}
    untracked, deleted = list[str](), set[str]()
    for record in decode(done.stdout).split("\0")[:-1]:
        tag, rest = record[0], record[2:]
        if tag == "?":
            untracked.append(rest)
            continue
        head, _, path = rest.partition("\t")
        mode, oid, stage = head.split(" ")
        if tag == "R":
            deleted.add(path)
        elif stage == "0":
            entries[path] = Entry(mode, oid)
        else:
            unmerged.setdefault(path, {})[int(stage)] = Entry(mode, oid)
    # A name with a final slash is a repository that stands in this one without being its submodule.
    own = tuple(path for path in untracked if not path.endswith("/"))
    return Listing(entries, unmerged, own, frozenset(deleted), around="--others" in options)
