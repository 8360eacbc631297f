"""What builds, images, frontends and documents say together: which image builds which frontend, and what reaches it."""

from __future__ import annotations

from functools import cached_property

from fr_check.builds import frontend_step as bakes
from fr_check.builds import frontends
from fr_check.builds.model import BAKE, COMPOSE, WORKFLOW, BakeBuilds
from fr_check.core.record import NamedTuple
from fr_check.policy.dockerfile_args import DockerfileArgs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.builds.compose_sets import ComposeSets
    from fr_check.builds.frontend_step import Bake
    from fr_check.builds.frontends import Frontend, Frontends
    from fr_check.builds.images import Image, Images
    from fr_check.builds.model import Build
    from fr_check.builds.workflows import WorkflowBuilds
    from fr_check.core.config import Config
    from fr_check.core.model import Location
    from fr_check.dockerfile_args.comparison.documentation import Documentation


class Read(NamedTuple):
    """Everything that was read from the repository."""

    workflows: WorkflowBuilds
    composes: ComposeSets
    baked: BakeBuilds
    builds: tuple[Build, ...]
    images: Images
    frontends: Frontends
    documented: Documentation


class World:
    """What was read, and what follows from it. Only `.dockerignore` files are read late: few variables ask for them."""

    def __init__(self, read: Read, config: Config) -> None:
        self.read = read
        self.prefixes = config.of(DockerfileArgs).public_prefixes
        self.allow = config.allow
        self.builds = read.builds
        self.images = read.images
        self.frontends = read.frontends.frontends
        self.documented = read.documented

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
        from fr_check.builds import written_files  # noqa: PLC0415 - only where a variable has no ARG

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

    @cached_property
    def unbuilt(self) -> tuple[Image, ...]:
        """The images of frontends that no workflow is known to build."""
        built = {build.key for build in self.builds if build.place in {WORKFLOW, BAKE}}
        if self.read.workflows.commands:
            built.update(build.key for build in self.builds if build.place == COMPOSE)
        found = [bake.image for bake in self.all_bakes if bake.certain and bake.frontend.reads]
        return tuple(dict.fromkeys(image for image in found if image.key not in built))
