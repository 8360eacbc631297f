"""Tasks written in Python: sessions of a noxfile, tasks of invoke, and what a script starts by `subprocess`.

Read, never run: the calls that start a program, in the order in which they stand. What is no literal is opaque.
nox: `session.run(...)` fails its session unless `success_codes` has the status; invoke: `c.run(...)` fails unless
`warn=True`; `subprocess.run` tells its status to whoever looks, and fails with `check=True`. Source:
https://nox.thea.codes/en/stable/config.html, https://docs.pyinvoke.org/en/stable/api/runners.html, and the library
reference of Python, "subprocess".
"""

from __future__ import annotations

import ast
from collections import Counter

from fr_check.core import python_syntax
from fr_check.core.model import Span
from fr_check.core.record import NamedTuple
from fr_check.sources.shell.tested import of_names
from fr_check.sources.shells import NONE, SH
from fr_check.sources.tasks.model import OPAQUE, Ignored, Script, Task, of_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_check.core.text import Text

_HEEDED = frozenset(("check_call", "check_output"))
_STARTING = _HEEDED | {"run", "call"}
_MOST_PARTS = 20  # of a name with points
# Methods of a session that start nothing of the project, or nothing that may fail for its tests.
_ASIDE = frozenset(("install", "conda_install", "log", "debug", "warn", "error", "skip", "create_tmp", "chdir", "cd"))
# What a command that fails raises, in nox and in invoke, and the classes above it.
_FAILURES = frozenset(("Exception", "BaseException", "CommandFailed", "UnexpectedExit", "Failure"))
# What ends in a failure of its own.
_ENDING = frozenset(("error", "exit", "_exit", "quit", "abort", "fail", "Exit"))


class Session(NamedTuple):
    """One function: the task it is; whether all that it starts is known; `default` False: only where it is named."""

    task: Task
    known: bool
    default: bool


class Sessions(NamedTuple):
    """The functions of a file. `chosen` are the names of `nox.options.sessions`, None where nothing sets it."""

    sessions: tuple[Session, ...] = ()
    chosen: tuple[str, ...] | None = None

    def named(self, name: str) -> Session | None:
        """A function by its name; `tests-3.12` is one of `tests`."""
        found = {one.task.name: one for one in self.sessions}
        return found.get(name) or found.get(name.partition("-")[0]) or found.get(name.replace("-", "_"))


def nox(text: Text, given: tuple[str | None, ...] = ()) -> Sessions:
    """Reads a noxfile; `given` are the words behind `--` on the command line, which `session.posargs` holds."""
    return _sessions(text, "session", _of_session, tuple(OPAQUE if one is None else one for one in given))


def invoke(text: Text) -> Sessions:
    """Reads a `tasks.py` of invoke."""
    return _sessions(text, "task", _of_context)


def script(string: str, locate: Callable[[int, int], Span]) -> tuple[Script, ...]:
    """What a script of a step with `shell: python` starts; `locate` gives the place of its offsets [start, end)."""
    tree = python_syntax.module(string)
    lines = string.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode("utf-8", "ignore"))

    def span(node: ast.expr) -> Span:
        last, column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return locate(offset(node.lineno, node.col_offset), offset(last, column))

    return tuple(_of_subprocess(tree, span)) if tree is not None else ()


def _sessions(
    text: Text, decorator: str, read: Callable[[ast.Call, _Spans, _Values], Script | None], given: tuple[str, ...] = ()
) -> Sessions:
    tree = python_syntax.module(text.string)
    found, chosen = [], None
    spans, values = _Spans(text), _Values(given, _given_once(tree) if tree is not None else {})
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == "nox.options.sessions":
            chosen = tuple(_literals(node.value)) if isinstance(node.value, ast.List | ast.Tuple) else ()
        if isinstance(node, ast.FunctionDef):
            marks = [one for one in node.decorator_list if _name(one).rpartition(".")[2] == decorator]
            if marks:
                found.append(_session(node, marks[0], read, spans, values))
    return Sessions(tuple(found), chosen or None)


