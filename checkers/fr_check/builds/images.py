"""Dockerfiles with what the rules ask of them: which arguments a build of a target can use, and how one stands."""

from __future__ import annotations

import posixpath

from fr_check.builds.model import NAME, is_dockerfile_name, is_made_from, is_sample
from fr_check.core.model import Gap, Unknown
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Missing, Unreadable
from fr_check.core.text import Text
from fr_check.sources import dockerfile, interpolation
from fr_check.sources.dockerfile import AUTOMATIC, CONTROL, PREDEFINED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.builds.model import Build
    from fr_check.core.model import Location, Span
    from fr_check.core.repository import Repository
    from fr_check.sources.dockerfile import Declaration, Definition, Dockerfile, Instruction, Stage
    from fr_check.sources.yaml_tree import Scalar

FILE_LIMIT = 2_000

_ENV_FILE = pattern(r"(?:.*/)?\.env(?:\.[\w.-]+)?")
# `# syntax=` names another frontend than Dockerfile's: its language is its own.
_OTHER_SYNTAX = pattern(r"(?!(?:[^\s@]+/)?docker/dockerfile(?:-upstream)?(?:[:@]|$))")


class Image:
    """One Dockerfile. `inline` is the scalar it was written in, for a `dockerfile_inline`."""

    def __init__(self, path: str, text: Text, inline: Scalar | None = None, places: list[int] | None = None) -> None:
        self.path = path
        self.text = text
        self.inline = inline
        self._places = places
        self.dockerfile: Dockerfile = dockerfile.parse(text)
        self.graph = dockerfile.graph(self.dockerfile)
        self.scopes = dockerfile.Scopes(self.graph)
        self._reached: dict[str, frozenset[int]] = {}
        self._env_files: dict[int, tuple[Instruction, ...]] = {}

    @property
    def key(self) -> str:
        """The same as `Build.key`."""
        return self.path if self.inline is None else f"{self.path}:{self.inline.span.line}"

    def at(self, span: Span) -> Location:
        """The location of a span of the Dockerfile; of an inline one, in the file around it."""
        if self.inline is None or self._places is None:
            return self.text.at(span)
        start = self._places[self.text.offset(span.line, span.column)]
        end = self._places[self.text.offset(span.end_line, span.end_column)]
        return self.inline.text.at(self.inline.locate(start, end))

    def stage(self, target: str | None) -> Stage | None:
        """The stage a target names; the last one for an empty, unknown or missing target."""
        return self.graph.target(target or "") or self.graph.target()

    def reached(self, target: str | None) -> frozenset[int]:
        """The numbers of the stages that a build of a target runs."""
        key = target or ""
        if key not in self._reached:
            stage = self.stage(target)
            self._reached[key] = frozenset() if stage is None else self.graph.reachable(stage)
        return self._reached[key]

    def declarations(self, name: str) -> tuple[Declaration, ...]:
        """Every ARG of a name, in order."""
        return self.scopes.declarations(name)

    def declared(self, name: str, target: str | None) -> Declaration | None:
        """An ARG of a name in a stage that a build of a target runs, or None."""
        reached = self.reached(target)
        return next((d for d in self.declarations(name) if d.place != "global" and d.stage in reached), None)

    def consumes(self, name: str, target: str | None) -> bool:
        """Whether a build of a target can use an argument: a reached stage or the global scope declares it."""
        if name in PREDEFINED or name in AUTOMATIC or name in CONTROL or name.startswith("BUILDKIT_"):
            return True
        return any(d.place == "global" for d in self.declarations(name)) or self.declared(name, target) is not None

    @property
    def judged(self) -> bool:
        """Whether its language is Dockerfile's, and it could be read."""
        return bool(self.dockerfile.stages) and not self.language

    @property
    def language(self) -> str:
        """The image of the frontend that reads it, where that is none of Dockerfile's."""
        syntax = next((d.value for d in self.dockerfile.directives if d.name == "syntax"), "")
        return syntax if syntax and _OTHER_SYNTAX.match(syntax) else ""

    @property
    def complete(self) -> bool:
        """Whether all of it could be read, so that what it does not declare is known."""
        if self.text.problems:
            return False
        # A value that cannot be read hides no declaration.
        defining = {i.span.line for i in self.dockerfile.instructions if i.definitions}
        return all(problem.span.line in defining for problem in self.dockerfile.problems)

    @property
    def fires_unseen(self) -> bool:
        """Whether a base image may declare arguments by ONBUILD triggers that are not in this file."""
        return any("onbuild" in stage.base.lower() for stage in self.dockerfile.stages)

    def expanded(self, word: str, instruction: Instruction, scopes: dockerfile.Scopes | None = None) -> str | None:
        """A word of an instruction with the values that the Dockerfile gives; None where one is not known.

        `scopes` are those of a build that passes arguments.
        """
        if "$" not in word:
            return word
        try:
            parts = dockerfile.lex(word, self.dockerfile.escape)
        except dockerfile.LexError:
            return None
        scopes = self.scopes if scopes is None else scopes
        scope = scopes.at(instruction.stage, instruction)
        return dockerfile.expand(parts, lambda name: scopes.lookup(scope, name, instruction.stage))

    def used_between(self, name: str, declared: Definition, until: Instruction) -> bool:
        """Whether anything between an ARG and a later instruction of its stage may use it: it names it, or builds."""
        for instruction in self.dockerfile.of(until.stage):
            if instruction.number >= until.number or instruction.span[:2] <= declared.span[:2]:
                continue
            if instruction.keyword in {"RUN", "ONBUILD"} and (
                name in instruction.arguments or "build" in instruction.arguments
            ):
                return True
            if "$" in instruction.arguments and name in instruction.arguments:
                return True
        return False

    def asks_for(self, name: str) -> bool:
        """Whether the Dockerfile copes without an argument: it asks whether it is set, or has something instead."""
        asked = pattern(rf"(?:\[|\btest)\s[^\n;&|]*\$\{{?{name}\b|\$\{{{name}:?[-+]")
        return any(asked.search(one.arguments + str(one.heredocs)) for one in self.dockerfile.instructions)

    def env_files(self, stage: int) -> tuple[Instruction, ...]:
        """What a stage executes that writes a file of variables from a here-document, triggers of its base first."""
        if stage not in self._env_files:
            executed = (found.instruction for found in self.graph.executed(stage))
            copies = (found for found in executed if found.heredocs and found.keyword in {"COPY", "ADD"})
            self._env_files[stage] = tuple(
                found for found in copies if _ENV_FILE.fullmatch(found.arguments.split()[-1])
            )
        return self._env_files[stage]


