"""Types of fields, as far as they decide which variables a field takes and what a string may become."""

from __future__ import annotations

import ast
import builtins

from fr_check.core import python_syntax
from fr_check.core.record import NamedTuple
from fr_check.sources.settings.bounds import BOUNDED, STRICT, bounds_of
from fr_check.sources.settings.evaluate import UNKNOWN, evaluate
from fr_check.sources.settings.model import Kind
from fr_check.sources.settings.modules import Defined, External, Scope, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from fr_check.sources.settings.classes import ClassInfo, Hierarchy
    from fr_check.sources.settings.model import Bound

_DEPTH = 40
_NESTED = 8  # sequences in sequences
_SCALARS = {
    "str": "str", "SecretStr": "str", "StrictStr": "str", "constr": "str", "LiteralString": "str",
    "int": "int", "PositiveInt": "int", "NegativeInt": "int", "NonNegativeInt": "int", "NonPositiveInt": "int",
    "StrictInt": "int", "conint": "int",
    "float": "float", "PositiveFloat": "float", "NegativeFloat": "float", "NonNegativeFloat": "float",
    "NonPositiveFloat": "float", "StrictFloat": "float", "confloat": "float", "FiniteFloat": "float",
    "bool": "bool", "StrictBool": "bool",
    "Decimal": "decimal", "condecimal": "decimal",
    "bytes": "bytes", "SecretBytes": "bytes",
    "None": "none", "NoneType": "none",
}  # fmt: skip
_SEQUENCES = {
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple", "Sequence", "MutableSequence",
    "AbstractSet", "MutableSet", "deque", "Deque", "conlist", "conset",
}  # fmt: skip
_TUPLES = {"tuple", "Tuple"}
_STRICT = {"StrictInt", "StrictFloat", "StrictBool"}
# Types that refuse an empty text; what else they refuse is not known here.
_FILLED = {
    "Json",
    "timedelta", "datetime", "date", "time", "UUID", "UUID1", "UUID3", "UUID4", "UUID5", "FilePath", "ByteSize",
    "AwareDatetime", "NaiveDatetime", "PastDatetime", "FutureDatetime", "PastDate", "FutureDate", "EmailStr",
    "IPv4Address", "IPv6Address", "IPvAnyAddress", "IPv4Network", "IPv6Network", "IPvAnyNetwork",
    "AnyUrl", "AnyHttpUrl", "HttpUrl", "FileUrl", "FtpUrl", "AnyWebsocketUrl", "WebsocketUrl", "PostgresDsn",
    "RedisDsn", "MySQLDsn", "MariaDBDsn", "MongoDsn", "AmqpDsn", "KafkaDsn", "NatsDsn", "CockroachDsn",
    "ClickHouseDsn", "SnowflakeDsn",
}  # fmt: skip
# Of which more is known: a length of time, an identifier, a URL by how its scheme begins.
_WRITTEN = {
    "timedelta": "duration", "UUID": "uuid", "UUID1": "uuid", "UUID3": "uuid", "UUID4": "uuid", "UUID5": "uuid",
    "AnyUrl": "url", "HttpUrl": "url http", "AnyHttpUrl": "url http", "FileUrl": "url file", "FtpUrl": "url ftp",
    "WebsocketUrl": "url ws", "AnyWebsocketUrl": "url ws", "PostgresDsn": "url postgres", "RedisDsn": "url redis",
    "MongoDsn": "url mongodb", "AmqpDsn": "url amqp", "MySQLDsn": "url mysql",
}  # fmt: skip
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"}
_SECRETS = {"SecretStr", "SecretBytes", "Secret"}
_PREPARING = {"BeforeValidator", "PlainValidator", "WrapValidator"}
_ENUMS = {"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"}
_INTEGERS = {"int", "IntEnum", "IntFlag"}
# With one of these, a member is found by something else than its value.
_ENUM_HOOKS = {"_missing_", "__new__", "_generate_next_value_"}


class Annotated(NamedTuple):
    """What an annotation says. `metadata` are the arguments of the outermost Annotated, in order.

    `class_var`, `final`: wrapped in ClassVar, Final. `models` are the pydantic models a value may become; `opaque`
    is set where a class that cannot be read may be among them.
    """

    kind: Kind
    metadata: tuple[Value, ...]
    class_var: bool = False
    final: bool = False
    secret: bool = False
    models: tuple[ClassInfo, ...] = ()
    opaque: bool = False


