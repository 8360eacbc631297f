"""A configuration file of pytest or coverage is refused by the tool that reads it.

## What it finds

What coverage, pytest and pytest-cov stop at: a `fail_under` that is no number from 0 to 100 (`95%`), `addopts` below
`[tool.pytest]` that are not a list, an element of `addopts` that holds an option and its value in one string, both
pytest tables in one file, a regular expression or a file pattern that does not compile, a list that is none, and files
that are not valid TOML, INI or JSON.

## Why it matters

The run stops with a configuration error, or, where the failure is excused, coverage is measured with the defaults and
judged by nothing.

## How to fix

Write the value as the help says.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Edit, Fix, Refused
from fr_check.core.model import Location, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.coverage_gate.declared import exclusions as declared_exclusions
from fr_check.coverage_gate.declared import wiring
from fr_check.sources.thresholds import omit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts


_PERCENT = pattern(r"(?<![\w.])(\d+(?:\.\d+)?)\s*%")

BAD = {".coveragerc": "[report]\nfail_under = 95%\n"}
GOOD = {".coveragerc": "[report]\nfail_under = 95\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each complaint, each once, and for each pattern that coverage refuses."""
    for path, problem in dict.fromkeys(facts.declared.problems):
        yield RULE.finding(
            f"{path}:{problem.span.line}",
            f"{problem.message}" if path in problem.message else f"{path}: {problem.message}",
            help=problem.help or "mend the file",
            location=Location(path, problem.span),
        )
    yield from _stopped(facts)
    for one in declared_exclusions.omissions(facts.declared, facts.head):
        pattern = one.word.string
        if "$" not in pattern and omit.compiled(pattern, one.component.folder) is None:
            yield RULE.finding(
                f"{one.path}:{pattern}",
                f"the pattern `{pattern[:60]}` of `omit` in {one.path} is refused by coverage, which stops with a"
                " configuration error",
                help="`**` stands alone between slashes; a `[` needs its `]`",
                location=Location(one.path, one.span),
            )


def _stopped(facts: Facts) -> Iterator[Finding]:
    """Runs that the tool refuses, by what stands in different places."""
    seen = set()
    for runs in facts.runs:
        for reached in runs.reached:
            if reached.invocation.tool not in {"pytest", "jest"} or reached.excuse is not None:
                continue
            home = facts.declared.component_of(reached.folder, python=True)
            verdict = wiring.decided(facts.declared, reached, facts.declared.components.get(home or ""))
            place = Location(reached.path, reached.invocation.span)
            if verdict.refused and place not in seen:
                seen.add(place)
                jest = reached.invocation.tool == "jest"
                yield RULE.finding(
                    f"{reached.path}:{reached.job}",
                    f"a run in {reached.path} is refused: {verdict.refused}",
                    help="keep one of the files, or name it by `--config`" if jest else "write `--no-cov` instead",
                    location=place,
                )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the sign from `95%`, in an option and in a command: coverage and pytest want a number."""
    del facts
    text, span = text_of(finding.location.path), finding.location.span
    if text is None or span is None or "%" not in finding.help:
        return None
    start, end = text.offsets(span)
    found = list(_PERCENT.finditer(text.string, start, end))
    if len(found) != 1:
        return Refused("which number is meant is not written there")
    value = found[0]
    # A number of TOML needs no quotes; an argument in a list keeps them.
    whole = '"' if text.string[start:end] in {f'"{value[0]}"', f"'{value[0]}'"} else ""
    return Fix(SAFE, (Edit(text.path, value.start() - len(whole), value.end() + len(whole), value[1]),))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
