"""A key that is assigned twice.

## What it finds

A key that one example file gives twice, or that a template renders twice on one path. It is information where a comment
between the two lines says that what follows is for another file (`copy to web/.env.local`), and of two settings that
are filled by the same variable: that is legal, and sometimes meant.

## Why it matters

The last assignment wins without a word. Whoever edits the first one changes nothing.

## How to fix

Remove one of them; keep the last if nothing should change.
"""

from __future__ import annotations

import re

from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.env_keys.facts import example_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import Edit, TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, ExampleSource, TemplateSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.dotenv import Assignment
    from fr_check.sources.settings import Setting

_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    env: str = 'dev'\n"

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "ENV=dev\n\nENV=development\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "ENV=dev\n"}

_SHOWN = 20  # lines of one key that are told one by one; the rest is counted

# A title with the path of another file of variables: `# Frontend: copy to web/.env.local`, `# --- apps/web/.env ---`.
_ELSEWHERE = pattern(
    r"\s*#(?=[^\n]*\b(?:cop(?:y|ies)|goes?|put|save|move|paste|belongs?|for)\b)[^\n]*?[\w./-]*\.env\b"
    r"|\s*#\W*(?:[\w.-]+/)+\.env[\w.]*\W*$",
    re.IGNORECASE,
)


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at each example and template once, and at the settings of each app."""
    examples = {source.text.path: source for app in facts.apps for source in app.examples}
    for example in examples.values():
        yield from _in_example(example)
    for template in facts.templates:
        yield from _in_template(template)
    for app in facts.apps:
        yield from _in_settings(app)


def _in_example(source: ExampleSource) -> Iterator[Finding]:
    given: dict[str, list[Assignment]] = {}
    for binding in source.content.assignments:
        given.setdefault(binding.key, []).append(binding)
    path = source.text.path
    for earlier, *others in given.values():
        for count, binding in enumerate(others[:_SHOWN], start=1):
            more = len(others) - count if count == _SHOWN else 0
            message = (
                f"`{binding.key}` is given twice in {path}, on lines {earlier.span.line} and {binding.span.line}"
                f"{f', and {more} more times' if more else ''}; the last one wins"
            )
            apart = _for_another_file(source, earlier, binding)
            yield RULE.finding(
                binding.key,
                message,
                help="remove one of the two lines",
                location=source.text.at(binding.key_span),
                notes=[
                    Note("first given here", source.text.at(earlier.key_span)),
                    *([Note(f"what follows line {apart} is for another file")] if apart else []),
                ],
                severity=Severity.INFO if apart else Severity.WARNING,
                group=f"keys that {path} gives twice",
            )


def _for_another_file(source: ExampleSource, earlier: Assignment, later: Assignment) -> int:
    """The line between two assignments that says what follows goes to another file; 0 for none."""
    numbers = range(earlier.span.end_line + 1, later.span.line)
    return next((number for number in numbers if _ELSEWHERE.match(source.text.line(number))), 0)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes out a line that changes nothing: the later of two equal ones, unless that one alone has a comment.

    Of two that differ the earlier goes, which is overridden. Each line is held against the one before it of the same
    key, so that the last value stays the last. What is told of several lines at once is cured at once.
    """
    del text_of
    source = example_of(facts, finding.location.path)
    if source is None or finding.location.span is None:
        return None
    # By its place: what is told of a key that looks like a secret is masked.
    told = next((one for one in source.content.assignments if one.key_span == finding.location.span), None)
    if told is None:
        return None
    given = [binding for binding in source.content.assignments if binding.key == told.key]
    number = given.index(told)
    numbers = range(number, len(given) if number == _SHOWN else number + 1)
    pairs = [(given[one - 1], given[one]) for one in numbers]
    between = range(pairs[0][0].span.line + 1, pairs[-1][1].span.line)
    inside = (one for one in source.content.assignments if one.span.line in between)
    if any(f"${{{told.key}" in one.source.reveal() for one in inside):
        return Refused(f"a value between the two lines refers to `{finding.subject}`")
    same = all(_value(earlier) == _value(later) for earlier, later in pairs)
    return Fix(SAFE if same else UNSAFE, tuple(dict.fromkeys(_without_one(source, *pair) for pair in pairs)))


def _without_one(source: ExampleSource, earlier: Assignment, later: Assignment) -> Edit:
    """Takes out that one of two lines that follow each other which changes nothing."""
    from fr_check.edits.example import has_comment, remove_key  # noqa: PLC0415 - only to cure

    explained = has_comment(source.content, later) and not has_comment(source.content, earlier)
    goes = later if _value(earlier) == _value(later) and not explained else earlier
    return remove_key(source.text, source.content, goes)


def _value(binding: Assignment) -> str | None:
    return binding.value.reveal() if binding.value is not None else None


def _in_template(source: TemplateSource) -> Iterator[Finding]:
    for duplicate in source.content.duplicates:
        message = f"`{duplicate.name}` is rendered twice by {source.text.path}; the last one wins"
        yield RULE.finding(
            duplicate.name,
            message,
            help="remove one of the two assignments",
            location=source.text.at(duplicate.span),
            notes=[Note("first rendered here", source.text.at(duplicate.first))],
        )


def _in_settings(app: App) -> Iterator[Finding]:
    first: dict[tuple[str, str], Setting] = {}
    for setting in app.settings:
        for name in setting.names or ():
            earlier = first.setdefault((setting.owner, name), setting)
            if earlier is not setting and earlier.field != setting.field:
                message = f"`{name}` fills both {earlier.owner}.{earlier.field} and {setting.owner}.{setting.field}"
                yield RULE.finding(
                    name,
                    message,
                    help="give one of them another alias, unless both are meant to have the same value",
                    location=setting.location,
                    notes=[Note("the other field", earlier.location)],
                    severity=Severity.INFO,
                )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
