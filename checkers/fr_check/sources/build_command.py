"""The commands of a script that build a frontend, or may: where they run, and what they are given on the way."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import env_writes, package_managers, shell
from fr_check.sources.build_tools import NO, UNKNOWN, YES, Verdict, judge
from fr_check.sources.docker_uses import moved
from fr_check.sources.package_managers import HERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.sources.dockerfile import Instruction
    from fr_check.sources.env_write import EnvWrite

__all__ = ("NO", "UNKNOWN", "YES", "BuildCommand", "in_run", "in_script", "written")

_ONLY_HEREDOC = pattern(r"\d*<<-?\s*[^\s<]+\s*\Z")
_SHEBANG = pattern(r"#!\s*(\S+)(?:[ \t]+(\S+))?")
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_LEVELS = 6


class BuildCommand(NamedTuple):
    """A command that builds a frontend, or may.

    `text` is the command as written; `start` and `end` its offsets in the file. `folder` is where it runs, as far as
    `cd` tells: relative to where the script starts, absolute, or None. `given` are the variables that the script sets
    for it (None: to a value that is not known), `files` the files of variables that it writes, or loads, before.
    """

    verdict: Verdict
    text: str
    start: int
    end: int
    folder: str | None
    given: Mapping[str, str | None]
    files: tuple[EnvWrite, ...]


def in_run(instruction: Instruction) -> tuple[BuildCommand, ...]:
    """The commands of a RUN (shell form, JSON form, or here-documents) that build, or may."""
    return _Finder().of(instruction)[0]


def written(instruction: Instruction) -> tuple[EnvWrite, ...]:
    """The files of variables that a RUN leaves behind."""
    return _Finder().of(instruction)[1] if ".env" in instruction.line.text + str(instruction.heredocs) else ()


def in_script(
    script: str,
    *,
    places: Sequence[int] | None = None,
    origin: int = 0,
    folder: str | None = ".",
    files: list[EnvWrite] | None = None,
) -> tuple[BuildCommand, ...]:
    """The commands of a shell script that build, or may; `places` and `origin` as in `shell.parse`.

    `files` takes the files of variables that it leaves behind, whether it builds or not.
    """
    finder = _Finder(folder)
    found = tuple(finder.find(shell.parse(script, places=places, origin=origin), _LEVELS))
    if files is not None:
        files += finder.files
    return found


def _resolved(words: Sequence[shell.Word], resolve: Callable[[shell.Word], str | None]) -> list[str | None]:
    """The values of a command's words; of a name like `$HOME/bin/uv` what stands after the last slash."""
    found = [resolve(word) for word in words]
    if found and found[0] is None:
        last = words[0].parts[-1] if words[0].parts else None
        if isinstance(last, str) and "/" in last:
            found[0] = last.rpartition("/")[2] or None
    return found


def _reads_input(words: Sequence[shell.Word]) -> bool:
    """Whether a shell with these words takes its script from the standard input: options only, none of them `-c`."""
    value = False
    for option in (word.prefix for word in words):
        long = option.startswith("--")
        if not value and (not option.startswith("-") or ("c" in option and not long)):
            return False
        value = not value and not long and option.endswith("o")  # `-o pipefail`
    return True


def _shown(word: shell.Word) -> str:
    """A word as a message shows it: without quotes that it does not need."""
    literal = word.literal
    return literal if literal and not any(c.isspace() for c in literal) else word.raw


