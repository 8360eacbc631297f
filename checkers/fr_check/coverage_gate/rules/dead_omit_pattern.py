"""A pattern of `omit` matches no file.

## What it finds

A pattern in coverage's `omit`, anchored in the project (it does not begin with a wildcard), that matches no tracked
file. It is a warning where a file of that name lies deeper and is measured, so that the pattern was meant for it: a
pattern with a slash must match the whole path from the folder coverage runs in, so `models/__init__.py` does not match
`src/models/__init__.py`.

## Why it matters

What was to be left out is measured after all, or the pattern is left over from a file that is gone and will silently
omit a new one of that name.

## How to fix

Write the path from the folder coverage runs in, or begin with `*/`; delete what is left over.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Location, Note, Rule, Severity
from fr_check.core.names import ending
from fr_check.coverage_gate.declared import exclusions as declared_exclusions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.exclusions import Omission
    from fr_check.coverage_gate.facts import Facts

BAD = {
    "pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\nomit = ["models/__init__.py"]\n',
    "src/models/__init__.py": "",
}
GOOD = {
    "pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\nomit = ["src/models/__init__.py"]\n',
    "src/models/__init__.py": "",
}


# Files that are made by tools, or by others, and are not tracked where a pattern for them is right.
_MADE: tuple[str, ...] = ("site-packages", "dist-packages", "venv", ".tox", ".nox", ".env", "env/", "build/", "dist/")
_MADE += (".eggs", "virtualenv", "_version.py", "version.py", "_pb2", "__about__", "generated", "/usr", "node_modules")
_MADE += ("$", "~")


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each pattern that is anchored and matches nothing."""
    found = [*declared_exclusions.omissions(facts.declared, facts.head)]
    for one in found:
        pattern = one.word.string
        anchored = "/" in pattern and not pattern.startswith(("*", "?", "/"))
        if anchored and not any(word in pattern for word in _MADE) and not facts.head.any(one.wanted):
            yield _finding(one, found)


def _finding(one: Omission, every: list[Omission]) -> Finding:
    pattern = one.word.string
    inside = f"{one.component.folder}/" if one.component.folder else ""
    # A file that another pattern leaves out anyway is not what this one fails to.
    deeper = next((path for path in _deeper(one) if not any(other.wanted(path) for other in every)), None)
    meant = f": {deeper} lies deeper, and a pattern with a slash counts from `{inside or './'}`" if deeper else ""
    return RULE.finding(
        f"{one.path}:{pattern}",
        f"the pattern `{pattern}` of `omit` in {one.path} matches no file{meant}",
        help=f"write `{_meant(one)}`" if deeper else "delete it",
        location=Location(one.path, one.span),
        notes=[Note("what it was probably meant for", Location(deeper))] if deeper else [],
        severity=Severity.WARNING if deeper else Severity.INFO,
        group=f"patterns of `omit` in {one.path} that match no file",
    )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes the path of the only file that may be meant, or a pattern for all of that name; else takes it out."""
    from fr_check.edits.options import remove_word  # noqa: PLC0415 - only to cure

    text, span = text_of(finding.location.path), finding.location.span
    every = declared_exclusions.omissions(facts.declared, facts.head)
    one = next((found for found in every if Location(found.path, found.span) == finding.location), None)
    if text is None or span is None or one is None:
        return None
    deeper = _deeper(one)
    if not deeper:
        edit = remove_word(text, span)
        return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))
    start, end = text.offsets(span)
    at = text.string.find(one.word.string, start, end)
    return Fix(UNSAFE, (Edit(text.path, at, at + len(one.word.string), _meant(one)),)) if at >= 0 else None


def _meant(one: Omission) -> str:
    """The path of the only file that may be meant, or a pattern for all of that name."""
    deeper = _deeper(one)
    inside = f"{one.component.folder}/" if one.component.folder else ""
    return deeper[0].removeprefix(inside) if len(deeper) == 1 else f"*/{one.word.string.removeprefix('./')}"


def _deeper(one: Omission) -> list[str]:
    """The files of that name further down."""
    tail = f"/{one.word.string.removeprefix('./')}"
    inside = f"{one.component.folder}/" if one.component.folder else ""
    return [path for path in one.repository.select(ending(tail)) if path.startswith(inside)]


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
