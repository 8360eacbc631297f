"""The configuration exempts a public variable that exists no more.

## What it finds

An `allow` entry for a rule of this checker that names one public variable, where no frontend reads that variable and
no Dockerfile, compose file, workflow or example file has it.

## Why it matters

The next variable of that name would be exempt without anyone having decided so.

## How to fix

Remove the entry.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Finding, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = {
    **samples.FILES,
    ".fr-check.toml": """\
[[allow.undeclared-build-arg]]
subject = "NEXT_PUBLIC_GONE"
path = "apps/frontend/Dockerfile"
reason = "set when the container starts"
""",
}
GOOD = samples.FILES


_OWN = frozenset(
    (
        "undeclared-build-arg",
        "build-arg-out-of-scope",
        "unpassed-build-arg",
        "undocumented-public-variable",
        "runtime-only-public-variable",
        "orphaned-public-variable",
        "uninlined-read",
    )
)


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the entry; nothing where not everything could be read."""
    if not facts.frontends or facts.unknowns:
        return
    known = {name for frontend in facts.frontends for name in frontend.sources.mentioned}
    known.update(name for build in facts.builds for name in (*build.passed, *build.environment))
    known.update(facts.documented.keys)
    known.update(
        definition.name
        for image in facts.images.found.values()
        for instruction in image.dockerfile.instructions
        for definition in instruction.definitions
    )
    for entry in facts.allow:
        if entry.rule in _OWN and facts.public(entry.subject) and entry.subject not in known:
            if any(character in entry.subject for character in "*?["):
                continue
            yield RULE.finding(
                entry.subject,
                f"`{entry.subject}` is exempted from `{entry.rule}`, but nothing reads, declares or passes it",
                help="remove the entry",
                location=entry.location,
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the entry out."""
    from fr_check.edits.toml import without_entry  # noqa: PLC0415 - only to cure

    del facts
    return without_entry(text_of, finding.location, SAFE)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
