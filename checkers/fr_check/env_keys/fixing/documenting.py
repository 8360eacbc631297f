"""Lines of an example for a setting that it lacks, or for each value inside a nested model."""

from __future__ import annotations

import re

from fr_check.core.edits import SAFE, UNSAFE, Edit, Fix, Refused
from fr_check.edits.example import insert_key
from fr_check.env_keys.fixing.comments import made_a_line
from fr_check.env_keys.values.accepted import typed
from fr_check.env_keys.values.written import default_of, is_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.text import Text
    from fr_check.env_keys.apps.model import ExampleSource
    from fr_check.sources.settings import Setting


def documented(
    source: ExampleSource,
    lines: Sequence[tuple[Setting, str]],
    outer: Setting,
    declared: Sequence[str],
    text: Text | None,
) -> Fix | Refused:
    """Puts each setting's line into an example, or takes the `#` from it there; all are of the field `outer`.

    `declared` are the variables in the order of their declaration, `text` is the file with the field.
    """
    edits: list[Edit] = []
    safe = True
    for part, advised in lines:
        made = _written(part, advised, outer, text)
        if isinstance(made, Refused):
            return made
        line, known = made
        value, comment = line.partition("=")[2], line.startswith("#")
        fixed = None if comment else made_a_line(source, part.name, value, part.kind, known=known)
        if fixed is not None:
            edits += fixed.edits
            safe = safe and fixed.applicability == SAFE
            continue
        edit = insert_key(source.text, source.content, line, declared)
        if isinstance(edit, Refused):
            return edit
        edits.append(edit)
        safe = safe and (known or comment)
    return Fix(SAFE if safe else UNSAFE, tuple(edits))


def _written(part: Setting, line: str, outer: Setting, text: Text | None) -> tuple[str, bool] | Refused:
    """The line of a setting, or of a value inside the model of `outer`, and whether that is its default for certain."""
    key, default = part.name, default_of(part)
    inside = part.location != outer.location
    known = default is not None and not part.required and (not inside or _is_plain(outer, text))
    if inside and not is_secret(part) and default is not None:
        line = f"{key}={default}"
    elif not known and not line.startswith("#"):
        if is_secret(part):
            line = f"{key}='<YOUR_{key}>'"
        elif not part.required and not typed(part.kind, "").valid:
            return Refused(f"no text stands for the default of {part.owner}.{part.field}")
        elif not part.required:
            line = f"{key}="
    return line, known


def _is_plain(outer: Setting, text: Text | None) -> bool:
    """Whether a model is made with the defaults of its own class: it has to be given, or is `Model()`."""
    if outer.required or text is None or outer.location.span is None:
        return outer.required
    span = outer.location.span
    written = text.string[slice(*text.offsets(span))]
    name = re.escape(outer.annotation)
    return re.search(rf"(?:=\s*{name}\(\)|default_factory\s*=\s*{name}\b[^.(])", written) is not None
