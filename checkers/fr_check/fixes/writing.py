"""Writes edited files: each whole or not at all, whenever the process ends."""

from __future__ import annotations

import os
import stat
import tempfile

from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = ".fr-check-"


def write(root: str, files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Replaces files below `root`: path -> (the content that was analysed, the new one).

    Raises:
        Trouble: a file is no longer what was analysed, or cannot be written. Files before it are written.
    """
    for path, (before, after) in files.items():
        full = os.path.join(root, path)
        try:
            with open(full, "rb") as file:
                now = file.read()
            if now != before:
                raise Trouble(f"{path} changed while it was judged", "run the command again")
            _replace(full, after)
        except OSError as error:
            raise Trouble(
                f"{path} cannot be written: {error.strerror}", "make room, or check its permissions"
            ) from None


def _replace(full: str, content: bytes) -> None:
    mode = stat.S_IMODE(os.stat(full).st_mode)
    descriptor, temporary = tempfile.mkstemp(prefix=PREFIX, dir=os.path.dirname(full))
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, full)
    except BaseException:
        os.unlink(temporary)
        raise
