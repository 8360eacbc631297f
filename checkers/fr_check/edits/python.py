"""Fields of a settings class put in and taken out by the spans that `ast` gives: no other line changes."""

from __future__ import annotations

import ast

from fr_check.core import python_syntax
from fr_check.core.edits import Edit, Refused
from fr_check.core.nearness import shared_words
from fr_check.edits.comments import without_entry
from fr_check.edits.lines import insert_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.text import Text


def class_at(text: Text, line: int) -> ast.ClassDef | None:
    """The class whose `class` statement, or decorator, stands on a line."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.body[0].lineno if node.body else line):
            return node
    return None


def class_of(text: Text, line: int) -> ast.ClassDef | None:
    """The class that has a field of its own on a line."""
    classes = (node for node in ast.walk(parsed(text)) if isinstance(node, ast.ClassDef))
    return next((node for node in classes if any(one.lineno == line for one in fields(node))), None)


def fields(found: ast.ClassDef) -> list[ast.AnnAssign]:
    """The annotated fields of a class, in order."""
    return [node for node in found.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]


def name_of(field: ast.AnnAssign) -> str:
    """The name of a field."""
    return field.target.id if isinstance(field.target, ast.Name) else ""


def add_field(text: Text, found: ast.ClassDef, line: str, after: ast.AnnAssign) -> Edit | Refused:
    """Puts a field below another one, and below the text that documents that one."""
    number = after.end_lineno or after.lineno
    indent = text.line(after.lineno)[: after.col_offset]
    if indent.strip():
        return Refused(f"the field `{name_of(after)}` shares its line with another statement")
    following = found.body[found.body.index(after) + 1 :]
    if following and _is_docstring(following[0]):
        number = following[0].end_lineno or number
    if following and following[0].lineno == number and not _is_docstring(following[0]):
        return Refused(f"the field `{name_of(after)}` shares its line with another statement")
    return insert_after(text, number, f"{indent}{line}")


def remove_field(text: Text, found: ast.ClassDef, field: ast.AnnAssign) -> Edit | Refused:
    """Takes a field out, with its text and comments; the only statement of a class becomes `pass`."""
    if text.line(field.lineno)[: field.col_offset].strip():
        return Refused(f"the field `{name_of(field)}` shares its line with another statement")
    following = found.body[found.body.index(field) + 1 :]
    last = field.end_lineno or field.lineno
    if following and _is_docstring(following[0]):
        last = following[0].end_lineno or last
    if len(found.body) == 1 + (last > (field.end_lineno or field.lineno)):
        # A class without a statement is no Python.
        start, end = text.offset(field.lineno, field.col_offset + 1), text.offset(last) + len(text.line(last))
        return Edit(text.path, start, end, "pass")
    return without_entry(text, field.lineno, last, name_of(field))


def nearest(found: ast.ClassDef, name: str) -> ast.AnnAssign | None:
    """The field that a new one of this name goes below: the last of those that share most leading words with it."""
    every = fields(found)
    if not every:
        return None
    shared = [shared_words(name, name_of(field)) for field in every]
    best = max(shared)
    return every[-1] if not best else every[max(place for place, count in enumerate(shared) if count == best)]


def node_span(text: Text, node: ast.expr | ast.stmt | ast.alias | ast.keyword) -> tuple[int, int]:
    """The offsets of a node, from the bytes that `ast` counts."""
    start = text.offset(node.lineno, _column(text, node.lineno, node.col_offset))
    last = node.end_lineno or node.lineno
    return start, text.offset(last, _column(text, last, node.end_col_offset or 0))


def segment(text: Text, node: ast.expr | ast.stmt | ast.keyword) -> str:
    """A node as it is written."""
    start, end = node_span(text, node)
    return text.string[start:end]


def call_of(head: str, function: str, arguments: Sequence[str], most: int) -> str:
    """A call behind `head`, over several lines where one would be longer than `most` columns."""
    line = f"{function}({', '.join(arguments)})"
    if len(head) + len(line) <= most or any("\n" in argument for argument in arguments):
        return line
    indent = head[: len(head) - len(head.lstrip())]
    return f"{function}(\n{''.join(f'{indent}    {argument},{chr(10)}' for argument in arguments)}{indent})"


def width(text: Text) -> int:
    """How long a line of a file may be: the longest there is, between the two that formatters are told most often."""
    longest = max((len(line) for line in text.string.split("\n")), default=0)
    return min(max(longest, _SHORT), _LONG)


_SHORT, _LONG = 88, 120


def _column(text: Text, line: int, utf8_offset: int) -> int:
    """A column in characters, from 1, of an offset in bytes, as `ast` counts."""
    return len(text.line(line).encode("utf-8")[:utf8_offset].decode("utf-8")) + 1


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def parsed(text: Text) -> ast.Module:
    """The syntax tree; an empty one for what is no Python."""
    return python_syntax.module(text.string) or ast.Module([], [])
