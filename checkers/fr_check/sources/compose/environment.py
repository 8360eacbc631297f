"""What a service's processes get, by Compose: `evaluate(project, service, world)`.

Pure: the files of variables are handed in. Source: compose-go `types/project.go` (`WithServicesEnvironmentResolved`)
and `dotenv/env.go`, version 2.9.1.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.build_context import inside
from fr_check.sources.compose.scalars import TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_check.sources.compose.dotenv import EnvText
    from fr_check.sources.compose.model import EnvFile, Scope, Service, Variable
    from fr_check.sources.compose_project import Project
    from fr_check.sources.interpolation import Reference

    ReadFile = Callable[[str, str], EnvText | None]


class World(NamedTuple):
    """The shell's variables, and the files of variables: `read(path, format)`, None for one that is not there."""

    read: ReadFile
    shell: Mapping[str, str] = {}


class Evaluated(NamedTuple):
    """What a process gets: name to value, None where the engine removes it; and what stops Compose, as sentences."""

    variables: dict[str, str | None]
    errors: tuple[str, ...]


def interpolating(scope: Scope, world: World) -> dict[str, str]:
    """The variables that fill references: the shell's, then each group of files where it adds a name."""
    result = dict(world.shell)
    for group in scope:
        added: dict[str, str] = {}
        for path in group:
            text = world.read(path, "")
            if text is not None:
                text.read_into(added, result.get)
        for name, value in added.items():
            result.setdefault(name, value)
    return result


def path_of(file: EnvFile, directory: str, variables: Mapping[str, str]) -> str | None:
    """The path of an `env_file` entry in the repository, references filled; None where it leads out of it."""
    folder = directory if file.origin is None else file.origin.directory
    written = file.template.fill(variables.get).text
    return inside(folder, written) if folder is not None and written else None


class _Evaluation:
    def __init__(self, project: Project, world: World) -> None:
        self.project = project
        self.world = world
        self.scopes: dict[Scope, dict[str, str]] = {}
        self.errors: list[str] = []

    def filling(self, scope: Scope) -> dict[str, str]:
        if scope not in self.scopes:
            self.scopes[scope] = interpolating(scope, self.world)
        return self.scopes[scope]

    def scope(self, entry: Variable | EnvFile) -> dict[str, str]:
        """What fills references in an entry."""
        own = None if entry.origin is None else entry.origin.scope
        return self.filling(self.project.scope if own is None else own)

    def own(self) -> dict[str, str]:
        """What fills references in the project's own files."""
        return self.filling(self.project.scope)

    def entry(self, variable: Variable) -> tuple[str, str | None]:
        """A name and its value; None for a bare one that nothing fills."""
        scope = self.scope(variable)
        if variable.listed:
            filled = variable.whole.fill(scope.get)
            name, equals, text = filled.text.partition("=")
            # In the mapping form only the project's own `.env` fills a bare name.
            value = text if equals else scope.get(name, self.own().get(name))
        elif variable.bare or variable.printed is None:
            return variable.key.value, self.own().get(variable.key.value)
        elif variable.printed.kind != TEXT:
            return variable.key.value, variable.printed.text
        else:
            filled = variable.template.fill(scope.get)
            name, value = variable.key.value, filled.text
        self.missing(filled.stops)
        return name, value

    def missing(self, stops: tuple[Reference, ...]) -> None:
        self.errors += [f"`{stop.name}` is missing a value" for stop in stops]

    def variables(self, entries: Mapping[str, Variable], unnamed: tuple[Variable, ...]) -> dict[str, str | None]:
        return dict(self.entry(variable) for variable in (*entries.values(), *unnamed))

    def environment(self, service: Service) -> dict[str, str | None]:
        given = self.variables(service.environment, service.unnamed)
        result = {name: value for name, value in given.items() if value is not None}
        project = self.own()
        for file in service.env_files:
            path = path_of(file, self.project.directory, self.scope(file))
            text = None if path is None else self.world.read(path, file.format)
            if text is None:
                if file.required:
                    self.errors.append(f"env file {path or file.path.value} not found")
                continue
            self.errors += [problem.message for problem in text.problems]
            self.missing(text.read_into(result, lambda name: project.get(name, given.get(name))))
        return {**result, **given}


def evaluate(project: Project, service: Service, world: World) -> Evaluated:
    """The environment of one service of a project: `environment` over env files, later files over earlier ones."""
    evaluation = _Evaluation(project, world)
    return Evaluated(evaluation.environment(service), tuple(evaluation.errors))


def arguments(project: Project, service: Service, world: World) -> Evaluated:
    """The build arguments of one service; a bare one that nothing fills is None: no build passes it."""
    evaluation = _Evaluation(project, world)
    build = service.build
    found = {} if build is None else evaluation.variables(build.args, build.unnamed)
    return Evaluated(found, tuple(evaluation.errors))
