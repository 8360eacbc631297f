"""The working tree, and a plain folder that no git knows."""

from __future__ import annotations

import os
import posixpath
import stat
from errno import ELOOP
from functools import cached_property

from fr_check.core.repository import TEXT_LIMIT, Missing, Repository, Unreadable, too_large
from fr_check.repository.objects import GITLINK, not_a_file, outside_root, symlink_loop
from fr_check.repository.revision import GitRepository, Index, Listing, list_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_AROUND = ("--others", "--deleted", "--exclude-standard")
_ERRORS = {
    "PermissionError": ("permission-denied", "may not be read by this user", "run `chmod u+r` on it"),
    "OSError": ("unreadable-file", "cannot be read", "check the disk and the name"),
}
_NO_FOLDERS = frozenset({"", ".", "..", ".git"})
_KEPT = 32 * 1024 * 1024  # bytes of all files together
# What a walk without git's ignore rules must not descend into: other people's files, by the thousand.
_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"})


class PlainFiles:
    """Reads plain files in plain folders below `root`, and leaves everything else to those who know links and devices.

    Most of the time to read a small file goes into following links that are not there: a folder is looked at once. So
    is a file, as long as those read so far fit into memory: several checkers ask for the same ones.
    """

    def __init__(self, root: str) -> None:
        self._root = posixpath.realpath(root)
        self._plain = {"": True}
        self._kept: dict[str, bytes] = {}
        self._room = _KEPT

    def read(self, path: str, limit: int) -> bytes | Missing | None:
        """The content of a path relative to the root, or None where it is no plain file within the limit."""
        kept = self._kept.get(path)
        if kept is not None:
            return kept if len(kept) <= limit else None
        folder, _, name = path.rpartition("/")
        if name in _NO_FOLDERS or not self._is_plain(folder):
            return None
        try:
            data = _read_plain(f"{self._root}/{path}", limit)
        except FileNotFoundError:
            return Missing(path)
        if data is not None and len(data) <= self._room:
            self._room -= len(data)
            self._kept[path] = data
        return data

    def _is_plain(self, folder: str) -> bool:
        """Whether a folder, and each above it, is one and no link to another."""
        if folder not in self._plain:
            names = folder.split("/")
            heads = ["/".join(names[: count + 1]) for count in range(len(names))]
            for above, head, name in zip(["", *heads], heads, names, strict=False):
                if head not in self._plain:
                    may_be = self._plain[above] and name not in _NO_FOLDERS
                    self._plain[head] = may_be and _is_folder(f"{self._root}/{head}")
        return self._plain[folder]


def _is_folder(full: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(full).st_mode)
    except (OSError, ValueError):
        return False


def _read_plain(full: str, limit: int) -> bytes | None:
    try:
        descriptor = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        return None
    try:
        found = os.fstat(descriptor)
        plain = stat.S_ISREG(found.st_mode) and found.st_size <= limit
        data = os.read(descriptor, found.st_size + 1) if plain else b""
    except OSError:
        return None
    finally:
        os.close(descriptor)
    # One read gives the whole of a plain file; one that is growing is left to a slower way.
    return data if plain and len(data) == found.st_size else None


class Worktree(GitRepository):
    """The files on disk: tracked ones and those git would offer to add. Pointers are the index's."""

    def _list(self) -> Listing:
        # A hook often needs no more than the index, and looking around is what takes time.
        return list_index(self.layout) if self.committing else list_index(self.layout, *_AROUND)

    @property
    def committing(self) -> bool:
        """Whether git runs this in a commit hook: then its index is what counts, not the files."""
        return "GIT_INDEX_FILE" in self.layout.git.environment

    @cached_property
    def index(self) -> Index:
        """What a commit would record."""
        return Index.of(self)

    def paths(self) -> tuple[str, ...]:  # noqa: D102 - documented by the base class
        return self._paths

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        listing = self.listing if self.listing.around else list_index(self.layout, *_AROUND)
        recorded = (path for path, entry in listing.entries.items() if entry.mode != GITLINK)
        self._listing = listing
        names = {*recorded, *listing.unmerged, *listing.untracked} - listing.deleted
        return tuple(sorted(names))

    @cached_property
    def plain_files(self) -> PlainFiles:
        """The files that can be read without asking git."""
        return PlainFiles(self.root)

    def blob(self, path: str) -> str | None:  # noqa: D102
        return Repository.blob(self, path)

    def _preload_own(self, paths: list[str]) -> None:
        """A disk answers at once."""

    def is_symlink(self, path: str) -> bool:  # noqa: D102
        return path not in self.changes and posixpath.islink(posixpath.join(self.root, path))

    def _read_own(self, path: str, limit: int) -> bytes | Missing | Unreadable:
        if path in self.changes:
            return self.changes[path]
        plain = self.plain_files.read(path, limit)
        if plain is not None:
            return plain
        data = read_file(self.root, path, limit)
        if isinstance(data, Unreadable) and data.reason == "link":
            inside = self.gitlink_above(data.path)
            return (
                read_file(self.root, path, limit, links=False) if inside is None else self.read_bytes(data.path, limit)
            )
        return data


