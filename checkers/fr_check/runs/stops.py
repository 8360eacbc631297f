"""Where a script, a process or a function of it ends before its last command: `exit`, `return`, what is readonly."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import FILL, FILL_UNSET, FIX, SHELL_SET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.runs.changes import Change
    from fr_check.sources.shell import Block, Command, Script

_LINE = "\n"


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
