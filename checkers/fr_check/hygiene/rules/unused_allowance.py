"""An entry below `allow` that matches no finding, or whose time is over.

## What it finds

An entry of `[tool.fr-check.allow]` whose rule ran and whose subject and path match no finding of this run. Where the
rule did not run, or its checker could not see everything, nothing is said. And an entry whose `until` is past: from the
day after it the entry allows nothing.

## Why it matters

The exception was agreed for a fault that is no longer there. Left in place it silently admits the next one.

## How to fix

Delete the entry, or correct its `subject` or `path` if the thing it means was renamed. An entry that has ended is
deleted once the fault is mended, or given a new `until` by whoever decides about it.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Finding, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.engine import Hygiene

_SETTINGS = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    pod_name: str = ""
"""
_POLICY = '[allow]\nundocumented-setting = [{{subject = "{subject}", reason = "injected by the platform"}}]\n'
BAD = {
    "apps/backend/src/config.py": _SETTINGS,
    ".env.example": "POD_NAME=\n",
    ".fr-check.toml": _POLICY.format(subject="POD_NAME"),
}
GOOD = {
    "apps/backend/src/config.py": _SETTINGS,
    ".env.example": "TZ=UTC\n",
    ".fr-check.toml": _POLICY.format(subject="POD_*"),
}


def check(facts: Hygiene) -> Iterator[Finding]:
    """Yields a finding for each allowance that was not needed."""
    for entry in facts.unused_allowances:
        yield RULE.finding(
            entry.rule,
            f"this allowance of `{entry.rule}` for subject `{entry.subject}`, path `{entry.path}` matches nothing",
            help="delete the entry, or correct its subject or path",
            location=entry.location,
        )
    for entry in facts.ended_allowances:
        yield RULE.finding(
            entry.rule,
            f"this allowance of `{entry.rule}` for `{entry.subject}`, path `{entry.path}`, ended on {entry.until}",
            help="mend what it allowed and delete the entry, or give it a later `until`",
            location=entry.location,
        )


def fix(facts: Hygiene, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the entry out; somebody may have meant another subject or path, or want it for longer."""
    from fr_check.edits.toml import without_entry  # noqa: PLC0415 - only to cure

    del facts
    return without_entry(text_of, finding.location, UNSAFE)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
