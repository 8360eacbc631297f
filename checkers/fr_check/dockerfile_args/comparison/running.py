"""Services of images that a workflow builds here: what they are given when they run, and what the builds passed."""

from __future__ import annotations

from fr_check.builds.compose_sets import is_compose_name
from fr_check.builds.model import WORKFLOW
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.interpolation import Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_build import Bake
    from fr_check.builds.model import Build
    from fr_check.core.repository import Repository
    from fr_check.dockerfile_args.facts import Facts
    from fr_check.sources.compose import Variable
    from fr_check.sources.compose.model import Service


class Late(NamedTuple):
    """A public variable that a service is given, whose page was baked by `builds`; `passed` are their values."""

    name: str
    variable: Variable
    service: Service
    bake: Bake
    builds: tuple[Build, ...]
    passed: tuple[str | None, ...]

    @property
    def given(self) -> str | None:
        """The value in `environment`, where that is a constant."""
        return None if self.variable.bare else self.variable.template.literal


def late(facts: Facts) -> Iterator[Late]:
    """Every such variable, for services whose image has the name of one that is built here for certain."""
    baked = [(build, bake) for build in facts.builds if build.place == WORKFLOW for bake in facts.bakes(build)]
    names = {name for _, bake in baked for name in bake.frontend.reads}
    if not names or facts.context is None or not _may_be_late(facts, facts.context.repository, names):
        return
    from fr_check.variables.flow import Flow  # noqa: PLC0415 - only where a service may be given such a variable

    flow = Flow(facts.context, (), {})
    given = ((project, service) for project in flow.projects for service in project.services.values()
             if service.build is None and not names.isdisjoint(service.environment))  # fmt: skip
    for project, service in given:
        joined = flow.join.of(project, service)
        if not joined.certain:
            continue
        keys = {(build.key, build.target, build.location) for build in joined.builds}
        own = [(build, bake) for build, bake in baked if (build.key, build.target, build.location) in keys]
        for name, variable in service.environment.items():
            mine = [(build, bake) for build, bake in own if name in bake.frontend.reads]
            if mine and all(build.opaque is None for build, _ in mine):
                passed = tuple(_value(facts, build, bake, name) for build, bake in mine)
                yield Late(name, variable, service, mine[0][1], tuple(build for build, _ in mine), passed)


def _may_be_late(facts: Facts, repository: Repository, names: set[str]) -> bool:
    """Whether a service of an image is given one of some variables, or a submodule has compose files that may do so.

    Which image a service runs is asked only then: all commands that build images are read for it.
    """
    services = (service for project in facts.read.composes.projects for service in project.services.values())
    if any(service.build is None and not names.isdisjoint(service.environment) for service in services):
        return True
    inner = (path for gitlink in repository.gitlinks() for path in repository.subtree(gitlink))
    return any(isinstance(path, str) and is_compose_name(path) for path in inner)


def is_fallback(facts: Facts, late: Late) -> bool:
    """Whether what the service is given is what the code falls back on where the build has no value."""
    value = late.variable.template.render({}) if not late.variable.bare else None
    if not value or facts.context is None or not late.bake.frontend.copes_without(late.name):
        return False
    texts = (facts.context.repository.read(read.location.path) for read in late.bake.frontend.reads[late.name])
    return any(isinstance(text, Text) and value in text.string for text in texts)


def _value(facts: Facts, build: Build, bake: Bake, name: str) -> str | None:
    """What a build passes; empty where something that is no argument gives it, None where nothing does."""
    passed = build.passed.get(name)
    if passed is None:
        return "" if facts.bound(bake, name) is not None else None
    if passed.variable is not None and any(isinstance(part, Reference) for part in passed.variable.template.parts):
        return ""
    return passed.value or ""
