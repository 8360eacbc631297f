"""A pattern of `omit` leaves out more than it names.

## What it finds

A bare file name in coverage's `omit` (`main.py`) that matches files in several folders: a pattern without a slash
counts at any depth. And, as an error, patterns that leave out every file that is measured. Names that are meant to
match everywhere (`__init__.py`, `conftest.py`) are left alone.

## Why it matters

Whoever omits `main.py` thinks of one file; the next `main.py`, three folders down, is never measured and nobody
notices.

## How to fix

Write the path of the file that is meant: `src/main.py`.

## What `--fix` does

Nothing: which files were meant is not known.
"""

from __future__ import annotations

from fr_check.core.model import Location, Note, Rule, Severity
from fr_check.core.names import both
from fr_check.coverage_gate.declared import exclusions as declared_exclusions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.exclusions import Omission
    from fr_check.coverage_gate.facts import Facts

_FILES = {"src/main.py": "a = 1\n", "src/worker/main.py": "b = 1\n", "src/core.py": "c = 1\n"}
BAD = {"pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\nomit = ["main.py"]\n', **_FILES}
GOOD = {"pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\nomit = ["src/main.py"]\n', **_FILES}


# Names that stand in many folders by design.
_EVERYWHERE = frozenset({"conftest.py", "setup.py", "manage.py", "_version.py", "version.py", "tests.py"})


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each bare name with several files, and for each pattern that leaves nothing."""
    for one in declared_exclusions.omissions(facts.declared, facts.head):
        is_measured = declared_exclusions.measured_by(one.component, facts.head)
        matched = facts.head.select(both(one.wanted, is_measured))
        # Most patterns match one file or none.
        if len(matched) > 1 and len(matched) == len(declared_exclusions.sources(one.component, facts.head)):
            yield _nothing_left(one, len(matched))
        elif _is_name(one.word.string) and len(matched) > 1:
            yield _finding(one, matched)


def _is_name(pattern: str) -> bool:
    special = pattern.startswith(("__", "test")) or pattern in _EVERYWHERE
    return not special and not any(character in pattern for character in "*?[/\\")


def _finding(one: Omission, matched: tuple[str, ...]) -> Finding:
    pattern = one.word.string
    return RULE.finding(
        f"{one.path}:{pattern}",
        f"the pattern `{pattern}` of `omit` in {one.path} matches {len(matched)} files: without a slash it counts"
        " at any depth",
        help="write the path of the file that is meant",
        location=Location(one.path, one.span),
        notes=[Note("left out", Location(path)) for path in matched[:10]],
    )


def _nothing_left(one: Omission, count: int) -> Finding:
    return RULE.finding(
        f"{one.path}:{one.word.string}",
        f"the pattern `{one.word.string}` of `omit` in {one.path} leaves out all {count} files that are measured, and"
        " coverage of nothing counts as 100%",
        help="limit the pattern to what must not be measured",
        location=Location(one.path, one.span),
        severity=Severity.ERROR,
    )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
