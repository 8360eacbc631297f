"""Whether a command's failure is heeded by its script."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.sources.shell.model import Command, Script

_HARMLESS = frozenset(("true", ":", "echo", "printf", "exit 0", "return 0"))


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
