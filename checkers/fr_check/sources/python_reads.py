"""Reads of the environment in Python code, other than pydantic-settings: os, django-environ, environs, decouple, ...

What names mean is told by `python_names`. A key that is no literal is counted as dynamic, never dropped. Writes
(`os.environ["K"] = ...`) are no reads.
"""

from __future__ import annotations

import ast
from functools import cached_property

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.python_defaults import default_of, is_switch, literal, subject
from fr_check.sources.python_names import Names, Reader
from fr_check.sources.settings.syntax import parse_python, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.python_fallbacks import Constants

# Whatever reads has one of these in its file, however it is imported. Plain words: a regular expression over every file
# of a backend takes longer than parsing the few that match.
_PARTS = ("env", "decouple", "starlette")
_TRIGGERS = ("getenv", "dotenv_values", "envvar")
# "environment" in prose is the most frequent word with it, and reads nothing.
_ENVIRON = pattern(r"environ(?!ment)")
# Things are decoupled, and applications made of starlette, in many files that read nothing.
_RARE = ("decouple", "starlette")
_IMPORTED = pattern(r"decouple\b|starlette(?:[\s\\]*\.[\s\\]*config\b|[\s\\]+(?:import|as)\b)")


def may_read(string: str) -> bool:
    """Whether a file can hold a read at all; "environment" in its prose does not make it so."""
    # Most files have no such part, and are done with after a few looks.
    if not any(part in string for part in _PARTS):
        return False
    if any(word in string for word in _TRIGGERS) or _ENVIRON.search(string):
        return True
    return any(word in string for word in _RARE) and _IMPORTED.search(string) is not None


SETS, REMOVES = "sets", "removes"


class EnvRead(NamedTuple):
    """One read of a variable. `call` is the reading function; `optional`: the code names a default or copes.

    `conditional`: it stands in a branch or a `try`, so that the code may never come to it, or go on without. `others`
    are variables that do as well (`getenv("NEW") or getenv("OLD")`). `only` says what else than reading it the code
    does: `SETS` a default for whoever reads it then, or `REMOVES` the variable. `default` is the text that the code
    falls back on, where it is a literal; `false` where it is only asked whether it is on; else empty.
    """

    key: str
    call: str
    optional: bool
    span: Span
    conditional: bool = False
    others: tuple[str, ...] = ()
    only: str = ""
    default: str = ""


class PythonReads(NamedTuple):
    """Reads in order of text; `dynamic` are reads whose key only running the code would tell.

    `patterns` are what is known of such keys (`APP_*`), with the place of the read. `open` says whether such a key may
    stand nowhere as a text: it is put together, and not what a function is called with. `helpers` are functions that
    read the variable which their first argument names, with the text that they fall back on by themselves.
    """

    reads: tuple[EnvRead, ...]
    dynamic: tuple[Span, ...]
    problems: tuple[Problem, ...]
    patterns: tuple[tuple[str, Span], ...] = ()
    open: bool = False
    helpers: tuple[tuple[str, str], ...] = ()


_MAPPING_METHODS = {"get", "pop", "setdefault"}
_ONLY = {"os.environ.setdefault": SETS, "os.environ.pop": REMOVES}
# Methods of readers that read no variable.
_OTHER_METHODS = {
    "read_env", "read_envfile", "prefixed", "seal", "dump", "add_parser", "add_parser_from_field", "parser_for",
    "url_config", "db_url_config", "cache_url_config", "parse_value", "get_value_from_string", "smart_cast",
}  # fmt: skip
_IMPLIED = {
    "db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL",
    "email": "EMAIL_URL", "email_url": "EMAIL_URL", "search_url": "SEARCH_URL", "channels_url": "CHANNELS_URL",
}  # fmt: skip
# Whatever reads has one of these words in its statement, or the name of a reader that such a statement made.
_WORDS = frozenset(("environ", "getenv", "decouple", "dotenv_values", "envvar", "starlette", "import"))
_ROUNDS = 3
_FEW = 10_000
# A block of environs whose keys have a prefix.
_PREFIXED = ".prefixed("
# Click reads every option of a command that has one from a variable that begins with it.
PREFIX = "auto_envvar_prefix"


