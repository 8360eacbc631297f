"""Writes edited files: each whole or not at all, whenever the process ends, and none where one cannot be written.

Each new content is written beside its file, under a name of its own, and only when all are there do they take the
places of the old ones. A signal removes what is left of that; after a kill that no program hears of, the next run does.
While they take their places a signal waits, and where one of the files is no longer what was analysed, those that were
written before it get back what they had.
"""

from __future__ import annotations

import errno
import os
import stat

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = ".fr-check-"
_LEFT = pattern(r"\.fr-check-(\d+)-\d+")
_ROOM = 100_000  # numbers of temporary files that put something back: no other has one of them
_STREAMS = ("/dev/std", "/dev/fd/", "/proc/")  # what `/dev/stdout` leads to is open already
_CHANGED = "run the command again"
# Every file that is there, or about to be: a signal may come between making one and knowing that it was made.
_temporary: set[str] = set()


class _Signals:
    """The signal that came while files took their places: it ends the process when all have."""

    replacing = False
    waiting = 0


class _Ready(NamedTuple):
    """A file with its new content beside it, and what it has now; `link` is what a symbolic link leads to."""

    path: str
    full: str
    temporary: str
    before: bytes
    after: bytes
    link: str


def write(root: str, files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Replaces files below `root`: path -> (the content that was analysed, the new one).

    Raises:
        Trouble: a file is no longer what was analysed, or cannot be written: then none is.
    """
    ready: list[_Ready] = []
    path = ""
    try:
        for path, (before, after) in files.items():
            full = os.path.join(root, path)
            _clear(os.path.dirname(full))
            if _content(full) != before:
                raise Trouble(f"{path} changed while it was judged", _CHANGED)
            link = os.readlink(full) if os.path.islink(full) else ""
            ready.append(_Ready(path, full, _written(full, after, len(ready)), before, after, link))
        _replace_all(ready)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}", "make room, or check its permissions") from None
    finally:
        remove_all()


def put(path: str, content: bytes) -> None:
    """Makes a file, or gives one another content: whole or not at all.

    What is no plain file (a pipe, a device) is written to, and so is a file that cannot be replaced: one that is
    mounted by itself, or lies in a folder in which nothing may be made.

    Raises:
        OSError: it cannot be written; a file that was there has what it had.
    """
    full = os.path.realpath(path)
    try:
        if not path.startswith(_STREAMS) and (not os.path.exists(path) or os.path.isfile(path)):
            temporary = _written(full, content, len(_temporary))
            os.replace(temporary, full)
            _temporary.discard(temporary)
            return
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS}:
            raise
    finally:
        remove_all()
    with open(path, "wb") as file:
        file.write(content)


def _replace_all(ready: list[_Ready]) -> None:
    """Puts every new file into its place; a signal waits until that is done.

    Raises:
        Trouble: a file changed, or cannot be replaced: then every file has again what it had.
    """
    _Signals.replacing = True
    done: list[_Ready] = []
    try:
        for one in ready:
            now = _replace(one)
            if now != one.before:
                # What came in at the last moment is kept, too.
                raise Trouble(f"{one.path} changed while files were written{_back(done, one, now)}", _CHANGED)
            done.append(one)
    except OSError as error:
        raise Trouble(
            f"{ready[len(done)].path} cannot be written: {error.strerror}{_back(done)}",
            "make room, or check its permissions",
        ) from None
    finally:
        _Signals.replacing = False
    if _Signals.waiting:
        os.kill(os.getpid(), _Signals.waiting)


def _replace(one: _Ready) -> bytes:
    """Puts a new file into its place where the old one is what was analysed; what the old one held in the end."""
    with open(one.full, "rb") as file:
        now = file.read()
        if now != one.before:
            return now
        os.replace(one.temporary, one.full)
        _temporary.discard(one.temporary)
        # Another program may have written to it since.
        file.seek(0)
        return file.read()


def _back(done: list[_Ready], changed: _Ready | None = None, now: bytes = b"") -> str:
    """Gives files back what they had, and says so; one that somebody changed again since is left and named."""
    former = [(one, one.before) for one in done]
    if changed is not None and changed.temporary not in _temporary:
        former.append((changed, now))
    stays = [one.path for one, content in former if not _is_back(one, content)]
    return f": nothing else is written, but {', '.join(stays)} has its edits" if stays else ": nothing is changed"


def _is_back(one: _Ready, content: bytes) -> bool:
    try:
        if _content(one.full) != one.after:
            return False
        if one.link:
            os.unlink(one.full)
            os.symlink(one.link, one.full)
            return True
        temporary = _written(one.full, content, len(_temporary) + _ROOM)
        os.replace(temporary, one.full)
        _temporary.discard(temporary)
    except OSError:
        return False
    return True


def hold(number: int) -> bool:
    """Whether a signal has to wait; if so it comes again when all files are in their places."""
    if _Signals.replacing:
        _Signals.waiting = number
    return _Signals.replacing


def has_waited() -> bool:
    """Whether a signal waited until all files were in their places."""
    return bool(_Signals.waiting)


def _content(full: str) -> bytes:
    with open(full, "rb") as file:
        return file.read()


def remove_all() -> None:
    """Removes what has not taken its place: the program ends."""
    for name in tuple(_temporary):
        _unlink(name)
        _temporary.discard(name)


def _written(full: str, content: bytes, number: int) -> str:
    """A new file beside another one, with its mode, or where one will be; its path."""
    mode = stat.S_IMODE(os.stat(full).st_mode) if os.path.exists(full) else None
    temporary = os.path.join(os.path.dirname(full), f"{PREFIX}{os.getpid()}-{number}")
    _temporary.add(temporary)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o666 if mode is None else 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
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
