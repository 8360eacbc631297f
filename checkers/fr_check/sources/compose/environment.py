"""What a service's processes get, by Compose: `Evaluation(project, compose_host).environment(service)`.

Pure: the files of variables are handed in. Source: compose-go `types/project.go` (`WithServicesEnvironmentResolved`)
and `dotenv/env.go`, version 2.9.1.
"""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation
from fr_check.sources.build_context import inside
from fr_check.sources.compose.scalars import TEXT

PROJECT_NAME = "COMPOSE_PROJECT_NAME"
_NAMED = pattern("[a-z0-9_-]")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_check.sources.compose.dotenv import EnvText
    from fr_check.sources.compose.model import Demand, EnvFile, Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.compose.variable import Scope, Variable
    from fr_check.sources.interpolation import Reference

    ReadFile = Callable[[str, str], EnvText | None]


class ComposeHost(NamedTuple):
    """The shell's variables, and the files of variables: `read(path, format)`, None for one that is not there.

    `folder` is the name of the repository's own folder: a project there is called by it.
    """

    read: ReadFile
    shell: Mapping[str, str] = {}
    folder: str = "project"


class Evaluated(NamedTuple):
    """What a process gets: name to value, None where the engine removes it; and what stops Compose, as sentences."""

    variables: dict[str, str | None]
    errors: tuple[str, ...]


def path_of(file: EnvFile, directory: str, variables: Mapping[str, str]) -> str | None:
    """The path of an `env_file` entry in the repository, references filled; None where it leads out of it."""
    folder = directory if file.origin is None else file.origin.directory
    written = file.template.fill(variables.get).text
    return inside(folder, written) if folder is not None and written else None


class Evaluation:
    """A project on a host. Files of variables are read once for all of its services."""

    def __init__(self, project: Project, compose_host: ComposeHost) -> None:
        self.project = project
        self.compose_host = compose_host
        self._scopes: dict[Scope, dict[str, str]] = {}
        self._errors: dict[Scope, tuple[str, ...]] = {}

    def environment(self, service: Service) -> Evaluated:
        """The environment of one service: `environment` over env files, later files over earlier ones."""
        errors: list[str] = []
        # A bare item of a list takes its value from the `.env` of an included folder too, a bare key does not, unless
        # it was merged with others: Compose makes a list of both then.
        items = self._given(service.environment, service.unnamed, errors)
        listed = service.environment_listed
        given = {
            name: self._inherited(name, variable, listed=listed) if value is None else value
            for name, value, variable in items
        }
        result = {name: value for name, value in given.items() if value is not None}
        project = self.filling()
        # Of entries with one path, references filled, the last counts, at the place of the first.
        files = {
            path_of(file, self.project.directory, self._filling_of(file)) or file.path.value: file
            for file in service.env_files
        }
        for path, file in files.items():
            text = self.compose_host.read(path, file.format)
            if text is None:
                errors += [f"the env file {path} is not there"] if file.required else []
                continue
            errors += [problem.message for problem in text.problems]
            errors += _missing(text.read_into(result, lambda name: project.get(name, given.get(name))))
        return Evaluated({**result, **given}, tuple(errors))

    def arguments(self, service: Service) -> Evaluated:
        """The build arguments of one service; a bare one that nothing fills is left out."""
        errors: list[str] = []
        build = service.build
        items = [] if build is None else self._given(build.args, build.unnamed, errors)
        found = {name: self.filling().get(name) if value is None else value for name, value, _ in items}
        return Evaluated({name: value for name, value in found.items() if value is not None}, tuple(errors))

    def stops(self) -> tuple[Demand, ...]:
        """The references that end every command of Compose: it fills each text of each file, whatever comes of it."""
        found: dict[Demand, None] = {}
        for part in self.project.parts:
            lookup = self.filling(part.scope).get
            for demand in part.file.demands:
                if not demand.met_by(lookup(demand.reference.name)):
                    found[demand] = None
        return tuple(found)

    def errors(self) -> tuple[str, ...]:
        """What is wrong with the files of variables that fill references."""
        for part in self.project.parts:
            self.filling(part.scope)
        return tuple(error for errors in self._errors.values() for error in errors)

    def filling(self, scope: Scope | None = None) -> dict[str, str]:
        """The variables that fill references, by default in the project's own files.

        The shell's, then each group of files where it adds a name.
        """
        scope = self.project.scope if scope is None else scope
        if scope not in self._scopes:
            result, errors = dict(self.compose_host.shell), []
            for group in scope:
                added: dict[str, str] = {}
                for path in group:
                    text = self.compose_host.read(path, "")
                    if text is not None:
                        errors += _missing(text.read_into(added, result.get))
                        errors += [f"{path}: {problem.message}" for problem in text.problems]
                for name, value in added.items():
                    result.setdefault(name, value)
            if not result.get(PROJECT_NAME):
                result[PROJECT_NAME] = self._name(result)
            self._scopes[scope], self._errors[scope] = result, tuple(errors)
        return self._scopes[scope]

    def _name(self, variables: Mapping[str, str]) -> str:
        """What Compose calls the project: it sets this variable itself."""
        if self.project.name is not None:
            written = interpolation.parse(self.project.name.value).fill(variables.get).text
        else:
            written = posixpath.basename(self.project.directory) or self.compose_host.folder
        return "".join(_NAMED.findall(written.lower())).lstrip("_-")

    def _filling_of(self, entry: Variable | EnvFile) -> dict[str, str]:
        return self.filling(None if entry.origin is None else entry.origin.scope)

    def _given(
        self, entries: Mapping[str, Variable], unnamed: tuple[Variable, ...], errors: list[str]
    ) -> list[tuple[str, str | None, Variable]]:
        """Names with their values, None for a bare one."""
        result: list[tuple[str, str | None, Variable]] = []
        for variable in (*entries.values(), *unnamed):
            printed, lookup = variable.printed, self._filling_of(variable).get
            if variable.listed:
                filled = variable.whole.fill(lookup)
                name, equals, text = filled.text.partition("=")
                result.append((name, text if equals else None, variable))
                errors += _missing(filled.stops)
            elif printed is None or printed.kind != TEXT:
                result.append((variable.key.value, None if printed is None else printed.text, variable))
            else:
                filled = variable.template.fill(lookup)
                result.append((variable.key.value, filled.text, variable))
                errors += _missing(filled.stops)
        return result

    def _inherited(self, name: str, variable: Variable, *, listed: bool) -> str | None:
        own = self._filling_of(variable) if variable.listed or listed else {}
        return own.get(name, self.filling().get(name))


def _missing(stops: tuple[Reference, ...]) -> list[str]:
    return [f"`{stop.name}` is missing a value" for stop in stops]
