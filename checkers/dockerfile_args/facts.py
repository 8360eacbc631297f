"""What dockerfile-args compares: who reads a public variable, and each build that has to bring it."""

from __future__ import annotations

from functools import cached_property

from checkers.core.model import Skipped, Table, Unknown
from checkers.core.record import NamedTuple
from checkers.dockerfile_args import (
    bakes,
    compose_builds,
    compose_sets,
    documentation,
    frontends,
    images,
    orphans,
    secret_names,
    task_files,
    workflow_builds,
)
from checkers.dockerfile_args.model import BAKE, CHECKER, COMPOSE, WORKFLOW, BakeBuilds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from checkers.core.config import Config
    from checkers.core.context import Context
    from checkers.core.model import Location
    from checkers.core.repository import Repository
    from checkers.dockerfile_args.bakes import Bake
    from checkers.dockerfile_args.compose_sets import ComposeSets
    from checkers.dockerfile_args.documentation import Documentation
    from checkers.dockerfile_args.frontends import Frontend, Frontends
    from checkers.dockerfile_args.images import Image, Images
    from checkers.dockerfile_args.model import Build
    from checkers.dockerfile_args.orphans import Orphan
    from checkers.dockerfile_args.unfollowed import Unfollowed
    from checkers.dockerfile_args.workflow_builds import WorkflowBuilds


class Read(NamedTuple):
    """Everything that was read from the repository."""

    workflows: WorkflowBuilds
    composes: ComposeSets
    baked: BakeBuilds
    builds: tuple[Build, ...]
    images: Images
    frontends: Frontends
    documented: Documentation


