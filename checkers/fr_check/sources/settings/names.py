"""Environment names of a field, as pydantic-settings' `_extract_field_info` (sources/base.py) gives them."""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple
from fr_check.sources.settings.annotations import in_class, read_annotation
from fr_check.sources.settings.evaluate import UNKNOWN, call
from fr_check.sources.settings.fields import default_of, read_field
from fr_check.sources.settings.model import Leaf
from fr_check.sources.settings.modules import External, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from fr_check.sources.settings.annotations import Annotated
    from fr_check.sources.settings.classes import ClassInfo, Hierarchy
    from fr_check.sources.settings.fields import FieldCall
    from fr_check.sources.settings.members import RawField
    from fr_check.sources.settings.modules import Modules

_MOST_LEAVES = 500
_DEEPEST = 8


class Unresolvable(Exception):  # noqa: N818 - carries a reason, is no error of ours
    """A name depends on something that is only known at run time; the argument says on what."""


class Naming(NamedTuple):
    """The configuration that decides names."""

    prefix: str
    target: str
    delimiter: str | None
    max_split: int | None
    case_sensitive: bool
    by_name: bool
    by_alias: bool

    @property
    def alias_prefix(self) -> str:
        """What stands before an alias."""
        return self.prefix if self.target in {"alias", "all"} else ""

    def spelled(self, name: str) -> str:
        """A name as it is written in an environment: in capitals where case does not matter."""
        return name if self.case_sensitive else name.upper()


def naming(config: Mapping[str, Any]) -> Naming:
    """Reads a class's merged configuration.

    Raises:
        Unresolvable: a part of it is only known at run time.
    """
    for key in ("env_prefix", "env_prefix_target", "env_nested_delimiter", "case_sensitive"):
        if config.get(key) is UNKNOWN:
            raise Unresolvable(f"`{key}` is only known at run time")
    by_alias = config.get("validate_by_alias")
    max_split = config.get("env_nested_max_split")
    return Naming(
        str(config.get("env_prefix") or ""),
        str(config.get("env_prefix_target") or "variable"),
        config.get("env_nested_delimiter") or None,
        max_split if isinstance(max_split, int) else None,
        config.get("case_sensitive") is True,
        config.get("populate_by_name") is True or config.get("validate_by_name") is True,
        by_alias is not False,
    )


def field_keys(raw: RawField, found: FieldCall, config: Mapping[str, Any], modules: Modules) -> tuple[str, ...]:
    """The aliases of a field, from the field or from the class's alias generator.

    Raises:
        Unresolvable: one is only known at run time.
    """
    if found.unknown:
        raise Unresolvable(found.unknown)
    if found.alias is not None:
        if found.alias.names is None:
            raise Unresolvable("its alias is only known at run time")
        return found.alias.names
    generator = config.get("alias_generator")
    if generator is UNKNOWN:
        raise Unresolvable("`alias_generator` is only known at run time")
    return _generated(raw.name, generator, modules) if isinstance(generator, Value) else ()


def _generated(name: str, generator: Value, modules: Modules) -> tuple[str, ...]:
    value = generator
    entity = modules.entity(generator.node, generator.scope)
    if isinstance(entity, Value):
        value = entity
    if isinstance(value.node, ast.Constant) and value.node.value is None:
        return ()
    if isinstance(value.node, ast.Call):
        arguments = {keyword.arg: Value(keyword.value, value.scope) for keyword in value.node.keywords}
        inner = arguments.get("validation_alias") or arguments.get("alias")
        if inner is not None:
            return _generated(name, inner, modules)
    if isinstance(entity, External) or (isinstance(value.node, ast.Attribute) and _owner(value.node) == "str"):
        tail = entity.tail if isinstance(entity, External) else getattr(value.node, "attr", "")
        known = _library_alias(name, tail)
    else:
        known = call(generator.node, name, generator.scope, modules)
    if not isinstance(known, str):
        raise Unresolvable("`alias_generator` is only known at run time")
    return (known,)


def _owner(node: ast.Attribute) -> str:
    return node.value.id if isinstance(node.value, ast.Name) else ""


def _library_alias(name: str, function: str) -> str | None:
    """What `str.upper` and pydantic.alias_generators make of a field's name."""
    if function in {"upper", "lower", "title", "capitalize"}:
        return str(getattr(name, function)())
    if function in {"to_camel", "to_pascal"} and name.islower():
        pascal = "".join(part.title() for part in name.split("_"))
        return pascal if function == "to_pascal" else pascal[:1].lower() + pascal[1:]
    return name if function == "to_snake" and name.islower() else None


