"""Reads of the environment in Python and JavaScript: the name in the read, and no name of the code's own."""

from __future__ import annotations

import ast

from fr_check.core import python_syntax
from fr_check.core.patterns import pattern
from fr_check.core.trouble import Trouble
from fr_check.edits.python import node_span, segment
from fr_check.sources import javascript
from fr_check.sources.javascript.paths import may_hold_jsx
from fr_check.sources.javascript.tokens import NAME, STRING, tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.fixes.renaming.task import Renaming

SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts")
PAGES = (".vue", ".svelte", ".astro", ".html")
_READ = "code reads `{}`"
# What tests set and unset a variable with.
_SETTERS = frozenset(("setenv", "delenv", "getenv", "putenv", "unsetenv"))
_STUBS = frozenset(("stubEnv", "replaceEnv", "stubProcessEnv"))
_COMMENT = pattern(r"<!--(?s:.*?)-->|/\*(?s:.*?)\*/|(?m:(?<![:\"'`])//[^\n]*)")


def python(task: Renaming, text: Text) -> None:
    """Renames the variable in reads and writes of the environment; other places of the file are left."""
    tree = python_syntax.module(text.string)
    if tree is None:
        return
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    called = _read_lines(task, text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and task.old in node.value:
            _constant(task, text, node, parents, called)
    # Comments, and names of the code's own.
    for start in list(task.occurrences(text)):
        task.keep_as_it_is(text, start)


def _read_lines(task: Renaming, text: Text) -> set[int]:
    """The lines on which a library is known to read the variable: `env("OLD")`, `config("OLD")`."""
    from fr_check.sources import python_reads  # noqa: PLC0415 - only for a file that names the variable

    found = task.repository.parse(text.path, python_reads.parse)
    reads = found.reads if isinstance(found, python_reads.PythonReads) else ()
    return {line for read in reads if read.key == task.old for line in range(read.span.line, read.span.end_line + 1)}


def _constant(
    task: Renaming, text: Text, node: ast.Constant, parents: dict[ast.AST, ast.AST], called: set[int]
) -> None:
    start, end = node_span(text, node)
    places = list(task.occurrences(text, start, end))
    if not places:
        return
    if node.value != task.old:
        if " " in str(node.value) or "\n" in str(node.value):
            for place in places:
                task.keep_as_it_is(text, place)
        else:
            task.leave(text, places[0], "a text of the code holds it")
        return
    parent = parents.get(node)
    if task.ambient:
        task.keep_as_it_is(text, places[0])
    elif not (node.lineno in called or _is_environment(text, node, parents)):
        task.leave(text, places[0], "a text of the code names it")
    elif not task.keep:
        task.code.add(text.path)
        task.word(text, places[0], _READ.format(task.new))
    elif isinstance(parent, ast.Call) and segment(text, parent.func).rpartition(".")[2] in {"getenv", "get"}:
        task.code.add(text.path)
        _with_second(task, text, parent)
    elif text.path in task.running:
        where = f"{text.path}:{node.lineno}"
        written = segment(text, parent) if isinstance(parent, ast.Subscript) else ""
        mapping = segment(text, parent.value) if isinstance(parent, ast.Subscript) else "os.environ"
        raise Trouble(
            f"{where} reads `{task.old}` in a way that has no second name{f': {written}' if written else ''}",
            f'write `{mapping}.get("{task.old}")` there, which gets one, or rename without --keep-old',
        )
    else:
        # Tests and tools that set the old name reach the settings as before.
        task.leave(text, places[0], "the old name goes on working")


def _with_second(task: Renaming, text: Text, call: ast.Call) -> None:
    """`os.getenv("OLD")` as `os.getenv("NEW", os.getenv("OLD"))`."""
    start, end = node_span(text, call)
    before = text.string[max(0, start - len(task.new) - 5) : start]
    if task.new in before:
        task.settle(text, start, end)
        return
    written = text.string[start:end]
    task.replace(text, start, end, f'{segment(text, call.func)}("{task.new}", {written})', _READ.format(task.new))


def _is_environment(text: Text, node: ast.Constant, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a text is the name of a variable for what stands around it."""
    parent = parents.get(node)
    if isinstance(parent, ast.Subscript):
        return parent.slice is node and _holds_variables(segment(text, parent.value))
    if isinstance(parent, ast.Compare):
        return any(_holds_variables(segment(text, one)) for one in parent.comparators)
    if isinstance(parent, ast.Dict) and node in parent.keys:
        call = parents.get(parent)
        call = parents.get(call) if isinstance(call, ast.keyword) else call
        return isinstance(call, ast.Call) and "environ" in segment(text, call)[: text.string.find("{")]
    if not isinstance(parent, ast.Call) or not parent.args or parent.args[0] is not node:
        return False
    function = segment(text, parent.func)
    owner, _, name = function.rpartition(".")
    return name in _SETTERS or (_holds_variables(owner) and name in {"get", "pop", "setdefault", "__getitem__"})


def _holds_variables(written: str) -> bool:
    """Whether an expression is a mapping of variables by its name: `os.environ`, `env`, `new_env`."""
    name = written.rpartition(".")[2].lower()
    return "environ" in name or name == "env" or name.endswith("_env")


def script(task: Renaming, text: Text) -> None:
    """Renames the variable in JavaScript: its reads; of a public one, which nothing else is called by, each token."""
    tokens = tokenize(text.string, jsx=may_hold_jsx(text.path))
    read = task.repository.parse(text.path, javascript.parse)
    reads: dict[int, str] = {}
    for one in read.reads if isinstance(read, javascript.JavaScript) else ():
        if one.name == task.old:
            start = text.offset(one.span.line, one.span.column)
            reads[start + (text.string[start] in "\"'`")] = one.kind
    for index, (kind, written, start) in enumerate(zip(tokens.kinds, tokens.texts, tokens.starts, strict=True)):
        if kind == NAME and written == task.old:
            _name(task, text, tokens.texts, index, start, reads)
        elif kind == STRING and written[1:-1] == task.old:
            before = tokens.texts[max(0, index - 2) : index]
            known = (
                (start + 1 in reads and not task.ambient)
                or before == ["env", "["]
                or (before[-1:] == ["("] and before[0] in _STUBS)
            )
            if known or task.public:
                _reads(task, text, start + 1)
            else:
                task.leave(text, start + 1, "a text of the code names it")
    for start in list(task.occurrences(text)):
        task.keep_as_it_is(text, start)


def _name(task: Renaming, text: Text, texts: list[str], index: int, start: int, reads: dict[int, str]) -> None:
    member = texts[index - 1 : index] in (["."], ["?."]) and texts[index - 2 : index - 1] == ["env"]
    kind = "" if task.ambient else reads.get(start, "")
    member = member and not task.ambient
    if task.public or member or kind in {"dotted", "aliased", "bracketed"}:
        _reads(task, text, start)
    elif kind in {"destructured", "imported"}:
        # The name in the code stays: `{ NEW: OLD }`.
        apart = texts[index + 1 : index + 2] in ([":"], ["as"])
        between = ": " if kind == "destructured" else " as "
        new = task.new if apart else f"{task.new}{between}{task.old}"
        task.code.add(text.path)
        task.replace(text, start, start + len(task.old), new, _READ.format(task.new))
    else:
        task.keep_as_it_is(text, start)


def _reads(task: Renaming, text: Text, start: int) -> None:
    if task.keep:
        where = f"{text.path}:{text.place(start)[0]}"
        raise Trouble(f"{where} reads `{task.old}` in a way that has no second name", "rename without --keep-old")
    task.code.add(text.path)
    task.word(text, start, _READ.format(task.new))


def page(task: Renaming, text: Text) -> None:
    """Renames a public variable all over a component or page; its scripts are not read one by one."""
    comments = [found.span() for found in _COMMENT.finditer(text.string)]
    for start in list(task.occurrences(text)):
        if any(begin <= start < end for begin, end in comments):
            task.keep_as_it_is(text, start)
        elif task.public or text.string[:start].endswith(("process.env.", "import.meta.env.")):
            _reads(task, text, start)
        else:
            task.leave(text, start, "a page names it")