class Facts:
    """Everything the rules compare. Of the repository only `.dockerignore` files are read late: few variables ask."""

    def __init__(self, read: Read, config: Config) -> None:
        self.read = read
        self.prefixes = config.dockerfile_args.public_prefixes
        self.allow = config.allow
        self.builds = read.builds
        self.images = read.images
        self.frontends = read.frontends.frontends
        self.documented = read.documented
        self.orphans: tuple[Orphan, ...] = ()
        self.secrets: Mapping[str, str] = {}
        self.unfollowed: tuple[Unfollowed, ...] = ()

    def public(self, name: str) -> bool:
        """Whether a variable is public: the bundler puts it into the page."""
        return name.startswith(self.prefixes)

    @cached_property
    def pairs(self) -> tuple[tuple[Build, Image], ...]:
        """Each build with its Dockerfile, where that can be judged."""
        found = ((build, self.images.found.get(build.key)) for build in self.builds)
        return tuple((build, image) for build, image in found if image is not None and image.judged)

    @cached_property
    def owners(self) -> Mapping[str, Frontend]:
        """The frontend that a Dockerfile builds, by `Build.key`, for those that build one."""
        contexts: dict[str, set[str]] = {}
        for build in self.builds:
            if build.context is not None:
                contexts.setdefault(build.key, set()).add(build.context)
        judged = {key: image for key, image in self.images.found.items() if image.judged}
        found = {k: frontends.owner(image, contexts.get(k, set()), self.read.frontends) for k, image in judged.items()}
        return {key: frontend for key, frontend in found.items() if frontend is not None}

    @cached_property
    def _steps(self) -> Mapping[str, tuple[Bake, ...]]:
        return {
            key: tuple(bakes.find(self.images.found[key], frontend, self.prefixes))
            for key, frontend in self.owners.items()
        }

    def bakes(self, build: Build) -> tuple[Bake, ...]:
        """The steps of a build that build a frontend for certain."""
        steps = self._steps.get(build.key, ())
        reached = self.images.found[build.key].reached(build.target) if steps else frozenset()
        return tuple(bake for bake in steps if bake.certain and bake.stage in reached)

    @cached_property
    def all_bakes(self) -> tuple[Bake, ...]:
        """Every step that some build runs and that builds a frontend, for certain or perhaps.

        A Dockerfile that nothing builds is taken to be built whole; a step that only may build is left out where
        another one of its Dockerfile certainly does.
        """
        targets: dict[str, set[str]] = {}
        for build in self.builds:
            targets.setdefault(build.key, set()).add(build.target or "")
        found: list[Bake] = []
        for key, steps in self._steps.items():
            image = self.images.found[key]
            reached = {number for target in targets.get(key, {""}) for number in image.reached(target)}
            run = [bake for bake in steps if bake.stage in reached]
            certain = [bake for bake in run if bake.certain]
            found.extend(certain or run)
        return tuple(found)

    def expected(self, frontend: Frontend, name: str) -> bool:
        """Whether a frontend needs a variable: some place gives it a value, or the code does not cope without it."""
        if not frontend.copes_without(name):
            return True
        keys = {key for key, owner in self.owners.items() if owner is frontend}
        documented = self.documented.of(frontend.path, frozenset(other.path for other in self.frontends))
        return (
            any(name in build.passed or name in build.environment for build in self.builds if build.key in keys)
            or any(self.images.found[key].declarations(name) for key in keys)
            or any(name in places for places in documented.values())
        )

    def bound(self, bake: Bake, name: str) -> str:
        """How a variable without an ARG has a value when the frontend is built; empty where it has none."""
        by_step = bake.sets(name)
        written = "" if by_step else self._written(bake)
        if by_step or written:
            return by_step or f"a workflow writes `{written}` before"
        holding = (file.path for file in bake.frontend.env_files if name in file.places)
        path = next((path for path in holding if self.reaches(bake, path)), None)
        return "" if path is None else f"`{path}` sets it"

    @cached_property
    def _written_files(self) -> tuple[str, ...]:
        from checkers.dockerfile_args import written_files  # noqa: PLC0415 - only where a variable has no ARG

        workflows = self.read.workflows.files.values()
        return tuple(dict.fromkeys(path for file in workflows for path in written_files.find(file)))

    def _written(self, bake: Bake) -> str:
        """A file of variables that some workflow writes into the contexts of the image, where it is not kept out."""
        contexts = self.contexts(bake)
        for path in self._written_files:
            folder = path.rpartition("/")[0]
            if folder in contexts and folder == bake.frontend.path and self.reaches(bake, path):
                return path
        return ""

    def reaches(self, bake: Bake, path: str) -> bool:
        """Whether a file of the frontend is in the context of every build of the image."""
        return all(self.kept_out(bake, context, path) is None for context in self.contexts(bake))

    def contexts(self, bake: Bake) -> frozenset[str]:
        """The contexts that a Dockerfile is built with."""
        found = {build.context for build in self.builds if build.key == bake.image.key and build.context is not None}
        return frozenset(found or {bake.frontend.path})

    def kept_out(self, bake: Bake, context: str, path: str) -> str | None:
        """The `.dockerignore` that keeps a file out of a context, or None."""
        return self.read.frontends.ignores.excluding(bake.image.path, context, path)

    def passes(self, image: Image, name: str) -> list[Location]:
        """Where builds of a Dockerfile pass an argument."""
        found = (
            build.passed[name].location for build in self.builds if build.key == image.key and name in build.passed
        )
        return list(dict.fromkeys(found))

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What could not be read, or resolved."""
        read = self.read
        parts = (read.workflows, read.composes, read.baked, self.images, self.documented, read.frontends)
        return tuple(dict.fromkeys([*(u for part in parts for u in part.unknowns), *self._gaps()]))

    @cached_property
    def unbuilt(self) -> tuple[Image, ...]:
        """The images of frontends that no workflow is known to build."""
        built = {build.key for build in self.builds if build.place in {WORKFLOW, BAKE}}
        if self.read.workflows.commands:
            built.update(build.key for build in self.builds if build.place == COMPOSE)
        found = [bake.image for bake in self.all_bakes if bake.certain and bake.frontend.reads]
        return tuple(dict.fromkeys(image for image in found if image.key not in built))

    def _gaps(self) -> Iterator[Unknown]:
        for build in self.builds:
            # What a script builds matters where nobody is known to build a frontend's image.
            if build.gap and (build.place != WORKFLOW or build.path in self.read.workflows.files or self.unbuilt):
                message = f"the {build.named} cannot be judged: {build.gap}"
                help_text = "write the context and the file out, or give the variable a default"
                yield Unknown(CHECKER, "unresolved-build", build.what, message, help_text, build.location)
        for bake in self.all_bakes:
            if not bake.certain and bake.frontend.reads:
                reason = bake.step.command.reason or "it is not known what it runs"
                message = f"`{bake.image.path}` may build the frontend `{bake.frontend.label}` here: {reason}"
                help_text = "call the build command in the RUN itself"
                yield Unknown(CHECKER, "unrecognised-build", bake.image.path, message, help_text, bake.location)

        for image in self.unbuilt[:1]:
            for call in (*self.read.workflows.unfollowed, *self.unfollowed):
                message = (
                    f"`{call.path}`, which a workflow calls, may build `{image.path}`: what it passes is not known"
                )
                help_text = "build the image in a step, or in a shell script or make target that a step calls"
                yield Unknown(CHECKER, "unfollowed-call", call.path, message, help_text, call.location)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not there to be looked at."""
        found = [*self.read.composes.skipped, *self.read.frontends.skipped, *self.documented.skipped]
        elsewhere = "is built from outside this repository"
        found += [Skipped(CHECKER, f"the {build.named} {elsewhere}") for build in self.builds if build.foreign]
        if not self.builds and not self.images.found:
            found.append(Skipped(CHECKER, "no Dockerfile, compose file or workflow that builds an image"))
        return tuple(dict.fromkeys(found))

    @property
    def counts(self) -> Mapping[str, int]:
        """How much was looked at."""
        return {
            "frontends": len(self.frontends),
            "variables": len({name for frontend in self.frontends for name in frontend.reads}),
            "dockerfiles": len(self.images.found),
            "compose": sum(build.place == COMPOSE for build in self.builds),
            "workflows": sum(build.place == WORKFLOW for build in self.builds),
            "bake": sum(build.place == BAKE for build in self.builds),
        }

    def tables(self) -> tuple[Table, ...]:
        """Variable by place, for each frontend."""
        from checkers.dockerfile_args.table import tables  # noqa: PLC0415 - only --facts prints them

        return tables(self)


