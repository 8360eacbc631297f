"""Coverage data that was asked for is not there.

## What it finds

A file named on the command line (`fr-check coverage coverage.lcov`) or by `data` in `[tool.fr-check.coverage]` that
does not exist; a pattern of `data` that matches no file. Without a word about data anywhere, there is nothing to miss:
then what lies where runs leave it is judged, and if nothing does, the checker says that it skipped this part.

## Why it matters

A gate without data must not pass. The usual tools differ: an empty map is `Unknown%`, `Unknown < 80` is false, and the
job is green because the artifact was never downloaded.

## How to fix

Run the tests with coverage before this check, download the artifact of the job that did, or correct the path.

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.coverage_gate.measured.collected import NAMED
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_POLICY = {".fr-check.toml": '[coverage]\ndata = ["shards/*.lcov"]\n', "src/a.py": source(1)}
BAD = _POLICY
GOOD = {**_POLICY, "shards/1.lcov": lcov("src/a.py", "1")}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for what was asked for in vain."""
    for absent in facts.measured.absent:
        if absent.unreadable is not None:
            continue
        named = absent.origin == NAMED
        glob = not named and any(char in absent.name for char in "*?[{")
        where = "named on the command line" if named else "named in the policy"
        what = "matches no file" if glob else "is not there"
        yield RULE.finding(
            absent.name,
            f"the coverage data `{absent.name}`, {where}, {what}, so coverage cannot be judged",
            help="run the tests with coverage first, or correct the path",
            location=absent.location,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
