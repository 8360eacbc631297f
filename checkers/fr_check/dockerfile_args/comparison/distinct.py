"""One finding for one fault, though several sets of compose files hold the same service."""

from __future__ import annotations

from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from fr_check.core.model import Finding, Unknown
    from fr_check.dockerfile_args.facts import Facts

    Item = TypeVar("Item", bound=Finding | Unknown)


def distinct(check: Callable[[Facts], Iterator[Item]]) -> Callable[[Facts], Iterator[Item]]:
    """Wraps a rule's check: of several results at one place about one subject the first stays."""

    @wraps(check)
    def wrapped(facts: Facts) -> Iterator[Item]:
        seen: set[tuple[object, str]] = set()
        for item in check(facts):
            key = (item.location, item.subject)
            if key not in seen:
                seen.add(key)
                yield item

    return wrapped
