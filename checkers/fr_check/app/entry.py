"""The entry of `fr-check` and of `python -m fr_check`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from functools import partial

from fr_check.app import ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def run() -> NoReturn:
    """Runs the command line without the cycle collector, and ends the process at once.

    A run is short and keeps nearly all it allocates: looking for cycles costs up to a quarter of it and finds none, so
    it is switched off before anything is imported. Taking a hundred thousand objects down one by one at the end frees
    what the system takes back anyway: all that is left to do is to write out what was printed.
    """
    gc.disable()
    try:
        ending.install()
        status = _status()
        for stream in (sys.stdout, sys.stderr):
            # A stream may be closed (`>&-`); what cannot be written was said to be so when it was tried first.
            with suppress(AttributeError, OSError):
                stream.flush()
        ending.leave()
    except (MemoryError, SystemError):  # CPython's word for an error that it had no room to make
        status = _starved()
    except Exception as error:  # noqa: BLE001 - a traceback would end with the status that says "findings"
        from fr_check.app.mishap import confess  # noqa: PLC0415 - for this alone

        status = confess(error)
    os._exit(status)


def _starved() -> int:
    """Says in words that are there already that there is no memory, not even to say so in others."""
    ending.make_room()
    with suppress(OSError):
        os.write(2, b"fr-check: there is not enough memory\n")
    return 2


def _status() -> int:
    try:
        from fr_check.app import arguments  # noqa: PLC0415 - after the collector was switched off

        words = sys.argv[1:]
        plain = arguments.read(words)
        if plain is None:
            from fr_check.app.cli import main  # noqa: PLC0415 - click only where it is needed

            main(words)
        else:
            from fr_check.app import command  # noqa: PLC0415

            checkers, options = plain
            work = partial(command.check, checkers) if checkers else partial(command.answer, words[0])
            return command.guarded(partial(work, options))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        # command.STATUS_INTERRUPTED, which may not be imported yet.
        return 130
    except (OSError, ImportError) as error:
        # So little of something that not even the program itself could be read.
        with suppress(AttributeError, OSError):
            sys.stderr.write(f"fr-check: it cannot start: {getattr(error, 'strerror', None) or error}\n")
        return 2
