"""A submodule is not initialised, so nothing in it can be judged.

## What it finds

A pointer whose repository is nowhere here: not in the working tree, and not kept below `.git/modules` either. It is
reported as unknown (exit status 3), never as clean.

## Why it matters

Where the pointer leads, and every file below it that other checkers compare with, cannot be read. A check that passes
without having looked is worse than none.

## How to fix

`git submodule update --init -- PATH`; in CI, check out with `submodules: true` and `fetch-depth: 0`. Where that is not
possible (pre-commit.ci without `submodules: true`), pass `--allow-unknown`.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Rule, Severity, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, checkout="none"),))
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Unknown]:
    """Yields what the loader said could not be known for this reason."""
    for unknown in facts.unknowns:
        if unknown.reason == "uninitialised-submodule":
            yield unknown


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
