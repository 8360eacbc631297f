"""A public variable is declared, passed or documented, and nothing reads it.

## What it finds

A public variable that stands in a Dockerfile, a compose file, a workflow or an example file and that no source of any
frontend reads, nor any other code mentions. Tests do not count.

## Why it matters

Left-overs of a removed feature are set up, rotated and debugged as if they did something; and a misspelt name looks
like one.

## How to fix

Remove it from the places that the finding names, or read it.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import Fix, Refused, TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(example=("NEXT_PUBLIC_API_URL=\n", "NEXT_PUBLIC_API_URL=\nNEXT_PUBLIC_OLD_FLAG=\n"))
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields one finding a variable, with all its places."""
    for orphan in facts.orphans:
        what, location = orphan.places[0]
        others = " here and in the other places" if orphan.notes else ""
        yield RULE.finding(
            orphan.name,
            f"`{orphan.name}` is {what}, and nothing reads it",
            help=f"remove `{orphan.name}`{others}, or read it in the frontend",
            location=location,
            notes=orphan.notes,
            group=f"public variables that {location.path} has, and nothing reads",
        )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the variable out of all its places together; a read that is yet to be written would need them again."""
    from fr_check.dockerfile_args.fixing import orphan  # noqa: PLC0415 - only to cure

    return orphan.removed(facts, finding.subject, text_of)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
