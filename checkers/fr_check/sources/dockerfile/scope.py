"""Scopes: which ARG and ENV an instruction sees, with which value, and why it does not see another."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.dockerfile.expansion import references
from fr_check.sources.dockerfile.stages import CONTROL, Graph, argument_value
from fr_check.sources.dockerfile.values import UNSET, Value, expand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from fr_check.sources.dockerfile.model import Definition, Dockerfile, Instruction

    Visibility = Literal[
        "visible", "mounted", "overridden", "bound", "later", "onbuild", "other-stage", "global", "absent", "taken"
    ]

_NEAREST: tuple[Visibility, ...] = ("later", "onbuild", "other-stage", "global")


Scope = dict[str, "Binding"]


class Binding(NamedTuple):
    """What a name is bound to at a point of a stage.

    `keyword` is ARG or ENV. `value` is a text, `UNSET` for an ARG that has none, or None when it is not known. `origin`
    says where it comes from: `passed` (build argument), `default`, `global` (the global ARG's), `unset`, `env`.
    `arguments` names the build arguments that the value hangs on; `overridden` is the ARG that an ENV hides.
    """

    name: str
    keyword: str
    value: Value
    origin: str
    definition: Definition
    instruction: Instruction
    arguments: frozenset[str]
    overridden: Definition | None = None


class Declaration(NamedTuple):
    """An ARG of a name. `place`: `global`, `stage` or `onbuild`; `stage` is -1 in the global scope."""

    place: str
    stage: int
    definition: Definition
    instruction: Instruction


class ArgVisibility(NamedTuple):
    """How a name stands at an instruction.

    `kind` is
    - `visible`: an ARG of that name decides its value there, itself or through an ENV;
    - `mounted`: the RUN gets it from a secret mount;
    - `overridden`: an ENV after the ARG sets it to something else;
    - `taken`: an ARG decides it, and the step takes it away from the command in question (never said here);
    - `bound`: an ENV sets it, and no ARG of that name ever did;
    - `later`: its ARG stands after the instruction in the same stage;
    - `onbuild`: its ARG is a trigger of this stage, which fires in the stages built on it;
    - `other-stage`: its ARG stands in a stage that this one is not built on;
    - `global`: its ARG stands before the first FROM only;
    - `absent`: nothing declares it.
    `binding` is set for the first four but `mounted`; `declarations` are all ARGs of the name, nearest reason first.
    """

    kind: Visibility
    binding: Binding | None
    declarations: tuple[Declaration, ...]


class Scopes:
    """The scopes of a Dockerfile's stages, each computed once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._final: dict[int, Scope] = {}
        self._before: dict[tuple[int, int], Scope] = {}
        self._declared: dict[str, list[Declaration]] | None = None

    def at(self, stage: int, before: Instruction | None = None) -> Scope:
        """What an instruction of a stage sees; without one, what holds at the stage's end."""
        if before is None:
            return self._finish(stage)
        key = (stage, before.number)
        if key not in self._before:
            base = self.graph.bases[stage].stage
            scope = dict(self._finish(base)) if base is not None else {}
            for instruction, fired in self.graph.executed(stage):
                if not fired and instruction.number >= before.number:
                    break
                self._apply(scope, instruction, stage)
            self._before[key] = scope
        return self._before[key]

    def _finish(self, stage: int) -> Scope:
        for number in reversed(self.graph.ancestry(stage)):
            if number not in self._final:
                base = self.graph.bases[number].stage
                scope = dict(self._final[base]) if base is not None else {}
                for instruction, _ in self.graph.executed(number):
                    self._apply(scope, instruction, number)
                self._final[number] = scope
        return self._final[stage]

    def _apply(self, scope: Scope, instruction: Instruction, stage: int) -> None:
        if instruction.keyword == "ARG":
            for definition in instruction.definitions:
                scope[definition.name] = self._argument(scope, definition, instruction, stage)
        elif instruction.keyword == "ENV":
            # All of one ENV's values are expanded before any of them is set.
            found = [self._variable(scope, definition, instruction, stage) for definition in instruction.definitions]
            scope.update((binding.name, binding) for binding in found)

    def _argument(self, scope: Scope, definition: Definition, instruction: Instruction, stage: int) -> Binding:
        name = definition.name
        graph = self.graph
        names = frozenset((name,))
        if name in graph.arguments or definition.value is not None:
            value = argument_value(definition, graph.arguments, _Values(self, scope, stage).get)
            origin = "passed" if name in graph.arguments else "default"
            hangs = frozenset[str]().union(*(_hangs_on(scope, r.name) for r in references(definition.parts)))
            return Binding(name, "ARG", value, origin, definition, instruction, names | hangs)
        if name in graph.globals:
            return Binding(name, "ARG", graph.globals[name], "global", definition, instruction, names)
        previous = scope.get(name)
        if previous is not None and previous.keyword == "ENV":
            # An ARG without any value leaves what ENV set before it.
            return previous._replace(arguments=previous.arguments | names)
        return Binding(name, "ARG", UNSET, "unset", definition, instruction, names)

    def _variable(self, scope: Scope, definition: Definition, instruction: Instruction, stage: int) -> Binding:
        values = _Values(self, scope, stage)
        value = None if definition.parts is None else expand(definition.parts, values.get)
        hangs = frozenset[str]().union(*(_hangs_on(scope, r.name) for r in references(definition.parts)))
        previous = scope.get(definition.name)
        hidden = None
        if previous is not None and definition.name not in hangs:
            hidden = previous.definition if previous.keyword == "ARG" else previous.overridden
        return Binding(definition.name, "ENV", value, "env", definition, instruction, hangs, hidden)

    def lookup(self, scope: Scope, name: str, stage: int) -> Value:
        """The value that `$name` has; a name that only the base image can have set is not known."""
        binding = scope.get(name)
        if binding is not None:
            return None if name in CONTROL and binding.keyword == "ARG" else binding.value
        root = self.graph.ancestry(stage)[-1]
        return UNSET if self.graph.bases[root].image == "scratch" else None

    def standing(self, name: str, stage: int, instruction: Instruction) -> ArgVisibility:
        """How a name stands at an instruction of a stage."""
        declared = self.declarations(name)
        if any(mount.get("env") == name for mount in instruction.mounts()):
            return ArgVisibility("mounted", None, declared)
        binding = self.at(stage, instruction).get(name)
        if binding is not None:
            if name in binding.arguments:
                return ArgVisibility("visible", binding, declared)
            return ArgVisibility("overridden" if binding.overridden else "bound", binding, declared)
        return unseen(declared, stage)

    def declarations(self, name: str) -> tuple[Declaration, ...]:
        """All ARGs of a name, in order."""
        if self._declared is None:
            self._declared = {}
            for declaration in _declarations(self.graph.dockerfile):
                self._declared.setdefault(declaration.definition.name, []).append(declaration)
        return tuple(self._declared.get(name, ()))


class _Values(NamedTuple):
    """Values by name, for `expand`."""

    scopes: Scopes
    scope: Scope
    stage: int

    def get(self, name: str) -> Value:
        return self.scopes.lookup(self.scope, name, self.stage)


def _hangs_on(scope: Scope, name: str) -> frozenset[str]:
    binding = scope.get(name)
    return binding.arguments if binding is not None else frozenset()


def _declarations(dockerfile: Dockerfile) -> Iterator[Declaration]:
    for instruction in dockerfile.instructions:
        declaring = instruction.trigger or instruction
        if declaring.keyword != "ARG":
            continue
        place = "onbuild" if instruction.trigger else "global" if instruction.stage < 0 else "stage"
        for definition in declaring.definitions:
            yield Declaration(place, instruction.stage, definition, declaring)


def unseen(declared: tuple[Declaration, ...], stage: int) -> ArgVisibility:
    """Why an instruction of a stage does not see a name that is declared elsewhere, the reason nearest to it first."""
    ranked = sorted(((_reason(declaration, stage), declaration) for declaration in declared), key=_rank)
    return ArgVisibility(ranked[0][0] if ranked else "absent", None, tuple(declaration for _, declaration in ranked))


def _rank(found: tuple[Visibility, Declaration]) -> int:
    return _NEAREST.index(found[0])


def _reason(declaration: Declaration, stage: int) -> Visibility:
    if declaration.place == "global":
        return "global"
    if declaration.stage != stage:
        return "other-stage"
    return "onbuild" if declaration.place == "onbuild" else "later"
