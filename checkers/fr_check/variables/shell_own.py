"""What a shell keeps to itself: its own variables, values that it makes, files that it does not read."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import shell
from fr_check.sources.docker_uses import moved
from fr_check.sources.opaque import Opaque
from fr_check.sources.tasks.model import OPAQUE
from fr_check.variables.model import Computed, Literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.runs.changes import Operation
    from fr_check.variables.model import Entry, Layer, Value
    from fr_check.variables.shell_files import ShellFiles

_SHOWN = pattern(r"[^\n]{0,80}")


class Inner(NamedTuple):
    """A variable of the shell that what it starts does not get, and the layer that it would be one of."""

    entry: Entry
    layer: Layer

    @property
    def is_sure(self) -> bool:
        """Whether the shell has it for certain."""
        return self.layer.doubt is None and self.entry.doubt is None


def note(files: ShellFiles, operation: Operation) -> None:
    """Notes a file that the shell does not read, with the names that it has."""
    place = operation.name if operation.name.startswith("/") else moved(operation.here, operation.name or None)
    path = None if place is None or operation.content is not None else files.path(place)
    if path is None:
        return
    text = files.script(path)
    if text is not None:
        files.note(path, operation)
        commands = shell.parse(text.string).commands
        names = tuple(dict.fromkeys(name for one in commands for name, _ in shell.names_assigned(one)))
    else:
        layer = files.read(path, operation)
        names = () if layer is None else tuple(layer.entries)
    files.missing(path, names, operation.why)


def computed(operation: Operation, text_of: Callable[[str], str | None]) -> Value:
    """A value that takes in what files gave, where that is known."""
    read = shell.parse(f"_={operation.written}").commands if operation.written else ()
    word, found = read[0].assignments[0].value if len(read) == 1 and read[0].assignments else None, None
    if word is not None:
        names = {part.name for part in word.expansions if part.kind == "variable"}
        known = {name: text for name in names if (text := text_of(name)) is not None}
        found = shell.resolve(word, known)
    if found is not None:
        return Literal(Opaque(found))
    shown = _SHOWN.fullmatch(operation.written) is not None and OPAQUE not in operation.written
    return Computed(operation.written if shown else "")
