r"""The paths in a coverage report match no file of the repository, or several.

## What it finds

A report none of whose names is a file here, or some of whose names could be several files. Names are matched from
their end, and one replacement of their beginning must explain them all (`/app/src/a.py`, `C:\work\src\a.py` and
`src/a.py` are `apps/backend/src/a.py`). A name that two files explain equally well is never guessed.

## Why it matters

Paths that match nothing are the commonest reason for a gate that passes everything: lcov written in `apps/backend` and
read at the root covers no changed line, so the usual tool reports nothing and exits with 0.

## How to fix

Set `base-path` in `[tool.fr-check.coverage]` to the folder the tests ran in, or let the coverage tool write relative
paths (`relative_files = true`).

## What `--fix` does

Nothing: the data is made anew by a run of the tests.
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

_SOURCES = {"a/util.py": source(2), "b/util.py": source(2)}
BAD = {"coverage.lcov": lcov("util.py", "11"), **_SOURCES}
GOOD = {"coverage.lcov": lcov("a/util.py", "11") + lcov("b/util.py", "11"), **_SOURCES}
_SHOWN = 5


def check(facts: Facts) -> Iterator[Finding]:
    """Looks for reports whose names cannot be told."""
    for data in facts.measured.data:
        if not data.unmapped or data.severity is None:
            continue
        ambiguous = data.mapped.ambiguous
        if ambiguous:
            names = wording.some(list(ambiguous))
            message = f"{data.path} names {names}, which could be several files of this repository"
        else:
            names = wording.some(list(data.mapped.foreign))
            message = f"no name in {data.path} is a file of this repository: {names}"
        yield RULE.finding(
            data.path,
            message,
            help="set `base-path` in [tool.fr-check.coverage] to the folder the tests ran in; where reports come from"
            " several, give each a component with its `path` and `data`",
            location=data.location,
            notes=[
                Note(f"`{name}` could be this file", Location(path))
                for name, paths in list(ambiguous.items())[:1]
                for path in paths[:_SHOWN]
            ],
            severity=data.severity,
        )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
