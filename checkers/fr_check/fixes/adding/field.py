"""The field of a new setting, written as the other fields of its class are."""

from __future__ import annotations

import ast
import re

from fr_check.core.nearness import shared_words
from fr_check.core.trouble import Trouble
from fr_check.edits.imports import import_names
from fr_check.edits.lines import insert_after
from fr_check.edits.python import add_field, call_of, class_at, class_of, fields, name_of, nearest, segment, width
from fr_check.env_keys.values.accepted import typed
from fr_check.env_keys.values.written import default_of
from fr_check.fixes.adding.names import attribute
from fr_check.fixes.adding.types import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.edits import Edit, Refused
    from fr_check.core.text import Text
    from fr_check.fixes.adding.plan import Wish
    from fr_check.fixes.plan import Plan

_MOSTLY = 2 / 3


def annotation_of(wish: Wish) -> str:
    """The type that was asked for, else the one that the default is told by."""
    if wish.type is not None:
        return wish.type
    value = wish.default or ""
    if value in {"true", "false"}:
        return "bool"
    if re.fullmatch(r"-?\d+", value):
        return "int"
    return "float" if re.fullmatch(r"-?\d+\.\d+", value) else "str"


def demand_same(setting: Any, wish: Wish) -> None:
    """Refuses a setting that is there with another default than is asked for."""
    if wish.default is None or setting.default is None or setting.default.literal is None:
        return
    try:
        there = ast.literal_eval(setting.default.literal.reveal())
    except (ValueError, SyntaxError):
        return  # computed: nothing can be said of it
    there = typed(setting.kind, there).value if isinstance(there, str) else there
    asked = typed(setting.kind, wish.default).value
    if isinstance(there, (set, frozenset, tuple)) and isinstance(asked, list):
        there, asked = sorted(map(repr, there)), sorted(map(repr, asked))
    if there != asked:
        place = f"{setting.location.path}:{setting.location.span.line if setting.location.span else 1}"
        raise Trouble(f"{place} has `{wish.key}` with another default", "change it there, or leave out --default")


def text_of(setting: Any, wish: Wish) -> str | None:
    """What an example says for a setting that is there; None where no text stands for its default."""
    if wish.kind == "secret" or wish.default is not None:
        return wish.default or ""
    written = default_of(setting)
    if written is None:
        return "" if typed(setting.kind, "").valid and "none" not in setting.kind.names else None
    return written[1:-1] if written[:1] in {"'", '"'} else written


def add(app: Any, wish: Wish, made: Plan) -> str | None:
    """Plans the field, and what it needs imported; what an example says for it, None where no text does."""
    found = _class(app, wish)
    text = made.text(found.location.path)
    node = class_at(text, found.location.span.line) if found.location.span else None
    if node is None:
        raise Trouble(f"{found.location.path} is not read as Python", "mend the file first")
    own = [one for one in found.settings if one.location.path == text.path]
    if own and not fields(node) and _below(text, node) is None:
        # A class that has every setting from others beside it.
        kin = max(reversed(own), key=lambda one: shared_words(wish.key.lower(), one.field.lower()))
        node = class_of(text, kin.location.span.line) or node
    habit = _alias_habit(node)
    name, aliased = _name(wish.key, own)
    hidden = wish.kind == "secret" and wish.type is None and _hides_secrets(own)
    annotation = "SecretStr" if hidden else annotation_of(wish)
    value = spelled(annotation, wish.default, text, node.lineno)
    free = attribute(name, text, node, re.findall(r"\w+", annotation))
    name, aliased = free, aliased or free != name
    imports = dict(value.imports)
    after = _after(node, own, wish, name)
    indent = text.line(after.lineno)[: after.col_offset] if after is not None else "    "
    line = f"{name}: {annotation} = {value.default}"
    if aliased or habit:
        imports["pydantic"] = tuple(dict.fromkeys((*imports.get("pydantic", ()), "Field")))
        head = f"{indent}{name}: {annotation} = "
        alias = f'{habit or "validation_alias"}="{wish.key}"'
        line = head[len(indent) :] + call_of(head, "Field", [f"default={value.default}", alias], width(text))
    for module, names in imports.items():
        made.add(import_names(text, module, *names), f"imports {', '.join(names)}")
    below = f", below {name_of(after)}" if after is not None else ""
    made.add(_into(text, node, line, after), f"{node.name}.{name}{below}")
    return "" if value.text is None and found.name in app.ignoring_empty else value.text


