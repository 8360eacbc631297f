"""What commands in a script build: images, services of compose files, bake targets."""

from __future__ import annotations

from fr_check.builds.model import WORKFLOW, BakeFiles, Build, ComposeCommand, FileSet, Passed
from fr_check.core.record import NamedTuple
from fr_check.sources.build_context import inside, is_remote
from fr_check.sources.docker_uses import PROGRAMS, ComposeUse, DockerBuild, files_of_variable, moved, uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.builds.model import BakeSet
    from fr_check.runs.model import Executed, Origin
    from fr_check.sources.docker_uses import Argument, BakeUse

    Variables = Mapping[str, str | None]


class CommandResults(NamedTuple):
    """What scripts build, the compose and bake files they use, and the arguments they give to those."""

    builds: list[Build]
    sets: list[FileSet]
    commands: list[ComposeCommand]
    bake_sets: list[BakeSet]
    bake_files: list[BakeFiles]


def take(executed: Executed, found: CommandResults) -> None:
    """Adds what one command does."""
    base = executed.ran.name.rpartition("/")[2]
    if base not in PROGRAMS:
        return
    origin = executed.origin
    for use in uses(base, executed.ran.arguments, executed.ran.directory, executed.ran):
        if isinstance(use, DockerBuild):
            found.builds.append(_build(use, origin))
        elif isinstance(use, ComposeUse):
            variables = executed.environment
            files = _file_set(use, origin, variables)
            found.sets.extend([files] if files is not None else _found_by_compose(use, origin, variables))
            if use.builds and (files is not None or not _names(use, variables)):
                found.commands.append(_command(use, files, origin, variables))
        else:
            found.bake_sets.extend(_bake_sets(use, origin))
            found.bake_files.extend(_bake_files(use, origin))


def of_compose(executed: Executed) -> Iterator[tuple[ComposeUse, FileSet | None]]:
    """The command of Compose that one is, with its set: without files where Compose finds them; None for not known."""
    base = executed.ran.name.rpartition("/")[2]
    if base not in PROGRAMS:
        return
    variables, checkouts = executed.environment, executed.origin.checkouts
    for use in uses(base, executed.ran.arguments, executed.ran.directory, executed.ran):
        if not isinstance(use, ComposeUse):
            continue
        files = _file_set(use, executed.origin, variables)
        home = use.directory if use.project is None else use.project
        folder, foreign = (None, True) if home is None else checkouts.path(home)
        opaque = use.unclear or (not use.files and "COMPOSE_FILE" in variables and variables["COMPOSE_FILE"] is None)
        if files is None and folder is not None and not (foreign or opaque or _names(use, variables)):
            called = None if use.directory is None else checkouts.path(use.directory)[0]
            files = FileSet((), folder, _env_files(use, executed.origin, variables), called)
        yield use, files


def _build(use: DockerBuild, origin: Origin) -> Build:
    checkouts = origin.checkouts
    foreign = is_remote(use.context or "")
    folder = dockerfile = None
    known = use.directory is not None and use.context is not None and not use.unclear
    if known and not foreign:
        folder, foreign = checkouts.path(moved(use.directory, use.context) or "")
        if use.file is not None and not foreign:
            dockerfile, foreign = checkouts.path(moved(use.directory, use.file) or "")
        elif folder is not None:
            dockerfile = inside(folder, "Dockerfile")
    where = origin.locate(use.start, min(use.end, use.start + len("docker")))
    return Build(
        place=WORKFLOW,
        path=origin.path,
        what=origin.what,
        location=where,
        dockerfile=dockerfile,
        context=folder,
        inline=None,
        target=None if use.unclear else use.target or "",
        passed=_passed(use.arguments, origin),
        environment={},
        opaque=where if use.opaque else None,
        malformed=(),
        gap="" if known or foreign else "what it builds is only known at run time",
        foreign=foreign,
        tags=use.tags,
    )


def _passed(arguments: tuple[Argument, ...], origin: Origin) -> dict[str, Passed]:
    return {a.name: Passed(a.name, a.value, origin.locate(a.start, a.end), doubtful=a.doubtful) for a in arguments}


def _names(use: ComposeUse, variables: Variables) -> tuple[str, ...]:
    """The files of `-f`, else those of COMPOSE_FILE."""
    return use.files or files_of_variable(variables)


def _found_by_compose(use: ComposeUse, origin: Origin, variables: Variables) -> list[FileSet]:
    """The files that Compose finds by itself, where a command gives them other variables than those of `.env`."""
    home = use.directory if use.project is None else use.project
    env_files = _env_files(use, origin, variables)
    folder, foreign = (None, True) if home is None else origin.checkouts.path(home)
    if env_files is None or foreign or folder is None or use.unclear or _names(use, variables):
        return []
    called = None if use.directory is None else origin.checkouts.path(use.directory)[0]
    return [FileSet((), folder, env_files, called).plain]


def _file_set(use: ComposeUse, origin: Origin, variables: Variables) -> FileSet | None:
    """The files that a command names; None where it names none, or they are not known."""
    if use.directory is None or (use.unclear and not use.files):
        return None
    names = _names(use, variables)
    paths = [origin.checkouts.path(moved(use.directory, name) or "") for name in names]
    known = tuple(path for path, foreign in paths if path and not foreign)
    if not known or len(known) < len(names):
        return None
    env_files = _env_files(use, origin, variables)
    home = None if use.files else origin.checkouts.path(use.directory)[0]
    if use.project is None:
        return FileSet(known, None, env_files, home).plain
    project, foreign = origin.checkouts.path(use.project)
    return None if foreign or project is None else FileSet(known, project, env_files, home).plain


def _env_files(use: ComposeUse, origin: Origin, variables: Variables) -> tuple[str, ...] | None:
    """The files of `--env-file`, else of COMPOSE_ENV_FILES; nothing where one of them stands elsewhere."""
    named = use.env_files
    if named is None and "COMPOSE_ENV_FILES" in variables:
        named = tuple(name for name in (variables["COMPOSE_ENV_FILES"] or "").split(",") if name)
    if named is None:
        return None
    paths = [origin.checkouts.path(moved(use.directory, name) or "") for name in named]
    known = tuple(path for path, foreign in paths if path and not foreign)
    return known if len(known) == len(paths) else ()


def _command(use: ComposeUse, files: FileSet | None, origin: Origin, variables: Variables) -> ComposeCommand:
    folder, _ = (None, True) if use.directory is None else origin.checkouts.path(use.directory)
    where = origin.locate(use.start, min(use.end, use.start + len("docker")))
    passed = _passed(use.arguments, origin)
    return ComposeCommand(files, folder, use.services, passed, where if use.opaque else None, variables)


def _bake_files(use: BakeUse, origin: Origin) -> list[BakeFiles]:
    """The files of `-f`, where all of them are known."""
    folder = None if use.directory is None else origin.checkouts.path(use.directory)[0]
    paths = [origin.checkouts.path(moved(use.directory, name) or "")[0] for name in use.files]
    known = tuple(path for path in paths if path)
    return [BakeFiles(known, folder)] if folder is not None and known and len(known) == len(paths) else []


def _bake_sets(use: BakeUse, origin: Origin) -> list[BakeSet]:
    from fr_check.builds.bake_files import read_set  # noqa: PLC0415 - only where something is baked

    places = [(token.value, origin.locate(token.start, token.end)) for token in use.sets]
    read = [read_set(value, where) for value, where in places if value is not None]
    return [found for found in read if found is not None]
