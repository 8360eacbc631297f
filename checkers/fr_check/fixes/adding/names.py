"""Names that a module has above a class, and names that no field may have."""

from __future__ import annotations

import ast
import keyword

from fr_check.edits.python import parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from fr_check.core.text import Text

# What BaseSettings has already, in any version 2 of pydantic: a field of this name breaks it or hides it.
_TAKEN = frozenset((
    "construct", "copy", "dict", "from_orm", "json", "model_computed_fields", "model_config", "model_construct",
    "model_copy", "model_dump", "model_dump_json", "model_extra", "model_fields", "model_fields_set",
    "model_json_schema", "model_parametrized_name", "model_post_init", "model_rebuild", "model_validate",
    "model_validate_json", "model_validate_strings", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json",
    "settings_cached", "settings_clear_cache", "settings_customise_sources", "update_forward_refs", "validate",
))  # fmt: skip
# As a field it would stand for the type in the annotations below it.
_TYPES = frozenset(("bool", "bytes", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type"))


def known_names(text: Text, line: int) -> dict[str, str]:
    """What a module's own statements above a line bind -> where it comes from; empty for what the module defines."""
    found: dict[str, str] = {}
    for node in parsed(text).body:
        if node.lineno >= line:
            break
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{'.' * node.level}{node.module or ''}.{alias.name}"
        elif isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.partition(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = ""
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id: "" for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        elif isinstance(name := getattr(node, "name", None), ast.Name):  # `type Level = ...`
            found[name.id] = ""
    return found


def attribute(name: str, text: Text, node: ast.ClassDef, used: Container[str]) -> str:
    """A name for a variable's field: another one where Python, pydantic, the class or the module has that already.

    `used` are names that the field's own type is written with.
    """
    fits = name.lstrip("_")
    fits = fits if fits[:1].isalpha() else f"env_{fits}"
    if keyword.iskeyword(fits):
        return f"{fits}_"
    taken = _TAKEN | _TYPES | _in_class(node) | known_names(text, node.lineno).keys()
    if fits not in taken and fits not in used:
        return fits
    # Names that begin so are pydantic's.
    other = f"env_{fits}" if fits.startswith(("model_", "settings_")) else f"{fits}_"
    return other if other not in taken else f"env_{other}"


def _in_class(node: ast.ClassDef) -> set[str]:
    found = set()
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(one.name)
        elif isinstance(one, ast.Assign):
            found |= {target.id for target in one.targets if isinstance(target, ast.Name)}
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            found.add(one.target.id)
    return found
