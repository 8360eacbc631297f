"""The processes that run `docker compose`: what they give Compose for its references, which is over `.env`.

`A=9 docker compose up`, `export A=9` before it, what make exports, `env` of a workflow's job or step. Where no such
process is known the shell is taken to be empty, as it is where somebody starts a set by hand.
"""

from __future__ import annotations

import posixpath

from fr_check.builds import commands as command_builds
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.changes import FILE
from fr_check.sources.build_context import inside
from fr_check.sources.compose import DEFAULT_NAMES, OVERRIDE_NAMES, dotenv
from fr_check.sources.docker_uses import files_of_variable
from fr_check.sources.opaque import Opaque
from fr_check.sources.tasks.model import OPAQUE
from fr_check.variables import step_layers, task_env
from fr_check.variables.commands import SCRIPT, STEP, TASK
from fr_check.variables.compose_leads import NAME
from fr_check.variables.env_files import DISABLING, TRUE
from fr_check.variables.model import Absent, Computed, Entry, Layer, Literal, Maybe, Open, Set, Unclear, fold, text_of
from fr_check.variables.shell_files import HostFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fr_check.builds.model import FileSet
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.dotenv import Entry as Line
    from fr_check.sources.compose.model import Demand, Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.compose.variable import Scope
    from fr_check.sources.docker_uses import ComposeUse
    from fr_check.sources.workflow import Workflow
    from fr_check.variables.commands import Command
    from fr_check.variables.env_files import EnvFiles
    from fr_check.variables.model import Shell, State, Value

_INCLUDE = pattern(r"[-s]?include[ ]+(?P<files>[^#]+)")
# What the shell of a person reads is as empty as that shell.
_OF_PEOPLE = pattern(r"(?:~|\$\{?HOME\}?|/root|/home/\w+|/etc)/|.*(?:\.\w+rc|profile|nvm\.sh)$")
_STARTING = frozenset(("up", "run", "create", "watch"))


class Caller(NamedTuple):
    """One command that starts services of a set: how it was reached, what it does, and which files it names."""

    command: Command
    use: ComposeUse
    files: FileSet


class ComposeInputs(NamedTuple):
    """What Compose is run with: the variables of the process that runs it, and its files of variables.

    `callers` are the commands that run it so; none where it is started by hand. `scope` is None for the project's own.
    """

    shell: Shell
    scope: Scope | None = None
    callers: tuple[Command, ...] = ()


BY_HAND = ComposeInputs({})


