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

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Finding, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend import Read
    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(
    source=(
        'process.env.NEXT_PUBLIC_API_URL || "";',
        "process.env.NEXT_PUBLIC_API_URL;\nconst { NEXT_PUBLIC_API_URL } = process.env;",
    )
)
GOOD = samples.FILES

_BRACKETED = pattern(r"""(?P<environment>\w+(?:\.\w+)+)\[(?P<quote>["'`])(?P<name>\w+)(?P=quote)\]""")
_TAKEN = pattern(
    r"(?P<head>\s*(?:export )?(?:const|let|var) )\{ *(?P<name>\w+)(?: *: *(?P<as>\w+))? *,? *\} *="
    r" *(?P<environment>[\w.]+)(?P<tail>;?(?:\s*//.*)?)"
)


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


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes out a read that takes one variable from the environment; one of several is left to its author."""
    from fr_check.edits.lines import replace_line  # noqa: PLC0415 - only to cure

    text, span = text_of(finding.location.path), finding.location.span
    frontend = next((f for f in facts.frontends for r in f.sources.uninlined if r.location == finding.location), None)
    if text is None or span is None or frontend is None:
        return None
    number = span.line
    written = f"{frontend.environment}.{finding.subject}"
    for one in _BRACKETED.finditer(text.line(number)):
        inside = one.start() < span.column <= one.end() and one["name"] == finding.subject
        if inside and one["environment"] == frontend.environment:
            start = text.offset(number) + one.start()
            return Fix(UNSAFE, (Edit(text.path, start, start + len(one[0]), written),))
    found = _TAKEN.fullmatch(text.line(number))
    if found is None or found["name"] != finding.subject or found["environment"] != frontend.environment:
        return Refused("the read is written in a way that is left to its author")
    name = found["as"] or found["name"]
    line = f"{found['head']}{name} = {written}{found['tail']}"
    return Fix(UNSAFE, (replace_line(text, number, line),))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
