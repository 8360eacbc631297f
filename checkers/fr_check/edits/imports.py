"""Names put into a file's imports, and taken out again, by the spans that `ast` gives."""

from __future__ import annotations

import ast
import sys

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.lines import delete_lines, insert_after, line_end
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
    line = f"from {module} import {', '.join(missing)}"
    kin = next((node for node in imports if (node.module or "").startswith(module)), None)
    if kin is not None:
        return (insert_after(text, kin.lineno - 1, line),)
    return _new_line(text, module, line)


def _new_line(text: Text, module: str, line: str) -> tuple[Edit, ...] | Refused:
    """An import of a module that the file imports nothing from: to its sorted place in the group of its kind.

    The groups are those of every formatter: the standard library, others' packages, the project's own. A group that is
    not there yet gets a blank line around it.
    """
    top: list[ast.Import | ast.ImportFrom] = []
    for node in parsed(text).body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            if top:
                break
            continue
        if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            top.append(node)
    if not top:
        return Refused(f"{text.path} imports nothing to go by: write `{line}` at its top")
    own = _is_standard(module)
    kin = [node for node in top if _is_standard(_module(node)) == own and not _is_local(node)]
    # A second group without a standard module is the project's own.
    kin = kin[: next((n for n in range(1, len(kin)) if _apart(text, kin[n - 1], kin[n]) and not own), len(kin))]
    if kin:
        # Formatters put `import x` above `from x import y`, or mix both; below all smaller ones is right for either.
        froms = [node for node in kin if isinstance(node, ast.ImportFrom)] or kin
        smaller = [node for node in froms if _module(node).lower() < module.lower()]
        if smaller:
            return (insert_after(text, smaller[-1].end_lineno or smaller[-1].lineno, line),)
        before = froms[0] if isinstance(froms[0], ast.ImportFrom) else None
        at = before.lineno - 1 if before is not None else kin[-1].end_lineno or kin[-1].lineno
        return (insert_after(text, at, line),)
    end = line_end(text, top[0].lineno)
    if own:
        return (insert_after(text, top[0].lineno - 1, f"{line}{end}"),)
    standard = [node for node in top if _is_standard(_module(node))]
    if standard:
        last = standard[-1].end_lineno or standard[-1].lineno
        return (insert_after(text, last, f"{end}{line}"),)
    return (insert_after(text, top[0].lineno - 1, f"{line}{end}"),)


def _apart(text: Text, above: ast.stmt, below: ast.stmt) -> bool:
    lines = range((above.end_lineno or above.lineno) + 1, below.lineno)
    return any(not text.line(number).strip() for number in lines)


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _is_local(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


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
        return (_without_statement(text, node.lineno, node.end_lineno or node.lineno),)
    if node.lineno != node.end_lineno:
        alone = all(text.line(alias.lineno).strip().rstrip(",") == alias.name for alias in gone)
        return tuple(delete_lines(text, alias.lineno, alias.lineno) for alias in gone) if alone else ()
    start, end = _list_span(text, node)
    left = ", ".join(ast.unparse(alias) for alias in node.names if alias not in gone)
    return (Edit(text.path, start, end, left),)


def _without_statement(text: Text, first: int, last: int) -> Edit:
    """Takes out an import, and with a group of its own one of the blank lines around it."""
    alone_above = first == 1 or not text.line(first - 1).strip()
    if alone_above and last < text.line_count and not text.line(last + 1).strip():
        return delete_lines(text, first, last + (text.offset(last + 1) < len(text.string)))
    ends = last >= text.line_count or text.offset(last + 1) >= len(text.string)
    return delete_lines(text, first - 1 if alone_above and ends and first > 1 else first, last)
