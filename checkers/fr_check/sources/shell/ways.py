"""Whether a script goes on otherwise where a command succeeds, so that a failure that nothing stops may still count.

`gate && break`, `if gate; then ok=1; fi`: success leaves a loop, or is kept in a variable. Only a failure comes to the
rest, and the rest may end with it: by `exit 1`, by a test, or never.
"""

from __future__ import annotations

from fr_check.sources.shell.tested import BREAKS, EXITS, ends_badly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.sources.shell.model import Command, Script

_TESTS = frozenset(("[", "test", "[[", "false", "(("))
_APART = frozenset(("function", "subshell", "substitution"))
_ENDLESS = {"while": frozenset(("true", ":")), "until": frozenset(("false",))}


class Ways:
    """The ways that one script goes; `reads` is whether something looks at a variable behind an offset."""

    def __init__(self, script: Script, reads: Callable[[str, int], bool]) -> None:
        self._script = script
        self._reads = reads

    def counts(self, commands: Iterable[Command], end: int) -> bool:
        """Whether a failure may count behind `end`: the script may fail there, or has not come to these commands."""
        return self.may_fail(end) or self.tell_apart(commands, end)

    def tell_apart(self, commands: Iterable[Command], end: int) -> bool:
        """Whether the script may fail behind `end` because it has not come to these commands, as a success would."""
        for command in commands:
            if not command.words and any(self._reads(one.name, end) for one in command.assignments):
                return True
            if command.name in EXITS | BREAKS and (self.may_fail(end) or self._is_endless(command)):
                return True
        return False

    def may_fail(self, end: int) -> bool:
        """Whether a script may end with a failure, or ask about one, behind an offset."""
        return any(one.start >= end and (one.name in _TESTS or ends_badly(one)) for one in self._script.commands)

    def open(self, parts: list[int]) -> list[int]:
        """The parts of an `if` without those that `elif true` or `elif false` keeps it from."""
        found: list[int] = []
        for number, part in enumerate(parts):
            condition = self._script.blocks[part].kind == "condition"
            asked = [one for one in self._script.commands if one.block == part] if condition else []
            if len(asked) == 1 and not asked[0].negated and asked[0].name in {"true", ":", "false"}:
                rest = self.open(parts[number + 2 :])
                return found + (rest if asked[0].name == "false" else parts[number + 1 : number + 2])
            found.append(part)
        return found

    def turns(self, block: int, start: int, end: int) -> bool:
        """Whether `!` before a construct around a loss makes a failure of the success that is left there."""
        while block >= 0:
            found = self._script.blocks[block]
            if found.negated and found.start < start and end <= found.end:
                return True
            block = found.parent
        return False

    def left_early(self, loop: int) -> Command | None:
        """The command that ends a loop as if all were well, where one does: `break`, `exit 0`."""
        blocks = self._script.blocks
        for command in self._script.commands:
            at = command.block
            if not self._script.inside(at, loop):
                continue
            while at != loop and blocks[at].kind not in {"for", "while", *_APART}:
                at = blocks[at].parent
            if blocks[at].kind in _APART:
                continue
            zero = command.name in EXITS and [word.literal for word in command.words[1:]] == ["0"]
            if zero or (command.name == "break" and at == loop):
                return command
        return None

    def _is_endless(self, leaving: Command) -> bool:
        """Whether a command leaves a loop that nothing else ends: `while true`."""
        blocks, at = self._script.blocks, leaving.block
        while at >= 0 and (blocks[at].kind != "while" or not asks_nothing(self._script, at)):
            if leaving.name in BREAKS and blocks[at].kind in {"for", "while"}:
                return False  # a `break` leaves the innermost one only
            at = blocks[at].parent
        leaves = (one for one in self._script.commands if one.name in EXITS | {"break"} and one is not leaving)
        return at >= 0 and not any(self._script.inside(one.block, at) for one in leaves)


def asks_nothing(script: Script, loop: int) -> bool:
    """Whether the condition of a `while` or `until` says each time that it goes on."""
    blocks = script.blocks
    own = [one for one in script.commands if one.block >= 0 and blocks[one.block].parent == loop]
    asked = [one for one in own if blocks[one.block].kind == "condition"]
    return len(asked) == 1 and not asked[0].negated and asked[0].name in _ENDLESS[blocks[loop].name]
