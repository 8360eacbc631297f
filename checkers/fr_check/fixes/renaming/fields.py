"""Fields of settings: the variable gets its new name by an alias, the attribute keeps its own."""

from __future__ import annotations

import ast

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.edits.imports import import_names
from fr_check.edits.python import call_of, name_of, node_span, parsed, segment, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.fixes.renaming.task import Renaming

_ALIASES = frozenset(("alias", "validation_alias", "env"))


def rename(task: Renaming) -> None:
    """Plans a new name for every field that the variable fills.

    Raises:
        Trouble: a field is filled in a way that no alias can change.
    """
    imports: dict[str, set[str]] = {}
    seen = set()
    for app in task.apps:
        for setting in app.takers(task.old):
            if setting.location in seen:
                continue
            seen.add(setting.location)
            if task.old not in (setting.names or ()):
                message = f"`{task.old}` fills `{setting.owner}.{setting.field}` only in part, or by a pattern of names"
                raise Trouble(message, "rename what stands inside of it by hand")
            wanted = _field(task, setting)
            imports.setdefault(setting.location.path, set()).update(wanted)
    for path, names in imports.items():
        if names:
            text = task.made.text(path)
            task.made.add(import_names(text, "pydantic", *sorted(names)), f"imports {', '.join(sorted(names))}")
    _inits(task)


def _field(task: Renaming, setting: Any) -> set[str]:
    """Plans the edits of one field; the names that they need from pydantic."""
    text = task.made.text(setting.location.path)
    task.code.add(text.path)
    node = _node(text, setting)
    if node is None:
        raise Trouble(f"{setting.owner}.{setting.field} is not found in {text.path}", "rename it by hand")
    names = setting.names or ()
    if task.keep and task.new in names:
        task.settle(text, *node_span(text, node))
        task.made.there.append(f"{setting.owner}.{setting.field} takes `{task.new}`, then `{task.old}`")
        return set()
    what = f"{setting.owner}.{setting.field} reads `{task.new}`" + (f", then `{task.old}`" if task.keep else "")
    literals = list(_literals(node, task.old, exact=setting.case_sensitive))
    old_style = _is_version_1(text)
    if not literals and _has_alias(node):
        raise Trouble(f"the alias of {setting.owner}.{setting.field} is computed", "rename it by hand")
    edit = (
        _in_alias(task, text, literals, old_style=old_style)
        if literals
        else _new_alias(task, text, node, old_style=old_style)
    )
    if isinstance(edit, Refused):
        raise Trouble(f"not done: {what}: {edit.reason}", "make this change by hand, and run the command again")
    task.replace(text, edit.start, edit.end, edit.text, what)
    task.settle(text, *node_span(text, node))
    return {name for name in ("AliasChoices", "Field") if f"{name}(" in edit.text}


def _node(text: Text, setting: Any) -> ast.AnnAssign | None:
    line = setting.location.span.line if setting.location.span else 0
    found = (node for node in ast.walk(parsed(text)) if isinstance(node, ast.AnnAssign) and node.lineno == line)
    return next((node for node in found if name_of(node) == setting.field), None)


def _is_version_1(text: Text) -> bool:
    """Whether the settings are those of pydantic 1, which has `env` in place of aliases."""
    tree = parsed(text)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return any(node.module == "pydantic" and any(one.name == "BaseSettings" for one in node.names) for node in imports)


def _keywords(node: ast.AST) -> Iterator[tuple[ast.Call, ast.keyword]]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield from ((call, keyword) for keyword in call.keywords if keyword.arg in _ALIASES)


def _has_alias(node: ast.AST) -> bool:
    return any(True for _ in _keywords(node))


def _literals(node: ast.AST, old: str, *, exact: bool) -> Iterator[tuple[ast.Call, ast.keyword, ast.Constant]]:
    """The literals of a field's aliases that name the variable."""
    for call, keyword in _keywords(node):
        for one in ast.walk(keyword.value):
            if not isinstance(one, ast.Constant) or not isinstance(one.value, str):
                continue
            if one.value == old or (not exact and one.value.upper() == old.upper()):
                yield call, keyword, one


