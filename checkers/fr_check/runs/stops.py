"""What a script comes to.

Where it, a process or a function of it ends before its last command: `exit`, `return`, what is readonly; and which
branches read the very file that their condition looks for: `if [ -f x ]; then . x; fi`.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import FILL, FILL_UNSET, FIX, SHELL_SET
from fr_check.sources.shell.walking import is_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.runs.changes import Change
    from fr_check.sources.shell import Block, Command, Script

_LINE = "\n"
_LOOPS = frozenset(("for", "while"))
_LEVELS = frozenset("123456789")

_EXISTS = frozenset(("-f", "-e", "-r", "-s"))
_end = attrgetter("end")


class Stop(NamedTuple):
    """A `return` or an `exit` in a block, in the process of a block, `within` constructs that may be passed over.

    `done` is how many changes were made before it, `exporting` whether `set -a` held. It is not `certain` where `&&` or
    `||` before it decides.
    """

    block: int
    process: int
    within: tuple[int, ...]
    done: int
    exporting: bool | None
    returns: bool
    certain: bool


class Leaves(NamedTuple):
    """A `break` or a `continue` of a loop, `within` constructs of it that may be passed over; as in `Stop`.

    After what `ends` it the loop makes no further turn.
    """

    loop: int
    within: tuple[int, ...]
    ends: bool
    certain: bool


class Leaving:
    """What has left the loops of one script by now."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._endless: dict[int, bool] = {}
        self.found: list[Leaves] = []

    def note(
        self, block: int, levels: str | None, may_be_passed_over: Callable[[int], bool], *, ends: bool, certain: bool
    ) -> None:
        """A `break` or `continue` in a block, out of so many loops (None: not known); of one process and function."""
        blocks, at = self._script.blocks, block
        passed: list[int] = []
        left = int(levels) if levels is not None and levels in _LEVELS else 0
        while at >= 0 and blocks[at].kind != "function":
            left -= blocks[at].kind in _LOOPS
            if not left and blocks[at].kind in _LOOPS:
                self.found.append(Leaves(at, tuple(passed), ends, certain))
                return
            if is_process(blocks[at]):
                return
            if may_be_passed_over(at) and not self.is_entered(at):
                passed.append(at)
            at = blocks[at].parent

    def forget(self, blocks: frozenset[int]) -> None:
        """Another turn begins: what left these blocks is over."""
        if self.found:
            self.found = [one for one in self.found if one.loop not in blocks]

    def passes_over(self, blocks: set[int]) -> bool:
        """Whether what stands in some blocks, innermost and outer ones, is not come to in this turn."""
        return any(one.certain and one.loop in blocks and blocks.issuperset(one.within) for one in self.found)

    def ends(self, loop: int) -> bool:
        """Whether a loop is left for good."""
        return any(one.ends and one.certain and one.loop == loop and not one.within for one in self.found)

    def is_entered(self, block: int) -> bool:
        """Whether it is the body of a loop that is always gone through, as nothing has left it: `while true`."""
        loop = self._script.blocks[block].parent
        if self._script.blocks[block].kind != "body" or self._script.blocks[loop].kind != "while":
            return False
        if loop not in self._endless:
            from fr_check.sources.shell.ways import asks_nothing  # noqa: PLC0415 - few loops end a script

            self._endless[loop] = asks_nothing(self._script, loop)
        return self._endless[loop] and not any(self._script.inside(block, one.loop) for one in self.found)


class Refusals:
    """Assignments to what is `readonly`: there dash ends, while bash passes over the rest of the line.

    `names` are readonly, `at` is the command of the script's own level, outside of functions, that is gone through.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self.names: set[str] = set()
        self.at: Command | None = None
        self._since = -1
        self._made: list[Stop] = []

    def fix(self, command: Command, made: Iterable[Change]) -> bool:
        """Notes what a command makes readonly; whether it assigns to what is."""
        if command.words:
            self.names.update(one.name for one in made if one.kind == FIX)
        kinds = {FILL, FILL_UNSET} if command.words else {FILL, FILL_UNSET, SHELL_SET}
        return bool(self.names) and any(one.name in self.names and one.kind in kinds for one in made)

    def add(self, stop: Stop) -> None:
        """The shell may pass over what comes after this, up to the end of the line."""
        self._made.append(stop)
        top = self._top()
        self._since = -1 if top is None else top.start

    def over(self) -> list[Stop]:
        """Where the shell may have passed over what came before the current command, or its construct, begins."""
        top = self._top() if self._made else None
        if top is None or top.start == self._since:
            return []
        made, self._since = self._made, top.start
        if top.before == _LINE:
            self._made = []
        return made

    def _top(self) -> Command | Block | None:
        """The outermost construct around the current command, or that itself."""
        found: Command | Block | None = self.at
        at = -1 if self.at is None else self.at.block
        while at >= 0:
            found = self._script.blocks[at]
            at = found.parent
        return found


class Guards:
    """Those of one script; `commands` gives all commands within a block."""

    def __init__(self, script: Script, commands: Callable[[int], Iterable[Command]]) -> None:
        self._script = script
        self._commands = commands
        self._guarded: dict[int, bool] = {}
        self._by_block: dict[int, list[Command]] = {}

    def guards(self, block: int) -> bool:
        """Whether a branch reads the file that its condition looks for."""
        if block not in self._guarded:
            test = self._test(block)
            self._guarded[block] = test is not None and any(
                reads_what_is_there(test, one) for one in self._commands(block)
            )
        return self._guarded[block]

    def _test(self, block: int) -> Command | None:
        """The one command that decides whether a branch is gone through; None where it is another one's `else`."""
        blocks, found = self._script.blocks, self._script.blocks[block]
        tests: list[Command] = []
        if found.kind == "branch":
            # What stands in a block comes after it.
            before = (at for at in range(block - 1, found.parent, -1) if blocks[at].parent == found.parent)
            condition = next(before, -1)
            if condition >= 0 and blocks[condition].kind == "condition":
                tests = self._directly_in(condition)
        elif found.kind == "group" and found.before == "&&":
            among = self._directly_in(found.parent)
            tests = among[: bisect_right(among, found.start, key=_end)][-1:]
        return tests[0] if len(tests) == 1 else None

    def _directly_in(self, block: int) -> list[Command]:
        """The commands of a block itself, none of those in blocks below it, by where they end."""
        if not self._by_block:
            for one in self._script.commands:
                self._by_block.setdefault(one.block, []).append(one)
            for commands in self._by_block.values():
                commands.sort(key=_end)
        return self._by_block.get(block, [])


def reads_what_is_there(test: Command, command: Command) -> bool:
    """Whether a command reads the file of which a test asks whether it is there: `[ -f x ] && . x`."""
    words = [word for word in test.words if word.raw not in {"[", "]", "[[", "]]", "test"}]
    if len(words) != 2 or words[0].raw not in _EXISTS or test.negated:  # noqa: PLR2004 - `-f x`
        return False
    asked = words[1].raw.strip("\"'")
    return bool(asked) and any(asked in word.raw for word in command.words)