def load(context: Context) -> Facts:
    """Reads workflows, compose files, Dockerfiles, frontends and example files of a repository."""
    repository = context.repository
    workflows = workflow_builds.load(repository)
    composes = compose_sets.load(repository, (*workflows.sets, *task_files.sets(repository)))
    services = [
        build
        for project in composes.projects
        for build in compose_builds.by_commands(project, workflows.commands, composes.defaults)
    ]
    baked = _baked(repository, workflows, composes)
    builds = tuple({_identity(build): build for build in (*services, *workflows.builds, *baked.builds)}.values())
    dockerfiles = images.load(repository, builds)
    found = frontends.load(repository, context.config.dockerfile_args)
    documented = documentation.load(context, found)
    facts = Facts(Read(workflows, composes, baked, builds, dockerfiles, found, documented), context.config)
    facts.orphans = orphans.find(repository, facts)
    facts.unfollowed = _unfollowed(repository, facts)
    judged = [image for image in dockerfiles.found.values() if image.judged]
    facts.secrets = secret_names.marked(context, judged, facts.prefixes)
    return facts


def _unfollowed(repository: Repository, facts: Facts) -> tuple[Unfollowed, ...]:
    """The calls in workflows that may build a frontend's image, where nobody is known to build it."""
    if not facts.unbuilt:
        return ()
    from checkers.dockerfile_args import unfollowed  # noqa: PLC0415 - only there a verdict hangs on them

    return tuple(unfollowed.find(repository, facts.read.workflows.files.values()))


def _baked(repository: Repository, workflows: WorkflowBuilds, composes: ComposeSets) -> BakeBuilds:
    """What bake files say, where there are any."""
    if not workflows.bake_files and not any("docker-bake." in path for path in repository.paths()):
        return BakeBuilds()
    from checkers.dockerfile_args import bake_builds  # noqa: PLC0415 - few repositories bake

    def services(folder: str) -> dict[str, Build]:
        projects = (project for project in composes.projects if project.files == composes.defaults.get(folder))
        return {build.service: build for project in projects for build in compose_builds.builds(project)}

    return bake_builds.load(repository, workflows.bake_files, workflows.bake_sets, services)


def _identity(build: Build) -> tuple[object, ...]:
    """Two file sets that give a service the same arguments make one build."""
    return (build.location, build.what, build.dockerfile, build.context, build.target, tuple(build.passed), build.gap)
