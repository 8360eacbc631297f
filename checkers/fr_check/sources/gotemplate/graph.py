"""The graph of what a template prints in which order."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.values import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fr_check.sources.gotemplate.values import Read, Value

    StepKind = Literal["text", "print", "trim", "join"]


class Step(NamedTuple):
    """One step: `kind` is text, print, trim or join; `block` the branch it stands in; offsets into the file."""

    kind: StepKind
    start: int
    end: int
    block: int
    value: Value = UNKNOWN


class Block(NamedTuple):
    """A branch of control structure `group`; its parent block holds the structure. The root has group -1."""

    parent: int
    group: int


class Stop(NamedTuple):
    """A place where Go stops executing, in a block: its error, in which `%s` stands for the text at the place."""

    block: int
    message: str
    start: int
    end: int


class Paths(NamedTuple):
    """The graph. `exhaustive[group]`: one of the group's branches is always taken; `firsts[group]` is its first block.

    Step 0 is the start, step `last` the end; `stops` are where paths end before it, and nothing is rendered.
    `spent` says what ran out where named templates call each other too often.
    """

    steps: list[Step]
    follows: list[list[int]]
    blocks: list[Block]
    exhaustive: list[bool]
    firsts: list[int]
    reads: tuple[Read, ...]
    last: int
    stops: tuple[Stop, ...] = ()
    spent: str = ""
