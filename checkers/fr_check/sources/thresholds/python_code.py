"""Thresholds in Python code: argument lists that are built for a coverage tool, and defaults of variables.

Lists are read wherever they stand, as an argument, assigned, or passed to `extend`: a literal `--cov-fail-under=94` in
a list of strings is an option of pytest whatever is done with the list. noxfiles are read the same way: the words of
`session.run(...)`.
"""

from __future__ import annotations

import ast
from bisect import bisect_left

from fr_check.core import python_syntax
from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.thresholds import commands, model
from fr_check.sources.thresholds.model import Declared, Word, number
from fr_check.sources.thresholds.variables import variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.thresholds.options import Invocation

_LONG_LINE = 20_000  # characters of a line; in a longer one that is not ASCII columns count bytes
# Text without any of these has nothing to say here and is not parsed.
HINTS = ("--cov", "fail-under", "fail_under", "--coverage", "COVERAGE", "COV_")
_DECIMALS = 10
_UNKNOWN = "{}"  # a word, or a part of one, that no literal gives
_OPTIONS = ("--cov", "--fail-under", "--check-cov")
# In a file whose own name says `coverage`, a constant of such a name is a threshold: `THRESHOLD = 85`.
_OWN = pattern(r"_?(?:(?:DEFAULT|MIN|MINIMUM|REQUIRED)_)?(?:THRESHOLD|FLOOR|FAIL_UNDER)(?:_PERCENT|_PCT)?")
_OF_A_DIFF = pattern(r"diff|patch|changed")
_OWN_LINES = (
    "default_",
    "_default_",
    "min",
    "_min",
    "required_",
    "_required_",
    "threshold",
    "_threshold",
    "floor",
    "fail_",
)


class Argv(NamedTuple):
    """A list of words for a tool; `conditional` where it stands in an `if` or `else`, `session` in a nox function."""

    invocation: Invocation
    span: Span
    conditional: bool
    function: str


class PythonCode(NamedTuple):
    """What a Python file says about coverage thresholds."""

    lists: tuple[Argv, ...] = ()
    variables: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(text: Text) -> PythonCode:
    """Reads one Python file without running it."""
    judges = "coverage" in text.path.rpartition("/")[2] and "THRESHOLD" in text.string
    if not judges and not any(hint in text.string for hint in HINTS):
        return PythonCode()
    tree = python_syntax.parse(text.string)
    if isinstance(tree, python_syntax.Unparsed):
        return PythonCode(problems=(Problem(tree.message, Span(tree.line, 1, tree.line, 1)),))
    reader = _Reader(text)
    reader.read(tree)
    return PythonCode(tuple(reader.lists), tuple(reader.variables))


def says_any(text: Text) -> bool:
    """Whether a file says anything about thresholds."""
    code = text.parsed(parse)
    return bool(code.lists or code.variables)


def _telling(string: str) -> list[int]:
    """The lines, from 1, that hold an option or the name of a variable that may be a threshold's."""
    lines = string.lower().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [
        number
        for number, line in enumerate(lines, 1)
        if "cov" in line or "fail-under" in line or line.startswith(_OWN_LINES)
    ]


