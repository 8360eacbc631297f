"""PowerShell and cmd, which go on after a program that fails: a step ends with the status of its last program.

GitHub runs `pwsh` with `$ErrorActionPreference = 'stop'`, which programs do not heed, and ends it with
`exit $LASTEXITCODE`. Commandlets leave that as it is. Source:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#exit-codes-and-error-action-preference.
Only plain lines are judged: what tests a status, ends the script, or is no plain command leaves open what becomes of
a failure.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.shell.model import Command, Script

PROGRAMS = frozenset(("pwsh", "powershell", "cmd"))
# Names of commandlets, and the short names of some; what `cmd` does itself.
_COMMANDLET = pattern(r"[A-Z][A-Za-z]*-[A-Z]\w*")
_OWN = frozenset(("echo", "cd", "chdir", "ls", "dir", "cat", "type", "rm", "del", "cp", "copy", "mv", "move", "mkdir"))
_OWN |= {
    "md",
    "pwd",
    "set",
    "setx",
    "sleep",
    "write",
    "rem",
    "pushd",
    "popd",
    "rmdir",
    "rd",
    "cls",
    "clear",
    "ri",
    "ni",
}
_DECIDING = frozenset(("exit", "throw", "return", "if", "try", "trap", "goto", "call", "foreach", "while", "for"))
_PROGRAM = pattern(r"[\w.:/\\-]+")


def covering(script: Script, command: Command) -> Command | None:
    """The program after a command whose status is the step's in its place; None where it counts, or may."""
    if script.blocks or script.problems or script.reads or command.after in {"|", "||", "&"}:
        return None
    found = None
    joined = command.after == "&&"
    for one in script.commands:
        name = one.name or ""
        if not one.words or name in _DECIDING or one.assignments:
            return None
        if one.start <= command.start:
            continue
        own = name.lower() in _OWN or _COMMANDLET.fullmatch(name) is not None
        if not joined and not own:
            if not _PROGRAM.fullmatch(name):
                return None
            found = found or one
        joined = one.after == "&&" and joined
    return found
