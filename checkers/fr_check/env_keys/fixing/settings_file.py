"""Edits of settings classes: a type, an alias, an entry of the configuration."""

from __future__ import annotations

import ast

from fr_check.core.edits import Edit, Refused
from fr_check.core.record import NamedTuple
from fr_check.edits.imports import import_names
from fr_check.edits.lines import insert_after
from fr_check.edits.python import class_at, fields, node_span, parsed
from fr_check.edits.python_calls import renamed, with_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location
    from fr_check.core.text import Text

_PLAIN = (bool, int, float, str)


class Aliased(NamedTuple):
    """The edits that make an alias of `env=`, and its names, the first of which a person would write."""

    edits: tuple[Edit, ...]
    names: tuple[str, ...]


def typed_as_its_value(text: Text, location: Location, name: str) -> Edit | Refused:
    """Annotates `name = 'eu'` with the type of what stands there."""
    for node in ast.walk(parsed(text)):
        if not isinstance(node, ast.Assign) or location.span is None or node.lineno != location.span.line:
            continue
        target = node.targets[0]
        if not isinstance(target, ast.Name) or target.id != name or len(node.targets) > 1:
            continue
        value = node.value.operand if isinstance(node.value, ast.UnaryOp) else node.value
        if name.isupper():
            return Refused(f"`{name}` is spelled as a constant: it may be meant as a ClassVar")
        if not isinstance(value, ast.Constant) or type(value.value) not in _PLAIN:
            return Refused("which type is meant is not known from the value")
        end = node_span(text, target)[1]
        return Edit(text.path, end, end, f": {type(value.value).__name__}")
    return Refused("the assignment is written in a way that is left to its author")


def ignoring_extra(text: Text, location: Location, name: str) -> Edit | Refused:
    """Adds `extra="ignore"` to what configures a class: `model_config`, or the `Config` inside it."""
    found = class_at(text, location.span.line) if location.span is not None else None
    if found is None or found.name != name:
        return Refused("the class is written in a way that is left to its author")
    for node in found.body:
        value = _configuration(node)
        if isinstance(value, ast.Call) and not any(one.arg in {"extra", None} for one in value.keywords):
            return with_argument(text, value, "extra", '"ignore"')
        if isinstance(value, ast.Dict):
            return _in_dictionary(text, value)
        if isinstance(node, ast.ClassDef) and node.name == "Config":
            return _in_class(text, node)
        if value is not None:
            break
    return Refused(f"what configures {name} does not stand in it, or says `extra` itself")


def _configuration(node: ast.stmt) -> ast.expr | None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    if any(isinstance(one, ast.Name) and one.id == "model_config" for one in targets):
        return node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    return None


def _in_dictionary(text: Text, value: ast.Dict) -> Edit | Refused:
    keys = {key.value if isinstance(key, ast.Constant) else None for key in value.keys}
    if not value.values or keys & {"extra", None}:
        return Refused("the configuration is empty, says `extra` itself, or takes in another one")
    last, end = value.values[-1], node_span(text, value)[1]
    at = node_span(text, last)[1]
    tail = text.string[at : end - 1]
    first = text.line(value.keys[-1].lineno)[: value.keys[-1].col_offset] if value.keys[-1] is not None else ""
    if not tail.strip(", \t\r\n") and not first.strip() and last.lineno != value.lineno:
        line = last.end_lineno or last.lineno
        comma = "" if "," in tail else ","
        edit = insert_after(text, line, f'{first}"extra": "ignore",')
        return edit if not comma else Refused("the last entry of the configuration has no comma")
    if tail.strip(", \t"):
        return Refused("the configuration is written in a way that is left to its author")
    return Edit(text.path, at, at, ', "extra": "ignore"')


def _in_class(text: Text, node: ast.ClassDef) -> Edit | Refused:
    names = {
        one.id
        for part in node.body
        if isinstance(part, ast.Assign)
        for one in part.targets
        if isinstance(one, ast.Name)
    }
    last = node.body[-1]
    indent = text.line(last.lineno)[: last.col_offset]
    if "extra" in names or indent.strip():
        return Refused("the configuration says `extra` itself, or stands on one line")
    return insert_after(text, last.end_lineno or last.lineno, f'{indent}extra = "ignore"')


def aliased(text: Text, location: Location) -> Aliased | Refused:
    """Turns `Field(env=...)` at a place into `validation_alias=...`, with the import that several names need."""
    left = Refused("the field is written in a way that is left to its author")
    every = [one for node in ast.walk(parsed(text)) if isinstance(node, ast.ClassDef) for one in fields(node)]
    field = next((one for one in every if location.span is not None and one.lineno == location.span.line), None)
    call = field.value if field is not None else None
    if not isinstance(call, ast.Call):
        return left
    given = {one.arg: one.value for one in call.keywords}
    if {"alias", "validation_alias", None} & given.keys():
        return Refused("the field has an alias, and which of the two is meant is not known")
    names = _names(given.get("env"))
    if not names:
        return left
    if isinstance(given["env"], ast.Constant):
        edit = renamed(text, call, "env", "validation_alias")
        return edit if isinstance(edit, Refused) else Aliased((edit,), names)
    start, end = node_span(text, given["env"])
    inner = text.string[start + 1 : end - 1].strip().rstrip(",")
    edit = renamed(text, call, "env", "validation_alias", f"AliasChoices({inner})")
    imported = import_names(text, "pydantic", "AliasChoices")
    if isinstance(edit, Refused) or isinstance(imported, Refused):
        return edit if isinstance(edit, Refused) else left
    return Aliased((*imported, edit), names)


def _names(value: ast.expr | None) -> tuple[str, ...]:
    parts = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
    names = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return tuple(names) if len(names) == len(parts) else ()
