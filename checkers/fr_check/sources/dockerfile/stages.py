"""Stages: what each is built on, what it copies from, and which are built for a target (dockerfile2llb/convert.go)."""

from __future__ import annotations

from fr_check.core.model import Problem
from fr_check.core.record import NamedTuple
from fr_check.sources.dockerfile.values import UNSET, Value, expand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_check.sources.dockerfile.model import Definition, Dockerfile, Instruction, Stage

# Reach every RUN without an ARG when they are passed.
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
PREDEFINED = frozenset((*_PROXIES, *(name.lower() for name in _PROXIES)))
# Set in the global scope by BuildKit; a stage gets them by an ARG without a value.
_PLATFORM = ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
AUTOMATIC = frozenset(
    ("TARGETSTAGE", *("TARGET" + part for part in _PLATFORM), *("BUILD" + part for part in _PLATFORM))
)
# Steer BuildKit itself; no ARG is needed.
_SWITCHES = (
    "BUILD_NAME",
    "CACHE_MOUNT_NS",
    "CONTEXT_KEEP_GIT_DIR",
    "INLINE_CACHE",
    "MULTI_PLATFORM",
    "SANDBOX_HOSTNAME",
)
_FRONTEND = ("SYNTAX", "DOCKERFILE_CHECK", "SBOM_SCAN_CONTEXT", "SBOM_SCAN_STAGE")
CONTROL = frozenset(("SOURCE_DATE_EPOCH", *("BUILDKIT_" + part for part in (*_SWITCHES, *_FRONTEND))))


class Executed(NamedTuple):
    """An instruction as a stage executes it; `fired` when it is a trigger of the stage below."""

    instruction: Instruction
    fired: bool


class Base(NamedTuple):
    """What a stage is built on: another stage, or an image; both None when it hangs on something unknown."""

    stage: int | None
    image: str | None


class Graph(NamedTuple):
    """How stages hang together.

    `bodies` are the instructions of each stage without its FROM; `globals` the values of the global scope, automatic
    ones unknown. `alternatives` are, by a stage whose base is not known, the stages it may be built on:
    `FROM build-${TARGETARCH}` is another one on each platform.
    """

    dockerfile: Dockerfile
    bodies: tuple[tuple[Instruction, ...], ...]
    arguments: Mapping[str, str | None]
    globals: Mapping[str, Value]
    bases: tuple[Base, ...]
    sources: tuple[tuple[int, ...], ...]
    problems: tuple[Problem, ...]
    alternatives: Mapping[int, tuple[int, ...]] = {}

    def target(self, name: str = "") -> Stage | None:
        """The stage that a target names, in any case; without a name the last one; None where there is none."""
        stages = self.dockerfile.stages
        if not name:
            return stages[-1] if stages else None
        wanted = name.lower()
        return next((stage for stage in reversed(stages) if stage.name == wanted), None)

    def reachable(self, target: Stage) -> frozenset[int]:
        """The numbers of the stages that are built for a target, on one platform or another."""
        found = {target.number}
        todo = [target.number]
        while todo:
            number = todo.pop()
            base = self.bases[number].stage
            bases = self.alternatives.get(number, ()) if base is None else (base,)
            needed = {*self.sources[number], *bases} - found
            found |= needed
            todo.extend(needed)
        return frozenset(found)

    def ancestry(self, stage: int) -> tuple[int, ...]:
        """The stage and those it is built on, innermost first."""
        found = [stage]
        while (base := self.bases[found[-1]].stage) is not None:
            found.append(base)
        return tuple(found)

    def executed(self, stage: int) -> Iterator[Executed]:
        """What a stage itself executes: the triggers of the stage it is built on, then its own instructions."""
        base = self.bases[stage].stage
        if base is not None:
            for instruction in self.bodies[base]:
                if instruction.trigger is not None:
                    yield Executed(instruction.trigger, fired=True)
        for instruction in self.bodies[stage]:
            yield Executed(instruction, fired=False)


