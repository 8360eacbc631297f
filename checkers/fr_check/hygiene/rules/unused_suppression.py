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

from fr_check.core.edits import SAFE, Edit, Fix
from fr_check.core.model import Finding, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
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


def fix(facts: Hygiene, finding: Finding, text_of: TextOf) -> Fix | None:
    """Takes the id out of the directive, or the whole comment where it was the only one."""
    from fr_check.edits.lines import delete_lines  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    span = finding.location.span
    directive = next((use.directive for use in facts.uses if use.directive.location == finding.location), None)
    if text is None or span is None or directive is None:
        return None
    start, end = text.offsets(span)
    left = [rule for rule in directive.rules if rule != finding.subject]
    if left:
        opening = text.string.index("[", start)
        return Fix(SAFE, (Edit(text.path, opening + 1, text.string.index("]", opening), ", ".join(left)),))
    before = text.line(span.line)[: span.column - 1]
    after = text.line(span.end_line)[span.end_column - 1 :]
    if not before.strip() and after.strip():
        return Fix(SAFE, (Edit(text.path, start, end + len(after) - len(after.lstrip()), ""),))
    if not before.strip():
        return Fix(SAFE, (delete_lines(text, span.line, span.line),))
    return Fix(SAFE, (Edit(text.path, start - (len(before) - len(before.rstrip())), end, ""),))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
