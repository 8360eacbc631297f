""".gitmodules describes a submodule that does not exist.

## What it finds

A section of `.gitmodules` whose path is no submodule pointer, or that has no path at all.

## Why it matters

Git says nothing about it, tools that list submodules show one that is not there, and whoever adds something at that
path gets its old address.

## How to fix

Delete the section, or add the pointer it was written for with `git submodule add`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix
from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example(
    {},
    submodules=(ExampleSubmodule("infra", _HISTORY, pin=2), ExampleSubmodule("old", _HISTORY, pin=2, linked=False)),
)
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each entry without a pointer that never had one."""
    text = facts.registered.text
    if text is None:
        return
    present = {pointer.path for pointer in facts.pointers}.union(facts.unmerged)
    for entry in facts.registered.config.submodules:
        path = (entry.path or "").rstrip("/")
        if path in present or facts.was_submodule(path):
            continue
        what = f"`{one_line(path)}`, where no submodule is" if path else "no path"
        yield RULE.finding(
            path or entry.name,
            f"section `{one_line(entry.name)}` of .gitmodules names {what}",
            help="delete the section, or add the submodule with `git submodule add`",
            location=text.at(entry.span),
            group="sections of .gitmodules that no submodule belongs to",
        )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | None:
    """Takes the section out, with the comment right above it; somebody may be about to add the submodule."""
    from fr_check.edits.gitmodules import remove_section  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    entry = next((e for e in facts.registered.config.submodules if text and text.at(e.span) == finding.location), None)
    if text is None or entry is None:
        return None
    return Fix(UNSAFE, (remove_section(text, entry.span.line),))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
