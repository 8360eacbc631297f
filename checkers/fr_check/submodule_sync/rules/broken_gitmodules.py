""".gitmodules has a line that git cannot read.

## What it finds

A line of `.gitmodules` that is not in git's configuration grammar: a section header without its bracket, an open quote,
conflict markers. The first one is reported.

## Why it matters

Git refuses the whole file for one bad line: no submodule can be updated, added or listed.

## How to fix

Mend the line. `git config --file .gitmodules --list` says whether git can read the file.

## What `--fix` does

Nothing: what the line was to say is not known.
"""

from __future__ import annotations

from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example(
    {".gitmodules": '[submodule "infra"]\n\tpath = infra\n\turl = "../infra.git\n'},
    submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),),
)
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for the first bad line."""
    text = facts.registered.text
    if text is None:
        return
    for problem in (*text.problems, *facts.registered.config.problems)[:1]:
        yield RULE.finding(
            ".gitmodules",
            f"git cannot read .gitmodules: {problem.message}",
            help=problem.help or "mend the line",
            location=text.at(problem.span),
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
