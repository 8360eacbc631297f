"""A submodule pointer names a commit that is not merged upstream.

## What it finds

A pointer to a commit that the upstream branch does not contain. The branch is the one `.gitmodules` names, else the one
the configuration names, else the upstream's default branch; all as of the last fetch, or with `--online` as of now.
Which branch is the default, a clone notes once, and `git -C PATH remote set-head origin BRANCH` makes it another: write
`branch` where that must not decide, or run with `--online`, which asks the address in `.gitmodules`.
Tags admitted by `allow-tags` may stand off the branch.

## Why it matters

Where pull requests are squashed, the commit of a pull request never becomes part of the branch. It is gone for everyone
else when the pull request's branch is deleted, and until then the superproject runs what nobody merged.

## How to fix

Push and merge the submodule's change first, then point to the merged commit. If a commit of the branch has the same
tree, the finding names it: point to that.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Note, Rule, Severity
from fr_check.core.text import counted
from fr_check.repository.history import Branch
from fr_check.repository.submodules import quote
from fr_check.submodule_sync.pointers.wording import described, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts
    from fr_check.submodule_sync.pointers.standing import Change, Pointer, Standing

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
_SIDE = ({"VERSION": "2-rc\n"},)
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin="side:0", side=_SIDE),))
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, side=_SIDE),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each commit a pointer names, or named on the way, that is not on the branch."""
    for pointer in facts.pointers:
        named = {change.new.commit: change for change in reversed(pointer.changes)}
        standings = dict.fromkeys((pointer.standing, *(change.new for change in pointer.changes)))
        for standing in standings:
            if standing is None or standing.kind != "commit" or standing.merged is not False or standing.tag:
                continue
            yield _finding(pointer, standing, named.get(standing.commit))


def _finding(pointer: Pointer, standing: Standing, change: Change | None) -> Finding:
    branch = pointer.branch.name if isinstance(pointer.branch, Branch) else "the branch"
    where = f" in commit {short(change.at.commit)}" if change is not None and change.at else ""
    listed = ", ".join(f"`{name}`" for name in standing.branches[:3])
    elsewhere = f", only on {listed}" if listed else ", nor on any other branch"
    notes = []
    if change is not None and change.backward is True:
        notes.append(Note(f"besides, it goes back by {counted(change.lost, 'commit')} from {short(change.old)}"))
        notes += [Note(f"lost: {described(commit)}") for commit in change.sample]
    if not pointer.asked and isinstance(pointer.branch, Branch):
        fetch = f"git -C {quote(pointer.path)} fetch origin"
        notes.append(
            Note(f"in this clone `{branch}` ends at {short(pointer.branch.tip)}; `{fetch}` brings what came later")
        )
    return RULE.finding(
        pointer.path,
        f"submodule `{pointer.name}` points{where} to {short(standing.commit)}, which is not on `{branch}` of its"
        f" upstream{elsewhere}",
        help=_help(pointer, standing, branch),
        location=pointer.location,
        notes=notes,
    )


def _help(pointer: Pointer, standing: Standing, branch: str) -> str:
    if standing.twin:
        repin = f"run `{pointer.repoint(short(standing.twin))}`"
        return f"re-pin to {short(standing.twin)}, the commit of `{branch}` with the same tree: {repin}"
    return f"push and merge the commit into `{branch}` first, then point to the merged commit"


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
