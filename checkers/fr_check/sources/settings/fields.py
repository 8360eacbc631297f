"""`Field(...)` and what it says: default, aliases, extras; wherever it stands (assigned, or within Annotated)."""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple
from fr_check.sources.opaque import Opaque
from fr_check.sources.settings.bounds import bounds_of
from fr_check.sources.settings.evaluate import UNKNOWN, evaluate
from fr_check.sources.settings.model import Default
from fr_check.sources.settings.modules import Defined, External, Scope, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from fr_check.sources.settings.annotations import Annotated
    from fr_check.sources.settings.members import RawField
    from fr_check.sources.settings.model import Bound
    from fr_check.sources.settings.modules import Modules

_REQUIRED = {"PydanticUndefined", "Undefined", "Required"}
_FACTORIES: dict[str, Any] = {"list": [], "dict": {}, "set": set(), "tuple": (), "str": ""}


class Alias(NamedTuple):
    """Names a field takes instead of its own; None: not known. Values of `paths` are JSON that is looked into."""

    names: tuple[str, ...] | None
    paths: tuple[str, ...] = ()


class FieldCall(NamedTuple):
    """What all the `Field(...)` of a field say together; a later one overrides an earlier one.

    `default` is a Value, or None where none is given; `unknown`: a part of the call cannot be known.
    """

    default: Value | None = None
    factory: Value | None = None
    has_default: bool = False
    alias: Alias | None = None
    env: tuple[str, ...] = ()
    vault: bool = False
    unknown: str = ""
    bounds: tuple[Bound, ...] = ()


def read_field(raw: RawField, annotation: Annotated, modules: Modules) -> FieldCall:
    """Merges the calls within Annotated and the assigned one, or the assigned plain value."""
    call = FieldCall()
    for item in annotation.metadata:
        if is_field_call(item.node, item.scope, modules):
            call = _merge(call, item, modules)
    if raw.value is None:
        return call
    value = _followed(Value(raw.value, raw.scope), modules)
    if is_field_call(value.node, value.scope, modules):
        return _merge(call, value, modules)
    inlined = _inlined(value, modules)
    if inlined is not None:
        return _merge(call, inlined, modules)
    if _may_be_field(value, modules):
        return call._replace(unknown="the call cannot be followed", has_default=True, default=value)
    return _with_default(call, value, modules)


def is_field_call(node: ast.expr, scope: Scope, modules: Modules) -> bool:
    """Whether an expression calls pydantic's Field."""
    if not isinstance(node, ast.Call):
        return False
    entity = modules.entity(node.func, scope)
    return isinstance(entity, External) and entity.tail == "Field" and entity.root in {"pydantic", "builtins"}


def _followed(value: Value, modules: Modules) -> Value:
    entity = modules.entity(value.node, value.scope)
    return entity if isinstance(entity, Value) else value


