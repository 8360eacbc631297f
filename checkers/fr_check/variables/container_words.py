"""Words and commands of a container's shell: as arguments, and which process of the shell they belong to."""

from __future__ import annotations

from fr_check.sources import shell
from fr_check.sources.shell.wrappers import inner_text
from fr_check.variables.operations import FILE, IMPORT, Argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_check.core.model import Location
    from fr_check.sources.shell import Command, Script, Word
    from fr_check.variables.operations import OperationKind

    Locate = Callable[[int, int], Location]
    Resolve = Callable[[Word], str | None]

# Of the shell, or of no program of a repository.
NOTHING = frozenset((
    "echo", "printf", "test", "[", "[[", "true", "false", "sleep", "exit", "return", "break", "continue", "shift",
    "trap", "wait", "umask", "ulimit", "read", "local", "mkdir", "chown", "chmod", "cat", "ls", "rm", "cp", "mv",
    "ln", "touch", "grep", "sed", "awk", "date", "nc", "curl", "wget", "pg_isready", "set", ":", "xargs", "pwd",
    "dirname", "basename",
))  # fmt: skip
# These give what they run the variables of a store of secrets.
BRINGERS = frozenset(("doppler", "infisical", "dotenvx", "op", "env-cmd"))
_CHILD = frozenset(("subshell", "substitution"))


def past_files(command: Command) -> Command:
    """`env $(cat .env | xargs) A=1 command` without what brings variables."""
    words = command.words
    while words and (any(part.kind == "command" for part in words[0].expansions) or "=" in words[0].prefix):
        words = words[1:]
    return command._replace(words=words) if words and len(words) < len(command.words) else command


def process_of(script: Script, command: Command) -> int:
    """The block whose process runs a command: a subshell, or -1, the script itself."""
    block = command.block
    while block >= 0 and script.blocks[block].kind not in _CHILD:
        block = script.blocks[block].parent
    return block


def folder_of(script: Script, command: Command, folders: dict[int, str | None]) -> str | None:
    """The working folder of a command: that of its process, or what that started with."""
    block = command.block
    while block not in folders and block >= 0:
        block = script.blocks[block].parent
    return folders[block]


def is_child(script: Script, command: Command) -> bool:
    """Whether what a command does to the environment is lost with its own process."""
    piped = command.after in {"|", "|&"} or command.before in {"|", "|&"}
    return piped or not _CHILD.isdisjoint(script.kinds(command))


def word_of(argument: Argument) -> Word:
    """An argument as a word without expansions: no shell reads it."""
    places = argument.places
    start, end = (places[0], places[-1]) if places else (0, len(argument.value))
    return shell.Word(argument.value, (argument.value,) if argument.value else (), start, end)


def literal_of(word: Word) -> str | None:
    """The value of a word that nothing expands."""
    return word.literal


def argument_of(word: Word, resolve: Resolve, locate: Locate) -> Argument:
    """A word that a shell has read, as the next command gets it; the text of a script keeps its expansions."""
    if any(character in word.raw for character in "\n;&|"):
        text, places = inner_text(word)
        return Argument(text, [*places, word.end], locate)
    value = resolve(word)
    if value is None:
        text, places = inner_text(word)
        return Argument(text, [*places, word.end], locate)
    length = len(value)
    literal = word.raw == value
    places = [word.start + index for index in range(length)] if literal else [word.start] * length
    return Argument(value, [*places, word.end], locate)


def named_files(words: Sequence[str | None]) -> Iterator[tuple[OperationKind, str, str]]:
    """Files of variables by options: what is done with them, the path, and how to show it.

    With `uv run --env-file F` and `uvicorn --env-file F` what is set wins, with `dotenv -f F run` the file does.
    """
    for index, word in enumerate(words):
        name, equals, value = (word or "").partition("=")
        if name == "--env-file":
            path = value if equals else (words[index + 1] if index + 1 < len(words) else None)
            yield FILE, path or "", f"--env-file {path or ''}"
    if words and words[0] == "dotenv" and "run" in words:
        named = [words[index + 1] for index, word in enumerate(words[:-1]) if word in {"-f", "--file"}]
        yield IMPORT, (named[0] if named else ".env") or "", "dotenv run"
