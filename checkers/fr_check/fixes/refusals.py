"""Files that no edit may touch, and why: where an edit could land elsewhere, be lost, or belong to somebody else."""

from __future__ import annotations

import os
import posixpath
import stat

from fr_check.core.patterns import pattern
from fr_check.core.repository import TEXT_LIMIT
from fr_check.core.text import Text
from fr_check.edits.generated import generated
from fr_check.repository.worktree import Worktree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.edits import Edit
    from fr_check.core.repository import Repository

_CONFLICT = pattern(r"(?m)^(<{7}|>{7}|={7})( |$)")


def reason(repository: Repository, edits: tuple[Edit, ...], link: str = "") -> str:
    """Why none of the edits may be made; empty where all may. `link` is the one path that may be a symbolic link."""
    for edit in edits:
        found = _of_file(repository, edit.path, linked=edit.path == link) or _of_place(repository, edit)
        if found:
            return found
    return ""


def _of_file(repository: Repository, path: str, *, linked: bool = False) -> str:
    if posixpath.normpath(path) != path or path.startswith(("/", "../")):
        return f"{path} is outside the repository"
    if repository.gitlink_above(path) is not None:
        return f"{path} is in a submodule: change it there, and then move the pointer"
    full = os.path.join(repository.root, path)
    outer = os.path.realpath(os.path.dirname(full)) == os.path.join(
        os.path.realpath(repository.root), posixpath.dirname(path)
    ).rstrip("/")
    if os.path.realpath(full) != os.path.join(os.path.realpath(repository.root), path) and not (linked and outer):
        return f"{path} is reached through a symbolic link"
    if path not in repository.paths():
        return f"{path} is ignored by git"
    return (_of_folder(full, path) if linked else _of_inode(full, path)) or _of_commit(repository, path)


def _of_commit(repository: Repository, path: str) -> str:
    """In a hook: a change that its runner would not notice, or would mix with what is not being committed.

    Runners look whether a hook changed tracked files, and put away what is not staged before they run it.
    """
    if not isinstance(repository, Worktree) or not (repository.committing or "PRE_COMMIT" in os.environ):
        return ""
    if path not in repository.entries:
        return f"{path} is not tracked, so that nobody would notice the change: `git add` it first"
    if repository.committing and _unstaged(repository, path):
        return f"{path} has changes that are not staged"
    return ""


def _unstaged(repository: Worktree, path: str) -> bool:
    """Whether a file on disk is another than the one that is being committed; line ends that git converts are alike."""
    recorded = repository.index.read_bytes(path, TEXT_LIMIT)
    with open(os.path.join(repository.root, path), "rb") as file:
        now = file.read()
    return not isinstance(recorded, bytes) or now.replace(b"\r\n", b"\n") != recorded.replace(b"\r\n", b"\n")


def _of_folder(full: str, path: str) -> str:
    """A link is replaced in its folder, whoever may write what it leads to."""
    return "" if os.access(os.path.dirname(full), os.W_OK) else f"{path} may not be replaced"


def _of_inode(full: str, path: str) -> str:
    try:
        found = os.lstat(full)
    except OSError as error:
        return f"{path} cannot be looked at: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return f"{path} is no regular file"
    if found.st_nlink > 1:
        return f"{path} has a second name (a hard link), which would keep the old text"
    writable = os.access(full, os.W_OK) and os.access(os.path.dirname(full), os.W_OK)
    return "" if writable else f"{path} may not be written"


def _of_place(repository: Repository, edit: Edit) -> str:
    path = edit.path
    text = repository.read(path)
    if not isinstance(text, Text) or text.problems:
        return f"{path} is no UTF-8 text"
    if _CONFLICT.search(text.string):
        return f"{path} holds the marks of an unfinished merge"
    if "\r" in text.string.replace("\r\n", ""):
        return f"{path} has line ends of a carriage return alone"
    made = generated(text, edit.start)
    return made.reason(path) if made is not None else ""
