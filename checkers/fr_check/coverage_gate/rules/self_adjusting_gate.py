"""A coverage gate rewrites its own threshold.

## What it finds

vitest's `coverage.thresholds.autoUpdate` (before 1.0 `thresholdAutoUpdate`): after a run with better coverage, vitest
writes the new figures into the configuration file.

## Why it matters

The threshold is then a record of the last run and nobody's decision: it changes in commits about something else, its
figures say nothing, and a conflict in them is resolved by whatever passes. vitest itself never lowers a number, so a
lower one beside `autoUpdate` was edited by hand.

## How to fix

Delete the option and choose round numbers. To keep coverage from falling, compare with the base: `max-drop` and
`fr-check coverage --record`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Location, Rule, Severity
from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts


_CONFIG = "export default { test: { coverage: { thresholds: { lines: 80%s } } } }\n"
BAD = {"vitest.config.ts": _CONFIG % ", autoUpdate: true"}
GOOD = {"vitest.config.ts": _CONFIG % ""}
_OPTION = r"""["']?(?:autoUpdate|thresholdAutoUpdate)["']? *: *true"""
_ALONE = pattern(rf"\s*{_OPTION},?\s*(?://.*)?")
_BEHIND, _BEFORE = pattern(rf", *{_OPTION}(?= *[,}}])"), pattern(rf"{_OPTION}(?:, *| *(?=}}))")


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each option that is on."""
    for path, setting in facts.declared.settings:
        if setting.name in {"autoUpdate", "thresholdAutoUpdate"} and setting.value not in {"false", "0"}:
            yield RULE.finding(
                f"{path}:{setting.name}",
                f"`{setting.name}` lets vitest rewrite the thresholds in {path} after each better run, so that they are"
                " nobody's decision",
                help=f"delete `{setting.name}` and choose the numbers",
                location=Location(path, setting.span),
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the option out: the numbers stay as the last run left them, until somebody chooses others."""
    from fr_check.edits.lines import delete_lines  # noqa: PLC0415 - only to cure

    del facts
    text, span = text_of(finding.location.path), finding.location.span
    if text is None or span is None:
        return None
    line = text.line(span.line)
    if _ALONE.fullmatch(line):
        return Fix(UNSAFE, (delete_lines(text, span.line, span.line),))
    offset = text.offset(span.line)
    for form in (_BEHIND, _BEFORE):
        found = next((one for one in form.finditer(line) if one.start() < span.column <= one.end()), None)
        if found is not None:
            return Fix(UNSAFE, (Edit(text.path, offset + found.start(), offset + found.end(), ""),))
    return Refused("the option is written in a way that is left to its author")


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
