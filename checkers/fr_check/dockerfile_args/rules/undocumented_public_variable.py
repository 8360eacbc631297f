"""A public variable that the frontend reads is not in the example file.

## What it finds

A public variable that the frontend's source reads and that no example file (`.env.example` of the root or of the
frontend's folder, or what the configuration names) assigns. A comment that mentions the name is not enough, nor is a
longer name that begins with it.

A variable is documented, too, where a file of variables that the framework reads is committed and sets it
(`.env.production`), and where every build makes it of variables that the example names (compose:
`NEXT_PUBLIC_API: ${BASE_URL}`).

It is a warning where an assignment is commented out, and where the code copes without the variable (by a fallback, a
condition, a comparison, or a schema that calls it optional) though some place gives it a value; under the preset
`common` the latter is information, and it is a warning where the code falls back on nothing (`?? ""`) or on the
developer's machine. It is information where the code copes, or falls back so, and no place gives it a value but what a
workflow computes; where an assignment is commented out, under `common` also wherever it has a value: `# KEY=value`
documents there.

It is information, too, of several frontends for one in another folder, where the example mentions no variable of its
kind.

## Why it matters

The example file is where a newcomer, and whoever sets up the next environment, learns which variables there are. One
that is missing there is missing in that environment, and the page is built without it.

## How to fix

Add `NAME=` to the example file, with a comment that says what it is for.
"""

from __future__ import annotations

from fr_check.builds.frontend import Need
from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.sources import dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend import Frontend
    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(example=("NEXT_PUBLIC_API_URL=\n", "# NEXT_PUBLIC_API_URL is set by compose\n"))
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the first read of each variable; nothing where there is no example file."""
    for frontend in facts.frontends if facts.documented.known else ():
        files = facts.examples(frontend)
        keys = {name for found in files.values() for name in found}
        for name, reads in frontend.public_reads.items() if files else ():
            committed = any(name in file.places for file in frontend.env_files)
            if name not in keys and not committed and not facts.made_of_documented(frontend, name, keys):
                example = facts.example_for(frontend, name)
                commented = facts.documented.commented.get(name)
                only = f", which stands in `{commented.path}` as a comment only" if commented else ""
                severity = _severity(facts, frontend, name, commented=commented is not None)
                yield RULE.finding(
                    name,
                    f"`{frontend.label}` reads `{name}`" + (only or f", which `{example}` does not document"),
                    help=f"take `{name}=` in {example} out of its comment"
                    if commented
                    else f"add `{name}=` to {example}",
                    location=commented or reads[0].location,
                    notes=[Note("read here", read.location) for read in reads[0 if commented else 1 : 3]],
                    severity=severity if facts.speaks_to(frontend, example) else Severity.INFO,
                    group=f"variables of `{frontend.label}` that `{example}` does not document",
                )


def _severity(facts: Facts, frontend: Frontend, name: str, *, commented: bool) -> Severity | None:
    need = frontend.need(name)
    if need is not Need.FULL and (commented or not facts.asked_for(frontend, name)):
        return Severity.INFO
    if not facts.strict and (need is Need.NONE or (commented and name in facts.documented.valued)):
        return Severity.INFO
    slack = need is Need.SLACK and not facts.strict
    return Severity.WARNING if commented or slack or need is Need.NONE else None


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Documents the variable in the example nearest to it, or takes the `#` from the comment that does.

    Where the code copes without it, or the comment holds a value that only some may want, somebody must look at it.
    """
    from fr_check.edits.example import insert_key, uncommented  # noqa: PLC0415 - only to cure
    from fr_check.edits.lines import replace_line  # noqa: PLC0415 - as above

    for frontend in facts.frontends:
        if finding.subject not in frontend.public_reads:
            continue
        files = facts.examples(frontend)
        own = [path for path in files if path.startswith(f"{frontend.path}/")] or list(files)
        text = text_of(own[0]) if len(own) == 1 else None
        if text is None:
            return Refused("several example files may document it")
        content = text.parsed(dotenv.parse)
        declared = [*content.last(), finding.subject]
        commented = next((one for one in content.commented if one.key == finding.subject), None)
        edit = (
            replace_line(text, commented.span.line, uncommented(text, commented.span.line))
            if commented
            else insert_key(text, content, f"{finding.subject}=", declared)
        )
        if isinstance(edit, Refused):
            return edit
        # A value in a comment may be one that a few want: whoever copies the example would have it.
        valued = commented is not None and bool(text.line(commented.span.line).partition("=")[2].strip())
        needed = frontend.need(finding.subject) is Need.FULL and not valued
        return Fix(SAFE if needed else UNSAFE, (edit,))
    return None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
