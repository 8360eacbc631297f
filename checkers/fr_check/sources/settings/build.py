"""A resolved class as facts."""

from __future__ import annotations

import ast

from fr_check.sources.opaque import Opaque
from fr_check.sources.settings.annotations import in_class, read_annotation
from fr_check.sources.settings.classes import ENV_FILE_PLACE
from fr_check.sources.settings.evaluate import evaluate
from fr_check.sources.settings.fields import default_of, is_field_call, read_field
from fr_check.sources.settings.model import Default, Leaf, Setting, SettingsClass, Unresolved, Untyped
from fr_check.sources.settings.names import Unresolvable, below, environment_names, field_keys, naming
from fr_check.sources.settings.version1 import env_in_config, names_of_version_1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from fr_check.core.model import Location
    from fr_check.sources.settings.annotations import Annotated
    from fr_check.sources.settings.classes import ClassInfo, Hierarchy
    from fr_check.sources.settings.fields import FieldCall
    from fr_check.sources.settings.members import RawField
    from fr_check.sources.settings.model import Kind
    from fr_check.sources.settings.modules import Modules
    from fr_check.sources.settings.names import Naming

_VALUE_CALLS = {"Field", "SecretStr", "str", "int", "float", "bool", "list", "dict", "set", "tuple", "getenv", "get"}


def build_class(info: ClassInfo, overrides: tuple[tuple[str, ast.expr], ...], hierarchy: Hierarchy) -> SettingsClass:
    """Everything known about a settings class; `overrides` are the `_env_prefix=...` of a call, without underscore."""
    modules = hierarchy.modules
    config = dict(info.config)
    for name, node in overrides:
        value = evaluate(node, info.scope, modules)
        if value is not None:
            config[name] = value
    location = info.module.location(info.node)
    unresolved = _unfound(info)
    rules: Naming | None = None
    try:
        rules = naming(config)
    except Unresolvable as reason:
        unresolved += (
            [] if info.unresolved else [Unresolved(info.node.name, str(reason), location, "unresolvable-prefix")]
        )
    settings = (_setting(raw, info, config, rules, hierarchy) for raw in info.fields.values())
    return SettingsClass(
        info.node.name,
        location,
        tuple(s if info.reads_environment else s._replace(names=()) for s in settings if s is not None),
        tuple(Untyped(raw.name, raw.owner, _place(raw)) for raw in info.untyped if _is_value(raw, modules)),
        tuple(unresolved),
        config.get("extra") == "allow",
        config.get("env_ignore_empty") is True,
        info.complete,
        tuple(dict.fromkeys(info.refused)),
        not info.v1 and config.get("env_file") is not None and _refuses_unknown(config),
        info.other_sources or config.get("secrets_dir") is not None,
        _env_files(config.get("env_file")),
        config.get(ENV_FILE_PLACE),
        config.get("secrets_dir") is not None,
    )


def _unfound(info: ClassInfo) -> list[Unresolved]:
    """The bases and sources of a class that are not in this repository."""
    module = info.module
    bases = [
        Unresolved(
            info.node.name,
            f"base class `{module.source(base)}` is not found from {module.text.path}",
            module.location(base),
        )
        for base in info.unresolved
    ]
    return bases + [
        Unresolved(
            info.node.name,
            f"the source `{module.source(source)}` is not found from {module.text.path}",
            module.location(source),
            "unresolvable-source",
        )
        for source in info.unknown_sources
    ]


def _env_files(value: Any) -> tuple[str, ...] | None:
    """What `env_file` names: one path or several."""
    if value is None:
        return ()
    several = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(several) if all(isinstance(name, str) for name in several) else None


def _refuses_unknown(config: Mapping[str, Any]) -> bool:
    return config.get("extra") == "forbid" and config.get("dotenv_filtering") is None


def _place(raw: RawField) -> Location:
    return raw.scope.module.location(raw.node)


