"""A public variable is filled from another public variable.

## What it finds

A public build argument whose whole value is a reference to another public variable, and not to its own:
`NEXT_PUBLIC_X: ${NEXT_PUBLIC_Y}` in compose, `NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_Y }}` in a workflow. A value from a
variable that is not public, or one that is part of a longer text, is no fault. It is information where
the examples that document the other variable do not know this one: then one value is meant for both.

## Why it matters

It is what copying a line and changing half of it leaves behind: both variables get one value, and the page talks to
the wrong place.

## How to fix

Refer to the variable of the same name. If one value is meant for both, allow the finding with the reason.
"""

from __future__ import annotations

from fr_check.builds import wiring
from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Finding, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("${NEXT_PUBLIC_API_URL:-}", "${NEXT_PUBLIC_APP_URL:-}"))
GOOD = samples.FILES

_NAME = pattern(r"\w+")


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the reference."""
    for build in facts.builds:
        for name, passed in build.passed.items():
            other = wiring.lone_reference(passed) if facts.public(name) else None
            if other is None or other.name == name or not facts.public(other.name):
                continue
            told = [names for names in facts.documented.files.values() if other.name in names]
            yield RULE.finding(
                name,
                f"the {build.what} fills `{name}` from `{other.name}`",
                help=f"refer to `{name}` itself, or allow this with the reason",
                location=other.location,
                severity=Severity.INFO if told and not any(name in names for names in told) else None,
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Refers to the variable of the argument's own name."""
    text, span = text_of(finding.location.path), finding.location.span
    every = [(name, passed) for build in facts.builds for name, passed in build.passed.items()]
    others = [wiring.lone_reference(passed) for name, passed in every if name == finding.subject]
    other = next((one for one in others if one is not None and one.location == finding.location), None)
    if text is None or span is None or other is None:
        return None
    start = text.offset(span.line, span.column)
    # Of a workflow's argument the place is that of its name: the reference stands behind it.
    end = text.offset(span.line) + len(text.line(span.line))
    found = [one for one in _NAME.finditer(text.string, start, end) if one[0] == other.name]
    at = found[0].start() if len(found) == 1 else -1
    before = text.string[start:at]
    if at < 0 or (before and not before.endswith((".", "{"))):
        return Refused("the reference is written in a way that is left to its author")
    return Fix(UNSAFE, (Edit(text.path, at, at + len(other.name), finding.subject),))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
