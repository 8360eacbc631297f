"""What is known of a script's variables without running it, and whether a command's failure is heeded."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple
from checkers.sources.shell.model import Script
from checkers.sources.shell.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Protocol

    from checkers.sources.shell.model import Assignment, Command, Expansion, Word

    class _Known(Protocol):
        """Known values by name."""

        def get(self, name: str, /) -> str | None:
            """The value, None where it is not known."""


_DECLARATIONS = frozenset(("export", "declare", "typeset", "local", "readonly"))
_TESTS = frozenset(("[", "test", "[["))
# What stands in these may run never, or many times: an assignment in them is unknown after them.
_UNCERTAIN = frozenset(("branch", "body", "condition", "function"))
_OWN_PROCESS = frozenset(("subshell", "substitution"))
_HARMLESS = frozenset(("true", ":", "echo", "printf", "exit 0", "return 0"))


def variables(script: Script | str) -> tuple[str, ...]:
    """The names of the variables a script reads, in the order of their first read; `$1`, `$@`, `$?` are none."""
    reads = (script if isinstance(script, Script) else parse(script)).reads
    return tuple(dict.fromkeys(read.name for read in reads if _is_name(read.name)))


def free_variables(script: Script | str) -> tuple[Expansion, ...]:
    """The reads that the environment answers: those of names that nothing earlier in the script assigns."""
    read = script if isinstance(script, Script) else parse(script)
    assigned: dict[str, int] = {}
    for command in read.commands:
        for name, end in _assigned(command):
            assigned[name] = min(end, assigned.get(name, end))
    for block in read.blocks:
        if block.kind == "for":
            assigned[block.name] = min(block.start, assigned.get(block.name, block.start))
    called = _called_later(read)
    return tuple(found for found in read.reads if _is_name(found.name) and _is_free(found, assigned, called))


def _called_later(script: Script) -> list[tuple[int, int]]:
    """The stretches of the outermost functions: their bodies run later than where they stand."""
    found: list[tuple[int, int]] = []
    for block in script.blocks:
        if block.kind == "function" and (not found or block.start >= found[-1][1]):
            found.append((block.start, block.end))
    return found


def _is_free(found: Expansion, assigned: Mapping[str, int], called: list[tuple[int, int]]) -> bool:
    since = assigned.get(found.name)
    if since is None:
        return True
    at = bisect_right(called, (found.start, found.start)) - 1
    return found.end <= since and not (at >= 0 and found.start < called[at][1])


def _is_name(name: str) -> bool:
    return name[:1].isalpha() or name[:1] == "_"


def _assigned(command: Command) -> Iterator[tuple[str, int]]:
    """The names a command assigns for what comes after it, and from where on."""
    if not command.words:
        yield from ((found.name, found.end) for found in command.assignments)
        return
    name = command.name
    if name in _DECLARATIONS:
        for word in command.words[1:]:
            head, equals, _ = word.prefix.partition("=")
            if equals or name not in {"export", "readonly"}:
                yield head.rstrip("+"), word.end
    elif name in {"read", "mapfile", "readarray", "getopts"}:
        for word in command.words[1:]:
            if word.literal and _is_name(word.literal):
                yield word.literal, command.end


def resolve(word: Word, values: Mapping[str, str | None] | None = None) -> str | None:
    """The word's value, given those of variables; None where any part of it is not known.

    `${X:-d}` and its like are resolved when `X` is in `values` with a value; a name that is not there is unknown.
    """
    return _join(word.parts, values or {})


def _join(parts: tuple[str | Expansion, ...], values: _Known) -> str | None:
    found: list[str] = []
    for part in parts:
        value = part if isinstance(part, str) else _value(part, values)
        if value is None:
            return None
        found.append(value)
    return "".join(found)


def _value(part: Expansion, values: _Known) -> str | None:
    if part.kind != "variable":
        return None
    value = values.get(part.name)
    if value is None:
        return None
    operator = part.operator
    if operator in {":-", ":=", ":?"}:
        return value or _join(part.operand, values)
    if operator in {"", "-", "=", "?"}:
        return value
    if operator in {"+", ":+"}:
        return _join(part.operand, values) if value or operator == "+" else ""
    return None


class _Scopes:
    """The known values in each block; None for what is assigned but not known."""

    def __init__(self, script: Script, initial: Mapping[str, str | None]) -> None:
        self._blocks = script.blocks
        self._values: dict[int, dict[str, str | None]] = {-1: dict(initial)}

    def get(self, block: int, name: str) -> str | None:
        """What a command in a block sees; None for what is not known."""
        while True:
            values = self._values.get(block, {})
            if name in values or block < 0:
                return values.get(name)
            block = self._blocks[block].parent

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

    scopes: _Scopes
    block: int

    def get(self, name: str, /) -> str | None:
        """The value of a variable, None where it is not known."""
        return self.scopes.get(self.block, name)

    def resolve(self, word: Word) -> str | None:
        """The value of a word."""
        return _join(word.parts, self)


def walk(
    script: Script, values: Mapping[str, str | None] | None = None
) -> Iterator[tuple[Command, Callable[[Word], str | None]]]:
    """Each command with a function that resolves its words, from the constants assigned before it.

    What is assigned in a branch, a loop or after `||` is unknown afterwards. `values` are known at the start.
    """
    scopes = _Scopes(script, values or {})
    previous: Command | None = None
    for command in script.commands:
        visible = _View(scopes, command.block)
        yield command, visible.resolve
        doubtful = command.before == "||" or (
            command.before == "&&" and previous is not None and (previous.test or previous.name in _TESTS)
        )
        if not command.words:
            for assignment in command.assignments:
                value = None if doubtful else _new_value(assignment, visible)
                scopes.assign(command.block, assignment.name, value)
        else:
            for name, _ in _assigned(command):
                scopes.assign(command.block, name, None if doubtful else _declared(command, name, visible))
        previous = command


def _new_value(assignment: Assignment, visible: _Known) -> str | None:
    value = None if assignment.elements is not None else _join(assignment.value.parts, visible)
    if assignment.operator == "+=" and value is not None:
        before = visible.get(assignment.name)
        return None if before is None else before + value
    return value


def _declared(command: Command, name: str, visible: _Known) -> str | None:
    """The value that `export NAME=value` and its like give."""
    for word in command.words[1:]:
        if word.prefix.startswith(name + "="):
            value = _join(word.parts, visible)
            return None if value is None else value[len(name) + 1 :]
    return None


def swallowed(script: Script, command: Command) -> str:
    """Why a failure of this command does not fail the script, as a phrase; empty where it does.

    Known reasons: `|| true` and its like, `set +e` before it, `&`, `!`, a condition, the left of a pipe without
    `pipefail`, and `exit 0` right after it.
    """
    return next(_excuses(script, command), "")


def _excuses(script: Script, command: Command) -> Iterator[str]:
    following = script.following(command)
    if command.after == "||" and following is not None and _says(following) in _HARMLESS:
        yield f"`|| {_says(following)}`"
    if command.after == "&":
        yield "run in the background with `&`"
    if command.negated:
        yield "negated by `!`"
    if "condition" in script.kinds(command):
        yield "the condition of an `if` or a loop"
    state = _options(script, command)
    if command.after in {"|", "|&"} and not state.get("pipefail"):
        yield "the left of a pipe without `pipefail`"
    if state.get("e") is False:
        yield "`set +e`"
    if following is not None and _says(following) == "exit 0" and command.after in {";", "\n"} and not state.get("e"):
        yield "followed by `exit 0`"


def _says(command: Command) -> str:
    """`exit 0` of an exit or return, else the command's name."""
    name = command.name or ""
    return f"{name} {command.arguments[0]}" if name in {"exit", "return"} and command.arguments else name


def _options(script: Script, command: Command) -> dict[str, bool]:
    """What `set` said before a command: `e`, `pipefail`."""
    state: dict[str, bool] = {}
    for earlier in script.commands:
        if earlier.start >= command.start:
            break
        if earlier.name != "set":
            continue
        words = [argument or "" for argument in earlier.arguments]
        for index, word in enumerate(words):
            if word[:1] in {"-", "+"}:
                on = word[0] == "-"
                if "e" in word[1:]:
                    state["e"] = on
                if word.endswith("o") and "pipefail" in words[index + 1 : index + 2]:
                    state["pipefail"] = on
    return state
