"""Pages: what a bundler bakes into them, in which builds, and services that are given a variable too late."""

from __future__ import annotations

from functools import cached_property

from fr_check.builds import frontends
from fr_check.builds.frontend_step import Steps
from fr_check.builds.model import COMPOSE
from fr_check.core import secrecy
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import Bare, ComposeHost, Computed, Entry, Interpolated, Literal, Step
from fr_check.variables.outcomes import Traced, host_steps, of_entry, shown
from fr_check.variables.programs import Reader
from fr_check.variables.value_outcomes import NOT_SET, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.builds.frontend import Frontends
    from fr_check.builds.frontend_build import Bake
    from fr_check.builds.model import Build, Passed
    from fr_check.core.model import Location
    from fr_check.variables.flow import Flow
    from fr_check.variables.services import ServiceProcess

    HostOf = Callable[[str], ComposeHost]

_OBJECT = pattern(r"(?:process\.env|import\.meta\.env)\??\.$")
_ELSE = pattern(r"\s*(?:\|\||\?\?)\s*([\"'`])([^\"'`]*)\1")


class Pages:
    """The frontends of a repository."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.repository = flow.repository

    @cached_property
    def found(self) -> Frontends:
        """Every frontend."""
        return frontends.load(self.repository, self.flow.context.config.of(DockerfileArgs))

    @property
    def folders(self) -> tuple[str, ...]:
        """Their folders."""
        return tuple(frontend.path for frontend in self.found.frontends)

    @cached_property
    def readers(self) -> tuple[Reader, ...]:
        """One reader for each page and variable, at its first read, one with a default before others."""
        made = []
        for frontend in self.found.frontends:
            for name, reads in frontend.reads.items():
                places = [(self._default(name, read.location), read.location) for read in reads]
                default, where = next((pair for pair in places if pair[0] is not None), places[0])
                what = f"page of {frontend.label}"
                where = self._whole(where)
                made.append(Reader("page", what, (name,), None, default, required=False, secret=False,
                                   location=where, owner=frontend.path))  # fmt: skip
        return tuple(made)

    def _whole(self, location: Location) -> Location:
        """A read with the object that it reads from: `process.env.NAME`."""
        text, span = self.repository.read(location.path), location.span
        if span is None or not isinstance(text, Text):
            return location
        before = _OBJECT.search(text.line(span.line)[: span.column - 1])
        return location if before is None else location._replace(span=span._replace(column=before.start() + 1))

    def _default(self, name: str, location: object) -> str | None:
        """What the code says instead, behind `||` or `??`."""
        span = getattr(location, "span", None)
        text = self.repository.read(getattr(location, "path", ""))
        if span is None or not isinstance(text, Text):
            return None
        found = _ELSE.match(text.string, text.offset(span.end_line, span.end_column))
        return None if found is None else secrecy.shown(name, found[2])

    @cached_property
    def _steps(self) -> Steps:
        return Steps(self.repository, self.found)

    @cached_property
    def bakes(self) -> tuple[tuple[Build, Bake], ...]:
        """Every build with each step of it that builds a frontend for certain."""
        found = []
        for build in self.flow.builds.builds:
            image = self.flow.builds.images.found.get(build.key)
            if image is None or not image.judged:
                continue
            contexts = () if build.context is None else (build.context,)
            reached = image.reached(build.target)
            found += [(build, b) for b in self._steps.of(image, contexts) if b.certain and b.stage in reached]
        return tuple(found)

    def builds(self, reader: Reader, host_of: HostOf) -> Iterator[Traced]:
        """The builds that bake a reader's variable."""
        name = reader.names[0]
        for build, bake in self.bakes:
            if bake.frontend.path != reader.owner:
                continue
            passed = build.passed.get(name)
            steps = [] if passed is None else list(_passed_steps(build, passed, reader, host_of(build.path)))
            steps += _image_steps(bake, name)
            compose_host = host_of(build.path)
            outcome = Outcome(NOT_SET) if passed is None else of_entry(_entry(passed), compose_host)
            own = self.flow.service_key(build) if build.place == COMPOSE else None
            where = own or (build.location if passed is None else passed.location)
            what = f"build of {build.what}" if build.place == COMPOSE else build.what
            yield Traced("build", what, build.path, where, (reader,), outcome, tuple(steps))

    def unread(self, name: str, host_of: HostOf) -> Iterator[Traced]:
        """The builds that would bake a variable which no page reads yet: those of frontends whose builds know it."""
        knowing = {
            bake.frontend.path: bake
            for build, bake in self.bakes
            if name.startswith(bake.frontend.prefixes) and (name in build.passed or bake.image.declarations(name))
        }
        for path, bake in knowing.items():
            what = f"page of {bake.frontend.label}"
            reader = Reader("page", what, (name,), None, None, required=False, secret=False,
                            location=bake.location, owner=path)  # fmt: skip
            for traced in self.builds(reader, host_of):
                yield traced._replace(reads=())

    def too_late(self, name: str) -> Iterator[tuple[ServiceProcess, Step]]:
        """Services of an image with a page that are given its variable when they run."""
        keys = {(build.key, build.target) for build, bake in self.bakes if name in bake.frontend.reads}
        for found in self.flow.services:
            entry = found.service.environment.get(name)
            mine = any((build.key, build.target) in keys for build in found.joined.builds)
            if entry is not None and mine:
                text = "entry of `environment`; the page was built before"
                yield found, Step("passed", text, "`environment` of the running service", entry.location)


def _entry(passed: Passed) -> Entry:
    """A build argument as an entry: in a compose file its references are filled, elsewhere expressions are computed."""
    variable = passed.variable
    if variable is not None:
        template = variable.template
        if variable.bare:
            return Entry(passed.name, Bare(passed.name), passed.location)
        literal = template.literal
        value = Interpolated(template) if literal is None else Literal(Opaque(literal))
        return Entry(passed.name, value, passed.location)
    if passed.value is None:
        return Entry(passed.name, Bare(passed.name), passed.location)
    text = passed.value
    return Entry(passed.name, Computed(text) if "$" in text else Literal(Opaque(text)), passed.location)


def _passed_steps(build: Build, passed: Passed, reader: Reader, compose_host: ComposeHost) -> Iterator[Step]:
    entry = _entry(passed)
    yield from host_steps(entry, compose_host, secret=reader.hidden)
    variable = passed.variable
    if variable is not None and not variable.bare and variable.template.references:
        written = shown(entry, reader)
        references = [part for part in variable.template.parts if not isinstance(part, str)]
        place = variable.locate(references[0].start, references[-1].end)
        yield Step("interpolated", written, "", place)
    what = "entry of `args`" if build.place == COMPOSE else "entry of `build-args`"
    yield Step("build-arg", what, "build arg", passed.location)


def _image_steps(bake: Bake, name: str) -> Iterator[Step]:
    """ARG, ENV and the command that bakes."""
    stage = bake.stage_label
    declared = [d for d in bake.image.declarations(name) if d.stage == bake.stage]
    for declaration in declared[:1]:
        where = bake.image.at(declaration.definition.name_span)
        yield Step("arg", f"ARG of {stage}", "ARG", where)
    binding = bake.standing(name).binding
    if binding is not None and binding.keyword == "ENV":
        yield Step("image-env", f"ENV of {stage}", "ENV", bake.image.at(binding.definition.name_span))
    text = bake.image.text.string
    span = bake.span
    command = text[
        bake.image.text.offset(span.line, span.column) : bake.image.text.offset(span.end_line, span.end_column)
    ]
    yield Step("baked", f"`{command.strip()}`", "baked", bake.location)
