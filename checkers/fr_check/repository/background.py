"""Work that waits for git goes on in a thread, while the program imports its checkers and reads files.

Not for work of Python's own: only one thread at a time runs that.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, start_new_thread
from _weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

# Seconds. Git answers in two milliseconds; Python's own five would keep a thread waiting for each part of an answer.
_PATIENCE = 0.0005

# Seconds between two looks whether a thread is still there.
_LOOK = 0.5


class _Thread:
    """Is there as long as a thread is."""


# What is under way: the lock that each holds until it ends, with its thread.
_under_way: dict[LockType, ref[_Thread]] = {}


def wait_for_all() -> None:
    """Waits until nothing is under way: for a program that goes on afterwards, and ends the processes of a run.

    What is under way still starts processes and waits for them itself; its outcome is its caller's to ask for.
    """
    while _under_way:
        for running in tuple(_under_way):
            _wait_for(running)


def _wait_for(running: LockType) -> None:
    """Waits for the end of some work, or of its thread: one that never had the room to begin gives no lock back."""
    thread = _under_way.get(running)
    while not running.acquire(timeout=_LOOK):
        if thread is None or thread() is None:
            break
    else:
        running.release()
    _under_way.pop(running, None)


def begin(work: Callable[[], T]) -> Callable[[], T]:
    """Starts some work; the function it returns waits for the outcome, and returns or raises it each time.

    `work` must touch nothing that anybody else changes meanwhile. Work that nobody waits for ends with the program.
    """
    sys.setswitchinterval(_PATIENCE)
    outcome: list[T] = []
    failure: list[BaseException] = []
    # threading.Thread would have the starter wait until the new thread runs: half a millisecond that this is to save.
    running = allocate_lock()
    running.acquire()

    def attempt(thread: _Thread) -> None:
        del thread  # an exception keeps the variables of this function
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the outcome is asked for
            failure.append(error)
        finally:
            running.release()

    thread = _Thread()
    _under_way[running] = ref(thread)
    try:
        start_new_thread(attempt, (thread,))
    except (RuntimeError, MemoryError):  # the system gives no further thread
        del _under_way[running]
        raise

    def result() -> T:
        _wait_for(running)
        if not outcome:  # without a reason there was no room to note it, or to begin
            raise failure[0] if failure else MemoryError
        return outcome[0]

    return result
