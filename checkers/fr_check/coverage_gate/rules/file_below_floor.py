"""A source file is covered less than every file must be.

## What it finds

With `file = 80` in `[tool.fr-check.coverage]`: every source file whose line coverage is below that, also one that no
report holds at all although its neighbours are measured. A file without statements passes.

## Why it matters

A total of 99% has room for a file of 0%: usually the newest one, or the one that is hardest to test.

## How to fix

Test the file, or except it, with a reason, below `[tool.fr-check.allow]`.

## What `--fix` does

Nothing: it takes tests, and which to write is for a person to say.
"""

from __future__ import annotations

from fr_check.core.model import Location, Note, Rule, Severity
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_POLICY = {".fr-check.toml": "[coverage]\nfile = 50\n", "src/a.py": source(4), "src/b.py": source(2)}
BAD = {**_POLICY, "coverage.lcov": lcov("src/a.py", "1111") + lcov("src/b.py", "00")}
GOOD = {**_POLICY, "coverage.lcov": lcov("src/a.py", "1111") + lcov("src/b.py", "10")}


def check(facts: Facts) -> Iterator[Finding]:
    """Holds every file to the floor."""
    measured = facts.measured
    floor = measured.floor
    if floor is None:
        return
    notes = (Note(f"the floor of {wording.threshold(floor.threshold)}", floor.place),)
    for path, file in sorted(measured.files.items()):
        lines = file.counts.lines
        if lines.below(floor.threshold):
            missing = wording.ranges(sorted(file.detail.lines - file.detail.hits))
            yield RULE.finding(
                path,
                f"line coverage of `{path}` is {wording.figure(lines)}, below the floor of"
                f" {wording.threshold(floor.threshold)} for every file",
                help=f"test lines {missing}" if missing else "add tests for it",
                location=Location(path),
                notes=notes,
            )
    for path in measured.unmeasured if floor.threshold > 0 else ():
        yield RULE.finding(
            path,
            f"`{path}` is in no coverage report, and so below the floor of {wording.threshold(floor.threshold)} for"
            " every file",
            help="measure it (`source` in [tool.coverage.run]) and add tests for it",
            location=Location(path),
            notes=notes,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
