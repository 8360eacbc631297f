"""A compose file or workflow has the same key twice in one mapping.

## What it finds

Two equal keys in one mapping of a compose file, a workflow or a local action: twice the same build argument, twice
`build-args`, twice the same service.

## Why it matters

GitHub and Compose refuse such a file; other readers keep the last one and drop the first without a word.

## How to fix

Remove one of the two, or merge them.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(
    compose=(
        "        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}\n",
        "        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}\n" * 2,
    )
)
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the second key."""
    documents = {path: file.document for path, file in facts.read.composes.files.items()}
    documents.update((path, file.document) for path, file in facts.read.workflows.files.items())
    for path, document in documents.items():
        for pair in document.duplicates:
            yield RULE.finding(
                pair.second.value,
                f"`{path}` has the key `{pair.second.value}` twice in one mapping",
                help="remove one of the two",
                location=pair.second.location,
                notes=[Note("the first one", pair.first.location)],
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the second key out where both say the same."""
    from fr_check.edits.lines import delete_lines  # noqa: PLC0415 - only to cure

    del facts
    text = text_of(finding.location.path)
    first = next((note.location for note in finding.notes if note.location is not None), None)
    if text is None or first is None or first.span is None or finding.location.span is None:
        return None
    lines = [text.line(span.line).strip() for span in (first.span, finding.location.span)]
    if lines[0] != lines[1] or lines[0].endswith((":", "|", ">")):
        return Refused("the two keys have different values")
    return Fix(SAFE, (delete_lines(text, finding.location.span.line, finding.location.span.line),))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