class _Finder:
    def __init__(self, folder: str | None = ".") -> None:
        self.given: dict[str, str | None] = {}
        self.files: list[EnvWrite] = []
        self.folders: dict[int, str | None] = {-1: folder}

    def of(self, instruction: Instruction) -> tuple[tuple[BuildCommand, ...], tuple[EnvWrite, ...]]:
        """What a RUN builds, and the files of variables that it leaves."""
        line, start = instruction.line, instruction.argued
        heredocs = instruction.heredocs
        if instruction.json is not None:
            text = " ".join("'" + word.replace("'", "'\\''") + "'" for word in instruction.json)
            script = shell.parse(text, places=[line.at(start)] * len(text))
        elif len(heredocs) == 1 and _ONLY_HEREDOC.match(instruction.arguments):
            body = heredocs[0]
            if foreign := _foreign(body.body, body.start):
                return foreign, ()
            script = shell.parse(body.body, origin=body.start)
        else:
            text = instruction.arguments
            places = line.places(start, start + len(text))
            for heredoc in heredocs:
                text += "\n" + heredoc.body + heredoc.name
                places += [heredoc.start, *range(heredoc.start, heredoc.end), *[heredoc.end] * len(heredoc.name)]
            script = shell.parse(text, places=places)
        return tuple(self.find(script, _LEVELS)), tuple(self.files)

    def find(self, script: shell.Script, levels: int) -> Iterator[BuildCommand]:
        """Goes through a script in order, and remembers what it sets."""
        assigned: dict[str, str | None] = {}
        for outer, resolve in shell.walk(script):
            block, folder = self.place(script, outer)
            if outer.name == "cd":
                target = resolve(outer.words[1]) if len(outer.words) > 1 else None
                self.folders[block] = moved(folder, target)
                continue
            self.note(outer, resolve, assigned, folder)
            for command in shell.unwrap(outer, scripts=False):
                inner = shell.inner_script(command) if levels else None
                if inner is not None and not any(r.heredoc is not None for r in command.redirections):
                    yield from self.within(command, inner, resolve, folder, levels - 1)
                    continue
                words = _resolved(command.words, resolve)
                verdict = _NO if command.test else self.judged(outer, words, resolve)
                if verdict.answer != NO:
                    own = {a.name: resolve(a.value) for a in command.assignments if not env_writes.is_itself(a)}
                    loaded = tuple(env_writes.loaded(outer, resolve, folder))
                    yield self.found(command, verdict, {**self.given, **own}, folder, loaded)
            if levels and outer.name is not None and outer.name.rpartition("/")[2] in _SHELLS:
                yield from self.fed(outer, levels)

    def judged(
        self, outer: shell.Command, words: list[str | None], resolve: Callable[[shell.Word], str | None]
    ) -> Verdict:
        """What a command line is, in the packages that the package manager around it selects."""
        verdict = judge(words)
        manager = (outer.name or "").rpartition("/")[2]
        if verdict.answer == NO or manager not in package_managers.NAMES or len(words) == len(outer.words):
            return verdict
        where = package_managers.selection(manager, [resolve(word) for word in outer.words[1 : -len(words)]])
        return verdict if where == HERE else verdict._replace(where=where)

    def place(self, script: shell.Script, command: shell.Command) -> tuple[int, str | None]:
        """The block whose folder a `cd` here changes, and the folder that holds there."""
        block, own = command.block, None
        while block >= 0 and block not in self.folders:
            if own is None and script.blocks[block].kind in _OWN_PROCESS:
                own = block
            block = script.blocks[block].parent
        return block if own is None else own, self.folders[block]

    def within(
        self,
        command: shell.Command,
        inner: shell.Inner,
        resolve: Callable[[shell.Word], str | None],
        folder: str | None,
        levels: int,
    ) -> Iterator[BuildCommand]:
        """`sh -c 'cd web && npm run build'`: a script of its own, whose `cd` and exports end with it."""
        finder = _Finder(folder)
        own = {a.name: resolve(a.value) for a in command.assignments if not env_writes.is_itself(a)}
        finder.given, finder.files = {**self.given, **own}, self.files
        yield from finder.find(shell.parse(inner.text, places=inner.places), levels)

    def fed(self, command: shell.Command, levels: int) -> Iterator[BuildCommand]:
        """`bash <<EOF`: the body is the script."""
        for redirection in command.redirections:
            if redirection.heredoc is not None and _reads_input(command.words[1:]):
                body = redirection.heredoc
                yield from self.find(shell.parse(body.body, origin=body.start), levels - 1)

    def found(
        self,
        command: shell.Command,
        verdict: Verdict,
        given: Mapping[str, str | None],
        folder: str | None,
        loaded: tuple[EnvWrite, ...],
    ) -> BuildCommand:
        """A command that builds, with what was noted so far."""
        text = " ".join(_shown(word) for word in command.words)
        start, end = command.words[0].start, command.words[-1].end
        return BuildCommand(verdict, text, start, max(start, end), folder, given, (*self.files, *loaded))

    def note(
        self,
        command: shell.Command,
        resolve: Callable[[shell.Word], str | None],
        assigned: dict[str, str | None],
        folder: str | None,
    ) -> None:
        """What a command leaves behind: exported variables, files of variables, what was sourced."""
        self.files.extend(env_writes.written(command, resolve, folder))
        if not command.words:
            assigned.update((a.name, resolve(a.value)) for a in command.assignments)
        elif command.name == "export":
            for word in command.words[1:]:
                name, equals, _ = word.prefix.partition("=")
                value = resolve(word)
                self.given[name] = (value[len(name) + 1 :] if value else None) if equals else assigned.get(name)


_NO = Verdict(NO)
_OWN_PROCESS = frozenset(("subshell", "substitution"))


def _foreign(body: str, start: int) -> tuple[BuildCommand, ...]:
    """A here-document that is run by another program than a shell: whether it builds is not known."""
    found = _SHEBANG.match(body)
    program = (found[2] if found[1].endswith("/env") and found[2] else found[1]).rpartition("/")[2] if found else "sh"
    if found is None or program in _SHELLS or "build" not in body:
        return ()
    verdict = Verdict(UNKNOWN, f"a script for `{program}` was not read")
    return (BuildCommand(verdict, found[0], start, start + found.end(), ".", {}, ()),)
