"""Compose refuses a value: what follows `${` is no variable.

## What it finds

A value in a compose file whose `${` does not begin a form that Compose knows: `${}`, `${ NAME}`, `${NAME!}`, one
without a closing brace. A dollar before anything but a name or a brace is left alone, as in `$(seq 3)`.

## Why it matters

Compose stops with `Invalid template` before it builds or starts anything.

## How to fix

Use one of `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`, `${NAME?error}`,
`${NAME:+value}`, `${NAME+value}`; write a dollar that is meant as such as `$$`.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Edit, Fix
from fr_check.core.model import Finding, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("${NEXT_PUBLIC_API_URL:-}", "${ NEXT_PUBLIC_API_URL }"))
GOOD = samples.FILES

_NAME = pattern(r"[A-Za-z_]\w*")
_BLANKS = pattern(r"\$\{[ \t]*(?P<name>[A-Za-z_]\w*)(?P<rest>(?::?[-+?][^{}]*)?)[ \t]*\}")


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at each refused reference."""
    for path, file in facts.read.composes.files.items():
        # Where YAML ends before the value does (`image: ${TAG: -1}`), that is what has to be mended.
        for scalar, invalid in file.refused if not file.document.problems else ():
            text = scalar.value[invalid.start : invalid.end]
            yield RULE.finding(
                name[0] if (name := _NAME.search(text)) else path,
                f"Compose refuses `{path}`: in `{text}` {invalid.message}",
                help="write `${NAME}` or one of its forms, or `$$` for a dollar sign",
                location=scalar.text.at(scalar.locate(invalid.start, invalid.end)),
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | None:
    """Takes blanks out of the braces; what else was meant, only its author knows."""
    del facts
    text, span = text_of(finding.location.path), finding.location.span
    if text is None or span is None:
        return None
    start = text.offset(span.line, span.column)
    found = _BLANKS.match(text.string, start)
    written = f"${{{found['name']}{found['rest']}}}" if found is not None else ""
    if found is None or found[0] == written:
        return None
    return Fix(SAFE, (Edit(text.path, start, found.end(), written),))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
