"""What to write in a compose file so that a setting gets its value: one answer for help, fixes and `fr-check add`.

A bare `KEY:` passes the host's value on, and nothing where the host has none. `${KEY}` and `${KEY:-}` would pass an
empty text then, which most types refuse and which beats every default.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.env_keys.values.accepted import expected, typed
from fr_check.env_keys.values.written import default_of
from fr_check.variables.model import COMMENT, QUOTES, REFERENCES, FromExample, Interpolated, Literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.processes.arriving import Arriving
    from fr_check.sources.opaque import Opaque
    from fr_check.sources.settings import Kind, Setting


# Of `docker run --env-file`, and of `format: raw`.
_RAW = {
    QUOTES: "write it without quotes: they are a part of the value in a raw file",
    COMMENT: "put the comment on a line of its own: it is a part of the value in a raw file",
    REFERENCES: "write the value out: nothing fills references in a raw file",
}


class Remedy(NamedTuple):
    """An entry of `environment` in the mapping form, the same as a list's item, and a remark on it."""

    entry: str
    item: str
    remark: str = ""


def passing(setting: Setting, name: str, example: Opaque | None, *, secret: bool, in_image: bool) -> Remedy:
    """The entry that passes a variable on. `example` is its value there; `in_image`: the image has one of its own."""
    default = default_of(setting)
    if in_image:
        # A bare entry would take the image's value away.
        return _with_default(name, default or "")
    empty = example is not None and not example.reveal()
    if not empty:
        return Remedy(f"{name}:", f"- {name}")
    if secret:
        return Remedy(f"{name}:", f"- {name}", "an empty value in `.env` then arrives as one")
    if typed(setting.kind, "").valid or default is None:
        return Remedy(f"{name}:", f"- {name}")
    return _with_default(name, default)


def by_file(found: Arriving, kind: Kind, default: str) -> str:
    """What to write where a file of variables or an image gives the value; empty for other places."""
    value, layer = found.entry.value, found.layer
    if layer.kind == "image-env":
        return f"write a value that it takes: {expected(kind)}; an ARG that nothing passes needs a default"
    if layer.kind not in {"env-file", "settings-file"}:
        return ""
    if isinstance(value, (Literal, FromExample)) and value.kept:
        return _RAW[value.kept]
    if isinstance(value, Interpolated) and not found.text:
        return f"write `{found.name}={default}`, or take the line out" if default else "take the line out"
    return "" if found.text else f"write a value that it takes ({expected(kind)}), or take the line out"


def _with_default(name: str, default: str) -> Remedy:
    plain = default.strip("'\"").replace("$", "$$")
    value = f"${{{name}:-{plain}}}"
    quoted = f'"{value}"' if any(sign in value for sign in ": #,") and '"' not in value else value
    if "\\" in value and "'" not in value:
        quoted = f"'{value}'"  # in double quotes YAML would decode it
    return Remedy(f"{name}: {quoted}", f"- {name}={value}")
