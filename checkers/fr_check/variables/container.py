"""An image at run time: its environment, what it starts, and which file of the repository stands where in it."""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.core.budget import Budget
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text, digits
from fr_check.runs.reading import UNKNOWN, shell_of
from fr_check.sources import dockerfile, dockerignore
from fr_check.sources.dockerfile import Reference
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import Computed, Entry, Layer, Literal, Open
from fr_check.variables.official_images import is_official

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.builds.images import Image
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.dockerfile import Binding, Instruction
    from fr_check.variables.joining import Passing
    from fr_check.variables.model import Value

# Whoever builds on these gets names of the runtime, never one of an application.
_KNOWN_BASES = ("astral-sh/", "chainguard/", "tiangolo/", "bitnami/", "distroless/", "library/", "nvidia/", "mcr.")
_DEPTH = 12
# Copies that are looked at for one file: the stages of a large Dockerfile have some hundred.
_COPIES = 5_000
_OF_REPOSITORY = frozenset(("repository", "_kept_out"))


class Copy(NamedTuple):
    """One source of a COPY or ADD: where it comes from (a stage's number, or None for the context), and where it goes.

    `source` is relative to the context ("" is all of it), or absolute in the other stage. `exact` where the target is
    the new name of the one source.
    """

    source: str
    target: str
    stage: int | None
    exact: bool
    instruction: Instruction


class Words(NamedTuple):
    """ENTRYPOINT or CMD: its words, and the instruction; the shell form is `sh -c TEXT`."""

    words: tuple[str, ...]
    instruction: Instruction


