"""The members of a class body as pydantic sees them: which annotations make fields, and which assignments do not."""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_check.sources.settings.modules import Scope


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


class Fields(NamedTuple):
    """The fields of a class by name, and the assignments that would be fields if they had an annotation."""

    typed: dict[str, RawField]
    untyped: list[RawField]


def collect_fields(
    node: ast.ClassDef, scope: Scope, bases: Sequence[Mapping[str, RawField]], *, model: bool, infers: bool = False
) -> Fields:
    """Fields of the bases, the first base's last, then the class's own; without a `model` nothing is untyped.

    `infers`: as in pydantic 1, a plain value without annotation makes a field of the value's type.
    """
    fields: dict[str, RawField] = {}
    for base in reversed(bases):
        fields.update(base)
    annotations: dict[str, tuple[ast.AnnAssign, bool]] = {}
    values: dict[str, ast.expr] = {}
    plain: dict[str, tuple[ast.Assign, bool]] = {}
    for statement, conditional in _members(node.body, conditional=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            annotations[statement.target.id] = (statement, conditional)
            if statement.value is not None:
                values[statement.target.id] = statement.value
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    values[target.id] = statement.value
                    plain[target.id] = (statement, conditional)
    for name, (made, conditional) in annotations.items():
        if not name.startswith("_") and name != "model_config":
            value = values.get(name)
            fields.pop(name, None)
            fields[name] = RawField(name, made.annotation, value, made, scope, node.name, conditional)
    if infers:
        for name, (written, conditional) in plain.items():
            inferred = _inferred(written.value)
            known = name in annotations or name.startswith("_") or name in {"Config", "model_config"}
            if inferred is not None and not known:
                annotation = fields[name].annotation if name in fields else inferred
                fields[name] = RawField(name, annotation, written.value, written, scope, node.name, conditional)
        plain = {}
    untyped = [
        RawField(name, None, written.value, written, scope, node.name, conditional)
        for name, (written, conditional) in plain.items()
        if model and name not in annotations and not name.startswith("_") and name != "model_config"
    ]
    return Fields(fields, untyped)


def _inferred(value: ast.expr) -> ast.expr | None:
    """The type of a plain value, as an annotation; None for what pydantic 1 leaves alone, such as a function."""
    kinds = {
        ast.List: "list", ast.Dict: "dict", ast.Set: "set", ast.Tuple: "tuple", ast.JoinedStr: "str",
    }  # fmt: skip
    name = kinds.get(type(value), "")
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    if isinstance(value, ast.Constant) and value.value is not None and value.value is not ...:
        name = type(value.value).__name__
    elif isinstance(value, (ast.BinOp, ast.Call, ast.BoolOp, ast.IfExp)) and not _is_method(value):
        name = "object"
    return ast.copy_location(ast.Name(name, ast.Load()), value) if name else None


def _is_method(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else value
    return last_name(called) in {"property", "classmethod", "staticmethod", "validator", "root_validator", "partial"}


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
