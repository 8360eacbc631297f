"""Commands that pyproject.toml holds for task runners: hatch, PDM, poethepoet, taskipy, tox, rye; and tox.toml.

Any string below one of the tables in PLACES counts as a command, and any list of strings as the words of one.
"""

from __future__ import annotations

from functools import partial

from fr_check.sources import toml_places
from fr_check.sources.thresholds import commands, scripts
from fr_check.sources.thresholds.model import Word
from fr_check.sources.thresholds.tasks import Task, Tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.toml_places import Path, Toml

FILES = frozenset(("pyproject.toml", "tox.toml"))
PLACES: tuple[Path, ...] = (
    ("tool", "hatch", "envs"),
    ("tool", "pdm", "scripts"),
    ("tool", "poe", "tasks"),
    ("tool", "taskipy", "tasks"),
    ("tool", "tox"),
    ("tool", "rye", "scripts"),
)
_LIMIT = 2000  # commands of one file


def parse(text: Text) -> Tasks:
    """Reads one pyproject.toml or tox.toml; a file without `cov` in it has nothing to say here."""
    if "cov" not in text.string:
        return Tasks()
    document = text.parsed(toml_places.parse)
    tasks = []
    for place in ((),) if text.path.endswith("tox.toml") else PLACES:
        for path, value in _leaves(document.get(*place), place):
            steps = _steps(text, document, path, value)
            if steps:
                name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
                tasks.append(Task(name, steps, (), steps[0].span))
    return Tasks(tuple(tasks))


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every string, and every list of strings, below a table, with its path."""
    stack: list[tuple[Path, Any]] = [(path, value)]
    for _ in range(_LIMIT):
        if not stack:
            return
        path, value = stack.pop()
        if isinstance(value, str) or (isinstance(value, list) and value and all(isinstance(one, str) for one in value)):
            yield path, value
        elif isinstance(value, dict):
            stack += [((*path, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            stack += [((*path, index), inner) for index, inner in reversed([*enumerate(value)])]


def _steps(text: Text, document: Toml, path: Path, value: str | list[str]) -> tuple[scripts.Step, ...]:
    span = document.span(*path)
    if span is None:
        return ()
    if isinstance(value, str):
        return scripts.read(value, partial(_inside, text, span, value)).steps
    words = [Word(one, document.span(*path, index) or span) for index, one in enumerate(value)]
    invocation, delegate = commands.read(words)
    if invocation is not None:
        return (scripts.Step(invocation, delegate, "", "", words[0].span),)
    # A list of commands, not of words.
    places = ((one, document.span(*path, index) or span) for index, one in enumerate(value) if " " in one)
    return tuple(step for one, place in places for step in scripts.read(one, partial(_inside, text, place, one)).steps)


def _inside(text: Text, span: Span, value: str, start: int, end: int) -> Span:
    """A place within a one-line string without escapes; else the whole string's."""
    first, last = text.offset(span.line, span.column), text.offset(span.end_line, span.end_column)
    if last - first - 2 != len(value):
        return span
    return text.span(first + 1 + start, first + 1 + end)