class _Spans:
    """The places of nodes in a file."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __call__(self, node: ast.AST) -> Span:
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        columns = (self._column(first, start), self._column(last, end))
        return Span(first, columns[0], last, columns[1])

    def _column(self, line: int, offset: int) -> int:
        return len(self._text.line(line).encode()[:offset].decode("utf-8", "ignore")) + 1


class _Values:
    """What names stand for that a file, or one of its functions, gives a value once; `posargs` are nox's."""

    def __init__(self, posargs: tuple[str, ...], known: Mapping[str, ast.expr], own: str = "") -> None:
        self._posargs = posargs
        self._known = known
        self._own = own

    def inside(self, function: ast.FunctionDef, own: str) -> _Values:
        """Those of a function, whose first parameter is called `own`."""
        named = {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        named.update(one.arg for one in ast.walk(function) if isinstance(one, ast.arg))
        outer = {name: value for name, value in self._known.items() if name not in named}
        return _Values(self._posargs, {**outer, **_given_once(function)}, own)

    def word(self, node: ast.AST, depth: int = 0) -> str:
        """One word; opaque where it is no literal."""
        if isinstance(node, ast.Name) and node.id in self._known and depth < _MOST_PARTS:
            return self.word(self._known[node.id], depth + 1)
        if isinstance(node, ast.JoinedStr):
            return "".join(self.word(one, depth) for one in node.values)
        if isinstance(node, ast.FormattedValue) and node.format_spec is None and node.conversion < 0:
            return self.word(node.value, depth)
        if isinstance(node, ast.Constant) and type(node.value) in {str, int, float}:
            return str(node.value)
        return OPAQUE

    def words(self, node: ast.AST) -> list[str]:
        """The words of one argument: `*args` may be several, or none."""
        return self._listed(node.value) if isinstance(node, ast.Starred) else [self.word(node)]

    def _listed(self, node: ast.AST, depth: int = 0) -> list[str]:
        if depth >= _MOST_PARTS:
            return [OPAQUE]
        if isinstance(node, ast.Name) and node.id in self._known:
            return self._listed(self._known[node.id], depth + 1)
        if isinstance(node, ast.List | ast.Tuple):
            return [word for one in node.elts for word in self.words(one)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return [*self._listed(node.left, depth + 1), *self._listed(node.right, depth + 1)]
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return next((found for one in node.values if (found := self._listed(one, depth + 1))), [])
        return [*self._posargs] if self._own and _name(node) == f"{self._own}.posargs" else [OPAQUE]


def _given_once(node: ast.Module | ast.FunctionDef) -> dict[str, ast.expr]:
    """The names that a file or a function gives one value, at its own level, and changes nowhere."""
    nodes = [*ast.walk(node)]
    stored = Counter(one.id for one in nodes if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load))
    # `args.append(...)`
    changed = {_name(one).partition(".")[0] for one in nodes if isinstance(one, ast.Call) and "." in _name(one)}
    named = {one.arg for one in nodes if isinstance(one, ast.arg)}
    found = {}
    for one in node.body:
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            found[one.targets[0].id] = one.value
    return {name: value for name, value in found.items() if stored[name] == 1 and name not in changed | named}


def _passing(node: ast.FunctionDef, spans: _Spans) -> dict[int, Ignored]:
    """The calls whose failure a function catches and forgets, by their identity, with what catches it."""
    found: dict[int, Ignored] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Try):
            caught = next((handler for handler in one.handlers if _catches(handler.type)), None)
            if caught is None or _may_raise(caught.body) or _may_raise(one.finalbody):
                continue
            kind = f" {_named(caught.type)}" if caught.type is not None else ""
            ignored = Ignored(f"`except{kind}`", spans(caught.type or caught))
        elif isinstance(one, ast.With):
            calls = [item.context_expr for item in one.items if isinstance(item.context_expr, ast.Call)]
            quiet = next((call for call in calls if _name(call).rpartition(".")[2] == "suppress"), None)
            if quiet is None or not any(map(_catches, quiet.args)):
                continue
            ignored = Ignored(f"`{_name(quiet)}`", spans(quiet))
        else:
            continue
        found.update((id(call), ignored) for part in one.body for call in _calls(part))
    return found


def _named(node: ast.expr) -> str:
    return f"({', '.join(map(_name, node.elts))})" if isinstance(node, ast.Tuple) else _name(node)


def _catches(node: ast.expr | None) -> bool:
    """Whether an `except` of a kind catches the failure of a command."""
    kinds = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(one is None or _name(one).rpartition(".")[2] in _FAILURES for one in kinds)


def _may_raise(body: list[ast.stmt]) -> bool:
    """Whether what is done after a failure may end in one all the same."""
    nodes = [one for part in body for one in ast.walk(part)]
    ends = (_name(one).rpartition(".")[2] in _ENDING for one in nodes if isinstance(one, ast.Call))
    return any(isinstance(one, ast.Raise) for one in nodes) or any(ends)


