"""What every task file is read into: tasks by name, the scripts that each hands to a shell, and what runs first."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.shells import NONE, SH, Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fr_check.core.model import Problem, Span
    from fr_check.core.text import Text
    from fr_check.sources.yaml_tree import Entry

    Locate = Callable[[int, int], Span]

OPAQUE = "${{ }}"
"""Stands in a script for what the task runner puts there and nobody can tell: to the shell reader, part of a word."""
_WORD = pattern(r"[\w@%+=:,./-]+")
_OPERATORS = frozenset("|&;<>()`")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-*[]{}$~!^")


class Ignored(NamedTuple):
    """Why a task runner goes on where a script fails, as a phrase, and where that is written."""

    phrase: str
    span: Span


class Script(NamedTuple):
    """What one shell gets. `locate` gives the place of offsets [start, end) of `string`.

    `folder` is where it runs, counted from the task's own folder (None: not known).
    """

    string: str
    locate: Locate
    shell: Shell = SH
    ignored: Ignored | None = None
    folder: str | None = ""


class Task(NamedTuple):
    """`needs` are the tasks that run as well, by the names that the file uses for them; `env` what it sets.

    `passed` are patterns of the variables that the runner hands on from its own environment; None: all of it.
    `ignored`: why a failure of what it needs is passed over. `weak`: what the runner itself has is over `env`.
    `loads` are files of variables that fill what is unset, the first of them first, each with its place. `appends`: the
    words behind its name are put at the end of its script.
    """

    name: str
    scripts: tuple[Script, ...]
    needs: tuple[str, ...]
    span: Span
    env: Mapping[str, str | None] = {}
    passed: tuple[str, ...] | None = None
    ignored: Ignored | None = None
    weak: bool = False
    loads: tuple[tuple[str, Span], ...] = ()
    appends: bool = False

    def handed(self, environment: Mapping[str, str | None]) -> dict[str, str | None]:
        """What the runner hands on of its own environment, with what the task sets."""
        passed = self.passed
        if passed is None:
            return {**self.env, **environment} if self.weak else {**environment, **self.env}
        from fnmatch import fnmatchcase  # noqa: PLC0415 - only tox names them

        held = {
            name: value
            for name, value in environment.items()
            if any(fnmatchcase(name.upper(), one.upper()) for one in passed)
        }
        return {**held, **self.env}


class Tasks(NamedTuple):
    """Everything one file runs. `environments` are its blocks of variables, with their places."""

    tasks: tuple[Task, ...] = ()
    environments: tuple[dict[str, Entry], ...] = ()
    problems: tuple[Problem, ...] = ()

    def named(self, name: str) -> tuple[Task, ...]:
        """The tasks of a name."""
        return tuple(task for task in self.tasks if task.name == name)


def with_words(task: Task, arguments: Sequence[str | None]) -> Task:
    """A task whose last script gets more words, as package managers put them behind it."""
    if not arguments or not task.scripts:
        return task
    words = (
        "${{ }}" if one is None else one if _WORD.fullmatch(one) else "'" + one.replace("'", "'\\''") + "'"
        for one in arguments
    )
    last = task.scripts[-1]
    string = f"{last.string} {' '.join(words)}"
    end = len(last.string)
    script = last._replace(string=string, locate=lambda a, b: last.locate(min(a, end), min(b, end)))
    return task._replace(scripts=(*task.scripts[:-1], script))


def of_words(words: Sequence[tuple[str, Locate]], shell: Shell = NONE) -> Script:
    """Words that are started as they are, as a script that a shell would start them by; each has its own place."""
    starts, pieces, length = [], [], 0
    for string, _ in words:
        quoted = string if string and _PLAIN.issuperset(string.replace(OPAQUE, "")) else _quoted(string)
        starts.append(length)
        pieces.append(quoted)
        length += len(quoted) + 1

    def locate(start: int, end: int) -> Span:
        first, last = _at(starts, start), _at(starts, max(start, end - 1))
        head = words[first][1](0, len(words[first][0]))
        if first == last:
            shift = 0 if pieces[first] == words[first][0] else 1
            return words[first][1](max(0, start - starts[first] - shift), max(0, end - starts[first] - shift))
        tail = words[last][1](0, len(words[last][0]))
        return head._replace(end_line=tail.end_line, end_column=tail.end_column)

    return Script(" ".join(pieces), locate, shell)


def of_lines(lines: Sequence[tuple[str, Locate]], shell: Shell = SH) -> Script:
    """Lines that one shell runs one after the other."""
    starts, length = [], 0
    for string, _ in lines:
        starts.append(length)
        length += len(string) + 1

    def locate(start: int, end: int) -> Span:
        at = _at(starts, start)
        return lines[at][1](start - starts[at], min(end - starts[at], len(lines[at][0])))

    return Script("\n".join(string for string, _ in lines), locate, shell)


def of_places(string: str, places: Sequence[int], text: Text, shell: Shell = SH) -> Script:
    """A script put together of pieces of a file: the offset in `text` of each character is in `places`."""

    def locate(start: int, end: int) -> Span:
        if not places:
            return text.span(0, 0)
        first = places[min(start, len(places) - 1)]
        last = places[min(max(start, end - 1), len(places) - 1)]
        return text.span(first, max(first, last + (end > start)))

    return Script(string, locate, shell)


def without_shell(string: str, places: Sequence[int]) -> tuple[str, list[int]]:
    """A line that is cut into words and started without a shell, as a shell would start the same words.

    What would be an operator is part of a word: `pytest || true` gives pytest two words more. `places` are the
    offsets of the characters.
    """
    if _OPERATORS.isdisjoint(string):
        return string, [*places]
    pieces: list[str] = []
    kept: list[int] = []
    quote = before = ""
    for character, place in zip(string, places, strict=True):
        escaped = before == "\\" and quote != "'"
        if character in _OPERATORS and not quote and not escaped:
            pieces.append("\\")
            kept.append(place)
        elif character in {"'", '"'} and not escaped and quote in {"", character}:
            quote = "" if quote else character
        pieces.append(character)
        kept.append(place)
        before = "" if escaped else character
    return "".join(pieces), kept


def _at(starts: Sequence[int], offset: int) -> int:
    return max(0, bisect_right(starts, offset) - 1)


def _quoted(string: str) -> str:
    """In single quotes, in which the shell reader still sees what is opaque."""
    return "'" + string.replace("'", "'\\''") + "'"
