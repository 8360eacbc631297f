"""A submodule's checkout is not at the commit that is recorded.

## What it finds

A submodule in the working tree whose checked-out commit differs from the pointer in the index. The finding says what
`git commit -a` would do to the pointer.

## Why it matters

Everything that runs here runs another version than the one recorded, and the next `git commit -a` records what is
checked out: a rewind, if that is older.

## How to fix

`git submodule update PATH` to check out what is recorded, or `git add PATH` to record what is checked out.

## What `--fix` does

Nothing: `--fix` never writes to git, neither to pointers nor to checkouts; the help shows the command.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.core.text import counted
from fr_check.repository.submodules import quote
from fr_check.submodule_sync.pointers.wording import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts
    from fr_check.submodule_sync.pointers.standing import Checkout

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, checkout=0),))
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, checkout=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each checkout that is elsewhere."""
    for pointer in facts.pointers:
        checkout = pointer.checkout
        if checkout is None or checkout.commit == pointer.commit:
            continue
        if pointer.standing is not None and pointer.standing.kind not in {None, "commit"}:
            continue  # No checkout can equal such a pointer: not-a-commit says so.
        path = quote(pointer.path)
        yield RULE.finding(
            pointer.path,
            f"submodule `{pointer.name}` is checked out at {short(checkout.commit)}, not at the recorded"
            f" {short(pointer.commit)}: `git commit -a` {_effect(checkout)}",
            help=_help(path, here=pointer.standing is None or pointer.standing.kind is not None),
            location=pointer.location,
        )


def _help(path: str, *, here: bool) -> str:
    """What to do about it; `here` says whether the recorded commit is in the clone, so that it can be checked out."""
    record = f"`git add {path}` to record what is checked out"
    if here:
        return f"run `git submodule update -- {path}` to check out what is recorded, or {record}"
    return (
        f"run `git -C {path} fetch origin`; if that does not bring the recorded commit, nobody has pushed it: have it"
        f" pushed, or run {record}"
    )


def _effect(checkout: Checkout) -> str:
    lost, gained = checkout.lost, checkout.gained
    if not isinstance(lost, int) or not isinstance(gained, int):
        return "would move the pointer"
    if not lost:
        return f"would move the pointer forward by {counted(gained, 'commit')}"
    if not gained:
        return f"would rewind by {counted(lost, 'commit')}"
    return f"would drop {counted(lost, 'commit')} and add {gained}"


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
