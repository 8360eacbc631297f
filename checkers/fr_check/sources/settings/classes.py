"""Classes, their bases and their merged configuration, as pydantic 2 would see them.

Configuration merges as in `pydantic._internal._config.ConfigWrapper.for_model`: every base in order (so the last one
wins, against the method resolution order), then `model_config` or `class Config`, then class keywords.
"""

from __future__ import annotations

import ast
import sys

from fr_check.sources.settings.evaluate import UNKNOWN, evaluate, returned_by
from fr_check.sources.settings.members import collect_fields, last_name
from fr_check.sources.settings.model import Refusal
from fr_check.sources.settings.modules import Defined, External, Scope, Value, class_scope
from fr_check.sources.settings.validators import prepared_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from fr_check.sources.settings.members import RawField
    from fr_check.sources.settings.modules import Binding, Module, Modules

# What pydantic_settings.BaseSettings sets itself; a base later in the list resets a prefix by these.
_SETTINGS_DEFAULTS: dict[str, Any] = {
    "env_prefix": "",
    "env_prefix_target": "variable",
    "env_nested_delimiter": None,
    "env_nested_max_split": None,
    "case_sensitive": False,
    "env_ignore_empty": False,
    "extra": "forbid",
}
# Where `env_file` is written: no key of pydantic's.
ENV_FILE_PLACE = "env_file "
_NAMING = ("env_prefix", "env_nested_delimiter", "case_sensitive")
_CUSTOMISE = "settings_customise_sources"
_DICTS = {"SettingsConfigDict", "ConfigDict", "dict"}


class ClassInfo:
    """A class of the repository with everything inherited merged in.

    `settings`: instances read the environment; `model`: pydantic checks its annotations; `v1`: pydantic 1;
    `above`: names of classes from outside that it descends from; `complete`: every base, and every base's base, is
    known; `reads_environment` is False where `settings_customise_sources` leaves the environment out, `other_sources`
    says that it adds one, `unknown_sources` are those that cannot be resolved; `decodes_itself`: what a variable holds
    is read in its own way, not as JSON. `config` values may be UNKNOWN. `prepared` are fields whose value a validator
    sees first, `*` for all. `refused` is what pydantic raises for.
    """

    def __init__(self, node: ast.ClassDef, module: Module, outer: Mapping[str, Binding | None]) -> None:
        self.node = node
        self.module = module
        self.scope = class_scope(node, module, outer)
        self.bases: list[ClassInfo] = []
        self.above: set[str] = set()
        self.complete = True
        self.reads_environment = True
        self.other_sources = False
        self.decodes_itself = False
        self.unknown_sources: list[ast.expr] = []
        self.unresolved: list[ast.expr] = []
        self.settings = False
        self.model = False
        self.v1 = False
        self.config: dict[str, Any] = {}
        self.fields: dict[str, RawField] = {}
        self.untyped: list[RawField] = []
        self.prepared: set[str] = set()
        self.refused: list[Refusal] = []


