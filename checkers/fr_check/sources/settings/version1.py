"""Names by pydantic 1: `env=` and `Config.fields` name variables, and aliases do not."""

from __future__ import annotations

import ast

from fr_check.sources.settings.evaluate import evaluate
from fr_check.sources.settings.modules import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from fr_check.sources.settings.fields import FieldCall
    from fr_check.sources.settings.members import RawField
    from fr_check.sources.settings.modules import Modules
    from fr_check.sources.settings.names import Naming


def names_of_version_1(
    raw: RawField, call: FieldCall, config: Mapping[str, Any], rules: Naming, modules: Modules
) -> tuple[str, ...]:
    """The variables of a field of pydantic 1's BaseSettings: `env`, without prefix, else prefix and name."""
    named = env_in_config(raw.name, config.get("fields"), modules) or call.env
    return tuple(rules.spelled(name) for name in named) or (rules.spelled(rules.prefix + raw.name),)


def env_in_config(field: str, fields: object, modules: Modules) -> tuple[str, ...]:
    """The variables that `Config.fields` names for a field, as written."""
    if not isinstance(fields, Value) or not isinstance(fields.node, ast.Dict):
        return ()
    table = evaluate(fields.node, fields.scope, modules)
    entry = table.get(field) if isinstance(table, dict) else None
    env = entry.get("env") if isinstance(entry, dict) else entry
    if isinstance(env, str):
        return (env,)
    return tuple(name for name in env if isinstance(name, str)) if isinstance(env, (list, tuple)) else ()
