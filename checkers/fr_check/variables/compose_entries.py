"""What an entry of `environment` in a compose file has for a value."""

from __future__ import annotations

from fr_check.sources.compose.scalars import TEXT
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import Bare, Interpolated, Literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.compose.variable import Variable
    from fr_check.variables.model import ComposeHost, Value


def value_of(variable: Variable, compose_host: ComposeHost | None = None, *, listed: bool = False) -> Value:
    """The value of an entry of `environment`; `compose_host` that of an included file, `listed` as in `Service`."""
    printed = variable.printed
    if variable.bare or printed is None:
        return Bare(variable.name or variable.key.value, compose_host if variable.listed or listed else None)
    if printed.kind != TEXT:
        return Literal(Opaque(printed.text))
    literal = variable.template.literal
    return Interpolated(variable.template, compose_host) if literal is None else Literal(Opaque(literal))