def _setting(
    raw: RawField, info: ClassInfo, config: Mapping[str, Any], rules: Naming | None, hierarchy: Hierarchy
) -> Setting | None:
    """The facts of one field; None for an annotation that makes no field."""
    if raw.annotation is None:
        return None
    modules = hierarchy.modules
    annotation = read_annotation(raw.annotation, raw.scope, hierarchy)
    call = read_field(raw, annotation, modules)
    if annotation.class_var or (annotation.final and call.has_default):
        return None
    kind = in_class(_configured(_decoding(annotation.kind, info, config), config), raw.name, info, config)
    kind = kind._replace(bounds=kind.bounds + call.bounds)
    optional = info.v1 and "none" in kind.names
    setting = Setting(
        field=raw.name,
        owner=info.node.name,
        names=None,
        required=not call.has_default and not optional,
        default=_default(call, modules, optional=optional),
        kind=kind,
        annotation=raw.scope.module.source(raw.annotation),
        location=_place(raw),
        conditional=raw.conditional,
        vault=call.vault,
        secret=annotation.secret,
        case_sensitive=bool(rules and rules.case_sensitive),
        ignored_env=() if info.v1 else call.env or env_in_config(raw.name, config.get("fields"), modules),
        delegates=tuple(model.module.location(model.node) for model in annotation.models if model.settings),
    )
    if rules is None:
        return setting._replace(unresolved="the class's configuration is only known at run time")
    try:
        names, keys = _names(raw, call, info, config, rules, modules)
    except Unresolvable as reason:
        return setting._replace(unresolved=str(reason))
    paths = call.alias.paths if call.alias is not None and rules.by_alias and kind.decoded else ()
    setting = setting._replace(json_names=tuple(rules.spelled(rules.alias_prefix + path) for path in paths))
    return _with_names(setting, names, keys, annotation, config, rules, hierarchy)


def _decoding(kind: Kind, info: ClassInfo, config: Mapping[str, Any]) -> Kind:
    """A kind, and whether the text of a variable is read as JSON in this class."""
    # Whatever makes a value of the text, before pydantic sees it: another way than JSON.
    own = info.decodes_itself or (info.v1 and "json_loads" in config)
    decoded = kind.decoded and config.get("enable_decoding") is not False and not own
    return kind._replace(decoded=decoded, prepared=kind.prepared or own)


def _names(
    raw: RawField, call: FieldCall, info: ClassInfo, config: Mapping[str, Any], rules: Naming, modules: Modules
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if info.v1:
        return names_of_version_1(raw, call, config, rules, modules), ()
    keys = field_keys(raw, call, config, modules)
    return environment_names(raw.name, keys, rules), keys


def _with_names(  # noqa: PLR0917 - what a name depends on
    setting: Setting,
    names: tuple[str, ...],
    keys: tuple[str, ...],
    annotation: Annotated,
    config: Mapping[str, Any],
    rules: Naming,
    hierarchy: Hierarchy,
) -> Setting:
    nested = below(names, annotation, rules, hierarchy)
    from_file: tuple[str, ...] = ()
    # The .env reader strips the prefix from what it does not know, and so fills an alias by its prefixed name; the name
    # has become lower case by then, where case does not matter. It refuses what it does not know by default.
    filtering = config.get("dotenv_filtering")
    lenient = config.get("extra") != "forbid" and filtering != "only_existing"
    if rules.prefix and keys and (lenient or filtering == "match_prefix"):
        kept = (key for key in keys if rules.case_sensitive or key == key.lower())
        from_file = tuple(rules.spelled(rules.prefix + key) for key in kept)
    return setting._replace(
        names=names,
        dotenv_names=tuple(name for name in from_file if name not in names),
        open_prefixes=nested.open_prefixes,
        leaves=tuple(_leaf(leaf, config) for leaf in nested.leaves),
        dead_names=nested.dead_names,
    )


def _leaf(leaf: Leaf, config: Mapping[str, Any]) -> Leaf:
    # Then variables change the default of the model around it, and demand nothing that is in it.
    partial = config.get("nested_model_default_partial_update") is True
    return leaf._replace(kind=_configured(leaf.kind, config), required=leaf.required and not partial)


def _configured(kind: Kind, config: Mapping[str, Any]) -> Kind:
    """A kind with what the class says about the spelling of None and of enumerations."""
    null = config.get("env_parse_none_str")
    by_name = config.get("env_parse_enums", False) is not False
    return kind._replace(null=null if isinstance(null, str) else None, members=kind.members if by_name else ())


def _default(call: FieldCall, modules: Modules, *, optional: bool) -> Default | None:
    return default_of(call, modules) or (Default(Opaque("None")) if optional else None)


def _is_value(raw: RawField, modules: Modules) -> bool:
    """Whether an assignment without annotation is plainly a value, not a validator, property or other descriptor."""
    node = raw.value
    if isinstance(node, ast.Call):
        if is_field_call(node, raw.scope, modules):
            return True
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in _VALUE_CALLS
    plain = (ast.Constant, ast.List, ast.Dict, ast.Set, ast.Tuple, ast.JoinedStr, ast.BinOp, ast.UnaryOp)
    return isinstance(node, plain) and not _is_ellipsis(node)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
