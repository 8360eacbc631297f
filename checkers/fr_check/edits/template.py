"""Lines of a secrets template, written as its other lines are."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.text import Text


class Line(NamedTuple):
    """A line to put below line `after` (from 1), and the key that stands there."""

    after: int
    neighbour: str
    string: str


def rendering_line(text: Text, keys: Sequence[tuple[str, int]], key: str) -> Line | None:
    """The line that renders `key`, in the form of the nearest key that is rendered by a line of its own name.

    `keys` are the keys of the template with the line each stands on. None where no line is of a form to follow.
    """
    simple = [(name, line) for name, line in keys if f".{name} " in text.line(line) and text.line(line).count("{{") > 1]
    if not simple:
        return None
    kin = [(name, line) for name, line in simple if name.split("_")[0] == key.split("_", maxsplit=1)[0]]
    name, line = (kin or simple)[-1]
    # What the neighbour falls back on is its own: the new one falls back on nothing.
    return Line(line, name, _FALLBACK.sub(r'\1""\2', text.line(line).replace(name, key)))


_FALLBACK = pattern(r"(\{\{-? else -?\}\})[\"'][^\"'{}]*[\"'](\{\{-? end -?\}\})")
