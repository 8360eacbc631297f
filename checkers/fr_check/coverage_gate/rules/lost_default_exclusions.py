"""`exclude_lines` replaces the lines that coverage leaves out by default.

## What it finds

`exclude_lines` in coverage's configuration without an expression for `pragma: no cover`: the option replaces the
defaults, it does not add to them. It is a warning where sources carry such comments, which then do nothing.

## Why it matters

Lines that were marked as not to be covered are counted as missed, and people mark more lines to make up for it.

## How to fix

Use `exclude_also` (coverage 7.2), which adds to the defaults, or repeat `pragma: no cover` in `exclude_lines`.
"""

from __future__ import annotations

import re
import warnings

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Location, Note, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.model import CoverageFile
    from fr_check.coverage_gate.facts import Facts

_SOURCE = {"src/a.py": "def f():  # pragma: no cover\n    return 1\n"}
_CONFIG = '[tool.coverage.run]\nsource = ["src"]\n[tool.coverage.report]\n%s = ["raise NotImplementedError"]\n'
BAD = {"pyproject.toml": _CONFIG % "exclude_lines", **_SOURCE}
GOOD = {"pyproject.toml": _CONFIG % "exclude_also", **_SOURCE}


_PRAGMA = "# pragma: no cover"
_LONGEST = 200  # characters of an expression that is tried on the comment


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each configuration that counts and has lost the pragma."""
    for component in facts.declared.components.values():
        file = component.coverage
        if file is not None and file.config.exclude_lines and not (file.config.covdefaults or _kept(file)):
            yield _finding(facts, file)


def _kept(file: CoverageFile) -> bool:
    words = (*(file.config.exclude_lines or ()), *(file.config.exclude_also or ()))
    return any(_finds(word.string) for word in words)


def _finds(expression: str) -> bool:
    if "pragma" in expression.lower() or len(expression) > _LONGEST:
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.search(expression, _PRAGMA) is not None
    except (re.error, RecursionError, OverflowError):
        return True  # another rule's matter


def _finding(facts: Facts, file: CoverageFile) -> Finding:
    words = file.config.exclude_lines or ()
    used = [one for one in facts.pragmas if one.now]
    count = sum(one.now for one in used)
    without = f": {count} such comments in the sources do nothing" if used else ""
    return RULE.finding(
        f"{file.path}:exclude_lines",
        f"`exclude_lines` in {file.path} replaces coverage's defaults and has no `pragma: no cover`{without}",
        help='rename it to `exclude_also`, or add "pragma: no cover"',
        location=Location(file.path, words[0].span),
        notes=[Note("has such a comment", Location(one.path)) for one in used[:5]],
        severity=Severity.WARNING if used else Severity.INFO,
    )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Renames the option to `exclude_also`, which coverage knows since 7.2 and which adds to the defaults."""
    text, span = text_of(finding.location.path), finding.location.span
    files = [one.coverage for one in facts.declared.components.values() if one.coverage is not None]
    file = next((one for one in files if one.path == finding.location.path), None)
    if text is None or span is None or file is None:
        return None
    if file.config.exclude_also is not None:
        return Refused("`exclude_also` is there, too, and the two lists are to be joined by hand")
    for number in range(span.line, 0, -1):
        line = text.line(number)
        if line.lstrip(" \t\"'").startswith("exclude_lines"):
            start = text.offset(number) + line.index("exclude_lines")
            return Fix(UNSAFE, (Edit(text.path, start, start + len("exclude_lines"), "exclude_also"),))
    return Refused("the option is written in a way that is left to its author")


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