class Callers:
    """Tells what Compose is run with for a set of compose files."""

    def __init__(
        self,
        repository: Repository,
        files: EnvFiles,
        defaults: Mapping[str, tuple[str, ...]],
        composing: Callable[[], Iterable[Command]],
        file: Callable[[str], Workflow | None],
    ) -> None:
        self.repository = repository
        self.files = files
        self.defaults = defaults
        self._composing = composing
        self._file = file
        self._found: tuple[Caller, ...] | None = None

    def inputs(
        self, project: Project, service: Service, projects: tuple[Project, ...], names: frozenset[str]
    ) -> tuple[ComposeInputs, ...]:
        """What Compose is run with to start a service, as far as some names go; by hand where nothing is known."""
        found: dict[object, ComposeInputs] = {}
        for caller in self.starting(project, service, projects):
            given = self._inputs(caller, project, names)
            key = (given.scope, frozenset((name, _key(state)) for name, state in given.shell.items()))
            known = found.get(key, given._replace(callers=()))
            found[key] = known._replace(callers=(*known.callers, caller.command))
        # Where nothing is certain of what a script has, people may start the set otherwise.
        people = any(
            one.kind == TASK or (one.kind == SCRIPT and _is_told(given))
            for given in found.values()
            for one in given.callers
        )
        if not people and (not found or project.files in self.defaults.values()):
            found.setdefault((None, frozenset()), BY_HAND)
        return tuple(found.values())

    def starting(self, project: Project, service: Service, projects: tuple[Project, ...]) -> Iterator[Caller]:
        """The commands that start a service of a set."""
        for caller in self._callers:
            starts = caller.use.action in _STARTING and self._is_of(caller.files, project, projects)
            if starts and _starts(caller.use, service, project):
                yield caller

    @property
    def _callers(self) -> tuple[Caller, ...]:
        if self._found is None:
            every = [
                Caller(command, use, self._completed(files))
                for command in self._composing()
                for use, files in command_builds.of_compose(command.executed)
                if files is not None
            ]
            # A script that something calls is told by what calls it.
            called = {one.command.executed.location for one in every if one.command.kind != SCRIPT}
            self._found = tuple(
                one for one in every if one.command.kind != SCRIPT or one.command.executed.location not in called
            )
        return self._found

    def meet(self, project: Project, projects: tuple[Project, ...], demand: Demand) -> bool:
        """Whether each command of a task or script that uses a set gives a variable which the set demands, or may.

        A file that is written before is none of this: whoever asks looks at what writes it.
        """
        name = demand.reference.name
        own = [one for one in self._callers if one.command.kind != STEP and self._is_of(one.files, project, projects)]
        states = (self._inputs(one, project, frozenset((name,))).shell.get(name) for one in own)
        files = {path for group in project.scope for path in group}
        return bool(own) and all(
            not state.gaps or not files.issuperset(gap.subject for gap in state.gaps)
            if isinstance(state, Maybe)
            else state is not None and _meets(text_of(state.entry.value), demand)
            for state in states
        )

    def _completed(self, files: FileSet) -> FileSet:
        """A set with the files that Compose finds: those of COMPOSE_FILE in `--env-file`, else in the folders above."""
        if files.files:
            return files
        base = files.directory or ""
        home = base if files.home is None else files.home
        written = files_of_variable(self.files.values((files.env_files,))) if files.env_files else ()
        named = tuple(path for name in written if (path := inside(home, name)) is not None)
        if named:
            return files._replace(files=named).plain
        place: str | None = base
        while place is not None:
            found = self.defaults.get(place, ()) if files.env_files is None else self._named_so(place)
            if found:
                moved = place != base and files.env_files is None
                return files._replace(files=found, directory=None, home=base if moved else None).plain
            place = posixpath.dirname(place) if place else None
        return files

    def _named_so(self, folder: str) -> tuple[str, ...]:
        """The files of a folder that Compose finds by their names."""
        found = []
        for names in (DEFAULT_NAMES, OVERRIDE_NAMES):
            paths = (posixpath.join(folder, name) for name in names)
            found += [path for path in paths if self.repository.has(path)][:1]
        return tuple(found)

    def _is_of(self, files: FileSet, project: Project, projects: tuple[Project, ...]) -> bool:
        """Whether a set that a command names is this one, or the nearest to it."""
        alike = [one for one in projects if one.files == files.files]
        if not any(one is project for one in alike):
            return False
        alike = [one for one in alike if one.directory == files.base] or alike
        alike = [one for one in alike if _scope(files) == one.scope] or alike
        return alike[0] is project

    def _inputs(self, caller: Caller, project: Project, names: frozenset[str]) -> ComposeInputs:
        executed, use = caller.command.executed, caller.use
        layers = self._layers(caller, project)
        state: State
        known = {**executed.origin.environment, **executed.ran.environment}
        shell: dict[str, Set | Maybe] = {}
        for name in names:
            state = fold(layers, name)
            lacking = isinstance(state, Absent) and known.get(name, "") is None
            if lacking and name not in executed.ran.environment and self._includes_own(name, caller, project):
                continue
            state = _known(name, state, known, caller)
            own = isinstance(state, Set) and state.layer.kind == "sourced" and self._is_own(state, project)
            if isinstance(state, (Set, Maybe)) and not own:
                shell[name] = state
        if use.named is not None:
            where = executed.origin.locate(use.named.start, use.named.end)
            value = Computed(use.named.raw) if use.named.value is None else Literal(Opaque(use.named.value))
            shell[NAME] = Set(Entry(NAME, value, where), Layer("option", "`-p`", {}, where))
        scope = _scope(caller.files)
        written = self._written(caller, scope)
        if written or self._disabled(caller, layers, known):
            shell = {**_of_texts(written, names, caller), **shell}
            kept = tuple(tuple(path for path in group if written.get(path) is None) for group in scope)
            return ComposeInputs(shell, kept if written else ())
        if caller.files.env_files == ():
            told = "which files of variables `--env-file` names is only known at run time"
            gap = Open("--env-file", told, executed.location)
            shell |= {name: Maybe((gap,), Absent()) for name in names if name not in shell}
        return ComposeInputs(shell, None if scope in {project.scope, ((),)} else scope)

    def _written(self, caller: Caller, scope: Scope) -> dict[str, str | None]:
        """The files of variables that the script of a command, or an earlier step, writes: what they hold."""
        executed = caller.command.executed
        if not executed.ran.wrote:
            return {}
        own = {path for group in scope for path in group}
        placed = ((executed.origin.checkouts.path(place)[0], text) for place, text in executed.ran.wrote.items())
        return {path: text for path, text in placed if path in own}

    @staticmethod
    def _disabled(caller: Caller, layers: list[Layer], known: Mapping[str, str | None]) -> bool:
        """Whether COMPOSE_DISABLE_ENV_FILE takes the `.env` away that Compose would find by itself."""
        state = fold(layers, DISABLING)
        held = text_of(state.entry.value) if isinstance(state, Set) else None
        text = known.get(DISABLING) if held is None else held.reveal()
        return caller.files.env_files is None and text in TRUE

    def _layers(self, caller: Caller, project: Project) -> list[Layer]:
        """What a command has of variables, lowest first; of the shell of whoever starts it nothing is known."""
        executed, run = caller.command.executed, caller.command.run
        # The files of `--env-file` are read by Compose itself, after what it is run with.
        around = {word for _, words in executed.ran.wrappers for word in words}
        own_changes = tuple(
            one for one in executed.ran.own if one.kind != FILE or not around.isdisjoint(_naming(one.name))
        )
        executed = executed._replace(ran=executed.ran._replace(own=own_changes))
        given = [] if run is None else step_layers.of_step(run, self._file)
        given += task_env.of_task(executed, given, self.repository)
        found = step_layers.of_command(executed, given, HostFiles(self.files, executed.origin.checkouts))
        own = {path for group in project.scope for path in group}
        # A copy of the example is what this asks about.
        return [
            layer._replace(open=None) if layer.open is not None and layer.open.subject in own else layer
            for layer in found
            if not self._brings_own(layer, own)
        ]

    def _brings_own(self, layer: Layer, own: set[str]) -> bool:
        """Whether a layer is what a task file makes of the files that Compose reads itself, or a person's own file."""
        if layer.kind == "sourced" and layer.open is not None and not layer.entries:
            return _OF_PEOPLE.match(layer.open.subject) is not None
        where = layer.location
        text = None if where is None or layer.kind != "step-env" else self.repository.read(where.path)
        if where is None or where.span is None or not isinstance(text, Text):
            return False
        folder, line = posixpath.dirname(where.path), text.line(where.span.line).strip()
        loads = line.startswith("set ") and "dotenv-load" in line
        included = _INCLUDE.match(line)
        names = [".env"] if loads else [] if included is None else included["files"].split()
        return bool(names) and all(inside(folder, name) in own for name in names)

    def _includes_own(self, name: str, caller: Caller, project: Project) -> bool:
        """Whether a makefile on the way exports a name that only the files of variables give which Compose reads."""
        executed = caller.command.executed
        own = {path for group in project.scope for path in group}
        for path in dict.fromkeys((*(link.location.path for link in executed.chain), executed.path)):
            text = self.repository.read(path) if path.endswith(("akefile", ".mk")) else None
            lines = text.string.split("\n") if isinstance(text, Text) and "include" in text.string else ()
            files = [one for line in lines if (found := _INCLUDE.match(line)) for one in found["files"].split()]
            sets = any(
                line.removeprefix("export ").lstrip().startswith((f"{name} ", f"{name}=", f"{name}:")) for line in lines
            )
            if files and not sets and all(inside(posixpath.dirname(path), one) in own for one in files):
                return True
        return False

    def _is_own(self, state: Set, project: Project) -> bool:
        """Whether a file gives a value that Compose reads itself."""
        paths = {path for group in project.scope for path in group}
        return state.entry.location.path in {*paths, *(self.files.example_of(path) for path in paths)}


