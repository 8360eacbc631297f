"""The Python interface: what `fr_check.check` does. It prints nothing, and leaves no process and no file behind."""

from __future__ import annotations

import os
import sys
from threading import Lock

from fr_check.app.command import read_file
from fr_check.app.invocation import Invocation
from fr_check.core.context import Context
from fr_check.core.registry import CHECKERS
from fr_check.core.trouble import Trouble, did_you_mean
from fr_check.repository import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.model import Report

# Processes are ended together, so one check ends before the next begins.
_ONE_AT_A_TIME = Lock()


def check(
    path: str | os.PathLike[str],
    checkers: Sequence[str],
    *,
    staged: bool,
    rev: str | None,
    base: str | None,
    select: Sequence[str],
    ignore: Sequence[str],
    config: str | os.PathLike[str] | None,
) -> Report:
    """See `fr_check.check`."""
    for name in checkers:
        if name not in CHECKERS:
            raise Trouble(f"no checker is called `{name}`{did_you_mean(name, CHECKERS)}", f"use {', '.join(CHECKERS)}")
    invocation = Invocation(
        checkers=tuple(name for name in CHECKERS if name in checkers) or tuple(CHECKERS),
        root=os.fspath(path),
        staged=staged,
        rev=rev,
        base=base,
        select=tuple(select),
        ignore=tuple(ignore),
        config=read_file(os.fspath(config)) if config is not None else None,
    )
    with _ONE_AT_A_TIME:
        interval = sys.getswitchinterval()
        try:
            outcome = invocation.run()
            if isinstance(outcome.world, tuple) and isinstance(outcome.world[0], Context):
                _ = outcome.world[0].base  # git may still be looking for it
            return outcome.report
        finally:
            process.end_all()
            sys.setswitchinterval(interval)
