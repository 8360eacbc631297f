"""What a template consists of: actions, pipelines, and the flat list of nodes that the parser returns.

The tree is flat: a `Branch` opens, `Else` continues and `End` closes, like brackets. Ten thousand nested `if` are
thirty thousand entries of one tuple, and whoever walks it needs a stack of his own, not Python's.

Offsets of nodes count characters of the file. Offsets inside a `Pipeline` (`at`, `end` of operands and variables) count
from the node's `start`, because equal actions share one parsed pipeline; `Action.place` adds the two.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    BranchKind = Literal["if", "with", "range", "define", "block"]

    JumpKind = Literal["break", "continue"]


class Operand(NamedTuple):
    """One word of a command.

    `kind` is string, number, bool, nil, dot, field, variable, function or pipeline. `value` is the decoded string, the
    number as written, the variable with its `$`, the function's name, or the inner `Pipeline` of parentheses.
    `fields` are the names of the chain behind it: `.Data.data.K` is a field with three, `$x.K` a variable with one.
    """

    kind: str
    value: str | Pipeline
    fields: tuple[str, ...]
    at: int
    end: int


class Variable(NamedTuple):
    """A variable that a pipeline declares or assigns, with its `$`."""

    name: str
    at: int


class Pipeline(NamedTuple):
    """`$x := command | command`: each command is a tuple of operands, never empty."""

    variables: tuple[Variable, ...]
    assigns: bool
    commands: tuple[tuple[Operand, ...], ...]


class Words(NamedTuple):
    """Literal text between actions, as rendered: offsets after trimming."""

    start: int
    end: int


class Trim(NamedTuple):
    """A trim marker that ate at least one newline: where the marker (`{{-` or `-}}`) stands."""

    start: int
    end: int


class Action(NamedTuple):
    """`{{ pipeline }}`: prints its value, unless it declares or assigns."""

    start: int
    end: int
    pipeline: Pipeline


class Branch(NamedTuple):
    """`{{ if }}`, `{{ with }}`, `{{ range }}` (`kind`), and `{{ define "name" }}` and `{{ block "name" pipeline }}`."""

    start: int
    end: int
    kind: BranchKind
    pipeline: Pipeline | None
    name: str = ""


class Else(NamedTuple):
    """`{{ else }}`, or `{{ else if }}` and `{{ else with }}` when `kind` is not empty."""

    start: int
    end: int
    kind: str = ""
    pipeline: Pipeline | None = None


class End(NamedTuple):
    """`{{ end }}`."""

    start: int
    end: int


class Jump(NamedTuple):
    """`{{ break }}` and `{{ continue }}` (`kind`)."""

    start: int
    end: int
    kind: JumpKind


class Call(NamedTuple):
    """`{{ template "name" pipeline }}`."""

    start: int
    end: int
    name: str
    pipeline: Pipeline | None


Node = Words | Trim | Action | Branch | Else | End | Jump | Call
