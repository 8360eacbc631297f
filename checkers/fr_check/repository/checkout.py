"""What differs in a submodule's working tree from its index, found without git looking into files.

`git status`, `diff` and even `diff-files` may convert a file's content to compare it, and converting runs the filters
that the repository's own configuration names. So sizes and times are compared here, as git does first, and what stays
doubtful is hashed as it is.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.repository.git import CannotKnow, decode, lines_of
from fr_check.repository.process import Completed
from fr_check.repository.submodules import unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.repository.submodules import Store

# `ls-files --debug` after each name; git warns that it may change, and what is not understood is hashed.
_STATE = pattern(r".*?mtime: (\d+):(\d+)\n.*?size: (\d+)\tflags: ([0-9a-f]+)\n", re.DOTALL)
_NOT_LOOKED_AT = 0x40000000 | 0x8000  # skip-worktree (a sparse checkout leaves it out), assume-unchanged


class Differences(NamedTuple):
    """Paths in a submodule, sorted: tracked files whose content, type or presence differs from the index, and others.

    `untracked` files are neither tracked nor ignored; a folder that holds nothing else stands for them, with a `/`.
    """

    changed: tuple[str, ...]
    untracked: tuple[str, ...]


def differences(store: Store, path: str) -> Callable[[], Differences | CannotKnow]:
    """Has git list what is in the submodule at `path`; the function it returns compares, and is to be called once."""
    tracked = store.git.begin("ls-files", "-z", "--stage", "--debug")
    others = store.git.begin("ls-files", "-z", "--others", "--exclude-standard", "--directory")

    def compare() -> Differences | CannotKnow:
        recorded, around = tracked(), others()
        if recorded.code or around.code:
            return unreadable(path, recorded if recorded.code else around)
        changed = _changed(store, recorded)
        if isinstance(changed, Completed):
            return unreadable(path, changed)
        return Differences(changed, tuple(decode(around.stdout).split("\0")[:-1]))

    return compare


def _changed(store: Store, done: Completed) -> tuple[str, ...] | Completed:
    """The tracked files that differ, or what became of the git that was to tell."""
    index = posixpath.join(store.git_dir, "index")
    written = os.stat(index).st_mtime_ns if posixpath.exists(index) else 0
    changed, doubtful = list[str](), dict[str, str]()
    for mode, oid, path, state in _entries(decode(done.stdout)):
        verdict = _differs(posixpath.join(store.git.directory, path), mode, state, written)
        if verdict is None and "\n" not in path:
            doubtful[path] = oid
        elif verdict:
            changed.append(path)
    if doubtful:
        names = "\n".join(doubtful).encode("utf-8", "surrogateescape")
        hashed = store.git.run("hash-object", "--no-filters", "--stdin-paths", stdin=names)
        hashes = lines_of(hashed.stdout)
        if hashed.code or len(hashes) != len(doubtful):
            return hashed
        changed += [path for path, oid in zip(doubtful, hashes, strict=True) if doubtful[path] != oid]
    return tuple(sorted(changed))


def _entries(output: str) -> Iterator[tuple[str, str, str, re.Match[str] | None]]:
    """Mode, object, path and state of every file at stage 0; submodules are left out."""
    head, *rest = output.split("\0")
    for chunk in rest:
        state = _STATE.match(chunk)
        fields, _, path = head.partition("\t")
        mode, oid, stage = fields.split(" ")
        if stage == "0" and mode != "160000":
            yield mode, oid, path, state
        head = chunk[state.end() :] if state else chunk.rpartition("\n")[2]


def _differs(full: str, mode: str, state: re.Match[str] | None, written: int) -> bool | None:
    """Whether a file differs; None where only its content can tell."""
    seconds, nanoseconds, size = (int(state[at]) for at in (1, 2, 3)) if state else (0, 0, 0)
    flags = int(state[4], 16) if state else 0
    if flags & _NOT_LOOKED_AT:
        return False
    try:
        found = os.lstat(full)
    except OSError:
        return True
    if stat.S_ISLNK(found.st_mode) != (mode == "120000"):
        return True
    if not stat.S_ISREG(found.st_mode):
        return not stat.S_ISLNK(found.st_mode)
    # Git writes a size of 0 where it could not tell a change of the same second.
    if size and found.st_size != size:
        return True
    same_time = found.st_mtime_ns == seconds * 1_000_000_000 + nanoseconds
    return False if same_time and found.st_mtime_ns < written else None
