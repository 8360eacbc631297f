"""Which commands of a script are never come to, or always: as far as the values that they ask about are known.

`case "$1" in web)` of a container that starts `entrypoint.sh web`, `if false`, `[ "$MODE" = dev ] &&`. POSIX.1-2017,
"Shell Command Language", 2.9.3 (lists), 2.9.4 (compound commands), 2.13 (patterns); `test`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fr_check.sources.shell import Command, Script, Word
    from fr_check.sources.shell.nesting import Nesting

    Resolve = Callable[[Word], str | None]

_PIPES = frozenset(("|", "|&", "&"))
_ANSWERING = frozenset(("true", ":", "false", "[", "test", "[["))
_LISTS = frozenset(("&&", "||"))
_ALWAYS = {"true": True, ":": True, "false": False}
_SPECIAL = frozenset("*?[\\")
_LONGEST = 200  # characters of what a pattern is compared with
_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda one, other: one == other,
    "-ne": lambda one, other: one != other,
    "-gt": lambda one, other: one > other,
    "-ge": lambda one, other: one >= other,
    "-lt": lambda one, other: one < other,
    "-le": lambda one, other: one <= other,
}


class Branches:
    """What is known by now of the branches of one script."""

    def __init__(self, script: Script, nesting: Nesting) -> None:
        self._script = script
        self._nesting = nesting
        self._decided: dict[int, bool | None] = {}
        self.may: dict[int, bool] = {-1: True}
        """Whether a block may be come to, of those that were asked about."""
        self._answers: dict[int, bool | None] = {}
        self._last: dict[int, bool | None] = {}

    def forget(self, blocks: Iterable[int]) -> None:
        """Another turn of a loop, or another call: what was known of the blocks in it is over."""
        gone = set(blocks)
        for held in (self._decided, self.may, self._answers, self._last):
            for at in held.keys() & gone:
                del held[at]

    def reached(self, block: int, resolve: Resolve) -> tuple[bool, tuple[int, ...]]:
        """Whether a block may be come to by now, and the blocks that are newly known to be gone through."""
        around, at = [], block
        while at >= 0 and at not in self.may:
            around.append(at)
            at = self._script.blocks[at].parent
        may, sure = self.may[at if at >= 0 else -1], []
        for one in reversed(around):
            if may and one not in self._decided:
                self._decide(one, resolve)
            may = may and self._decided.get(one) is not False
            self.may[one] = may
            if self._decided.get(one):
                sure.append(one)
        return may, tuple(sure)

    def passed(self, block: int) -> None:
        """A construct is gone through, of whose status nothing is known."""
        self._last[self._script.blocks[block].parent] = None

    def runs(self, command: Command) -> bool | None:
        """Whether a command is come to by what stands before it in its list; None where that is not known."""
        last = self._last.get(command.block)
        return None if last is None else last == (command.before == "&&")

    def note(self, command: Command, resolve: Resolve, *, ran: bool | None) -> None:
        """What a command answers that may have been come to; not `ran`: nobody knows whether it was."""
        piped = command.before in _PIPES or command.after in _PIPES
        known = ran and not piped and _name(command, resolve) in _ANSWERING
        answer = answered(command, resolve) if known else None
        self._last[command.block] = answer
        if self._kind(command.block) == "condition":
            alone = command.before not in _LISTS and command.after not in _LISTS
            first = alone and not self._nesting.directly_in(command.block) and command.block not in self._answers
            self._answers[command.block] = answer if first else None

    def _kind(self, block: int) -> str:
        return self._script.blocks[block].kind if block >= 0 else ""

    def _decide(self, block: int, resolve: Resolve) -> None:
        found = self._script.blocks[block]
        decided: bool | None = None
        if found.kind == "branch" and self._kind(found.parent) == "case":
            self._choose(found.parent, resolve)
            return
        if found.kind == "branch":
            decided = self._of_if(block)
        elif found.kind == "body" and self._kind(found.parent) == "while":
            decided = self._of_loop(found.parent)
        elif found.before in _LISTS and found.kind in {"group", "subshell", "if", "case", "for", "while"}:
            last = self._last.get(found.parent)
            decided = None if last is None else last == (found.before == "&&")
        self._decided[block] = decided
        self._last[found.parent] = None

    def _of_if(self, block: int) -> bool | None:
        """A branch of `if`: the conditions before it are false, and its own is true."""
        decided: bool | None = True
        own = None
        for one in self._nesting.directly_in(self._script.blocks[block].parent):
            if one == block:
                break
            if self._kind(one) == "condition":
                own = one
                continue
            # An earlier branch: its condition is false, or nobody knows.
            decided = _both(decided, _not(None if own is None else self._answers.get(own)))
            own = None
        return decided if own is None else _both(decided, self._answers.get(own))

    def _of_loop(self, loop: int) -> bool | None:
        """The body of `while` or `until`: never, where its condition says so at once."""
        condition = next((one for one in self._nesting.directly_in(loop) if self._kind(one) == "condition"), -1)
        ends = self._script.blocks[loop].name == "until"
        return False if self._answers.get(condition) is ends else None

    def _choose(self, case: int, resolve: Resolve) -> None:
        """The branches of `case`: the first whose pattern is that of the word."""
        blocks = self._script.blocks
        value = resolve(blocks[case].words[0]) if blocks[case].words else None
        open_ = True if value is not None and len(value) <= _LONGEST else None
        for one in self._nesting.directly_in(case):
            if blocks[one].kind != "branch":
                continue
            matched = None if open_ is None else _any(_matches(word, value or "") for word in blocks[one].words)
            self._decided[one] = False if open_ is False else None if open_ is None else matched
            # `;&` goes on into the next one.
            if open_ and (matched is None or blocks[one].after in {";&", ";;&"}):
                open_ = None
            elif open_ and matched:
                open_ = False


def _any(found: Iterable[bool | None]) -> bool | None:
    every = [*found]
    return True if True in every else None if None in every else False


def _both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - two answers
    return False if one is False or other is False else None if one is None or other is None else True


def _not(one: bool | None) -> bool | None:  # noqa: FBT001 - an answer
    return None if one is None else not one


def _matches(word: Word, value: str) -> bool | None:
    """Whether a pattern is that of a text; None where it is not known."""
    pattern = word.literal
    if pattern is None or "[" in pattern or "\\" in word.raw or len(pattern) > _LONGEST:
        return None
    if not _SPECIAL.intersection(pattern):
        return pattern == value
    if "'" in word.raw or '"' in word.raw:
        return None
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few scripts look at what they know by a pattern

    return fnmatchcase(value, pattern)


def _name(command: Command, resolve: Resolve) -> str | None:
    """The name of a command, which a variable may hold: `$debug && ...`."""
    if command.name is not None or len(command.words) != 1:
        return command.name
    return resolve(command.words[0])


def answered(command: Command, resolve: Resolve) -> bool | None:
    """Whether a command succeeds, where that is known: `true`, `false`, a test of known values."""
    name = _name(command, resolve)
    found: bool | None = None
    if name in _ALWAYS and not command.assignments:
        found = _ALWAYS[name or ""]
    elif name in {"[", "test"} or (command.test and command.words and command.words[0].raw == "[["):
        words = command.words[1:] if name == "test" or command.words[-1].raw not in {"]", "]]"} else command.words[1:-1]
        found = _tested(words, resolve, plain=name in {"[", "test"})
    return _not(found) if command.negated else found


def _tested(words: Sequence[Word], resolve: Resolve, *, plain: bool) -> bool | None:
    """What `test` says of some words; in `[[ ]]` the word behind `=` is a pattern."""
    negated = bool(words) and words[0].raw == "!"
    words = words[1:] if negated else words
    values = [_value(word, resolve, plain=plain) for word in words]
    found: bool | None = None
    if len(words) == 1 and values[0] is not None:
        found = bool(values[0])
    elif len(words) == 2 and words[0].raw in {"-n", "-z"} and values[1] is not None:  # noqa: PLR2004 - `-n X`
        found = bool(values[1]) == (words[0].raw == "-n")
    elif len(words) == 3:  # noqa: PLR2004 - `X = Y`
        found = _compared(words, values, plain=plain)
    return _not(found) if negated else found


def _compared(words: Sequence[Word], values: Sequence[str | None], *, plain: bool) -> bool | None:
    one, other, operator = values[0], values[2], words[1].raw
    if one is None or other is None:
        return None
    if operator in {"=", "==", "!="}:
        if not plain and _SPECIAL.intersection(other):
            return None
        return (one == other) == (operator != "!=")
    digits = one.lstrip("-").isdecimal() and other.lstrip("-").isdecimal() and len(one) < 19 > len(other)  # noqa: PLR2004
    return _NUMBERS[operator](int(one), int(other)) if operator in _NUMBERS and digits else None


def _value(word: Word, resolve: Resolve, *, plain: bool) -> str | None:
    """A word's value, where it stays one word."""
    value = resolve(word)
    if value is None or not plain or not word.expansions or '"' in word.raw:
        return value
    return None if not value or any(c.isspace() or c in _SPECIAL for c in value) else value
