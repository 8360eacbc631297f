"""A submodule's checkout has changes that no pointer can record.

## What it finds

Changed or untracked files in the working tree of a submodule. Files are compared without running filters.

## Why it matters

The superproject records a commit of the submodule, never its uncommitted files: what works here is missing for
everyone else.

## How to fix

Commit the changes in the submodule, push and merge them, and point to the merged commit; or discard them.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.repository.submodules import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, dirty={"VERSION": "mine\n"}),))
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each checkout with changes."""
    for pointer in facts.pointers:
        if pointer.checkout is None:
            continue
        changed, untracked = len(pointer.checkout.changed), len(pointer.checkout.untracked)
        parts = [
            text for number, text in ((changed, f"{changed} changed"), (untracked, f"{untracked} untracked")) if number
        ]
        if parts:
            yield RULE.finding(
                pointer.path,
                f"submodule `{pointer.name}` has {' and '.join(parts)} file{'s' * (changed + untracked > 1)} in its"
                " checkout, which the superproject cannot record",
                help=f"run `git -C {quote(pointer.path)} status`, and commit or discard them",
                location=pointer.location,
            )


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD)
