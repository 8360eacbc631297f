"""Where a script stands by now: its folder, its arguments, and what it hands to what it starts."""

from __future__ import annotations

from functools import partial

from fr_check.core.text import digits
from fr_check.runs import reading
from fr_check.runs.arrays import Arrays
from fr_check.runs.branching import Branches
from fr_check.runs.changes import CLEAR, FILL, FILL_UNSET, IMPORT, LOCAL, OPENED, SET, SOURCE, Change, known
from fr_check.runs.environment import Environment
from fr_check.runs.words import SEVERAL, Words
from fr_check.sources import shell
from fr_check.sources.docker_uses import moved
from fr_check.sources.shell.failures import Statuses
from fr_check.sources.shell.tested import failing
from fr_check.sources.shell.walking import is_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_check.runs.model import Lost, Start
    from fr_check.runs.words import Resolve
    from fr_check.sources.docker_options import Token
    from fr_check.sources.shell import Command
    from fr_check.sources.shell.failures import Loss
    from fr_check.sources.shell.wrappers import Wrapper


# What calls a function by a word of its own, or hands it on.
_GIVING = frozenset(("export", "declare", "typeset"))
_DEPTH = 8
_CALLING = frozenset(("trap", "eval", ".", "source", "xargs", "parallel", "env", "sh", "bash", "command", "complete"))
_LISTS = frozenset(("&&", "||"))


