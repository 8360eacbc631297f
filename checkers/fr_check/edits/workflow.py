"""Inputs of a step's action, set or changed."""

from __future__ import annotations

from fr_check.core.edits import Edit, Fix, Refused
from fr_check.edits.yaml import add_below, add_key
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.edits import Applicability
    from fr_check.core.model import Location
    from fr_check.core.text import Text


def with_input(
    text: Text | None, place: Location, name: str, value: str, applicability: Applicability
) -> Fix | Refused | None:
    """Gives the step at a place an input below `with`; an expression there is left to its author."""
    step = _step(text, place) if text is not None else None
    if text is None or step is None:
        return None
    given = step.entries.get("with")
    edit: Edit | Refused
    if given is None:
        edit = add_key(text, step, ("with:", f"{name}: {value}"))
    elif isinstance(given.value, Mapping) and (old := given.value.entries.get(name)) is not None:
        if not isinstance(old.value, Scalar) or "${{" in old.value.value:
            return Refused(f"`{name}` is an expression")
        edit = Edit(text.path, old.value.start, old.value.end, value)
    else:
        edit = add_below(text, given.key, given.value, f"{name}: {value}", "")
    return edit if isinstance(edit, Refused) else Fix(applicability, (edit,))


def _step(text: Text, place: Location) -> Mapping | None:
    """The innermost mapping with `uses` around a place."""
    offset = text.offset(place.span.line, place.span.column) if place.span else 0
    found = None
    for node in walk(text.parsed(yaml_tree.parse).root):
        if isinstance(node, Mapping) and "uses" in node.entries and node.start <= offset <= node.end:
            found = node
    return found
