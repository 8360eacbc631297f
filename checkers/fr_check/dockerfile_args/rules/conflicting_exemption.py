"""The configuration exempts a public variable that is there all the same.

## What it finds

An `allow` entry for `undeclared-build-arg` or `unpassed-build-arg` that names a public variable, while the Dockerfile
it is about declares the variable, or the build it is about passes it.

## Why it matters

The entry says that the variable must not be baked in, mostly because it is set at run time. An `ARG` or an argument
of that name bakes it in, and then the value of one environment is in the image of all.

## How to fix

Remove the `ARG` or the argument, or, if it is to be baked in after all, the entry.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.config import Allowance
    from fr_check.core.edits import TextOf
    from fr_check.core.model import Location
    from fr_check.dockerfile_args.facts import Facts

BAD = {
    **samples.FILES,
    ".fr-check.toml": """\
[[allow.undeclared-build-arg]]
subject = "NEXT_PUBLIC_API_URL"
path = "apps/frontend/Dockerfile"
reason = "set when the container starts"
""",
}
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the entry, with the place that contradicts it."""
    for entry in facts.allow:
        if entry.rule == "undeclared-build-arg":
            places = _declared(facts, entry)
        elif entry.rule == "unpassed-build-arg":
            places = _passed(facts, entry)
        else:
            continue
        for name, location in places[:1]:
            yield RULE.finding(
                name,
                f"`{name}` is exempted from `{entry.rule}`, but stands in `{location.path}` all the same",
                help="remove it there, or remove the exemption",
                location=entry.location,
                notes=[Note("it stands here", location)],
            )


def _declared(facts: Facts, entry: Allowance) -> list[tuple[str, Location]]:
    """Where the variable is declared; nothing if the entry is needed for another Dockerfile."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - only where something is allowed

    found: list[tuple[str, Location]] = []
    for bake in facts.all_bakes:
        for name in bake.frontend.sources.mentioned:
            if fnmatchcase(name, entry.subject) and fnmatchcase(bake.image.path, entry.path):
                standing = bake.standing(name)
                if standing.kind != "visible":
                    return []
                found.append((name, bake.image.at(standing.declarations[0].definition.name_span)))
    return found


def _passed(facts: Facts, entry: Allowance) -> list[tuple[str, Location]]:
    """Where the variable is passed; nothing if the entry is needed for another build."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - only where something is allowed

    found: list[tuple[str, Location]] = []
    for build in facts.builds:
        if not fnmatchcase(build.path, entry.path):
            continue
        bakes = facts.bakes(build)
        needed = {name for bake in bakes for name in bake.frontend.reads if fnmatchcase(name, entry.subject)}
        if needed - build.passed.keys():
            return []
        found.extend((name, build.passed[name].location) for name in sorted(needed))
    return found


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the entry out; where the variable must not be baked in, it is the ARG or the argument that has to go."""
    from fr_check.edits.toml import without_entry  # noqa: PLC0415 - only to cure

    del facts
    return without_entry(text_of, finding.location, UNSAFE)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
