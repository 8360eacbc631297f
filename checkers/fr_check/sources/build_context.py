"""Contexts of image builds: folders of the repository, and what stands elsewhere."""

from __future__ import annotations

import posixpath

WORKSPACE = "/github/workspace"
"""Stands for the folder that a job runs in, wherever that is."""
REPOSITORY = "/github/repository"
"""Stands for the top of the repository's own checkout."""


def inside(directory: str, path: str) -> str | None:
    """`directory`/`path` as a path of the repository ("" for its root); None where it leads out of it."""
    if path.startswith(("/", "~")) or "://" in path:
        return None
    joined = posixpath.normpath(posixpath.join(directory or ".", path or "."))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def absolute(folder: str | None) -> str | None:
    """A folder of the workspace as a path that stays right wherever a script goes; None for one that is not known."""
    if folder is None or folder.startswith("/"):
        return folder
    return WORKSPACE if folder == "." else f"{WORKSPACE}/{folder}"


def is_remote(context: str) -> bool:
    """Whether a context is a Git repository, an archive or the standard input to Docker, by buildx's own rule."""
    if context == "-" or "://" in context or context.startswith(("git@", "github.com/")):
        return True
    repository = context.partition("#")[0]
    return repository.endswith(".git") and "/" not in repository
