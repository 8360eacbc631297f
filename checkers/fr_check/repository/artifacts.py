"""Files that a run leaves behind, such as coverage data: mostly ignored by git, sometimes outside the repository.

They are read from disk also where the index is judged, since a run leaves them there and nowhere else; where a
revision is judged, they are those it records. Nothing beside them is ever written: what needs a file of its own gets
a private copy in a temporary folder.
"""

from __future__ import annotations

import os
import posixpath
from contextlib import contextmanager

from fr_check.core.names import directly_in
from fr_check.core.repository import TEXT_LIMIT, Missing, Unreadable, compile_glob, literal_head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_check.core.repository import Repository

# Coverage data of 5,000 files is 25 to 50 MB.
ARTIFACT_LIMIT = 512 * 1024 * 1024
_SKIPPED_FOLDERS = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"})


class Sources:
    """Reads many tracked files: as the repository does, and where they are plain files on disk without asking it."""

    def __init__(self, repository: Repository) -> None:
        from fr_check.repository.worktree import Worktree  # noqa: PLC0415 - a repository in memory needs no disk

        self._repository = repository
        self._files = repository.plain_files if isinstance(repository, Worktree) else None

    def read(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:
        """The content of a path below the root."""
        data = self._files.read(path, limit) if self._files is not None else None
        return data if isinstance(data, bytes) else self._repository.read_bytes(path, limit)


def on_disk(repository: Repository) -> bool:
    """Whether the repository's folder is where a run would leave its files."""
    return not repository.of_commit and posixpath.isabs(repository.root)


def read_artifact(repository: Repository, path: str) -> bytes | Missing | Unreadable:
    """A file below the root, by its path relative to it."""
    if not on_disk(repository):
        return repository.read_bytes(path, ARTIFACT_LIMIT)
    from fr_check.repository.worktree import read_file  # noqa: PLC0415 - a repository in memory needs no disk

    return read_file(repository.root, path, ARTIFACT_LIMIT, links=False)


def locate(repository: Repository, name: str) -> str:
    """A file named on the command line, as a path below the root where it is there, else as an absolute one.

    Relative names start from the working folder, as everywhere on a command line; one that is not there may also be
    written as the repository writes it.
    """
    if not posixpath.isabs(repository.root):
        return posixpath.normpath(name)
    full = posixpath.normpath(posixpath.join(os.getcwd(), name))
    if not posixpath.exists(full):
        full = posixpath.normpath(posixpath.join(repository.root, name))
    root = posixpath.realpath(repository.root).rstrip("/") + "/"
    real = posixpath.join(posixpath.realpath(posixpath.dirname(full)), posixpath.basename(full))
    return real.removeprefix(root)


def read_named(repository: Repository, path: str) -> bytes | Missing | Unreadable:
    """What `locate` found: on disk, whatever is judged, since the user said so; also outside the root."""
    if not posixpath.isabs(repository.root):
        return repository.read_bytes(path, ARTIFACT_LIMIT)
    from fr_check.repository.worktree import read_file  # noqa: PLC0415 - a repository in memory needs no disk

    full = posixpath.join(posixpath.realpath(repository.root), path).lstrip("/")
    found = read_file("/", full, ARTIFACT_LIMIT, links=False)
    if isinstance(found, Unreadable):
        return found._replace(path=path, message=found.message.replace(full, path, 1))
    return found if isinstance(found, bytes) else Missing(path)


def list_folder(repository: Repository, folder: str) -> tuple[str, ...]:
    """The names directly in a folder (relative to the root, "" for the root itself), ignored ones too, sorted."""
    if on_disk(repository):
        try:
            return tuple(sorted(os.listdir(posixpath.join(repository.root, folder))))
        except OSError:
            return ()
    return tuple(path.rpartition("/")[2] for path in repository.select(directly_in(folder)))


def find_artifacts(repository: Repository, pattern: str) -> tuple[str, ...]:
    """Paths below the root that match a glob, ignored files too, sorted."""
    match = compile_glob(pattern).fullmatch
    if not on_disk(repository):
        return tuple(path for path in repository.paths() if match(path))
    found = []
    top = posixpath.join(repository.root, literal_head(pattern))
    for folder, folders, files in os.walk(top):
        folders[:] = [name for name in folders if name not in _SKIPPED_FOLDERS]
        paths = (posixpath.relpath(posixpath.join(folder, name), repository.root) for name in files)
        found += [path for path in paths if match(path)]
        if "**" not in pattern and folder.count("/") - top.count("/") >= pattern.count("/"):
            folders.clear()
    return tuple(sorted(found))


@contextmanager
def private_folder(files: Mapping[str, bytes]) -> Iterator[str]:
    """A temporary folder that holds `files` (relative path -> content) and is gone afterwards; yields its real path."""
    from fr_check.repository.scratch import temporary_folder  # noqa: PLC0415 - few runs need one

    with temporary_folder() as top:
        for path, data in files.items():
            target = posixpath.normpath(posixpath.join(top, path))
            if not target.startswith(f"{top}/"):
                continue
            os.makedirs(posixpath.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(data)
        yield top


def ignored(repository: Repository, paths: Iterable[str]) -> frozenset[str]:
    """Which paths git's ignore rules take out, whether they are there or not: generated files come and go."""
    from fr_check.repository.revision import GitRepository  # noqa: PLC0415 - a repository in memory needs no git

    names = "".join(f"{path}\0" for path in paths if "\0" not in path)
    if not names or not isinstance(repository, GitRepository) or not on_disk(repository):
        return frozenset()
    data = names.encode("utf-8", "surrogateescape")
    return frozenset(repository.layout.git.records("check-ignore", "-z", "--stdin", stdin=data) or ())
