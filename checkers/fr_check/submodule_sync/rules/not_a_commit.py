"""A submodule pointer names an object that is no commit.

## What it finds

A pointer to an annotated tag object, a tree or a blob.

## Why it matters

`git submodule update` peels a tag and seems to work, but the checkout then never equals the pointer: the submodule is
shown as changed for ever, and every `commit -a` records something else.

## How to fix

Point to the commit itself: `git -C PATH checkout COMMIT && git add PATH`.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.submodule_sync.pointers.wording import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin="tag:2", checkout=2),))
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each pointer to something else."""
    for pointer in facts.pointers:
        kind = pointer.standing.kind if pointer.standing else None
        if kind in {None, "commit"}:
            continue
        meant = short(pointer.standing.peeled) if pointer.standing and pointer.standing.peeled else "COMMIT"
        yield RULE.finding(
            pointer.path,
            f"submodule `{pointer.name}` points to {short(pointer.commit)}, which is a {kind} and no commit",
            help=f"run `{pointer.repoint(meant)}`",
            location=pointer.location,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