def _inlined(value: Value, modules: Modules) -> Value | None:
    """The `Field(...)` that a helper function of the repository returns, with its parameters bound to the arguments."""
    node = value.node
    if not isinstance(node, ast.Call):
        return None
    entity = modules.entity(node.func, value.scope)
    if not isinstance(entity, Defined) or not isinstance(entity.node, ast.FunctionDef):
        return None
    body = [s for s in entity.node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    scope = Scope(entity.module, {}, entity.outer)
    local = _bound(entity.node.args, node, value.scope, scope)
    if local is None or not is_field_call(body[0].value, scope, modules):
        return None
    return Value(body[0].value, scope._replace(local=local))


def _bound(parameters: ast.arguments, node: ast.Call, scope: Scope, inner: Scope) -> dict[str, Value | None] | None:
    """Parameter -> argument; None for calls that spread, or for functions that collect, arguments."""
    positional = [*parameters.posonlyargs, *parameters.args]
    spread = any(isinstance(argument, ast.Starred) for argument in node.args)
    if spread or parameters.vararg or parameters.kwarg or len(node.args) > len(positional):
        return None
    local: dict[str, Value | None] = dict.fromkeys(parameter.arg for parameter in (*positional, *parameters.kwonlyargs))
    defaults = positional[len(positional) - len(parameters.defaults) :]
    for parameter, default in zip(defaults, parameters.defaults, strict=True):
        local[parameter.arg] = Value(default, inner)
    for parameter, default_or_none in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
        local[parameter.arg] = Value(default_or_none, inner) if default_or_none is not None else None
    for parameter, argument in zip(positional, node.args, strict=False):
        local[parameter.arg] = Value(argument, scope)
    for keyword in node.keywords:
        if keyword.arg not in local:
            return None
        local[keyword.arg] = Value(keyword.value, scope)
    return local


def _may_be_field(value: Value, modules: Modules) -> bool:
    """Whether a call that cannot be followed may well return a Field: by its name, or by what its body calls."""
    if not isinstance(value.node, ast.Call):
        return False
    entity = modules.entity(value.node.func, value.scope)
    if isinstance(entity, Defined):
        return not isinstance(entity.node, ast.ClassDef) and _names_field(
            entity.node, Scope(entity.module, {}, entity.outer), modules
        )
    if isinstance(entity, Value) and entity.node is not value.node.func:
        return _names_field(entity.node, entity.scope, modules)
    name = value.node.func.attr if isinstance(value.node.func, ast.Attribute) else getattr(value.node.func, "id", "")
    return "field" in name.lower()


def _names_field(node: ast.AST, scope: Scope, modules: Modules) -> bool:
    """Whether Field stands anywhere in a function, or in what a name is bound to: `partial(Field, ...)`."""
    inner = (child for child in ast.walk(node) if isinstance(child, (ast.Name, ast.Attribute)))
    entities = (modules.entity(child, scope) for child in inner)
    return any(isinstance(e, External) and e.tail == "Field" and e.root in {"pydantic", "builtins"} for e in entities)


def _with_default(call: FieldCall, value: Value, modules: Modules) -> FieldCall:
    if is_required_marker(value, modules):
        return call._replace(default=None, has_default=False, factory=None)
    return call._replace(default=value, has_default=True, factory=None)


def is_required_marker(value: Value, modules: Modules) -> bool:
    """`...` and PydanticUndefined stand for "no default"."""
    if isinstance(value.node, ast.Constant) and value.node.value is ...:
        return True
    entity = modules.entity(value.node, value.scope)
    return isinstance(entity, External) and entity.tail in _REQUIRED and entity.root.startswith("pydantic")


def _merge(call: FieldCall, value: Value, modules: Modules) -> FieldCall:
    node = value.node
    if not isinstance(node, ast.Call):
        return call
    arguments = dict(_arguments(node, value.scope, modules))
    if None in arguments:
        call = call._replace(unknown="its `**` arguments cannot be known")
    if "default" in arguments:
        call = _with_default(call, _followed(arguments["default"], modules), modules)
    if "default_factory" in arguments:
        call = call._replace(factory=arguments["default_factory"], default=None, has_default=True)
    for name in ("validation_alias", "alias"):
        given = arguments.get(name)
        if given is not None and not _is_none(given, modules):
            call = call._replace(alias=read_alias(given, modules))
            break
    bounds = {**dict(call.bounds), **dict(bounds_of(node, "Field", value.scope, modules))}
    call = call._replace(bounds=tuple(bounds.items()))
    if "env" in arguments:
        call = call._replace(env=_strings(evaluate(*_pair(arguments["env"]), modules)))
    if "json_schema_extra" in arguments:
        extra = evaluate(*_pair(arguments["json_schema_extra"]), modules)
        call = call._replace(vault=isinstance(extra, dict) and extra.get("vault") is True)
    return call


def _pair(value: Value) -> tuple[ast.expr, Scope]:
    return value.node, value.scope


def _is_none(value: Value, modules: Modules) -> bool:
    return evaluate(value.node, value.scope, modules) is None


def _arguments(node: ast.Call, scope: Scope, modules: Modules) -> Iterator[tuple[str | None, Value]]:
    """Keyword (or "default" for the first positional) -> value; None for a `**` that cannot be known."""
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield "default", Value(node.args[0], scope)
    elif node.args:
        yield None, Value(node.args[0], scope)
    for keyword in node.keywords:
        if keyword.arg is not None:
            yield keyword.arg, Value(keyword.value, scope)
            continue
        spread = _followed(Value(keyword.value, scope), modules)
        if isinstance(spread.node, ast.Dict) and all(_is_name(key) for key in spread.node.keys):
            for key, item in zip(spread.node.keys, spread.node.values, strict=True):
                yield str(getattr(key, "value", "")), Value(item, spread.scope)
        else:
            yield None, spread


def _is_name(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def read_alias(given: Value, modules: Modules) -> Alias:
    """A string, AliasChoices(...) or AliasPath(...), also behind a name; names None where one is not known."""
    value = _followed(given, modules)
    node = value.node
    if isinstance(node, ast.Call):
        entity = modules.entity(node.func, value.scope)
        tail = entity.tail if isinstance(entity, External) else ""
        if tail == "AliasPath":
            head = _choices(node.args[:1], value.scope, modules)
            return head._replace(paths=head.names or ()) if len(node.args) > 1 else head
        if tail == "AliasChoices":
            return _choices(node.args, value.scope, modules)
    literal = evaluate(node, value.scope, modules)
    return Alias((literal,)) if isinstance(literal, str) and literal else Alias(None)


def _choices(arguments: Iterable[ast.expr], scope: Scope, modules: Modules) -> Alias:
    names: list[str] = []
    paths: list[str] = []
    for argument in arguments:
        if isinstance(argument, ast.Starred):
            several = evaluate(argument.value, scope, modules)
            if not isinstance(several, (list, tuple)) or not all(isinstance(name, str) for name in several):
                return Alias(None)
            names += several
            continue
        inner = read_alias(Value(argument, scope), modules) if isinstance(argument, ast.Call) else None
        literal = evaluate(argument, scope, modules) if inner is None else None
        if inner is not None and inner.names:
            names += inner.names
            paths += inner.paths
        elif isinstance(literal, str):
            names.append(literal)
        else:
            entity = modules.entity(argument, scope)
            nested = read_alias(entity, modules) if isinstance(entity, Value) else Alias(None)
            if nested.names is None:
                return Alias(None)
            names += nested.names
            paths += nested.paths
    return Alias(tuple(names), tuple(paths)) if names else Alias(None)


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, (list, tuple)) else ()


def default_of(call: FieldCall, modules: Modules) -> Default | None:
    """The default of a field, None where it has none."""
    if not call.has_default:
        return None
    literal = default_literal(call, modules)
    return Default(None if literal is UNKNOWN else Opaque(repr(literal)))


def default_literal(call: FieldCall, modules: Modules) -> Any:
    """The default's value, or UNKNOWN."""
    if call.factory is not None:
        entity = modules.entity(call.factory.node, call.factory.scope)
        if isinstance(entity, External) and entity.root == "builtins" and entity.tail in _FACTORIES:
            return _FACTORIES[entity.tail]
        if isinstance(entity, Value) and isinstance(entity.node, ast.Lambda):
            return evaluate(entity.node.body, entity.scope, modules)
        return UNKNOWN
    if call.default is None:
        return UNKNOWN
    return _unwrapped(call.default, modules)


def _unwrapped(value: Value, modules: Modules) -> Any:
    """A literal, also inside `SecretStr("...")`."""
    node = value.node
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        entity = modules.entity(node.func, value.scope)
        if isinstance(entity, External) and entity.tail in {"SecretStr", "str", "int", "float", "Decimal", "Path"}:
            return evaluate(node.args[0], value.scope, modules)
    return evaluate(node, value.scope, modules)
