"""A public variable is read in a way that the bundler does not replace.

## What it finds

A read of a public variable that is not written out as `process.env.NAME`: by a computed name, by destructuring
`process.env`, through another name for it, or through `import.meta.env` where the framework does not support that.

## Why it matters

Bundlers replace the text `process.env.NAME`, nothing else. In the browser `process.env` is an empty object, so that
such a read gives `undefined`, though the variable was passed and the server sees it.

## How to fix

Write `process.env.NAME` out where it is read.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend import Read
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(
    source=(
        'process.env.NEXT_PUBLIC_API_URL || "";',
        "process.env.NEXT_PUBLIC_API_URL;\nconst { NEXT_PUBLIC_API_URL } = process.env;",
    )
)
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at each such read."""
    for frontend in facts.frontends:
        for read in frontend.sources.uninlined:
            yield RULE.finding(
                read.name,
                f"`{read.name}` is read {read.how}, which the bundler {_verb(read)} replace: browsers get `undefined`",
                help=f"write `{frontend.environment}.{read.name}` out",
                location=read.location,
                severity=Severity.INFO if read.doubtful else None,
            )


def _verb(read: Read) -> str:
    return "may not" if read.doubtful else "does not"


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
