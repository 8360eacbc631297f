"""Work that waits for git goes on in a thread, while the program imports its checkers and reads files.

Not for work of Python's own: only one thread at a time runs that.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

# Seconds. Git answers in two milliseconds; Python's own five would keep a thread waiting for each part of an answer.
_PATIENCE = 0.0005

# What is under way, each with the lock that it holds until it ends.
_under_way: set[LockType] = set()


def wait_for_all() -> None:
    """Waits until nothing is under way: for a program that goes on afterwards, and ends the processes of a run.

    What is under way still starts processes and waits for them itself; its outcome is its caller's to ask for.
    """
    while _under_way:
        for running in tuple(_under_way):
            with running:
                pass


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

    def attempt() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the outcome is asked for
            failure.append(error)
        finally:
            _under_way.discard(running)
            running.release()

    _under_way.add(running)
    try:
        start_new_thread(attempt, ())
    except RuntimeError:  # the system gives no further thread
        _under_way.discard(running)
        raise

    def result() -> T:
        with running:
            if not outcome:  # without a reason there was no room to note it
                raise failure[0] if failure else MemoryError
            return outcome[0]

    return result
