"""Who reads variables: fields of settings, code, pages; their programs, and the processes that run those."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.names import nothing
from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import is_secret_name
from fr_check.core.text import Text
from fr_check.variables.model import Absent, Maybe, Removed, Set, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Literal

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.gotemplate.template import Template
    from fr_check.sources.settings import Setting, SettingsClass
    from fr_check.variables.backends.calls import Keyword
    from fr_check.variables.model import ComposeHost, Layer, Open, State

    ReaderKind = Literal["setting", "page", "code"]

    ProcessKind = Literal["service", "step", "task", "run", "build"]


class Reader(NamedTuple):
    """Who reads a variable: a field of the settings, a page, a line of code.

    `kind` is setting, page or code; `names` are the variables that fill it, the first that is set wins. `what` is what
    to call it. `type` and `default` are as written, None where there is none; `default` is masked where it may be
    secret. `setting` is the field, where it is one. `within`: for a value inside a nested model, the variables that
    hold the models around it, as JSON. `demanded`: its model has no default for it, so that it is required where any
    other variable of the model is set.
    """

    kind: ReaderKind
    what: str
    names: tuple[str, ...]
    type: str | None
    default: str | None
    required: bool
    secret: bool
    location: Location
    setting: Setting | None = None
    owner: str = ""
    within: tuple[str, ...] = ()
    demanded: bool = False

    @property
    def hidden(self) -> bool:
        """Whether its values are not printed: those of a secret, and numbers under a secret's name, as a PIN is."""
        return self.secret or any(map(is_secret_name, self.names))


class _Program(NamedTuple):
    """What processes run that reads variables: an application's settings classes, or the page of a frontend.

    `label` tells it from others, `root` is the folder that it stands in, `settings` the paths of the files with its
    classes. `readers` are the fields and the reads of its code. `open` says why it may read names that cannot be seen,
    `own_sources` why a field may have a value that no variable gives it, `keywords` what calls of its classes pass.
    `code` says of a path whether it is a file of its application, `examples`
    those that document it, `templates` what is rendered for it, by path. `reached` are the files that a process is
    known to import of it (None: it is the whole program), `closed` whether it imports no others.
    """

    label: str
    root: str
    settings: tuple[str, ...]
    classes: tuple[SettingsClass, ...]
    readers: tuple[Reader, ...]
    patterns: tuple[str, ...] = ()
    open: Open | None = None
    own_sources: Open | None = None
    keywords: tuple[Keyword, ...] = ()
    complete: bool = True
    code: Callable[[str], bool] = nothing
    examples: tuple[str, ...] = ()
    templates: Mapping[str, Template] = {}
    reached: frozenset[str] | None = None
    closed: bool = True