class Container:
    """The image that a build of a target makes; `context` is the folder it is built from."""

    def __init__(
        self, image: Image, target: str | None, context: str, repository: Repository, passed: Passing | None = None
    ) -> None:
        """`passed` are the arguments that its builds pass; None: not known."""
        self.image = image
        self.passed = passed
        self.context = context
        self.repository = repository
        stage = image.stage(target)
        self.stage = -1 if stage is None else stage.number

    @property
    def kept(self) -> dict[str, object]:
        """Everything that it is and was found of it, but for what its repository said."""
        return {name: one for name, one in self.__dict__.items() if name not in _OF_REPOSITORY}

    @classmethod
    def of(cls, kept: dict[str, object], repository: Repository) -> Container:
        """The container that something is kept of, in a repository."""
        made = cls.__new__(cls)
        made.__dict__.update(kept)
        made.repository = repository
        return made

    @cached_property
    def ancestry(self) -> tuple[int, ...]:
        """The stage and those it is built on, innermost first."""
        return self.image.graph.ancestry(self.stage) if self.stage >= 0 else ()

    @property
    def base(self) -> str | None:
        """The image from elsewhere that it is built on; None where that is not known."""
        return self.image.graph.bases[self.ancestry[-1]].image if self.ancestry else None

    @property
    def sh(self) -> str:
        """What `/bin/sh` is in it, as `reading.shell_of` tells it; a RUN may link it to another shell."""
        runs = (one for number in self.ancestry for one in self.image.graph.bodies[number] if one.keyword == "RUN")
        return UNKNOWN if any("/bin/sh" in one.arguments for one in runs) else shell_of(self.base)

    def layer(self) -> Layer:
        """Its ENV, that of the stages below included. ARGs end with the build."""
        entries: dict[str, Entry] = {}
        scope = self.image.scopes.at(self.stage) if self.stage >= 0 else {}
        for name, binding in scope.items():
            if binding.keyword == "ENV":
                entries[name] = Entry(name, self._value(binding), self.image.at(binding.definition.name_span))
        return Layer("image-env", f"ENV of {self.image.path}", entries, None, self._open())

    def _value(self, binding: Binding) -> Value:
        """What an ENV gives, with the arguments of its builds in it."""
        unknown = Computed(f"${{{binding.name}}}")
        names = binding.arguments
        if names and (self.passed is None or names & self.passed.unclear):
            return unknown
        given = (
            {} if self.passed is None else {name: self.passed.values[name] for name in names & {*self.passed.values}}
        )
        texts = {name: value.text.reveal() for name, value in given.items() if isinstance(value, Literal)}
        if len(texts) == len(given):
            found = binding if not texts else self._scope_with(texts).get(binding.name)
            text = None if found is None else found.value
            return Literal(Opaque(text)) if isinstance(text, str) else unknown
        # `ENV N=${N}` hands on what Compose fills the argument with.
        parts = binding.definition.parts or ()
        lone = parts[0] if len(parts) == 1 and isinstance(parts[0], Reference) and not parts[0].operator else None
        return given[lone.name] if lone is not None and given.keys() == {lone.name} else unknown

    def _scope_with(self, arguments: dict[str, str]) -> Mapping[str, Binding]:
        """What holds at the end of the stage when these arguments are passed."""
        return dockerfile.Scopes(dockerfile.graph(self.image.dockerfile, dict(arguments))).at(self.stage)

    @cached_property
    def given(self) -> tuple[tuple[str, str | None], ...]:
        """The arguments that its builds pass, sorted; None for a value that is not known."""
        passed = self.passed
        if passed is None:
            arguments = (one for one in self.image.dockerfile.instructions if one.keyword == "ARG")
            names = (found.name for one in arguments for found in one.definitions)
            return tuple((name, None) for name in sorted({*names}))
        known = {name: value.text.reveal() for name, value in passed.values.items() if isinstance(value, Literal)}
        return tuple((name, known.get(name)) for name in sorted({*passed.values, *passed.unclear}))

    @cached_property
    def _scopes(self) -> dockerfile.Scopes:
        """What holds in each stage with the arguments that its builds pass; None for a value that is not known."""
        given = dict(self.given)
        return dockerfile.Scopes(dockerfile.graph(self.image.dockerfile, given)) if given else self.image.scopes

    def _filled(self, word: str, instruction: Instruction) -> str | None:
        """A word of an instruction with its variables filled in; None where one is not known."""
        return self.image.expanded(word.strip("\"'"), instruction, self._scopes) if "$" in word else word.strip("\"'")

    def _moved(self, here: str | None, instruction: Instruction) -> str | None:
        """The folder that a WORKDIR leads to from another one."""
        folder = self._filled(instruction.arguments.strip(), instruction)
        if folder is None or (here is None and not folder.startswith("/")):
            return None
        return posixpath.normpath(posixpath.join(here or "/", folder))

    def _open(self) -> Open | None:
        base = self.base
        if base is None:
            return Open(self.image.path, f"the image that `{self.image.path}` is built on is not known")
        name = base.partition("@")[0]
        if name == "scratch" or is_official(name) or any(known in name for known in _KNOWN_BASES):
            return None
        return Open(name, f"`{name}`, which `{self.image.path}` is built on, may set more")

    @cached_property
    def folder(self) -> str | None:
        """The working folder; None where that is not known."""
        here: str | None = "/"
        for number in reversed(self.ancestry):
            for instruction in self.image.graph.bodies[number]:
                if instruction.keyword == "WORKDIR":
                    here = self._moved(here, instruction)
        return here

    @cached_property
    def entrypoint(self) -> Words | None:
        """ENTRYPOINT, that of a stage below included."""
        return self._words("ENTRYPOINT")

    @cached_property
    def command(self) -> Words | None:
        """CMD; an ENTRYPOINT of a stage above takes away that of the stage below."""
        command, entry = self._words("CMD"), self.entrypoint
        if command is None or entry is None:
            return command
        order = {number: index for index, number in enumerate(self.ancestry)}
        above = order.get(entry.instruction.stage, 0) < order.get(command.instruction.stage, 0)
        return None if above else command

    def _words(self, keyword: str) -> Words | None:
        for number in self.ancestry:
            for instruction in reversed(self.image.graph.bodies[number]):
                if instruction.keyword == keyword:
                    words = instruction.json
                    if words is None:
                        words = (*self._shell(instruction), instruction.arguments)
                    return Words(tuple(words), instruction)
        return None

    def _shell(self, instruction: Instruction) -> tuple[str, ...]:
        """What runs the shell form of an instruction: the last SHELL before it, those of stages below included."""
        found: tuple[str, ...] = ("/bin/sh", "-c")
        for number in reversed(self.image.graph.ancestry(instruction.stage)):
            for other in self.image.graph.bodies[number]:
                if other.keyword == "SHELL" and other.json and other.span.line < instruction.span.line:
                    found = tuple(other.json)
        return found

    def copies(self, stage: int) -> tuple[Copy, ...]:
        """What a stage and those below it copy, in order."""
        if stage not in self._copies:
            self._copies[stage] = tuple(self._copied(stage))
        return self._copies[stage]

    @cached_property
    def _copies(self) -> dict[int, tuple[Copy, ...]]:
        return {}

    def _copied(self, stage: int) -> Iterator[Copy]:
        here: str | None = "/"
        for number in reversed(self.image.graph.ancestry(stage)):
            for instruction in self.image.graph.bodies[number]:
                if instruction.keyword == "WORKDIR":
                    here = self._moved(here, instruction)
                elif instruction.keyword in {"COPY", "ADD"} and not instruction.heredocs:
                    yield from self._sources(instruction, here)

    def _sources(self, instruction: Instruction, here: str | None) -> Iterator[Copy]:
        words = instruction.json or tuple(instruction.arguments.split())
        *found, target = (self._filled(word, instruction) for word in words) if words else (None,)
        if target is None or (here is None and not target.startswith("/")):
            return
        flag = instruction.flag("from")
        stage = self._stage(flag.value or "") if flag is not None else None
        if flag is not None and stage is None:
            return
        place = posixpath.normpath(posixpath.join(here or "/", target))
        folder = len(found) > 1 or target.endswith(("/", ".")) or target == "."
        for source in (source for source in found if source is not None):
            clean = posixpath.normpath(source.lstrip("/") if stage is None else posixpath.join("/", source))
            clean = "" if clean == "." else clean
            yield Copy(clean, place, stage, not folder, instruction)

    def _stage(self, name: str) -> int | None:
        stages = self.image.dockerfile.stages
        if name.isdecimal():
            number = digits(name)
            return number if number is not None and number < len(stages) else None
        return next((stage.number for stage in stages if stage.name == name.lower()), None)

    def locate(self, path: str) -> str | None:
        """The file of the repository that stands at an absolute path of the container; None where that is not known."""
        budget = Budget(steps=_COPIES, depth=_DEPTH)
        return self._locate(path, self.stage, 0, budget, set()) if self.stage >= 0 else None

    def _locate(self, path: str, stage: int, depth: int, budget: Budget, asked: set[tuple[str, int]]) -> str | None:
        # Stages that copy from each other lead to the same place by many ways, at which nothing is found each time.
        if (path, stage) in asked:
            return None
        asked.add((path, stage))
        for copy in reversed(self.copies(stage)):
            if not budget.step(depth=depth):
                return None
            for inner in _inside(copy, path):
                if copy.stage is not None:
                    found = self._locate(inner, copy.stage, depth + 1, budget, asked)
                else:
                    found = posixpath.normpath(posixpath.join(self.context or ".", inner))
                    found = found if self.repository.exists(found) and self.keeping_out(inner) is None else None
                if found is not None:
                    return found
        return None

    def places(self, path: str) -> Iterator[tuple[str, Copy]]:
        """Where a file of the repository, which need not be there, is copied to; one that is kept out, nowhere."""
        relative = posixpath.relpath(path, self.context or ".")
        if relative.startswith("../") or self.keeping_out(relative) is not None:
            return
        yield from self._places(relative, self.stage, 0, Budget(steps=_COPIES, depth=_DEPTH), {})

    def _places(
        self, relative: str, stage: int, depth: int, budget: Budget, known: dict[int, tuple[str, ...]]
    ) -> Iterator[tuple[str, Copy]]:
        """`known` are the places in the stages that were asked already: many may copy from one."""
        if stage < 0:
            return
        for copy in self.copies(stage):
            if not budget.step(depth=depth):
                return
            if copy.stage is None:
                found = _target(copy, relative)
                if found is not None:
                    yield found, copy
                continue
            if copy.stage not in known:
                known[copy.stage] = ()  # what copies from itself brings nothing
                inner = self._places(relative, copy.stage, depth + 1, budget, known)
                known[copy.stage] = tuple(dict.fromkeys(place for place, _ in inner))
            for place in known[copy.stage]:
                moved = _target(copy, place)
                if moved is not None:
                    yield moved, copy

    @property
    def first_copy(self) -> Location | None:
        """Where the last stage first copies something from the context."""
        own = (copy for copy in self.copies(self.stage) if copy.stage is None) if self.stage >= 0 else ()
        found = list(own)
        # What brings code says more than a COPY of a manifest does.
        best = next((copy for copy in found if self._is_folder(copy.source)), found[0] if found else None)
        return None if best is None else self.image.at(best.instruction.span)

    def _is_folder(self, source: str) -> bool:
        path = posixpath.normpath(posixpath.join(self.context or ".", source))
        return not self.repository.exists(path)

    def keeping_out(self, relative: str) -> Location | None:
        """The line of a `.dockerignore` that keeps a file of the context out of the build, or None."""
        if relative not in self._kept_out:
            self._kept_out[relative] = self._keeping_out(relative)
        return self._kept_out[relative]

    @cached_property
    def _kept_out(self) -> dict[str, Location | None]:
        return {}

    def _keeping_out(self, relative: str) -> Location | None:
        for name in (f"{self.image.path}.dockerignore", posixpath.join(self.context, ".dockerignore")):
            found = self.repository.parse(name, dockerignore.parse)
            if isinstance(found, dockerignore.Dockerignore):
                pattern = found.excluded_by(relative)
                text = self.repository.read(name)
                return text.at(pattern.span) if pattern is not None and isinstance(text, Text) else None
        return None


