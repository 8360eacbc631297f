"""An expression in `exclude_lines` leaves out nearly every line.

## What it finds

An expression of `exclude_lines` or `exclude_also` that matches any line at all: `.`, `^`, `$`, `.*`. coverage searches
each line for the expression.

## Why it matters

Everything is left out, nothing remains to be covered, and coverage of nothing is reported as 100%: `fail_under = 100`
passes.

## How to fix

Write the text of the lines that are meant.

## What `--fix` does

Nothing: which lines were meant is not known.
"""

from __future__ import annotations

import re
import warnings

from fr_check.core.model import Location, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts


_CONFIG = "[report]\nexclude_also =\n    %s\n"
BAD = {".coveragerc": _CONFIG % "."}
GOOD = {".coveragerc": _CONFIG % "raise NotImplementedError"}


# Lines so short and different that only an expression which matches anything finds something in all of them.
_PROBES = ("x = 1", "return", "import os", "@a", ")", "else:")
_LONGEST = 200


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each expression that matches all probes."""
    for component in facts.declared.components.values():
        file = component.coverage
        if file is None:
            continue
        for word in (*(file.config.exclude_lines or ()), *(file.config.exclude_also or ())):
            if _matches_all(word.string):
                yield RULE.finding(
                    f"{file.path}:{word.string}",
                    f"the expression `{word.string}` in {file.path} matches every line, so that nothing is left to"
                    " measure and coverage is 100%",
                    help="write the text of the lines that must be left out",
                    location=Location(file.path, word.span),
                )


def _matches_all(expression: str) -> bool:
    if len(expression) > _LONGEST:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pattern = re.compile(expression)
    except (re.error, RecursionError, OverflowError):
        return False
    return all(pattern.search(probe) for probe in _PROBES)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
