"""A clone fetches a submodule from elsewhere than .gitmodules says.

## What it finds

A submodule whose `url` in the local configuration, or whose own `origin`, names another repository than `.gitmodules`.
Ways of writing one address do not count. A path on this disk, where `.gitmodules` names a server, is somebody's mirror.

## Why it matters

After a repository has moved, old clones go on fetching from where it was: a pointer that is fine for everyone else is
missing here, and what is pushed from here is missing for everyone else.

## How to fix

`git submodule sync -- PATH` copies the address from `.gitmodules` to both places.

## What `--fix` does

Nothing: the address stands in the clone's own configuration, and `--fix` never writes to git.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.repository.submodules import quote
from fr_check.sources.remote_url import without_password
from fr_check.submodule_sync.pointers.registration import on_disk, same_repository
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
_OURS, _FORMER = "https://github.com/example/infra", "git@github.com:former/infra.git"
BAD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, url=_OURS, configured_url=_FORMER),))
GOOD = Example(
    {},
    submodules=(
        ExampleSubmodule("infra", _HISTORY, pin=2, url=_OURS, configured_url="git@github.com:example/infra.git"),
    ),
)


def check(facts: Facts) -> Iterator[Finding]:
    """Yields one finding for each submodule that is fetched from elsewhere."""
    here = {pointer.path for pointer in facts.pointers}
    for urls in facts.urls:
        if urls.path not in here or urls.declared is None:
            continue
        if urls.before is not None and not same_repository(urls.before, urls.declared):
            continue  # An address that changed since the base is another rule's: no clone can have it yet.
        places = (("the local configuration", urls.configured), ("its own remote", urls.remote))
        wrong = [(place, without_password(url)) for place, url in places if url and _elsewhere(urls.declared, url)]
        if wrong:
            says = " and ".join(f"{place} says {url}" for place, url in wrong)
            yield RULE.finding(
                urls.path,
                f"submodule `{one_line(urls.path)}` comes from {without_password(urls.declared)} by .gitmodules,"
                f" but {says}",
                help=f"run `git submodule sync -- {quote(urls.path)}`",
                location=facts.registered.location(urls.path, "url"),
            )


def _elsewhere(declared: str, url: str) -> bool:
    mirror = on_disk(url) and not on_disk(declared)
    return not mirror and not same_repository(declared, url)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