class _Collector:
    """What was seen while walking over a type."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self.hierarchy = hierarchy
        self.modules = hierarchy.modules
        self.names: list[str] = []
        self.literals: list[object] = []
        self.members: list[tuple[str, object]] = []
        self.bounds: list[Bound] = []
        self.items: list[Value] = []
        self.annotated = False
        self.models: list[ClassInfo] = []
        self.secret = False
        self.opaque = False

    def other(self) -> None:
        self.names.append("other")

    def kind(self, depth: int = 0) -> Kind:
        """What was seen as one type."""
        names = tuple(dict.fromkeys(self.names))
        inner = _items(self, depth) if len(self.items) == 1 else None
        # Of a union, pydantic-settings reads the text as JSON first, and a strict member takes what comes of it.
        bounds = tuple(bound for bound in self.bounds if bound != STRICT or len(names) == 1)
        return Kind(names, tuple(self.literals), members=tuple(self.members), bounds=bounds, items=inner)


def read_annotation(node: ast.expr, scope: Scope, hierarchy: Hierarchy) -> Annotated:
    """Reads an annotation: wrappers from the outside in, then the type itself."""
    metadata: list[Value] = []
    class_var = final = False
    value = Value(node, scope)
    for _ in range(_DEPTH):
        value = _unquoted(value)
        wrapper, inner, rest = _wrapper(value, hierarchy)
        if inner is None:
            break
        class_var |= wrapper == "ClassVar"
        final |= wrapper == "Final"
        if wrapper == "Annotated":
            # The inner layer's metadata comes first, as typing flattens it.
            metadata[:0] = [Value(item, value.scope) for item in rest]
        value = inner
    collector = _Collector(hierarchy)
    _walk(value, collector)
    decoded = not any(_names_no_decode(item, hierarchy) for item in metadata)
    prepared = any(_prepares(item, hierarchy) for item in metadata)
    for item in metadata:
        called = _external_tail(hierarchy.modules.entity(getattr(item.node, "func", item.node), item.scope))
        if called != "Field":  # fields.py reads those, for a later one overrides an earlier one
            collector.bounds += bounds_of(item.node, called, item.scope, hierarchy.modules)
    return Annotated(
        collector.kind()._replace(decoded=decoded, prepared=prepared),
        tuple(metadata),
        class_var,
        final,
        collector.secret,
        tuple(collector.models),
        collector.opaque,
    )


def in_class(kind: Kind, field: str, info: ClassInfo, config: Mapping[str, Any]) -> Kind:
    """The kind of a field with what its class says: validators that see the value first, numbers that become text."""
    coerces = info.v1 or bool(config.get("coerce_numbers_to_str"))
    prepared = kind.prepared or bool(info.prepared & {field, "*"})
    return kind._replace(prepared=prepared, items=None if coerces else kind.items)


def _items(outer: _Collector, depth: int) -> Kind | None:
    """The kind of the items of the only sequence or mapping; None where a validator may come before it."""
    structures = [name for name in outer.names if name in {"sequence", "mapping"}]
    if len(structures) != 1 or depth > _NESTED:
        return None
    inner = _Collector(outer.hierarchy)
    _walk(outer.items[0], inner)
    return None if inner.annotated else inner.kind(depth + 1)


def _unquoted(value: Value) -> Value:
    """A string annotation as the expression it stands for."""
    node = value.node
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        unquoted = python_syntax.expression(node.value)
        return value if unquoted is None else Value(unquoted, value.scope)
    return value


def _wrapper(value: Value, hierarchy: Hierarchy) -> tuple[str, Value | None, list[ast.expr]]:
    """The outermost wrapper (ClassVar, Final, Annotated, an alias), what is inside, and further arguments."""
    node = value.node
    entity = hierarchy.modules.entity(node, value.scope)
    if isinstance(entity, Value) and entity.node is not node:
        return "alias", entity, []
    if isinstance(node, ast.Subscript):
        name = _external_tail(hierarchy.modules.entity(node.value, value.scope))
        arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in {"ClassVar", "Final", "Annotated"} and arguments:
            return name, Value(arguments[0], value.scope), list(arguments[1:])
    elif _external_tail(entity) in {"ClassVar", "Final"}:
        return _external_tail(entity), Value(ast.Constant(value=...), value.scope), []
    return "", None, []


def _names_no_decode(item: Value, hierarchy: Hierarchy) -> bool:
    return _external_tail(hierarchy.modules.entity(item.node, item.scope)) == "NoDecode"


def _prepares(item: Value, hierarchy: Hierarchy) -> bool:
    node = item.node.func if isinstance(item.node, ast.Call) else item.node
    return _external_tail(hierarchy.modules.entity(node, item.scope)) in _PREPARING


def _external_tail(entity: object) -> str:
    return entity.tail if isinstance(entity, External) else ""


def _walk(start: Value, found: _Collector) -> None:
    """Collects the members of a union, however it is written; the stack is explicit and bounded."""
    stack = [(start, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > _DEPTH or len(found.names) > 1000:  # noqa: PLR2004 - a bound
            found.other()
            continue
        value = _unquoted(value)
        node = value.node
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            stack += ((Value(side, value.scope), depth + 1) for side in (node.right, node.left))
        elif isinstance(node, ast.Constant):
            found.names.append("none" if node.value is None else "other")
        elif isinstance(node, ast.Subscript):
            stack += ((inner, depth + 1) for inner in reversed(_subscript(node, value.scope, found)))
        elif isinstance(node, ast.Call):
            entity = found.modules.entity(node.func, value.scope)
            _named(entity, found)
            found.bounds += bounds_of(node, _external_tail(entity), value.scope, found.modules)
        else:
            entity = found.modules.entity(node, value.scope)
            if isinstance(entity, Value) and entity.node is not node:
                stack.append((entity, depth + 1))
            else:
                _named(entity, found)


def _subscript(node: ast.Subscript, scope: Scope, found: _Collector) -> list[Value]:
    """Notes a generic type, or returns the members that stand for it."""
    entity = found.modules.entity(node.value, scope)
    arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    tail = _external_tail(entity)
    if tail == "Optional":
        found.names.append("none")
    if tail in {"Optional", "Union"}:
        return [Value(argument, scope) for argument in arguments]
    if tail in {"Annotated", "Final", "Required"}:
        found.annotated |= tail == "Annotated"
        return [Value(argument, scope) for argument in arguments[:1]]
    if tail == "Literal":
        literals = [evaluate(argument, scope, found.modules) for argument in arguments]
        plain = all(isinstance(literal, (str, bytes, int, bool, type(None))) for literal in literals)
        found.literals += literals if plain else []
        found.names.append("literal" if plain else "other")
        return []
    _named(entity, found)
    found.items += (Value(node, scope) for node in _inside(tail, arguments))
    return []


def _inside(generic: str, arguments: list[ast.expr]) -> list[ast.expr]:
    """What the items of a generic type are: `list[X]`, `tuple[X, ...]`, `dict[K, X]`; nothing for any other."""
    repeated = len(arguments) > 1 and isinstance(arguments[1], ast.Constant) and arguments[1].value is ...
    if generic in _SEQUENCES and (len(arguments) == 1 or repeated) and (repeated or generic not in _TUPLES):
        return arguments[:1]
    return arguments[1:] if generic in _MAPPINGS and len(arguments) == 2 else []  # noqa: PLR2004 - key and value


def _named(entity: object, found: _Collector) -> None:
    """Notes a type given by its name."""
    if isinstance(entity, External):
        tail = entity.tail
        found.secret |= tail in _SECRETS
        if tail in _SCALARS:
            found.names.append(_SCALARS[tail])
            found.bounds += [BOUNDED[tail]] if tail in BOUNDED else [STRICT] if tail in _STRICT else []
        elif tail in _SEQUENCES:
            found.names.append("sequence")
        elif tail in _MAPPINGS:
            found.names.append("mapping")
        else:
            # What no scope that is looked at defines is taken for a builtin: a class within a class, for one.
            defined = entity.root != "builtins" or hasattr(builtins, tail)
            known = {"pydantic", "builtins", "typing", "pathlib", "datetime", "uuid"}
            found.opaque |= entity.root not in known or not defined
            found.names.append(_WRITTEN.get(tail, "filled" if tail in _FILLED else "other"))
        return
    info = found.hierarchy.info(entity) if isinstance(entity, Defined) else None
    if info is None:
        found.opaque = True
        found.other()
    elif info.above & _ENUMS:
        _enum(info, found)
    elif info.model or any(_is_dataclass(item) for item in info.node.decorator_list):
        found.models.append(info)
        found.names.append("model")
    else:
        # What a class inherits from outside may make a model of it.
        found.opaque |= not info.complete
        found.other()


def _enum(info: ClassInfo, found: _Collector) -> None:
    """Members by value, as pydantic looks them up: text by itself, and digits only where the class is an `int` too."""
    bodies = (statement for above in (info, *info.bases) for statement in above.node.body)
    methods = {statement.name for statement in bodies if isinstance(statement, ast.FunctionDef)}
    members = [(name, value) for name, value in info.scope.local.items() if not name.startswith("_")]
    values: list[Any] = []
    for _, value in members:
        values.append(UNKNOWN if value is None else evaluate(value.node, value.scope, found.modules))
    integers = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    if not values or methods & _ENUM_HOOKS or not (integers or all(isinstance(value, str) for value in values)):
        found.other()
        return
    found.literals += values
    found.members += zip((name for name, _ in members), values, strict=True)
    found.names.append("integers" if integers and info.above & _INTEGERS else "literal")


def _is_dataclass(decorator: ast.expr) -> bool:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "dataclass"
