"""Every process of a repository that runs a program of it, and what each has of a variable.

Read when something asks: `Flow` is cheap to make.
"""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.builds import loaded, task_files
from fr_check.builds.compose_sets import is_compose_name
from fr_check.builds.images import image
from fr_check.builds.model import is_sample
from fr_check.builds.tags import named, of_compose, own_name, repository_part
from fr_check.core.text import Text
from fr_check.sources import compose, compose_project, workflow
from fr_check.variables import commands
from fr_check.variables.commands import STEP, TASK
from fr_check.variables.env_files import EnvFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.builds.images import Images
    from fr_check.builds.model import Build
    from fr_check.core.context import Context
    from fr_check.core.model import Location
    from fr_check.sources.compose.model import ComposeFile, Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.workflow import Workflow
    from fr_check.variables.commands import Commands
    from fr_check.variables.compose_callers import Callers, ComposeInputs
    from fr_check.variables.compose_leads import ComposeLeads
    from fr_check.variables.docker_runs import Run
    from fr_check.variables.joining import Join
    from fr_check.variables.programs import Program
    from fr_check.variables.services import Reading, ServiceProcess


class Flow:
    """What runs where, with which environment."""

    def __init__(self, context: Context, programs: tuple[Program, ...], alike: Mapping[str, str]) -> None:
        self.context = context
        self.repository = context.repository
        self.programs = programs
        self.files = EnvFiles(self.repository, alike)

    @cached_property
    def builds(self) -> loaded.Loaded:
        """Every build, with images."""
        return self.context.once(loaded.load)

    @cached_property
    def commands(self) -> Commands:
        """Every docker command of tasks, scripts and workflows."""
        return self.context.once(commands.load)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every `docker run` of an image that is built here."""
        if not self.commands.runs:
            return ()
        from fr_check.variables import docker_runs  # noqa: PLC0415 - only where something starts a container

        return tuple(docker_runs.find(self))

    @cached_property
    def all_builds(self) -> tuple[Build, ...]:
        """Every build there is: of compose files, workflows, bake files, tasks and scripts."""
        return (*self.builds.builds, *self.context.once(loaded.baked).builds, *commands.builds(self.commands.building))

    @cached_property
    def images(self) -> Images:
        """The Dockerfiles of all builds."""
        found = dict(self.builds.images.found)
        for build in self.all_builds:
            text = None if build.dockerfile is None or build.key in found else self.repository.read(build.dockerfile)
            if isinstance(text, Text):
                found[build.key] = text.parsed(image, text.path)
        return self.builds.images._replace(found=found)

    @cached_property
    def join(self) -> Join:
        """Which image a service runs."""
        from fr_check.variables.joining import Join  # noqa: PLC0415 - only where a service is looked at

        images = (service.image for project in self.projects for service in project.services.values())
        run = (of_compose(image.value) for image in images if image is not None)
        return Join(self.repository, self.images, self.all_builds, self._given_to_builds, run)

    @cached_property
    def reading(self) -> Reading:
        """What services are read with."""
        from fr_check.variables.imported import Imports  # noqa: PLC0415 - only where a service is read
        from fr_check.variables.services import Reading  # noqa: PLC0415
        from fr_check.variables.templates import Templates  # noqa: PLC0415

        known = {path: content for program in self.programs for path, content in program.templates.items()}
        templates = Templates(self.repository, known)
        imports = Imports(self.repository, self.programs)
        return Reading(self.repository, self.files, self.join, self.programs, imports, templates)

    @cached_property
    def _given_to_builds(self) -> frozenset[str]:
        """The arguments that commands pass when they build services of compose files."""
        told = (*self.builds.workflows.commands, *commands.of_compose(self.commands.building))
        return frozenset(name for command in told for name in command.passed)

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        """The sets of compose files, those in submodules that run an image of this repository among them."""
        return (*self.builds.composes.projects, *self._in_submodules())

    @cached_property
    def services(self) -> tuple[ServiceProcess, ...]:
        """Every service of every set, as it is started."""
        return tuple(one for project in self.projects for service in project.services.values()
                     for one in self._relevant(project, service))  # fmt: skip

    def _relevant(self, project: Project, service: Service) -> Iterator[ServiceProcess]:
        """A service; in each way in which it is started only where anything asks what it is given."""
        from fr_check.variables.services import process  # noqa: PLC0415 - only where a service is read

        plain = process(project, service, self.reading)
        if plain.process.programs or plain.lost or plain.joined.containers:
            yield from self.started(project, service, plain)
        else:
            yield plain

    def started(self, project: Project, service: Service, plain: ServiceProcess) -> Iterator[ServiceProcess]:
        """A service as it is started: by commands that give Compose variables of their own, by hand."""
        from fr_check.variables import compose_leads  # noqa: PLC0415 - only where a service is read
        from fr_check.variables.services import process  # noqa: PLC0415

        names = compose_leads.asked(project, service, self.files)
        if not self.leads.may_give(names):
            yield plain
            return
        inputs = self.callers.inputs(project, service, self.projects, names)
        for given in inputs:
            if not given.shell and given.scope is None:
                yield plain._replace(callers=given.callers)
                continue
            files, held = self.files.under(given.shell), project
            if given.scope is not None:
                held = compose_project.merge_files(
                    project.files, self._file, project.directory, given.scope, files.values
                )._replace(missing=project.missing)
            made = process(held, held.services.get(service.name, service), self.reading._replace(files=files))
            called = _called(given) if len(inputs) > 1 else ""
            if called:
                made = made._replace(process=made.process._replace(what=f"{made.process.what} ({called})"))
            yield made._replace(callers=given.callers)

    @cached_property
    def leads(self) -> ComposeLeads:
        """The texts that may give variables to Compose."""
        from fr_check.variables.compose_leads import ComposeLeads  # noqa: PLC0415 - only where a service is read

        return ComposeLeads(self.repository)

    @cached_property
    def callers(self) -> Callers:
        """The commands that start services."""
        from fr_check.variables.compose_callers import Callers  # noqa: PLC0415 - only where one may give something

        return Callers(
            self.repository, self.files, self.builds.composes.defaults, lambda: self.commands.composing, self._workflow
        )

    def _workflow(self, path: str) -> Workflow | None:
        return workflow.read(self.repository, path)

    def is_for_tests(self, project: Project) -> bool:
        """Whether a set is there to test: by the name of a file, or as only tests name it; not the default one."""
        if any(commands.is_test_name(path) for path in project.files):
            return True
        default = project.files in self.builds.composes.defaults.values()
        return not default and project.files in self._sets_for_tests

    @cached_property
    def _sets_for_tests(self) -> frozenset[tuple[str, ...]]:
        # A document that names a set tells people to start it.
        told = {use.files.files for use in task_files.uses(self.repository) if "README" in use.text.path}
        return commands.sets_for_tests(self.commands.composing) - told

    def service_key(self, build: Build) -> Location | None:
        """Where the service stands that a build belongs to."""
        for project in self.projects:
            service = project.services.get(build.service)
            if service is not None and service.key.text.path == build.path:
                return service.key.location
        return None

    def project_of(self, path: str) -> Project | None:
        """The first set that a compose file belongs to."""
        return next((project for project in self.projects if any(part.path == path for part in project.parts)), None)

    def _in_submodules(self) -> Iterator[Project]:
        """The sets of submodules that run an image of this repository, or stand beside a template of a program."""
        links = self.repository.gitlinks()
        wanted = [name.encode() for name in self._image_names()] if links else []
        beside = {posixpath.dirname(path) for program in self.programs for path in program.templates}
        folders: dict[str, list[str]] = {}
        for gitlink in links if wanted or beside else ():
            names = self.repository.subtree(gitlink)
            paths = [path for path in names if isinstance(path, str) and is_compose_name(path) and not is_sample(path)]
            self.repository.preload(paths)
            for path in paths:
                folder, content = posixpath.dirname(path), self.repository.scan(path, _lower)
                if folder in beside or (content is not None and any(name in content for name in wanted)):
                    folders.setdefault(folder, []).append(path)
        for paths in folders.values():
            for files in _sets(paths):
                yield compose_project.merge_files(files, self._file, values=self.files.values)

    def _image_names(self) -> frozenset[str]:
        """The last part of the name of every image that is built here: a compose file that runs one has it in it."""
        own = own_name(self.repository)
        every = (named(name, own) for build in self.all_builds for name in build.tags)
        names = (repository_part(name).rpartition("/")[2] for name in every)
        return frozenset(name for name in names if name.isprintable() and name)

    def _file(self, path: str) -> ComposeFile | None:
        found = self.repository.parse(path, compose.parse)
        return found if isinstance(found, compose.ComposeFile) else None


def _lower(content: bytes) -> bytes:
    return content.lower()


def _called(given: ComposeInputs) -> str:
    """The first command that starts services so, as it is called; nothing where people start them by hand."""
    if not given.callers:
        return ""
    first = given.callers[0]
    if first.kind == TASK and first.executed.chain:
        return first.executed.chain[0].what
    return first.name if first.kind == STEP else f"`{first.name}`"


def _sets(paths: list[str]) -> Iterator[tuple[str, ...]]:
    """The default file of a folder with its override, and each other one alone."""
    here = {posixpath.basename(path): path for path in paths}
    default = next((here[name] for name in compose.DEFAULT_NAMES if name in here), None)
    override = next((here[name] for name in compose.OVERRIDE_NAMES if name in here), None)
    if default is not None:
        yield (default,) if override is None else (default, override)
    for path in paths:
        if path not in {default, override}:
            yield (path,)
