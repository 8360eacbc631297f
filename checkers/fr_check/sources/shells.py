"""Which shell runs a script, and what it heeds: `-e`, `-o pipefail`.

GitHub's `shell:` (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell):
without one `bash -e {0}`, `bash` means `bash --noprofile --norc -eo pipefail {0}`, `sh` means `sh -e {0}`; any other
text is a command line as written.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_VALUED = frozenset(("-o", "+o", "-O", "+O", "--rcfile", "--init-file"))


class Shell(NamedTuple):
    """What heeds a failure. `program` is empty where words are started without a shell.

    `unknown`: what a failure does in it is not known (PowerShell, cmd); `other`: it is no shell at all (python).
    `allexport`: it exports whatever it assigns (`-a`); None: perhaps.
    """

    program: str = "sh"
    errexit: bool = False
    pipefail: bool = False
    unknown: bool = False
    other: bool = False
    allexport: bool | None = False


SH = Shell()
"""`sh -c`, as make, just and package managers start it."""
NONE = Shell("")
"""Words that are started as they are, one command after the other, until one fails."""
_STEP = Shell("bash", errexit=True)
_BASH = Shell("bash", errexit=True, pipefail=True)


def of_step(written: str | None, *, windows: bool = False) -> Shell:
    """The shell of a workflow's step, from `shell:` with its defaults (None: there is none)."""
    words = (written or "").split()
    if not words:
        return Shell("pwsh", unknown=True) if windows else _STEP
    if words == ["bash"]:
        return _BASH
    if words == ["sh"]:
        return Shell("sh", errexit=True)
    return of_words(words)


def of_words(words: Sequence[str]) -> Shell:
    """The shell that a command line starts, wrappers before it included: `bash -euo pipefail {0}`."""
    for index, word in enumerate(words):
        name = word.rpartition("/")[2]
        if name in SHELLS:
            return with_flags(name, words[index + 1 :])
    name = words[0].rpartition("/")[2] if words else ""
    if name in {"pwsh", "powershell", "cmd"}:
        return Shell(name if len(words) == 1 else "", unknown=True)
    return Shell(name, unknown=True, other=True)


def with_flags(name: str, words: Sequence[str | None]) -> Shell:
    """A shell with the options on its command line, up to the first operand."""
    errexit = pipefail = allexport = False
    at = 0
    while at < len(words) and (word := words[at] or "")[:1] in {"-", "+"}:
        on = word[0] == "-"
        flags = "" if word.startswith("--") else word[1:]
        following = (words[at + 1] or "") if at + 1 < len(words) else ""
        named = following if flags.endswith("o") else ""
        errexit = on if "e" in flags or named == "errexit" else errexit
        pipefail = on if named == "pipefail" else pipefail
        allexport = on if "a" in flags or named == "allexport" else allexport
        at += 2 if named or word in _VALUED else 1
    return Shell(name, errexit, pipefail, allexport=allexport)


def of_shebang(string: str) -> Shell | None:
    """The shell of a script's first line; None where it names none."""
    line = string[:200].partition("\n")[0]
    if not line.startswith("#!"):
        return None
    words = line[2:].split()
    found = of_words([word for word in words if word != "env" and not word.endswith("/env")])
    return None if found.other or found.unknown else found
