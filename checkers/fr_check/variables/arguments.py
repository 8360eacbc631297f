"""The words that a service's container is started with, each with its places: Compose's, else the image's own."""

from __future__ import annotations

from fr_check.sources import interpolation, shell
from fr_check.sources.shell.wrappers import inner_text
from fr_check.variables.launch import Argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.model import Location
    from fr_check.sources.compose.model import Command, Service
    from fr_check.sources.compose.variable import Origin
    from fr_check.sources.yaml_nodes import Scalar
    from fr_check.variables.container import Container, Words

    Lookup = Callable[[str, Origin | None], str | None]


def nothing(name: str, origin: Origin | None) -> None:
    """A host without variables."""
    del name, origin


def of_service(service: Service, container: Container | None, lookup: Lookup) -> list[Argument] | None:
    """What the container runs; None where that stands in an image which is not here."""
    entry = None if service.entrypoint is None else of_command(service.entrypoint, lookup)
    command = None if service.command is None else of_command(service.command, lookup)
    if entry is not None:
        # `entrypoint` takes away the image's CMD too.
        return [*entry, *(command or [])]
    if container is None:
        return command
    # Docker appends CMD to the shell form too: `$0` and `$@` of its text.
    own = [] if container.entrypoint is None else _of_image(container.entrypoint, container)
    if command is not None:
        return [*own, *command]
    return own + ([] if container.command is None else _of_image(container.command, container))


def of_command(command: Command, lookup: Lookup) -> list[Argument]:
    """The words of `command` or `entrypoint`; one text is split as a shell splits it, and no shell reads it."""
    scalars = [_filled(scalar, lambda name: lookup(name, command.origin)) for scalar in command.words]
    if not command.is_text:
        return scalars
    return [word for argument in scalars for word in _split(argument)]


def _split(argument: Argument) -> list[Argument]:
    read = shell.parse(argument.value.replace("\n", " "), places=argument.places)
    found = []
    for command in read.commands[:1]:
        for word in command.words:
            text, places = inner_text(word)
            if argument.places is not None and word.raw:
                # `inner_text` counts from the word's place, one character a character.
                places = [min(place, word.end) for place in places]
            found.append(Argument(text, [*places, word.end], argument.locate))
    return found


def _filled(scalar: Scalar, lookup: Callable[[str], str | None]) -> Argument:
    """A scalar with references filled and `$$` made `$`, and the place of every character that is left."""
    template = interpolation.parse(scalar.value) if "$" in scalar.value else interpolation.Template((), (), ())
    references = {part.start: part for part in template.parts if isinstance(part, interpolation.Reference)}
    kept: list[str] = []
    places: list[int] = []
    position = 0
    for stop in sorted({*references, *template.escapes}):
        kept.append(scalar.value[position:stop])
        places += range(position, stop)
        reference = references.get(stop)
        text = "$" if reference is None else interpolation.Template((reference,), (), ()).fill(lookup).text
        kept.append(text)
        places += [stop] * len(text)
        position = stop + 2 if reference is None else reference.end
    end = len(scalar.value)
    kept.append(scalar.value[position:])
    places += range(position, end + 1)

    def locate(start: int, end: int) -> Location:
        return scalar.text.at(scalar.locate(start, end))

    return Argument("".join(kept), places, locate)


def _of_image(words: Words, container: Container) -> list[Argument]:
    where = container.image.at(words.instruction.span)

    def locate(start: int, end: int) -> Location:
        del start, end
        return where

    return [Argument(word, None, locate) for word in words.words]
