"""Calls that make settings: which classes are instantiated and how, and classes that a call computes."""

from __future__ import annotations

import ast

from fr_check.sources.settings.model import SettingsClass, Unresolved
from fr_check.sources.settings.modules import Defined, External, Scope
from fr_check.sources.settings.syntax import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.sources.settings.classes import ClassInfo, Hierarchy
    from fr_check.sources.settings.modules import Module

Overrides = tuple[tuple[str, ast.expr], ...]
# Class, by the id of its statement -> for each distinct way it is called, the `_env_prefix=...` arguments.
Calls = dict[int, list[Overrides]]


def instantiations(
    module: Module, hierarchy: Hierarchy, inner: Mapping[str, ClassInfo]
) -> tuple[Calls, list[SettingsClass]]:
    """The settings classes that a file makes instances of, and those it makes by a call instead of a statement.

    `inner` are settings classes inside functions, by name.
    """
    found: Calls = {}
    computed: list[SettingsClass] = []
    scope = Scope(module)
    for node in walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        entity = hierarchy.modules.entity(node.func, scope)
        info = hierarchy.info(entity) if isinstance(entity, Defined) else None
        if info is None and isinstance(entity, External) and entity.root == "builtins":
            info = inner.get(entity.tail)
        if info is not None and info.settings:
            named = ((keyword.arg or "", keyword.value) for keyword in node.keywords)
            _add(found, module, info, tuple((name[1:], value) for name, value in named if name.startswith("_")))
        elif isinstance(entity, External) and entity.tail in {"create_model", "type"}:
            computed += _computed(node, module, hierarchy)
        for keyword in node.keywords:
            if keyword.arg == "default_factory":
                factory = hierarchy.modules.entity(keyword.value, scope)
                info = hierarchy.info(factory) if isinstance(factory, Defined) else None
                if info is not None and info.settings:
                    _add(found, module, info, ())
    return found, computed


def _add(found: Calls, module: Module, info: ClassInfo, overrides: Overrides) -> None:
    ways = found.setdefault(id(info.node), [])
    written = [(name, module.source(value)) for name, value in overrides]
    if not any(written == [(name, module.source(value)) for name, value in way] for way in ways):
        ways.append(overrides)


def _computed(node: ast.Call, module: Module, hierarchy: Hierarchy) -> Iterator[SettingsClass]:
    """A class that `create_model("Settings", __base__=BaseSettings, ...)` or `type(...)` makes of settings."""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "__base__"]
    given += node.args[1:2]
    bases = [base for value in given for base in (value.elts if isinstance(value, ast.Tuple) else [value])]
    if any(_is_settings(base, module, hierarchy) for base in bases):
        first = node.args[0] if node.args else None
        name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "a class"
        location = module.location(node)
        message = f"`{module.source(node.func)}(...)` makes a settings class, `{name}`"
        yield SettingsClass(
            name,
            location,
            (),
            unresolved=(Unresolved(name, message, location, "computed-settings-class"),),
            complete=False,
        )


def _is_settings(base: ast.expr, module: Module, hierarchy: Hierarchy) -> bool:
    entity = hierarchy.modules.entity(base, Scope(module))
    if isinstance(entity, External):
        return entity.tail == "BaseSettings" and entity.root in {"pydantic", "pydantic_settings"}
    info = hierarchy.info(entity) if isinstance(entity, Defined) else None
    return info is not None and info.settings
