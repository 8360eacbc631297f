"""What a reader ends up with in a process, in one word, and the steps of the way there."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import MASK, is_secret_name, redact
from fr_check.variables.absences import absences
from fr_check.variables.model import (
    FILL,
    FILL_EMPTY,
    KEPT,
    OVER,
    REMOVE,
    Bare,
    Computed,
    Entry,
    FromSecret,
    Interpolated,
    Literal,
    Maybe,
    Set,
    Step,
    Unclear,
    is_empty,
)
from fr_check.variables.value_outcomes import COMPUTED, DEFAULT, NOT_SET, UNKNOWN, Outcome, of_value, shown_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Location
    from fr_check.sources.interpolation import Reference
    from fr_check.variables.model import ComposeHost, Layer, State
    from fr_check.variables.programs import Process, ProcessKind, Reader
    from fr_check.variables.services import ServiceProcess
    from fr_check.variables.shell_files import ShellFiles, Sourced


class Traced(NamedTuple):
    """One process as `trace` tells it. `reads` are the readers that it serves; none where it has no effect there."""

    kind: ProcessKind
    what: str
    of: str
    location: Location
    reads: tuple[Reader, ...]
    outcome: Outcome
    steps: tuple[Step, ...]
    project: str = ""


def outcome_of(process: Process, reader: Reader, state: State) -> Outcome:
    """What a state means for a reader."""
    if isinstance(state, Maybe):
        beneath = outcome_of(process, reader, state.above or state.beneath)
        unknown = "; ".join(dict.fromkeys(gap.why for gap in state.gaps))
        if state.above is not None or isinstance(state.beneath, Set):
            return beneath._replace(certain=False, unknown=unknown)
        return Outcome(UNKNOWN, None, certain=False, unknown=unknown)
    if not isinstance(state, Set):
        return Outcome(DEFAULT if reader.kind == "setting" and not reader.required else NOT_SET)
    found = of_value(state.entry.value, process.compose_host)
    return found._replace(value=None) if reader.hidden else found


def of_entry(entry: Entry, compose_host: ComposeHost) -> Outcome:
    """What an entry gives on a host."""
    return of_value(entry.value, compose_host)


def shown(entry: Entry, reader: Reader) -> str:
    """The value of an entry as it is written, without what may be secret."""
    value = entry.value
    if isinstance(value, Bare):
        return entry.name
    if isinstance(value, Interpolated):
        parts = value.template.parts
        written = (_literal(part, reader) if isinstance(part, str) else _reference(part, reader) for part in parts)
        return redact("".join(written))
    if isinstance(value, Literal):
        return MASK if reader.hidden and value.text.reveal() else redact(value.text.reveal())
    return value.shown if isinstance(value, Computed) else ""


def _literal(text: str, reader: Reader) -> str:
    """What stands beside references: of a secret it is a part."""
    return MASK if reader.hidden and text else text


def _reference(reference: Reference, reader: Reader) -> str:
    word = "".join(part if isinstance(part, str) else _reference(part, reader) for part in reference.word)
    word = MASK if reader.hidden and word else word
    return redact(f"${{{reference.name}{reference.operator}{word}}}")


def of_service(found: ServiceProcess, reader: Reader) -> tuple[Outcome, tuple[Step, ...]]:
    """What a reader gets in a service, and how."""
    process = found.process
    name, state = process.held(reader)
    outcome = outcome_of(process, reader._replace(required=process.demands(reader)), state)
    if not process.certain:
        outcome = outcome._replace(certain=False, unknown=outcome.unknown or f"whether it runs {process.why}")
    steps = list(given(process, reader, name))
    if not isinstance(state, (Set, Maybe)):
        nested = _nested(process, reader)
        outcome, steps = (outcome, steps) if nested is None else (nested[0], [*steps, *nested[1]])
    if found.sourced is not None:
        told = not isinstance(state, (Set, Maybe))
        steps += (step for one, step in unexported(found.sourced, name) if told or one.failing)
    if not steps:
        steps += absences(found)
    return outcome, tuple(steps)


def unexported(files: ShellFiles, name: str) -> Iterator[tuple[Sourced, Step]]:
    """The files that a shell sources without handing a name of theirs on to what it starts, or cannot read."""
    for one in files.noted:
        if name in one.lost and one.failing:
            text = f"`{one.shown}`: NOT READ, {one.failing}"
            yield one, Step("sourced", text, text, one.location)
        elif name in one.lost:
            text = f"`{one.shown}`: LOST, without `set -a` the shell keeps `{name}` to itself"
            yield one, Step("sourced", f"{text}: write `set -a; {one.shown}; set +a`", text, one.location)


def _nested(process: Process, reader: Reader) -> tuple[Outcome, list[Step]] | None:
    """What a nested value has by other variables: by those of its parts, or by one that holds a model around it."""
    setting = reader.setting
    every = sorted({name for layer in process.layers for name in layer.entries})
    below = () if setting is None else setting.every_name
    parts = [name for name in every if name in below or (setting is not None and setting.is_open_to(name))]
    unclear = Outcome(UNKNOWN, certain=False, unknown="whether the JSON around it has it")
    for names, outcome, said in (
        (parts, Outcome(COMPUTED), "a part of it"),
        (reader.within, unclear, "the JSON that it may stand in"),
    ):
        held = [(f"`{name}`, {said}", state) for name in names if isinstance(state := process.get(name), Set)]
        if held:
            return outcome, [Step("passed", text, text, state.entry.location) for text, state in held]
    return None


_WINS = {"sourced": "the sourced file wins", "shell": "a later command wins", "settings-file": "what is set wins"}


def given(process: Process, reader: Reader, name: str) -> Iterator[Step]:
    """What gives a name or takes it away, lowest first; what a later layer beats for certain is told as lost."""
    found: list[tuple[Layer, Entry, Layer | None]] = []
    for layer in process.layers:
        entry = layer.entries.get(name)
        if entry is None and layer.clears and name not in layer.keeps and found and layer.location is not None:
            entry = Entry(name, Unclear(layer.what), layer.location, REMOVE)
        if entry is None or (entry.mode == KEPT and not found):
            continue
        holds = any(isinstance(one.value, (Literal, FromSecret)) and beaten is None for _, one, beaten in found)
        if entry.mode in {FILL, FILL_EMPTY} and holds and not any(is_empty(one.value) for _, one, _ in found):
            found.append((layer, entry, found[-1][0]))
            continue
        if entry.mode in {OVER, REMOVE, KEPT} and layer.doubt is None and entry.doubt is None:
            found = [(before, one, beaten or layer) for before, one, beaten in found]
        found.append((layer, entry, None))
    for layer, entry, beaten in found:
        if beaten is None:
            yield from _way(process, reader, layer, entry)
        elif layer.kind != "image-env" and entry.mode != REMOVE:
            taken = beaten.entries.get(name)
            gone = beaten.clears or (taken is not None and taken.mode == REMOVE)
            wins = f"{beaten.what} takes it away" if gone else _WINS.get(beaten.kind, f"{beaten.what} wins")
            written = f"`{shown(entry, reader)}`" if layer.kind == "environment" else layer.what
            # The example's entry is told by whoever still reads it there, as the references of `environment` do.
            where = layer.location or entry.location if layer.copied else entry.location
            yield Step("passed", f"{written}: lost, {wins}", f"{written}: LOST, {wins}", where)


def _way(process: Process, reader: Reader, layer: Layer, entry: Entry) -> Iterator[Step]:
    """The steps of one entry that counts; of one that may not come to be, said so."""
    perhaps = "" if layer.doubt is None and entry.doubt is None else ", perhaps"
    if entry.mode == REMOVE:
        yield Step("removed", f"{layer.what} takes it away{perhaps}", f"{layer.what}{perhaps}", entry.location)
    elif perhaps:
        steps = _followed(process, reader, layer, entry)
        yield from (one._replace(what=one.what + perhaps, text=one.text and one.text + perhaps) for one in steps)
    else:
        yield from _followed(process, reader, layer, entry)


def _followed(process: Process, reader: Reader, layer: Layer, entry: Entry) -> Iterator[Step]:
    if layer.kind == "environment":
        yield from host_steps(entry, process.compose_host, secret=reader.hidden)
        text = f"`{shown(entry, reader)}`"
        yield Step("passed", f"entry of `environment`: {text}", text, entry.location)
    elif layer.kind == "env-file":
        if layer.copied:
            yield Step("documented", f"entry of `{layer.copied}`", f"entry of {layer.copied}", entry.location)
        yield Step("env-file", f"{layer.what} of `env_file`", layer.what, layer.location or entry.location)
    elif layer.kind == "image-env":
        yield Step("image-env", layer.what, layer.what, entry.location)
    elif layer.kind == "sourced":
        yield from _rendered(entry, layer)
        if not any(step.how == "sourced" for step in layer.steps):
            yield Step("sourced", layer.what, layer.what, layer.location)
        yield from layer.steps
    elif layer.kind == "settings-file":
        if layer.copied:
            yield Step("documented", f"entry of `{layer.copied}`", f"entry of {layer.copied}", entry.location)
        yield Step("read-from-file", f"{layer.what} is read by the program", layer.what, layer.location)
    elif layer.kind == "step-env":
        yield Step("set", f"entry of {layer.what}", f"entry of {layer.what}", entry.location)
    else:
        yield Step("set", f"{layer.what} sets it", layer.what, entry.location)


def host_steps(entry: Entry, compose_host: ComposeHost, *, secret: bool) -> Iterator[Step]:
    """Where the host's variable comes from that an entry asks for."""
    value = entry.value
    names: tuple[str, ...] = (value.name,) if isinstance(value, Bare) else ()
    if isinstance(value, Interpolated):
        names = tuple(part.name for part in value.template.references)
    for name in dict.fromkeys(names):
        written = compose_host.written.get(name)
        given = compose_host.shell.get(name)
        if given is not None:
            yield from _shell_steps(name, given, secret=secret)
        if isinstance(given, Set):
            continue
        if written is not None:
            told = "" if secret or is_secret_name(name) else shown_value(written.value)
            short = f"{compose_host.how.split('`')[1]}: {told}" if told else compose_host.how.split("`")[1]
            yield Step("written", compose_host.how, short, written.location)
        elif name in compose_host.values and (place := compose_host.places.get(name)) is not None:
            yield Step("documented", f"entry of `{place.path}`", f"entry of {place.path}", place)


