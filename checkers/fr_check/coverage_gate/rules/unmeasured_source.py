"""A tracked source is in no coverage report.

## What it finds

A source file that no judged report holds, although it lies among measured ones and is of their kind. Tests,
migrations, declarations and configuration are not missed, nor what coverage.py's `omit` takes out, nor a file without
statements. `sources` and `exempt` in `[tool.fr-check.coverage]` (globs) say otherwise where the project knows better.

## Why it matters

Without `source` (coverage.py) or `include` (vitest), a file that no test imports is not in the report at all: it
counts neither as covered nor as uncovered, and the total is that of the files somebody thought of. A folder without
`__init__.py` vanishes likewise.

## How to fix

Measure it: `source = ["src"]` in `[tool.coverage.run]`, `coverage.include` for vitest, `collectCoverageFrom` for jest.
If it need not be measured, say so in `exempt`, or in coverage's own `omit`.

## What `--fix` does

Nothing: whether the file should be measured, or run by a test, is a decision.
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

_SOURCES = {"src/a.py": source(2), "src/b.py": source(2)}
# Beyond this many, whole folders are missed: one finding for each tells more than one for each source.
_MANY = 20
BAD = {**_SOURCES, "coverage.lcov": lcov("src/a.py", "11")}
GOOD = {**_SOURCES, "coverage.lcov": lcov("src/a.py", "11") + lcov("src/b.py", "00")}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for sources without a measurement."""
    paths = facts.measured.unmeasured
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0] if len(paths) > _MANY else path, []).append(path)
    for folder, own in folders.items():
        one = len(own) == 1
        what = f"`{own[0]}` is" if one else f"{len(own):,} sources in `{folder or '.'}` are"
        whose, whom = ("its", "it") if one else ("their", "them")
        how = "`source` in [tool.coverage.run]"
        if any(path.endswith(".py") and "/" in path and not facts.head.has(_package(path)) for path in own):
            # coverage looks for sources that no test imports only in folders with an `__init__.py`.
            how = "`include_namespace_packages = true` in [tool.coverage.report], or an `__init__.py` beside it"
        yield RULE.finding(
            own[0] if one else f"{folder}/",
            f"{what} in no coverage report, so {whose} lines count neither as covered nor as uncovered",
            help=f"measure {whom} ({how}), or except {whom} by `exempt` in [tool.fr-check.coverage]",
            location=Location(own[0]),
            notes=() if one else [Note(wording.some(own))],
        )


def _package(path: str) -> str:
    """The file that makes a package of a module's folder."""
    return f"{path.rpartition('/')[0]}/__init__.py"


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
