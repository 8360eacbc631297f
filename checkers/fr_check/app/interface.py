"""The Python interface: what `fr_check.check` does. It prints nothing, and leaves no process and no file behind."""

from __future__ import annotations

import os
import sys
from threading import Lock

from fr_check.app.command import read_file
from fr_check.app.invocation import Invocation
from fr_check.app.options import rule_names
from fr_check.core.registry import CHECKERS
from fr_check.core.trouble import Trouble, did_you_mean
from fr_check.repository import background, process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.model import Report

# Processes are ended together, so one check ends before the next begins.
_ONE_AT_A_TIME = Lock()


def check(
    path: str | os.PathLike[str],
    checkers: str | Sequence[str],
    *,
    staged: bool,
    rev: str | None,
    base: str | None,
    select: str | Sequence[str],
    ignore: str | Sequence[str],
    config: str | os.PathLike[str] | None,
) -> Report:
    """See `fr_check.check`."""
    for name in (checkers := _listed(checkers)):
        if name not in CHECKERS:
            raise Trouble(f"no checker is called `{name}`{did_you_mean(name, CHECKERS)}", f"use {', '.join(CHECKERS)}")
    invocation = Invocation(
        checkers=tuple(name for name in CHECKERS if name in checkers) or tuple(CHECKERS),
        root=os.fspath(path),
        staged=staged,
        rev=rev,
        base=base,
        select=_rules(select),
        ignore=_rules(ignore),
        config=read_file(os.fspath(config)) if config is not None else None,
    )
    with _ONE_AT_A_TIME:
        interval = sys.getswitchinterval()
        try:
            return invocation.run().report
        finally:
            background.wait_for_all()  # git may still be looking for the base
            process.end_all()
            sys.setswitchinterval(interval)


def _listed(names: str | Sequence[str]) -> tuple[str, ...]:
    """The names; a text is the one name that it is, as of an option, and not a list of letters."""
    return rule_names((names,) if isinstance(names, str) else names)


def _rules(names: str | Sequence[str]) -> tuple[str, ...]:
    """The rules that are named.

    Raises:
        Trouble: there is no such rule.
    """
    rules = _listed(names)
    if rules:
        from fr_check.core.rule_ids import RULE_IDS  # noqa: PLC0415 - only to check a name
        from fr_check.core.selection import unknown_names  # noqa: PLC0415

        for name in unknown_names(rules):
            near = did_you_mean(name, {*RULE_IDS, *CHECKERS})
            raise Trouble(f"unknown rule `{name}`{near}", "`fr-check rules` lists every rule")
    return rules