def _naming(path: str) -> tuple[str, str]:
    """The words that `uv run` and its like name a file of variables by."""
    return path, f"--env-file={path}"


def _of_texts(written: Mapping[str, str | None], names: Iterable[str], caller: Caller) -> dict[str, Set | Maybe]:
    """What written files of variables give; a later file wins."""
    where = caller.command.executed.location
    found: dict[str, Set | Maybe] = {}
    for path, text in written.items():
        if text is None:
            gap = Open(path, f"what `{path}` holds, which is written before, is only known at run time", where)
            found.update({name: Maybe((gap,), Absent()) for name in names})
            continue
        layer = Layer("env-file", f"`{path}`, which is written before", {}, where)
        for line in dotenv.parse(Text(text, path)).entries:
            if line.name in names and line.value is not None:
                found[line.name] = Set(Entry(line.name, _of_line(line), where), layer)
    return found


def _nothing(_name: str) -> None:
    """No variable at all."""


def _of_line(line: Line) -> Value:
    """The value of a line that is written."""
    text = "" if line.value is None else line.value.reveal()
    if OPAQUE in text or "${{" in text:
        value = step_layers.step_value(text)
        return Unclear("the script computes it") if OPAQUE in text else value
    if line.template.references:
        return Unclear("it refers to other variables")
    return Literal(Opaque(line.template.fill(_nothing).text))


