"""A compose service sets a public variable when it runs, not when it is built.

## What it finds

A compose service that builds the frontend, has a public variable below `environment:` and not below `build.args:`.

## Why it matters

`environment` reaches the running container. The bundler replaced the variable while the image was built, when it was
not there: the running page never looks at the environment again.

## How to fix

Add the variable to `build.args`. Keep it in `environment` only if server code reads it, too.
"""

from __future__ import annotations

from fr_check.builds.model import COMPOSE
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison import passing
from fr_check.dockerfile_args.comparison.distinct import distinct
from fr_check.dockerfile_args.comparison.remedies import pass_in_compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import Fix, Refused, TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("      args:\n        NEXT_PUBLIC", "    environment:\n        NEXT_PUBLIC"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the variable below `environment`."""
    for build, bakes in passing.frontend_builds(facts):
        if build.place != COMPOSE or build.opaque is not None:
            continue
        for name, _, bake in passing.lacking(facts, build, bakes):
            if name in build.environment:
                line = passing.compose_line(name, defaulted=bool(passing.default(bake, name)))
                yield RULE.finding(
                    name,
                    f"the {build.what} sets `{name}` below `environment`, which the build of `{bake.frontend.label}`"
                    " never sees",
                    help=f"add below `args:` of its `build:` {line}",
                    location=build.environment[name].location,
                    notes=[Note("the build's arguments are given here", build.location)],
                )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Passes the argument to the build as well; what the container gets stays."""
    text = text_of(finding.location.path)
    for build in facts.builds:
        variable = build.environment.get(finding.subject) if build.place == COMPOSE else None
        if variable is not None and variable.location == finding.location and text is not None:
            return pass_in_compose(text, build, finding.subject, defaulted="without a value" in finding.help)
    return None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
