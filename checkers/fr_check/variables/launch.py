"""What a container's words start, and what the shell does to the environment on the way there.

`set -a; . /secrets/.env; exec uvicorn app.main:app` starts uvicorn with every name of that file; without `set -a` only
the names that were exported before change. POSIX.1-2017, "Shell Command Language", 2.14 (`.`, `export`, `set`).
"""

from __future__ import annotations

import posixpath

from fr_check.core.budget import Budget
from fr_check.core.patterns import pattern
from fr_check.sources import shell
from fr_check.variables.container_words import (
    BRINGERS,
    NOTHING,
    argument_of,
    folder_of,
    is_child,
    literal_of,
    named_files,
    past_files,
    process_of,
    word_of,
)
from fr_check.variables.operations import (
    EXPORT,
    FILL,
    IMPORT,
    OPENED,
    SET,
    SHELL_SET,
    SOURCE,
    UNSET,
    Argument,
    Launch,
    Operation,
    Start,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_check.core.model import Location
    from fr_check.core.text import Text
    from fr_check.sources.shell import Assignment, Command, Word
    from fr_check.variables.operations import OperationKind

    Locate = Callable[[int, int], Location]
    Find = Callable[[str], Text | None]
    Resolve = Callable[[Word], str | None]

_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_FILE_IN = pattern(r"[\w./~-]*\.env[\w.-]*|/run/secrets/[\w.-]+")
_DEPTH = 6
_SCRIPTS = 500
_COMMANDS = 20_000
_STARTS = 400  # of each it is looked up what it imports


def follow(arguments: Sequence[Argument], folder: str | None, find: Find) -> Launch:
    """Follows a command line; `find` gives the text of a file at a path of the container."""
    follower = _Follower(find, folder)
    follower.words(list(arguments), 0)
    return Launch(
        tuple(follower.starts), tuple(follower.texts), tuple(follower.files), tuple(dict.fromkeys(follower.unread))
    )


class _Follower:
    def __init__(self, find: Find, folder: str | None) -> None:
        self.find = find
        self.folder = folder
        self.starts: list[Start] = []
        self.texts: list[str] = []
        self.files: list[str] = []
        self.unread: list[str] = []
        self.operations: list[Operation] = []
        self.everything = False  # `set -a` holds
        self.budget = Budget(files=_SCRIPTS, steps=_COMMANDS)

    def words(self, arguments: list[Argument], depth: int) -> None:
        """A command line that no shell has read."""
        if not arguments or depth > _DEPTH:
            return
        name = posixpath.basename(arguments[0].value)
        if name in _SHELLS:
            self.shell(arguments, depth)
            return
        words = tuple(word_of(argument) for argument in arguments)
        command = shell.Command((), words, (), -1, "", "", negated=False, start=words[0].start, end=words[-1].end)
        self.texts.append(" ".join(argument.value for argument in arguments))
        self.command(command, literal_of, arguments[0].locate, [], depth)

    def shell(self, arguments: list[Argument], depth: int) -> None:
        """`sh -c TEXT ARGS`, or `sh FILE ARGS`."""
        index = 1
        while index < len(arguments) and arguments[index].value.startswith(("-", "+")):
            option = arguments[index].value
            if not option.startswith("--") and "a" in option[1:]:
                self.everything = option.startswith("-")
            index += 1
            if not option.startswith("--") and "c" in option[1:]:
                if index < len(arguments):
                    argument = arguments[index]
                    self.script(argument.value, argument.places, argument.locate, arguments[index + 2 :], depth + 1)
                return
            index += option.endswith("o")
        if index < len(arguments):
            self.file(arguments[index].value, arguments[index + 1 :], depth, in_shell=True)

    def file(self, path: str, rest: list[Argument], depth: int, *, in_shell: bool = False) -> bool:
        """A script that stands in the image; False where it is none."""
        place = path if path.startswith("/") else None
        if place is None and self.folder is not None:
            place = posixpath.normpath(posixpath.join(self.folder, path))
        text = None if place is None else self.find(place)
        if text is None:
            if in_shell or path.endswith(".sh"):
                self.unread.append(path)
            return in_shell
        if not in_shell and not text.string.startswith("#!") and not path.endswith(".sh"):
            return False
        if not in_shell and "sh" not in text.string.partition("\n")[0] and not path.endswith(".sh"):
            return False
        self.files.append(text.path)
        self.budget.file()
        self.script(text.string, None, text.location, rest, depth + 1)
        return True

    def script(
        self, string: str, places: Sequence[int] | None, locate: Locate, rest: list[Argument], depth: int
    ) -> None:
        """The commands of a script, in the order in which they stand."""
        self.texts.append(string)
        read = shell.parse(string, places=places)
        self.budget.step(len(read.commands))
        values = {str(number): argument.value for number, argument in enumerate(rest, 1)}
        folders: dict[int, str | None] = {-1: self.folder}
        for command, resolve in shell.walk(read, values):
            if self.budget.spent or len(self.starts) > _STARTS:
                self.unread.append("more than is followed")
                return
            if "substitution" in read.kinds(command):
                continue
            before = len(self.operations)
            self.folder = folder = folder_of(read, command, folders)
            self.command(command, resolve, locate, rest, depth)
            if self.folder != folder:
                folders[process_of(read, command)] = self.folder
            if is_child(read, command):
                del self.operations[before:]
        self.folder = folders[-1]

    def command(
        self,
        command: Command,
        resolve: Resolve,
        locate: Locate,
        rest: list[Argument],
        depth: int,
    ) -> None:
        """One command: what it does to the environment, or what it starts."""
        where = locate(command.start, command.end)
        if not command.words:
            for assignment in command.assignments:
                self.note(SET if self.everything else SHELL_SET, assignment.name, resolve(assignment.value), where)
            return
        name = resolve(command.words[0])
        words = tuple(resolve(word) for word in command.words[1:])
        if name in {".", "source"}:
            shown = " ".join(word.raw for word in command.words)
            self.note(SOURCE, (words[0] or "") if words else "", None, where, shown)
        elif name == "export":
            self.exported(command, resolve, where)
        elif name == "set":
            self.options(words)
        elif name == ":" or (name is None and not words):
            self.filled(command, where)
        elif name == "unset":
            for word in words:
                self.note(UNSET, word or "", None, where)
        elif name == "eval":
            self.note(OPENED, command.words[0].raw, None, where)
        elif name in {"cd", "pushd"}:
            self.moved(words)
        elif name not in NOTHING:
            self.started(command, resolve, locate, rest, depth)

    def note(self, kind: OperationKind, name: str, value: str | None, where: Location, shown: str = "") -> None:
        self.operations.append(Operation(kind, name, value, self.everything, shown, where))

    def options(self, words: tuple[str | None, ...]) -> None:
        """`set -a`, `set +a`, `set -o allexport`, alone or among others."""
        for index, word in enumerate(words):
            if word is None or word in {"-", "--"}:
                return
            if word == "allexport" and index and (words[index - 1] or "")[1:].endswith("o"):
                self.everything = (words[index - 1] or "").startswith("-")
            elif word[:1] in {"-", "+"} and "a" in word[1:] and not word.startswith("--"):
                self.everything = word[0] == "-"

    def exported(self, command: Command, resolve: Resolve, where: Location) -> None:
        for word in command.words[1:]:
            name, equals, _ = word.prefix.partition("=")
            if any(part.kind == "command" for part in word.expansions) and not equals:
                found = _FILE_IN.search(word.raw)
                self.note(IMPORT, found[0] if found else "", None, where, word.raw)
            elif equals:
                value = resolve(word)
                self.note(SET, name, None if value is None else value[len(name) + 1 :], where)
            elif word.literal and not word.literal.startswith("-"):
                self.note(EXPORT, word.literal, None, where)
            elif not word.literal:
                self.note(OPENED, word.raw, None, where)

    def filled(self, command: Command, where: Location) -> None:
        for word in command.words:
            for part in word.expansions:
                if part.operator in {":=", "="}:
                    value = part.operand[0] if len(part.operand) == 1 and isinstance(part.operand[0], str) else None
                    self.note(FILL, part.name, value, where)

    def moved(self, words: tuple[str | None, ...]) -> None:
        target = words[0] if words else None
        if target is None or (self.folder is None and not target.startswith("/")):
            self.folder = None
        else:
            self.folder = posixpath.normpath(posixpath.join(self.folder or "/", target))

    def started(
        self,
        command: Command,
        resolve: Resolve,
        locate: Locate,
        rest: list[Argument],
        depth: int,
    ) -> None:
        """A command that is none of the shell's own: wrappers off, a script followed, else a program."""
        before = len(self.operations)
        self.wrapped(command, locate)
        self.file_options([resolve(word) for word in command.words], locate(command.start, command.end))
        head = command.words[1:] if command.name == "exec" else command.words
        if rest and head and head[0].raw in {'"$@"', "$@", '"${@}"', "$*"}:
            self.own(command.assignments, resolve, locate)
            self.words(rest, depth + 1)
            del self.operations[before:]
            return
        inner_name = posixpath.basename(head[0].literal or "") if head else ""
        if inner_name in _SHELLS and depth <= _DEPTH:
            self.own(command.assignments, resolve, locate)
            folder, everything = self.folder, self.everything
            self.everything = False
            self.shell([argument_of(word, resolve, locate) for word in head], depth + 1)
            self.folder, self.everything = folder, everything
            del self.operations[before:]
            return
        for inner in (past_files(found) for found in shell.unwrap(command, scripts=False)):
            self.own(inner.assignments, resolve, locate)
            words = tuple(resolve(word) for word in inner.words)
            arguments = [argument_of(word, resolve, locate) for word in inner.words[1:]]
            if inner is not command and inner.words and posixpath.basename(words[0] or "") in _SHELLS:
                self.shell([argument_of(word, resolve, locate) for word in inner.words], depth + 1)
            elif inner.words and words[0] and depth <= _DEPTH and self._as_script(words[0], arguments, depth):
                pass
            elif inner.words:
                body = "".join(found.heredoc.body for found in inner.redirections if found.heredoc is not None)
                where = locate(inner.start, inner.end)
                self.starts.append(Start(words, self.folder, tuple(self.operations), where, body))
        del self.operations[before:]

    def _as_script(self, name: str, arguments: list[Argument], depth: int) -> bool:
        if "/" not in name and not name.endswith(".sh"):
            return False
        folder, everything = self.folder, self.everything
        self.everything = False
        found = self.file(name, arguments, depth)
        self.folder, self.everything = folder, everything
        return found

    def wrapped(self, command: Command, locate: Locate) -> None:
        """`env $(cat .env | xargs) command`: what a word of the command brings into its environment."""
        for word in command.words:
            found = _FILE_IN.search(word.raw) if any(part.kind == "command" for part in word.expansions) else None
            if found and ("cat" in word.raw or "xargs" in word.raw):
                self.note(IMPORT, found[0], None, locate(word.start, word.end), word.raw)
        for word in command.words[:2]:
            name = posixpath.basename(word.literal or "")
            if name in BRINGERS:
                self.note(OPENED, name, None, locate(word.start, word.end))

    def file_options(self, words: list[str | None], where: Location) -> None:
        """What the words of a command say of files of variables."""
        for kind, name, shown in named_files(words):
            self.note(kind, name, None, where, shown)

    def own(self, assignments: tuple[Assignment, ...], resolve: Resolve, locate: Locate) -> None:
        for found in assignments:
            self.note(SET, found.name, resolve(found.value), locate(found.start, found.end))
