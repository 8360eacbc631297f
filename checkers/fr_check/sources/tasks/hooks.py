"""Hooks of .pre-commit-config.yaml: `entry` and `args`, which are started without a shell, in the repository's root.

Source: https://pre-commit.com/#plugins. `needs` are a hook's stages (none: those of every commit), since a run names
either hooks or a stage.
"""

from __future__ import annotations

from fr_check.sources import yaml_tree
from fr_check.sources.shells import NONE
from fr_check.sources.tasks.model import Task, Tasks
from fr_check.sources.tasks.moon import commanded
from fr_check.sources.yaml_tree import get, items, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text


def parse(text: Text) -> Tasks:
    """Reads one file."""
    document = text.parsed(yaml_tree.parse)
    tasks = []
    default = get(document.root, "default_stages")
    for repository in items(get(document.root, "repos")):
        for hook in items(get(repository, "hooks")):
            script = commanded(get(hook, "entry"), get(hook, "args"))
            scripts = () if script is None else (script._replace(shell=NONE),)
            stages = tuple(string(stage) or "" for stage in items(get(hook, "stages") or default))
            tasks.append(Task(string(get(hook, "id")) or "", scripts, stages, hook.span))
    return Tasks(tuple(tasks), (), document.problems)
