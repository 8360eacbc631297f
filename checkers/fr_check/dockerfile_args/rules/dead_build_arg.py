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

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
                    help=f"write `ENV {name}=${{{name}}}`, or remove the ARG",
                    location=image.at(binding.definition.name_span),
                    notes=[Note("the ARG", image.at(hidden.name_span))],
                    group=f"ENVs of `{image.path}` that override the ARG of their name with a fixed value",
                )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
