"""What a type or a `Field(...)` demands of a value beside its kind: `ge=1`, `PositiveInt`, `max_length=8`."""

from __future__ import annotations

import ast

from fr_check.sources.settings.evaluate import evaluate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.sources.settings.model import Bound
    from fr_check.sources.settings.modules import Modules, Scope

# What pydantic's own types demand, by their names.
BOUNDED: dict[str, Bound] = {
    "PositiveInt": ("gt", 0),
    "PositiveFloat": ("gt", 0),
    "NegativeInt": ("lt", 0),
    "NegativeFloat": ("lt", 0),
    "NonNegativeInt": ("ge", 0),
    "NonNegativeFloat": ("ge", 0),
    "NonPositiveInt": ("le", 0),
    "NonPositiveFloat": ("le", 0),
}
_NAMES = frozenset(("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length"))
STRICT: Bound = ("strict", 1)
"""`Field(strict=True)` and its like: a number or a boolean that no text becomes, and every variable is text."""
_ALONE = {"Ge": "ge", "Gt": "gt", "Le": "le", "Lt": "lt", "MultipleOf": "multiple_of"}


def bounds_of(node: ast.expr, name: str, scope: Scope, modules: Modules) -> Iterator[Bound]:
    """The bounds that a call sets: of `Field`, `conint` and the like, or of a constraint. `name` is what it calls."""
    if not isinstance(node, ast.Call):
        return
    demanded = [keyword.value for keyword in node.keywords if keyword.arg == "strict"]
    if any(evaluate(value, scope, modules) is True for value in demanded) or (name == "Strict" and not node.args):
        yield STRICT
    given = [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg in _NAMES]
    if name in _ALONE and len(node.args) == 1:
        given.append((_ALONE[name], node.args[0]))
    for bound, value in given:
        limit = evaluate(value, scope, modules)
        if isinstance(limit, (int, float)) and not isinstance(limit, bool):
            yield bound or "", limit
