"""A submodule pointer goes back: commits that were in are out again.

## What it finds

A pointer that, compared with the base, moved to an ancestor of what it named, or to a commit that has less of the
upstream branch's own line. What is staged is compared with the last commit, too. The finding counts the commits that
are lost and names them. A pointer that was off the branch and is on it now is a repair, and passes.

## Why it matters

`git commit -a`, `git add -u` and a careless rebase record whatever is checked out in the submodule, and that is often
last week's state. The diff is one line of hexadecimal that no reviewer reads, and a fix that was live is gone.

## How to fix

Bring the submodule back to the newer commit and stage it: `git -C PATH checkout NEWER && git add PATH`. To go back on
purpose, say so in a trailer of the commit message, with the commit you go back to and a reason:
`Submodule-Rewind: PATH COMMIT REASON`. The move is then reported as a warning. A trailer for another commit is of no
use. Hooks run before there is a message; there, write the same into the configuration:
`[tool.fr-check.submodule-sync] allow-rewinds = {PATH = ["COMMIT REASON"]}`.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Note, Rule, Severity
from fr_check.core.text import counted
from fr_check.repository.submodules import quote
from fr_check.submodule_sync.pointers.wording import described, short, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts
    from fr_check.submodule_sync.pointers.standing import Change, Pointer

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, base={}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=1, base_pin=2),))
GOOD = Example({}, base={}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, base_pin=1),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each move that loses commits; one that is off the branch is another rule's."""
    for pointer in facts.pointers:
        for change in pointer.changes:
            if change.backward is not True or (change.new.merged is False and change.new.tag is None):
                continue
            where = f" in commit {short(change.at.commit)}" if change.at else ""
            reason = f", on purpose: {change.permission}" if change.permission else ""
            yield RULE.finding(
                pointer.path,
                f"submodule `{pointer.name}` goes back by {counted(change.lost, 'commit')}{where}, from"
                f" {short(change.old)} to {short(change.new.commit)}{_loss(change)}{reason}",
                help=_help(pointer, change, facts.policy_path),
                location=pointer.location,
                notes=list(_notes(change)),
                severity=Severity.WARNING if change.permission else None,
            )


def _notes(change: Change) -> Iterator[Note]:
    for commit in change.sample:
        yield Note(f"lost: {described(commit)}")
    if change.refused:
        yield Note(f"a `Submodule-Rewind` {change.refused}, so it permits nothing here")


def _loss(change: Change) -> str:
    """What is lost, as far as one line holds it: the newest commit by its subject."""
    if not change.sample:
        return ""
    more = f" and {change.lost - 1} more" if change.lost > 1 else ""
    return f', and loses "{subject(change.sample[0])}"{more}'


def _help(pointer: Pointer, change: Change, policy: str | None) -> str:
    if change.permission:
        return "nothing to do: a trailer of the commit message, or `allow-rewinds`, permits it"
    keep = f"run `{pointer.repoint(short(change.old))}` to keep the newer commit"
    if not change.staged:
        trailer = f"Submodule-Rewind: {pointer.name} {short(change.new.commit)} REASON"
        return f"{keep}, or put `{trailer}` into the commit message to go back on purpose"
    file = policy or ".fr-check.toml"
    table = "[tool.fr-check.submodule-sync]" if file.endswith("pyproject.toml") else "[submodule-sync]"
    entry = f'allow-rewinds = {{{_toml_key(pointer.path)} = ["{short(change.new.commit)} REASON"]}}'
    on_purpose = f"put `{entry}` into {table} of {file} and run `git add {quote(file)}` to go back on purpose"
    return f"{keep}, or {on_purpose}{_of_amend(change)}"


def _of_amend(change: Change) -> str:
    """What a hook cannot tell: git gives it no sign of `--amend`, which compares with the commit before."""
    if not change.unpushed:
        return ""
    return (
        "; the last commit, which nobody else has, moved the pointer itself: taking that back with `git commit"
        " --amend` loses nothing, so add `--no-verify`"
    )


def _toml_key(path: str) -> str:
    from json import dumps  # noqa: PLC0415 - only where there is something to report

    bare = path.isascii() and path.replace("-", "").replace("_", "").isalnum()
    return path if bare else dumps(path, ensure_ascii=False)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True)