class Program(_Program):
    """What processes run that reads variables; see the fields of `_Program`. It finds the readers of a name at once."""

    @cached_property
    def given_files(self) -> tuple[Keyword, ...]:
        """The calls that name a file of variables themselves: `Settings(_env_file="prod.env")`."""
        owners = {one.name for one in self.classes}
        return tuple(one for one in self.keywords if one.field == "_env_file" and one.owner in owners)

    def dotenv_callers(self, repository: Repository) -> Iterator[tuple[str, Text]]:
        """The files of its code that call `load_dotenv`."""
        for path in repository.texts_with(self.code, _loads_dotenv):
            text = repository.read(path)
            if isinstance(text, Text):
                yield path, text

    def reads(self, name: str) -> Iterator[Reader]:
        """The readers that a variable of this name reaches: those of the name itself, else those it is a part of."""
        by_name, open_ = self._places
        likely = sorted({*by_name.get(name.upper(), ()), *open_})
        found = [reader for reader in map(self.readers.__getitem__, likely) if takes(reader, name)]
        own = [reader for reader in found if _is_named(reader, name)]
        yield from own or (_inside(reader, name) for reader in found)

    @cached_property
    def homes(self) -> dict[str, None]:
        """The files of which one must be imported for a reader to read: with the class of a field, with the read."""
        return {path: None for reader in self.readers for path in self._homes_of(reader)}

    def _homes_of(self, reader: Reader) -> tuple[str, ...]:
        return self._homes_by_place.get(_place(reader.location), (reader.location.path,))

    @cached_property
    def _homes_by_place(self) -> dict[tuple[object, ...], tuple[str, ...]]:
        """Where a field stands -> the files with the classes that have it: several may inherit it."""
        found: dict[tuple[object, ...], dict[str, None]] = {}
        for one in self.classes:
            for setting in one.settings:
                for place in (setting.location, *(leaf.location for leaf in setting.leaves)):
                    found.setdefault(_place(place), {})[one.location.path] = None
        return {place: tuple(paths) for place, paths in found.items()}

    def part(self, paths: frozenset[str], *, closed: bool) -> Program:
        """What a process has of it that imports these files, and perhaps others unless `closed`."""
        key = (paths, closed)
        if key not in self._parts:
            whole = paths.issuperset(self.homes)
            self._parts[key] = self if whole else self._reduced(paths, kept=None if not closed else paths)
        return self._parts[key]

    @property
    def certain(self) -> Program:
        """What a process certainly reads of it."""
        return self if self.reached is None or self.closed else self.part(self.reached, closed=True)

    def has(self, reader: Reader) -> bool | None:
        """Whether a process reads a variable with this reader; None where it may."""
        if self.reached is None or not self.reached.isdisjoint(self._homes_of(reader)):
            return True
        return False if self.closed else None

    @cached_property
    def _parts(self) -> dict[tuple[frozenset[str], bool], Program]:
        return {}

    def _reduced(self, paths: frozenset[str], kept: frozenset[str] | None) -> Program:
        if kept is None:
            return self._replace(reached=paths, closed=False)
        return self._replace(
            settings=tuple(path for path in self.settings if path in kept),
            classes=tuple(one for one in self.classes if one.location.path in kept),
            readers=tuple(one for one in self.readers if not kept.isdisjoint(self._homes_of(one))),
            reached=paths,
            closed=True,
        )

    @cached_property
    def _places(self) -> tuple[dict[str, list[int]], list[int]]:
        """Name in upper case -> the places of the readers that it may fill; and those that take names of a prefix.

        Several hundred readers are asked for each of several hundred names.
        """
        by_name: dict[str, list[int]] = {}
        open_: list[int] = []
        for place, reader in enumerate(self.readers):
            setting = reader.setting
            every = reader.names if setting is None else (*reader.names, *setting.every_name)
            for name in {name.upper() for name in every}:
                by_name.setdefault(name, []).append(place)
            if setting is not None and setting.open_prefixes:
                open_.append(place)
        return by_name, open_


def is_read(programs: Iterable[Program], program: Program, reader: Reader) -> bool | None:
    """Whether what runs these programs, or parts of them, reads with a reader of one; None where it may."""
    part = next((one for one in programs if one.label == program.label), None)
    return False if part is None else part.has(reader)


def _place(location: Location) -> tuple[object, ...]:
    span = location.span
    return (location.path, None if span is None else (span.line, span.column))


def _is_named(reader: Reader, name: str) -> bool:
    setting = reader.setting
    if setting is None or setting.case_sensitive:
        return name in reader.names
    return any(name.upper() == known.upper() for known in (*reader.names, *setting.dotenv_names))


def _inside(reader: Reader, name: str) -> Reader:
    """What a variable fills of a value that takes more of them: of the type of that part nothing is known."""
    secret = reader.secret or is_secret_name(name)
    part = reader._replace(names=(name,), default=None, required=False, secret=secret, setting=None)
    return part._replace(within=reader.names)


def _loads_dotenv(text: Text) -> bool:
    return "load_dotenv(" in text.string


def takes(reader: Reader, name: str) -> bool:
    """Whether a variable of this name fills a reader: case matters only where its class says so."""
    if name in reader.names:
        return True
    setting = reader.setting
    if setting is None:
        return False
    if setting.is_open_to(name):
        return True
    every = setting.every_name
    if setting.case_sensitive:
        return name in every
    upper = name.upper()
    return any(upper == known.upper() for known in every)


