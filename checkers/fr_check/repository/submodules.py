"""Where the object store of a submodule is, and its files at the pinned commit.

Never the superproject's answer for the submodule's: git, asked inside an empty submodule folder, climbs to the parent
and answers for that, so a store is only used where its own `.git` or `modules/NAME` is seen to exist.
"""

from __future__ import annotations

import os
import posixpath

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.repository.git import CannotKnow, Git, complaint
from fr_check.repository.objects import PROMISED, Objects, Snapshot, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.repository.git import Layout
    from fr_check.repository.process import Completed
    from fr_check.sources.gitmodules import GitConfig

_GITFILE_LIMIT = 65536
_CONFIG_LIMIT = 1 << 20


def read_config(folder: str) -> GitConfig:
    """The configuration file in a git folder, without what it includes; nothing where there is none."""
    from fr_check.sources import gitmodules  # noqa: PLC0415 - files can be read at a pin without

    path = posixpath.join(folder, "config")
    try:
        with open(path, "rb") as file:
            data = file.read(_CONFIG_LIMIT)
    except OSError:
        data = b""
    return gitmodules.parse(Text.decode(data, path))


def remote_of(config: GitConfig) -> str:
    """The remote that stands for the upstream: `origin`, or the only one there is (clone.defaultRemoteName)."""
    names = dict.fromkeys(item.subsection for item in config.variables if item.section == "remote" and item.subsection)
    only = next(iter(names), None)
    return only if only and len(names) == 1 else "origin"


class Store(NamedTuple):
    """A submodule's repository. `checked_out` says whether its working tree is there (else: kept after a deinit)."""

    git: Git
    git_dir: str
    checked_out: bool

    def folders(self) -> tuple[str, ...]:
        """The git folder, and the one it shares with other working trees of the same repository, if any."""
        try:
            with open(posixpath.join(self.git_dir, "commondir"), encoding="utf-8", errors="surrogateescape") as file:
                common = file.read(_GITFILE_LIMIT).rstrip("\r\n")
        except OSError:
            return (self.git_dir,)
        if "\0" in common:
            return (self.git_dir,)
        return (self.git_dir, posixpath.normpath(posixpath.join(self.git_dir, common)))


def locate(layout: Layout, root: str, path: str, name: Callable[[], str | None]) -> Store | CannotKnow:
    """The repository of the submodule at `path`; `name` tells its name, where it has another one.

    Looked for in this order: `PATH/.git` (a folder, or a file that names one), `modules/NAME` below the git folder of
    this worktree, and below the common one (a linked worktree where the submodule was never initialised).
    """
    folder = posixpath.join(root, path)
    if layout.top is not None and posixpath.realpath(folder) == posixpath.join(posixpath.realpath(root), path):
        git_dir = _git_dir_of(folder)
        if git_dir is not None:
            return _trusted(Store(layout.foreign(folder), git_dir, checked_out=True), path)
    known = name() or path
    for parent in dict.fromkeys((layout.git_dir, layout.common_dir)):
        candidate = module(parent, known)
        if candidate is not None and _is_git_dir(candidate):
            return _kept(layout, candidate, path)
    if layout.top is None:
        message = f"submodule {path} has no clone in this bare repository, so nothing in it can be read"
        mend = "run `fr-check submodule-sync --online`, or check a clone made with `git clone --recurse-submodules`"
        return CannotKnow("uninitialised-submodule", message, mend)
    return uninitialised(path)


def module(git_dir: str, name: str) -> str | None:
    """Where git keeps the repository of the submodule with a name; None for a name that git refuses.

    As `check_submodule_name` in git's submodule-config.c: no name is empty or has `..` in it. An absolute name is one
    like any other: git appends it, and so does this, while `posixpath.join` would start again at the root.
    """
    parts = [part for part in name.split("/") if part not in {"", "."}]
    refused = not parts or ".." in name.replace("\\", "/").split("/") or "\0" in name
    return None if refused else "/".join((git_dir, "modules", *parts))


def pinned(store: Store, path: str, commit: str) -> Snapshot | CannotKnow:
    """The files of the submodule at `path` as they are at `commit`."""
    entries = tree(store.git, f"{commit}^{{commit}}")
    if isinstance(entries, CannotKnow) and entries.reason == PROMISED:
        return missing_files(f"the tree of {commit[:12]}", path, store)
    if not isinstance(entries, CannotKnow):
        return Snapshot(entries, Objects(store.git))
    done = store.git.run("cat-file", "-t", commit)
    kind = done.stdout.decode("ascii", "replace").strip()
    if done.code:
        absent = "object info" in complaint(done) or "Not a valid object" in complaint(done)
        return missing_commit(store, path, commit) if absent else unreadable(path, done)
    if kind != "commit":
        message = f"the pointer of submodule {path} names a {kind}, {commit}, not a commit"
        return CannotKnow(
            "not-a-commit", message, f"run `git -C {quote(path)} checkout BRANCH && git add {quote(path)}`"
        )
    return entries


