"""An expression in `exclude_lines` leaves out nearly every line.

## What it finds

An expression of `exclude_lines` or `exclude_also` that matches any line at all: `.`, `^`, `$`, `.*`. coverage searches
each line for the expression. Or one that matches the first line of any function or class (`def `, `:$`): then coverage
leaves out all of each.

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
# First lines of functions and classes, at the margin and within a class.
_HEADERS = (
    ("function", ("def qz():", "def main(a, b=1):", "def _x(k) -> None:")),
    ("function", ("    def qz(self):", "    def main(self, a, b=1):", "    def _x(self) -> None:")),
    ("class", ("class Q:", "class Main(Base):")),
)
_LONGEST = 200


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each expression that matches all probes."""
    for component in facts.declared.components.values():
        file = component.coverage
        if file is None:
            continue
        for word in (*(file.config.exclude_lines or ()), *(file.config.exclude_also or ())):
            matched = _matched(word.string)
            if matched:
                yield RULE.finding(
                    f"{file.path}:{word.string}",
                    f"the expression `{word.string}` in {file.path} matches {matched}",
                    help="write the text of the lines that must be left out",
                    location=Location(file.path, word.span),
                )


def _matched(expression: str) -> str:
    """What an expression leaves out that nobody can have meant; empty for any other one."""
    if len(expression) > _LONGEST:
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            search = re.compile(expression).search
    except (re.error, RecursionError, OverflowError):
        return ""
    if all(map(search, _PROBES)):
        return "every line, so that nothing is left to measure and coverage is 100%"
    kind = next((kind for kind, headers in _HEADERS if all(map(search, headers))), "")
    return f"the first line of every {kind}, so that nothing in any {kind} is measured" if kind else ""


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