def graph(dockerfile: Dockerfile, arguments: Mapping[str, str | None] | None = None) -> Graph:
    """Resolves stages.

    Args:
        dockerfile: What was read.
        arguments: The build arguments that are passed; None for a value that is not known.
    """
    given = arguments or {}
    known = _global_values(dockerfile, given)
    names: dict[str, int] = {}
    bases: list[Base] = []
    alternatives: dict[int, tuple[int, ...]] = {}
    for stage in dockerfile.stages:
        image = None if stage.base_parts is None else expand(stage.base_parts, lambda name: known.get(name, UNSET))
        # A stage's name is in lower case; FROM does not fold it, --from and --target do.
        number = None if image is None else names.get(image)
        if image is None:
            alternatives[stage.number] = _alternatives(stage, known, names)
        bases.append(Base(number, None if number is not None else image))
        if stage.name:
            names[stage.name] = stage.number
    bodies: list[list[Instruction]] = [[] for _ in dockerfile.stages]
    for instruction in dockerfile.instructions:
        if instruction.stage >= 0 and instruction.keyword != "FROM":
            bodies[instruction.stage].append(instruction)
    found = Graph(dockerfile, tuple(map(tuple, bodies)), given, known, tuple(bases), (), (), alternatives)
    sources = tuple(tuple(_sources(found, stage.number, names)) for stage in dockerfile.stages)
    return found._replace(sources=sources, problems=tuple(_cycles(found._replace(sources=sources))))


def _alternatives(stage: Stage, known: Mapping[str, Value], names: Mapping[str, int]) -> tuple[int, ...]:
    """The stages above whose names a base with unknown parts may come to; none where all of it is unknown."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few bases are unknown

    parts = stage.base_parts or ()
    texts = [part if isinstance(part, str) else expand((part,), lambda name: known.get(name, UNSET)) for part in parts]
    shape = "".join("*" if text is None else text for text in texts)
    return tuple(number for name, number in names.items() if shape.strip("*") and fnmatchcase(name, shape))


def _global_values(dockerfile: Dockerfile, given: Mapping[str, str | None]) -> dict[str, Value]:
    """The values of the global scope, after all its ARGs."""
    known: dict[str, Value] = {name: given.get(name) for name in AUTOMATIC}
    for instruction in dockerfile.of(-1):
        for definition in instruction.definitions if instruction.keyword == "ARG" else ():
            value = argument_value(definition, given, lambda name: known.get(name, UNSET))
            if not (value is UNSET and definition.name in known):
                known[definition.name] = value
    return known


def argument_value(definition: Definition, given: Mapping[str, str | None], get: Callable[[str], Value]) -> Value:
    """The value of an ARG by itself: what is passed, else its default; `UNSET` without either."""
    if definition.name in given:
        return given[definition.name]
    if definition.value is None:
        return UNSET
    if definition.parts is None:
        return None
    return expand(definition.parts, get)


def _sources(graph: Graph, stage: int, names: Mapping[str, int]) -> Iterator[int]:
    """The stages that a stage copies from or mounts."""
    for instruction, _ in graph.executed(stage):
        flag = instruction.flag("from") if instruction.keyword == "COPY" else None
        if flag is not None and flag.value:
            number = names.get(flag.value.lower())
            if flag.value.isdecimal() and len(flag.value) < len("1000000"):
                number = int(flag.value) if int(flag.value) < len(graph.bases) else None
            if number is not None:
                yield number
        for mount in instruction.mounts() if instruction.keyword == "RUN" else ():
            number = names.get(mount.get("from", "").lower())
            if number is not None:
                yield number


def _cycles(graph: Graph) -> Iterator[Problem]:
    """A problem for a stage that needs itself."""
    state = [0] * len(graph.bases)
    for start in range(len(state)):
        todo = [(start, False)] if not state[start] else []
        while todo:
            number, leaving = todo.pop()
            if leaving:
                state[number] = 2
                continue
            if state[number]:
                continue
            state[number] = 1
            todo.append((number, True))
            base = graph.bases[number].stage
            for needed in {*graph.sources[number], *(() if base is None else (base,))}:
                if state[needed] == 1:
                    stage = graph.dockerfile.stages[number]
                    yield Problem(f"the stage `{stage.label}` needs itself", stage.instruction.span)
                elif not state[needed]:
                    todo.append((needed, False))
