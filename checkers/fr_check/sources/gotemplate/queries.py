"""Questions about nodes that the walk over them asks."""

from __future__ import annotations

from fr_check.sources.gotemplate.literals import quote
from fr_check.sources.gotemplate.nodes import Action, Branch, Call, End, Pipeline
from fr_check.sources.gotemplate.values import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.nodes import Node
    from fr_check.sources.gotemplate.values import Value

_LONGEST_VALUE, _MOST_PIECES = 4_000, 64


def as_call(node: Action) -> Call | None:
    """`{{ executeTemplate "name" . }}` is consul-template's way to write `{{ template "name" . }}`."""
    command = node.pipeline.commands[0]
    plain = len(node.pipeline.commands) == 1 and not node.pipeline.variables and command[0].kind == "function"
    named = len(command) in (2, 3) and command[1].kind == "string"
    if not plain or not named or command[0].value != "executeTemplate":
        return None
    pipeline = Pipeline((), assigns=False, commands=((command[2],),)) if len(command) > 2 else None  # noqa: PLR2004
    return Call(node.start, node.end, str(command[1].value), pipeline)


def assigned_in_loops(nodes: tuple[Node, ...]) -> frozenset[str]:
    """Variables whose value inside a loop may come from an earlier turn."""
    loops: list[bool] = []
    depth = 0
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Branch):
            loops.append(node.kind == "range")
            depth += loops[-1]
        elif isinstance(node, End):
            depth -= loops.pop()
        elif depth and isinstance(node, Action) and node.pipeline.assigns:
            found.add(node.pipeline.variables[0].name)
    return frozenset(found)


def missing(call: Call | Branch) -> str:
    """What Go says of a call of a template that is not defined."""
    return f"template {quote(call.name)} not defined"


def is_never(kind: str, pipeline: Pipeline | None) -> bool:
    """Whether a condition is written as one that never holds: `{{ if false }}` takes what is in it out."""
    if kind == "range" or pipeline is None or len(pipeline.commands) != 1 or len(pipeline.commands[0]) != 1:
        return False
    operand = pipeline.commands[0][0]
    return (operand.kind, operand.value) in {("bool", "false"), ("number", "0"), ("string", "")}


def is_long(value: Value) -> bool:
    """Whether a value is longer than any name or path, so that following it further is not worth the time."""
    return len(value.pieces) > _MOST_PIECES or len(literal(value) or "") > _LONGEST_VALUE