class Hierarchy:
    """Classes of the modules, resolved once each."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        # Names of settings classes: one that extends such a name is one, though it cannot be told whose it is.
        self.suspects: set[str] = set()
        self._known: dict[int, ClassInfo] = {}

    def known(self) -> tuple[ClassInfo, ...]:
        """Every class resolved so far."""
        return tuple(self._known.values())

    def info(self, defined: Defined, depth: int = 0) -> ClassInfo | None:
        """The resolved class; None for a function, or below a hierarchy deeper than anybody writes."""
        if not isinstance(defined.node, ast.ClassDef) or depth > 40:  # noqa: PLR2004 - a bound, not a quantity
            return None
        key = id(defined.node)
        if key not in self._known:
            info = ClassInfo(defined.node, defined.module, defined.outer)
            self._known[key] = info
            self._inherit(info, depth)
            self._configure(info)
            inherited = [base.fields for base in info.bases]
            info.fields, info.untyped = collect_fields(
                info.node, info.scope, inherited, model=info.model, infers=info.v1
            )
        return self._known[key]

    def _inherit(self, info: ClassInfo, depth: int) -> None:
        for expression in info.node.bases:
            base = expression.value if isinstance(expression, ast.Subscript) else expression
            entity = self.modules.entity(base, Scope(info.module, {}, info.scope.outer))
            parent = self.info(entity, depth + 1) if isinstance(entity, Defined) else None
            if parent is not None and parent is not info:
                info.bases.append(parent)
                info.settings |= parent.settings
                info.model |= parent.model
                info.v1 |= parent.v1
                info.above |= parent.above
                info.prepared |= parent.prepared
                info.refused += parent.refused
                info.complete &= parent.complete
                info.reads_environment &= parent.reads_environment
                info.other_sources |= parent.other_sources
                info.decodes_itself |= parent.decodes_itself
                info.unknown_sources += parent.unknown_sources
                info.config.update(parent.config)
            elif isinstance(entity, External) and _is_library(entity):
                self._external(info, entity)
            else:
                info.unresolved.append(expression)
                info.complete = False
                info.settings |= last_name(base).endswith("Settings") or last_name(base) in self.suspects
                info.model |= info.settings
                info.config.update(dict.fromkeys(_NAMING, UNKNOWN))

    @staticmethod
    def _external(info: ClassInfo, entity: External) -> None:
        info.above.add(entity.tail)
        if entity.root not in {"pydantic", "pydantic_settings"}:
            return
        info.model = True
        if entity.tail == "BaseSettings":
            info.settings = True
            info.v1 |= entity.root == "pydantic"
            info.config.update(_SETTINGS_DEFAULTS)

    def _configure(self, info: ClassInfo) -> None:
        given: dict[str, ast.stmt] = {}
        for statement in info.node.body:
            info.prepared.update(prepared_fields(statement))
            if isinstance(statement, ast.FunctionDef) and statement.name == _CUSTOMISE:
                self._customise(info, statement)
            elif isinstance(statement, ast.ClassDef) and statement.name == "Config":
                self._merge(info, self._old_config(statement, info, 0))
                given["Config"] = statement
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                if any(isinstance(target, ast.Name) and target.id == "model_config" for target in targets):
                    config = self._dict(statement.value, info.scope, 0)
                    self._merge(info, config)
                    given |= {"model_config": statement} if config else {}
        for keyword in info.node.keywords:
            if keyword.arg is not None and keyword.arg != "metaclass":
                info.config[keyword.arg] = self._setting(keyword.arg, keyword.value, info.scope)
            if keyword.arg == "env_file":
                info.config[ENV_FILE_PLACE] = info.module.location(keyword)
        if len(given) > 1 and info.model and not info.v1:
            # pydantic/_internal/_config.py, ConfigWrapper.for_model: "config-both".
            message = "has both `class Config` and `model_config`, which pydantic does not allow"
            location = info.module.location(max(given.values(), key=lambda statement: statement.lineno))
            info.refused.append(Refusal(info.node.name, message, location))

    def _customise(self, info: ClassInfo, method: ast.FunctionDef) -> None:
        scope = Scope(info.module, {}, info.scope.outer)
        from fr_check.sources.settings.customised import sources_of  # noqa: PLC0415 - few classes have the method

        sources = sources_of(method, scope, self.modules, self.info)
        info.other_sources = sources.others
        info.decodes_itself |= sources.prepares
        info.reads_environment = sources.environment is not False
        if sources.unknown is not None:
            info.unknown_sources.append(sources.unknown)
            info.complete = False

    @staticmethod
    def _merge(info: ClassInfo, config: Mapping[str, Any] | None) -> None:
        info.config.update(dict.fromkeys(_NAMING, UNKNOWN) if config is None else config)

    def _old_config(self, node: ast.ClassDef, info: ClassInfo, depth: int) -> dict[str, Any]:
        config: dict[str, Any] = {}
        for base in node.bases:
            entity = self.modules.entity(base, info.scope)
            if isinstance(entity, Defined) and isinstance(entity.node, ast.ClassDef) and depth < 10:  # noqa: PLR2004 - a bound
                config.update(self._old_config(entity.node, info, depth + 1))
        methods = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
        info.decodes_itself |= "parse_env_var" in methods
        scope = class_scope(node, info.module, info.scope.outer)
        for name, value in scope.local.items():
            config[name] = UNKNOWN if value is None else self._setting(name, value.node, scope)
            if name == "env_file" and value is not None:
                config[ENV_FILE_PLACE] = scope.module.location(value.node)
        return config

    def _setting(self, name: str, node: ast.expr, scope: Scope) -> Any:
        return Value(node, scope) if name in {"alias_generator", "fields"} else evaluate(node, scope, self.modules)

    def _dict(self, node: ast.expr, scope: Scope, depth: int) -> dict[str, Any] | None:
        """A configuration dict; None where it cannot be known."""
        if depth > 20:  # noqa: PLR2004 - a bound
            return None
        if isinstance(node, ast.Dict):
            keys = [None if key is None else str(getattr(key, "value", "")) for key in node.keys]
            return self._pairs(list(zip(keys, node.values, strict=True)), scope, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._pairs([(None, node.left), (None, node.right)], scope, depth)
        if isinstance(node, ast.Call):
            return self._called_dict(node, scope, depth)
        return self._named_dict(node, scope, depth)

    def _called_dict(self, node: ast.Call, scope: Scope, depth: int) -> dict[str, Any] | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
            return self._dict(node.func.value, scope, depth + 1)
        entity = self.modules.entity(node.func, scope)
        if isinstance(entity, (Defined, Value)):
            returned = returned_by(entity, node, scope)
            return None if returned is None else self._dict(returned.node, returned.scope, depth + 1)
        if (entity.tail if isinstance(entity, External) else "") not in _DICTS:
            return None
        named = [(keyword.arg, keyword.value) for keyword in node.keywords]
        found = self._pairs([*((None, argument) for argument in node.args), *named], scope, depth)
        if found is not None:
            found.update((ENV_FILE_PLACE, scope.module.location(k)) for k in node.keywords if k.arg == "env_file")
        return found

    def _named_dict(self, node: ast.expr, scope: Scope, depth: int) -> dict[str, Any] | None:
        if isinstance(node, ast.Attribute) and node.attr == "model_config":
            owner = self.modules.entity(node.value, scope)
            if isinstance(owner, Defined):
                info = self.info(owner)
                return None if info is None else dict(info.config)
            known = isinstance(owner, External) and owner.tail == "BaseSettings"
            return dict(_SETTINGS_DEFAULTS) if known else None
        entity = self.modules.entity(node, scope)
        if isinstance(entity, Value) and entity.node is not node:
            return self._dict(entity.node, entity.scope, depth + 1)
        return None

    def _pairs(self, pairs: Iterable[tuple[str | None, ast.expr]], scope: Scope, depth: int) -> dict[str, Any] | None:
        config: dict[str, Any] = {}
        for name, value in pairs:
            if name is None:
                inner = self._dict(value, scope, depth + 1)
                config.update(dict.fromkeys(_NAMING, UNKNOWN) if inner is None else inner)
            else:
                config[name] = self._setting(name, value, scope)
                if name == "env_file":
                    config[ENV_FILE_PLACE] = scope.module.location(value)
        return config


def _is_library(entity: External) -> bool:
    return entity.root in {"pydantic", "pydantic_settings", "typing_extensions", "builtins"} or (
        entity.root in sys.stdlib_module_names
    )