def _shell_steps(name: str, given: Set | Maybe, *, secret: bool) -> Iterator[Step]:
    """What gives a name to the process that runs Compose, or may."""
    if isinstance(given, Maybe):
        for gap in given.gaps:
            yield Step("set", f"perhaps for Compose: {gap.why}", f"perhaps for Compose: {gap.why}", gap.location)
        given_set = given.beneath if isinstance(given.beneath, Set) else given.above
        if given_set is None:
            return
        given = given_set
    told = "" if secret or is_secret_name(name) else shown_value(given.entry.value)
    text = f"{given.layer.what} gives Compose `{name}={told}`" if told else f"{given.layer.what} gives Compose `{name}`"
    yield Step("set", text, text, given.entry.location)


def _rendered(entry: Entry, layer: Layer) -> Iterator[Step]:
    """What a template, or a committed file, has for a name."""
    value = entry.value
    if isinstance(value, FromSecret):
        text = f"{value.source} {value.field}".strip()
        yield Step("vault", f"field {value.field} of {value.source}", text, value.place or entry.location)
        empty = value.fallback is not None and not value.fallback.reveal()
        told = "always; empty where the field is missing" if empty else "always" if entry.doubt is None else "at times"
        if value.fallback is not None and not empty:
            told = "always; a text of the template where the field is missing"
        yield Step("rendered", told, "", entry.location)
    elif any(step.how == "rendered" for step in layer.steps):
        yield Step("rendered", "a text of the template", "a text of the template", entry.location)
    elif layer.copied:
        yield Step("documented", f"entry of `{layer.copied}`", f"entry of {layer.copied}", entry.location)
    elif entry.location != layer.location:
        yield Step("set", f"entry of `{entry.location.path}`", f"entry of {entry.location.path}", entry.location)