def environment_names(field: str, keys: tuple[str, ...], rules: Naming) -> tuple[str, ...]:
    """The variables of a top-level field, in the order in which they are tried."""
    names = []
    if keys and rules.by_alias:
        names += [rules.alias_prefix + key for key in keys]
    if not names or rules.by_name:
        prefix = rules.prefix if rules.target in {"variable", "all"} else ""
        names.append(prefix + field)
    # Without aliases at validation, a variable by alias is read and then dropped; by_alias=False leaves none.
    return tuple(dict.fromkeys(rules.spelled(name) for name in names))


class Nested(NamedTuple):
    """What lies below a field whose value may be a model or a mapping, with a delimiter set."""

    leaves: tuple[Leaf, ...] = ()
    open_prefixes: tuple[str, ...] = ()
    dead_names: tuple[str, ...] = ()


def below(names: Iterable[str], annotation: Annotated, rules: Naming, hierarchy: Hierarchy) -> Nested:
    """Every variable that reaches into a nested value: `DB__URL` for `db: DB` and the delimiter `__`."""
    if not rules.delimiter:
        return Nested()
    found = _Below(tuple(f"{name}{rules.spelled(rules.delimiter)}" for name in names), rules, hierarchy)
    found.visit(annotation, (), 0)
    return Nested(tuple(found.leaves), tuple(found.open_prefixes), tuple(dict.fromkeys(found.dead)))


class _Below:
    """A walk over nested models; both depth and number are bounded, what lies beyond is an open key set."""

    def __init__(self, prefixes: tuple[str, ...], rules: Naming, hierarchy: Hierarchy) -> None:
        self.prefixes = prefixes
        self.rules = rules
        self.hierarchy = hierarchy
        self.leaves: list[Leaf] = []
        self.open_prefixes: list[str] = []
        self.dead: list[str] = []

    def spelled(self, path: tuple[str, ...]) -> tuple[str, ...]:
        joined = self.rules.spelled((self.rules.delimiter or "").join(path))
        return tuple(prefix + joined for prefix in self.prefixes)

    def visit(self, annotation: Annotated, path: tuple[str, ...], depth: int) -> None:
        kinds = annotation.kind.names
        beyond = depth > _DEEPEST or len(self.leaves) > _MOST_LEAVES
        if "mapping" in kinds or (annotation.opaque and not annotation.models) or (beyond and annotation.models):
            delimiter = self.rules.spelled(self.rules.delimiter or "")
            self.open_prefixes += self.prefixes if not path else (f"{n}{delimiter}" for n in self.spelled(path))
        if beyond:
            return
        for model in annotation.models:
            if not model.complete or model.config.get("extra") == "allow":
                delimiter = self.rules.spelled(self.rules.delimiter or "")
                self.open_prefixes += self.prefixes if not path else (f"{n}{delimiter}" for n in self.spelled(path))
            for raw in model.fields.values():
                self.field(raw, model, path, depth)

    def field(self, raw: RawField, model: ClassInfo, path: tuple[str, ...], depth: int) -> None:
        if raw.annotation is None:
            return
        annotation = read_annotation(raw.annotation, raw.scope, self.hierarchy)
        if annotation.class_var:
            return
        call_ = read_field(raw, annotation, self.hierarchy.modules)
        try:
            keys = field_keys(raw, call_, model.config, self.hierarchy.modules)
        except Unresolvable:
            self.open_prefixes += self.prefixes
            return
        own = naming({**model.config, "env_prefix": "", "case_sensitive": False, "env_nested_delimiter": None})
        segments = list(keys) if keys and own.by_alias else []
        if not segments or own.by_name:
            segments.append(raw.name)
        paths = [(*path, segment) for segment in segments]
        names = [name for one in paths if self.reachable(one) for name in self.spelled(one)]
        self.dead += [name for one in paths if not self.reachable(one) for name in self.spelled(one)]
        for one in paths:
            if self.reachable(one) and (annotation.models or annotation.opaque or "mapping" in annotation.kind.names):
                self.visit(annotation, one, depth + 1)
        if names and not annotation.models:
            location = raw.scope.module.location(raw.node)
            dotted = ".".join((*path, raw.name))
            kind = in_class(annotation.kind, raw.name, model, model.config)
            kind = kind._replace(bounds=kind.bounds + call_.bounds)
            written = raw.scope.module.source(raw.annotation)
            default = default_of(call_, self.hierarchy.modules)
            found = Leaf(dotted, tuple(names), default is None, kind, location, written, default, annotation.secret)
            self.leaves.append(found)

    def reachable(self, path: tuple[str, ...]) -> bool:
        """Whether splitting the rest of the variable's name gives this path back."""
        delimiter = self.rules.delimiter or ""
        limit = (self.rules.max_split or 0) - 1
        return delimiter.join(path).split(delimiter, limit) == list(path)
