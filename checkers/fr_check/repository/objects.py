"""Trees and blobs of one object store, read with few processes: one listing, one `cat-file --batch`."""

from __future__ import annotations

import os
import select
from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.core.repository import Missing, Unreadable, too_large
from fr_check.repository.git import TIMEOUT, CannotKnow, complaint, decode, promised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.repository.git import Git

GITLINK = "160000"
SYMLINK = "120000"
_CHUNK = 1 << 16
# Larger leftovers are cheaper to leave unread: the process is started anew.
_DRAIN = 4 * 1024 * 1024
# So many questions fit into a pipe (64 KiB) whatever the names are: asking never waits for answers to be read.
_AHEAD = 900
_ABSENT = "missing"
PROMISED = "missing-object"
_HOPS = 40  # as many links as Linux follows


class Entry(NamedTuple):
    """One line of a tree or of the index: mode (six octal digits) and object name."""

    mode: str
    oid: str


def tree(git: Git, revision: str) -> dict[str, Entry] | CannotKnow:
    """Every path of a commit's tree, submodule pointers included, or why they cannot be listed."""
    done = git.run("ls-tree", "-r", "-z", "--end-of-options", revision)
    if promised(done):
        message = f"the tree of {revision} is not here: this is a partial clone"
        return CannotKnow(PROMISED, message, "run `git fetch --refetch --no-filter`")
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
    """Reads blobs by name through one process that is started at the first question.

    It answers in the order of the questions, so that many can be asked before the first answer is read.
    """

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: _CatFile | None = None
        self._asked: list[str] = []
        self._kept: dict[str, bytes] = {}

    def preload(self, names: Iterable[str]) -> None:
        """Asks for blobs that will be read soon: the process prepares its answers meanwhile."""
        new = [name for name in dict.fromkeys(names) if name not in self._kept and name not in self._asked]
        self._ask(new[: max(0, _AHEAD - len(self._asked))])

    def read(self, name: str, limit: int) -> bytes | int | None:
        """A blob's content; its size in bytes if that is over `limit`; None if there is no such blob."""
        if "\n" in name:
            return None
        if name in self._kept:
            content = self._kept.pop(name)
            return content if len(content) <= limit else len(content)
        if name not in self._asked:
            self._ask([name])
        while self._asked:
            asked = self._asked.pop(0)
            answer = self._answer(limit)
            if asked == name:
                return answer
            if isinstance(answer, bytes):
                self._kept[asked] = answer
        # An answer before this one ended the process.
        return self.read(name, limit)

    def _ask(self, names: list[str]) -> None:
        if names:
            self._process = self._process or _CatFile(self._git)
            self._process.ask(names)
            self._asked += names

    def _answer(self, limit: int) -> bytes | int | None:
        if self._process is None:
            return None
        kind, size = self._process.header()
        if not kind:
            self.close()
        if size > limit and size > _DRAIN:
            self.close()
            return size
        if not kind or kind == _ABSENT:
            return None
        content = self._process.exactly(size + 1)
        if len(content) <= size:
            # It ended, or was too slow, in the middle of an answer: half a file is none.
            self.close()
            return None
        if kind != "blob":
            return None
        return content[:-1] if size <= limit else size

    def close(self) -> None:
        """Ends the process; the next question starts another."""
        process, self._process = self._process, None
        self._asked.clear()
        if process is not None:
            process.close()

    def __del__(self) -> None:
        self.close()


class _CatFile:
    """One `git cat-file --batch`."""

    def __init__(self, git: Git) -> None:
        self._child = git.start("cat-file", "--batch")
        self._child.widen()
        self._buffer = b""
        self._poller = select.poll()
        self._poller.register(self._child.stdout, select.POLLIN)

    def ask(self, names: Iterable[str]) -> None:
        self._child.write("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))

    def header(self) -> tuple[str, int]:
        """Type and size of the next answer; the type is empty where the process has ended."""
        while b"\n" not in self._buffer:
            data = self._more()
            if not data:
                return "", 0
            self._buffer += data
        head, _, self._buffer = self._buffer.partition(b"\n")
        about = decode(head).split(" ")
        # "NAME TYPE SIZE", or "NAME missing" and its likes, which nothing follows.
        return (about[1], int(about[2])) if len(about) == 3 and about[2].isdigit() else (_ABSENT, 0)  # noqa: PLR2004

    def exactly(self, count: int) -> bytes:
        chunks, size = [self._buffer], len(self._buffer)
        while size < count:
            data = self._more()
            if not data:
                break
            chunks.append(data)
            size += len(data)
        data = b"".join(chunks)
        self._buffer = data[count:]
        return data[:count]

    def _more(self) -> bytes:
        return os.read(self._child.stdout, _CHUNK) if self._poller.poll(TIMEOUT * 1000) else b""

    def close(self) -> None:
        self._child.close(kill=True)


class Snapshot:
    """A tree with its blobs: what `Revision`, `Index` and a pinned submodule read from."""

    def __init__(self, entries: Mapping[str, Entry], objects: Objects) -> None:
        self.entries = entries
        self._objects = objects

    @cached_property
    def _folders(self) -> frozenset[str]:
        """Every folder that something is in."""
        found: set[str] = set()
        for path in self.entries:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def preload(self, paths: Iterable[str]) -> None:
        """Starts to read the files among some paths."""
        entries = [self.entries[path] for path in paths if path in self.entries]
        self._objects.preload([entry.oid for entry in entries if entry.mode not in {GITLINK, SYMLINK}])

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
            return not_a_file(path) if target in self._folders else Missing(path)
        if entry.mode == GITLINK:
            return not_a_file(path)
        data = self._objects.read(entry.oid, limit)
        if data is None:
            message = f"the object {entry.oid} of {path} is not in the object store"
            return Unreadable(path, PROMISED, message, "run `git fetch --refetch --no-filter`")
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
