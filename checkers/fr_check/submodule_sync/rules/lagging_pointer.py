"""A submodule pointer is further behind its upstream than the policy allows.

## What it finds

A pointer that lacks more commits of the upstream branch than `max-behind` says. Without that setting nothing is
reported; `--facts` shows the number. With `paths` configured, the newest missing commits that touch them are named.

## Why it matters

The longer a pointer stays, the more comes in with the next bump, and the less of it anyone looks at.

## How to fix

Bump the pointer: `git -C PATH checkout origin/BRANCH && git add PATH`. `fr-check submodule-sync --log` lists what comes
in.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Note, Rule, Severity
from fr_check.core.text import counted
from fr_check.repository.history import Branch
from fr_check.submodule_sync.pointers.wording import described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
_POLICY = {".fr-check.toml": "[submodule-sync]\nmax-behind = 1\n"}
BAD = Example(_POLICY, submodules=(ExampleSubmodule("infra", _HISTORY, pin=0),))
GOOD = Example(_POLICY, submodules=(ExampleSubmodule("infra", _HISTORY, pin=1),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each pointer past the limit."""
    for pointer in facts.pointers:
        behind = pointer.standing.behind if pointer.standing else None
        if not isinstance(pointer.max_behind, int) or behind is None or not isinstance(pointer.branch, Branch):
            continue
        name = pointer.branch.name
        yield RULE.finding(
            pointer.path,
            f"submodule `{pointer.name}` is {counted(behind, 'commit')} behind `{name}` of its upstream;"
            f" the policy allows {pointer.max_behind}",
            help=f"run `{pointer.repoint(f'origin/{name}')}`, or raise `max-behind`",
            location=pointer.location,
            notes=[Note(f"not in yet: {described(commit)}") for commit in pointer.waiting],
        )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
