"""moon.yml and .moon/tasks.yml: `tasks.NAME` with `command` or `script`, string or list, `args`, `deps`, `env`.

Source: https://moonrepo.dev/docs/config/tasks.
"""

from __future__ import annotations

import re

from fr_check.sources import yaml_tree
from fr_check.sources.tasks.model import Script, Task, Tasks, of_words
from fr_check.sources.yaml_tree import Scalar, entries, get, items, string, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.tasks.model import Locate
    from fr_check.sources.yaml_tree import Node


def parse(text: Text) -> Tasks:
    """Reads one file."""
    document = text.parsed(yaml_tree.parse)
    tasks: list[Task] = []
    environments = []
    for name, entry in entries(get(document.root, "tasks")).items():
        found = (commanded(get(entry.value, key), get(entry.value, "args")) for key in ("command", "script"))
        needs = tuple(string(item) or string(get(item, "target")) or "" for item in items(get(entry.value, "deps")))
        env = entries(get(entry.value, "env"))
        known = {key: value for key, one in env.items() if (value := string(one.value)) is not None}
        scripts = tuple(one for one in found if one is not None)
        tasks.append(Task(name, scripts, needs, entry.key.span, known, weak=True))
        environments.append(env)
    return Tasks(tuple(tasks), tuple(environments), document.problems)


def commanded(node: Node | None, args: Node | None) -> Script | None:
    """A command, written as a text or as its words, with more words behind it."""
    if node is None:
        return None
    rest = words(args)
    if isinstance(node, Scalar) and not rest:
        return Script(node.value, node.locate)
    found = [*words(node), *rest]
    return of_words(found) if found else None


def words(node: Node | None) -> list[tuple[str, Locate]]:
    """The words of a text or a list."""
    if isinstance(node, Scalar):
        return [(piece[0], _shifted(node, piece.start())) for piece in re.finditer(r"\S+", node.value)]
    return [(scalar.value, scalar.locate) for scalar in strings(node)]


def _shifted(node: Scalar, shift: int) -> Locate:
    return lambda start, end: node.locate(shift + start, shift + end)