def parse(text: Text) -> PythonReads:
    """Reads one Python file; never raises."""
    tree = parse_python(text)
    if isinstance(tree, Problem):
        return PythonReads((), (), (tree,))
    found = _search(text, tree)
    reads = sorted(found.reads, key=lambda read: read.span)
    if found.spread:
        # `Env(**defaults)`: which variables have one is written elsewhere.
        reads = [read._replace(optional=read.optional or read.call.startswith("env")) for read in reads]
    if len(reads) > 1:
        reads = _with_other_names(text, found, reads)
    if not all(read.optional for read in reads):
        lines = _conditional(tree)
        reads = [read._replace(conditional=read.span.line in lines) for read in reads]
    dynamic, patterns = tuple(sorted(found.dynamic)), tuple(found.patterns)
    helpers = tuple(_helpers(tree, found)) if found.by_parameter else ()
    return PythonReads(tuple(reads), dynamic, (), patterns, found.open, helpers)


def _with_other_names(text: Text, found: _Finder, reads: list[EnvRead]) -> list[EnvRead]:
    """The reads, each with the variables that the code takes instead."""
    from fr_check.sources.python_alternatives import other_names  # noqa: PLC0415 - most files read one, or none

    names = other_names(text, found.names.nodes, {read.span: read.key for read in reads})
    return [read._replace(others=names.get(read.span, ())) for read in reads] if names else reads


def _helpers(tree: ast.Module, found: _Finder) -> Iterator[tuple[str, str]]:
    """The functions with a read whose key is the first argument, and what they fall back on by themselves."""
    from fr_check.sources.python_fallbacks import of_function  # noqa: PLC0415 - few files have such functions

    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    named: set[str] = set()
    for node in functions:
        first = _first(node)
        lines = (line for name, line in found.by_parameter if name == first)
        if any(node.lineno <= line <= (node.end_lineno or 0) for line in lines):
            named.add(node.name)
            yield node.name, of_function(node, found.constants)
    # A function that hands its first argument on to one of them reads what it is called with, too.
    more = named
    while more:
        more = {node.name for node in functions if node.name not in named and _hands_on(node, named)}
        named |= more
        yield from ((name, "") for name in sorted(more))


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    return next((argument.arg for argument in (*node.args.posonlyargs, *node.args.args)), None)


def _hands_on(node: ast.FunctionDef | ast.AsyncFunctionDef, named: set[str]) -> bool:
    """Whether a function calls one of some with its own first argument in front."""
    first = _first(node)
    return first is not None and any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in named
        and bool(call.args)
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id == first
        for call in ast.walk(node)
    )


def _conditional(tree: ast.Module) -> set[int]:
    """The lines that the code may never come to, or whose failure it catches."""
    lines: set[int] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        end = getattr(node, "end_lineno", None)
        if (isinstance(node, ast.If) or (isinstance(node, ast.Try) and node.handlers)) and end is not None:
            lines.update(range(body[0].lineno, end + 1))
            continue
        waiting += (*body, *getattr(node, "orelse", ()), *getattr(node, "finalbody", ()))
    return lines


def _search(text: Text, tree: ast.Module) -> _Finder:
    """Looks at the few statements that can matter; at all of them where a key is a name, bound who knows where."""
    words = _WORDS
    for _ in range(0 if _PREFIXED in text.string else _ROUNDS):
        lines = _lines(text, words)
        if len(lines) > _FEW:
            break
        names = Names(tree, lines)
        readers = names.of_readers()
        if readers <= words:
            found = _Finder(text, tree, names)
            found.visit()
            if names.named_keys:
                break
            return found
        words |= readers
    found = _Finder(text, tree, Names(tree))
    found.visit()
    return found


