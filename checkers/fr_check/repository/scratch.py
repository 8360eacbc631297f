"""Temporary folders that are gone when the program ends, however it ends."""

from __future__ import annotations

import os
import posixpath
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Every folder that is there, or about to be: a signal may come between making one and knowing that it was made.
_folders: set[str] = set()
# What was killed a moment ago may still write.
_TRIES = 5


@contextmanager
def temporary_folder() -> Iterator[str]:
    """A new folder that nobody else may read; yields its real path, and removes it.

    Raises:
        OSError: it cannot be made.
    """
    from tempfile import gettempdir  # noqa: PLC0415 - few runs need one

    name = posixpath.join(posixpath.realpath(gettempdir()), f"fr-check-{os.urandom(8).hex()}")
    _folders.add(name)
    try:
        os.mkdir(name, 0o700)
        yield name
    finally:
        _remove(name)


def remove_all() -> None:
    """Removes what is there: the program ends."""
    for name in tuple(_folders):
        _remove(name)


def _remove(name: str) -> None:
    from shutil import rmtree  # noqa: PLC0415 - few runs need one

    for _ in range(_TRIES):
        rmtree(name, ignore_errors=True)
        if not posixpath.lexists(name):
            break
    _folders.discard(name)
