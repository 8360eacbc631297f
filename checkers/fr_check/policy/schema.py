"""The configuration as a JSON Schema, for editors: made of the same NamedTuples that the reader goes by.

https://json-schema.org/draft/2020-12; docs/generate.py writes it to docs/fr-check.schema.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType

from fr_check.core.config import Config
from fr_check.core.registry import CHECKERS, load_policies
from fr_check.core.rule_ids import RULE_IDS
from fr_check.core.site import SITE
from fr_check.policy.options import OPTIONS
from fr_check.policy.tables import FAIL_ON, HIDDEN, LEVELS, PRESETS, hints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.policy.options import Option


def schema() -> dict[str, Any]:
    """The schema of `.fr-check.toml`, and of `[tool.fr-check]` in pyproject.toml."""
    properties = _properties(Config, HIDDEN)
    properties["fail-on"]["enum"] = list(FAIL_ON)
    properties["preset"]["enum"] = [*PRESETS]
    properties["require"]["items"]["enum"] = [*CHECKERS]
    properties["severity"] = {
        "type": "object",
        "description": "The severity of a rule.",
        "propertyNames": {"enum": sorted(RULE_IDS)},
        "additionalProperties": {"enum": list(LEVELS)},
    }
    properties["allow"] = {
        "type": "object",
        "description": "Findings that are expected, and why.",
        "propertyNames": {"enum": sorted(RULE_IDS)},
        "additionalProperties": {"type": "array", "items": _ALLOWANCE},
    }
    for name, kind in load_policies().items():
        described = {"description": CHECKERS[name].summary} if name in CHECKERS else {}
        properties[name] = {**_object(kind), **described}
    for option in OPTIONS:
        _described(properties, option)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{SITE}/fr-check.schema.json",
        "title": "fr-check",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _described(properties: dict[str, Any], option: Option) -> None:
    """Writes what a key means where editors look for it."""
    *tables, key = option.path.split(".")
    for name in tables:
        table = properties[name]
        properties = table.get("items", table)["properties"]
    properties[key] = {**properties[key], "description": option.meaning}


_ALLOWANCE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reason"],
    "properties": {
        "subject": {"type": "string", "description": "A glob over the thing at fault."},
        "path": {"type": "string", "description": "A glob over the file."},
        "reason": {"type": "string", "minLength": 1},
        # A date of TOML reaches a validator as a text.
        "until": {"type": "string", "format": "date", "description": "The last day on which this holds."},
    },
}


def _object(kind: type) -> dict[str, Any]:
    defaults: dict[str, object] = vars(kind)["_field_defaults"]
    required = [field.replace("_", "-") for field in kind.__annotations__ if field not in defaults]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": _properties(kind),
        **({"required": required} if required else {}),
    }


def _properties(kind: type, hidden: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name.replace("_", "-"): _type(hint) for name, hint in hints(kind).items() if name not in hidden}


def _type(hint: Any) -> dict[str, Any]:
    """The schema of what `tables` accepts for an annotation."""
    origin = getattr(hint, "__origin__", None)
    if isinstance(hint, UnionType):
        return _type(hint.__args__[0])
    if origin is tuple:
        return {"type": "array", "items": _type(hint.__args__[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _type(hint.__args__[1])}
    if hasattr(hint, "_fields"):
        return _object(hint)
    simple: dict[object, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer", "minimum": 0},
        float: {"type": "number", "minimum": 0, "maximum": 100},
    }
    return simple[hint]
