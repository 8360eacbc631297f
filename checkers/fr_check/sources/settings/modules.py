"""Python modules as names and what they are bound to, without importing anything."""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple
from fr_check.sources.settings.syntax import assigned, flatten, parse_python, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_check.core.model import Location
    from fr_check.core.text import Text

    Resolve = Callable[[str, str, int], "Text | None"]

_DEPTH = 60


class Binding(NamedTuple):
    """One way a name gets its meaning at module level: a statement or expression, and for imports what is imported."""

    node: ast.AST
    imported: tuple[str, str | None, int] | None = None


class Names:
    """The names that a body of statements binds, in order, and what it imports with `*`."""

    def __init__(self, body: Iterable[ast.stmt]) -> None:
        self.bindings: dict[str, list[Binding]] = {}
        self.stars: list[tuple[str, int]] = []
        for statement in flatten(body):
            if statement.__class__ is not ast.Expr:  # binds nothing
                self._bind(statement)

    def _bind(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                module = alias.name if alias.asname else name
                self._add(name, Binding(statement, (module, None, 0)))
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if alias.name == "*":
                    self.stars.append((statement.module or "", statement.level))
                else:
                    source = (statement.module or "", alias.name, statement.level)
                    self._add(alias.asname or alias.name, Binding(statement, source))
        elif isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            self._add(statement.name, Binding(statement))
        else:
            for name, value in assigned(statement):
                self._add(name, Binding(value if value is not None else statement))

    def _add(self, name: str, binding: Binding) -> None:
        self.bindings.setdefault(name, []).append(binding)


class Module:
    """A parsed file; `bindings` are those at module level."""

    def __init__(self, text: Text, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        names = Names(tree.body)
        self.bindings = names.bindings
        self.stars = names.stars

    def location(self, node: ast.AST) -> Location:
        """Where a node stands, in characters (ast counts UTF-8 bytes)."""
        return self.text.at(span_of(self.text, node))

    def source(self, node: ast.AST) -> str:
        """A node as written, on one line and not at great length."""
        span = span_of(self.text, node)
        start, end = self.text.offsets(span)
        return " ".join(self.text.string[start:end].split())[:200]


class External(NamedTuple):
    """A name from outside the repository, such as `pydantic.Field` or `builtins.str`."""

    qualified: str

    @property
    def tail(self) -> str:
        """The last part."""
        return self.qualified.rpartition(".")[2]

    @property
    def root(self) -> str:
        """The first part."""
        return self.qualified.partition(".")[0]


class Defined(NamedTuple):
    """A class or function of the repository; `outer` is that of its `Scope`."""

    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    module: Module
    outer: Mapping[str, Binding | None] = {}


class Value(NamedTuple):
    """An expression and the scope it is to be read in."""

    node: ast.expr
    scope: Scope


class Scope(NamedTuple):
    """Where names are looked up: local expressions first (a class body, a function's arguments), then the module.

    Between the two are the names of the functions around a class; None for one that is bound more than once.
    """

    module: Module
    local: Mapping[str, Value | None] = {}
    outer: Mapping[str, Binding | None] = {}


Entity = External | Defined | Value | Module | None


class Modules:
    """Every module that is reachable from one file. `resolve(importer, module, level)` finds a module's text."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.parsed: dict[str, Module | None] = {}
        self.fuel = 0
        self._active: set[tuple[str, str]] = set()
        self._members: dict[tuple[str, str], Entity] = {}

    def load(self, text: Text) -> Module | None:
        """The parsed module, or None for one that is no Python; parsed once."""
        if text.path not in self.parsed:
            tree = parse_python(text)
            self.parsed[text.path] = Module(text, tree) if isinstance(tree, ast.Module) else None
        return self.parsed[text.path]

    def find(self, importer: Module, name: str, level: int) -> Module | None:
        """A module of the repository by its import."""
        text = self.resolve(importer.text.path, name, level)
        return None if text is None else self.load(text)

    def entity(self, node: ast.expr, scope: Scope, depth: int = 0) -> Entity:
        """What an expression names; None where that cannot be known."""
        if depth > _DEPTH:
            return None
        if isinstance(node, ast.Name):
            return self._name(node.id, scope, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.entity(node.value, scope, depth + 1), node, scope, depth)
        return Value(node, scope)

    def _name(self, name: str, scope: Scope, depth: int) -> Entity:
        if name in scope.local:
            return self._follow(scope.local[name], depth)
        if name in scope.outer:
            binding = scope.outer[name]
            return None if binding is None else self._bound(scope.module, binding, depth, scope.outer)
        return self.member(scope.module, name, depth)

    def _follow(self, value: Entity, depth: int) -> Entity:
        if isinstance(value, Value) and isinstance(value.node, (ast.Name, ast.Attribute)):
            return self.entity(value.node, value.scope, depth + 1)
        return value

    def member(self, module: Module, name: str, depth: int = 0) -> Entity:
        """What a module-level name is bound to; None where several bindings disagree."""
        key = (module.text.path, name)
        if key in self._members:
            return self._members[key]
        if key in self._active or depth > _DEPTH:
            return None
        self._active.add(key)
        found = self._member(module, name, depth)
        self._active.discard(key)
        if found is not None or not self._active:
            self._members[key] = found
        return found

    def _member(self, module: Module, name: str, depth: int) -> Entity:
        bindings = module.bindings.get(name, [])
        values = [binding for binding in bindings if isinstance(binding.node, ast.expr)]
        if len(values) > 1 or any(isinstance(binding.node, _REBINDING) for binding in bindings):
            return None
        entities = (self._bound(module, binding, depth) for binding in bindings)
        found = next((entity for entity in entities if entity is not None), None)
        if found is not None or bindings:
            return found
        return self._starred(module, name, depth)

    def _starred(self, module: Module, name: str, depth: int) -> Entity:
        for source, level in module.stars:
            other = self.find(module, source, level)
            if other is not None and (found := self.member(other, name, depth + 1)) is not None:
                if not (isinstance(found, External) and found.root == "builtins"):
                    return found
            elif other is None and name in _STARRED.get(source, ()):
                return External(f"{source}.{name}")
        return External(f"builtins.{name}")

    def _bound(
        self, module: Module, binding: Binding, depth: int, outer: Mapping[str, Binding | None] | None = None
    ) -> Entity:
        node = binding.node
        if binding.imported is not None:
            source, name, level = binding.imported
            return self._imported(module, source, name, level, depth)
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            return Defined(node, module, outer or {})
        if isinstance(node, ast.expr):
            return self._follow(Value(node, Scope(module, {}, outer or {})), depth)
        return None

    def _imported(self, module: Module, source: str, name: str | None, level: int, depth: int) -> Entity:
        other = self.find(module, source, level)
        if name is None:
            return other or External(source)
        if other is not None:
            return self._inside(other, name, depth) or self.find(module, f"{source}.{name}" if source else name, level)
        submodule = self.find(module, f"{source}.{name}" if source else name, level)
        if submodule is not None:
            return submodule
        return None if level else External(f"{source}.{name}")

    def _inside(self, module: Module, name: str, depth: int) -> Entity:
        """What a module holds under a name: what it binds, what its star imports bring, a module of its folder."""
        if name in module.bindings:
            return self.member(module, name, depth + 1)
        found = self.member(module, name, depth + 1) if module.stars else None
        if found is not None and not (isinstance(found, External) and found.root == "builtins"):
            return found
        return self.find(module, name, 1) if module.text.path.endswith("__init__.py") else None

    def _attribute(self, base: Entity, node: ast.Attribute, scope: Scope, depth: int) -> Entity:
        if isinstance(base, External):
            qualified = f"{base.qualified}.{node.attr}"
            return self.find(scope.module, qualified, 0) or External(qualified)
        if isinstance(base, Module):
            return self._inside(base, node.attr, depth)
        if isinstance(base, Defined) and isinstance(base.node, ast.ClassDef):
            body = class_scope(base.node, base.module, base.outer)
            value = body.local.get(node.attr)
            return self._follow(value, depth) if value is not None else Value(node, scope)
        return Value(node, scope)


# What `from ... import *` brings that matters here.
_STARRED = {
    "pydantic_settings": {"BaseSettings", "SettingsConfigDict", "NoDecode", "ForceDecode"},
    "pydantic": {
        "AliasChoices", "AliasGenerator", "AliasPath", "BaseModel", "ConfigDict", "Field", "Json", "RootModel",
        "SecretBytes", "SecretStr", "Secret", "PositiveInt", "NonNegativeInt", "PrivateAttr",
    },
    "typing": {"Annotated", "ClassVar", "Dict", "Final", "Generic", "List", "Literal", "Optional", "Set", "Union"},
}  # fmt: skip
_REBINDING = (ast.AugAssign, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Delete)


def class_scope(node: ast.ClassDef, module: Module, outer: Mapping[str, Binding | None] | None = None) -> Scope:
    """The scope inside a class body: its own assignments, then what is around it; two to one name are not known."""
    local: dict[str, Value | None] = {}
    scope = Scope(module, local, outer or {})
    for statement in flatten(node.body):
        for name, value in assigned(statement):
            local[name] = Value(value, scope) if value is not None and name not in local else None
    return scope
