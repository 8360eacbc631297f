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
from fr_check.builds.model import BAKE, COMPOSE
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

BAD = samples.project(compose=("${NEXT_PUBLIC_API_URL:-}", "$${NEXT_PUBLIC_API_URL}"))
GOOD = samples.FILES


_REFERENCE = pattern(
    r"\$(?P<dollar>\$?)(?:\{(?P<name>[A-Za-z_]\w*)(?P<rest>(?::?[-+?][^{}]*)?)\}|(?P<bare>[A-Za-z_]\w*))"
)


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


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes the reference as what reads the file replaces it; in a command its quotes are left to their author."""
    text, span = text_of(finding.location.path), finding.location.span
    builds = [one for one in facts.builds if one.path == finding.location.path and finding.subject in one.passed]
    if text is None or span is None or not builds:
        return None
    if builds[0].what.startswith("command"):
        return Refused("the quotes of a command are left to its author")
    start, end = text.offset(span.line, span.column), text.offset(span.line) + len(text.line(span.line))
    found = _REFERENCE.search(text.string, start, end)
    if found is None or (builds[0].place != COMPOSE and (found["rest"] or found["dollar"])):
        return Refused("the reference is written in a way that is left to its author")
    name = found["name"] or found["bare"]
    if builds[0].place == COMPOSE:
        return Fix(UNSAFE, (Edit(text.path, found.start(), found.end(), f"${{{name}{found['rest'] or ':-'}}}"),))
    remains = f"`gh variable set {name}`, if the repository has no such variable"
    return Fix(UNSAFE, (Edit(text.path, found.start(), found.end(), f"${{{{ vars.{name} }}}}"),), remains)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
