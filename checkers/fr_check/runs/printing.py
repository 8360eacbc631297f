"""Functions of a script that only look, print and move files about: a second call adds nothing to what the first did.

Long scripts call `log` and `require` hundreds of times, each time with the calls that these make themselves.
"""

from __future__ import annotations

from fr_check.sources.shell.values import names_assigned
from fr_check.sources.shell.walking import is_uncertain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.shell import Command, Script
    from fr_check.sources.shell.walking import Scopes

_HARMLESS = frozenset(
    (
        "echo",
        "printf",
        "test",
        "[",
        "true",
        "false",
        ":",
        "return",
        "shift",
        "break",
        "continue",
        "cat",
        "sed",
        "grep",
        "egrep",
        "awk",
        "tr",
        "cut",
        "head",
        "tail",
        "sort",
        "uniq",
        "wc",
        "tput",
        "date",
        "basename",
        "dirname",
        "command",
        "type",
        "which",
        "hash",
        "uname",
        "hostname",
        "id",
        "whoami",
        "sleep",
        "seq",
        "expr",
        "pwd",
        "ls",
        "stat",
        "column",
        "mkdir",
        "rmdir",
        "rm",
        "chmod",
        "chown",
        "touch",
        "ln",
        "readlink",
        "realpath",
        "mktemp",
        "strings",
        "file",
        "nproc",
        "sysctl",
        "ps",
        "kill",
        "curl",
        "wget",
        "tar",
        "gzip",
        "unzip",
        "jq",
        "yq",
        "openssl",
        "sha256sum",
        "ss",
    )
)
_COPIES = frozenset(("cp", "mv", "install", "tee"))  # fmt: skip
_LOCAL = frozenset(("local", "declare", "typeset", "read"))
_ENDING = frozenset(("exit",))
_FILLING = frozenset((":=", "="))
_GLOBAL = ("-g", "-x")
# A file of variables, also that of GitHub: what is written there counts each time.
_KEPT = ("env", "github")


class Printing:
    """Which functions of a script neither change anything that outlasts them nor start what anybody looks for."""

    def __init__(self, script: Script, scopes: Scopes) -> None:
        """`scopes` are those of the script."""
        self._script = script
        self._scopes = scopes
        self._functions = {block.name: at for at, block in enumerate(script.blocks) if block.kind == "function"}
        self._known: dict[int, bool] = {}

    def only(self, function: int) -> bool:
        """Whether a function, by its block, does nothing else."""
        if function not in self._known:
            self._find(function)
        return self._known[function]

    def _find(self, function: int) -> None:
        """Looks at a function and those that it calls; what calls itself is taken for more than that."""
        waiting = [function]
        while waiting:
            at = waiting[-1]
            if at in self._known:
                waiting.pop()
                continue
            calls = {
                self._functions[name] for one in self._scopes.commands(at) if (name := one.name) in self._functions
            }
            left = calls - self._known.keys()
            if left.isdisjoint(waiting) and left:
                waiting += left
                continue
            self._known[at] = not left and all(self._known[call] for call in calls) and self._alone(at)
            waiting.pop()

    def _alone(self, function: int) -> bool:
        """Whether a function does nothing more by commands of its own."""
        blocks, inner = self._script.blocks, self._scopes.nesting.within(function) - {function}
        commands = self._scopes.commands(function)
        own = {name for one in commands if one.name in _LOCAL and one.name != "read" for name, _ in names_assigned(one)}
        own |= {word.raw for one in commands if one.name == "local" for word in one.words[1:]}
        loops = {blocks[at].name for at in inner if blocks[at].kind == "for"}
        if loops - own or any(blocks[at].kind == "function" or blocks[at].redirections for at in inner):
            return False
        return all(self._harmless(one, function, own) for one in commands)

    def _harmless(self, command: Command, function: int, own: set[str]) -> bool:
        name = command.name or ""
        if any(part.operator in _FILLING for word in command.words for part in word.expansions):
            return False
        if any(one.target is not None and _is_kept(one.target.raw) for one in command.redirections):
            return False
        if not command.words or name in _LOCAL:
            names = {found for found, _ in names_assigned(command)}
            return names <= own and not any(word.raw.startswith(_GLOBAL) for word in command.words)
        if command.test:
            return "=" not in "".join(word.raw for word in command.words).replace("==", "").replace("!=", "")
        passed = name in _ENDING and self._perhaps(command, function)
        copied = name in _COPIES and not any(_is_kept(word.raw) for word in command.words)
        return not command.assignments and (passed or copied or name in _HARMLESS or name in self._functions)

    def _perhaps(self, command: Command, function: int) -> bool:
        """Whether a function may go on without coming to a command."""
        if command.before in {"&&", "||"}:
            return True
        at = command.block
        while at not in {function, -1}:
            if is_uncertain(self._script.blocks[at]):
                return True
            at = self._script.blocks[at].parent
        return False


def _is_kept(raw: str) -> bool:
    lower = raw.lower()
    return any(word in lower for word in _KEPT)
