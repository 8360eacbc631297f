"""Shell scripts, wherever they stand: each command that measures or judges coverage, or hands on to something else."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.thresholds import commands
from fr_check.sources.thresholds.model import Word, number
from fr_check.sources.thresholds.variables import Variable, variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.shell import Command, Script
    from fr_check.sources.thresholds.delegates import Delegate
    from fr_check.sources.thresholds.options import Invocation

# Texts without which a command neither measures coverage nor hands on to what may; a script without any is not parsed.
_TOOLS = ("cov", "COV", "pytest", "vitest", "jest", "nyc")
_RUNNERS = ("tox", "nox", "make", "moon", "just", "npm", "yarn", "bun", "task", "hatch", "invoke", "turbo", "poe")
_HINTS = (*_TOOLS, *_RUNNERS, "fail-under", "py.test", ".sh", ".py", "./", "/bin/")
_WORDS = ("c8", "nx")  # too short to be looked for within words
_MOVES = ("cd", "pushd")
_SHEBANG = pattern(r"#![^\n]{0,60}sh\b")

_RCFILE = "COVERAGE_RCFILE"
_STEPS = 500  # commands of one script; what excuses each is looked for in all that stand before it


class Step(NamedTuple):
    """One command of a script. `folder` is relative to where the script starts; None where a `cd` is not known.

    `excuse` says why a failure would not fail the script, as a phrase; `added` are words of PYTEST_ADDOPTS before it.
    """

    invocation: Invocation | None
    delegate: Delegate | None
    folder: str | None
    excuse: str
    span: Span


class Steps(NamedTuple):
    """A script's commands that matter here, the thresholds it sets as variables, and whether others run as well."""

    steps: tuple[Step, ...] = ()
    variables: tuple[Variable, ...] = ()
    commands: tuple[str, ...] = ()


def parse(text: Text) -> Steps:
    """Reads a shell script file; one that names no tool of coverage is not parsed."""
    if not any(name in text.string for name in _TOOLS):
        return Steps()
    if not (text.path.endswith((".sh", ".bash")) or _SHEBANG.match(text.string)):
        return Steps()
    return read(text.string, text.span)


def may_matter(string: str, words: Iterable[str] = _WORDS) -> bool:
    """Whether a command or script holds a text, or one of some words, without which nothing is read from it."""
    return any(hint in string for hint in _HINTS) or any(word in string and _stands(word, string) for word in words)


def _stands(word: str, string: str) -> bool:
    """Whether a word stands in a text, not only within others."""
    at = string.find(word)
    while at >= 0:
        around = string[max(0, at - 1) : at] + string[at + len(word) : at + len(word) + 1]
        if not any(character.isalnum() or character == "_" for character in around):
            return True
        at = string.find(word, at + 1)
    return False


def read(script: str, place: Callable[[int, int], Span]) -> Steps:
    """Reads a script; `place` gives the span of offsets [start, end) of it."""
    if not may_matter(script):
        return Steps()
    from fr_check.sources import shell  # noqa: PLC0415 - only for a script that may be about coverage
    from fr_check.sources.shell.failures import Statuses  # noqa: PLC0415
    from fr_check.sources.shell.flags import of_step  # noqa: PLC0415

    found = shell.parse(script)
    statuses = Statuses(found, of_step(None))
    steps: list[Step] = []
    variables: list[Variable] = []
    names: list[str] = []
    folders: dict[int, str | None] = {-1: ""}
    rcfile = ""
    for command, resolve in shell.walk(found):
        for assignment in command.assignments:
            if "COV" not in assignment.name.upper():
                continue
            limit = number(resolve(assignment.value) or "")
            known = variable(assignment.name, limit, place(assignment.start, assignment.end))
            variables.extend([known] if known else [])
        if command.name is not None:
            names.append(command.name)
        if not command.words or len(steps) >= _STEPS:
            continue
        if not may_matter(script[command.start : command.end], (*_WORDS, *_MOVES)):
            continue
        words = [
            Word(value if (value := resolve(word)) is not None else word.raw, place(word.start, word.end))
            for word in command.words
        ]
        if words[0].string in {"cd", "pushd"}:
            folders[command.block] = _moved(_folder(found, command, folders), words)
            continue
        if words[0].string == "export":
            variables.extend(_exported(words[1:]))
            rcfile = next(
                (word.string[len(_RCFILE) + 1 :] for word in words if word.string.startswith(f"{_RCFILE}=")), rcfile
            )
        invocation, delegate = commands.read(words)
        if invocation is None and delegate is None:
            continue
        invocation = configured_by(invocation, _own_rcfile(command, resolve) or rcfile)
        span = place(command.start, command.end)
        loss = statuses.of(command)
        excuse = "" if loss is None else loss.phrase
        steps.append(Step(invocation, delegate, _folder(found, command, folders), excuse, span))
    return Steps(tuple(steps), tuple(variables), tuple(names))


def configured_by(invocation: Invocation | None, rcfile: str) -> Invocation | None:
    """A run with the configuration file that COVERAGE_RCFILE names; an option beats it."""
    python = invocation is not None and invocation.tool in {"coverage", "pytest"}
    return invocation._replace(config=invocation.config or rcfile) if python and invocation is not None else invocation


def _own_rcfile(command: Command, resolve: Callable[..., str | None]) -> str:
    named = (resolve(one.value) or "" for one in command.assignments if one.name == _RCFILE)
    return next(named, "")


def _folder(script: Script, command: Command, folders: dict[int, str | None]) -> str | None:
    """Where a command runs: the last `cd` of its block, or of the nearest block around it that has one."""
    block = command.block
    while block not in folders:
        block = script.blocks[block].parent
    return folders[block]


def _moved(folder: str | None, words: Sequence[Word]) -> str | None:
    target = words[1].string if len(words) > 1 else None
    if target is None or folder is None or "$" in target or target.startswith(("/", "~", "-")) or "`" in target:
        return None
    return posixpath.normpath(posixpath.join(folder, target)) if target not in {"", "."} else folder


def _exported(words: Sequence[Word]) -> list[Variable]:
    found = []
    for word in words:
        name, equals, value = word.string.partition("=")
        known = variable(name, number(value), word.span) if equals else None
        found.extend([known] if known else [])
    return found
