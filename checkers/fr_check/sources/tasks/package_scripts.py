"""The scripts of package.json, each of which a shell runs in the package's folder.

A script's text stands in the file with JSON's escapes; places are exact where it has none, else the whole text's.
"""

from __future__ import annotations

from functools import partial

from fr_check.sources.tasks.model import Script, Task, Tasks
from fr_check.sources.thresholds.literals import Literal, literals_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text

_DEPTH = 2  # scripts.NAME


def parse(text: Text) -> Tasks:
    """Reads one file."""
    found = [item for item in literals_of(text) if len(item.path) == _DEPTH and item.path[0] == "scripts"]
    scripts = (item for item in found if item.kind == "string")
    return Tasks(tuple(_task(text, item) for item in scripts))


def _task(text: Text, item: Literal) -> Task:
    return Task(item.path[1], (Script(item.value, partial(_inside, text, item)),), (), item.span(text))


def _inside(text: Text, item: Literal, start: int, end: int) -> Span:
    if item.end - item.start - 2 != len(item.value):
        return item.span(text)
    return text.span(item.start + 1 + start, item.start + 1 + end)
