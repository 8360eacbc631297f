"""Validators that see a value before pydantic's own check, and so decide what a string may be."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_EARLY = {"before", "wrap", "plain"}


def prepared_fields(statement: ast.stmt) -> Iterator[str]:
    """Names of the fields a validator method prepares; `*` for all of them, or where its names are computed."""
    for decorator in getattr(statement, "decorator_list", []):
        if not isinstance(decorator, ast.Call):
            continue
        function = decorator.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        options = {keyword.arg: keyword.value for keyword in decorator.keywords}
        mode = getattr(options.get("mode"), "value", "after")
        early = mode in _EARLY or getattr(options.get("pre"), "value", False) is True
        if name in {"model_validator", "root_validator"} and early:
            yield "*"
        elif name in {"field_validator", "validator"} and early:
            for argument in decorator.args:
                yield argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else "*"
