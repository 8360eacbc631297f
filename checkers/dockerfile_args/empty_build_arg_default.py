"""Compose passes an empty value that hides the default of the Dockerfile.

## What it finds

A compose argument `NAME: ${OTHER:-}`, `${OTHER-}` or `${OTHER}` whose stage in the Dockerfile has a default that is
not empty.

## Why it matters

Where the variable is unset, Compose passes an empty string, and an argument that is passed always beats the default:
`ARG GIT_COMMIT_SHA=unknown` comes out empty, not `unknown`. Written as `NAME:` without a value, it would be left out.

## How to fix

Write `NAME:` (or `- NAME`) to pass the variable only where it is set, or repeat the default: `${NAME:-unknown}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.model import Finding, Note, Rule, Severity
from checkers.dockerfile_args import samples, wiring
from checkers.dockerfile_args.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.dockerfile_args.facts import Facts

BAD = samples.project(dockerfile=("ARG NEXT_PUBLIC_API_URL=\n", "ARG NEXT_PUBLIC_API_URL=/api\n"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the argument."""
    for build, image in facts.pairs:
        for name, passed in build.passed.items():
            declared = image.declared(name, build.target)
            if declared is None or not declared.definition.value or not wiring.may_be_empty(passed):
                continue
            yield RULE.finding(
                name,
                f"the {build.what} passes an empty `{name}` where the variable is unset, which hides the default of"
                f" `{image.path}`",
                help=f"write `{name}:` without a value, or repeat the default",
                location=passed.location,
                notes=[Note("the default", image.at(declared.definition.name_span))],
            )


RULE = Rule(
    id="empty-build-arg-default",
    checker="dockerfile-args",
    severity=Severity.INFO,
    summary="Compose passes an empty value that hides the default of the Dockerfile.",
    check=check,
    manual=__doc__ or "",
    bad=BAD,
    good=GOOD,
)
