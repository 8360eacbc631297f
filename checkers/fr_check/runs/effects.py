"""What one command does to the environment: assignments, `export`, `unset`, `.`, and the words of wrappers.

POSIX.1-2017, "Shell Command Language", 2.9.1 (simple commands) and 2.14 (special built-ins); `env` of GNU coreutils.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.runs.changes import (
    CLEAR,
    EXPORT,
    FILE,
    FILL,
    FILL_UNSET,
    FIX,
    GIVE,
    IMPORT,
    KEEP,
    OPENED,
    READ,
    SET,
    SHELL_SET,
    SOURCE,
    UNSET,
    Change,
)
from fr_check.sources.env_writes import is_itself
from fr_check.sources.shell import Assignment, names_assigned
from fr_check.sources.shell.wrappers import is_substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_check.runs.changes import Kind
    from fr_check.runs.written import Written
    from fr_check.sources.shell import Command, Word
    from fr_check.sources.shell.wrappers import Wrapper

    Resolve = Callable[[Word], str | None]
    Judge = Callable[[str, Change], Change]

_FILE_IN = pattern(r"[\w./~-]*\.env[\w.-]*|/run/secrets/[\w.-]+")
_LAST_PATH = pattern(r"([\w./~-]*[\w~-])[\"']?\s*(?=\||\)|`|$)")
_PROGRAM = pattern(r"(?:\(|`|\|)\s*([\w./-]+)")
# What these print of a file of variables is still `NAME=value`.
_PRINTING = frozenset(("cat", "grep", "egrep", "sed", "xargs", "sort", "tr", "envsubst"))
# These give what they run the variables of a store of secrets, or of a folder.
_BRINGERS = frozenset(("doppler", "infisical", "dotenvx", "op", "env-cmd", "envdir", "chpst", "with-contenv", "direnv"))
_CLEANERS = frozenset(("sudo", "doas"))
_DECLARATIONS = frozenset(("declare", "typeset", "local", "readonly"))
_SPECIAL = frozenset((".", "source", "eval", "export", "set", "unset", ":", "readonly", "shift", "trap"))
_READING = frozenset((SOURCE, IMPORT, FILE))
_DEFAULTS: dict[str, Kind] = {":-": FILL, ":=": FILL, "-": FILL_UNSET, "=": FILL_UNSET}


class Effects:
    """What commands do in the folder `here`; `resolve` gives the value of a word.

    `written` are the files that the script has written, `exporting` is whether `set -a` holds (None: perhaps).
    What an assignment has of the pieces `open_` may be several words, of which the second is a command.
    `judge` says of a `.` or `source` whether the shell finds its file.
    """

    def __init__(
        self,
        resolve: Resolve,
        here: str | None,
        written: Written,
        *,
        exporting: bool | None = False,
        open_: tuple[str, ...] = (),
        judge: Judge | None = None,
    ) -> None:
        self._judge = judge
        self._resolve = resolve
        self._written = written
        self._here = here
        self._exporting = exporting
        self._open = open_

    def words(self, command: Command) -> list[str | None]:
        """The values of the words behind a command's name."""
        return [self._resolve(word) for word in command.words[1:]]

    def of(self, command: Command) -> Iterator[Change]:
        """What a command changes for those after it, in its own process."""
        yield from self._filled(command)
        if not command.words:
            for index, one in enumerate(command.assignments):
                made = self._assigned(_after(one, command.assignments[:index]))
                raw = one.value.raw
                split = not raw.startswith('"') and any(piece in raw for piece in self._open)
                yield from (change._replace(certain=False) for change in made) if split else made
            return
        name, words = command.name, command.words[1:]
        if name in {".", "source"} and words:
            read = _imported(words[0].raw) if is_substituted(words[0]) else (self._resolve(words[0]) or "", True)
            change = self._change(SOURCE, read[0] if read else "", None, command, shown=_shown(command.words))
            yield change if self._judge is None else self._judge(name, change)
        elif name == "export" or (name in _DECLARATIONS and any(_is_exporting(word) for word in words)):
            yield from self._exported(command, words)
        elif name in _DECLARATIONS:
            yield from self._declared(name, words)
        elif name == "unset":
            yield from self._unset(command, words)
        else:
            for assigned, _ in names_assigned(command):
                yield self._change(SHELL_SET, assigned, None, command)
        for one in command.assignments if name in _SPECIAL else ():
            # POSIX keeps them, bash does not.
            yield self._change(SET, one.name, None, one, certain=False)

    def _change(
        self,
        kind: Kind,
        name: str,
        value: str | None,
        place: Command | Assignment | Word,
        *,
        shown: str = "",
        certain: bool = True,
        written: str = "",
    ) -> Change:
        content = self._written.get(self._here, name) if kind in _READING and name else None
        if content is not None and content.start < 0:  # another script has written it
            content = content._replace(start=place.start, end=place.end)
        return Change(
            kind, name, value, self._exporting, shown, place.start, place.end, certain=certain, here=self._here,
            written=written, content=content,
        )  # fmt: skip

    def _unset(self, command: Command, words: Sequence[Word]) -> Iterator[Change]:
        shown = _shown(command.words) if words else ""
        for word in words if not any(_is_flag(word, "f") for word in words) else ():
            found = self._resolve(word)
            if found is None:
                yield self._change(OPENED, word.raw, None, command)
            elif not found.startswith("-"):
                yield self._change(UNSET, found, None, command, shown=shown)

    def _assigned(self, one: Assignment) -> Iterator[Change]:
        """`K=V` as a command of its own; `K=${K:-V}` keeps what is there."""
        if one.elements is not None:
            # An array is no variable of the environment.
            yield self._change(SHELL_SET, one.name, None, one, certain=False)
            yield self._change(FIX, one.name, None, one)
            return
        # `K=$K` is empty where it was unset.
        kind = FILL_UNSET if is_itself(one) else self._own_default(one)
        if kind is not None:
            default = self._resolve(one.value._replace(parts=one.value.expansions[0].operand))
            yield self._change(kind, one.name, default, one, written=one.value.raw)
            if self._exporting is not False:
                # It is an assignment, even of what is there.
                yield self._change(EXPORT, one.name, None, one, certain=self._exporting is True)
        else:
            value = self._resolve(one.value) if one.operator == "=" else None
            written = one.value.raw if one.operator == "=" else ""
            yield self._change(SHELL_SET, one.name, value, one, written=written)

    def _own_default(self, one: Assignment) -> Kind | None:
        """`K=${K:-d}`: a default for what is empty, or for what is unset."""
        part = one.value.expansions[0] if len(one.value.parts) == 1 and one.value.expansions else None
        if part is None or part.name != one.name or part.kind != "variable" or one.operator != "=":
            return None
        return _DEFAULTS.get(part.operator)

    def _filled(self, command: Command) -> Iterator[Change]:
        """`: ${K:=d}`."""
        for word in command.words:
            for part in word.expansions:
                if part.operator in {":=", "="} and part.kind == "variable":
                    value = self._resolve(word._replace(parts=part.operand))
                    yield self._change(_DEFAULTS[part.operator], part.name, value, command)

    def _exported(self, command: Command, words: Sequence[Word]) -> Iterator[Change]:
        """`export A B=1`, and `export $(cat .env | xargs)`."""
        without = any(_is_flag(word, "n") or word.raw.startswith("+") for word in words)
        shown = _shown(command.words) if words else ""
        for word in words:
            name, equals, rest = word.prefix.partition("=")
            if equals and name.rstrip("+").isidentifier():
                parts = (rest, *word.parts[1:]) if rest else word.parts[1:]
                operator = "+=" if name.endswith("+") else "="
                value = word._replace(raw=word.raw.partition("=")[2], parts=parts)
                yield from self._assigned(
                    Assignment(name.rstrip("+"), operator, value, None, command.start, command.end)
                )
                kind = KEEP if without else EXPORT
                yield self._change(kind, name.rstrip("+"), None, command, shown=shown)
            elif (value_of := self._resolve(word)) is not None and not is_substituted(word):
                for found in value_of.split():
                    key, given, text = found.partition("=")
                    kind = KEEP if without else SET if given else EXPORT
                    value_is = text if given else None
                    if key.isidentifier():
                        # A shell that does not know `-n` ends there.
                        yield self._change(kind, key, value_is, command, shown=shown)
            else:
                yield self._brought(word, command)

    def _declared(self, command: str, words: Sequence[Word]) -> Iterator[Change]:
        """`readonly K=V`, `local K=V`; what `declare` sets only bash does. `local K` may empty it."""
        certain = command in {"readonly", "local"}
        fixing = command == "readonly" or any(_is_flag(word, "r") for word in words)
        for word in words:
            name, equals, _ = word.prefix.partition("=")
            array = "=(" in word.raw
            if equals and name.isidentifier():
                value = None if array else self._resolve(word)
                known = None if value is None else value[len(name) + 1 :]
                written = word.raw.partition("=")[2]
                yield self._change(SHELL_SET, name, known, word, certain=certain and not array, written=written)
            elif command != "readonly" and word.literal is not None and word.literal.isidentifier():
                yield self._change(SHELL_SET, word.literal, None, word, certain=False)
            fixed = (word.prefix.partition("=")[0]) if fixing else ""
            if fixed.isidentifier():
                yield self._change(FIX, fixed, None, word)

    def _brought(self, word: Word, place: Command | Word) -> Change:
        """`$(cat .env | xargs)`: the variables of a file, or whatever commands print."""
        found = _imported(word.raw) if is_substituted(word) else None
        if found is None:
            return self._change(OPENED, word.raw, None, place, shown=word.raw)
        return self._change(IMPORT, found[0], None, place, shown=word.raw, certain=found[1])

    def for_alone(
        self, assignments: Sequence[Assignment], wrappers: Sequence[Wrapper], words: Sequence[Word]
    ) -> tuple[Change, ...]:
        """What the words before a command change for it alone: `env -i A=1`, `A=1`, `uv run --env-file F`.

        `assignments` stand before the outermost wrapper, `words` are all words, wrappers included.
        """
        made = [*self._own(assignments)]
        read: list[Change] = []
        for wrapper in wrappers:
            made += self._of_wrapper(wrapper)
            taken = any(one.kind in {CLEAR, UNSET} for one in made)
            for index, one in enumerate(wrapper.assignments):
                # The shell expands all words before it starts anything.
                if taken and is_itself(one):
                    read.append(self._change(READ, one.name, None, one))
                    made.append(self._change(GIVE, one.name, self._resolve(one.value), one))
                else:
                    made += self._own((*wrapper.assignments[:index], one), index)
        if any("env" in word.prefix for word in words):
            made += self._files(words)
        return (*read, *made)

    def _own(self, assignments: Sequence[Assignment], since: int = 0) -> Iterator[Change]:
        for index, first in enumerate(assignments[since:], since):
            one = _after(first, assignments[:index])
            if is_itself(one):
                yield self._change(FILL_UNSET, one.name, "", one)
                yield self._change(EXPORT, one.name, None, one)
            else:
                value = self._resolve(one.value) if one.operator == "=" else None
                written = one.value.raw if one.operator == "=" else ""
                yield self._change(SET, one.name, value, one, written=written)

    def _of_wrapper(self, wrapper: Wrapper) -> Iterator[Change]:
        place = wrapper.words[0]._replace(end=wrapper.words[-1].end)
        shown = _shown(wrapper.words)
        words = [word.prefix if (value := self._resolve(word)) is None else value for word in wrapper.words]
        if wrapper.name in _CLEANERS and not {"-E", "--preserve-env"} & {*words}:
            # Its own configuration says what stays beside what is asked for.
            names = (word.partition("=")[2] for word in words if word.startswith("--preserve-env="))
            yield self._change(CLEAR, wrapper.name, None, place, shown=shown, written=",".join(names))
            yield self._change(OPENED, wrapper.name, None, place, shown=shown)
        elif wrapper.name in _BRINGERS:
            yield self._change(OPENED, wrapper.name, None, place, shown=shown)
        elif wrapper.name == "exec" and "-c" in words:
            yield self._change(CLEAR, "exec -c", None, place, shown=shown)
        elif wrapper.name == "env":
            if {"-i", "-", "--ignore-environment"} & {*words}:
                yield self._change(CLEAR, "env -i", None, place, shown=shown)
            for index, word in enumerate(words):
                name = words[index + 1] if word in {"-u", "--unset"} and index + 1 < len(words) else word[2:]
                if word.startswith("--unset="):
                    name = word.partition("=")[2]
                if name and word.startswith(("-u", "--unset")):
                    yield self._change(UNSET, name, None, place, shown=shown)
            yield from (self._brought(word, word) for word in wrapper.words if is_substituted(word))

    def _files(self, words: Sequence[Word]) -> Iterator[Change]:
        """Files of variables by options.

        With `uv run --env-file F`, `uvicorn --env-file F` and `dotenv -e F -- ...` what is set wins, with
        `dotenv -f F run` the file does.
        """
        values = [self._resolve(word) for word in words]
        place = words[0]._replace(end=words[-1].end)
        for index, word in enumerate(values):
            name, equals, value = (word or "").partition("=")
            if name == "--env-file":
                path = value if equals else (values[index + 1] if index + 1 < len(values) else None)
                yield self._change(FILE, path or "", None, place, shown=f"--env-file {path or ''}")
        if "dotenv" in values and "run" in values:
            named = [values[index + 1] for index, word in enumerate(values[:-1]) if word in {"-f", "--file"}]
            yield self._change(IMPORT, (named[0] if named else ".env") or "", None, place, shown="dotenv run")
        elif "dotenv" in values and values.index("dotenv") < len(values) - 1:
            named = [values[index + 1] for index, word in enumerate(values[:-1]) if word == "-e"]
            for path in named or [".env"]:
                yield self._change(FILE, path or "", None, place, shown=f"dotenv -e {path or ''}")


def _after(one: Assignment, earlier: Sequence[Assignment]) -> Assignment:
    """An assignment, of unknown value where it reads what one before it in the same command assigns."""
    names = {before.name for before in earlier}
    if not any(name in one.value.raw for name in names):
        return one
    return one._replace(operator="+=")  # as unknown as what is added to something unknown


def _is_flag(word: Word, letter: str) -> bool:
    return word.raw.startswith("-") and not word.raw.startswith("--") and letter in word.raw


def _is_exporting(word: Word) -> bool:
    """`-x` and `+x` of `declare`."""
    return _is_flag(word, "x") or (word.raw.startswith("+") and "x" in word.raw)


def _imported(raw: str) -> tuple[str, bool] | None:
    """The file of variables that commands print, and whether all of it; None where they print something else."""
    programs = _PROGRAM.findall(raw)
    if not programs or not _PRINTING.issuperset(programs) or ("sed" in programs and "=" in raw):
        return None
    found, last = _FILE_IN.search(raw), _LAST_PATH.search(raw)
    path = found[0] if found else last[1] if last else ""
    return path, bool(path) and (not {"grep", "egrep"} & {*programs} or " -v" in raw)


def _shown(words: Sequence[Word]) -> str:
    return " ".join(word.raw for word in words)
