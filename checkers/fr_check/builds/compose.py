"""The image builds that compose files describe: one for each service that is built."""

from __future__ import annotations

from fr_check.builds import tags
from fr_check.builds.model import COMPOSE, Build, Malformed, Passed
from fr_check.core.patterns import pattern
from fr_check.sources import interpolation
from fr_check.sources.build_args import is_name
from fr_check.sources.build_context import inside, is_remote
from fr_check.sources.yaml_tree import entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_check.builds.model import ComposeCommand
    from fr_check.core.model import Location
    from fr_check.sources.compose import Build as ComposeBuild
    from fr_check.sources.compose import Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.yaml_tree import Scalar

_DEVELOPMENT = pattern(
    r"\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:dev|develop|start:dev)(?![\w:-])|\b(?:next|nuxt|nuxi|astro|vite|gatsby)\s+dev"
)


def builds(project: Project) -> Iterator[Build]:
    """The builds of a project's services; one that only completes another file is left out."""
    for service in project.services.values():
        build = service.build
        if build is not None and (build.context or build.inline or build.dockerfile):
            yield _build(project, service, build)


def by_commands(
    project: Project, commands: Iterable[ComposeCommand], defaults: Mapping[str, tuple[str, ...]]
) -> Iterator[Build]:
    """The builds of a project's services, as commands of scripts build them: with the arguments that those give."""
    used = [command for command in commands if _uses(command, project, defaults)]
    for build, name in ((build, build.service) for build in builds(project)):
        mine = [command for command in used if not command.services or name in command.services]
        if not mine:
            yield build
        chosen = [_given(project, build, command.environment) for command in mine]
        if mine and all(found.target != build.target for found in chosen):
            # Who starts the service without such a command gets what the file says.
            yield build
        for command, found in zip(mine, chosen, strict=True):
            yield found._replace(passed={**found.passed, **command.passed}, opaque=found.opaque or command.opaque)


def _given(project: Project, build: Build, environment: Mapping[str, str | None]) -> Build:
    """A build as a command describes it that runs with these variables: `TARGET=production docker compose build`.

    What the container is given is for every stage that somebody may choose.
    """
    service = project.services[build.service]
    written = service.build
    places = () if written is None else (written.context, written.dockerfile, written.target)
    if written is None or not environment or not any(place is not None and "$" in place.value for place in places):
        return build
    found = _build(project, service, written, environment)
    return found if found.target == build.target else found._replace(environment={})


def _uses(command: ComposeCommand, project: Project, defaults: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a command builds services of a project."""
    if command.files is not None:
        return command.files.files == project.files
    return command.folder is not None and defaults.get(command.folder) == project.files


def _build(
    project: Project, service: Service, build: ComposeBuild, given: Mapping[str, str | None] | None = None
) -> Build:
    context, gap, foreign = _context(project, build, given)
    dockerfile = None
    if context is not None and build.inline is None:
        name = "Dockerfile" if build.dockerfile is None else _known(project, build.dockerfile, given)
        dockerfile = None if name is None else inside(context, name)
        gap = "the Dockerfile's name depends on a variable" if name is None else gap
        foreign = name is not None and dockerfile is None
    if service.name in project.partial and dockerfile is not None:
        dockerfile, gap = None, "what the service extends cannot be read"
    return Build(
        place=COMPOSE,
        path=build.node.text.path,
        what=f"service `{service.name}`",
        service=service.name,
        location=_location(service, build),
        dockerfile=dockerfile,
        context=context,
        inline=build.inline,
        target="" if build.target is None else _known(project, build.target, given),
        passed={name: Passed(name, v.value, v.location, v) for name, v in build.args.items()},
        environment={} if service.environment and _develops(service) else service.environment,
        opaque=build.unnamed[0].location if build.unnamed else None,
        malformed=tuple(_malformed(build)),
        gap=gap,
        foreign=foreign,
        tags=() if service.image is None else (tags.of_compose(service.image.value),),
    )


def _develops(service: Service) -> bool:
    """Whether a service runs the bundler's development server, which takes variables when it starts."""
    words = () if service.command is None else service.command.words
    return bool(words) and _DEVELOPMENT.search(" ".join(word.value for word in words)) is not None


def _context(
    project: Project, build: ComposeBuild, given: Mapping[str, str | None] | None
) -> tuple[str | None, str, bool]:
    """The context's path, or why it has none, and whether that is because it is not in this repository."""
    written = "." if build.context is None else _known(project, build.context, given)
    if written is None:
        return None, "the build's context depends on a variable", False
    path = inside(project.directory if build.directory is None else build.directory, written)
    if path is None or is_remote(written):
        return None, "", True
    return path, "", False


def _known(project: Project, scalar: Scalar, given: Mapping[str, str | None] | None) -> str | None:
    """A value with what committed files of variables set, and a command before those; defaults count.

    A variable without one is unknown, and so is one that the command gives what only a run knows.
    """
    if "$" not in scalar.value:
        return scalar.value
    template = interpolation.parse(scalar.value)
    if given and any(one.name in given and given[one.name] is None for one in template.references):
        return None
    known = {name: value for name, value in (given or {}).items() if value is not None}
    return template.render({**project.values(project.scope), **known})


def _location(service: Service, build: ComposeBuild) -> Location:
    """Where an argument would be added: at `args`, else at `build`, else at the service."""
    found = entries(build.node).get("args") or entries(service.node).get("build")
    place = found.place if found is not None else service.key
    return place.text.at(place.span)


def _malformed(build: ComposeBuild) -> Iterator[Malformed]:
    for name, variable in build.args.items():
        if is_name(name):
            value = (variable.value or "").strip() if variable.listed else ""
            if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
                message = f"the quotes around the value of `{name}` become part of it: the item is one text to YAML"
                help_text = f'write `- {name}=...` without quotes, or quote the whole item: `- "{name}=..."`'
                yield Malformed(name, message, help_text, variable.location)
            continue
        if "$" in name:
            message = f"the build argument `{name}` is passed under that very name: Compose interpolates no keys"
            help_text = "write the name out, or use the list form, whose items are interpolated"
        else:
            message = f"`{name}` is no name of a build argument: no ARG can have it"
            help_text = "write NAME=value, with a name of letters, digits and `_`"
        yield Malformed(name, message, help_text, variable.location)
