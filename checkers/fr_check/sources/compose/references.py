"""What the references of a compose file ask for: names, values that must be there, and what Compose refuses.

Compose interpolates every text of a file, extension fields and services of profiles that are off too; keys and
comments not, nor what `!reset` takes away.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation
from fr_check.sources.compose.model import RESET, Demand
from fr_check.sources.yaml_tree import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.interpolation import Invalid, Reference
    from fr_check.sources.yaml_tree import Node

_PATH_DEPTH = 4


class Asked(NamedTuple):
    """What `asked` adds to."""

    refused: list[tuple[Scalar, Invalid]]
    demands: list[Demand]
    names: set[str]


def asked(root: Node, found: Asked) -> None:
    """Looks at every text below `root`, each once however many aliases it has."""
    seen: set[int] = set()
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while stack:
        node, path = stack.pop()
        if id(node) in seen or node.tag == RESET:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            if "$" in node.value:
                _scalar(node, path, found)
        elif isinstance(node, Mapping):
            deeper = len(path) < _PATH_DEPTH
            stack += [(value, (*path, key.value) if deeper else path) for key, value in node.items]
        elif isinstance(node, Sequence):
            stack += [(item, path) for item in node.items]


def _scalar(scalar: Scalar, path: tuple[str, ...], found: Asked) -> None:
    template = interpolation.parse(scalar.value)
    found.refused.extend((scalar, invalid) for invalid in template.invalid)
    for part in template.parts:
        if not isinstance(part, str):
            _reference(part, scalar, path, found, nested=False)


def _reference(reference: Reference, scalar: Scalar, path: tuple[str, ...], found: Asked, *, nested: bool) -> None:
    found.names.add(reference.name)
    if reference.operator.endswith("?"):
        # The text of the error is filled whether it is shown or not; what it asks for is no variable of the project.
        found.demands.append(Demand(reference, scalar, path, nested))
        found = found._replace(names=set())
    for part in reference.word:
        if not isinstance(part, str):
            _reference(part, scalar, path, found, nested=True)
