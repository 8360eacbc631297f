"""A submodule pointer names a commit that its upstream does not have.

## What it finds

With `--online`: a pointer to a commit that neither the upstream's branch contains nor the upstream can send; the
pointers that a submodule has at that commit are asked for at their own upstreams, where the clone here has the commit.
Without `--online` a commit that is not in the local clone may only be newer than the last fetch, and is reported as
unknown.

## Why it matters

Nobody who clones the superproject can check the submodule out: `fatal: remote error: upload-pack: not our ref`. The
commit was never pushed, or its branch was force-pushed or deleted.

## How to fix

Push the commit if somebody still has it, and merge it; else point to a commit of the upstream branch:
`git -C PATH checkout origin/BRANCH && git add PATH`.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.repository.history import Branch
from fr_check.submodule_sync.pointers.wording import one_line, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin="gone", checkout=2),), online=True)
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),), online=True)


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each pointer that the upstream, when asked, did not know."""
    for pointer in facts.pointers:
        for path, commit in pointer.lost:
            inside = one_line(f"{pointer.path}/{path}")
            yield RULE.finding(
                inside,
                f"submodule `{inside}`, which submodule `{pointer.name}` has at {short(pointer.commit)}, points to"
                f" {short(commit)}, which its upstream does not send: `git clone --recurse-submodules` fails",
                help=f"mend the pointer in the repository of `{pointer.name}`, then point to the commit that does",
                location=pointer.location,
            )
        if not pointer.asked or pointer.standing is None or pointer.standing.kind is not None:
            continue
        branch = pointer.branch.name if isinstance(pointer.branch, Branch) else "HEAD"
        yield RULE.finding(
            pointer.path,
            f"submodule `{pointer.name}` points to {short(pointer.commit)}, which is not on `{branch}` of its upstream"
            " and which the upstream does not send either",
            help=f"push that commit and merge it, or run `{pointer.repoint(f'origin/{branch}')}`",
            location=pointer.location,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