def _in_alias(
    task: Renaming, text: Text, literals: list[tuple[ast.Call, ast.keyword, ast.Constant]], *, old_style: bool
) -> Edit | Refused:
    call, keyword, literal = literals[-1]
    start, end = node_span(text, literal)
    quote = text.string[end - 1]
    new = f"{quote}{task.new}{quote}"
    if not task.keep:
        if len(literals) > 1 and literals[0][1] is not keyword:
            return Refused("it has two aliases of this name")
        return Edit(text.path, start, end, new)
    if keyword.value is not literal:
        return Edit(text.path, start, start, f"{new}, ")
    both = f"[{new}, {quote}{task.old}{quote}]" if old_style else f"AliasChoices({new}, {quote}{task.old}{quote})"
    if keyword.arg == "alias":
        # It names the field in what is written out, too: what is read gets an alias of its own.
        return Edit(text.path, end, end, f", validation_alias={both}")
    written = [segment(text, one) for one in call.args]
    written += [f"{keyword.arg}={both}" if one is keyword else segment(text, one) for one in call.keywords]
    return _laid_out(text, call, written) or Edit(text.path, start, end, both)


def _arguments(text: Text, call: ast.Call) -> list[str]:
    return [*(segment(text, one) for one in call.args), *(segment(text, one) for one in call.keywords)]


def _laid_out(text: Text, call: ast.Call, arguments: list[str]) -> Edit | None:
    """A call of one line with other arguments; None where it is written over several, which are the author's."""
    start, end = node_span(text, call)
    if "\n" in text.string[start:end]:
        return None
    line = text.place(start)[0]
    head = text.string[text.offset(line) : start]
    return Edit(text.path, start, end, call_of(head, segment(text, call.func), arguments, width(text)))


def _new_alias(task: Renaming, text: Text, node: ast.AnnAssign, *, old_style: bool) -> Edit | Refused:
    if task.keep:
        names = f'"{task.new}", "{task.old}"'
        value = f"[{names}]" if old_style else f"AliasChoices({names})"
    else:
        value = f'"{task.new}"'
    alias = f"{'env' if old_style else 'validation_alias'}={value}"
    if node.value is None:
        end = node_span(text, node.annotation)[1]
        return Edit(text.path, end, end, f" = Field({alias})")
    if isinstance(node.value, ast.Call) and segment(text, node.value.func).rpartition(".")[2] == "Field":
        return _into_call(text, node.value, alias)
    start, end = node_span(text, node.value)
    default = segment(text, node.value)
    head = text.string[text.offset(text.place(start)[0]) : start]
    return Edit(text.path, start, end, call_of(head, "Field", [f"default={default}", alias], width(text)))


def _into_call(text: Text, call: ast.Call, alias: str) -> Edit:
    """One argument more: on a line of its own where the last one has one."""
    end = node_span(text, call)[1] - 1
    if not call.args and not call.keywords:
        return Edit(text.path, end, end, alias)
    relaid = _laid_out(text, call, [*_arguments(text, call), alias])
    if relaid is not None:
        return relaid
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    last = max(values, key=lambda one: (one.end_lineno or 0, one.end_col_offset or 0))
    where = next((keyword for keyword in call.keywords if keyword.value is last), None)
    if where is not None:
        line = text.line(where.lineno)
        indent = line[: len(line) - len(line.lstrip())]
        if line[len(indent) :].startswith(f"{where.arg}") and where.lineno > call.lineno:
            start = text.offset(where.lineno) + len(indent)
            return Edit(text.path, start, start, f"{alias},\n{indent}")
    stop = node_span(text, last)[1]
    # A bracket around the last argument is closed before the next one begins.
    closing = text.string.find(")", stop, end)
    while closing >= 0 and "#" not in text.string[stop:closing]:
        stop, closing = closing + 1, text.string.find(")", closing + 1, end)
    return Edit(text.path, stop, stop, f", {alias}")


_BY_NAME = pattern(r"(?:populate_by_name|validate_by_name|allow_population_by_field_name)\s*=\s*True")


def _inits(task: Renaming) -> None:
    """Calls that fill a renamed field by its name: with an alias, pydantic takes the alias only."""
    fields = {
        (setting.owner, setting.field)
        for app in task.apps
        for setting in app.takers(task.old)
        if not _BY_NAME.search(task.made.text(setting.location.path).string)
    }
    for path in task.repository.paths():
        text = task.repository.read(path) if path.endswith(".py") and fields else None
        string = getattr(text, "string", "")
        if not any(f"{owner}(" in string and f"{field}=" in string for owner, field in fields):
            continue
        for node in ast.walk(parsed(text)) if isinstance(text, Text) else ():
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                for keyword in node.keywords:
                    if (name, keyword.arg) in fields:
                        what = f"{path}:{keyword.value.lineno}: `{name}({keyword.arg}=...)` no longer fills the field"
                        task.made.remind(
                            f"{what}: write `{task.new}=`, or let the class take names (`populate_by_name`)"
                        )
