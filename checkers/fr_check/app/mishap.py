"""What a run says of itself when it cannot go on, in one sentence each; nothing of the files it read is in it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from errno import EAGAIN, EDQUOT, EMFILE, ENFILE, ENOMEM, ENOSPC

from fr_check import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# sysexits' EX_SOFTWARE says that the fault is this program's own.
STATUS_BUG = 70
NO_MEMORY = ("there is not enough memory", "give the process more, or check a smaller folder")
_SCARCE = {
    EMFILE: ("too many files are open", "raise `ulimit -n`: 64 are enough"),
    ENFILE: ("too many files are open on this machine", "end other programs, then run it again"),
    ENOMEM: NO_MEMORY,
    EAGAIN: ("no further process can be started", "raise `ulimit -u` or `ulimit -v`, or end other programs"),
    ENOSPC: ("there is no room left on the disk", "make room, also in the folder for temporary files"),
    EDQUOT: ("the quota of the disk is used up", "make room, also in the folder for temporary files"),
}


def harmless(string: str) -> str:
    """A text of lines for a terminal: control characters, which could rewrite what stands there, are spelled out."""
    if string.isprintable():
        return string
    from fr_check.report.view import printable  # noqa: PLC0415 - most messages are one plain line

    lines = ("\t".join(map(printable, line.split("\t"))) for line in string.split("\n"))
    return "\n".join(lines)


def say(message: str, *, quotes: bool = True) -> None:
    """Talk about the tool itself goes to the standard error; `quotes`: it may quote what was read."""
    if quotes:
        from fr_check.core.secrecy import Mask  # noqa: PLC0415 - most runs have nothing to say

        message = Mask()(message)
    message = harmless(message)
    # Where it cannot be said, the exit status still says it.
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(f"fr-check: {message}\n")
            sys.stderr.flush()


def scarcity(error: BaseException) -> tuple[str, str] | None:
    """Of what the machine has too little, and what helps; None where that was not the reason."""
    if isinstance(error, OSError):
        return _SCARCE.get(error.errno or 0)
    said = str(error)
    # The second is what CPython raises where it had no room for an exception.
    if isinstance(error, MemoryError) or (isinstance(error, SystemError) and "exception set" in said):
        return NO_MEMORY
    if isinstance(error, RuntimeError):
        return _SCARCE[EAGAIN] if "can't start new thread" in said else None
    if isinstance(error, ImportError):
        # An extension module, or a library that it needs, that cannot be opened or has no room.
        if os.strerror(EMFILE) in said:
            return _SCARCE[EMFILE]
        return _SCARCE[ENOMEM] if os.strerror(ENOMEM) in said or "failed to map segment" in said else None
    return None


def confess(error: Exception) -> int:
    """Keeps where a bug showed in a file a person can send, and says so in two lines."""
    told = "".join(_story(error))
    kept = _keep(f"fr-check {__version__}, Python {sys.version}\n{' '.join(map(_shown, sys.argv))}\n\n{told}")
    if kept is None:
        # No room, or nothing may be opened any more: the status must be right all the same.
        say(told.rstrip())
    say(
        f"internal error: {_sentence(error)}\n  help: this is a bug in fr-check, not in your repository; please report"
        f" it with {kept or 'what it printed'}"
    )
    return STATUS_BUG


def _keep(string: str) -> str | None:
    try:
        from tempfile import NamedTemporaryFile  # noqa: PLC0415 - for this alone

        with NamedTemporaryFile("w", prefix="fr-check-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write(string)
            return log.name
    except (OSError, ImportError):
        return None


def _story(error: BaseException | None) -> Iterator[str]:
    """Where an exception and those before it came from; lines of this program only, no values."""
    from traceback import format_tb  # noqa: PLC0415 - for this alone

    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield from (*format_tb(error.__traceback__), f"{_sentence(error)}\n")
        error = error.__cause__ or error.__context__


def _sentence(error: BaseException) -> str:
    """An exception without what it quotes: that may be a line of a file, and not every one has quotes around it."""
    import re  # noqa: PLC0415 - for this alone

    said = re.sub(r"'[^']*'?|\"[^\"]*\"?|`[^`]*`?", "'***'", str(error).partition("\n")[0])
    known = re.compile(r"[A-Za-z_]{0,24}(?:\(\))?[.,:;]*|\d{1,6}[.,:;]*|'\*\*\*'[.,:;]*")
    words = (word if known.fullmatch(word) else "***" for word in _shown(said).split(" "))
    return f"{type(error).__name__}: {' '.join(words)}"


def _shown(string: str) -> str:
    from fr_check.core.secrecy import redact  # noqa: PLC0415 - most runs have nothing to say

    return redact(string)