def _inside(copy: Copy, path: str) -> Iterator[str]:
    """The sources, below what a COPY takes, that may stand at a path."""
    source, target = copy.source, copy.target
    root = "/" if copy.stage is not None else ""
    if "*" in source or "?" in source:
        if path.startswith(f"{target}/"):
            yield posixpath.join(posixpath.dirname(source), path[len(target) + 1 :])
        return
    if path == target:
        yield source
    if path.startswith(target.rstrip("/") + "/"):
        rest = path[len(target.rstrip("/")) + 1 :]
        yield posixpath.join(source or root, rest)
        if rest == posixpath.basename(source) and not copy.exact:
            yield source


def _target(copy: Copy, path: str) -> str | None:
    """Where a file of the context (or of the other stage) goes by a COPY; None where it takes another one."""
    source = copy.source
    if "*" in source or "?" in source:
        from fnmatch import fnmatchcase  # noqa: PLC0415 - few COPYs have a pattern

        return posixpath.join(copy.target, posixpath.basename(path)) if fnmatchcase(path, source) else None
    if path == source:
        return copy.target if copy.exact else posixpath.join(copy.target, posixpath.basename(path))
    head = source.rstrip("/") + "/" if source else ""
    if path.startswith(head):
        return posixpath.join(copy.target, path[len(head) :])
    return None