class _Reader:
    """Walks a module with a stack of its own; a node carries whether it is conditional and its function.

    Statements without a telling line are passed over; below them every node is looked at.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.telling = _telling(text.string)
        file = text.path.rpartition("/")[2]
        self.prefix = "" if "coverage" not in file else "DIFF_COVERAGE" if _OF_A_DIFF.search(file) else "COVERAGE"
        self.lists: list[Argv] = []
        self.variables: list[Declared] = []
        self.constants: dict[str, str] = {}

    def read(self, tree: ast.Module) -> None:
        self._name_constants(tree)
        stack: list[tuple[ast.AST, bool, str]] = [(tree, False, "")]
        while stack:
            node, conditional, function = stack.pop()
            if isinstance(node, ast.stmt) and not self._tells(node):
                continue
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                function = node.name
            elif isinstance(node, (ast.If, ast.IfExp, ast.Match)):
                conditional = True
            elif isinstance(node, (ast.List, ast.Tuple)):
                self._words(node, node.elts, conditional=conditional, function=function)
            elif isinstance(node, ast.Call):
                self._call(node, conditional=conditional, function=function)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                self._assigned(node)
            # Half of all nodes are names and constants, which hold no more than how a name is used.
            if not isinstance(node, (ast.Name, ast.Constant)):
                stack.extend((child, conditional, function) for child in reversed([*ast.iter_child_nodes(node)]))

    def _name_constants(self, tree: ast.Module) -> None:
        """The module's names that are given one literal, and nothing else."""
        given: dict[str, list[ast.expr]] = {}
        for node in tree.body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        given.setdefault(target.id, []).append(node.value)
        for name, values in given.items():
            if len(values) == 1 and isinstance(values[0], ast.Constant) and not isinstance(values[0].value, bool):
                self.constants[name] = self._string(values[0])

    def _tells(self, node: ast.stmt) -> bool:
        """Whether a line of a statement, or of what decorates it, is a telling one."""
        first = min((node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))))
        index = bisect_left(self.telling, first)
        return index < len(self.telling) and self.telling[index] <= (node.end_lineno or first)

    def _call(self, node: ast.Call, *, conditional: bool, function: str) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"run", "run_always", "append"}:
            self._words(node, node.args, conditional=conditional, function=function)
        self._default(node)

    def _words(self, node: ast.expr, elements: list[ast.expr], *, conditional: bool, function: str) -> None:
        """A list with an option of a tool: what is no literal in it stays a word whose text is not known."""
        strings = [self._string(element) for element in elements]
        measures = "coverage" in strings and "run" in strings
        if not measures and not any(string.startswith(_OPTIONS) for string in strings):
            return
        words = [Word(string, self._span(one)) for string, one in zip(strings, elements, strict=True)]
        invocation = commands.read(words)
        if invocation is not None:
            opaque = any(isinstance(element, ast.Starred) for element in elements)
            self.lists.append(Argv(invocation._replace(opaque=opaque), self._span(node), conditional, function))

    def _string(self, node: ast.expr) -> str:
        """A word: a string, an f-string with its unknown parts as `{}`, a constant of the module as its value."""
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str" and len(node.args) == 1:
            return self._string(node.args[0])
        if isinstance(node, ast.Name):
            return self.constants.get(node.id, _UNKNOWN)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
            return str(node.value)
        if isinstance(node, ast.JoinedStr):
            return "".join(self._pieces(node))
        return _UNKNOWN

    def _pieces(self, node: ast.JoinedStr) -> Iterator[str]:
        for value in node.values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
            else:
                plain = isinstance(value, ast.FormattedValue) and value.format_spec is None
                yield self._string(value.value) if plain and isinstance(value, ast.FormattedValue) else _UNKNOWN

    def _default(self, node: ast.Call) -> None:
        """`os.environ.get("COVERAGE_THRESHOLD", "80")`, `os.getenv(...)`: the default decides unless CI sets it."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in {"get", "getenv"} or len(node.args) != 2:  # noqa: PLR2004 - name and default
            return
        variable_name, default = node.args
        if isinstance(variable_name, ast.Constant) and isinstance(variable_name.value, str):
            self._variable(variable_name.value, default)

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and node.value is not None:
            self._variable(targets[0].id, node.value, own=bool(self.prefix and _OWN.fullmatch(targets[0].id)))

    def _variable(self, name: str, value: ast.expr, *, own: bool = False) -> None:
        """A value that is written down; one below 1 is a ratio."""
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float | str):
            limit = number(value.value)
            limit = round(100 * limit, _DECIMALS) if limit is not None and 0 < limit < 1 else limit
            found = variable(f"{self.prefix}_{name.lstrip('_')}" if own else name, limit, self._span(value), "python")
            if found is not None:
                self.variables.append(found._replace(written=f"{name}: {model.shown(limit).removesuffix('%')}"))

    def _span(self, node: ast.expr) -> Span:
        return Span(*self._place(node.lineno, node.col_offset), *self._place(node.end_lineno, node.end_col_offset))

    def _place(self, line: int | None, column: int | None) -> tuple[int, int]:
        """Line and column of ast, whose columns count UTF-8 bytes; form feeds do not end lines for either."""
        string = self.text.line(line or 1)
        offset = column or 0
        if not string.isascii() and len(string) <= _LONG_LINE:
            offset = len(string.encode()[:offset].decode("utf-8", "ignore"))
        return line or 1, offset + 1
