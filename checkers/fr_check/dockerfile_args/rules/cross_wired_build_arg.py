"""A public variable is filled from another public variable.

## What it finds

A public build argument whose whole value is a reference to another public variable, and not to its own:
`NEXT_PUBLIC_X: ${NEXT_PUBLIC_Y}` in compose, `NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_Y }}` in a workflow. A value from a
variable that is not public, or one that is part of a longer text, is no fault.

## Why it matters

It is what copying a line and changing half of it leaves behind: both variables get one value, and the page talks to
the wrong place.

## How to fix

Refer to the variable of the same name. If one value is meant for both, allow the finding with the reason.
"""

from __future__ import annotations

from fr_check.builds import wiring
from fr_check.core.model import Finding, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("${NEXT_PUBLIC_API_URL:-}", "${NEXT_PUBLIC_APP_URL:-}"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the reference."""
    for build in facts.builds:
        for name, passed in build.passed.items():
            other = wiring.lone_reference(passed) if facts.public(name) else None
            if other is None or other.name == name or not facts.public(other.name):
                continue
            yield RULE.finding(
                name,
                f"the {build.what} fills `{name}` from `{other.name}`",
                help=f"refer to `{name}` itself, or allow this with the reason",
                location=other.location,
            )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
