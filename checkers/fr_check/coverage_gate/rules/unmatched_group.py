"""A group of paths matches no measured file.

## What it finds

An entry of `[[tool.fr-check.coverage.groups]]` none of whose patterns matches a file of the judged coverage data, or of
`[[tool.fr-check.coverage.components]]` whose folder holds no file. Where no data was judged, nothing is said.

## Why it matters

A group of nothing has no figure, so its threshold passes for ever: after a folder is renamed, or by a typing mistake,
the gate is gone and nobody is told. Most tools call 0 of 0 lines 100%.

## How to fix

Correct the pattern (`**` crosses folders, `*` does not; paths start at the repository's root) or the
component's `path`, or delete the entry.

## What `--fix` does

Nothing: which files were meant is not known.
"""

from __future__ import annotations

from fr_check.core.model import Location, Rule, Severity
from fr_check.coverage_gate.samples import lcov, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.facts import Facts

_GROUP = '[[coverage.groups]]\nname = "services"\npaths = ["src/{}/**"]\nline = 80\n'
_FILES = {"src/services/a.py": source(2), "coverage.lcov": lcov("src/services/a.py", "11")}
BAD = {".fr-check.toml": _GROUP.format("service"), **_FILES}
GOOD = {".fr-check.toml": _GROUP.format("services"), **_FILES}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for groups of nothing."""
    measured = facts.measured
    if measured.counts is None:
        return
    for group in measured.groups:
        if not group.files:
            yield RULE.finding(
                group.name,
                f"the group `{group.name}` matches none of the {len(measured.files):,} measured files, so its threshold"
                " can never fail",
                help="correct its `paths` (globs from the repository's root), or delete the group",
                location=group.place or Location(".fr-check.toml"),
            )
    for component in measured.memberless:
        yield RULE.finding(
            component.name,
            f"the component `{component.name}` lies in a folder without any file, so its thresholds can never fail",
            help="correct its `path` (a folder, from the repository's root), or delete the component",
            location=component.place or Location(".fr-check.toml"),
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
