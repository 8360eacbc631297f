"""A module's statements and branches as coverage.py counts them, without what is excluded.

Statements are the lines that the interpreter compiles something for, so they depend on its version, as coverage.py's
do; the semantics are those of coverage 7.17, and tests hold them against it.
"""

from __future__ import annotations

import ast
import re
import warnings

from fr_check.core import python_syntax
from fr_check.core.record import NamedTuple
from fr_check.sources.python_analysis import exclusions, flow, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import CodeType

    from fr_check.sources.python_analysis.flow import Arc

# Coverage.py's own (`config.py`): lines that do not count, lines whose branches do not, and those by their constants.
EXCLUDED = (
    r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)",
    r"^\s*(((async )?def .*?)?[\])]+(\s*->.*?)?:\s*)?\.\.\.\s*(#|$)",
    r"^\s*if (typing\.)?TYPE_CHECKING:",
)
UNBRANCHED = (r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(branch|BRANCH)",)
CONSTANT = (r"^\s*while (True|1|False|0):", r"^\s*if (True|1|False|0):")

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Rules(NamedTuple):
    """What matches lines that do not count, and lines whose branches all count as taken."""

    excluded: re.Pattern[str]
    unbranched: re.Pattern[str]

    @classmethod
    def of(cls, excluded: Iterable[str] = EXCLUDED, unbranched: Iterable[str] = UNBRANCHED) -> Rules:
        """The rules of some expressions, as coverage.py joins and compiles them.

        Raises:
            re.error: an expression is none.
        """
        return cls(_joined(excluded), _joined((*unbranched, *CONSTANT)))


class Measurable(NamedTuple):
    """What can run. A line is the first of its logical line; `first` maps the others to it.

    `arms` maps a line that may be followed by several to those lines, a negative number being the way out of what
    begins there; `meant` maps recorded arcs to those they stand for (None: to nothing). All arms of a line in
    `unbranched` count as taken.
    """

    statements: frozenset[int]
    first: Mapping[int, int]
    arms: Mapping[int, frozenset[int]]
    meant: Mapping[Arc, Arc | None]
    unbranched: frozenset[int] = frozenset()

    def ran(self, lines: Iterable[int]) -> frozenset[int]:
        """The statements that recorded lines belong to."""
        return frozenset(self.first.get(line, line) for line in lines) & self.statements

    def taken(self, arcs: Iterable[Arc]) -> frozenset[Arc]:
        """The arms that recorded arcs took."""
        found = {arc for line in self.unbranched for arc in ((line, target) for target in self.arms.get(line, ()))}
        for start, end in arcs:
            arc = self._logical(start), self._logical(end)
            meant = self.meant.get(arc, arc)
            if meant is not None and meant[1] in self.arms.get(meant[0], ()):
                found.add(meant)
        return frozenset(found)

    def _logical(self, line: int) -> int:
        return self.first.get(line, line) if line > 0 else -self.first.get(-line, -line)


def _joined(expressions: Iterable[str]) -> re.Pattern[str]:
    # Without an expression, what never matches.
    return re.compile("|".join(f"(?:{one})" for one in expressions) or r"(?!)", re.MULTILINE)


def read(source: bytes, rules: Rules, *, branches: bool) -> Measurable | None:
    """What can run of a source; None for what is no Python of this interpreter's grammar."""
    try:
        text = _text(source)
        tree = python_syntax.module(text)
        return _read(tree, text, rules, branches=branches) if tree is not None else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def lines(source: bytes) -> layout.Layout | None:
    """The logical lines of a source, which is all that a changed line needs; None for what is no such Python."""
    try:
        text = _text(source)
    except SyntaxError:  # of its declaration
        return None
    tree = python_syntax.module(text)
    return layout.read(tree, _encoded(text)) if tree is not None else None


def _encoded(text: str) -> list[bytes]:
    return text.encode("utf-8", "surrogatepass").split(b"\n")


def _text(source: bytes) -> str:
    """The text as coverage.py decodes it (`python.py`): with its encoding, one kind of line end, and a last one."""
    import tokenize  # noqa: PLC0415 - only where there is data to be read with sources

    plain = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\f", b" ")
    encoding = tokenize.detect_encoding(iter(plain.split(b"\n", 2)).__next__)[0]
    text = plain.decode(encoding, "replace")
    return text if text.endswith("\n") or not text else f"{text}\n"


def _read(tree: ast.Module, text: str, rules: Rules, *, branches: bool) -> Measurable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(tree, "<source>", "exec", dont_inherit=True)
    # For a module without a statement something is compiled too, as if it stood on its first line.
    compiled = frozenset(_compiled(code)) if tree.body else frozenset()
    laid = layout.read(tree, _encoded(text))
    module = exclusions.Module(tree, text, text.split("\n"), laid)
    matched = exclusions.matching(text, rules.excluded)
    hidden = exclusions.excluded(module, matched, compiled) if matched else set()
    ignored = hidden | _docstrings(tree)
    first = laid.first
    statements = frozenset(first.get(line, line) for line in compiled - ignored) - ignored
    if not branches:
        return Measurable(statements, first, {}, {})
    found = flow.read(tree, laid, frozenset(first.get(line, line) for line in compiled))
    arms = {line: frozenset(after - hidden) for line, after in found.after.items() if line not in hidden}
    return Measurable(
        statements,
        first,
        {line: after for line, after in arms.items() if len(after) > 1},
        found.meant,
        frozenset(exclusions.logical(module, exclusions.matching(text, rules.unbranched))),
    )


def _compiled(code: CodeType) -> Iterator[int]:
    """The lines that something was compiled for; annotations that are evaluated late are seldom evaluated at all."""
    pending = [code]
    while pending:
        one = pending.pop()
        pending += (inner for inner in one.co_consts if hasattr(inner, "co_lines"))
        if one.co_name != "__annotate__":
            yield from (line for _, _, line in one.co_lines() if line)


def _docstrings(tree: ast.Module) -> set[int]:
    found: set[int] = set()
    for node in (tree, *layout.walk(tree)):
        if isinstance(node, _DOCUMENTED) and node.body:
            first = node.body[0]
            value = first.value if isinstance(first, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return found
