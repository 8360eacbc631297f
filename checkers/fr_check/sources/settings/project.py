"""The settings classes of many files that import each other: each file is parsed, and each class resolved, once."""

from __future__ import annotations

import ast

from fr_check.core.model import Problem
from fr_check.sources.settings.build import build_class
from fr_check.sources.settings.calls import instantiations
from fr_check.sources.settings.classes import ClassInfo, Hierarchy
from fr_check.sources.settings.inner import inner_classes
from fr_check.sources.settings.members import last_name
from fr_check.sources.settings.model import SettingsFile
from fr_check.sources.settings.modules import Defined, Module, Modules
from fr_check.sources.settings.syntax import parse_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.settings.calls import Calls
    from fr_check.sources.settings.modules import Resolve

_BASE = "BaseSettings"


class Project:
    """Files that may import each other. `resolve(importer, module, level)` finds the text of an import."""

    def __init__(self, resolve: Resolve) -> None:
        self.modules = Modules(resolve)
        self.hierarchy = Hierarchy(self.modules)
        self._read: dict[str, tuple[object, SettingsFile]] = {}

    def read(self, text: Text) -> SettingsFile:
        """The settings classes that a file defines, or imports and instantiates; never raises.

        Of classes that extend each other the last is one, and each that the file itself makes an instance of. A file is
        only read again where more has been resolved since: what another one extends is no class of its own.
        """
        resolved, found = self._read.get(text.path, (None, None))
        if found is None or resolved != self._resolved():
            found = self._classes_of(text)
            self._read[text.path] = self._resolved(), found
        return found

    def _resolved(self) -> tuple[int, int, int]:
        """How much is known: it only grows."""
        return len(self.modules.parsed), len(self.hierarchy.known()), len(self.hierarchy.suspects)

    def _classes_of(self, text: Text) -> SettingsFile:
        module = self.module(text)
        if isinstance(module, Problem):
            return SettingsFile((), (module,), (text.path,))
        hierarchy = self.hierarchy
        inner = [
            info for defined in inner_classes(module) if (info := hierarchy.info(defined)) is not None and info.settings
        ]
        calls, computed = instantiations(module, hierarchy, {info.node.name: info for info in inner})
        classes = [
            build_class(info, overrides, hierarchy)
            for info in self._classes(module, calls, inner)
            for overrides in (calls.get(id(info.node)) or [()])
        ]
        return SettingsFile((*classes, *computed), (), tuple(self.modules.parsed))

    def module(self, text: Text) -> Module | Problem:
        """A file, parsed; what keeps it from being parsed otherwise."""
        known = self.modules.parsed.get(text.path)
        if known is not None:
            return known
        tree = parse_python(text)
        if isinstance(tree, Problem):
            self.modules.parsed[text.path] = None
            return tree
        module = self.modules.parsed[text.path] = Module(text, tree)
        return module

    def descendants(self, text: Text) -> tuple[ClassInfo, ...]:
        """The classes of a file, within functions too, that descend from pydantic's BaseSettings.

        Or that extend what is called like one that does, where it cannot be told which one is meant.
        """
        module = self.module(text)
        if isinstance(module, Problem):
            return ()
        inner = (info for defined in inner_classes(module) if (info := self.hierarchy.info(defined)) is not None)
        found = (info for info in (*self._defined(module), *inner) if info.settings)
        descending = tuple(info for info in found if _BASE in info.above or self._is_suspect(info))
        self.hierarchy.suspects.update(info.node.name for info in descending)
        return descending

    def _is_suspect(self, info: ClassInfo) -> bool:
        return any(last_name(base) in self.hierarchy.suspects for base in info.unresolved)

    def _classes(self, module: Module, calls: Calls, inner: list[ClassInfo]) -> list[ClassInfo]:
        """Classes to report: those that nothing known extends, and all that are instantiated in the file."""
        own = [info for info in self._defined(module) if info.settings] + inner
        parents = {id(base.node) for info in self.hierarchy.known() if info.settings for base in info.bases}
        kept = [info for info in own if id(info.node) not in parents or id(info.node) in calls]
        known = {id(info.node) for info in kept}
        others = [info for info in self.hierarchy.known() if id(info.node) in calls and id(info.node) not in known]
        return kept + [info for info in others if info.settings]

    def _defined(self, module: Module) -> Iterator[ClassInfo]:
        for bindings in module.bindings.values():
            for binding in bindings:
                if isinstance(binding.node, ast.ClassDef):
                    info = self.hierarchy.info(Defined(binding.node, module))
                    if info is not None:
                        yield info
