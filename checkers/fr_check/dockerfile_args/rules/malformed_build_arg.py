"""An argument is written so that something else is passed or declared.

## What it finds

A line of `build-args` that is a comment (there are none: it is passed as an argument) or no `NAME=value`; a value in
quotes, which become part of it (`URL="https://a"`: the action takes quotes off a whole line only, and so does YAML in
an item of compose's `args`, `- URL="https://a"`); two arguments that
YAML folds into one value because `|` is missing; an input under a name that the action had in its first version; a key
of compose's `args` with `${}` in it, which Compose does not interpolate; an `ARG` whose name begins with a quote; a
comment behind an `ARG`, whose words are declared, too.

## Why it matters

None of these is an error to Docker. The build is green, and the argument that was meant is not there.

## How to fix

Write `build-args: |` with one `NAME=value` a line, and comments above the step; quote only the value of an `ARG`.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.distinct import distinct
from fr_check.sources.build_args import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import Fix, Refused, TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(workflow=("            NEXT", "            # the address\n            NEXT"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at each malformed argument or declaration."""
    for build in facts.builds:
        for found in build.malformed:
            yield RULE.finding(found.subject, found.message, help=found.help, location=found.location)
    for image in facts.images.found.values():
        for instruction in image.dockerfile.instructions if image.judged else ():
            declaring = instruction.trigger or instruction
            for definition in declaring.definitions if declaring.keyword == "ARG" else ():
                # Behind an instruction there are no comments, and the words of one are declared like any other.
                comment = definition.name.startswith("#")
                if comment or not is_name(definition.name.replace(".", "_").replace("-", "_")):
                    yield RULE.finding(
                        definition.name,
                        f"the ARG in `{image.path}` declares `{definition.name}`, which is no name"
                        + (", and every word behind it" if comment else ""),
                        help="put the comment on a line of its own, above the ARG"
                        if comment
                        else 'quote the value only: `ARG NAME="a value"`',
                        location=image.at(definition.name_span),
                    )
                if comment:
                    break


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Moves a comment out of `build-args`, keeps its lines apart with `|`, gives an input its present name."""
    from fr_check.dockerfile_args.fixing import action_inputs  # noqa: PLC0415 - only to cure

    text, span = text_of(finding.location.path), finding.location.span
    of_action = any(found.location == finding.location for build in facts.builds for found in build.malformed)
    if text is None or span is None or not of_action:
        return None
    return action_inputs.mended(text, span, finding.help)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
