"""Whether what arrives for a setting is refused by its type: one answer for rules, `trace` and `matrix`."""

from __future__ import annotations

from fr_check.env_keys.processes.arriving import arriving
from fr_check.env_keys.values.accepted import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.processes.arriving import Arriving
    from fr_check.sources.opaque import Opaque
    from fr_check.variables.programs import Process, Program, Reader


def refused(process: Process, program: Program, reader: Reader, *, bare: bool = False) -> Arriving | None:
    """What arrives and is refused; None where it is taken, or not known."""
    setting = reader.setting
    if setting is None or setting.names is None:
        return None
    found = arriving(process, reader, bare=bare)
    if found is None or (not found.text and ignores_empty(program, setting.owner)):
        return None
    return None if typed(setting.kind_of(found.name), found.text.reveal()).valid else found


def text_refused(process: Process, program: Program, reader: Reader) -> Opaque | None:
    """The text that the type refuses, unless it is the example's own."""
    found = refused(process, program, reader)
    return None if found is None or found.copied else found.text


def ignores_empty(program: Program, owner: str) -> bool:
    """Whether a class of settings takes an empty text for none (`env_ignore_empty`)."""
    return any(one.name == owner and one.ignores_empty for one in program.classes)
