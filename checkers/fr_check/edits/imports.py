"""Names put into a file's imports, and taken out again, by the spans that `ast` gives."""

from __future__ import annotations

import ast

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.lines import delete_lines, insert_after
from fr_check.edits.python import node_span, parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from fr_check.core.text import Text


def import_names(text: Text, module: str, *names: str) -> tuple[Edit, ...] | Refused:
    """Imports names from a module: at their sorted places if the list is sorted, else last; those that it has not."""
    imports = [node for node in parsed(text).body if isinstance(node, ast.ImportFrom) and node.level == 0]
    same = [node for node in imports if node.module == module]
    known = {alias.name for node in same for alias in node.names if alias.asname in (None, alias.name)}
    missing = sorted({*names} - known)
    if not missing:
        return ()
    if any(node.names[0].name == "*" for node in same):
        return Refused(f"`from {module} import *` hides what is imported")
    if same:
        return _into_list(text, same[-1], missing)
    kin = next((node for node in imports if (node.module or "").startswith(module)), None)
    above = kin or next((node for node in parsed(text).body if _is_import(node)), None)
    if above is None:
        return Refused("the file imports nothing to go by")
    return (insert_after(text, above.lineno - 1, f"from {module} import {', '.join(missing)}"),)


def _is_import(node: ast.stmt) -> bool:
    """Whether a statement is an import that another one may stand above; nothing stands above that of the future."""
    return isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "__future__")


def _into_list(text: Text, node: ast.ImportFrom, missing: Sequence[str]) -> tuple[Edit, ...] | Refused:
    names = [alias.name for alias in node.names]
    ordered = _sorted(names)
    if node.lineno == node.end_lineno:
        written = [ast.unparse(alias) for alias in node.names]
        for name in missing:
            written.insert(_place(written, name) if ordered else len(written), name)
        start, end = _list_span(text, node)
        return (Edit(text.path, start, end, ", ".join(written)),)
    edits = []
    for name in missing:
        place = _place(names, name) if ordered else len(names)
        before = node.names[place - 1] if place else None
        line = (before.end_lineno or node.lineno) if before is not None else node.lineno
        indent = text.line(node.names[0].lineno)[: node.names[0].col_offset]
        if indent.strip() or not text.line(line).rstrip().endswith((",", "(")):
            return Refused(f"the list of `from {node.module} import` is written in a way that is left to its author")
        edits.append(insert_after(text, line, f"{indent}{name},"))
    return tuple(edits)


def _place(names: Sequence[str], name: str) -> int:
    return next((i for i, other in enumerate(names) if other > name), len(names))


def _list_span(text: Text, node: ast.ImportFrom) -> tuple[int, int]:
    """Where the names of an import of one line stand, without a bracket around them."""
    return node_span(text, node.names[0])[0], node_span(text, node.names[-1])[1]


def _sorted(names: Sequence[str]) -> bool:
    keys: tuple[Callable[[str], str], ...] = (str, str.lower)
    return any(list(names) == sorted(names, key=key) for key in keys)


def unused_imports(text: Text, names: Container[str], without: ast.AST) -> tuple[Edit, ...]:
    """Takes out of the import lists those of some names that nothing but `without` uses."""
    tree = parsed(text)
    first, last = getattr(without, "lineno", 0), getattr(without, "end_lineno", 0)
    words = {word for node in ast.walk(tree) for word in _used(node) if not first <= getattr(node, "lineno", 0) <= last}
    edits: list[Edit] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            gone = [one for one in node.names if one.asname is None and one.name in names and one.name not in words]
            edits += _out_of_list(text, node, gone) if gone else ()
    return tuple(edits)


def _used(node: ast.AST) -> Sequence[str]:
    """The names that a node uses; those in a short text, which may be an annotation, too."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return ()
    return _WORD.findall(node.value) if len(node.value) <= _LONGEST_ANNOTATION else ()


_WORD = pattern(r"\w+")
_LONGEST_ANNOTATION = 60


def _out_of_list(text: Text, node: ast.ImportFrom, gone: Sequence[ast.alias]) -> tuple[Edit, ...]:
    if len(gone) == len(node.names):
        return (delete_lines(text, node.lineno, node.end_lineno or node.lineno),)
    if node.lineno != node.end_lineno:
        alone = all(text.line(alias.lineno).strip().rstrip(",") == alias.name for alias in gone)
        return tuple(delete_lines(text, alias.lineno, alias.lineno) for alias in gone) if alone else ()
    start, end = _list_span(text, node)
    left = ", ".join(ast.unparse(alias) for alias in node.names if alias not in gone)
    return (Edit(text.path, start, end, left),)