def uninitialised(path: str) -> CannotKnow:
    """The answer where a submodule has no repository here."""
    message = f"submodule {path} is not initialised here, so nothing in it can be read"
    return CannotKnow("uninitialised-submodule", message, f"run `git submodule update --init -- {quote(path)}`")


def unreadable(path: str, done: Completed) -> CannotKnow:
    """The answer where git fails for a reason of its own."""
    message = f"git cannot read the repository of submodule {path}: {complaint(done)}"
    return CannotKnow("unreadable-submodule", message, f"run `git -C {quote(path)} status` and mend what it says")


def missing_commit(store: Store, path: str, commit: str) -> CannotKnow:
    """The answer where the repository is there and the commit is not."""
    shallow = posixpath.exists(posixpath.join(store.git_dir, "shallow"))
    message = f"commit {commit} of submodule {path} is not in its object store, which may be older than the pointer"
    deep = "--unshallow " if shallow else ""
    if store.checked_out:
        mend = f"run `git -C {quote(path)} fetch {deep}origin`"
    else:
        mend = f"run `git submodule update --init -- {quote(path)}`"
    ask = "if it is missing then too, `fr-check submodule-sync --online` says whether the upstream has it"
    return CannotKnow("missing-commit", message, f"{mend}; {ask}")


def missing_files(what: str, path: str, store: Store | CannotKnow) -> CannotKnow:
    """The answer where the clone was told (`--filter`) to leave out what the pinned commit holds."""
    message = f"{what} is not in the clone of submodule {path}, which is a partial one"
    where = store.git_dir if isinstance(store, Store) and not store.checked_out else path
    return CannotKnow("missing-object", message, f"run `git -C {quote(where)} fetch --refetch --no-filter`")


def quote(path: str) -> str:
    """A path as a shell takes it, on one line whatever is in it."""
    from shlex import quote as shell_quote  # noqa: PLC0415 - only a help line needs it

    if path.isprintable():
        return shell_quote(path)
    shown = (char if char.isprintable() and char not in "'\\" else _escaped(char) for char in path)
    return f"$'{''.join(shown)}'"


def _escaped(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(char))


def _trusted(store: Store, path: str) -> Store | CannotKnow:
    """Has git itself look at the owner: `safe.directory` and its exceptions are git's business."""
    if _own(store.git.directory) and _own(store.git_dir):
        return store
    done = store.git.run("rev-parse", "--git-dir")
    if not done.code:
        return store
    if "dubious ownership" in complaint(done):
        return _dubious(path, store.git.directory)
    return unreadable(path, done)


def _kept(layout: Layout, git_dir: str, path: str) -> Store | CannotKnow:
    """A repository without its working tree: `--git-dir` skips git's own look at the owner, so it is done here."""
    if not _own(git_dir):
        return _dubious(path, git_dir)
    # Its own core.worktree names a folder that may be gone, and then git would refuse to start.
    options = (f"--git-dir={git_dir}", f"--work-tree={git_dir}")
    return Store(layout.foreign(git_dir, *options), git_dir, checked_out=False)


def _dubious(path: str, folder: str) -> CannotKnow:
    message = f"git does not trust the repository of submodule {path}: it belongs to another user"
    return CannotKnow("dubious-ownership", message, f"run `git config --global --add safe.directory {quote(folder)}`")


def _own(path: str) -> bool:
    return os.stat(path).st_uid == os.geteuid()


def _git_dir_of(folder: str) -> str | None:
    """The git folder of a working tree, from its `.git`."""
    dot_git = posixpath.join(folder, ".git")
    if posixpath.isdir(dot_git):
        return dot_git if _is_git_dir(dot_git) else None
    try:
        descriptor = os.open(dot_git, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        content = os.fsdecode(os.read(descriptor, _GITFILE_LIMIT))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    if not content.startswith("gitdir: "):
        return None
    git_dir = posixpath.join(folder, content.removeprefix("gitdir: ").rstrip("\r\n"))
    return git_dir if "\0" not in git_dir and _is_git_dir(git_dir) else None


def _is_git_dir(path: str) -> bool:
    """The look git itself takes: a HEAD, and objects and refs of its own or of a common folder."""
    if not posixpath.lexists(posixpath.join(path, "HEAD")):
        return False
    return posixpath.isfile(posixpath.join(path, "commondir")) or posixpath.isdir(posixpath.join(path, "objects"))