def _class(app: Any, wish: Wish) -> Any:
    classes = [one for one in app.classes if one.settings or len(app.classes) == 1]
    if wish.owner is not None:
        classes = [one for one in app.classes if one.name == wish.owner]
    if len(classes) != 1:
        names = [one.name for one in classes or app.classes]
        ways = " or ".join(f"`--class {name}`" for name in names)
        raise Trouble(f"`{wish.key}` may belong to several classes of settings: {', '.join(names)}", f"name it: {ways}")
    return classes[0]


def _name(key: str, own: list[Any]) -> tuple[str, bool]:
    """The field's name, and whether it needs an alias: to be found at all, or because most fields have one."""
    capitals = bool(own) and sum(one.field.isupper() for one in own) >= _MOSTLY * len(own)
    prefix = _prefix(own)
    name = key[len(prefix) :] if prefix and key.lower().startswith(prefix) else key
    if capitals:
        return name, bool(prefix) and not key.lower().startswith(prefix)
    name = name.lower()
    derived = [one for one in own if one.names and one.names[0].lower() == f"{prefix}{one.field}".lower()]
    mostly = len(own) > len(_MIN) and len(own) - len(derived) >= _MOSTLY * len(own)
    foreign = bool(prefix and not key.lower().startswith(prefix)) or any(one.case_sensitive for one in own)
    return name, foreign or mostly


def _alias_habit(node: ast.ClassDef) -> str:
    """The keyword by which most fields of a class name their variable (`alias`, `validation_alias`); empty without."""
    every = fields(node)
    found = [
        keyword.arg
        for field in every
        if isinstance(field.value, ast.Call)
        for keyword in field.value.keywords
        if keyword.arg in {"alias", "validation_alias"} and isinstance(keyword.value, ast.Constant)
    ]
    if len(every) <= len(_MIN) or len(found) < _MOSTLY * len(every):
        return ""
    return max(sorted(set(found)), key=found.count)


_MIN = ("a", "b")  # Two fields are no habit.


def _prefix(settings: list[Any]) -> str:
    """What `env_prefix` puts before the names of fields, in lower case; empty where there is none."""
    found = []
    for setting in settings:
        for name in (setting.names or ())[:1]:
            fits = name.lower().endswith(setting.field.lower()) and len(name) > len(setting.field)
            found.append(name[: -len(setting.field)].lower() if fits else "")
    best = max(set(found), key=found.count, default="")
    return best if best and found.count(best) > len(found) / 2 else ""


def _hides_secrets(own: list[Any]) -> bool:
    """Whether the class keeps its secrets in `SecretStr`."""
    hidden = [one for one in own if "SecretStr" in one.annotation]
    return bool(hidden)


def _after(node: ast.ClassDef, own: list[Any], wish: Wish, name: str) -> ast.AnnAssign | None:
    """The field that the new one goes below."""
    if wish.after is None:
        return nearest(node, name)
    wanted = next(
        (one.field for one in own if wish.after in (one.names or ()) or one.field == wish.after.lower()), None
    )
    found = next((one for one in fields(node) if name_of(one) == wanted), None)
    if found is None:
        raise Trouble(f"no field of {node.name} reads `{wish.after}`", "name another one with --after, or none")
    return found


def _into(text: Text, node: ast.ClassDef, line: str, after: ast.AnnAssign | None) -> Edit | Refused:
    ending = "\r\n" if "\r\n" in text.string else "\n"
    line = line.replace("\n", ending)
    if after is not None:
        return add_field(text, node, line, after)
    last = _below(text, node)
    if last is None:
        raise Trouble(f"{node.name} in {text.path} has no field to go by", "add the first one by hand")
    indent = text.line(last.lineno)[: last.col_offset]
    return insert_after(text, last.end_lineno or last.lineno, f"{ending}{indent}{line}")


def _below(text: Text, node: ast.ClassDef) -> ast.stmt | None:
    """What the first field of a class goes below: its configuration, or its docstring."""
    configuration = [
        one for one in node.body if isinstance(one, ast.Assign) and "config" in segment(text, one.targets[0])
    ]
    return configuration[-1] if configuration else node.body[0] if ast.get_docstring(node) else None
