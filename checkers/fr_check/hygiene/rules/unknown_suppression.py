"""An inline suppression that names no rule, or an unknown one.

## What it finds

An inline `fr-check: ignore` without a rule in brackets, or with an id that no checker knows.

## Why it matters

It looks like an excuse and excuses nothing: the finding it was written for is still reported, or, with a mistyped id,
was never the one meant. A directive without a rule would hide everything, and so is not honoured.

## How to fix

Name the rule: `# fr-check: ignore[undocumented-setting] why`. `fr-check rules` lists every id.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix
from fr_check.core.model import Finding, Rule, Severity
from fr_check.core.trouble import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.engine import Hygiene

_SETTINGS = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    # fr-check: ignore[{rule}] injected by the platform
    pod_name: str = ""
"""
BAD = {"apps/backend/src/config.py": _SETTINGS.format(rule="undocumented-settings"), ".env.example": "POD_NAME=\n"}
GOOD = {"apps/backend/src/config.py": _SETTINGS.format(rule="undocumented-setting"), ".env.example": "TZ=UTC\n"}


def check(facts: Hygiene) -> Iterator[Finding]:
    """Yields a finding for each directive that names nothing, or nothing that exists."""
    # Not above: the generator of that file imports every rule, and must be able to mend it.
    from fr_check.core.rule_ids import RULE_IDS  # noqa: PLC0415

    for directive, rule, used in facts.uses:
        if used or rule in facts.judged:
            continue
        if not rule:
            yield RULE.finding(
                "fr-check: ignore",
                "this suppression names no rule and is not honoured",
                help="name the rule: `fr-check: ignore[rule] reason`",
                location=directive.location,
            )
        elif rule not in RULE_IDS:
            yield RULE.finding(
                rule,
                f"this suppression names `{rule}`, which is no rule{did_you_mean(rule, RULE_IDS)}",
                help="correct the id, or delete the directive; `fr-check rules` lists every rule",
                location=directive.location,
            )


def fix(facts: Hygiene, finding: Finding, text_of: TextOf) -> Fix | None:
    """Writes the one id that is within two letters of it."""
    del facts
    from fr_check.core.nearness import within  # noqa: PLC0415 - only where a name is wrong
    from fr_check.core.rule_ids import RULE_IDS  # noqa: PLC0415

    text, span = text_of(finding.location.path), finding.location.span
    near = [rule for rule in sorted(RULE_IDS) if within(rule, finding.subject, 2)]
    if text is None or span is None or len(near) != 1:
        return None
    start = text.string.find(finding.subject, text.offset(span.line, span.column))
    return Fix(UNSAFE, (Edit(text.path, start, start + len(finding.subject), near[0]),)) if start >= 0 else None


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
