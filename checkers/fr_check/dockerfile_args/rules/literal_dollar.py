"""A build argument is passed with a dollar sign in it that nothing will replace.

## What it finds

A build argument whose value holds a variable reference as plain text: `$${NAME}` in compose, where `$$` stands for a
dollar; `$NAME` or `${NAME}` in the `build-args` of an action, which no shell ever sees; a quoted `'$NAME'` in a
command.

## Why it matters

The reference arrives in the image as it is written: the page fetches from `${NEXT_PUBLIC_API_URL}/users`.

## How to fix

Write `${NAME}` with one dollar in compose, `${{ vars.NAME }}` or `${{ env.NAME }}` in a workflow.
"""

from __future__ import annotations

from fr_check.builds import wiring
from fr_check.builds.model import BAKE
from fr_check.core.model import Finding, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("${NEXT_PUBLIC_API_URL:-}", "$${NEXT_PUBLIC_API_URL}"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the dollar, or at the argument's name."""
    for build in facts.builds:
        if build.place == BAKE:
            continue  # bake replaces `${X}` itself
        for name, passed in build.passed.items():
            text = wiring.literal_reference(passed)
            if text is None:
                continue
            yield RULE.finding(
                name,
                f"the {build.what} passes the text `{text.name}` as `{name}`: nothing replaces it",
                help=text.help,
                location=text.location,
            )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
