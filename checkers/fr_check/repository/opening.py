"""Which repository a command line means: the working tree, the index, or a commit."""

from __future__ import annotations

import os

from fr_check.core.trouble import Trouble
from fr_check.repository.git import CannotKnow, Layout
from fr_check.repository.place import Place
from fr_check.repository.revision import Index, Revision
from fr_check.repository.worktree import Folder, Worktree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.repository import Repository


def open_repository(root: str | Place | None = None, *, staged: bool = False, rev: str | None = None) -> Repository:
    """Opens what a command is about.

    Args:
        root: a folder, or one that git was already asked about; without it, the top of the working tree above the
            working folder.
        staged: judge the index, the one that GIT_INDEX_FILE names in a hook.
        rev: judge this commit. Without it and without `staged`, PRE_COMMIT_TO_REF names one, where it is set: then
            hooks run over a range, and neither the index nor the working tree is what they are about.

    Raises:
        Trouble: no such folder, no repository where one is needed, no such commit, or git refuses to read it.
    """
    place = root if isinstance(root, Place) else Place(root)
    layout = place.layout()
    if layout is None:
        if staged or rev is not None:
            help_ = "run it inside one, or leave out --staged and --rev"
            raise Trouble(f"{place.directory} is in no git repository", help_)
        return Folder(place.directory)
    top = place.directory if place.named else layout.top or layout.git_dir
    layout = layout.at(top, own=place.own)
    if rev is None and not staged and place.own:
        rev = os.environ.get("PRE_COMMIT_TO_REF") or None
    if rev is not None:
        return Revision(layout, top, demand_commit(layout, rev))
    if layout.top is None:
        if layout.head is None:
            raise Trouble(f"{place.directory} is a bare repository without a commit", "push a commit to it first")
        return Revision(layout, top, layout.head)
    return (Index if staged else Worktree)(layout, top)


def demand_commit(layout: Layout, name: str) -> str:
    """The full name of the commit a user named.

    Raises:
        Trouble: there is none.
    """
    commit = resolve_commit(layout, name)
    if isinstance(commit, CannotKnow):
        raise Trouble(commit.message, commit.help)
    return commit


def resolve_commit(layout: Layout, name: str) -> str | CannotKnow:
    """The full name of a commit, or why it is not known here."""
    found = layout.git.lines("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found:
        return found[0]
    message = f"`{name}` names no commit in this repository"
    if layout.shallow:
        return CannotKnow("shallow-history", f"{message}, which is a shallow clone", "run `git fetch --unshallow`")
    return CannotKnow("missing-commit", message, "check the name; if it is right, run `git fetch origin`")
