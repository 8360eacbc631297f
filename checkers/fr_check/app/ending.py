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
_PATIENCE = 2.0  # seconds for a worker to end its own
# Seconds of the processor's time: where no line of Python ran for the second, none will. Where memory ends inside
# `with` or `finally`, CPython up to 3.13 may look for room for a number without end (`goto exception_unwind` in
# ceval.c), holds its lock meanwhile, and heeds no signal that has a handler.
_BEAT, _STUCK = 1.0, 20.0
_unraised: list[object] = []
# A megabyte that no page of memory is taken for, to be given back where there is none for the last words.
_reserve: list[bytes] = []
_RESERVED = 1 << 20


def install() -> None:
    """From now on these signals end the process, and what it started; in workers too."""
    # A parent that ignores it has this process's children vanish before anybody can ask how they ended.
    if _signal.getsignal(_signal.SIGCHLD) == _signal.SIG_IGN:
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    for number in _ENDING:
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, _end)
    # What raises where nobody can catch it, as a thread without room to begin, may have no room for a hook of Python
    # either, of which Python would print how it failed. Who waits for that thread says what happened.
    sys.unraisablehook = _unraised.append
    _reserve[:] = [bytes(_RESERVED)]
    if hasattr(_signal, "setitimer"):
        _signal.signal(_signal.SIGVTALRM, _beat)
        _signal.setitimer(_signal.ITIMER_VIRTUAL, _BEAT, _BEAT)
        _beat()


def _beat(*_: object) -> None:
    """Puts off the signal that ends a process in which Python itself hangs; nothing that is started inherits it."""
    _signal.setitimer(_signal.ITIMER_PROF, _STUCK)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    if _call("fr_check.fixes.writing", "hold", number):
        return
    try:
        for other in _ENDING:
            _signal.signal(other, _signal.SIG_IGN)
        if _call("fr_check.fixes.writing", "has_waited"):
            with suppress(OSError):
                os.write(2, b"fr-check: a signal ended the run after all files were written\n")
        tidy()
    finally:
        # Also where there is no memory to tidy up with: what is raised here would be an answer to whatever it met.
        os._exit(128 + number)


def make_room() -> None:
    """Gives back what was reserved: memory has ended, and what is left to do needs some."""
    _reserve.clear()


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
