"""The commands of one script in the order in which they run: loops as often as they turn, functions where called.

Offsets are those of the script. Nothing is run; what depends on what only a run would know is None. Folders are
relative to the workspace, or absolute with `WORKSPACE` or `REPOSITORY` at their head.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from fr_check.core.budget import Budget
from fr_check.core.record import NamedTuple
from fr_check.runs.model import Assigned, Loaded, Ran, Start
from fr_check.sources import shell
from fr_check.sources.build_context import REPOSITORY, WORKSPACE, absolute
from fr_check.sources.docker_options import Token
from fr_check.sources.docker_uses import moved
from fr_check.sources.shell.failures import Loss, Statuses
from fr_check.sources.shell.tested import failing
from fr_check.sources.shells import with_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.runs.model import Lost
    from fr_check.sources.shell import Command, Expansion, Word
    from fr_check.sources.shell.wrappers import Inner

    Resolve = Callable[[Word], str | None]

# What stands in these may not run.
_BRANCHES = frozenset(("branch", "body", "condition", "function"))
STEP_LIMIT = 20_000
"""Commands that all of what is followed may come to, each as often as it is reached; 3,859 in the largest of 60."""
_MOVES = frozenset(("cd", "pushd", "popd"))
_DEPTH = 8
_LEVELS = 8
_PATTERN = frozenset("*?[{")


def commands(
    script: str,
    start: Start = Start(),  # noqa: B008 - a tuple
    places: Sequence[int] | None = None,
    budget: Budget | None = None,
) -> tuple[Ran, ...]:
    """Every command of a script; `places` as in `shell.parse`.

    Each command counts in `budget`, as often as loops and calls of functions come to it. Where it does not cover all
    turns of a loop, the loop turns once, for a word that is not known; where it is spent, the script ends.

    Several checkers follow the same steps, and so does each commit of a history: the commands of a script are kept,
    with the expressions that it asked for and their values.
    """
    at = None if places is None else tuple(places)
    budget = budget or Budget(steps=STEP_LIMIT)
    if budget.spent:
        return ()
    known = _known(script, start, at)
    if known is not None and budget.covers(known.steps):
        budget.step(known.steps)
        return known.ran
    return tuple(_Walker(_parsed(script, at, budget), start, (), budget).walk())


class _Walked(NamedTuple):
    """The commands of a script where no budget runs out, the expressions that it asked for, and its steps."""

    asked: Mapping[str, str | None]
    ran: tuple[Ran, ...]
    steps: int


def _known(script: str, start: Start, places: tuple[int, ...] | None) -> _Walked | None:
    """The commands of a script by itself; None where that is too much."""
    environment = tuple(start.environment.items())
    kept = _kept(script, start.directory, environment, start.arguments, start.shell, places)
    evaluate = start.expressions or _unknown
    for walked in kept:
        if all(evaluate(text) == value for text, value in walked.asked.items()):
            return walked
    answers: dict[str, str | None] = {}

    def asking(text: str) -> str | None:
        if text not in answers:
            answers[text] = evaluate(text)
        return answers[text]

    budget = Budget(steps=STEP_LIMIT)
    walker = _Walker(_parsed(script, places, budget), start._replace(expressions=asking), (), budget)
    walked = _Walked(answers, tuple(walker.walk()), budget.taken)
    if budget.spent or budget.refused:
        return None
    kept.append(walked)
    return walked


@lru_cache(maxsize=512)
def _kept(*key: object) -> list[_Walked]:
    """What a script came to, each time that its expressions had other values."""
    del key
    return []


def _unknown(text: str) -> None:
    """Nobody evaluates expressions."""
    del text


def _parsed(script: str, places: tuple[int, ...] | None, budget: Budget) -> shell.Script:
    """A script; one that is not read whole is more than any budget covers."""
    read = shell.parse(script, places=places)
    if not read.is_whole:
        budget.step(STEP_LIMIT + 1)
    return read


class _Walker:
    def __init__(
        self, script: shell.Script, start: Start, losses: tuple[Lost, ...], budget: Budget, depth: int = 0
    ) -> None:
        self.script = script
        self.start = start
        values: dict[str, str | None] = {"GITHUB_WORKSPACE": WORKSPACE, "PWD": absolute(start.directory)}
        values.update(start.environment)
        values.update(_positional(start.arguments))
        self.scopes = shell.Scopes(script, values, self.outside)
        self.here = start.directory
        self.folders: dict[int, str | None] = {-1: start.directory}
        self.left: list[str | None] = []
        self.arrays: dict[str, list[tuple[Word, bool]]] = {}
        self.exported: dict[str, str | None] = {}
        self.exporting = False
        self.loaded: tuple[Loaded, ...] = ()
        self.arguments = start.arguments
        self.functions: dict[str, int] = {}
        self.entered: set[int] = set()
        self.budget = budget
        self.depth = depth
        self.opened = 0
        self.losses = losses
        self.statuses = Statuses(script, start.shell)

    def walk(self) -> Iterator[Ran]:
        """Goes through the script in order, then through the functions that nothing in it calls."""
        yield from self.section(-1, None)
        tried: set[int] = set()
        # A function may define further ones.
        while left := [block for block in self.functions.values() if block not in self.entered | tried]:
            tried.update(left)
            for block in left:
                self.arguments = None
                yield from self.section(block, {})

    def section(self, block: int, own: dict[str, str | None] | None) -> Iterator[Ran]:
        """The commands of a block, loops and functions in it as often as they run."""
        self.entered.add(block)
        # Each command is handed up through all that is open around it.
        if not self.budget.step(len(self.scopes.commands(block)) * (1 + self.opened // _LEVELS)):
            return
        self.opened += 1
        passed: set[int] = set()
        for outer, resolve in self.scopes.section(block, own):
            inner = self.between(outer, block)
            if inner is not None:
                if inner not in passed:
                    passed.add(inner)
                    yield from self.enter(inner, resolve)
                continue
            self.here, changed = self.folder(outer)
            self.note(outer, resolve)
            yield from self.command(outer, resolve, changed)
        self.opened -= 1

    def between(self, command: Command, block: int) -> int | None:
        """The outermost loop over words, or function, that a command of a block stands in, within that block."""
        found = None
        at = command.block
        while at not in {block, -1}:
            if self.script.blocks[at].kind in {"for", "function"}:
                found = at
            at = self.script.blocks[at].parent
        return found

    def enter(self, block: int, resolve: Resolve) -> Iterator[Ran]:
        """A function, which runs when it is called, or a loop: once for each of its words, if they are known."""
        found = self.script.blocks[block]
        if found.kind == "function":
            self.functions[found.name] = block
            return
        values = [resolve(word) for word in found.words]
        # A pattern stands for files, which are looked for when it runs.
        known = all(value is not None and not _PATTERN.intersection(value) for value in values)
        cost = len(values) * len(self.scopes.commands(block))
        for value in values if known and cost and self.budget.covers(cost) else [None]:
            yield from self.turn(block, {found.name: value})

    def turn(self, block: int, own: dict[str, str | None]) -> Iterator[Ran]:
        """One turn of a loop, or one call of a function: what it moves to in a process of its own is forgotten."""
        self.folders = {at: folder for at, folder in self.folders.items() if not self.script.inside(at, block)}
        yield from self.section(block, own)

    def command(self, outer: Command, resolve: Resolve, block: int) -> Iterator[Ran]:
        """One simple command; a `cd` changes the folder of `block`."""
        peeled = shell.peel(outer)
        command = peeled.command
        losses = (*self.losses, lambda: self.statuses.of(outer, failing(command.words)))
        inner = shell.inner_script(command)
        for word in peeled.moves:
            self.here = moved(self.here, resolve(word))
        if inner is not None and self.depth < _DEPTH:
            yield from self.nested(inner, outer.block, resolve, losses)
            return
        name = self.named(command, resolve)
        base = name.rpartition("/")[2]
        words = tuple(self.tokens(command, resolve))
        if base in {"set", ".", "source"}:
            self.sourced(base, words[1:])
        if base in _MOVES:
            self.move(base, words[1:], block)
        elif name in self.functions and self.depth < _DEPTH and not self.budget.spent:
            outside, given = self.arguments, tuple(token.value for token in words[1:])
            kept, self.losses = self.losses, losses
            self.arguments = given
            self.depth += 1
            yield from self.turn(self.functions[name], _positional(given))
            self.depth -= 1
            self.arguments, self.losses = outside, kept
        elif not command.test:
            own = tuple(Assigned(a.name, resolve(a.value), a.start, a.end) for a in command.assignments)
            loaded = (
                (*self.loaded, *self.loads(outer, resolve))
                if "env" in peeled.via or peeled.via == "uv"
                else self.loaded
            )
            yield Ran(
                name,
                words,
                self.here,
                own,
                self.exported,
                losses,
                self.start.shell,
                peeled.via,
                outer.start,
                outer.end,
                loaded,
            )

    def nested(self, inner: Inner, block: int, resolve: Resolve, losses: tuple[Lost, ...]) -> Iterator[Ran]:
        """The commands of `sh -c SCRIPT`: a process of its own, with a shell of its own."""
        script = shell.parse(inner.text, places=inner.places)
        values = {read.name: self.scopes.get(block, read.name) for read in script.reads}
        known = {**self.exported, **{name: value for name, value in values.items() if value is not None}}
        flags = [word.literal for word in inner.flags]
        if inner.forgets:
            whole = Loss("`script` without `-e`, which ends with 0,", inner.flags[0].start, inner.flags[-1].end)
            losses = (*losses, lambda: whole)
        given = tuple(resolve(word) for word in inner.arguments)
        start = self.start._replace(
            directory=self.here,
            environment={**self.start.environment, **known},
            arguments=given[1:],
            shell=self.start.shell if inner.name == "eval" else with_flags(inner.name, [] if inner.handed else flags),
        )
        yield from _Walker(script, start, losses, self.budget, self.depth + 1).walk()

    def named(self, command: Command, resolve: Resolve) -> str:
        """A command's name; of `$X/build.sh` the end."""
        if not command.words:
            return ""
        name = command.name or resolve(command.words[0])
        tail = command.words[0].parts[-1] if name is None else ""
        return name if name is not None else tail if isinstance(tail, str) and "/" in tail else ""

    def note(self, command: Command, resolve: Resolve) -> None:
        """Arrays that a command fills, and variables that it exports."""
        for assignment in command.assignments:
            if assignment.elements is not None:
                if assignment.operator != "+=":
                    self.arrays[assignment.name] = []
                doubtful = not _BRANCHES.isdisjoint(self.script.kinds(command))
                elements = ((word, doubtful) for word in assignment.elements)
                self.arrays.setdefault(assignment.name, []).extend(elements)
            elif self.exporting and not command.words:
                self.exported = {**self.exported, assignment.name: resolve(assignment.value)}
        for word in command.words[1:] if command.name == "export" else ():
            name, _, _ = word.prefix.partition("=")
            value = resolve(word)
            self.exported = {**self.exported, name: None if value is None else value.partition("=")[2]}

    def sourced(self, name: str, words: Sequence[Token]) -> None:
        """`set -a`, after which what is assigned is exported, and files that the shell itself reads."""
        first = words[0].value if words else None
        if (
            name == "set"
            and first in {"-a", "+a", "-o", "+o"}
            and (first[1] == "a" or (words[1:2] and words[1].value == "allexport"))
        ):
            self.exporting = first[0] == "-"
        elif name in {".", "source"} and words:
            path = moved(self.here, first)
            self.loaded = (*self.loaded, Loaded(path, "all" if self.exporting else "marked"))

    def loads(self, outer: Command, resolve: Resolve) -> Iterator[Loaded]:
        """The files that a wrapper reads for the command that it runs: `uv run --env-file`, `dotenv -f`, `env-cmd`."""
        from fr_check.sources import env_writes  # noqa: PLC0415 - few commands are wrapped so

        yield from (Loaded(one.path, "loads") for one in env_writes.loaded(outer, resolve, self.here))

    def move(self, name: str, tokens: Sequence[Token], block: int) -> None:
        """`cd`, `pushd`, `popd`."""
        target = next((token.value for token in tokens if not (token.value or "").startswith("-")), None)
        if name == "pushd":
            self.left.append(self.here)
        known = self.left.pop() if name == "popd" and self.left else moved(self.here, target)
        self.folders[block] = known

    def folder(self, command: Command) -> tuple[str | None, int]:
        """The folder a command runs in, and the block whose folder a `cd` here changes."""
        block = command.block
        own = None
        while block >= 0:
            if block in self.folders:
                return self.folders[block], block if own is None else own
            if own is None and self.script.blocks[block].kind in {"subshell", "substitution"}:
                own = block
            block = self.script.blocks[block].parent
        return self.folders[-1], -1 if own is None else own

    def tokens(self, command: Command, resolve: Resolve) -> list[Token]:
        """What the words of a command become."""
        return [token for word in command.words for token in self.expanded(word, resolve)]

    def expanded(self, word: Word, resolve: Resolve) -> Iterator[Token]:
        """What a word becomes: usually one token, several for an array or an unquoted list of options."""
        part = word.expansions[0] if len(word.parts) == 1 and word.expansions else None
        if part is not None and part.kind == "variable" and part.name in self.arrays:
            for element, doubtful in self.arrays[part.name]:
                value = self.value(element, resolve)
                yield Token(value, element.start, element.end, element.prefix, doubtful, element.raw)
            return
        if part is not None and part.name in {"@", "*"}:
            given = (None,) if self.arguments is None else self.arguments
            yield from (Token(value, word.start, word.end, raw=word.raw) for value in given)
            return
        value = self.value(word, resolve)
        if value is not None and part is not None and not word.raw.startswith('"'):
            yield from (Token(piece, word.start, word.end, raw=piece) for piece in value.split())
            return
        yield Token(value, word.start, word.end, word.prefix, raw=word.raw)

    def value(self, word: Word, resolve: Resolve) -> str | None:
        """A word's value, `$PWD` as it is by now."""
        here = absolute(self.here)
        if here is not None and any(part.name == "PWD" and not part.operator for part in word.expansions):
            parts = (here if not isinstance(part, str) and part.name == "PWD" else part for part in word.parts)
            word = word._replace(parts=tuple(parts))
        return resolve(word)

    def outside(self, part: Expansion, commands: tuple[Command, ...], resolve: Resolve) -> str | None:
        """The value of an expression, or the folder that commands print: `$(cd "$(dirname "$0")/.." && pwd)`."""
        if part.kind == "expression":
            return self.start.expressions(f"${{{{ {part.name} }}}}") if self.start.expressions else None
        where, printed = self.here, None
        for command in commands:
            name = (command.name or "").rpartition("/")[2]
            words = [resolve(word) for word in command.words[1:]]
            operand = next((word for word in words if word is None or not word.startswith("-")), None)
            if name in {"cd", "pushd"}:
                where = moved(where, operand)
            elif name == "pwd":
                printed = absolute(where)
            elif name == "dirname" and operand is not None:
                printed = posixpath.dirname(operand) or "."
            elif name in {"realpath", "readlink"}:
                printed = absolute(moved(where, operand))
            elif name == "git" and words == ["rev-parse", "--show-toplevel"]:
                printed = REPOSITORY
            else:
                return None
        return printed


def _positional(arguments: tuple[str | None, ...] | None) -> dict[str, str | None]:
    """`$1`, `$2`, ... by name."""
    return {str(number): value for number, value in enumerate(arguments or (), 1)}
