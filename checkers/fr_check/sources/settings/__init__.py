"""pydantic-settings classes, read with `ast` and never imported: fields, the variables that fill them, defaults.

The meaning is that of pydantic 2 and pydantic-settings 2 (`pydantic_settings/sources/base.py`); `from pydantic import
BaseSettings` gives version 1's. What only running the code could tell is reported as unresolved, never guessed.

    syntax.py       statements with places
    modules.py      files, imports, names
    inner.py        classes inside functions
    evaluate.py     constant expressions
    classes.py      bases, merged configuration
    members.py      fields as written
    calls.py        which classes are made, and how
    annotations.py  types
    fields.py       Field(...) calls and aliases
    names.py        environment names, nested models
    build.py        a class -> SettingsClass
    model.py        what comes out
"""

from __future__ import annotations

import ast

from fr_check.core.model import Problem
from fr_check.sources.settings.build import build_class
from fr_check.sources.settings.calls import instantiations
from fr_check.sources.settings.classes import ClassInfo, Hierarchy
from fr_check.sources.settings.inner import inner_classes
from fr_check.sources.settings.model import (
    Default,
    Kind,
    Leaf,
    Refusal,
    Setting,
    SettingsClass,
    SettingsFile,
    Unresolved,
    Untyped,
)
from fr_check.sources.settings.modules import Defined, Module, World
from fr_check.sources.settings.syntax import parse_python, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.settings.calls import Calls
    from fr_check.sources.settings.modules import Resolve

__all__ = [
    "Default",
    "Kind",
    "Leaf",
    "Refusal",
    "Setting",
    "SettingsClass",
    "SettingsFile",
    "Unresolved",
    "Untyped",
    "parse",
    "parse_python",
    "span_of",
]


def parse(text: Text, resolve: Resolve | None = None) -> SettingsFile:
    """Reads the settings classes that a file defines, or imports and instantiates; never raises.

    Args:
        text: the file.
        resolve: finds the text of an imported module of the repository: `resolve(importer, module, level)` with the
            importing file's path, the dotted name, and the number of leading dots. None: not in the repository.
    """
    tree = parse_python(text)
    if isinstance(tree, Problem):
        return SettingsFile((), (tree,), (text.path,))
    world = World(resolve or (lambda _importer, _module, _level: None))
    module = Module(text, tree)
    world.modules[text.path] = module
    hierarchy = Hierarchy(world)
    inner = [
        info for defined in inner_classes(module) if (info := hierarchy.info(defined)) is not None and info.settings
    ]
    calls, computed = instantiations(module, hierarchy, {info.node.name: info for info in inner})
    classes = [
        build_class(info, overrides, hierarchy)
        for info in _classes(module, hierarchy, calls, inner)
        for overrides in (calls.get(id(info.node)) or [()])
    ]
    return SettingsFile((*classes, *computed), (), tuple(world.modules))


def _classes(module: Module, hierarchy: Hierarchy, calls: Calls, inner: list[ClassInfo]) -> list[ClassInfo]:
    """Classes to report: those of the file that nothing else in it extends, and all that are instantiated in it."""
    own = [info for info in _defined(module, hierarchy) if info.settings] + inner
    parents = {id(base.node) for info in own for base in info.bases}
    kept = [info for info in own if id(info.node) not in parents or id(info.node) in calls]
    known = {id(info.node) for info in kept}
    others = [info for info in hierarchy.known() if id(info.node) in calls and id(info.node) not in known]
    return kept + [info for info in others if info.settings]


def _defined(module: Module, hierarchy: Hierarchy) -> Iterator[ClassInfo]:
    for bindings in module.bindings.values():
        for binding in bindings:
            if isinstance(binding.node, ast.ClassDef):
                info = hierarchy.info(Defined(binding.node, module))
                if info is not None:
                    yield info
