"""What an expression may know in a step: matrix, env, inputs, the workspace."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources import expression
from fr_check.sources.build_context import REPOSITORY, WORKSPACE, inside
from fr_check.sources.expression import OPAQUE, Values, below
from fr_check.sources.expression.evaluate import Partial
from fr_check.sources.yaml_tree import Entry, Node, Scalar, get, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from fr_check.sources.expression import Piece
    from fr_check.sources.workflow import Cell, Job, Step

_DEPTH = 4
_WORKSPACE = ("github", "workspace")

Inputs = dict[str, Values]


class Scope(NamedTuple):
    """The contexts of one step in one cell of its job's matrix; `inputs` None where nothing is known of them."""

    cell: Cell
    opaque_matrix: bool
    environments: tuple[dict[str, Entry], ...]
    inputs: Inputs | None
    depth: int = 0

    def resolve(self, path: tuple[str, ...]) -> Node | Values:
        """For `expression.render`: a node of the file, or the values a name may have."""
        context, names = path[0], path[1:]
        found: Node | Values = (OPAQUE,)
        if path == _WORKSPACE:
            found = (WORKSPACE,)
        elif context == "matrix" and names:
            found = self._matrix(names)
        elif context == "inputs" and names and self.inputs is not None:
            found = self.inputs.get(names[0].lower(), (None,))
        elif context == "env" and names:
            entry = next((layer[names[0]] for layer in self.environments if names[0] in layer), None)
            found = found if entry is None else self.evaluated(entry.value)
        return found

    def _matrix(self, names: tuple[str, ...]) -> Node | Values:
        if names[0] in self.cell:
            return self.evaluated(below(self.cell[names[0]], names[1:]))
        return (OPAQUE,) if self.opaque_matrix else (None,)

    def evaluated(self, node: Node | Values) -> Node | Values:
        """A node whose own expressions are evaluated."""
        if not isinstance(node, Scalar) or not expression.has_expression(node.value):
            return node
        if self.depth >= _DEPTH:
            return (OPAQUE,)
        deeper = self._replace(depth=self.depth + 1)
        return tuple(_value(pieces) for pieces in expression.render(node.value, deeper.resolve))

    def environment(self) -> dict[str, Entry]:
        """The environment's layers as one."""
        return {name: entry for layer in reversed(self.environments) for name, entry in layer.items()}

    def plain(self, node: Node | None) -> str | None:
        """The one text a scalar becomes; None where it is absent or not fully known."""
        return expression.plain(node.value, self.resolve) if isinstance(node, Scalar) else None

    def input_values(self, given: dict[str, Entry], declared: dict[str, Entry]) -> Inputs:
        """The inputs of a called workflow or action: given ones evaluated here, others by their default."""
        values: Inputs = {}
        for name, definition in declared.items():
            default = get(definition.value, "default")
            values[name.lower()] = expression.values_of(default) if default is not None else (None,)
            if string(get(definition.value, "required")) == "true":
                values[name.lower()] = (OPAQUE,)
        for name, entry in given.items():
            found = self.evaluated(entry.value)
            values[name] = found if isinstance(found, tuple) else expression.values_of(found)
        return values


def _value(pieces: tuple[Piece, ...]) -> expression.Value:
    texts = tuple(piece.text for piece in pieces)
    known = "".join(text for text in texts if text is not None)
    return known if None not in texts else Partial(texts)


def for_step(job: Job, step: Step | None, cell: Cell, environment: dict[str, Entry], inputs: Inputs | None) -> Scope:
    """The scope of a step, innermost environment first."""
    layers = (job.env, environment) if step is None else (step.env, job.env, environment)
    return Scope(cell, job.matrix.opaque, layers, inputs)


if TYPE_CHECKING:

    class Files(Protocol):
        """Where the files of the repository stand for a script: in a job's workspace, in an image."""

        def path(self, workspace_path: str, /) -> tuple[str | None, bool]:
            """The repository's path for one of the script's, and whether it belongs to another repository."""


class Checkouts(NamedTuple):
    """Where the repository stands in a job's workspace: folders it is checked out to, and those of others."""

    own: tuple[str, ...]
    foreign: tuple[str, ...]

    def path(self, workspace_path: str) -> tuple[str | None, bool]:
        """The repository's path for one of the workspace, and whether it belongs to another repository."""
        if workspace_path.startswith(REPOSITORY):
            path = inside("", workspace_path.removeprefix(REPOSITORY).lstrip("/"))
            return path, path is None
        if workspace_path.startswith(WORKSPACE):
            workspace_path = workspace_path.removeprefix(WORKSPACE).lstrip("/")
        found = inside("", workspace_path)
        if found is None:
            return None, True
        for folder in self.foreign:
            if not folder or found == folder or found.startswith(folder + "/"):
                return None, True
        for folder in self.own:
            if found == folder or found.startswith(folder + "/"):
                return found[len(folder) + 1 :], False
        return found, False


def checkouts(job: Job) -> Checkouts:
    """What the checkout steps of a job say."""
    own: list[str] = []
    foreign: list[str] = []
    for step in job.steps:
        if step.action != "actions/checkout":
            continue
        repository = step.inputs.get("repository")
        path = step.inputs.get("path")
        name = string(repository.value) if repository else None
        folder = inside("", string(path.value) or "") if path else ""
        if name is not None and "github.repository" not in name:
            foreign.append(folder or "")
        elif folder:
            own.append(folder)
    return Checkouts(tuple(own), tuple(foreign))
