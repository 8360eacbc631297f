"""A compose service sets a public variable when it runs, not when it is built.

## What it finds

A compose service that builds the frontend, has a public variable below `environment:` and not below `build.args:`; and
a service that runs an image which a workflow of the repository builds, also in a compose file inside a submodule, where
no build passes the variable. It is a warning where every build passes another constant, and information where the value
stands in the code that reads the variable: it is what the page was built with; and where the image is built with a
placeholder (`__NEXT_PUBLIC_X__`), which a script of the image replaces when the container starts. Nothing is said of
what only the server reads: route handlers of Next.js, `runtimeConfig.public` of Nuxt.

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
from fr_check.dockerfile_args.comparison import passing, running
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_build import Bake
    from fr_check.core.edits import Fix, Refused, TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("      args:\n        NEXT_PUBLIC", "    environment:\n        NEXT_PUBLIC"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the variable below `environment`."""
    yield from _built_here(facts)
    yield from _of_images(facts)


def _of_images(facts: Facts) -> Iterator[Finding]:
    """Services that run an image which a workflow builds and pushes, those in a submodule too."""
    for late in running.late(facts):
        what = f"service `{late.service.name}` of {late.service.key.text.path}"
        label = late.bake.frontend.label
        notes = [Note("the image is built here", build.location) for build in late.builds]
        where = late.variable.location
        if all(value is None for value in late.passed):
            message = f"{what} sets `{late.name}` when it runs, and no build of `{label}` passes it"
            help_ = f"add `{late.name}=...` to the `build-args` of the workflow"
            replaced = passing.is_placeholder(late.bake.frontend, late.name, passing.default(late.bake, late.name))
            severity = Severity.INFO if replaced or running.is_fallback(facts, late) else None
            yield RULE.finding(late.name, message, help=help_, location=where, notes=notes, severity=severity)
        elif late.given and all(_is_other(late, value) for value in late.passed):
            message = f"{what} sets `{late.name}` to another value than the build of `{label}` baked into the page"
            help_ = "give both the same value; the page keeps what it was built with"
            yield RULE.finding(late.name, message, help=help_, location=where, notes=notes, severity=Severity.WARNING)


def _built_here(facts: Facts) -> Iterator[Finding]:
    for build, bakes in passing.frontend_builds(facts):
        if build.place != COMPOSE or build.opaque is not None:
            continue
        for name, _, bake in passing.lacking(facts, build, bakes):
            if name in build.environment and not _is_served(facts, bake, name):
                from fr_check.dockerfile_args.comparison.remedies import argument_line  # noqa: PLC0415 - in few projects

                built_with = passing.default(bake, name)
                replaced = passing.is_placeholder(bake.frontend, name, built_with)
                line = argument_line(name, defaulted=bool(built_with), like=build.environment[name])
                yield RULE.finding(
                    name,
                    f"the {build.what} sets `{name}` below `environment`, which the build of `{bake.frontend.label}`"
                    " never sees",
                    help=f"add below `args:` of its `build:` {line}; keep the entry where server code reads it, too",
                    location=build.environment[name].location,
                    notes=[Note("the build's arguments are given here", build.location)],
                    severity=Severity.INFO if replaced else None,
                )


def _is_served(facts: Facts, bake: Bake, name: str) -> bool:
    """Whether Nuxt's server takes a variable from what the container is given."""
    if "Nuxt" not in (bundler.label for bundler in bake.frontend.bundlers):
        return False
    from fr_check.dockerfile_args.comparison import nuxt  # noqa: PLC0415 - one bundler of many

    return nuxt.serves(facts, bake, name)


def _is_other(late: running.Late, value: str | None) -> bool:
    """Whether a build passes a constant that the service contradicts, and that nothing is to replace."""
    constant = value and "$" not in value and value != late.given
    return bool(constant) and not passing.is_placeholder(late.bake.frontend, late.name, value)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Passes the argument to the build as well, with the value of the entry; what the container gets stays."""
    from fr_check.dockerfile_args.comparison.remedies import pass_in_compose  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    for build in facts.builds:
        variable = build.environment.get(finding.subject) if build.place == COMPOSE else None
        if variable is not None and variable.location == finding.location and text is not None:
            defaulted = "without a value" in finding.help
            return pass_in_compose(text, build, finding.subject, defaulted=defaulted, like=variable)
    return None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
