"""The members of a class body as pydantic sees them: which annotations make fields, and which assignments do not."""

from __future__ import annotations

import ast

from checkers.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkers.sources.settings.classes import ClassInfo
    from checkers.sources.settings.modules import Scope


class RawField(NamedTuple):
    """A field as written: the annotation (None: missing), the assigned value, the statement that makes it a field."""

    name: str
    annotation: ast.expr | None
    value: ast.expr | None
    node: ast.stmt
    scope: Scope
    owner: str
    conditional: bool


def last_name(node: ast.expr) -> str:
    """`C` of `a.b.C` and of `C`; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def collect_fields(info: ClassInfo) -> None:
    """Fills `info.fields` and `info.untyped`: fields of the bases, the first base's last, then the class's own."""
    for base in reversed(info.bases):
        info.fields.update(base.fields)
    annotations: dict[str, tuple[ast.AnnAssign, bool]] = {}
    values: dict[str, ast.expr] = {}
    plain: dict[str, tuple[ast.Assign, bool]] = {}
    for statement, conditional in _members(info.node.body, conditional=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            annotations[statement.target.id] = (statement, conditional)
            if statement.value is not None:
                values[statement.target.id] = statement.value
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    values[target.id] = statement.value
                    plain[target.id] = (statement, conditional)
    for name, (node, conditional) in annotations.items():
        if not name.startswith("_") and name != "model_config":
            value = values.get(name)
            info.fields.pop(name, None)
            info.fields[name] = RawField(name, node.annotation, value, node, info.scope, info.node.name, conditional)
    if info.model:
        info.untyped = [
            RawField(name, None, node.value, node, info.scope, info.node.name, conditional)
            for name, (node, conditional) in plain.items()
            if name not in annotations and not name.startswith("_") and name != "model_config"
        ]


def _members(body: Iterable[ast.stmt], *, conditional: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Statements of a class body that run, each with whether that depends on a condition; nesting is bounded."""
    stack = [(iter(body), conditional)]
    while stack:
        statements, unsure = stack[-1]
        statement = next(statements, None)
        if statement is None:
            stack.pop()
        elif isinstance(statement, ast.If):
            checking = last_name(statement.test) == "TYPE_CHECKING"
            stack.append((iter(statement.orelse), unsure or not checking))
            # Annotations that only type checkers see make no field.
            stack.append((iter([] if checking else statement.body), True))
        elif isinstance(statement, (ast.Try, ast.With, ast.For, ast.While)):
            handlers = [inner for handler in getattr(statement, "handlers", []) for inner in handler.body]
            always = isinstance(statement, (ast.Try, ast.With))
            stack.append((iter(handlers), True))
            stack.append((iter(statement.body), unsure or not always))
        else:
            yield statement, unsure
