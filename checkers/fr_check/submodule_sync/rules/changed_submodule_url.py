"""A submodule comes from another repository than before.

## What it finds

An entry of `.gitmodules` whose `url`, compared with the base, names another repository. Another way of writing the same
address (`https` or `ssh`, with or without `.git`) is none.

## Why it matters

A pointer may be valid in a fork and mean something else there. Whoever controls the new address controls what everybody
checks out from now on.

## How to fix

Put the former address back, or, if the move is meant, allow the finding with a reason; everyone then has to run
`git submodule sync`.

## What `--fix` does

Nothing: whether the new address is to be trusted is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.sources.remote_url import without_password
from fr_check.submodule_sync.pointers.registration import same_repository
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
_OURS, _THEIRS = "https://github.com/example/infra", "https://github.com/somebody/infra.git"
BAD = Example({}, base={}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, base_url=_OURS, url=_THEIRS),))
GOOD = Example(
    {}, base={}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, base_url=_OURS, url=f"{_OURS.lower()}.git/"),)
)


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each address that names another repository than at the base."""
    for urls in facts.urls:
        if not urls.before or not urls.declared or same_repository(urls.before, urls.declared):
            continue
        yield RULE.finding(
            urls.path,
            f"submodule `{one_line(urls.path)}` now comes from {without_password(urls.declared)}, no longer from"
            f" {without_password(urls.before)}",
            help="put the former address back, or allow this finding with a reason and tell everyone to run"
            " `git submodule sync`",
            location=facts.registered.location(urls.path, "url"),
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True)