class Standing(Words):
    """The folders and arguments of one script; `inherited` is what was done to its environment before it."""

    def __init__(
        self, script: shell.Script, start: Start, values: dict[str, str | None], inherited: tuple[Change, ...]
    ) -> None:
        super().__init__(script, start, values)
        self.folders: dict[int, str | None] = {-1: start.directory}
        self.left: list[str | None] = []
        self.environment = Environment(script, self.scopes, inherited, exporting=start.shell.allexport)
        self.arrays = Arrays(self.environment)
        self.statuses = Statuses(script, start.shell)
        self.branches = Branches(script, self.scopes.nesting)
        self.locals: list[dict[str, bool]] = []
        # Why a failure may stay unseen around what it goes through: the `first` of them around all of the script.
        self.losses: tuple[Lost, ...] = ()
        self.first = 0
        # The last command behind `&&` or `||` that is come to for certain.
        self.taken: Command | None = None

    def lost(self, outer: Command, command: Command) -> tuple[Lost, ...]:
        """Why a failure of a command, `outer` with its wrappers, may stay unseen, outermost first."""

        def own() -> Loss | None:
            return self.statuses.of(outer, failing(command.words))

        def unless_it_leaves(call: Lost) -> Loss | None:
            # What ends the script where it stands does not come back to the one that called its function.
            found = call()
            return None if found is not None and self.statuses.leaves(outer) else found

        calls = [partial(unless_it_leaves, call) for call in self.losses[self.first :]]
        return (*self.losses[: self.first], *calls, own)

    def is_come_to(self, block: int, resolve: Resolve) -> bool:
        """Whether the commands of a block may be come to, by the values that the branches around it ask about."""
        may, sure = self.branches.reached(block, resolve)
        if sure:
            self.environment.assume(sure)
        return may

    def is_next(self, command: Command, resolve: Resolve) -> bool:
        """Whether a command may be come to in its list, which goes on with what it answers."""
        runs = command.before not in _LISTS or self.branches.runs(command)
        if runs is False:
            return False
        if runs and command.before in _LISTS:
            self.taken, self.scopes.doubtful = command, False
        if command.after in _LISTS or (command.block >= 0 and self.script.blocks[command.block].kind == "condition"):
            self.branches.note(command, resolve, ran=runs)
        return True

    def keep(self, words: Sequence[Token], outer: Command, *, doubtful: bool) -> None:
        """`local K`: what the variable was before comes back when the function ends."""
        names = dict.fromkeys((token.value or token.prefix).partition("=")[0] for token in words)
        if "-g" in names:
            return
        within = self.environment.site(outer.block).within
        for name in names:
            if name.isidentifier() and name not in self.locals[-1]:
                self.locals[-1][name] = not within and not doubtful
                self.environment.add(outer, [Change(LOCAL, name, None, None, "", outer.start, outer.end)])

    def peeled(self, outer: Command, resolve: Resolve) -> tuple[Command, tuple[Wrapper, ...], bool, bool]:
        """A command without its wrappers, and those; `exec "$@"` as what was handed to it, and whether it is that.

        At last, whether such a wrapper may not be there.
        """
        wrappers: list[Wrapper] = []
        command: Command | None = outer
        found, rounds, perhaps = outer, 0, False
        while command is not None:
            peeled = shell.peel(command)
            for word in peeled.moves:
                self.here = moved(self.here, resolve(word))
            wrappers += peeled.wrappers
            found, rounds = peeled.command, rounds + 1
            command, doubtful = (self.spelled(found, resolve) if rounds < _DEPTH else None) or (None, False)
            perhaps = perhaps or doubtful
        return found, tuple(wrappers), rounds > 1, perhaps

    def named(self, command: Command, resolve: Resolve) -> str:
        """A command's name; of `$X/build.sh` the end."""
        if not command.words:
            return ""
        name = command.name or resolve(command.words[0])
        tail = command.words[0].parts[-1] if name is None else ""
        return name if name is not None else tail if isinstance(tail, str) and "/" in tail else ""

    def ended(self, name: str, outer: Command) -> None:
        """An `exit`, or a `return`, which without a function ends only what is sourced."""
        returns = name == "return"
        certain = (outer.before not in _LISTS or self.taken is outer) and not (returns and not self.locals)
        self.environment.stop(outer, returns=returns, certain=certain)

    def leaves_loop(self, name: str, words: Sequence[Token], outer: Command) -> None:
        """A `break` or `continue`."""
        levels = next((token.value for token in words[1:]), "1")
        certain = outer.before not in _LISTS or self.taken is outer
        self.environment.leaves(outer, levels, ends=name == "break", certain=certain)

    def positions(self, name: str, words: Sequence[Token], outer: Command) -> None:
        """`set -- A B` and `shift` change what `"$@"` is; where that is not certain, it is taken to be as before."""
        if name == "set":
            at = next((n for n, word in enumerate(words) if word.value == "--"), None)
            if at is None:
                return
            arguments: tuple[str | None, ...] | None = tuple(token.value for token in words[at + 1 :])
            if len(words) > SEVERAL:
                arguments = None
        elif name == "shift" and self.arguments is not None:
            count = digits((words[1].value or "") if len(words) > 1 else "1")
            arguments = self.arguments[count:] if count is not None else None
        else:
            return
        certain = not self.scopes.doubtful and self.environment.process(outer) == -1
        if certain and not self.environment.site(outer.block).within:
            self.arguments = arguments
            self.scopes.reposition(outer.block, positional(arguments))
        else:
            self.scopes.reposition(outer.block, {})

    def move(self, name: str, tokens: Sequence[Token], block: int) -> None:
        """`cd`, `pushd`, `popd`."""
        target = next((token.value for token in tokens if not (token.value or "").startswith("-")), None)
        if name == "pushd":
            self.left.append(self.here)
        absolute = target is not None and target.startswith("/")
        known = self.left.pop() if name == "popd" and self.left else target if absolute else moved(self.here, target)
        self.folders[block] = known

    def folder(self, command: Command) -> tuple[str | None, int]:
        """The folder a command runs in, and the block whose folder a `cd` here changes."""
        block = command.block
        own = None
        while block >= 0:
            if block in self.folders:
                return self.folders[block], block if own is None else own
            if own is None and self.script.blocks[block].kind in {"subshell", "substitution"}:
                own = block
            block = self.script.blocks[block].parent
        return self.folders[-1], -1 if own is None else own

    def present(self, command: Command) -> Mapping[str, str | None]:
        """What the script began with, as far as that still holds."""
        held = self.start.environment
        return held if self.start.sourced is None else self.scopes.still(command.block, held)

    def handed(
        self, before: Sequence[Change], own: Sequence[Change], present: Mapping[str, str | None], outer: Command
    ) -> dict[str, str | None]:
        """The variables that another shell begins with; what files may have set is known only to the shell itself."""
        found = known((*before, *own), present)
        if any(one.kind in {SOURCE, IMPORT, OPENED} for one in before):
            alone = known(own, {})
            mine = {name: self.scopes.get(outer.block, name) for name in found.keys() - alone.keys()}
            found.update({name: None for name, value in mine.items() if value != found[name]})
        return found

    def heed(self, command: Command, change: Change) -> None:
        """What a command changes for the values of words after it."""
        if change.kind in {SOURCE, IMPORT, OPENED}:
            self.read_in(command, change)
        elif change.kind == SET and not change.certain:
            self.scopes.forget(command.block, (change.name,))
        elif change.kind in {FILL, FILL_UNSET} and command.words:
            self.default(command, change)

    def judged(self, name: str, change: Change, outer: Command) -> Change:
        """What `.` or `source` does in the shell of a container."""
        assigned = any(key == "PATH" for one in self.script.commands for key, _ in shell.names_assigned(one))
        known = assigned or "PATH" in self.start.environment
        search = self.scopes.get(outer.block, "PATH") if known else ""
        heeded = self.statuses.of(outer, failing(outer.words)) is None
        found = reading.judge(name, change.name, self.start.shell, self.start.sh, self.here, search, heeded=heeded)
        return reading.changed(change, found)

    def default(self, command: Command, change: Change) -> None:
        """`: ${K:=d}`: what a variable is from now on."""
        if is_apart(command):
            return
        held = self.scopes.get(command.block, change.name)
        filled = change.value if held == "" and change.kind == FILL else held
        self.scopes.assign(command.block, change.name, filled if change.certain or filled == held else None)

    def read_in(self, command: Command, change: Change) -> None:
        """`. FILE`, `export $(cat FILE)`: its variables have other values from now on."""
        if self.start.sourced is None:
            return
        path = change.name if change.kind != OPENED and change.content is None else ""
        self.scopes.forget(command.block, self.start.sourced(moved(self.here, path) or path) if path else None)