def _certain(body: list[ast.stmt]) -> Iterator[int]:
    """The identities of the expressions that a function comes to whatever happens, where nothing fails."""
    for one in body:
        if isinstance(one, ast.Expr):
            yield id(one.value)
        elif isinstance(one, ast.Try | ast.With):
            yield from _certain(one.body)


def _session(
    node: ast.FunctionDef,
    mark: ast.expr,
    read: Callable[[ast.Call, _Spans, _Values], Script | None],
    spans: _Spans,
    outer: _Values,
) -> Session:
    keywords = {one.arg: one.value for one in mark.keywords} if isinstance(mark, ast.Call) else {}
    name = _literal(keywords.get("name")) or node.name
    own = node.args.args[0].arg if node.args.args else ""
    scripts: list[Script] = []
    needs: list[str] = [_name(one) for one in getattr(keywords.get("pre"), "elts", ())]
    known, folder = True, ""
    certain, passing, values = {*_certain(node.body)}, _passing(node, spans), outer.inside(node, own)
    for call in _calls(node):
        method = call.func.attr if isinstance(call.func, ast.Attribute) and _name(call.func.value) == own else None
        if method in {"chdir", "cd"}:
            folder = (_literal(call.args[0]) if call.args else None) or "?"
        elif method == "notify":
            needs.append((_literal(call.args[0]) if call.args else None) or "?")
        elif method is not None and method.startswith(("run", "sudo")):
            made = read(call, spans, values)
            if made is None:
                known = False
                continue
            ignored = made.ignored or passing.get(id(call))
            made = made._replace(folder=None if folder == "?" else folder, ignored=ignored)
            scripts.append(made if id(call) in certain else made._replace(string=f"{made.string} {OPAQUE}"))
        elif method not in _ASIDE and any(_name(one) == own for one in (*call.args, *(k.value for k in call.keywords))):
            known = False  # it is handed on to a function that may run anything
    default = not (isinstance(keywords.get("default"), ast.Constant) and keywords["default"].value is False)  # type: ignore[attr-defined]
    task = Task(name, tuple(scripts), tuple(needs), spans(node))
    return Session(task, known, default)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function, in the order in which they stand."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    yield from sorted(found, key=lambda one: (one.lineno, one.col_offset))


def _of_session(call: ast.Call, spans: _Spans, values: _Values) -> Script | None:
    """`session.run("pytest", "--cov", env={...}, success_codes=[0, 1])`."""
    words = [(word, spans(one)) for one in call.args for word in values.words(one)]
    keywords = {one.arg: one.value for one in call.keywords}
    if not words or None in keywords:
        return None
    status = of_names(word for word, _ in words[:3])
    codes = keywords.get("success_codes")
    passing = codes is not None and status in [getattr(one, "value", None) for one in getattr(codes, "elts", ())]
    written = ", ".join(str(getattr(one, "value", "...")) for one in getattr(codes, "elts", ()))
    ignored = Ignored(f"`success_codes=[{written}]`", spans(codes)) if passing and codes is not None else None
    environment = [*_environment(keywords.get("env"), spans, values)]
    words = [("env", spans(call)), *environment, *words] if environment else words
    return _made(words)._replace(ignored=ignored)


def _made(words: list[tuple[str, Span]]) -> Script:
    def placed(span: Span) -> Callable[[int, int], Span]:
        return lambda _start, _end: span

    return of_words([(word, placed(span)) for word, span in words], NONE)


def _environment(node: ast.expr | None, spans: _Spans, values: _Values) -> Iterator[tuple[str, Span]]:
    if node is None:
        return
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    for key, value in pairs:
        if name := _literal(key):
            yield f"{name}={values.word(value)}", spans(value)


def _of_context(call: ast.Call, spans: _Spans, values: _Values) -> Script | None:
    """`c.run("pytest --cov", warn=True)`."""
    if not call.args:
        return None
    warned = next((one.value for one in call.keywords if one.arg == "warn"), None)
    ignored = (
        Ignored("`warn=True`", spans(warned)) if warned is not None and getattr(warned, "value", None) is True else None
    )
    return _line(values.word(call.args[0]), spans(call.args[0]))._replace(ignored=ignored)


def _line(string: str, span: Span) -> Script:
    return Script(string, lambda _start, _end: span, SH)


