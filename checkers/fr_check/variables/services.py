"""The process of a compose service: its layers, lowest first, and the programs that it runs."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.build_context import inside
from fr_check.variables import arguments, own_code, own_files, started
from fr_check.variables.compose_entries import value_of
from fr_check.variables.env_files import Below
from fr_check.variables.launch import of_words
from fr_check.variables.model import Bare, Entry, Interpolated, Layer, Literal, Open, filled, unsure
from fr_check.variables.places import Places
from fr_check.variables.programs import Process
from fr_check.variables.sourced_files import SourcedFiles
from fr_check.variables.sourcing import Sourcing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import EnvFile, Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.compose.variable import Origin
    from fr_check.variables.commands import Command
    from fr_check.variables.env_files import EnvFiles
    from fr_check.variables.imported import Imports
    from fr_check.variables.joining import Join, Joined
    from fr_check.variables.launch import Launch, Start
    from fr_check.variables.model import ComposeHost, Value
    from fr_check.variables.programs import Program
    from fr_check.variables.templates import Templates

_WORD = pattern(r"[A-Za-z_]\w*")


class ServiceProcess(NamedTuple):
    """A process with what its service says beside the environment.

    `words` are all names in what it runs outside of programs: scripts, command lines, the health check. `launch` is
    what its words start, `absences` where a reader of a file would have looked, `sourced` what its shells source.
    """

    process: Process
    project: Project
    service: Service
    joined: Joined
    launch: Launch | None
    words: frozenset[str]
    absences: tuple[tuple[str, Location], ...]
    sourced: SourcedFiles | None
    places: Places
    lost: str = ""
    callers: tuple[Command, ...] = ()

    @property
    def given(self) -> bool:
        """Whether those give Compose anything."""
        return bool(self.process.compose_host.shell)


class Reading(NamedTuple):
    """What services are read with."""

    repository: Repository
    files: EnvFiles
    join: Join
    programs: tuple[Program, ...]
    imports: Imports
    templates: Templates


def process(
    project: Project, service: Service, reading: Reading, given: Sequence[Layer] | None = None
) -> ServiceProcess:
    """Everything about one service; `given` is what it is given where its files do not say so."""
    compose_host = reading.files.compose_host(project)
    joined = reading.join.of(project, service)
    places = Places.of(project, service, joined.containers, reading.repository)

    def lookup(name: str, origin: Origin | None) -> str | None:
        return (_own_host(origin, project, reading.files) or compose_host).get(name)

    container = joined.containers[0] if joined.containers else None
    words = arguments.of_service(service, container, lookup)
    folder = _folder(service, container, places)
    if given is None:
        given = (*given_by_files(project, service, reading.files), *_missing(project))
    layers = [*_image_layers(joined), *given]
    held = _known(layers)
    launched = None if words is None else of_words(words, folder, places, held)
    places.scripts = () if launched is None else launched.texts
    start, others, programs, certain, files = started.programs(launched, places, reading, held)
    sourced = None
    if start is not None:
        below = tuple(layers)
        sourced = SourcedFiles(project, service, places, reading)
        layers += Sourcing(sourced, below, compose_host).layers(start.operations)
        layers += _doubts(start, others, below, layers, sourced, compose_host) if others else ()
    absences: list[tuple[str, Location]] = []
    layers += own_code.of_files(reading.imports.before(files, programs), reading.repository)
    layers += () if start is None else own_code.of_server(start.words, start.location)
    for program in programs:
        layers += own_files.layers(program, start, places, reading, absences)
    certain = certain and (joined.certain or not joined.builds)
    what, place = f"service `{service.name}`", service.key
    made = Process(
        "service", what, place.text.path, place.location, tuple(layers), compose_host, programs, certain=certain,
        why=joined.why, folder=None if start is None else start.folder, service=service.name,
    )  # fmt: skip
    lost = "" if programs else started.lost(launched, joined, places, reading)
    return ServiceProcess(
        made, project, service, joined, launched, _words(service, launched), tuple(absences), sourced, places, lost
    )


def _doubts(
    start: Start,
    others: Sequence[tuple[Start, tuple[Program, ...]]],
    below: tuple[Layer, ...],
    whole: Sequence[Layer],
    sourced: SourcedFiles,
    host: ComposeHost,
) -> Iterator[Layer]:
    """What other programs of the same script are given otherwise; the rendered files that they read are noted."""
    from fr_check.variables import other_starts  # noqa: PLC0415 - few scripts start several programs

    mine = tuple(whole)
    for other, own in others:
        files = SourcedFiles(sourced.project, sourced.service, sourced.places, sourced.reading)
        theirs = (*below, *Sourcing(files, below, host).layers(other.operations))
        yield from other_starts.doubts(start, other, mine, theirs, host, own)
        sourced.noted += other_starts.rendered(files.noted, sourced.noted)


def _missing(project: Project) -> Iterator[Layer]:
    """What files of the set may give that are not in the repository."""
    for path in project.missing:
        opened = Open(path, f"`{path}`, which COMPOSE_FILE names, is not in this repository")
        yield Layer("environment", f"`{path}`", {}, None, opened)


def _known(layers: Iterable[Layer]) -> dict[str, str | None]:
    """The variables of which the value is written down, and nothing above it may change that."""
    found: dict[str, str | None] = {}
    for layer in layers:
        if layer.open is not None:
            found = dict.fromkeys(found)
        for name, entry in layer.entries.items():
            found[name] = entry.value.text.reveal() if isinstance(entry.value, Literal) else None
    return found


def _folder(service: Service, container: object, places: Places) -> str | None:
    own = service.working_dir.value if service.working_dir is not None else None
    base = getattr(container, "folder", None)
    if own is None:
        if base is not None:
            return str(base)
        # An image from elsewhere: its working folder is where its code is mounted, if anything is.
        return next((bound.target for bound in places.bounds if bound.source is not None), None)
    return own if own.startswith("/") else posixpath.normpath(posixpath.join(base or "/", own))


def _image_layers(joined: Joined) -> list[Layer]:
    layers = [container.layer() for container in joined.containers]
    if len(layers) < 2:  # noqa: PLR2004 - several builds of one name
        return layers
    names = set.intersection(*(set(layer.entries) for layer in layers))
    first = layers[0]
    return [first._replace(entries={name: first.entries[name] for name in sorted(names)})]


def given_by_files(project: Project, service: Service, files: EnvFiles) -> tuple[Layer, ...]:
    """What the compose files of a project give a service: its `env_file`, and `environment` over it."""
    given = _given(service, project, files)
    return (*_file_layers(project, service, files, given), given)


def _file_layers(project: Project, service: Service, files: EnvFiles, given: Layer) -> list[Layer]:
    if not service.env_files:
        return []
    host = files.compose_host(project)
    texts = {name: _text(entry.value, host) for name, entry in given.entries.items()}
    below = Below(_without(given, host), {name: text for name, text in texts.items() if text is not None})
    found = []
    for file, path in file_paths(project, service, files):
        if path is None:
            why = f"`{file.path.value}` is not in this repository"
            opened = Open(file.path.value, why, file.location)
            found.append(Layer("env-file", file.path.value, {}, file.location, opened))
        else:
            found.append(files.layer(path, f"`{path}`", file.location, file.format, below))
    return found


def _without(given: Layer, host: ComposeHost) -> ComposeHost:
    """A host that does not know the entries of `environment` whose values hang on what is not known of it."""
    gaps = {
        name: gap
        for name, entry in given.entries.items()
        if isinstance(entry.value, (Bare, Interpolated)) and host.get(name) is None
        and (gap := _unknown(entry, entry.value, host)) is not None
    }  # fmt: skip
    return host._replace(unclear={**host.unclear, **gaps}) if gaps else host


def _unknown(entry: Entry, value: Bare | Interpolated, host: ComposeHost) -> Open | None:
    if isinstance(value, Interpolated) and value.hangs_on_folder(host):
        why = f"`{entry.name}` holds the name of the project, which is that of the folder of the checkout"
        return Open(entry.name, why, entry.location)
    return unsure(value, host) if host.shell or host.unclear else None


def _text(value: Value, host: ComposeHost) -> str | None:
    if isinstance(value, Literal):
        return value.text.reveal()
    return filled(value, host) if isinstance(value, (Bare, Interpolated)) else None


def file_paths(project: Project, service: Service, files: EnvFiles) -> list[tuple[EnvFile, str | None]]:
    """The entries of `env_file` with their paths in the repository; None for one that leads out of it.

    Of entries that write one path the last counts, at the place of the first; `./a.env` and `a.env` are two.
    """
    found: dict[str, tuple[EnvFile, str | None]] = {}
    for file in service.env_files:
        host = _own_host(file.origin, project, files) or files.compose_host(project)
        folder = project.directory if file.origin is None else file.origin.directory
        written = file.template.fill(host.get).text
        path = inside(folder, written) if folder is not None and written else None
        found[written if path is None or file.origin is None else path] = (file, path)
    return list(found.values())


def _own_host(origin: Origin | None, project: Project, files: EnvFiles) -> ComposeHost | None:
    """The host of what an included file says, where that has a `.env` of its own."""
    scope = None if origin is None else origin.scope
    return None if scope is None or scope == project.scope else files.compose_host(project, scope)


def _given(service: Service, project: Project, files: EnvFiles) -> Layer:
    """`environment`."""
    listed = service.environment_listed
    entries = {}
    for name, variable in service.environment.items():
        value = value_of(variable, _own_host(variable.origin, project, files), listed=listed)
        entries[name] = Entry(name, value, variable.location)
    opened = None
    for variable in service.unnamed:
        opened = Open(variable.scalar.value, "a name in `environment` is only known at run time", variable.location)
    if opened is None and "models" in service.keys:
        opened = Open("models", "which variables `models` sets is not known", service.place("models"))
    return Layer("environment", "`environment`", entries, service.place("environment"), opened)


def _words(service: Service, launched: Launch | None) -> frozenset[str]:
    """Every name in scripts, command lines and the health check, `$$K` among them."""
    texts = list(launched.texts) if launched is not None else []
    texts += [start.body for start in launched.starts] if launched is not None else []
    if service.healthcheck is not None:
        texts += [argument.value for argument in arguments.of_command(service.healthcheck, arguments.nothing)]
    return frozenset(word for text in texts for word in _WORD.findall(text))
