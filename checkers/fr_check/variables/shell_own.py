"""What a shell keeps to itself: its own variables, values that it makes, files that it does not read."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources import dotenv, shell
from fr_check.sources.docker_uses import moved
from fr_check.sources.opaque import Opaque
from fr_check.sources.tasks.model import OPAQUE
from fr_check.variables.model import Computed, Entry, Layer, Literal, Open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.model import Location
    from fr_check.runs.changes import Operation
    from fr_check.variables.model import Value
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
    place = None if operation.content is not None else path(files, operation)
    if place is None:
        return
    text = files.script(place)
    if text is not None:
        files.note(place, operation)
        commands = shell.parse(text.string).commands
        names = tuple(dict.fromkeys(name for one in commands for name, _ in shell.names_assigned(one)))
    else:
        layer = files.read(place, operation)
        names = () if layer is None else tuple(layer.entries)
    files.missing(place, names, operation.why)


def exporting(operation: Operation) -> Open:
    """That what an operation sets may not be exported."""
    by = f"{operation.by} exports it" if operation.by else "`set -a` holds"
    return Open(operation.shown, operation.why or f"whether {by} is only known at run time", operation.location)


def line(entry: Entry) -> str:
    """A line that sets a variable to the text that an entry has."""
    return f"{entry.name}={entry.value.text.reveal() if isinstance(entry.value, Literal) else ''}"


def path(files: ShellFiles, operation: Operation) -> str | None:
    """The path of a file that an operation reads; None where that is not known."""
    place = operation.name if operation.name.startswith("/") else moved(operation.here, operation.name or None)
    return None if place is None else files.path(place)


def of_text(text: str, operation: Operation, place: Location) -> Layer:
    """What a script has written to a file of variables, as a program reads it that is no shell."""
    entries: dict[str, Entry] = {}
    for one in dotenv.parse(Text(text, place.path)).assignments:
        held = None if one.value is None else one.value.reveal()
        known = held is not None and OPAQUE not in held and "$" not in held
        entries[one.key] = Entry(one.key, Literal(Opaque(held or "")) if known else Computed(""), place)
    return Layer("sourced", f"`{operation.shown}`", entries, operation.location)


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