def _lines(text: Text, words: Iterable[str]) -> list[int]:
    lines = set()
    for word in words:
        start = text.string.find(word)
        while start >= 0:
            line = text.place(start)[0]
            lines.add(line)
            start = text.string.find(word, text.offset(line + 1)) if line < text.line_count else -1
    return sorted(lines)


class _Finder:
    """Who reads, given what the names mean."""

    def __init__(self, text: Text, tree: ast.Module, names: Names) -> None:
        self.text = text
        self.tree = tree
        self.names = names
        self.reads: list[EnvRead] = []
        self.dynamic: list[Span] = []
        self.spread = False
        self.open = False
        self.by_parameter: list[tuple[str, int]] = []
        self.patterns: list[tuple[str, Span]] = []
        # Calls whose value nobody takes.
        self.statements: set[int] = set()
        # Expressions whose value is only compared, and what is taken in the place of others, by identity.
        self.instead: dict[int, str] = {}
        # What a name stands for, by identity.
        self.assigned: set[int] = set()

    def visit(self) -> None:
        """Every node, with the prefix that `with env.prefixed(...)` puts before keys inside it."""
        if _PREFIXED not in self.text.string:
            for node in self.names.nodes:
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
            reader = self.names.reader(node.value)
            if isinstance(node.ctx, ast.Load) and reader is not None and reader.kind == "mapping":
                self._read(node.slice, node, "os.environ[]", reader, optional=False)
        elif isinstance(node, ast.Compare):
            self._compare(node)
        elif isinstance(node, ast.Expr):
            self.statements.add(id(node.value))
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            self.assigned.add(id(subject(node.value)))
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            last = self._text(node.values[-1])
            self.instead.update((id(subject(value)), last) for value in node.values[:-1] if last)

    def _with_prefix(self, node: ast.With | ast.AsyncWith) -> str:
        prefix = ""
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "prefixed":
                keys = self.names.keys(call.args[0]) if call.args else None
                prefix += keys[0] if keys else ""
        return prefix

    def _compare(self, node: ast.Compare) -> None:
        if all(
            self.constants.is_switch(one) if isinstance(one, ast.Name) else is_switch(one) for one in node.comparators
        ):
            self.instead[id(subject(node.left))] = "false"
        for operator, right in zip(node.ops, node.comparators, strict=True):
            reader = self.names.reader(right) if isinstance(operator, (ast.In, ast.NotIn)) else None
            if reader is not None and reader.kind == "mapping":
                self._read(node.left, node, "in os.environ", reader, optional=True)

    def _call(self, node: ast.Call, prefix: str) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            owner = self.names.reader(function.value)
            if owner is not None and owner.kind == "mapping" and function.attr in _MAPPING_METHODS:
                self._argument(node, f"os.environ.{function.attr}", owner, optional=True)
                return
            if owner is not None and owner.kind == "reader" and function.attr == "get":
                self._argument(node, "config.get", owner, optional=_has_default(node))
                return
            if owner is not None and owner.kind in {"django", "environs"} and function.attr not in _OTHER_METHODS:
                self._method(node, function.attr, owner._replace(prefix=owner.prefix + prefix))
                return
        made_at_once = isinstance(function, ast.Call) and isinstance(function.func, (ast.Name, ast.Attribute))
        reader = self.names.reader(function) if made_at_once or not isinstance(function, ast.Call) else None
        if reader is not None and reader.kind == "function":
            self._argument(node, "os.getenv", reader, optional=True)
        elif reader is not None and reader.kind in {"django", "environs", "reader"}:
            name = function.id if isinstance(function, ast.Name) else "config"
            called = reader._replace(prefix=reader.prefix + (prefix if reader.kind == "environs" else ""))
            self._argument(node, name, called, optional=_has_default(node))
        elif reader is not None and reader.kind == "make:django":
            self._declared(node, reader)
        self._envvar(node)

    def _method(self, node: ast.Call, method: str, owner: Reader) -> None:
        if not node.args and method in _IMPLIED and not any(k.arg in {"var", "name"} for k in node.keywords):
            self._add(_IMPLIED[method], node, f"env.{method}", owner, optional=_has_default(node))
        else:
            self._argument(node, f"env.{method}", owner, optional=_has_default(node))

    def _declared(self, node: ast.Call, reader: Reader) -> None:
        """django-environ's `Env(DEBUG=(bool, False))`."""
        self.spread = self.spread or any(keyword.arg is None for keyword in node.keywords)
        for keyword in node.keywords:
            if keyword.arg and keyword.arg.isupper():
                self._add(keyword.arg, node, "Env", reader, optional=isinstance(keyword.value, ast.Tuple))

    def _envvar(self, node: ast.Call) -> None:
        """Click's and typer's `envvar="K"` and `auto_envvar_prefix="APP"`; dynaconf's `envvar_prefix="APP"`."""
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg == "context_settings" and isinstance(value, ast.Dict):
                pairs = zip(value.keys, value.values, strict=True)
                value = next((item for key, item in pairs if getattr(key, "value", "") == PREFIX), value)
            if keyword.arg in {PREFIX, "envvar_prefix"} or value is not keyword.value:
                self.patterns += ((f"{key}_*", span_of(self.text, node)) for key in self.names.keys(value) or ())
            elif keyword.arg == "envvar":
                items = keyword.value.elts if isinstance(keyword.value, (ast.List, ast.Tuple)) else [keyword.value]
                for item in items:
                    if not (isinstance(item, ast.Constant) and item.value is None):
                        self._read(item, item, "envvar", Reader("function"), optional=True)

    def _argument(self, node: ast.Call, call: str, reader: Reader, *, optional: bool) -> None:
        names = {"key", "var", "name", "varname", "default_key", "option"}
        named = (keyword.value for keyword in node.keywords if keyword.arg in names)
        key = node.args[0] if node.args else next(named, None)
        if key is not None:
            self._read(key, node, call, reader, optional=optional)

    def _read(self, key: ast.expr, node: ast.expr, call: str, reader: Reader, *, optional: bool) -> None:
        keys = self.names.keys(key)
        if keys is None:
            self.dynamic.append(span_of(self.text, node))
            pattern = self.names.pattern(key)
            if isinstance(key, ast.Name) and key.id in self.names.parameters:
                self.by_parameter.append((key.id, self.dynamic[-1].line))
            elif not pattern:
                self.open = True
            self.patterns += [(reader.prefix + pattern, self.dynamic[-1])] if pattern else []
        for name in keys or ():
            self._add(name, node, call, reader, optional=optional)

    def _add(self, key: str, node: ast.expr, call: str, reader: Reader, *, optional: bool) -> None:
        if key:
            only = _ONLY.get(call, "") if id(node) in self.statements else ""
            default = self._fallback(node) if optional else ""
            span = span_of(self.text, node)
            self.reads.append(EnvRead(reader.prefix + key, call, optional, span, only=only, default=default))

    def _fallback(self, node: ast.expr) -> str:
        """The text that is taken in the place of a read; empty where it is not known."""
        named = default_of(node)
        text = self._text(named) or self.instead.get(id(node), "")
        nothing = named is None or (isinstance(named, ast.Constant) and not named.value)
        if text or not nothing or id(node) not in self.assigned:
            return text
        from fr_check.sources.python_fallbacks import taken_instead  # noqa: PLC0415 - most reads say what they take

        return taken_instead(self.tree, node, self.constants)

    def _text(self, node: ast.expr | None) -> str:
        plain = node is None or isinstance(node, ast.Constant)
        return literal(node) if plain else self.constants.text(node)

    @cached_property
    def constants(self) -> Constants:
        """What the names of the module are."""
        from fr_check.sources.python_fallbacks import Constants  # noqa: PLC0415 - few files need it

        return Constants(self.tree)


def _has_default(node: ast.Call) -> bool:
    return len(node.args) > 1 or any(keyword.arg == "default" for keyword in node.keywords)
