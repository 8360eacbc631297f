"""What names mean in a Python file that may read the environment: imports, readers made and passed on, literal keys.

Names are followed through imports and assignments within the file (`from os import environ as e`, `env = os.environ`).
"""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple
from fr_check.sources.settings.syntax import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
    "environs.FileAwareEnv": "make:environs",
    "environs.env": "environs",
    "decouple.config": "reader",
    "decouple.Config": "make:reader",
    "decouple.AutoConfig": "make:reader",
    "starlette.config.Config": "make:reader",
    "starlette.config.environ": "mapping",
    "dotenv.dotenv_values": "make:mapping",
}
_BINDING = frozenset((
    ast.Assign, ast.AnnAssign, ast.For, ast.comprehension, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
))  # fmt: skip
# As many keys as one expression may stand for, and as many parts as it may be put together of.
_MOST_KEYS = 50
_MOST_PARTS = 20
_ASKED = frozenset((
    ast.Import, ast.ImportFrom, *_BINDING, ast.Call, ast.Subscript, ast.Compare, ast.BoolOp, ast.Expr,
    ast.NamedExpr,
))  # fmt: skip


class Reader(NamedTuple):
    """What an expression is: one of the values of `_KNOWN`, with the prefix a reader puts before every key."""

    kind: str
    prefix: str = ""


