"""An inline suppression that suppresses nothing.

## What it finds

An inline `fr-check: ignore[rule]` whose rule ran and reported nothing at that place. Where the rule did not run, or
its checker could not see everything, nothing is said.

## Why it matters

The fault it excused is gone, but the excuse stays and will hide the next one. A reader cannot tell the two apart.

## How to fix

Delete the directive, or the one rule id that is no longer needed.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.engine import Hygiene

_SETTINGS = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False{directive}
"""
BAD = {
    "apps/backend/src/config.py": _SETTINGS.format(directive="  # fr-check: ignore[undocumented-setting] for tests"),
    ".env.example": "DEBUG=false\n",
}
GOOD = {"apps/backend/src/config.py": _SETTINGS.format(directive=""), ".env.example": "DEBUG=false\n"}


def check(facts: Hygiene) -> Iterator[Finding]:
    """Yields a finding for each rule a directive names in vain."""
    for directive, rule, used in facts.uses:
        if not used and rule in facts.judged:
            yield RULE.finding(
                rule,
                f"this suppression of `{rule}` suppresses nothing",
                help=f"delete `{rule}` from the directive; the fault it excused is gone",
                location=directive.location,
            )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
