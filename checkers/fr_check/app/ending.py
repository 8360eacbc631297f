"""What a signal that ends the program does: every process that was started ends, every temporary file is removed.

At once, and not by an exception: that would pass through code that takes what it interrupts for an answer. Only a set
of files that is being written is made whole first. A signal that was ignored when the program began (`nohup`) stays so.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from types import FrameType
    from typing import Any
else:
    import _signal  # the built-in part of `signal`, whose enums take a millisecond to make

_ENDING = tuple(getattr(_signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(_signal, name))
_NO_MEMORY = b"fr-check: there is not enough memory\n  help: give the process more, or check a smaller folder\n"
_PATIENCE = 2.0  # seconds for a worker to end its own


def install() -> None:
    """From now on these signals end the process, and what it started; in workers too."""
    # A parent that ignores it has this process's children vanish before anybody can ask how they ended.
    if _signal.getsignal(_signal.SIGCHLD) == _signal.SIG_IGN:
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    for number in _ENDING:
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, _end)
    sys.unraisablehook = _unraisable


def _unraisable(told: sys.UnraisableHookArgs) -> None:
    """A thread that has no room to begin raises nowhere, and who waits for it would wait for ever."""
    if told.exc_type is not MemoryError:
        sys.__unraisablehook__(told)
        return
    with suppress(OSError, MemoryError):
        os.write(2, _NO_MEMORY)
    with suppress(MemoryError):
        tidy()
    os._exit(2)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    if _call("fr_check.fixes.writing", "hold", number):
        return
    for other in _ENDING:
        _signal.signal(other, _signal.SIG_IGN)
    if _call("fr_check.fixes.writing", "has_waited"):
        with suppress(OSError):
            os.write(2, b"fr-check: a signal ended the run after all files were written\n")
    tidy()
    os._exit(128 + number)


def leave() -> None:
    """At the end of a run: what is still running answers nobody, and is not waited for."""
    _call("fr_check.repository.process", "kill_all")


def tidy() -> None:
    """Ends every process, then removes what they may have written to."""
    workers = _call("multiprocessing", "active_children") or ()
    for worker in workers:
        worker.terminate()
    _call("fr_check.repository.process", "stop")
    for worker in workers:
        worker.join(_PATIENCE)
    _call("fr_check.repository.scratch", "remove_all")
    _call("fr_check.fixes.writing", "remove_all")


def _call(module: str, name: str, *arguments: int) -> Any:
    """A function of a module, if it was imported; not even now is anything imported that was not needed."""
    function = getattr(sys.modules.get(module), name, None)
    return function(*arguments) if function is not None else None
