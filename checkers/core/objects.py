"""Trees and blobs of one object store, read with few processes: one listing, one `cat-file --batch`."""

from __future__ import annotations

import os
import select
import time
from typing import TYPE_CHECKING

from checkers.core.git import TIMEOUT, CannotKnow, complaint, decode
from checkers.core.record import NamedTuple
from checkers.core.repository import Missing, Unreadable, too_large

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checkers.core.git import Git
    from checkers.core.process import Child

GITLINK = "160000"
SYMLINK = "120000"
_TREE = "040000"
_CHUNK = 1 << 16
# Larger leftovers are cheaper to leave unread: the process is started anew.
_DRAIN = 4 * 1024 * 1024
_HOPS = 40  # as many links as Linux follows


class Entry(NamedTuple):
    """One line of a tree or of the index: mode (six octal digits) and object name."""

    mode: str
    oid: str


def tree(git: Git, revision: str) -> dict[str, Entry] | CannotKnow:
    """Every path of a commit's tree, submodule pointers included, or why they cannot be listed."""
    done = git.run("ls-tree", "-r", "-z", "--end-of-options", revision)
    if done.code:
        said = complaint(done)
        return CannotKnow("unreadable-tree", f"the tree of {revision} cannot be read: {said}", "run `git fsck`")
    entries = {}
    for record in decode(done.stdout).split("\0")[:-1]:
        head, _, path = record.partition("\t")
        mode, _, oid = head.split(" ")
        entries[path] = Entry(mode, oid)
    return entries


class Objects:
    """Reads blobs by name through one process that is started at the first question."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._child: Child | None = None

    def read(self, name: str, limit: int) -> bytes | int | None:
        """A blob's content; its size in bytes if that is over `limit`; None if there is no such blob."""
        if "\n" in name:
            return None
        child = self._child or self._git.start("cat-file", "--batch")
        self._child = child
        child.write(name.encode("utf-8", "surrogateescape") + b"\n")
        stream = _Stream(child)
        header = decode(stream.line()).split(" ")
        if len(header) != 3 or not header[2].isdigit():  # noqa: PLR2004 - name, type, size
            if header == [""]:
                self.close()
            return None
        size = int(header[2])
        if size > limit and size > _DRAIN:
            self.close()
            return size
        content = stream.exactly(size + 1)[:-1]
        if header[1] != "blob":
            return None
        return content if size <= limit else size

    def close(self) -> None:
        """Ends the process; the next question starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.close(kill=True)

    def __del__(self) -> None:
        self.close()


class _Stream:
    def __init__(self, child: Child) -> None:
        self._fd = child.stdout
        self._buffer = b""
        self._poller = select.poll()
        self._poller.register(self._fd, select.POLLIN)
        self._deadline = time.monotonic() + TIMEOUT

    def _more(self) -> bytes:
        if not self._poller.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
            return b""
        return os.read(self._fd, _CHUNK)

    def line(self) -> bytes:
        while b"\n" not in self._buffer:
            data = self._more()
            if not data:
                return b""
            self._buffer += data
        head, _, self._buffer = self._buffer.partition(b"\n")
        return head

    def exactly(self, count: int) -> bytes:
        chunks, size = [self._buffer], len(self._buffer)
        while size < count:
            data = self._more()
            if not data:
                break
            chunks.append(data)
            size += len(data)
        return b"".join(chunks)


class Snapshot:
    """A tree with its blobs: what `Revision`, `Index` and a pinned submodule read from."""

    def __init__(self, entries: Mapping[str, Entry], objects: Objects) -> None:
        self.entries = entries
        self._objects = objects

    def read(self, path: str, limit: int) -> bytes | Missing | Unreadable:
        """The content of a path; symbolic links are followed inside the tree.

        A link into a submodule is answered by `Unreadable` with the reason `submodule-link` and the path it leads
        to as its `path`, for the owner of the submodules to go on with.
        """
        target = self._follow(path, limit)
        if not isinstance(target, str):
            return target
        entry = self.entries.get(target)
        if entry is None:
            inside = any(name.startswith(f"{target}/") for name in self.entries)
            return not_a_file(path) if inside else Missing(path)
        if entry.mode == GITLINK:
            return not_a_file(path)
        data = self._objects.read(entry.oid, limit)
        if data is None:
            message = f"the object {entry.oid} of {path} is not in the object store"
            return Unreadable(path, "missing-object", message, "run `git fetch --refetch`, or clone without `--filter`")
        return data if isinstance(data, bytes) else too_large(path, data, limit)

    def _follow(self, path: str, limit: int) -> str | Missing | Unreadable:
        entry = self.entries.get(path)
        if entry is not None and entry.mode != SYMLINK:
            return path
        pending, reached, hops = path.split("/")[::-1], list[str](), 0
        while pending:
            part = pending.pop()
            if part in {"", "."}:
                continue
            if part == "..":
                if not reached:
                    return outside_root(path)
                reached.pop()
                continue
            reached.append(part)
            name = "/".join(reached)
            entry = self.entries.get(name)
            if entry is None:
                continue
            if entry.mode == GITLINK and pending:
                return Unreadable("/".join([name, *pending[::-1]]), "submodule-link", f"{path} is in a submodule", "")
            if entry.mode == SYMLINK:
                hops += 1
                link = self._objects.read(entry.oid, limit)
                if not isinstance(link, bytes) or hops > _HOPS:
                    return symlink_loop(path)
                if link.startswith(b"/"):
                    return outside_root(path)
                reached.pop()
                pending += decode(link).split("/")[::-1]
        return "/".join(reached)


def not_a_file(path: str) -> Unreadable:
    """The answer for a folder or a submodule."""
    return Unreadable(path, "not-a-file", f"{path} is a folder, not a file", "name a file")


def outside_root(path: str) -> Unreadable:
    """The answer for what leads out of the repository."""
    message = f"{path} leads out of the repository; nothing outside it is read"
    return Unreadable(path, "outside-root", message, "replace the link by a file in the repository")


def symlink_loop(path: str) -> Unreadable:
    """The answer for links that lead to each other."""
    return Unreadable(path, "symlink-loop", f"{path} is a symbolic link that leads nowhere", "replace it by a file")
