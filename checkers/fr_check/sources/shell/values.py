"""What is known of a script's variables without running it."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.record import NamedTuple
from fr_check.sources.parts import FILLED_LIMIT
from fr_check.sources.shell.model import Script
from fr_check.sources.shell.parsing import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    from fr_check.sources.shell.model import Command, Expansion, Word

    class Known(Protocol):
        """Known values by name."""

        def get(self, name: str, /) -> str | None:
            """The value, None where it is not known."""

        def outside(self, part: Expansion) -> str | None:
            """The value of an expansion that is no variable's, None where it is not known."""


_DECLARATIONS = frozenset(("export", "declare", "typeset", "local", "readonly"))
_PASSING = frozenset(("command", "builtin"))


def variables(script: Script | str) -> tuple[str, ...]:
    """The names of the variables a script reads, in the order of their first read; `$1`, `$@`, `$?` are none."""
    reads = (script if isinstance(script, Script) else parse(script)).reads
    return tuple(dict.fromkeys(read.name for read in reads if _is_name(read.name)))


def free_variables(script: Script | str) -> tuple[Expansion, ...]:
    """The reads that the environment answers: those of names that nothing earlier in the script assigns."""
    read = script if isinstance(script, Script) else parse(script)
    assigned: dict[str, int] = {}
    for command in read.commands:
        for name, end in names_assigned(command):
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


def names_assigned(command: Command) -> Iterator[tuple[str, int]]:
    """The names a command assigns for what comes after it, and from where on."""
    if not command.words:
        yield from ((found.name, found.end) for found in command.assignments)
        return
    name, words = command.name, command.words[1:]
    while name in _PASSING and words:
        name, words = words[0].literal, words[1:]
    if name in _DECLARATIONS:
        for word in words:
            head, equals, _ = word.prefix.partition("=")
            if equals or name not in {"export", "readonly"}:
                yield head.rstrip("+"), word.end
    elif name in {"read", "mapfile", "readarray", "getopts", "unset"}:
        for word in words:
            if word.literal and _is_name(word.literal):
                yield word.literal, command.end


def resolve(word: Word, values: Mapping[str, str | None] | None = None) -> str | None:
    """The word's value, given those of variables; None where any part of it is not known.

    `${X:-d}` and its like are resolved when `X` is in `values` with a value; a name that is not there is unknown.
    """
    return joined_value(word.parts, _Fixed(values or {}))


class _Fixed(NamedTuple):
    """Values that are given, and nothing else."""

    values: Mapping[str, str | None]

    def get(self, name: str, /) -> str | None:
        return self.values.get(name)

    def outside(self, part: Expansion) -> None:
        del part


def joined_value(parts: tuple[str | Expansion, ...], values: Known) -> str | None:
    """What parts of a word come to; None where any of them is not known, or they are longer than anybody's value."""
    found: list[str] = []
    for part in parts:
        value = part if isinstance(part, str) else _value(part, values)
        if value is None:
            return None
        found.append(value)
    filled = "".join(found)
    return None if len(found) > 1 and len(filled) > FILLED_LIMIT else filled


def _value(part: Expansion, values: Known) -> str | None:
    if part.kind != "variable":
        return values.outside(part)
    value = values.get(part.name)
    return None if value is None else _operated(part, value, values)


def _operated(part: Expansion, value: str, values: Known) -> str | None:
    """What an operator makes of a value."""
    operator = part.operator
    if operator == "%":
        return value.rpartition("/")[0] or value if part.operand == ("/*",) else None
    if operator == "[":
        # Of arrays only this one's first element is known: the file that runs.
        return value if part.name == "BASH_SOURCE" else None
    if operator in {":-", ":=", ":?"}:
        return value or joined_value(part.operand, values)
    if operator in {"", "-", "=", "?"}:
        return value
    if operator in {"+", ":+"}:
        return joined_value(part.operand, values) if value or operator == "+" else ""
    return None
