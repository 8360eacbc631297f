"""What dockerfile-args compares: who reads a public variable, and each build that has to bring it."""

from __future__ import annotations

from fr_check.builds.model import BAKE, COMPOSE, NAME, WORKFLOW
from fr_check.core.budget import Budget
from fr_check.core.model import Gap, Skipped, Table, Unknown
from fr_check.dockerfile_args.comparison.build_facts import BuildFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.builds.collected import LeadsTo
    from fr_check.builds.model import Build
    from fr_check.core.config import Config
    from fr_check.core.context import Context
    from fr_check.core.repository import Repository
    from fr_check.dockerfile_args.comparison.build_facts import StepsOf, ValueOf
    from fr_check.dockerfile_args.comparison.model import Orphan, Read


class Facts(BuildFacts):
    """Everything the rules compare: what was read, what nothing reads, what is secret, what could not be followed."""

    def __init__(self, repository: Repository, read: Read, config: Config, steps: StepsOf, value_of: ValueOf) -> None:
        super().__init__(repository, read, config, steps, value_of)
        self.orphans: tuple[Orphan, ...] = ()
        self.secrets: Mapping[str, str] = {}
        self.unfollowed: tuple[LeadsTo | Unknown, ...] = ()
        self.elsewhere: tuple[str, ...] = ()
        self.context: Context | None = None

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What could not be read, or resolved."""
        read = self.read
        parts = (read.workflows, read.composes, read.baked, self.images, self.documented, read.frontends)
        found = [*(u for part in parts for u in part.unknowns if u not in self._too_long), *self._unjudged()]
        return tuple(dict.fromkeys([*found, *read.frontends.ignores.unknowns]))

    @property
    def _too_long(self) -> tuple[Unknown, ...]:
        """That scripts are not followed to their end, where all images of frontends are built by what is known."""
        return () if self.unbuilt else tuple(u for u in self.read.workflows.unknowns if u.reason == Budget.REASON)

    def _unresolved(self) -> Iterator[Build]:
        """The builds of which it is not known what they build."""
        for build in self.builds:
            # What a script builds matters where nobody is known to build a frontend's image.
            if build.gap and (build.place != WORKFLOW or build.path in self.read.workflows.files or self.unbuilt):
                yield build

    def _unjudged(self) -> Iterator[Unknown]:
        for build in self._unresolved():
            if (self.unbuilt or build.place != WORKFLOW) and not _is_shown(build.path):
                message = f"the {build.named} cannot be judged: {build.gap}"
                help_text = "write the context and the file out, or give the variable a default"
                yield Unknown(NAME, "unresolved-build", build.what, message, help_text, build.location)
        for bake in self.all_bakes:
            if not bake.certain and bake.frontend.reads:
                reason = bake.hit.reason or "it is not known what it runs"
                message = f"`{bake.image.path}` may build the frontend `{bake.frontend.label}` here: {reason}"
                help_text = "call the build command in the RUN itself"
                yield Unknown(NAME, "unrecognised-build", bake.image.path, message, help_text, bake.location)

        for image in self.unbuilt[:1]:
            for call in (*self.read.workflows.unfollowed, *self.unfollowed):
                if isinstance(call, Unknown):
                    yield call
                    continue
                message = (
                    f"`{call.path}`, which a workflow calls, may build `{image.path}`: what it passes is not known"
                )
                help_text = "build the image in a step, or in a shell script or make target that a step calls"
                yield Unknown(NAME, "unfollowed-call", call.path, message, help_text, call.location)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is not in the repository, or nobody reads: told, and no fault."""
        return tuple(dict.fromkeys((*self.images.gaps, *self._told())))

    def _told(self) -> Iterator[Gap]:
        for build in self._unresolved():
            if _is_shown(build.path) or (not self.unbuilt and build.place == WORKFLOW):
                message = f"what the {build.named} builds is not known: {build.gap}"
                yield Gap(NAME, build.what, message, build.location)
        for build in self.builds:
            if build.dockerfile in self.images.missing and self.made(build):
                message = f"the {build.named} builds `{build.dockerfile}`, which a step makes: it is not known"
                yield Gap(NAME, build.dockerfile or "", message, build.location)
            elif build.dockerfile in self.images.missing and (script := self.placed(build)):
                message = f"what the {build.named} builds is not known: `{script}` puts `{build.path}` elsewhere"
                yield Gap(NAME, build.dockerfile or "", message, build.location)
        for bake in self.all_bakes:
            for name in bake.frontend.reads if bake.certain else ():
                value = self.value_of(bake, name) if bake.standing(name).kind == "absent" else None
                if value is not None and not value.sure:
                    yield Gap(NAME, bake.image.path, f"`{bake.image.path}`: {value.how}", bake.location)
                    break
        for unknown in self._too_long:
            yield Gap(NAME, unknown.subject, unknown.message, unknown.location)
        for path in self.elsewhere:
            yield Gap(NAME, path, f"`{path}` builds images, and is not read: what it passes is not known")
        for key, image in self.images.found.items():
            if key in self.built or not image.judged or image.inline is not None:
                continue
            if key in self.owners or any(i.keyword == "ARG" for i in image.dockerfile.instructions):
                yield Gap(NAME, image.path, f"no build that this repository describes builds `{image.path}`")

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not there to be looked at."""
        found = [*self.read.composes.skipped, *self.read.frontends.skipped, *self.documented.skipped]
        elsewhere = "is built from outside this repository"
        found += [Skipped(NAME, f"the {build.named} {elsewhere}") for build in self.builds if build.foreign]
        if not self.builds and not self.images.found:
            found.append(Skipped(NAME, "no Dockerfile, compose file or workflow that builds an image"))
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
        from fr_check.dockerfile_args.comparison.table import tables  # noqa: PLC0415 - only --facts prints them

        return tables(self)


def _is_shown(path: str) -> bool:
    """Whether a file only shows how something is used: `examples/`."""
    return not {"example", "examples", "sample", "samples", "demo", "demos"}.isdisjoint(path.split("/")[:-1])
