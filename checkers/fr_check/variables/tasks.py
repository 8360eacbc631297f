"""Tasks that people start by name: make targets, moon and Taskfile tasks, just recipes, package scripts."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.model import Executed, Origin, Start
from fr_check.runs.scope import Checkouts
from fr_check.runs.task_files import TASK_FILES
from fr_check.sources import makefile
from fr_check.sources import tasks as readers
from fr_check.sources.tasks import package_scripts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository
    from fr_check.runs.follower import Follower

_LIMIT = 400
_MAKEFILES = frozenset(("Makefile", "makefile", "GNUmakefile"))
_JUSTFILES = frozenset(("justfile", "Justfile", ".justfile"))
_TASKFILES = frozenset(TASK_FILES["task"][:-1])
_OTHERS = _TASKFILES | {"moon.yml", "moon.yaml", "package.json"}


class Task(NamedTuple):
    """A task: its file, its name there, the command that starts it, and what it runs by itself, where that is read.

    `lines` are what it runs and the names of the tasks that it needs.
    """

    path: str
    name: str
    call: str
    body: str | None = None
    lines: str = ""

    @property
    def what(self) -> str:
        """What to call it in a sentence."""
        return f"`{self.call}`"


def named(repository: Repository, frontends: tuple[str, ...] = ()) -> Iterator[Task]:
    """Every task of a repository; the scripts of the packages at `frontends` are steps of their builds."""
    count = 0
    for path in repository.select(_may_have_tasks):
        for task in _of(repository, path, frontends):
            count += 1
            if count > _LIMIT:
                return
            yield task


def _may_have_tasks(path: str) -> bool:
    base = path.rpartition("/")[2]
    return base in _MAKEFILES or base in _JUSTFILES or base in _OTHERS


def _of(repository: Repository, path: str, frontends: tuple[str, ...]) -> Iterator[Task]:
    folder, base = posixpath.split(path)
    if base in _MAKEFILES:
        found = repository.parse(path, makefile.parse)
        rules = found.rules if isinstance(found, makefile.Makefile) else {}
        for name, rule in rules.items():
            if not name.startswith(".") and "%" not in name:
                body = "\n".join(recipe.string for recipe in rule.recipes)
                yield Task(path, name, f"make {name}", body, f"needs {' '.join(rule.needs)}\n{body}")
    elif base in {"moon.yml", "moon.yaml"}:
        project = posixpath.basename(folder)
        tasks = getattr(repository.parse(path, readers.moon.parse), "tasks", ())
        yield from (Task(path, task.name, f"moon run {project}:{task.name}", lines=_lines(task)) for task in tasks)
    elif base in _TASKFILES:
        tasks = getattr(repository.parse(path, readers.taskfile.parse), "tasks", ())
        yield from (Task(path, task.name, f"task {task.name}", lines=_lines(task)) for task in tasks)
    elif base in _JUSTFILES:
        recipes = getattr(repository.parse(path, readers.just.parse), "recipes", ())
        for recipe in recipes:
            lines = "\n".join((f"needs {' '.join(recipe.needs)}", *(line for _, line in recipe.lines)))
            yield Task(path, recipe.name, f"just {recipe.name}", lines=lines)
    elif base == "package.json" and folder not in frontends:
        scripts = getattr(repository.parse(path, package_scripts.parse), "tasks", ())
        yield from (Task(path, task.name, f"npm run {task.name}") for task in scripts)


def _lines(task: readers.model.Task) -> str:
    return "\n".join((f"needs {' '.join(task.needs)}", *(script.string for script in task.scripts)))


def executed(task: Task, repository: Repository, follower: Follower) -> list[Executed]:
    """Everything that a task executes; the first command, its own call, has no place in any file and is left out."""
    text = repository.read(task.path)
    if not isinstance(text, Text):
        return []
    origin = Origin(task.path, task.what, text.location, Checkouts((), ()), {})
    items = follower.follow(task.call, Start(posixpath.dirname(task.path) or "."), origin)
    return [item for item in items if isinstance(item, Executed)][1:]