def _of_subprocess(tree: ast.Module, span: Callable[[ast.expr], Span]) -> Iterator[Script]:
    """`subprocess.run([...])`, `os.system("...")`, `pytest.main([...])`: a status that is thrown away is lost."""
    thrown, imported = _thrown(tree), _imported(tree)
    for call in _calls(tree):
        module, _, name = _name(call.func).rpartition(".")
        system, tests = (module, name) == ("os", "system"), (module, name) == ("pytest", "main")
        if not system and not tests and not (module in {"", "subprocess"} and name in _STARTING):
            continue
        if not call.args and not tests:
            continue
        first: ast.expr = call.args[0] if call.args else ast.List(elts=[])
        # `check=strict`, `**options` and a function of the file's own may raise.
        checked = any(one.arg is None or (one.arg == "check" and not _is_false(one.value)) for one in call.keywords)
        known = bool(module) or name in imported
        lost = id(call) in thrown and known and not checked and name not in _HEEDED
        cure = "" if system or tests or name == "call" else " without `check=True`"
        phrase = f"`{_name(call.func)}`{cure}, whose status nothing looks at,"
        words = [(_word(one), span(one)) for one in getattr(first, "elts", ())]
        if tests:
            listed = isinstance(first, ast.List | ast.Tuple)
            words = [("pytest", span(call.func)), *(words if listed else [(OPAQUE, span(first))])]
        made = _made(words) if words else _line(_word(first), span(first))
        yield made._replace(ignored=Ignored(phrase, span(call)) if lost else None)


def _thrown(tree: ast.Module) -> set[int]:
    """The expressions whose result nothing looks at: thrown away, or given a name that is never read.

    What a function returns is thrown away where all its calls are: `main()` in the place of `sys.exit(main())`.
    """
    nodes = [*ast.walk(tree)]
    reads = Counter(one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    found = {id(one.value) for one in nodes if isinstance(one, ast.Expr)}
    for one in nodes:
        if isinstance(one, ast.Assign) and all(
            isinstance(name, ast.Name) and name.id not in reads for name in one.targets
        ):
            found.add(id(one.value))
    calls: dict[str, list[ast.Call]] = {}
    for one in nodes:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            calls.setdefault(one.func.id, []).append(one)
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef) and not one.decorator_list]
    while functions:
        lost = [one for one in functions if _is_called_for_nothing(one, calls, reads, found)]
        gone = {id(one) for one in lost}
        functions = [one for one in functions if id(one) not in gone] if lost else []
        found.update(id(value) for one in lost for value in _returned(one, reads))
    return found


def _is_called_for_nothing(
    function: ast.FunctionDef, calls: Mapping[str, list[ast.Call]], reads: Counter[str], thrown: set[int]
) -> bool:
    mine = calls.get(function.name, ())
    return bool(mine) and len(mine) == reads[function.name] and all(id(one) in thrown for one in mine)


def _returned(function: ast.FunctionDef, reads: Counter[str]) -> Iterator[ast.expr]:
    """What a function returns: the call behind `.returncode`, and behind a name that is read nowhere else."""
    nodes = [*ast.walk(function)]
    for node in nodes:
        value = _behind(node.value) if isinstance(node, ast.Return) else None
        if isinstance(value, ast.Name) and reads[value.id] == 1:
            given = [one.value for one in nodes if isinstance(one, ast.Assign) and _name(one.targets[0]) == value.id]
            value = _behind(given[0]) if len(given) == 1 else None
        if value is not None:
            yield value


def _behind(value: ast.expr | None) -> ast.expr | None:
    """What has a `.returncode`; anything else as it is."""
    return value.value if isinstance(value, ast.Attribute) and value.attr == "returncode" else value


def _imported(tree: ast.Module) -> set[str]:
    """The names that come from `subprocess`, and that the file gives to nothing else."""
    nodes = [one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom | ast.FunctionDef)]
    named = (
        one for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names if node.module == "subprocess"
    )
    return {one.name for one in named if not one.asname} - {
        one.name for one in nodes if isinstance(one, ast.FunctionDef)
    }


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def _name(node: ast.AST) -> str:
    """`a.b.c` of a name, of an attribute or of what is called so; empty for anything else and for many parts."""
    node = node.func if isinstance(node, ast.Call) else node
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _MOST_PARTS:
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def _literal(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _literals(node: ast.List | ast.Tuple) -> Iterator[str]:
    yield from (found for one in node.elts if (found := _literal(one)) is not None)


def _word(node: ast.AST) -> str:
    """A word, opaque where it is no literal."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_word(one) for one in node.values)
    found = _literal(node)
    return OPAQUE if found is None else found