def committed(repository: Repository) -> Repository:
    """What a commit hook is about: the index that is being committed. Elsewhere the repository itself."""
    return repository.index if isinstance(repository, Worktree) and repository.committing else repository


class Folder(Repository):
    """A folder outside any repository: files can be read, and there are no pointers and no history."""

    def __init__(self, root: str) -> None:
        """`root` is an absolute path."""
        super().__init__()
        self.root = root
        self._paths: tuple[str, ...] | None = None

    def paths(self) -> tuple[str, ...]:  # noqa: D102
        if self._paths is None:
            found = []
            for folder, folders, files in os.walk(self.root):
                folders[:] = [name for name in folders if name not in _SKIPPED_FOLDERS]
                found += [posixpath.relpath(posixpath.join(folder, name), self.root) for name in files]
            self._paths = tuple(sorted(found))
        return self._paths

    def gitlinks(self) -> Mapping[str, str]:  # noqa: D102
        return {}

    def subtree(self, gitlink: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        return not_a_file(gitlink)

    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:  # noqa: D102
        if path in self.changes:
            return self.changes[path]
        return read_file(self.root, path, limit, links=False)


def read_file(root: str, path: str, limit: int, *, links: bool = True) -> bytes | Missing | Unreadable:
    """A file below `root`; never a folder, a device, a pipe, or what a link leads to outside.

    With `links`, a path that leads through a symbolic link to elsewhere below the root is answered by `Unreadable`
    with the reason `link` and the place it leads to: the caller knows whether that is in a submodule.
    """
    if "\0" in path or not path or ".git" in path.split("/"):
        return Missing(path)
    base = posixpath.realpath(root)
    real = posixpath.realpath(posixpath.normpath(posixpath.join(root, path)))
    target = real.removeprefix(base.rstrip("/") + "/")
    if real == base:
        return not_a_file(path)
    if target == real or ".git" in target.split("/"):
        return outside_root(path)
    if links and target != path:
        return Unreadable(target, "link", f"{path} leads to {target}", "")
    return _read(path, real, limit)


def _read(path: str, real: str, limit: int) -> bytes | Missing | Unreadable:
    try:
        return _read_regular(path, real, limit)
    except (FileNotFoundError, NotADirectoryError):
        return symlink_loop(path) if posixpath.islink(real) else Missing(path)
    except OSError as error:
        if error.errno == ELOOP:
            return symlink_loop(path)
        reason, text, mend = _ERRORS.get(type(error).__name__, _ERRORS["OSError"])
        return Unreadable(path, reason, f"{path} {text}: {error.strerror}", mend)


def _read_regular(path: str, real: str, limit: int) -> bytes | Unreadable:
    found = os.stat(real)
    if stat.S_ISDIR(found.st_mode):
        return not_a_file(path)
    if not stat.S_ISREG(found.st_mode):
        return Unreadable(path, "special-file", f"{path} is no regular file", "replace it by a file")
    if found.st_size > limit:
        return too_large(path, found.st_size, limit)
    # Non-blocking: between the look and the opening it may have become a pipe that nobody writes to.
    descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        data = file.read(limit + 1)
    return data if len(data) <= limit else too_large(path, len(data), limit)
