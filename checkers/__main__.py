"""The entry of `fr-check` and of `python -m checkers`."""

from __future__ import annotations

import gc


def run() -> None:
    """Runs the command line without the cycle collector.

    A run is short and keeps nearly all it allocates: looking for cycles costs up to a quarter of it and finds none. It
    is switched off before anything is imported, and what is left at exit is not looked through either.
    """
    gc.disable()
    try:
        from checkers.cli import main  # noqa: PLC0415 - after the line above

        main()
    except KeyboardInterrupt:
        # cli.STATUS_INTERRUPTED, which may not be imported yet.
        raise SystemExit(130) from None
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
