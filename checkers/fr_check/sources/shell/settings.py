"""What `set` has turned on where a command stands: `-e` and `-o pipefail`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.shell.model import Command, Script
    from fr_check.sources.shells import Shell


class Settings:
    """The options of one script, which a shell starts with some on."""

    def __init__(self, script: Script, shell: Shell) -> None:
        self._script = script
        self._initial = {"e": shell.errexit, "pipefail": shell.pipefail}
        self._sets = [(command, _options(command)) for command in script.commands if command.name == "set"]

    def on(self, option: str, offset: int, block: int) -> bool:
        """Whether an option (`e`, `pipefail`) is on at an offset in a block."""
        state = self.at(option, offset, block)
        return state is not None and state[0]

    def at(self, option: str, offset: int, block: int) -> tuple[bool, Command | None] | None:
        """Whether an option is on, and the `set` that says so; None where nothing does."""
        state: tuple[bool, Command | None] | None = (True, None) if self._initial[option] else None
        for command, changes in self._sets:
            if command.start >= offset:
                break
            if option in changes and self._holds(command.block, block):
                state = (changes[option], command)
        return state

    def _holds(self, setting: int, block: int) -> bool:
        """Whether what is set in one block holds in another: not from a function or process of its own."""
        while setting >= 0 and not self._script.inside(block, setting):
            if self._script.blocks[setting].kind in {"function", "subshell", "substitution"}:
                return False
            setting = self._script.blocks[setting].parent
        return True


def _options(command: Command) -> dict[str, bool]:
    """What a `set` turns on or off."""
    found: dict[str, bool] = {}
    words = [argument or "" for argument in command.arguments]
    for index, word in enumerate(words):
        if word[:1] not in {"-", "+"}:
            continue
        on = word[0] == "-"
        if "e" in word[1:] and not word.startswith("--"):
            found["e"] = on
        named = words[index + 1] if word.endswith("o") and index + 1 < len(words) else ""
        found.update({{"errexit": "e"}.get(named, named): on} if named in {"errexit", "pipefail"} else {})
    return found