class Images(NamedTuple):
    """Every Dockerfile by `Build.key`, those that are named and not there, and what could not be read.

    `gaps` are files of such a name that nothing builds, and that hold no Dockerfile.
    """

    found: dict[str, Image]
    missing: frozenset[str]
    unknowns: tuple[Unknown, ...]
    gaps: tuple[Gap, ...] = ()


def load(repository: Repository, builds: Iterable[Build]) -> Images:
    """Reads every Dockerfile that the repository holds or a build names."""
    builds = tuple(builds)
    named = {build.dockerfile for build in builds if build.dockerfile is not None}
    held = [path for path in repository.select(is_dockerfile_name) if not is_sample(path)][:FILE_LIMIT]
    # A `dockerfile` that builds name `Dockerfile` is one file.
    held = [path for path in held if not (path.endswith("dockerfile") and f"{path[:-10]}Dockerfile" in named)]
    found: dict[str, Image] = {}
    missing: set[str] = set()
    unknowns: list[Unknown] = []
    gaps: list[Gap] = []
    template = "is a template of a project that is yet to be made, and is not judged"
    gaps += (Gap(NAME, path, f"`{path}` {template}") for path in held if is_made_from(path))
    for path in sorted(named.union(path for path in held if not is_made_from(path))):
        text = _read(repository, path)
        if isinstance(text, Text):
            found[path] = text.parsed(image, path)
            if path not in named and not found[path].dockerfile.stages and not found[path].language:
                gaps.append(Gap(NAME, path, f"`{path}` holds no FROM, and nothing is known to build it"))
            else:
                unknowns.extend(_problems(found[path]))
        elif isinstance(text, Missing):
            missing.add(path)
        elif isinstance(text, Unreadable):
            unknowns.append(text.as_unknown(NAME, path))
    for build in builds:
        if build.inline is not None and build.key not in found:
            found[build.key] = _inline(build.path, build.inline)
    return Images(found, frozenset(missing), tuple(unknowns), tuple(gaps))


def image(text: Text, path: str) -> Image:
    """The Dockerfile at a path: what a text is read as."""
    return Image(path, text)


def _read(repository: Repository, path: str) -> Text | Missing | Unreadable:
    """A Dockerfile; where there is no `Dockerfile`, BuildKit takes a `dockerfile`."""
    text = repository.read(path)
    folder, name = posixpath.split(path)
    if isinstance(text, Missing) and name == "Dockerfile":
        lower = repository.read(posixpath.join(folder, "dockerfile"))
        return text if isinstance(lower, Missing) else lower
    return text


def _problems(image: Image) -> Iterator[Unknown]:
    if image.language:
        message = f"`{image.path}` is read by `{image.language}`, whose language may not be Dockerfile's"
        help_text = "build it with `docker/dockerfile`, or run with --allow-unknown"
        where = image.text.at(image.text.span(0, 0))
        yield Unknown(NAME, "other-dockerfile-language", image.path, message, help_text, where)
        return
    problems = (*image.text.problems, *image.dockerfile.problems, *image.graph.problems)
    if problems:
        message = f"`{image.path}` cannot be read as a Dockerfile: {problems[0].message}"
        help_text = problems[0].help or "mend the Dockerfile"
        yield Unknown(NAME, "unreadable-dockerfile", image.path, message, help_text, image.text.at(problems[0].span))


def _inline(path: str, scalar: Scalar) -> Image:
    """A `dockerfile_inline`, as Compose hands it on: `$$` is one dollar by then."""
    kept: list[str] = []
    places: list[int] = []
    position = 0
    for escape in (*interpolation.parse(scalar.value).escapes, len(scalar.value)):
        kept.append(scalar.value[position:escape])
        places.extend(range(position, escape))
        position = escape + 1
    return Image(path, Text("".join(kept), path, scalar.text.revision), scalar, [*places, len(scalar.value)])
