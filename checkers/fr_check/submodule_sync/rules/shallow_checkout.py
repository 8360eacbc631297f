"""A workflow runs fr-check in a checkout that is too shallow to judge history.

## What it finds

A job that runs `fr-check all` or `fr-check submodule-sync`, or hooks that do, after `actions/checkout` with a
`fetch-depth` other than 0. The default is 1.

## Why it matters

`actions/checkout` makes the submodules as shallow as the superproject. In a shallow clone git answers "is this merged?"
with a confident, wrong "no"; fr-check says that it cannot know, and exits with 3.

## How to fix

Set `fetch-depth: 0` on the checkout of that job.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Example, ExampleSubmodule, Finding, Note, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.submodule_sync.facts import Facts

_WORKFLOW = """\
on: pull_request
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          submodules: {submodules}
          fetch-depth: {depth}
      - run: {command}
"""
_PATH = ".github/workflows/check.yml"
_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
_SUBMODULES = (ExampleSubmodule("infra", _HISTORY, pin=2),)
BAD = Example(
    {_PATH: _WORKFLOW.format(submodules="true", depth=1, command="fr-check submodule-sync")}, submodules=_SUBMODULES
)
GOOD = Example(
    {_PATH: _WORKFLOW.format(submodules="true", depth=0, command="fr-check submodule-sync")}, submodules=_SUBMODULES
)


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each job that judges a history it has not fetched."""
    for job in facts.jobs:
        if job.judges is not None and job.depth:
            yield RULE.finding(
                job.job,
                f"job `{job.job}` runs fr-check in a checkout of depth {job.depth}, whose history cannot be judged",
                help="set `fetch-depth: 0` on this checkout",
                location=job.checkout,
                notes=[Note("fr-check runs here", job.judges)],
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Fetches the whole history."""
    from fr_check.edits.workflow import with_input  # noqa: PLC0415 - only to cure

    del facts
    return with_input(text_of(finding.location.path), finding.location, "fetch-depth", "0", SAFE)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
