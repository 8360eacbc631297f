"""An ENV with a fixed value hides the ARG of the same name.

## What it finds

An `ENV` that sets a variable to a value which does not hang on the `ARG` of the same name above it, before anything
could use the argument: for public variables, and for arguments that some build passes.

## Why it matters

In BuildKit the later line wins. Whatever a build passes is overridden by the fixed value, in every environment.

## How to fix

Write `ENV NAME=${NAME}` (or `${NAME:-default}`), or remove the `ARG` and what is passed for it.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(dockerfile=("=${NEXT_PUBLIC_API_URL}", "=https://api.example.org"))
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the ENV."""
    passed: dict[str, set[str]] = {}
    for build in facts.builds:
        passed.setdefault(build.key, set()).update(build.passed)
    for key, image in facts.images.found.items():
        for stage in image.dockerfile.stages if image.judged else ():
            for name, binding in image.scopes.at(stage.number).items():
                hidden = binding.overridden
                own = binding.instruction.stage == stage.number
                if hidden is None or not own or not (facts.public(name) or name in passed.get(key, ())):
                    continue
                if image.used_between(name, hidden, binding.instruction):
                    continue
                yield RULE.finding(
                    name,
                    f"`ENV {name}` of `{image.path}` overrides the ARG of that name with a fixed value:"
                    " what a build passes is lost",
                    help=f"write `ENV {name}={_defaulted(name, binding.definition.value)}`, or remove the ARG",
                    location=image.at(binding.definition.name_span),
                    notes=[Note("the ARG", image.at(hidden.name_span))],
                    group=f"ENVs of `{image.path}` that override the ARG of their name with a fixed value",
                )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Makes the fixed value the default of the argument: `ENV NAME=${NAME:-old}`."""
    text = text_of(finding.location.path)
    images = [one for one in facts.images.found.values() if one.path == finding.location.path and one.inline is None]
    if text is None or not images:
        return None
    definitions = [one for i in images[0].dockerfile.instructions if i.keyword == "ENV" for one in i.definitions]
    found = next((one for one in definitions if text.at(one.name_span) == finding.location), None)
    value = found.value if found is not None else None
    if found is None or value is None:
        return None
    end = text.offset(found.span.end_line, found.span.end_column)
    if text.string[end - len(value) : end] != value:
        return Refused("the value stands on several lines")
    default = _defaulted(finding.subject, value)
    if ":-" not in default and value.strip("\"'"):
        return Refused("the value has signs that a default in braces would not keep")
    return Fix(UNSAFE, (Edit(text.path, end - len(value), end, default),))


def _defaulted(name: str, value: str | None) -> str:
    """The argument with a fixed value as its default, in its quotes; without one where braces do not keep it."""
    value = value or ""
    quote = value[0] if value[:1] in {'"', "'"} and value[-1:] == value[:1] and len(value) > 1 else ""
    inside = value[1:-1] if quote else value
    if not inside or any(sign in inside for sign in "${}\\\"'") or (not quote and " " in inside):
        return f"${{{name}}}"
    sign = '"' if quote else ""
    return f"{sign}${{{name}:-{inside}}}{sign}"


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
