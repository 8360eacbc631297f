"""A workflow uses a file of a submodule that its checkout does not bring.

## What it finds

A job whose checkout leaves `submodules` out, and a later step of which names a path inside a submodule or runs
fr-check, which reads there. A job that runs `git submodule update` itself, or checks that path out from elsewhere, is
fine.

## Why it matters

The folder is there and empty. What reads a file in it fails, or, worse, goes on without it.

## How to fix

Set `submodules: true` on the checkout of that job.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Example, ExampleSubmodule, Finding, Note, Rule, Severity
from fr_check.submodule_sync.pointers.wording import one_line

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
    {_PATH: _WORKFLOW.format(submodules="false", depth=0, command="cat infra/VERSION")}, submodules=_SUBMODULES
)
GOOD = Example(
    {_PATH: _WORKFLOW.format(submodules="true", depth=0, command="cat infra/VERSION")}, submodules=_SUBMODULES
)


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each submodule that a job needs and does not fetch."""
    for job in facts.jobs:
        if job.submodules is not False:
            continue
        uses = dict(reversed(job.uses))
        if job.judges is not None and not uses and not job.online:
            uses = {pointer.path: job.judges for pointer in facts.pointers}
        for path, location in uses.items():
            yield RULE.finding(
                path,
                f"job `{job.job}` uses submodule `{one_line(path)}`, which its checkout leaves empty",
                help="set `submodules: true` on the checkout of this job",
                location=location,
                notes=[Note("the checkout", job.checkout)],
            )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Fetches submodules with the checkout; private ones need a token besides, which only a person can give."""
    from fr_check.edits.workflow import with_input  # noqa: PLC0415 - only to cure

    del facts
    places = [note.location for note in finding.notes if note.location is not None]
    return with_input(text_of(places[0].path), places[0], "submodules", "true", UNSAFE) if places else None


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
