"""Reads of the environment in Python code, other than pydantic-settings: os, django-environ, environs, decouple, ...

Names are followed through imports and assignments within the file (`from os import environ as e`, `env = os.environ`);
a key that is no literal is counted as dynamic, never dropped. Writes (`os.environ["K"] = ...`) are no reads.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from checkers.core.model import Problem
from checkers.core.record import NamedTuple
from checkers.sources.settings.syntax import parse_python, span_of, walk

if TYPE_CHECKING:
    from checkers.core.model import Span
    from checkers.core.text import Text

# Plain words: a regular expression over every file of a backend takes longer than parsing the few that match.
_TRIGGERS = (
    "os.environ", "getenv", "os import", "import os as", "environs", "import environ", "environ import", "decouple",
    "dotenv_values", "envvar", "starlette.config",
)  # fmt: skip


def may_read(string: str) -> bool:
    """Whether a file can hold a read at all; "environment" in its prose does not make it so."""
    return any(word in string for word in _TRIGGERS)


class EnvRead(NamedTuple):
    """One read of a variable. `call` is the reading function; `optional`: the code names a default or copes."""

    key: str
    call: str
    optional: bool
    span: Span


class PythonReads(NamedTuple):
    """Reads in order of text; `dynamic` are reads whose key only running the code would tell."""

    reads: tuple[EnvRead, ...]
    dynamic: tuple[Span, ...]
    problems: tuple[Problem, ...]


# What an imported name is, by its full name. `mapping` answers [] and get, `function` is called with the key,
# `make:*` makes a reader, `module` is only a step on the way.
_KNOWN = {
    "os.environ": "mapping",
    "os.environb": "mapping",
    "os.getenv": "function",
    "os.getenvb": "function",
    "environ.Env": "make:django",
    "environ.FileAwareEnv": "make:django",
    "environs.Env": "make:environs",
    "environs.env": "environs",
    "decouple.config": "reader",
    "decouple.Config": "make:reader",
    "decouple.AutoConfig": "make:reader",
    "starlette.config.Config": "make:reader",
    "starlette.config.environ": "mapping",
    "dotenv.dotenv_values": "make:mapping",
}
_BINDING = (ast.Assign, ast.AnnAssign, ast.For, ast.comprehension)
_ASKED = frozenset((ast.Import, ast.ImportFrom, *_BINDING, ast.Call, ast.Subscript, ast.Compare))
_MAPPING_METHODS = {"get", "pop", "setdefault"}
# Methods of readers that read no variable.
_OTHER_METHODS = {
    "read_env", "read_envfile", "prefixed", "seal", "dump", "add_parser", "add_parser_from_field", "parser_for",
    "url_config", "db_url_config", "cache_url_config", "parse_value", "get_value_from_string", "smart_cast",
}  # fmt: skip
_IMPLIED = {
    "db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL",
    "email": "EMAIL_URL", "email_url": "EMAIL_URL", "search_url": "SEARCH_URL", "channels_url": "CHANNELS_URL",
}  # fmt: skip


class _Reader(NamedTuple):
    """What an expression is: one of the values of `_KNOWN`, with the prefix a reader puts before every key."""

    kind: str
    prefix: str = ""


def parse(text: Text) -> PythonReads:
    """Reads one Python file; never raises."""
    tree = parse_python(text)
    if isinstance(tree, Problem):
        return PythonReads((), (), (tree,))
    found = _Finder(text, tree)
    found.visit()
    return PythonReads(tuple(sorted(found.reads, key=lambda read: read.span)), tuple(sorted(found.dynamic)), ())


class _Finder:
    """Two passes: what names mean, then who reads."""

    def __init__(self, text: Text, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.modules: dict[str, str] = {}
        self.readers: dict[str, _Reader] = {}
        self.strings: dict[str, list[str] | None] = {}
        self.reads: list[EnvRead] = []
        self.dynamic: list[Span] = []
        self.nodes = [node for node in walk(tree) if node.__class__ in _ASKED]
        for node in self.nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
        binding = [node for node in self.nodes if isinstance(node, _BINDING)]
        # Aliases of aliases of aliases: nobody goes further.
        for _ in range(3):
            for node in binding:
                self._bind(node)

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                self.modules[alias.asname or name] = name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                qualified = f"{node.module}.{alias.name}"
                self.modules[alias.asname or alias.name] = qualified

    def _bind(self, node: ast.AST) -> None:
        """What an assignment or loop makes of a name."""
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, (ast.Name, ast.Attribute)):
                    self._assign(target, node.value)
        elif isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
            several = [self.keys(item) for item in getattr(node.iter, "elts", [])]
            known = [key for keys in several if keys is not None for key in keys]
            self._string(node.target.id, known if known and None not in several else None)

    def _assign(self, target: ast.Name | ast.Attribute, value: ast.expr) -> None:
        reader = self.reader(value)
        name = target.id if isinstance(target, ast.Name) else f".{target.attr}"
        if reader is not None and not reader.kind.startswith("module"):
            self.readers[name] = reader
        elif isinstance(target, ast.Name):
            literal = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
            self._string(name, None if literal is None else [literal])

    def _string(self, name: str, keys: list[str] | None) -> None:
        """A name bound to different things is not known."""
        self.strings[name] = keys if self.strings.get(name, keys) == keys else None

    def reader(self, node: ast.expr) -> _Reader | None:
        """What an expression is, or None."""
        if isinstance(node, ast.Name):
            return self.readers.get(node.id) or self._qualified(self.modules.get(node.id))
        if isinstance(node, ast.Attribute):
            path = self._path(node)
            return self.readers.get(f".{node.attr}") or self._qualified(path)
        if isinstance(node, ast.Call):
            return self._made(node)
        return None

    @staticmethod
    def _qualified(path: str | None) -> _Reader | None:
        kind = _KNOWN.get(path or "")
        return None if kind is None else _Reader(kind)

    def _path(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        root = self.modules.get(node.id) if isinstance(node, ast.Name) else None
        return None if root is None else ".".join([root, *reversed(parts)])

    def _made(self, node: ast.Call) -> _Reader | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
            return self.reader(node.func.value) if isinstance(node.func.value, (ast.Name, ast.Attribute)) else None
        if isinstance(node.func, ast.Name) and node.func.id == "dict" and len(node.args) == 1:
            return self.reader(node.args[0]) if isinstance(node.args[0], (ast.Name, ast.Attribute)) else None
        maker = self.reader(node.func) if not isinstance(node.func, ast.Call) else None
        if maker is None or not maker.kind.startswith("make:"):
            return None
        prefixes = [self.keys(keyword.value) for keyword in node.keywords if keyword.arg in {"env_prefix", "prefix"}]
        prefix = prefixes[0][0] if prefixes and prefixes[0] else ""
        return _Reader(maker.kind.removeprefix("make:"), prefix)

    def keys(self, node: ast.expr) -> list[str] | None:
        """The keys an expression may be, or None."""
        if isinstance(node, ast.Constant):
            value = node.value
            if isinstance(value, bytes):
                return [value.decode("utf-8", "replace")]
            return [value] if isinstance(value, str) else None
        return self.strings.get(node.id) if isinstance(node, ast.Name) else None

    def visit(self) -> None:
        """Every node, with the prefix that `with env.prefixed(...)` puts before keys inside it."""
        if "prefixed" not in self.text.string:
            for node in self.nodes:
                self._visit(node, "")
            return
        stack: list[tuple[ast.AST, str]] = [(self.tree, "")]
        while stack:
            node, prefix = stack.pop()
            if isinstance(node, (ast.With, ast.AsyncWith)):
                prefix += self._with_prefix(node)
            self._visit(node, prefix)
            stack += ((child, prefix) for child in ast.iter_child_nodes(node))

    def _visit(self, node: ast.AST, prefix: str) -> None:
        if isinstance(node, ast.Call):
            self._call(node, prefix)
        elif isinstance(node, ast.Subscript):
            reader = self.reader(node.value)
            if isinstance(node.ctx, ast.Load) and reader is not None and reader.kind == "mapping":
                self._read(node.slice, node, "os.environ[]", reader, optional=False)
        elif isinstance(node, ast.Compare):
            self._compare(node)

    def _with_prefix(self, node: ast.With | ast.AsyncWith) -> str:
        prefix = ""
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "prefixed":
                keys = self.keys(call.args[0]) if call.args else None
                prefix += keys[0] if keys else ""
        return prefix

    def _compare(self, node: ast.Compare) -> None:
        for operator, right in zip(node.ops, node.comparators, strict=True):
            reader = self.reader(right) if isinstance(operator, (ast.In, ast.NotIn)) else None
            if reader is not None and reader.kind == "mapping":
                self._read(node.left, node, "in os.environ", reader, optional=True)

    def _call(self, node: ast.Call, prefix: str) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            owner = self.reader(function.value)
            if owner is not None and owner.kind == "mapping" and function.attr in _MAPPING_METHODS:
                self._argument(node, f"os.environ.{function.attr}", owner, optional=True)
                return
            if owner is not None and owner.kind in {"django", "environs"} and function.attr not in _OTHER_METHODS:
                self._method(node, function.attr, owner._replace(prefix=owner.prefix + prefix))
                return
        reader = self.reader(function) if not isinstance(function, ast.Call) else None
        if reader is not None and reader.kind == "function":
            self._argument(node, "os.getenv", reader, optional=True)
        elif reader is not None and reader.kind in {"django", "environs", "reader"}:
            name = function.id if isinstance(function, ast.Name) else "config"
            called = reader._replace(prefix=reader.prefix + (prefix if reader.kind == "environs" else ""))
            self._argument(node, name, called, optional=_has_default(node))
        elif reader is not None and reader.kind == "make:django":
            self._declared(node, reader)
        self._envvar(node)

    def _method(self, node: ast.Call, method: str, owner: _Reader) -> None:
        if not node.args and method in _IMPLIED and not any(k.arg in {"var", "name"} for k in node.keywords):
            self._add(_IMPLIED[method], node, f"env.{method}", owner, optional=_has_default(node))
        else:
            self._argument(node, f"env.{method}", owner, optional=_has_default(node))

    def _declared(self, node: ast.Call, reader: _Reader) -> None:
        """django-environ's `Env(DEBUG=(bool, False))`."""
        for keyword in node.keywords:
            if keyword.arg and keyword.arg.isupper():
                self._add(keyword.arg, node, "Env", reader, optional=isinstance(keyword.value, ast.Tuple))

    def _envvar(self, node: ast.Call) -> None:
        """Click's and typer's `envvar="K"`."""
        for keyword in node.keywords:
            if keyword.arg == "envvar":
                items = keyword.value.elts if isinstance(keyword.value, (ast.List, ast.Tuple)) else [keyword.value]
                for item in items:
                    if not (isinstance(item, ast.Constant) and item.value is None):
                        self._read(item, item, "envvar", _Reader("function"), optional=True)

    def _argument(self, node: ast.Call, call: str, reader: _Reader, *, optional: bool) -> None:
        names = {"key", "var", "name", "varname", "default_key", "option"}
        named = (keyword.value for keyword in node.keywords if keyword.arg in names)
        key = node.args[0] if node.args else next(named, None)
        if key is not None:
            self._read(key, node, call, reader, optional=optional)

    def _read(self, key: ast.expr, node: ast.expr, call: str, reader: _Reader, *, optional: bool) -> None:
        keys = self.keys(key)
        if keys is None:
            self.dynamic.append(span_of(self.text, node))
        for name in keys or ():
            self._add(name, node, call, reader, optional=optional)

    def _add(self, key: str, node: ast.expr, call: str, reader: _Reader, *, optional: bool) -> None:
        if key:
            self.reads.append(EnvRead(reader.prefix + key, call, optional, span_of(self.text, node)))


def _has_default(node: ast.Call) -> bool:
    return len(node.args) > 1 or any(keyword.arg == "default" for keyword in node.keywords)
