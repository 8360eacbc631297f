"""A submodule pointer has no entry in .gitmodules.

## What it finds

A pointer whose path no section of `.gitmodules` names: usually a clone that was added to the repository with `git add`.

## Why it matters

Nobody else gets the content: git does not know where to fetch it from. `git submodule status` stops at it with an
error, for every other submodule too.

## How to fix

Register it with `git submodule add URL PATH`, or remove it with `git rm --cached PATH` and ignore the folder.

## What `--fix` does

Nothing: which address the submodule is fetched from is not known, and `--fix` takes no pointer out of the index.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.repository.submodules import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, registered=False),))
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each pointer without an entry that never had one."""
    entries = facts.registered.by_path()
    if facts.registered.broken:
        return  # What cannot be read may well be there.
    for pointer in facts.pointers:
        if pointer.path in entries or facts.was_submodule(pointer.path):
            continue
        path = quote(pointer.path)
        yield RULE.finding(
            pointer.path,
            f"`{pointer.name}` is a submodule pointer without an entry in .gitmodules, so nobody can fetch what it"
            " names",
            help=f"run `git submodule add URL {path}`, or `git rm --cached {path}` if it was added by accident",
            location=pointer.location,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
