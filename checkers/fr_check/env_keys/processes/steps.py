"""The steps of workflows that run a program and give it variables."""

from __future__ import annotations

from fr_check.core.names import beginning
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.env_keys.apps.reading import NAME
from fr_check.env_keys.values.accepted import typed
from fr_check.sources.compose.scalars import resolved
from fr_check.variables.model import Literal, Set, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Unknown
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Setting
    from fr_check.variables.flow import Flow
    from fr_check.variables.hosts import HostProcess
    from fr_check.variables.model import Entry
    from fr_check.variables.programs import Program, Reader

_FOLDER = ".github/workflows/"


class Given(NamedTuple):
    """A text that a step gives to a setting of what it runs."""

    step: HostProcess
    program: Program
    reader: Reader
    entry: Entry
    text: str


def given(facts: Facts) -> Iterator[Given | Unknown]:
    """Every known text for a setting that does not take any text; and whether there was too much to follow."""
    context = facts.context
    if context is None or not context.repository.select(beginning(_FOLDER)):
        return
    flow = facts.flow
    if flow is None or not _mentioned(flow):
        return
    from fr_check.variables.hosts import Hosts  # noqa: PLC0415 - only where a workflow speaks of such a setting

    hosts = Hosts(flow.reading, ())
    for step in hosts.steps:
        named = {name for layer in step.layers for name in layer.entries}
        known: dict[str, Entry | None] = {}
        for program in (program.certain for program in step.programs):
            for reader in program.readers:
                found = _first(step, (name for name in reader.names if name in named), known)
                if found is not None and isinstance(found.value, Literal):
                    text = found.value.text.reveal()
                    # GitHub writes out numbers in a way of its own.
                    if not text or resolved(text).text == text:
                        yield Given(step, program, reader, found, text)
    yield from hosts.unknowns(NAME)


def _first(step: HostProcess, names: Iterable[str], known: dict[str, Entry | None]) -> Entry | None:
    """The entry of the first name that is set; `known`: those of the step that were asked for before."""
    for name in names:
        if name not in known:
            state = fold(step.layers, name)
            known[name] = state.entry if isinstance(state, Set) else None
        found = known[name]
        if found is not None:
            return found
    return None


def _mentioned(flow: Flow) -> bool:
    """Whether a workflow speaks of a setting that refuses some text."""
    paths = flow.repository.select(beginning(_FOLDER))
    readers = [reader for program in flow.programs for reader in program.readers if reader.setting is not None]
    names = {name for reader in readers if _refuses(reader.setting) for name in reader.names}
    texts = (flow.repository.read(path) for path in paths)
    return any(isinstance(text, Text) and text.parsed(_names_one, frozenset(names)) for text in texts)


def _names_one(text: Text, names: frozenset[str]) -> bool:
    return any(name in text.string for name in names)


def _refuses(setting: Setting | None) -> bool:
    return setting is not None and not (typed(setting.kind, "").valid and typed(setting.kind, "\0").valid)
