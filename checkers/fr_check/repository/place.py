"""The folder that a command is about. Git says where its repository is while the rest of the program is imported."""

from __future__ import annotations

import os
import posixpath

from fr_check.core.trouble import Trouble
from fr_check.repository.git import discovery

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.repository.git import Layout


def _working_folder(root: str | None) -> str:
    try:
        return posixpath.realpath(os.getcwd())
    except FileNotFoundError:
        if root is not None and posixpath.isabs(root):
            return root
        raise Trouble("the working folder is not there any more", "change to a folder that is") from None


class Place:
    """A folder: `directory` is absolute, `own` says whether a hook's environment speaks of its repository."""

    def __init__(self, root: str | None = None, *, around: bool = False) -> None:
        """Sets out to find the repository of a folder, the working one without `root`.

        `around`: all of the repository around the folder is meant, not the folder alone.

        Raises:
            Trouble: no such folder, or no git.
        """
        here = _working_folder(root)
        self.directory = here if root is None else posixpath.realpath(posixpath.join(here, root))
        if not posixpath.isdir(self.directory):
            raise Trouble(f"{root} is not a folder", "give --root the folder of a project")
        self._root, self._around = root, around
        self.named = root is not None and not around
        # What a hook's environment says is about the repository it runs in, not about one named by --root.
        self.own = root is None or self.directory == here or here.startswith(f"{self.directory.rstrip('/')}/")
        self._discovery = discovery(self.directory, own_environment=self.own)

    def again(self) -> Place:
        """The same folder, to be asked about anew."""
        return Place(None if self._root is None else self.directory, around=self._around)

    def layout(self) -> Layout | None:
        """The repository it lies in, or None if it lies in none; to be asked once.

        Raises:
            Trouble: there is a repository, but git refuses to read it.
        """
        return self._discovery()