class _Process(NamedTuple):
    """What runs with an environment.

    `kind` is service, step, task, run or build; `what` names it, `of` is the file that says so. `layers` are lowest
    first; `compose_host` is what fills its values when `.env` is a copy of the example. `programs` are what it runs;
    `certain` is False where that, or what it is given, is only likely. `folder` is the working folder:
    a path of the repository, or of the container with a slash before it.
    """

    kind: ProcessKind
    what: str
    of: str
    location: Location
    layers: tuple[Layer, ...]
    compose_host: ComposeHost
    programs: tuple[Program, ...]
    certain: bool = True
    why: str = ""
    folder: str | None = None
    service: str = ""


class Process(_Process):
    """What runs with an environment; see the fields of `_Process`. A name is asked of those layers that may have it."""

    def get(self, name: str, *, bare: bool = False) -> State:
        """What the process has of a variable, where `.env` is a copy of the example; `bare`: where there is none."""
        by_name, every_name = self._layers_by_name
        state = fold(by_name.get(name, every_name), name, self.compose_host.without_file if bare else self.compose_host)
        return Absent(len(self.layers)) if isinstance(state, Absent) else state

    def held(self, reader: Reader, *, bare: bool = False) -> tuple[str, State]:
        """The first name of a reader that is set, with its state; else the first that may be; else its first name."""
        # Every rule asks for the same; the reader is kept with the answer, as its identity is the key.
        key = (id(reader), bare)
        if key not in self._answers:
            self._answers[key] = (reader, self._held(reader, bare=bare))
        return self._answers[key][1]

    def _held(self, reader: Reader, *, bare: bool) -> tuple[str, State]:
        states = [(name, self.get(name, bare=bare)) for name in self.spellings(reader)]
        for kind in (Set, Maybe, Removed):
            for pair in states:
                if isinstance(pair[1], kind):
                    return pair
        return (reader.names[0] if reader.names else reader.what), states[0][1] if states else Absent()

    @cached_property
    def _answers(self) -> dict[tuple[int, bool], tuple[Reader, tuple[str, State]]]:
        return {}

    def reads(self, program: Program, reader: Reader) -> bool | None:
        """Whether it reads a variable with a reader of a program; None where it may."""
        return is_read(self.programs, program, reader)

    def demands(self, reader: Reader) -> bool:
        """Whether the program does not start without a reader's variable."""
        if reader.required or not reader.demanded:
            return reader.required
        others = (one for program in self.programs for one in program.readers if one.within == reader.within)
        names = (name for one in others if one is not reader for name in one.names)
        return any(isinstance(self.get(name), Set) for name in names)

    def spellings(self, reader: Reader) -> tuple[str, ...]:
        """The names of a reader, and where case does not matter those of the layers that are theirs in another case."""
        setting = reader.setting
        if setting is None or setting.case_sensitive:
            return reader.names
        cases = self._spelt
        found = {place for name in reader.names for place in cases.get(name.upper(), ())}
        return tuple(dict.fromkeys((*reader.names, *(key for _, key in sorted(found))))) if found else reader.names

    @cached_property
    def _layers_by_name(self) -> tuple[dict[str, tuple[Layer, ...]], tuple[Layer, ...]]:
        """Name -> the layers that say something of it, lowest first; and those that say something of every name.

        A script may set a layer with each of its lines, and every setting is asked for in every process.
        """
        every = tuple(layer for layer in self.layers if layer.open is not None or layer.clears)
        names = dict.fromkeys(name for layer in self.layers for name in layer.entries)
        general = {id(layer) for layer in every}
        found: dict[str, list[Layer]] = {name: [] for name in names}
        for layer in self.layers:
            for name in names if id(layer) in general else layer.entries:
                found[name].append(layer)
        return {name: tuple(layers) for name, layers in found.items()}, every

    @cached_property
    def _spelt(self) -> dict[str, list[tuple[int, str]]]:
        """Name in upper case -> the spellings that the layers have of it, each with its place among all names."""
        found: dict[str, list[tuple[int, str]]] = {}
        for place, name in enumerate(dict.fromkeys(name for layer in self.layers for name in layer.entries)):
            found.setdefault(name.upper(), []).append((place, name))
        return found
