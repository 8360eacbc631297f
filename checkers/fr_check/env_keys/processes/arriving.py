"""The text that a process gets for a variable: where `.env` is a copy of the example, and where there is none."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import Bare, FromExample, Interpolated, Literal, Set, filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.variables.model import ComposeHost, Entry, Layer
    from fr_check.variables.programs import Process, Reader


class Arriving(NamedTuple):
    """What arrives under `name`: its text, the entry that gives it and its layer.

    `copied` where the text is what the example says of one of the reader's own names: whoever mends that mends it in
    the example.
    """

    name: str
    text: Opaque
    entry: Entry
    layer: Layer
    copied: bool


def arriving(process: Process, reader: Reader, *, bare: bool) -> Arriving | None:
    """What fills a reader; None where nothing does, or the text is not known, or Compose stops before."""
    name, state = process.held(reader, bare=bare)
    if not isinstance(state, Set):
        return None
    compose_host = process.compose_host.without_file if bare else process.compose_host
    text = _text(state.entry, compose_host)
    if text is None:
        return None
    return Arriving(name, text, state.entry, state.layer, _is_copied(state.entry, reader, compose_host, text))


def _text(entry: Entry, compose_host: ComposeHost) -> Opaque | None:
    value = entry.value
    if isinstance(value, (Literal, FromExample)):
        return value.text
    text = filled(value, compose_host) if isinstance(value, (Bare, Interpolated)) else None
    return None if text is None else Opaque(text)


def _is_copied(entry: Entry, reader: Reader, compose_host: ComposeHost, text: Opaque) -> bool:
    """Whether the example gives the very text under a name of the reader, or of the variable."""
    if isinstance(entry.value, FromExample):
        return not entry.value.kept
    own = {entry.name, *reader.names}
    asked = {entry.value.name} if isinstance(entry.value, Bare) else set()
    if isinstance(entry.value, Interpolated):
        asked = {reference.name for reference in entry.value.template.references}
    return any(compose_host.values.get(name) == text for name in asked & own)


def beaten(process: Process, found: Arriving) -> Entry | None:
    """What a committed `env_file` gives, where what arrives is over it."""
    below = None
    for layer in process.layers:
        if layer is found.layer:
            break
        entry = layer.entries.get(found.name)
        if layer.kind == "env-file" and not layer.copied and entry is not None:
            below = entry if isinstance(entry.value, Literal) and entry.value.text else None
    return below