class Names:
    """The names of one file: modules by their full name, readers, and strings that a key may be.

    `nodes` are those that bind or may read; `named_keys` says whether the meaning of a key's name was asked for.
    """

    def __init__(self, tree: ast.Module, lines: Sequence[int] | None = None) -> None:
        """With `lines` (sorted), only statements that stand on one of them are looked at."""
        self.modules: dict[str, str] = {}
        self.readers: dict[str, Reader] = {}
        self.strings: dict[str, list[str] | None] = {}
        self.named_keys = False
        self._tree = tree
        # Of a name, the lines where it means something else; none before the module's own names are known.
        self._elsewhere: dict[str, tuple[tuple[int, int], ...]] | None = None
        # What functions are called with: the texts then stand in the calls.
        self.parameters: set[str] = set()
        self.nodes = [node for node in walk(tree, lines) if node.__class__ in _ASKED]
        for node in self.nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
        binding = [node for node in self.nodes if node.__class__ in _BINDING]
        # Aliases of aliases of aliases: nobody goes further.
        for _ in range(3):
            known = dict(self.readers), dict(self.strings)
            for node in binding:
                self._bind(node)
            if known == (self.readers, self.strings):
                break
        self._elsewhere = {}

    def of_readers(self) -> set[str]:
        """Names in this file that stand for readers, or for modules that have some."""
        roots = {known.partition(".")[0] for known in _KNOWN} - {"os"}
        imported = (name for name, path in self.modules.items() if path in _KNOWN or path.partition(".")[0] in roots)
        return {name.removeprefix(".") for name in (*self.readers, *imported)}

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
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._parameters(node.args)
        elif isinstance(node, ast.ClassDef):
            # `class Env(environ.Env)` makes readers as its base does.
            bases = (self.reader(base) for base in node.bases if isinstance(base, (ast.Name, ast.Attribute)))
            maker = next((base for base in bases if base is not None and base.kind.startswith("make:")), None)
            if maker is not None:
                own = [
                    one.value for one in node.body if isinstance(one, ast.Assign) and _names(one.targets[0], "prefix")
                ]
                keys = self.keys(own[-1]) if own else None
                self.readers[node.name] = maker._replace(prefix=keys[0]) if keys else maker

    def _parameters(self, arguments: ast.arguments) -> None:
        """`def load(env=os.environ)`: what is passed instead is taken to hold the same."""
        positional = [*arguments.posonlyargs, *arguments.args]
        self.parameters |= {argument.arg for argument in (*positional, *arguments.kwonlyargs)}
        defaults = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
        for argument, default in (*defaults, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
            reader = None if default is None else self.reader(default)
            if reader is not None and not reader.kind.startswith("make:"):
                self.readers[argument.arg] = reader

    def _assign(self, target: ast.Name | ast.Attribute, value: ast.expr) -> None:
        reader = self.reader(value)
        if _names(target, "prefix") and isinstance(target, ast.Attribute):
            self._prefixed(target.value, value)
        name = target.id if isinstance(target, ast.Name) else f".{target.attr}"
        if reader is not None and not reader.kind.startswith("module"):
            self.readers[name] = reader
        elif isinstance(target, ast.Name):
            literal = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
            self._string(name, None if literal is None else [literal])

    def _prefixed(self, owner: ast.expr, value: ast.expr) -> None:
        """django-environ's `env.prefix = "APP_"`."""
        reader, keys = self.reader(owner), self.keys(value)
        if reader is not None and reader.kind == "django" and keys and isinstance(owner, (ast.Name, ast.Attribute)):
            name = owner.id if isinstance(owner, ast.Name) else f".{owner.attr}"
            self.readers[name] = reader._replace(prefix=keys[0])

    def _string(self, name: str, keys: list[str] | None) -> None:
        """A name bound to different things is not known."""
        self.strings[name] = keys if self.strings.get(name, keys) == keys else None

    def reader(self, node: ast.expr) -> Reader | None:
        """What an expression is, or None."""
        if isinstance(node, ast.Name):
            own = self.readers.get(node.id)
            return self._qualified(self.modules.get(node.id)) if own is None or self._is_other(node) else own
        if isinstance(node, ast.Attribute):
            path = self._path(node)
            return self.readers.get(f".{node.attr}") or self._qualified(path) or self._method(node)
        if isinstance(node, ast.Call):
            return self._made(node)
        return self._merged(node)

    def _is_other(self, node: ast.Name) -> bool:
        """Whether a reader's name stands where it is bound to something else: `for name, env in jobs: env["x"]`."""
        if self._elsewhere is None:
            return False
        if node.id not in self._elsewhere:
            from fr_check.sources.python_scopes import elsewhere  # noqa: PLC0415 - few files have such readers

            self._elsewhere[node.id] = ()
            found = elsewhere(self._tree, node.id, self._is_reader)
            self._elsewhere[node.id] = tuple(found)
        return any(first <= node.lineno <= last for first, last in self._elsewhere[node.id])

    def _is_reader(self, node: ast.expr) -> bool:
        found = self.reader(node)
        return found is not None and not found.kind.startswith("make:")

    def _method(self, node: ast.Attribute) -> Reader | None:
        """`os.environ.get` under a name of its own."""
        plain = isinstance(node.value, ast.Name) or isinstance(getattr(node.value, "value", None), ast.Name)
        owner = self.reader(node.value) if node.attr == "get" and plain else None
        return Reader("function") if owner is not None and owner.kind == "mapping" else None

    def _merged(self, node: ast.expr) -> Reader | None:
        """`{**dotenv_values(".env"), **os.environ}`, and the same with `|`."""
        parts: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            parts = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            parts = [node.left, node.right]
        plain = (self.reader(part) for part in parts if isinstance(part, (ast.Name, ast.Attribute, ast.Call)))
        return next((found for found in plain if found is not None and found.kind == "mapping"), None)

    @staticmethod
    def _qualified(path: str | None) -> Reader | None:
        kind = _KNOWN.get(path or "")
        return None if kind is None else Reader(kind)

    def _path(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        root = self.modules.get(node.id) if isinstance(node, ast.Name) else None
        return None if root is None else ".".join([root, *reversed(parts)])

    def _made(self, node: ast.Call) -> Reader | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
            return self.reader(node.func.value) if isinstance(node.func.value, (ast.Name, ast.Attribute)) else None
        if isinstance(node.func, ast.Name) and node.func.id == "dict" and len(node.args) == 1:
            return self.reader(node.args[0]) if isinstance(node.args[0], (ast.Name, ast.Attribute)) else None
        maker = self.reader(node.func) if not isinstance(node.func, ast.Call) else None
        if maker is None or not maker.kind.startswith("make:"):
            return None
        prefixes = [self.keys(keyword.value) for keyword in node.keywords if keyword.arg in {"env_prefix", "prefix"}]
        prefix = prefixes[0][0] if prefixes and prefixes[0] else maker.prefix
        return Reader(maker.kind.removeprefix("make:"), prefix)

    def keys(self, node: ast.expr) -> list[str] | None:
        """The keys an expression may be, or None."""
        found = self._spelled(node)
        return None if any("*" in key for key in found) else found

    def pattern(self, node: ast.expr) -> str:
        """What is known of a key that is not known: `APP_*`; empty where that is nothing, as with `A*`."""
        found = self._spelled(node)
        return found[0] if len(found) == 1 and len(found[0].strip("*")) > 1 else ""

    def _spelled(self, node: ast.expr) -> list[str]:
        """The strings an expression may be, with `*` for what is not known."""
        found = [""]
        for part in _parts(node):
            several = self._part(part)
            found = [before + after for before in found for after in several]
            if len(found) > _MOST_KEYS:
                return ["*"]
        return found

    def _part(self, node: ast.expr) -> list[str]:
        if isinstance(node, ast.Constant):
            value = node.value
            if isinstance(value, bytes):
                return [value.decode("utf-8", "replace")]
            return [value] if isinstance(value, str) else ["*"]
        if not isinstance(node, ast.Name):
            return ["*"]
        self.named_keys = True
        return self.strings.get(node.id) or ["*"]


def _names(target: ast.expr, word: str) -> bool:
    """Whether an assignment is to a name, or an attribute, that is called so."""
    return (target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")) == word


def _parts(node: ast.expr) -> list[ast.expr]:
    """What a string is put together of: by `+`, or in an f-string; in order."""
    stack = [node]
    parts: list[ast.expr] = []
    while stack and len(parts) < _MOST_PARTS:
        part = stack.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add):
            stack += (part.right, part.left)
        elif isinstance(part, ast.JoinedStr):
            stack += reversed(part.values)
        elif isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None:
            stack.append(part.value)
        else:
            parts.append(part)
    # What is left over is not known.
    return [*parts, ast.Constant(None)] if stack else parts
