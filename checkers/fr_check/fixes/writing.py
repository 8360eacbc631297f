"""Writes edited files: each whole or not at all, whenever the process ends, and none where one cannot be written.

Each new content is written beside its file, under a name of its own, and only when all are there do they take the
places of the old ones. A signal removes what is left of that; after a kill that no program hears of, the next run does.
"""

from __future__ import annotations

import os
import stat

from fr_check.core.patterns import pattern
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = ".fr-check-"
_LEFT = pattern(r"\.fr-check-(\d+)-\d+")
# Every file that is there, or about to be: a signal may come between making one and knowing that it was made.
_temporary: set[str] = set()


def write(root: str, files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Replaces files below `root`: path -> (the content that was analysed, the new one).

    Raises:
        Trouble: a file is no longer what was analysed, or cannot be written: then none is.
    """
    ready: list[tuple[str, str]] = []
    path = ""
    try:
        for path, (before, after) in files.items():
            full = os.path.join(root, path)
            _clear(os.path.dirname(full))
            with open(full, "rb") as file:
                now = file.read()
            if now != before:
                raise Trouble(f"{path} changed while it was judged", "run the command again")
            ready.append((_written(full, after, len(ready)), full))
        for temporary, full in ready:
            os.replace(temporary, full)
            _temporary.discard(temporary)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}", "make room, or check its permissions") from None
    finally:
        remove_all()


def remove_all() -> None:
    """Removes what has not taken its place: the program ends."""
    for name in tuple(_temporary):
        _unlink(name)
        _temporary.discard(name)


def _written(full: str, content: bytes, number: int) -> str:
    """A new file beside another one, with its mode; its path."""
    mode = stat.S_IMODE(os.stat(full).st_mode)
    temporary = os.path.join(os.path.dirname(full), f"{PREFIX}{os.getpid()}-{number}")
    _temporary.add(temporary)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(temporary, mode)
    return temporary


def _clear(folder: str) -> None:
    """Removes what a killed run left in a folder; what another run is about to put there stays."""
    for name in os.listdir(folder):
        found = _LEFT.fullmatch(name)
        full = os.path.join(folder, name)
        if found and full not in _temporary and not _is_running(int(found[1])):
            _unlink(full)


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return number != os.getpid()


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        # It was never made, or somebody else was faster.
        return