def is_exec(command: Command, wrappers: Sequence[Wrapper], words: Sequence[Token]) -> bool:
    """Whether a command takes the place of its shell: `exec X`, and not `exec > file`."""
    return bool(words) and bool(wrappers) and command.name == "exec" and not is_apart(command)


def may_call(script: shell.Script) -> bool:
    """Whether anything in a script may call a function by a name that cannot be read there."""
    named = (command for command in script.commands if command.words and not command.test)
    return any(one.name is None or one.name.rpartition("/")[2] in _CALLING or _hands_on(one) for one in named)


def _hands_on(command: Command) -> bool:
    """Whether other shells get functions: `export -f NAME`, `declare -fx NAME`."""
    options = command.words[1].raw if command.name in _GIVING and len(command.words) > 1 else ""
    return options.startswith("-") and "f" in options and (command.name == "export" or "x" in options)


def positional(arguments: tuple[str | None, ...] | None) -> dict[str, str | None]:
    """`$1`, `$2`, ... by name, and all of them within a word."""
    if arguments is None:
        return {}
    every = None if None in arguments else " ".join(value for value in arguments if value is not None)
    numbered = {str(number): value for number, value in enumerate(arguments, 1)}
    return {**numbered, "@": every, "*": every, "#": str(len(arguments))}


def logged_in(command: Command) -> Iterator[Change]:
    """What `su - USER` does to the environment: it begins a new one."""
    shown = " ".join(word.raw for word in command.words[:3])
    yield Change(CLEAR, shown, None, None, shown, command.start, command.end)
    for name in ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"):
        yield Change(SET, name, None, None, shown, command.start, command.end)
