"""Whether a command's failure fails its script: `lost` follows the status from the command to the shell's own exit.

A status goes through negation, pipes, `&&` and `||`, `&`, conditions, variables and functions; `-e` and `pipefail`
decide where it ends. Source: the bash manual, "The Set Builtin" (`-e` is ignored in conditions, before `&&` and `||`,
and in what those contain), "Pipelines", "Lists". What cannot be decided counts as heeded: nothing is claimed of it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.sources.shell import last_status, tested
from fr_check.sources.shell.model import Block, Command
from fr_check.sources.shell.settings import Settings
from fr_check.sources.shell.tested import BREAKS, EXITS, ends_badly, told_as

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.sources.shell.model import Script
    from fr_check.sources.shell.ways import Ways
    from fr_check.sources.shells import Shell

    Item = Command | Block

_PIPES = frozenset(("|", "|&"))
# These succeed, whatever happened before; a handler of nothing else only tells of the failure.
_HARMLESS = frozenset(("true", ":", "echo", "printf", "cat", "sleep"))
# Files in which GitHub and others look for what a step says: whoever writes there may judge later.
_HANDED_ON = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STATE", "::set-output")
_PRINTS = frozenset(("echo", "printf"))


class Loss(NamedTuple):
    """Why a failure stays unseen, as a phrase, and where that stands."""

    phrase: str
    start: int
    end: int


def lost(script: Script, command: Command, shell: Shell, status: int = tested.USUAL) -> Loss | None:
    """Why a failure of this command does not fail the script; None where it does, or where nobody can tell."""
    return Statuses(script, shell).of(command, status)


class Statuses:
    """Follows statuses through one script."""

    def __init__(self, script: Script, shell: Shell) -> None:
        self._script = script
        self._blocks = script.blocks
        self._shell = shell
        self._settings = Settings(script, shell)
        self._status = tested.USUAL
        self._leaves = False

    def of(self, command: Command, status: int = tested.USUAL) -> Loss | None:
        """As `lost`; `status` is what the command ends with where it fails."""
        if self._shell.program in last_status.PROGRAMS:
            later = last_status.covering(self._script, command)
            following = f"followed by `{told_as(later)}`, whose status is the step's," if later is not None else ""
            return None if later is None else Loss(following, later.start, later.end)
        if self._shell.unknown:
            return None
        self._status = status
        ends = command.name == "exec" and command.words[1:] and command.after not in {*_PIPES, "&"}
        self._leaves = False
        found = self._left(command.block) if ends else self._fate(command, command.block)
        # A program in the place of the shell leaves no shell that would come to a handler.
        if found is not None and command.block >= 0 and self._ways.turns(command.block, found.start, found.end):
            return None
        if found is not None or (ends and self._leaves) or not any(one.name == "trap" for one in self._script.commands):
            return found
        from fr_check.sources.shell import traps  # noqa: PLC0415 - few scripts set one

        trap = traps.swallowing(self._script, command)
        return found if trap is None else Loss("`trap`, whose handler ends with `exit 0`,", trap.start, trap.end)

    def leaves(self, command: Command) -> bool:
        """Whether a failure ends the script where it stands, whoever calls the function that it is in."""
        return self.of(command, tested.failing(command.words)) is None and self._leaves

    @cached_property
    def _ways(self) -> Ways:
        from fr_check.sources.shell.ways import Ways  # noqa: PLC0415 - few failures leave it to what comes later

        return Ways(self._script, self._reads)

    @cached_property
    def _items(self) -> dict[int, list[Item]]:
        """What each block runs in order: its commands, and the compound commands in it."""
        found: dict[int, list[Item]] = {}
        for command in self._script.commands:
            found.setdefault(command.block, []).append(command)
        for block in self._blocks:
            if block.kind not in {"substitution", "function"}:
                found.setdefault(block.parent, []).append(block)
        for items in found.values():
            items.sort(key=_start)
        return found

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        return {block: [item.start for item in items] for block, items in self._items.items()}

    def _fate(self, item: Item, block: int, *, told: bool = False) -> Loss | None:
        """What becomes of a failing item of a block; `told`: of a failure that `-e` had to ignore within it."""
        items = self._items[block]
        at = bisect_right(self._starts[block], item.start) - 1
        if item.negated and not self._in(block, "condition"):
            return Loss("negated by `!`", item.start, item.end)
        if items[at].after in _PIPES:
            if not self._settings.on("pipefail", items[at].start, block):
                read = self._reads("PIPESTATUS", item.end) or self._reads("pipestatus", item.end)
                return None if read else Loss("the left of a pipe without `pipefail`", *self._after(items, at))
            while items[at].after in _PIPES and at + 1 < len(items):
                at += 1
        last = at
        while items[last].after in {"&&", *_PIPES} and last + 1 < len(items):
            last += 1
        if items[last].after == "||" and last + 1 < len(items):
            return self._handled(items, last + 1, block)
        if items[last].after == "&":
            waited = any(c.name == "wait" and c.words[1:] for c in self._script.commands)
            return None if waited else Loss("run in the background with `&`", item.start, item.end)
        if last == at and not told and self._settings.on("e", items[at].start, block) and not self._ignored(block):
            return self._left(block)
        told = told and self._settings.on("e", items[at].start, block)
        parted = last > at and self._ways.tell_apart(self._all(items[at + 1 : last + 1]), items[last].end)
        if parted:
            self._may_leave(self._script.commands, items[last])
        return None if parted else self._follows(items, last, block, told=told)

    def _may_leave(self, commands: Iterable[Command], item: Item) -> None:
        """Notes whether what comes behind an item may end the script with a failure, within the same function."""
        function = self._function(item.block if isinstance(item, Command) else item.parent)
        for one in commands:
            badly = one.name == "exit" and one.start >= item.end and ends_badly(one)
            if badly and self._function(one.block) == function:
                self._left(one.block)

    def _function(self, block: int) -> int:
        while block >= 0 and self._blocks[block].kind != "function":
            block = self._blocks[block].parent
        return block

    def _follows(self, items: list[Item], last: int, block: int, *, told: bool) -> Loss | None:
        """A failure that no `-e` heeds: what comes next may look at it, or it is the block's own status."""
        if last + 1 >= len(items):
            return self._ends(block)
        following = items[last + 1]
        if isinstance(following, Command) and ends_badly(following):
            return self._returned(block) if following.name == "return" else self._left(block)
        if any(read.name == "?" and following.start <= read.start < following.end for read in self._script.reads):
            kept = self._kept(following)
            if kept is None:
                self._may_leave(self._script.commands, items[last])
            return kept
        if isinstance(following, Command) and following.name == "false" and not following.negated:
            return self._fate(following, block)
        state = self._settings.at("e", items[last].start, block)
        if state is not None and not state[0] and state[1] is not None:
            return Loss("`set +e`", state[1].start, state[1].end)
        shown = told_as(following)
        without = "" if shown == "exit 0" else ", which runs all the same: the shell has no `-e`"
        if told or self._ignored(block) or (last and items[last - 1].after == "&&"):
            without = "" if shown == "exit 0" else ", which runs all the same: `-e` is ignored here"
        return Loss(f"followed by `{shown}`{without}", following.start, following.end)

    def _kept(self, following: Item) -> Loss | None:
        """A status that the next command reads: it may be kept in a variable that nobody looks at."""
        if not isinstance(following, Command):
            return None
        if tested.accepts(following, self._status):
            return Loss(f"`{told_as(following)}`, which that status passes,", following.start, following.end)
        if not following.words:
            return self._unused(following)
        if following.name in _PRINTS and not self._hands_on(following):
            return Loss(f"followed by `{told_as(following)}`", following.start, following.end)
        return None

    def _unused(self, command: Command) -> Loss | None:
        """What is lost in variables that a command assigns; None where one of them is looked at."""
        names = [assignment.name for assignment in command.assignments]
        if any(self._reads(name, command.end) for name in names):
            return None
        shown = names[0] if names else ""
        return Loss(f"its status is kept in `{shown}`, which nothing looks at", command.start, command.end)

    def _handled(self, items: list[Item], at: int, block: int) -> Loss | None:
        """What becomes of a failure that `||` hands to another command."""
        handler = items[at]
        if isinstance(handler, Command):
            passed = tested.accepts(handler, self._status)
            if passed:
                return Loss(f"`|| {told_as(handler)}`, which that status passes,", handler.start, handler.end)
            if handler.name == "false" or passed is False:
                return self._fate(handler, block)
        commands = self._all([handler])
        if items[at].after == "&&":
            commands += [item for item in items[at + 1 : at + 2] if isinstance(item, Command)]
        found = self._only_tells(commands)
        if found is None and commands and commands[-1].name == "exit" and self._tell(commands[:-1]):
            return self._left(block)
        if found is None or self._in(block, "condition"):
            return found
        if isinstance(handler, Command) and handler.words:
            return Loss(f"`|| {told_as(handler)}`", handler.start, handler.end)
        return found

    def _only_tells(self, commands: list[Command]) -> Loss | None:
        """Where commands that a failure leads to only tell of it: the loss. None where one of them may fail."""
        found: Loss | None = None
        for command in commands:
            name = command.name or ""
            called = self._body(command)
            if called is not None:
                loss = self._only_tells(called)
            elif name in BREAKS:
                rest = [one for one in self._script.commands if one.start >= command.end]
                kept = self._ways.counts(rest, command.end)
                loss = None if kept else Loss(f"`{told_as(command)}`", command.start, command.end)
            elif not command.words:
                loss = self._unused(command)
            elif name in EXITS and command.words[1:] and command.words[1].literal == "0":
                return Loss(f"`{told_as(command)}`", command.start, command.end)
            elif (name in _HARMLESS and not self._hands_on(command)) or tested.accepts(command, self._status):
                loss = Loss(f"`{told_as(command)}`", command.start, command.end)
            else:
                return None
            if loss is None:
                return None
            found = found or loss
        return found

    def _tell(self, commands: list[Command]) -> bool:
        return not commands or self._only_tells(commands) is not None

    def _body(self, command: Command) -> list[Command] | None:
        """The commands of the function that a command calls; None where it calls none, or itself."""
        for at, block in enumerate(self._blocks):
            if block.kind == "function" and block.name == command.name and not self._script.inside(command.block, at):
                return self._within(block, at)
        return None

    def _returned(self, block: int) -> Loss | None:
        """A failure that ends a function."""
        return self._ends(self._function(block))

    def _ends(self, block: int) -> Loss | None:
        """A failure that is the status of a block."""
        if block < 0:
            return None
        found = self._blocks[block]
        if found.kind == "function":
            call = self._call(found, block)
            return None if call is None else self._fate(call, call.block)
        if found.kind == "condition":
            return self._condition(block)
        if found.kind == "substitution":
            return self._substituted(found)
        if found.kind in {"branch", "body"}:
            return self._fate(self._blocks[found.parent], self._blocks[found.parent].parent, told=True)
        return self._fate(found, found.parent, told=found.kind != "subshell")

    def _left(self, block: int) -> Loss | None:
        """A failure that ends the process: a subshell's, a substitution's, or the script."""
        while block >= 0 and not self._is_apart(self._blocks[block]):
            block = self._blocks[block].parent
        if block < 0:
            self._leaves = True
            return None
        found = self._blocks[block]
        return self._substituted(found) if found.kind == "substitution" else self._fate(found, found.parent)

    @staticmethod
    def _is_apart(block: Block) -> bool:
        """Whether a block is a process of its own."""
        piped = block.before in _PIPES or block.after in {*_PIPES, "&"}
        return block.kind in {"subshell", "substitution"} or piped

    def _substituted(self, block: Block) -> Loss | None:
        """`X=$(...)` has the status of what is in it; `echo $(...)` has its own."""
        for command in self._script.commands:
            if command.block == block.parent and command.start <= block.start < command.end:
                if command.words:
                    return Loss("its status is lost in `$( )`", block.start, block.end)
                return self._fate(command, command.block)
        return None

    def _condition(self, block: int) -> Loss | None:
        """A failure that an `if` or a loop tests: a branch may still answer it."""
        parent = self._blocks[block].parent
        lost = Loss("the condition of an `if` or a loop", self._blocks[parent].start, self._blocks[block].end)
        if self._blocks[parent].kind != "if":
            return self._repeated(parent, block, lost)
        parts = [at for at, one in enumerate(self._blocks) if one.parent == parent and one.kind in _PARTS]
        tested = self._items[block][-1]
        negated = tested.negated
        at = parts.index(block)
        answers, others = parts[at + 1 : at + 2], self._ways.open(parts[at + 2 :])
        answers, others = (answers, others) if negated else (others, answers)
        succeeded = [command for part in others for command in self._within(self._blocks[part], part)]
        if self._ways.tell_apart(succeeded, self._blocks[parent].end):
            return None
        commands = [command for part in answers for command in self._within(self._blocks[part], part)]
        told = self._only_tells(commands) if commands else lost
        if told is None:
            self._may_leave(commands, self._blocks[block])
        return told and lost

    def _repeated(self, loop: int, condition: int, lost: Loss) -> Loss | None:
        """A failure that a loop tests: `until gate` goes on until there is none, `while gate` ends with the first."""
        tested = self._items[condition]
        if len(tested) > 1 or not (isinstance(tested[0], Command) or tested[0].negated):
            return None
        if (self._blocks[loop].name == "until") == tested[0].negated:
            return lost
        left = self._ways.left_early(loop)
        end = self._blocks[loop].end
        counted = self._ways.counts(self._within(self._blocks[loop], loop), end)
        if left is None or (left.name not in EXITS and counted):
            return None
        return Loss(f"`{told_as(left)}`, which ends its loop without it", left.start, left.end)

    def _all(self, items: list[Item]) -> list[Command]:
        """The commands of items, those of the blocks among them."""
        return [c for item in items for c in ([item] if isinstance(item, Command) else self._within(item))]

    def _within(self, block: Block, number: int | None = None) -> list[Command]:
        """The commands of a block, those of the blocks in it included."""
        at = self._blocks.index(block) if number is None else number
        return [
            command
            for command in self._script.commands
            if command.block == at or self._script.inside(command.block, at)
        ]

    def _in(self, block: int, kind: str) -> bool:
        return block >= 0 and self._blocks[block].kind == kind

    def _ignored(self, block: int) -> bool:
        """Whether a block stands where its status is tested, so that `-e` does nothing in it."""
        while block >= 0:
            found = self._blocks[block]
            if found.kind == "condition" or found.negated or found.after in {"&&", "||"}:
                return True
            call = self._call(found, block) if found.kind == "function" else None
            if call is not None and (call.after in {"&&", "||"} or call.negated):
                return True
            block = found.parent if call is None else call.block
        return False

    def _call(self, function: Block, number: int) -> Command | None:
        """The one command of the script that calls a function; None where there are several, or none."""
        calls = [command for command in self._script.commands if command.name == function.name]
        return calls[0] if len(calls) == 1 and not self._script.inside(calls[0].block, number) else None

    def _reads(self, name: str, after: int) -> bool:
        """Whether something looks at a variable later: more than a message."""
        for read in self._script.reads:
            if read.name == name and (read.start >= after or self._script.in_function(read.start)):
                reader = next((c for c in self._script.commands if c.start <= read.start < c.end), None)
                if reader is None or reader.name not in _PRINTS or self._hands_on(reader):
                    return True
        exported = (c for c in self._script.commands if c.name == "export" and c.start >= after)
        return any(word.prefix.partition("=")[0] == name for command in exported for word in command.words[1:])

    def _hands_on(self, command: Command) -> bool:
        """Whether what a command prints is read by what comes later."""
        words = [*command.words, *(r.target for r in command.redirections if r.target is not None)]
        return command.after in _PIPES or any(name in word.raw for word in words for name in _HANDED_ON)

    @staticmethod
    def _after(items: list[Item], at: int) -> tuple[int, int]:
        """From the end of a command to the end of the next: the operator between, and what it leads to."""
        return items[at].end, items[min(at + 1, len(items) - 1)].end


_PARTS = frozenset(("condition", "branch"))


def _start(item: Item) -> int:
    return item.start
