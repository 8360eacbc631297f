"""The arrays of one script, process by process: what a subshell puts into one is gone after it."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_check.runs.environment import Environment
    from fr_check.sources.docker_options import Token
    from fr_check.sources.shell import Command


class _Array(NamedTuple):
    """Elements, and the constructs that may be passed over within which the array is made."""

    elements: tuple[Token, ...]
    within: tuple[int, ...]


class Arrays:
    """What the arrays hold by now; `reach` says for which command."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._held: dict[int, dict[str, _Array]] = {-1: {}}
        self._block = -1

    def reach(self, command: Command) -> None:
        """A command is gone through: what is asked and put from now on is of its process."""
        self._block = command.block

    def forget(self, blocks: Iterable[int]) -> None:
        """What an earlier turn did in processes of its own is over."""
        for at in blocks:
            self._held.pop(at, None)

    def get(self, name: str) -> list[Token] | None:
        """The elements of an array, doubtful where it may not have been made; None for no array."""
        found = self._mine().get(name)
        if found is None:
            return None
        sure = set(self._environment.site(self._block).blocks).issuperset(found.within)
        return [*found.elements] if sure else [one._replace(doubtful=True) for one in found.elements]

    def put(self, name: str, elements: Sequence[Token]) -> None:
        """An array gets its elements."""
        mine = self._mine()
        within = mine[name].within if name in mine else self._environment.site(self._block).within
        mine[name] = _Array((*elements,), within)

    def drop(self, name: str) -> None:
        """A name is no array any more."""
        self._mine().pop(name, None)

    def _mine(self) -> dict[str, _Array]:
        around = self._environment.processes(self._block)
        if around[0] not in self._held:
            self._held[around[0]] = dict(next(self._held[at] for at in around if at in self._held))
        return self._held[around[0]]
