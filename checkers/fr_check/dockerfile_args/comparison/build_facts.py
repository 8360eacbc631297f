"""What builds, images, frontends and documents say together: which image builds which frontend, and what reaches it."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from fr_check.builds import wiring
from fr_check.builds.frontend import Need
from fr_check.builds.frontend_build import Value
from fr_check.builds.made_files import made, placed
from fr_check.builds.model import BAKE, COMPOSE, WORKFLOW
from fr_check.builds.publishing import pushed
from fr_check.core.model import Severity
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.policy.preset import is_strict
from fr_check.sources.bundlers import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_check.builds.frontend import Frontend
    from fr_check.builds.frontend_build import Bake
    from fr_check.builds.images import Image
    from fr_check.builds.model import Build, Passed
    from fr_check.core.config import Config
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.dockerfile_args.comparison.model import Read

    StepsOf = Callable[[Image, Iterable[str]], tuple[Bake, ...]]
    ValueOf = Callable[[Bake, str], Value | None]


_WORDS = pattern(r"[^._-]+")


class BuildFacts:
    """What was read, and what follows from it; `steps` finds the steps of an image, `value_of` how a name has a value.

    Only `.dockerignore` files are read late: few variables ask for them.
    """

    def __init__(self, repository: Repository, read: Read, config: Config, steps: StepsOf, value_of: ValueOf) -> None:
        self.read = read
        # Where no frontend tells, a name that any bundler takes is public.
        self.prefixes = read.frontends.prefixes or (*PREFIXES, *config.of(DockerfileArgs).public_prefixes)
        self.value_of = value_of
        self._repository = repository
        self._kept: dict[tuple[object, ...], bool] = {}
        self._steps_of = steps
        self.allow = config.allow
        self.strict = is_strict(config, read.frontends.tree.is_file)
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
    def _steps(self) -> Mapping[str, tuple[Bake, ...]]:
        contexts: dict[str, set[str]] = {}
        for build in self.builds:
            if build.context is not None:
                contexts.setdefault(build.key, set()).add(build.context)
        judged = {key: image for key, image in self.images.found.items() if image.judged}
        found = {key: self._steps_of(image, sorted(contexts.get(key, ()))) for key, image in judged.items()}
        return {key: steps for key, steps in found.items() if steps}

    @cached_property
    def owners(self) -> Mapping[str, tuple[Frontend, ...]]:
        """The frontends that a Dockerfile builds, or may, by `Build.key`, for those that build any."""
        return {
            key: tuple({bake.frontend.path: bake.frontend for bake in steps}.values())
            for key, steps in self._steps.items()
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

    def wanted(self, frontend: Frontend, name: str) -> bool:
        """Whether some place gives a variable a value for a frontend's images: a build passes it, or an ARG stands."""
        keys = {key for key, owners in self.owners.items() if any(owner is frontend for owner in owners)}
        return any(
            name in build.passed or name in build.environment for build in self.builds if build.key in keys
        ) or any(self.images.found[key].declarations(name) for key in keys)

    def examples(self, frontend: Frontend) -> dict[str, dict[str, Location]]:
        """The example files that speak to a frontend, and the keys of each."""
        return self.documented.of(frontend.path, frozenset(other.path for other in self.frontends))

    def documents(self, frontend: Frontend, name: str) -> bool:
        """Whether an example file that speaks to a frontend names a variable."""
        return any(name in places for places in self.examples(frontend).values())

    def example_for(self, frontend: Frontend, name: str) -> str:
        """Where a variable of a frontend is to be documented; empty where there is no example.

        Where it stands in a comment, else in the frontend's folder, else in the plain example, else in the one of the
        fewest words in its name that documents most of what the frontend reads.
        """
        files = self.examples(frontend)
        commented = self.documented.commented.get(name)

        def fit(path: str) -> tuple[bool, bool, bool, int, int]:
            own = path.startswith(f"{frontend.path}/")
            plain = path.rpartition("/")[2] == ".env.example"
            said = commented is not None and commented.path == path
            # Of `.env.dev.example` and `.env.dev-azure.example` the one that is for less special a case.
            words = -len(_WORDS.findall(path.rpartition("/")[2]))
            return said, own, plain, words, len(files[path].keys() & frontend.public_reads.keys())

        return max(files, key=fit, default="")

    def is_switch(self, name: str) -> bool:
        """Whether an example file gives a variable `true`, `off` or the like, in a comment too: it holds no secret."""
        line = pattern(
            rf"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?{re.escape(name)}[ \t]*=[ \t]*[\"']?"
            r"(?:true|false|yes|no|on|off|0|1|enabled|disabled)[\"']?[ \t]*(?:#.*)?$",
            re.IGNORECASE | re.MULTILINE,
        )
        texts = (self._repository.read(path) for path in self.documented.files)
        return any(isinstance(text, Text) and line.search(text.string) for text in texts)

    def _values(self, frontend: Frontend, name: str) -> list[Passed]:
        keys = {key for key, owners in self.owners.items() if any(owner is frontend for owner in owners)}
        return [build.passed[name] for build in self.builds if build.key in keys and name in build.passed]

    def asked_for(self, frontend: Frontend, name: str) -> bool:
        """Whether some place gives a variable a value that somebody has to think of: a run computes others."""
        values = self._values(frontend, name)
        return self.wanted(frontend, name) and not (values and all(map(wiring.computed, values)))

    def made_of_documented(self, frontend: Frontend, name: str, keys: set[str]) -> bool:
        """Whether every build makes a variable of others that the example names."""
        values = self._values(frontend, name)
        return bool(values) and all((names := wiring.referred(value)) and names <= keys for value in values)

    def speaks_to(self, frontend: Frontend, path: str) -> bool:
        """Whether an example is meant for a frontend: it mentions variables of its kind, or there is no other frontend.

        Of several frontends, one in another folder that the example does not mention has no part in it.
        """
        text = self._repository.read(path)
        mentions = isinstance(text, Text) and any(prefix in text.string for prefix in frontend.prefixes)
        near = not frontend.path or path.startswith(f"{frontend.path}/")
        return mentions or near or len(self.frontends) == 1

    def missed(self, frontend: Frontend, name: str, *, dropped: bool = False) -> Severity | None:
        """How bad it is that a frontend is built without a variable; None for the rule's own severity.

        `dropped` where a build gives a value that does not arrive: that is a fault whatever the code does without it.
        """
        optional = name in frontend.sources.optional
        if all(read.shared for read in frontend.reads[name]):
            return Severity.INFO
        if dropped:
            return Severity.WARNING if optional else None
        need = frontend.need(name)
        if need is Need.NONE:
            return Severity.INFO
        if need is Need.SLACK and not self.wanted(frontend, name):
            # An empty text is written for those who have no value; the address of a developer's machine is not.
            meant = frontend.only_empty(name) or not self.documents(frontend, name)
            return Severity.INFO if meant else Severity.WARNING
        return None

    def bound(self, bake: Bake, name: str) -> Value | None:
        """How a variable without an ARG has a value when the frontend is built; None where it has none."""
        found = self.value_of(bake, name)
        if found is not None and found.sure:
            return found
        if "Nuxt" in (bundler.label for bundler in bake.frontend.bundlers):
            from fr_check.dockerfile_args.comparison import nuxt  # noqa: PLC0415 - one bundler of many

            if nuxt.fills(self, bake, name):
                return Value("Nuxt's server takes it from its environment when it runs")
        written = self._written(bake)
        return Value(f"a workflow writes `{written}` before") if written else found

    @cached_property
    def _written_files(self) -> tuple[str, ...]:
        from fr_check.builds import written_files  # noqa: PLC0415 - only where a variable has no ARG

        workflows = self.read.workflows.files.values()
        return tuple(dict.fromkeys(path for file in workflows for path in written_files.find(file)))

    def _written(self, bake: Bake) -> str:
        """A file of variables that some workflow writes into the contexts of the image, where it is not kept out."""
        for path in self._written_files:
            inside = all(not context or path.startswith(f"{context}/") for context in self.contexts(bake))
            if path.rpartition("/")[0] == bake.frontend.path and inside and self.reaches(bake, path):
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

    def lost(self, image: Image, name: str) -> list[Location]:
        """Where builds of a Dockerfile set a variable that does not arrive: as an argument, or for the container."""
        found = (
            build.environment[name].location
            for build in self.builds
            if build.key == image.key and name in build.environment
        )
        return [*self.passes(image, name), *dict.fromkeys(found)]

    def passes(self, image: Image, name: str) -> list[Location]:
        """Where builds of a Dockerfile pass an argument."""
        found = (
            build.passed[name].location for build in self.builds if build.key == image.key and name in build.passed
        )
        return list(dict.fromkeys(found))

    def made(self, build: Build) -> bool:
        """Whether something makes the Dockerfile of a build, which the repository does not hold."""
        return made(self._repository, build)

    def placed(self, build: Build) -> str:
        """The script that puts the compose file of a build elsewhere, so that nobody knows what its paths lead to."""
        return placed(self._repository, build)

    def started(self, build: Build) -> bool:
        """Whether Compose finds the compose file of a build by itself, or a command names it; true of other builds."""
        if build.place != COMPOSE or build.path in self.read.composes.started:
            return True
        from fr_check.builds.task_files import called_in_its_folder  # noqa: PLC0415 - few Dockerfiles are missing

        return called_in_its_folder(self._repository, build.path)

    def copied_from(self, build: Build) -> str:
        """A compose file with the same text elsewhere, from where the Dockerfile of a build is found; or empty."""
        path = build.location.path
        folder, name = posixpath.split(path)
        text = self._repository.read(path) if build.place == COMPOSE else None
        if not isinstance(text, Text) or build.dockerfile is None:
            return ""
        inner = posixpath.relpath(f"/{build.dockerfile}", f"/{folder}")
        for other in self._repository.named(name):
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(other), inner))
            if other != path and self._repository.has(wanted):
                twin = self._repository.read(other)
                if isinstance(twin, Text) and twin.string == text.string:
                    return other
        return ""

    def kept(self, build: Build) -> bool:
        """Whether the image of a build is known never to leave the runner."""
        key = (build.place, build.path, build.published, build.what.startswith("command"))
        if key not in self._kept:
            self._kept[key] = pushed(self._repository, build, self.read.workflows.files) is False
        return self._kept[key]

    @cached_property
    def built(self) -> frozenset[str]:
        """The Dockerfiles that some build is known to build, by `Build.key`."""
        return frozenset(build.key for build in self.builds)

    @cached_property
    def unbuilt(self) -> tuple[Image, ...]:
        """The images of frontends that no workflow is known to build."""
        built = {build.key for build in self.builds if build.place in {WORKFLOW, BAKE}}
        if self.read.workflows.commands:
            built.update(build.key for build in self.builds if build.place == COMPOSE)
        found = [bake.image for bake in self.all_bakes if bake.certain and bake.frontend.reads]
        return tuple(dict.fromkeys(image for image in found if image.key not in built))
