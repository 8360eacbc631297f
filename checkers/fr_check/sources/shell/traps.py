"""Handlers that a script sets with `trap` and that end it with 0, whatever failed.

`exit 0` in a handler of EXIT is the status of the shell; one of ERR, which bash has, is run where a command fails.
Source: the bash manual, "Bourne Shell Builtins".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.sources.shell.model import Command, Script

_LASTING = frozenset(("EXIT", "0"))
_PROCESSES = frozenset(("subshell", "substitution", "function"))


def swallowing(script: Script, command: Command) -> Command | None:
    """The `trap` before a command that makes its failure a success; None where there is none."""
    found: dict[str, Command | None] = {}
    for one in script.commands:
        if one.start >= command.start:
            break
        words = [word.literal for word in one.words[1:]] if one.name == "trap" else []
        if words and not _PROCESSES.intersection(script.kinds(one)):
            ends = _ends_well(words[0] or "", script)
            found.update((signal or "", one if ends else None) for signal in words[1:])
    # What is tested, and what runs in a function or process of its own, does not come to ERR.
    plain = command.block < 0 and not command.negated and not {"&&", "||", "|", "|&"} & {command.before, command.after}
    signals = _LASTING | {"ERR"} if plain else _LASTING
    return next((trap for signal, trap in found.items() if signal.upper() in signals and trap), None)


def _ends_well(handler: str, script: Script) -> bool:
    """Whether a handler, or the function that it calls, ends the shell with 0."""
    from fr_check.sources.shell.parsing import parse  # noqa: PLC0415 - few scripts set traps

    if _exits(command for command in parse(handler).commands if command.block < 0):
        return True
    at = next((n for n, one in enumerate(script.blocks) if one.kind == "function" and one.name == handler.strip()), -1)
    bodies = {n for n, one in enumerate(script.blocks) if one.parent == at and one.kind == "group"} if at >= 0 else ()
    return _exits(command for command in script.commands if command.block in bodies)


def _exits(commands: Iterable[Command]) -> bool:
    return any(
        command.name == "exit" and command.arguments[:1] == ("0",) and command.before not in {"&&", "||"}
        for command in commands
    )