def _is_told(given: ComposeInputs) -> bool:
    """Whether anything is certain of what Compose is given."""
    return not given.shell or any(isinstance(state, Set) for state in given.shell.values())


def _meets(text: Opaque | None, demand: Demand) -> bool:
    """Whether what a command gives meets a demand; what only a run tells does."""
    return text is None or demand.met_by(text.reveal())


def _scope(files: FileSet) -> Scope:
    """The files of variables of a set."""
    return files.scope or ((posixpath.join(files.base, ".env"),),)


def _known(name: str, state: State, known: Mapping[str, str | None], caller: Caller) -> State:
    """A state with the value that following the command has brought, where its layers do not tell one."""
    if name not in known:
        return state
    text, where = known[name], caller.command.executed.location
    if isinstance(state, Absent):
        value = Unclear(f"what `{name}` is set to is only known at run time") if text is None else Literal(Opaque(text))
        layer = Layer("shell", f"what calls `docker compose {caller.use.action}`", {}, where)
        return Set(Entry(name, value, where), layer)
    # What becomes of a file that a shell reads is told by the layers.
    if isinstance(state, Set) and text is not None and state.layer.kind != "sourced":
        held = state.entry.value
        differs = isinstance(held, Literal) and held.text.reveal() != text
        value = Unclear(f"what `{name}` is set to is not certain") if differs else Literal(Opaque(text))
        return state._replace(entry=state.entry._replace(value=value))
    return state


def _key(state: Set | Maybe) -> object:
    """What two states are the same by: not the places that known texts come from."""
    if isinstance(state, Set):
        text = text_of(state.entry.value)
        return state.entry.location if text is None else text.reveal()
    return "maybe", _key(state.beneath) if isinstance(state.beneath, Set) else None


def _starts(use: ComposeUse, service: Service, project: Project) -> bool:
    """Whether a command starts a service: it names it, or one that depends on it, or none at all."""
    if not use.services or use.opaque:
        return True
    seen: set[str] = set()
    pending = [*use.services]
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            found = project.services.get(name)
            pending += () if found is None else found.depends_on
    return service.name in seen
