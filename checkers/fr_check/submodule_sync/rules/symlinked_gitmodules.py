""".gitmodules is a symbolic link.

## What it finds

A `.gitmodules` that is a symbolic link, in the working tree or as it is recorded.

## Why it matters

Git refuses to follow it when it reads the file (since 2.32), because a link could lead anywhere on the disk of whoever
checks out. To git the repository has no registered submodules, while tools that do follow it see some.

## How to fix

Replace the link by the file it leads to.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Example, ExampleSubmodule, Finding, Location, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example(
    {"modules": '[submodule "infra"]\n\tpath = infra\n\turl = ../infra.git\n'},
    submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),),
    symlinks={".gitmodules": "modules"},
)
GOOD = Example({}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding if it is one."""
    if facts.registered.symlink:
        yield RULE.finding(
            ".gitmodules",
            ".gitmodules is a symbolic link, which git refuses to read",
            help="replace the link by the file it leads to",
            location=Location(".gitmodules"),
        )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Puts a file with the same text in place of the link; what it led to stays, and may be read by others."""
    del facts
    path = finding.location.path
    if text_of(path) is None:
        return Refused(f"{path} leads to no file of this repository")
    return Fix(UNSAFE, (Edit(path, 0, 0, ""),), link=path)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
