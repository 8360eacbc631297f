"""A submodule pointer is in conflict.

## What it finds

A pointer that a merge, rebase or cherry-pick left with several versions in the index. None of them is judged: which
one stands is not decided yet.

## Why it matters

`git add` of the path records whatever is checked out, which is neither side's pointer but a third one by accident.

## How to fix

Check out in the submodule the commit that should win, usually the newer of both or one that contains both, and
`git add PATH`.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.repository.submodules import quote
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example(
    {}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=1, conflict="side:0", side=({"VERSION": "2-rc\n"},)),)
)
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields one finding for each pointer in conflict."""
    for path in facts.unmerged:
        quoted = quote(path)
        yield RULE.finding(
            path,
            f"the pointer of submodule `{one_line(path)}` is in conflict: the index holds several commits for it",
            help=f"run `git -C {quoted} checkout COMMIT && git add {quoted}` with the commit that should win",
            location=facts.registered.location(path),
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
