"""Services of images that a workflow builds here: what they are given when they run, and what the builds passed."""

from __future__ import annotations

from fr_check.builds.model import WORKFLOW
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.interpolation import Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_build import Bake
    from fr_check.builds.model import Build
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
    if not baked or facts.context is None:
        return
    from fr_check.variables.flow import Flow  # noqa: PLC0415 - only where a workflow builds a frontend

    flow = Flow(facts.context, (), {})
    names = {name for _, bake in baked for name in bake.frontend.reads}
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
