"""A script's commands in order, with what is known of variables at each."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.sources.shell.nesting import Nesting
from fr_check.sources.shell.values import joined_value, names_assigned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from fr_check.sources.shell.model import Assignment, Block, Command, Expansion, Script, Word
    from fr_check.sources.shell.values import Known

    Resolve = Callable[[Word], str | None]
    Visited = tuple[Command, Resolve]
    Outside = Callable[[Expansion, tuple[Command, ...], Resolve], str | None]

# What is asked more often than done: whether the command behind `&&` runs hangs on the answer.
_TESTS = frozenset((
    "[", "test", "[[", "false", "command", "which", "type", "hash", "grep", "egrep", "fgrep", "rg", "pgrep", "pidof",
    "diff", "cmp", "id", "getent", "nc", "ping", "pg_isready", "redis-cli", "mountpoint", "expr", "let", "read", "kill",
    "ss", "lsof", "stat", "ls", "git", "curl", "wget", "find", "declare", "typeset", "compgen", "cmp", "dpkg", "apk",
))  # fmt: skip
# What stands in these may run never, or many times: an assignment in them is unknown after them.
_UNCERTAIN = frozenset(("branch", "body", "condition", "function"))
_OWN_PROCESS = frozenset(("subshell", "substitution"))
_PIPES = frozenset(("|", "|&"))
_APART = frozenset(("|", "|&", "&"))


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
        self._log: list[str] = []
        self._told: dict[int, tuple[int, Mapping[str, str | None]]] = {}
        self.doubtful = False
        """Whether `&&` or `||` before the command that is gone through may keep it from running."""
        self.passed_over = False
        """Whether who goes through the commands knows that this one never runs."""
        self.before: Command | None = None
        """The command that stands before it, if that runs for certain."""

    def get(self, block: int, name: str) -> str | None:
        """What a command in a block sees; None for what is not known."""
        while True:
            values = self._values.get(block, {})
            if name in values or block < 0:
                return values.get(name)
            if self._blocks[block].kind == "function" and is_positional(name):
                return None
            block = self._blocks[block].parent

    def still(self, block: int, held: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """What a command in a block sees of values that the script began with.

        There may be hundreds, and every command has them: only what was assigned since the block was last asked for is
        looked up. `held` is the same each time.
        """
        noted, found = self._told.get(block, (0, held))
        if noted < len(self._log):
            touched = {name for name in self._log[noted:] if name in held}
            found = {**found, **{name: self.get(block, name) for name in touched}} if touched else found
            self._told[block] = len(self._log), found
        return found

    def section(self, block: int = -1, own: Mapping[str, str | None] | None = None) -> Iterator[Visited]:
        """The commands of a block and of those in it, each with what resolves its words; `own` are known only there."""
        if own is not None:
            # What an earlier turn assigned in a block within this one is over.
            for inner in self.nesting.within(block).intersection(self._values):
                self._log += self._values.pop(inner)
            self._values[block] = dict(own)
            self._log += own
        previous: Command | None = None
        doubtful = False
        for command in self.commands(block):
            visible = _View(self, command.block)
            self.before = None if doubtful else previous
            doubtful = command.before == "||" or (
                command.before == "&&" and previous is not None and (doubtful or self._asks(previous))
            )
            self.doubtful, self.passed_over = doubtful, False
            yield command, visible.resolve
            doubtful = self.doubtful
            if is_apart(command) or self.passed_over:
                previous = command
                continue
            if not command.words:
                for assignment in command.assignments:
                    value = None if doubtful else _new_value(assignment, visible)
                    self.assign(command.block, assignment.name, value)
            else:
                for name, _ in names_assigned(command):
                    self.assign(command.block, name, None if doubtful else _declared(command, name, visible))
            previous = command

    def _asks(self, command: Command) -> bool:
        """Whether a command may be there to tell something by its status: a test, a function, what is not known."""
        if command.test or command.negated or command.name in _TESTS:
            return True
        return bool(command.words) and (command.name is None or command.name in self._functions)

    @cached_property
    def _functions(self) -> frozenset[str]:
        return frozenset(block.name for block in self._blocks if block.kind == "function")

    def commands(self, block: int) -> Sequence[Command]:
        """The commands of a block and of those within it, in order."""
        return self._script.commands if block < 0 else self._within.get(block, ())

    @cached_property
    def nesting(self) -> Nesting:
        """Which of its blocks stand in which."""
        return Nesting(self._blocks)

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
        self._log.append(name)
        while True:
            self._values.setdefault(block, {})[name] = value
            if block < 0 or is_process(self._blocks[block]):
                return
            if is_uncertain(self._blocks[block]):
                value = None
            block = self._blocks[block].parent

    def reposition(self, block: int, values: Mapping[str, str | None]) -> None:
        """Other arguments of the script, or of the function that a block stands in: `set -- A B`, `shift`."""
        while block >= 0 and self._blocks[block].kind != "function":
            block = self._blocks[block].parent
        held = self._values.setdefault(block, {})
        held.update(dict.fromkeys(filter(is_positional, held), None))
        held.update(values)

    def forget(self, block: int, names: Iterable[str] | None = None) -> None:
        """Takes the values of some names, or of all that are assigned, for unknown from here on."""
        if names is None:
            names = {name for values in self._values.values() for name in values if name.isidentifier()}
        for name in names:
            self.assign(block, name, None)


def is_positional(name: str) -> bool:
    """Whether a name is that of arguments: `1`, `@`, `*`, `#`."""
    return (name.isdigit() and name != "0") or name in {"@", "*", "#"}


def is_apart(command: Command) -> bool:
    """Whether a simple command runs in a process of its own: as a part of a pipe, or in the background."""
    return command.before in _PIPES or command.after in _APART


def is_process(block: Block) -> bool:
    """Whether what stands in a block runs in a process of its own."""
    return block.kind in _OWN_PROCESS or block.before in _PIPES or block.after in _APART


def is_uncertain(block: Block) -> bool:
    """Whether what stands in a block may never run, or many times."""
    return block.kind in _UNCERTAIN or (block.kind == "group" and block.before in {"&&", "||"})


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
