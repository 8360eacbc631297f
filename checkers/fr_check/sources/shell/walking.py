"""A script's commands in order, with what is known of variables at each."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.sources.shell.values import joined_value, names_assigned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.sources.shell.model import Assignment, Command, Expansion, Script, Word
    from fr_check.sources.shell.values import Known

    Resolve = Callable[[Word], str | None]
    Visited = tuple[Command, Resolve]
    Outside = Callable[[Expansion, tuple[Command, ...], Resolve], str | None]

_TESTS = frozenset(("[", "test", "[["))
# What stands in these may run never, or many times: an assignment in them is unknown after them.
_UNCERTAIN = frozenset(("branch", "body", "condition", "function"))
_OWN_PROCESS = frozenset(("subshell", "substitution"))


class Scopes:
    """The known values in each block of a script; None for what is assigned but not known.

    `initial` are known at the start; `outside` says what a command substitution (given its commands, and a function
    that resolves their words) or an expression of GitHub's evaluates to.
    """

    def __init__(
        self, script: Script, initial: Mapping[str, str | None] | None = None, outside: Outside | None = None
    ) -> None:
        self._script = script
        self._blocks = script.blocks
        self._outside = outside
        self._values: dict[int, dict[str, str | None]] = {-1: dict(initial or {})}

    def get(self, block: int, name: str) -> str | None:
        """What a command in a block sees; None for what is not known."""
        while True:
            values = self._values.get(block, {})
            if name in values or block < 0:
                return values.get(name)
            if self._blocks[block].kind == "function" and name.isdigit() and name != "0":
                return None
            block = self._blocks[block].parent

    def section(self, block: int = -1, own: Mapping[str, str | None] | None = None) -> Iterator[Visited]:
        """As `walk`, the commands of one block with those within it; `own` are known there, and only there."""
        if own is not None:
            self._values[block] = dict(own)
        previous: Command | None = None
        for command in self.commands(block):
            visible = _View(self, command.block)
            yield command, visible.resolve
            doubtful = command.before == "||" or (
                command.before == "&&" and previous is not None and (previous.test or previous.name in _TESTS)
            )
            if not command.words:
                for assignment in command.assignments:
                    value = None if doubtful else _new_value(assignment, visible)
                    self.assign(command.block, assignment.name, value)
            else:
                for name, _ in names_assigned(command):
                    self.assign(command.block, name, None if doubtful else _declared(command, name, visible))
            previous = command

    def commands(self, block: int) -> Sequence[Command]:
        """The commands of a block and of those within it, in order."""
        return self._script.commands if block < 0 else self._within.get(block, ())

    @cached_property
    def _within(self) -> dict[int, list[Command]]:
        """The commands of each block, those of the blocks in it included."""
        found: dict[int, list[Command]] = {}
        for command in self._script.commands:
            block = command.block
            while block >= 0:
                found.setdefault(block, []).append(command)
                block = self._blocks[block].parent
        return found

    @cached_property
    def _substitutions(self) -> dict[int, tuple[int, tuple[Command, ...]]]:
        """Where each command substitution starts: its block, and the commands in it."""
        inside: dict[int, list[Command]] = {}
        for command in self._script.commands:
            inside.setdefault(command.block, []).append(command)
        blocks = ((number, block) for number, block in enumerate(self._blocks) if block.kind == "substitution")
        return {block.start: (number, tuple(inside.get(number, ()))) for number, block in blocks}

    def outside(self, part: Expansion) -> str | None:
        """The value of an expansion, from whoever knows more than the shell."""
        if self._outside is None:
            return None
        found = self._substitutions.get(part.name_start) if part.kind == "command" else None
        block, commands = found or (-1, ())
        return self._outside(part, commands, _View(self, block).resolve)

    def assign(self, block: int, name: str, value: str | None) -> None:
        """Assigns in a block, and in those around it as far as it is certain to have an effect there."""
        while True:
            self._values.setdefault(block, {})[name] = value
            if block < 0 or self._blocks[block].kind in _OWN_PROCESS:
                return
            if self._blocks[block].kind in _UNCERTAIN:
                value = None
            block = self._blocks[block].parent


class _View(NamedTuple):
    """The values as one block sees them."""

    scopes: Scopes
    block: int

    def get(self, name: str, /) -> str | None:
        """The value of a variable, None where it is not known."""
        return self.scopes.get(self.block, name)

    def outside(self, part: Expansion) -> str | None:
        """The value of an expansion that is no variable's."""
        return self.scopes.outside(part)

    def resolve(self, word: Word) -> str | None:
        """The value of a word."""
        return joined_value(word.parts, self)


def walk(script: Script, values: Mapping[str, str | None] | None = None) -> Iterator[tuple[Command, Resolve]]:
    """Each command with a function that resolves its words, from the constants assigned before it.

    What is assigned in a branch, a loop or after `||` is unknown afterwards. `values` are known at the start.
    """
    return Scopes(script, values).section()


def _new_value(assignment: Assignment, visible: Known) -> str | None:
    value = None if assignment.elements is not None else joined_value(assignment.value.parts, visible)
    if assignment.operator == "+=" and value is not None:
        before = visible.get(assignment.name)
        return None if before is None else before + value
    return value


def _declared(command: Command, name: str, visible: Known) -> str | None:
    """The value that `export NAME=value` and its like give."""
    for word in command.words[1:]:
        if word.prefix.startswith(name + "="):
            value = joined_value(word.parts, visible)
            return None if value is None else value[len(name) + 1 :]
    return None
