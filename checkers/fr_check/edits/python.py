"""Fields of a settings class put in and taken out by the spans that `ast` gives: no other line changes."""

from __future__ import annotations

import ast

from fr_check.core.edits import Edit, Refused
from fr_check.core.nearness import shared_words
from fr_check.edits.lines import delete_lines, insert_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_check.core.text import Text


def class_at(text: Text, line: int) -> ast.ClassDef | None:
    """The class whose `class` statement, or decorator, stands on a line."""
    for node in ast.walk(_tree(text)):
        if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.body[0].lineno if node.body else line):
            return node
    return None


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
    """Takes a field out, with the text that documents it."""
    if text.line(field.lineno)[: field.col_offset].strip():
        return Refused(f"the field `{name_of(field)}` shares its line with another statement")
    following = found.body[found.body.index(field) + 1 :]
    last = field.end_lineno or field.lineno
    if following and _is_docstring(following[0]):
        last = following[0].end_lineno or last
    return delete_lines(text, field.lineno, last)


def nearest(found: ast.ClassDef, name: str) -> ast.AnnAssign | None:
    """The field that a new one of this name goes below: the last of those that share most leading words with it."""
    every = fields(found)
    if not every:
        return None
    shared = [shared_words(name, name_of(field)) for field in every]
    best = max(shared)
    return every[-1] if not best else every[max(place for place, count in enumerate(shared) if count == best)]


def import_name(text: Text, module: str, name: str) -> Edit | Refused | None:
    """Imports a name from a module: at its sorted place if the list is sorted, else last. None: it is imported."""
    tree = _tree(text)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.level == 0]
    same = [node for node in imports if node.module == module]
    if any(alias.name == name and alias.asname in (None, name) for node in same for alias in node.names):
        return None
    if any(node.names[0].name == "*" for node in same):
        return Refused(f"`from {module} import *` hides what is imported")
    if same:
        return _into_list(text, same[-1], name)
    first = next((node for node in imports if (node.module or "").startswith(module)), imports[0] if imports else None)
    if first is None:
        return Refused("the file imports nothing to go by")
    return insert_after(text, first.lineno - 1, f"from {module} import {name}")


def _into_list(text: Text, node: ast.ImportFrom, name: str) -> Edit | Refused:
    names = [alias.name for alias in node.names]
    place = next((i for i, other in enumerate(names) if other > name), len(names)) if _sorted(names) else len(names)
    if node.lineno == node.end_lineno:
        start = text.offset(node.lineno, _column(text, node.names[0].lineno, node.names[0].col_offset))
        end = text.offset(node.lineno, _column(text, node.lineno, node.end_col_offset or 0))
        closing = ")" if text.string[:end].endswith(")") else ""
        written = [ast.unparse(alias) for alias in node.names]
        joined = ", ".join([*written[:place], name, *written[place:]])
        return Edit(text.path, start, end - len(closing), joined)
    before = node.names[place - 1] if place else None
    line = (before.end_lineno or node.lineno) if before is not None else node.lineno
    indent = text.line(node.names[0].lineno)[: node.names[0].col_offset]
    if indent.strip() or not text.line(line).rstrip().endswith((",", "(")):
        return Refused(f"the list of `from {node.module} import` is written in a way that is left to its author")
    return insert_after(text, line, f"{indent}{name},")


def _sorted(names: Sequence[str]) -> bool:
    keys: tuple[Callable[[str], str], ...] = (str, str.lower)
    return any(list(names) == sorted(names, key=key) for key in keys)


def _column(text: Text, line: int, utf8_offset: int) -> int:
    """A column in characters, from 1, of an offset in bytes, as `ast` counts."""
    return len(text.line(line).encode("utf-8")[:utf8_offset].decode("utf-8")) + 1


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _tree(text: Text) -> ast.Module:
    try:
        return ast.parse(text.string)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def unused_import(text: Text, module: str, name: str, without: ast.AST) -> Edit | None:
    """Takes a name out of an import list of one line where nothing but `without` uses it; None where something does."""
    tree = _tree(text)
    place = (getattr(without, "lineno", 0), getattr(without, "end_lineno", 0))
    uses = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and not place[0] <= node.lineno <= place[1]
    ]
    found = next((node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == module), None)
    if uses or found is None or name not in {alias.name for alias in found.names}:
        return None
    if len(found.names) == 1:
        return delete_lines(text, found.lineno, found.end_lineno or found.lineno)
    if found.lineno != found.end_lineno:
        line = next(alias.lineno for alias in found.names if alias.name == name)
        return delete_lines(text, line, line) if text.line(line).strip().rstrip(",") == name else None
    start = text.offset(found.lineno, _column(text, found.names[0].lineno, found.names[0].col_offset))
    end = text.offset(found.lineno, _column(text, found.lineno, found.end_col_offset or 0))
    closing = ")" if text.string[:end].endswith(")") else ""
    left = ", ".join(ast.unparse(alias) for alias in found.names if alias.name != name)
    return Edit(text.path, start, end - len(closing), left)
