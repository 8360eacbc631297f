"""Where a RUN builds a frontend: `next build` in all its guises, what it is given on the way, and what is not known."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import shell
from fr_check.sources.build_tools import NO, UNKNOWN, YES, Verdict, by_name, judge, tools_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.dockerfile import Dockerfile, Instruction

__all__ = ("NO", "UNKNOWN", "YES", "BuildCommand", "in_dockerfile", "in_run", "in_script")

_ONLY_HEREDOC = pattern(r"\d*<<-?\s*[^\s<]+\s*\Z")
_SHEBANG = pattern(r"#!\s*(\S+)(?:[ \t]+(\S+))?")
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_ENV_FILE = pattern(r"(?:.*/)?\.env(?:\.[\w.-]+)?\Z")
_LEVELS = 6


class BuildCommand(NamedTuple):
    """A command that builds a frontend (`answer` YES), or may (UNKNOWN, with the `reason`).

    `text` is the command as written; `start` and `end` its offsets in the file. `given` are the variables that the
    script sets for it (None: to a value that is not known), `env_files` the `.env` files that the script writes
    before it, and `sourced` says that it reads a file of assignments before it.
    """

    answer: str
    text: str
    reason: str
    start: int
    end: int
    given: Mapping[str, str | None]
    env_files: tuple[str, ...]
    sourced: bool


class RunBuild(NamedTuple):
    """A build in a Dockerfile: the RUN, and the command in it."""

    instruction: Instruction
    command: BuildCommand
    span: Span


def in_dockerfile(
    dockerfile: Dockerfile, text: Text, *, prefixes: Iterable[str], scripts: Mapping[str, str] | None = None
) -> tuple[RunBuild, ...]:
    """All builds of a Dockerfile, in order, triggers of ONBUILD left out; see `in_run`."""
    found: list[RunBuild] = []
    for instruction in dockerfile.instructions:
        if instruction.keyword == "RUN":
            commands = in_run(instruction, prefixes=prefixes, scripts=scripts)
            found.extend(RunBuild(instruction, c, text.span(c.start, c.end)) for c in commands)
    return tuple(found)


def in_run(
    instruction: Instruction, *, prefixes: Iterable[str], scripts: Mapping[str, str] | None = None
) -> tuple[BuildCommand, ...]:
    """The commands of a RUN that build, or may.

    Args:
        instruction: The RUN: shell form, JSON form, or here-documents.
        prefixes: The prefixes of public variables, which tell the frameworks.
        scripts: The package scripts (name -> command line) of the folder it runs in; without it, `build` counts as
            a build, and other names that sound like one are unknown.
    """
    line = instruction.line
    start = instruction.argued
    if instruction.json is not None:
        text = " ".join("'" + word.replace("'", "'\\''") + "'" for word in instruction.json)
        place = line.at(start)
        return in_script(text, prefixes=prefixes, scripts=scripts, places=[place] * len(text))
    arguments = instruction.arguments
    heredocs = instruction.heredocs
    if len(heredocs) == 1 and _ONLY_HEREDOC.match(arguments):
        body = heredocs[0]
        return _body(body.body, body.start, prefixes, scripts)
    text = arguments
    places = line.places(start, start + len(arguments))
    for heredoc in heredocs:
        text += "\n" + heredoc.body + heredoc.name
        places += [heredoc.start, *range(heredoc.start, heredoc.end), *[heredoc.end] * len(heredoc.name)]
    return in_script(text, prefixes=prefixes, scripts=scripts, places=places)


def _body(
    body: str, start: int, prefixes: Iterable[str], scripts: Mapping[str, str] | None
) -> tuple[BuildCommand, ...]:
    """A here-document that is run: by the shell, or by what its first line names."""
    found = _SHEBANG.match(body)
    if found:
        program = (found[2] if found[1].endswith("/env") and found[2] else found[1]).rpartition("/")[2]
        if program not in _SHELLS:
            if "build" not in body:
                return ()
            reason = f"a script for `{program}` was not read"
            return (BuildCommand(UNKNOWN, found[0], reason, start, start + found.end(), {}, (), sourced=False),)
    return in_script(body, prefixes=prefixes, scripts=scripts, origin=start)


def in_script(
    script: str,
    *,
    prefixes: Iterable[str],
    scripts: Mapping[str, str] | None = None,
    places: Sequence[int] | None = None,
    origin: int = 0,
) -> tuple[BuildCommand, ...]:
    """The commands of a shell script that build, or may; `places` and `origin` as in `shell.parse`."""
    finder = _Finder(tools_for(prefixes), scripts)
    return tuple(finder.find(shell.parse(script, places=places, origin=origin), _LEVELS))


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
    def __init__(
        self,
        tools: Mapping[str, tuple[str, ...]],
        scripts: Mapping[str, str] | None,
        verdicts: dict[str, Verdict] | None = None,
        depth: int = 0,
    ) -> None:
        self.tools = tools
        self.scripts = scripts
        self.depth = depth
        self.verdicts = {} if verdicts is None else verdicts
        self.given: dict[str, str | None] = {}
        self.env_files: dict[str, None] = {}
        self.sourced = False

    def find(self, script: shell.Script, levels: int) -> Iterator[BuildCommand]:
        """Goes through a script in order, and remembers what it sets."""
        assigned: dict[str, str | None] = {}
        for outer, resolve in shell.walk(script):
            self.note(outer, resolve, assigned)
            for command in shell.unwrap(outer):
                verdict = self.verdict(_resolved(command.words, resolve))
                if verdict.answer != NO and not command.test:
                    own = {a.name: resolve(a.value) for a in command.assignments}
                    yield self.found(command, verdict, {**self.given, **own})
            if levels and outer.name is not None and outer.name.rpartition("/")[2] in _SHELLS:
                yield from self.fed(outer, levels)

    def fed(self, command: shell.Command, levels: int) -> Iterator[BuildCommand]:
        """`bash <<EOF`: the body is the script."""
        for redirection in command.redirections:
            if redirection.heredoc is not None and _reads_input(command.words[1:]):
                body = redirection.heredoc
                yield from self.find(shell.parse(body.body, origin=body.start), levels - 1)

    def found(self, command: shell.Command, verdict: Verdict, given: Mapping[str, str | None]) -> BuildCommand:
        text = " ".join(_shown(word) for word in command.words)
        start, end = command.words[0].start, command.words[-1].end
        return BuildCommand(
            verdict.answer, text, verdict.reason, start, max(start, end), given, tuple(self.env_files), self.sourced
        )

    def note(
        self, command: shell.Command, resolve: Callable[[shell.Word], str | None], assigned: dict[str, str | None]
    ) -> None:
        """What a command leaves behind: exported variables, `.env` files, files that were sourced."""
        for redirection in command.redirections:
            target = redirection.target and resolve(redirection.target)
            if target and redirection.operator in {">", ">>", ">|"} and _ENV_FILE.match(target):
                self.env_files[target] = None
        if not command.words:
            assigned.update((a.name, resolve(a.value)) for a in command.assignments)
        elif command.name == "export":
            for word in command.words[1:]:
                name, equals, _ = word.prefix.partition("=")
                value = resolve(word)
                self.given[name] = (value[len(name) + 1 :] if value else None) if equals else assigned.get(name)
        elif command.name in {".", "source"}:
            self.sourced = True
        elif command.name in {"cp", "mv", "tee"}:
            target = resolve(command.words[-1])
            if target and _ENV_FILE.match(target):
                self.env_files[target] = None

    def verdict(self, words: Sequence[str | None]) -> Verdict:
        """What a command line is; package scripts are followed where they are known."""
        verdict = judge(words, self.tools)
        if not verdict.script:
            return verdict
        script = self.scripts.get(verdict.script) if self.scripts is not None else None
        if script is None:
            return by_name(verdict.script)
        if self.depth > _LEVELS:
            return Verdict(UNKNOWN, f"the package script `{verdict.script}` stands at the end of too many others")
        if verdict.script not in self.verdicts:
            # What runs itself is not known; every script is gone through once.
            self.verdicts[verdict.script] = Verdict(UNKNOWN, f"the package script `{verdict.script}` runs itself")
            finder = _Finder(self.tools, self.scripts, self.verdicts, self.depth + 1)
            found = list(finder.find(shell.parse(script), 0))
            first = next((build for answer in (YES, UNKNOWN) for build in found if build.answer == answer), None)
            self.verdicts[verdict.script] = Verdict(first.answer, first.reason) if first else Verdict(NO)
        return self.verdicts[verdict.script]
