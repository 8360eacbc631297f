"""The builds of a `run:` step, and the compose files that it uses together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple
from checkers.dockerfile_args.compose_sets import FileSet
from checkers.dockerfile_args.model import WORKFLOW, Build, Passed
from checkers.sources import docker_commands, expression
from checkers.sources.build_context import inside, is_remote
from checkers.sources.docker_commands import Argument, ComposeUse, DockerBuild

if TYPE_CHECKING:
    from checkers.dockerfile_args.model import BakeSet
    from checkers.dockerfile_args.workflow_scope import Checkouts, Scope
    from checkers.sources.workflow import Step
    from checkers.sources.yaml_tree import Scalar


class Found(NamedTuple):
    """What a script builds, the compose files it uses together, and the arguments it gives to bake."""

    builds: list[Build]
    sets: list[FileSet]
    bake_sets: list[BakeSet]


def find(step: Step, run: Scalar, scope: Scope, checkouts: Checkouts) -> Found:
    """What a step's script builds."""
    directory = "." if step.working_directory is None else scope.plain(step.working_directory)
    result = Found([], [], [])
    environment = {name: scope.plain(entry.value) for name, entry in scope.environment().items()}
    uses = docker_commands.find(run.value, directory, lambda text: expression.plain(text, scope.resolve), environment)
    for use in uses:
        if isinstance(use, DockerBuild):
            result.builds.append(_build(use, step, run, checkouts))
        elif isinstance(use, ComposeUse):
            found = _file_set(use, scope, checkouts)
            if found is not None:
                result.sets.append(found)
        else:
            from checkers.dockerfile_args.bake_builds import read_set  # noqa: PLC0415 - only where something is baked

            places = [(token.value, run.text.at(run.locate(token.start, token.end))) for token in use.sets]
            read = [read_set(value, where) for value, where in places if value is not None]
            result.bake_sets.extend(found for found in read if found is not None)
    return result


def _build(use: DockerBuild, step: Step, run: Scalar, checkouts: Checkouts) -> Build:
    text = run.text
    foreign = is_remote(use.context or "")
    folder = dockerfile = None
    known = use.directory is not None and use.context is not None and not use.unclear
    if known and not foreign and use.context is not None and use.directory is not None:
        folder, foreign = checkouts.path(_join(use.directory, use.context))
        if use.file is not None and not foreign:
            dockerfile, foreign = checkouts.path(_join(use.directory, use.file))
        elif folder is not None:
            dockerfile = inside(folder, "Dockerfile")
    where = text.at(run.locate(use.start, min(use.end, use.start + len("docker"))))
    return Build(
        place=WORKFLOW,
        path=text.path,
        what=f"command in step `{step.title}`",
        location=where,
        dockerfile=dockerfile,
        context=folder,
        inline=None,
        target=None if use.unclear else use.target or "",
        passed={a.name: _passed(a, run) for a in use.arguments},
        environment={},
        opaque=where if use.opaque else None,
        malformed=(),
        gap="" if known or foreign else "what it builds is only known at run time",
        foreign=foreign,
    )


def _passed(argument: Argument, run: Scalar) -> Passed:
    where = run.text.at(run.locate(argument.start, argument.end))
    return Passed(argument.name, argument.value, where, doubtful=argument.doubtful)


def _join(directory: str, path: str) -> str:
    return path if path.startswith("/") else f"{directory}/{path}"


def _file_set(use: ComposeUse, scope: Scope, checkouts: Checkouts) -> FileSet | None:
    """The files of `-f`, else those of COMPOSE_FILE in the step's environment; None where either is unknown."""
    if use.directory is None or (use.opaque and not use.files):
        return None
    names = use.files
    if not names:
        entry = next((layer["COMPOSE_FILE"] for layer in scope.environments if "COMPOSE_FILE" in layer), None)
        value = None if entry is None else scope.plain(entry.value)
        names = tuple(name for name in (value or "").split(":") if name)
    paths = [checkouts.path(_join(use.directory, name)) for name in names]
    known = tuple(path for path, foreign in paths if path and not foreign)
    if not known or len(known) < len(names):
        return None
    if use.project is None:
        return FileSet(known)
    project, foreign = checkouts.path(use.project)
    return None if foreign or project is None else FileSet(known, project)
