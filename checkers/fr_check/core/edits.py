"""Changes of files as data: what a rule's fix is made of."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal, TypeAlias

    from fr_check.core.text import Text

    Applicability: TypeAlias = Literal["safe", "unsafe"]
    # The text of a file as it was judged; None where it could not be read, or is not in the working tree.
    TextOf: TypeAlias = Callable[[str], Text | None]

SAFE: Applicability = "safe"
"""The meaning stays, or changes only as the rule demands."""
UNSAFE: Applicability = "unsafe"
"""A person should look at it: something may come to mean something else."""


class Edit(NamedTuple):
    """Replaces [start, end) of a file's text by `text`; offsets count characters of the text as it was analysed."""

    path: str
    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """What cures one finding: edits that are applied all together or not at all.

    `remains` is what no edit can do and a person has to do besides, in words that stand alone. `link` is a path that is
    a symbolic link and becomes a file with the text it leads to. `unmarked` is a path that loses its byte order mark,
    which no offset of a text stands for.
    """

    applicability: Applicability
    edits: tuple[Edit, ...]
    remains: str = ""
    link: str = ""
    unmarked: str = ""


class Refused(NamedTuple):
    """Why a finding is not cured by an edit, in words that follow "not fixed: "."""

    reason: str
