"""What calls of just, moon, tox, pre-commit and the task runners of pyproject.toml lead to."""

from __future__ import annotations

import posixpath

from fr_check.runs.targets import Target, Targets, of_task
from fr_check.runs.task_files import TASK_FILES
from fr_check.sources.build_context import inside
from fr_check.sources.docker_uses import moved
from fr_check.sources.tasks import hooks, just, moon, pyproject, tox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_check.core.text import Text
    from fr_check.runs.calls import Call
    from fr_check.runs.model import Origin
    from fr_check.runs.targets import Finder
    from fr_check.sources.tasks.model import Task


def of_just(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """A recipe, with those it needs; a justfile is looked for in the folders above, too."""
    names = (call.file,) if call.file else TASK_FILES["just"]
    home, file = _upward(finder, path, names, just.parse)
    if file is None or home is None:
        return Targets((), known=False)
    # A justfile's recipes run in its own folder.
    above = posixpath.relpath(posixpath.dirname(home) or ".", path or ".")
    place = folder if call.folder else moved(folder, above) or folder
    found: list[Target] = []
    known, made = True, set()
    pending = [(call.names[0] if call.names else "", call.arguments)]
    first = next((recipe for recipe in file.recipes if recipe.name == file.aliases.get(*[pending[0][0]] * 2)), None)
    if first is not None and not first.parameters:
        pending = [(name, ()) for name in call.names]
    while pending:
        name, given = pending.pop(0)
        task = file.task(name, given, call.given)
        if task is None or task.name in made:
            known = known and task is not None
            continue
        made.add(task.name)
        found += of_task(task, file.text, f"command of recipe `{task.name}`", call, origin, place)
        pending += [(need, ()) for need in task.needs]
    return Targets(tuple(found), known)


def _upward(
    finder: Finder, folder: str, names: Sequence[str], parser: Callable[[Text], just.Justfile]
) -> tuple[str | None, just.Justfile | None]:
    """The first file of some names in a folder, or in those above it."""
    while True:
        for name in names:
            path = inside(folder, name)
            found = None if path is None else finder.repository.parse(path, parser)
            if isinstance(found, just.Justfile):
                return path, found
        if not folder:
            return None, None
        folder = posixpath.dirname(folder)


def of_moon(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """`project:task`, `:task` in every project, `~:task` or `task` in the same one."""
    del path, folder
    pending = [(name, "") for name in reversed(call.names)]
    made: set[tuple[str, str]] = set()
    found: list[Target] = []
    known = bool(call.names)
    while pending:
        name, asked_by = pending.pop()
        tasks = [*_moon_tasks(finder, name, asked_by)]
        known = known and (bool(tasks) or bool(asked_by))
        for file, task in tasks:
            if (file, task.name) in made:
                continue
            made.add((file, task.name))
            read = finder.tasks(file, moon.parse)
            home = posixpath.dirname(file) or "."
            if read is not None:
                found += of_task(task, read[0], f"command of task `{task.name}`", call, origin, home)
            pending += [(need, file) for need in reversed(task.needs)]
    return Targets(tuple(found), known)


def _moon_tasks(finder: Finder, name: str, asked_by: str) -> Iterator[tuple[str, Task]]:
    project, colon, wanted = name.partition(":")
    if not colon:
        project, wanted = "~", name
    for file in finder.named(("moon.yml", "moon.yaml")):
        folder = posixpath.dirname(file)
        same = project in {"~", ""} and (file == asked_by or not asked_by)
        everywhere = project == "" and bool(colon)
        if same or everywhere or (project and folder.rpartition("/")[2] == project):
            read = finder.tasks(file, moon.parse)
            yield from ((file, task) for task in (read[1].named(wanted) if read is not None else ()))


def of_tox(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """The environments that are named, else those of `envlist`."""
    for name in (call.file,) if call.file else TASK_FILES["tox"]:
        reader = pyproject.parse if name.endswith(".toml") else tox.parse
        read = finder.tasks(posixpath.join(path, name), reader)
        if read is None:
            continue
        text, tasks = read
        listed = tox.environments(text) if not name.endswith(".toml") else ()
        names = call.names or listed or tuple(task.name for task in tasks.tasks)
        chosen = [task for name in names for task in (tasks.named(name) or tasks.named("testenv"))]
        if chosen:
            unique = {task.name: task for task in chosen}.values()
            found = (
                target
                for task in unique
                for target in of_task(task, text, f"command of environment `{task.name}`", call, origin, folder)
            )
            return Targets(tuple(found))
    return Targets((), known=False)


def of_hooks(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """The hooks that are named, else those of the stage."""
    read = finder.tasks(posixpath.join(path, call.file or ".pre-commit-config.yaml"), hooks.parse)
    if read is None:
        return Targets((), known=False)
    stage = call.chosen[0] if call.chosen else "pre-commit"
    chosen = [
        task
        for task in read[1].tasks
        if (
            task.name in call.names
            if call.names
            else not task.needs or {stage, stage.removeprefix("pre-")} & {*task.needs}
        )
    ]
    found = (
        t for task in chosen for t in of_task(task, read[0], f"command of hook `{task.name}`", call, origin, folder)
    )
    return Targets(tuple(found))


def of_pyproject(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """A task of pyproject.toml, with those it names."""
    read = finder.tasks(posixpath.join(path, "pyproject.toml"), pyproject.parse)
    # A wrapper of environments runs any program: what is no task of the file leads nowhere.
    known = call.program in {"hatch", "pdm", "rye"}
    if read is None or not call.names:
        return Targets((), known=known, paths=finder.named(TASK_FILES.get(call.program, ())))
    pending, made = [*call.names], set()
    found: list[Target] = []
    while pending:
        name = pending.pop(0)
        if name in made:
            continue
        made.add(name)
        for task in read[1].named(name):
            found += of_task(task, read[0], f"command of task `{name}`", call, origin, folder)
            pending += task.needs
    return Targets(tuple(found), known=known or bool(found), paths=finder.named(TASK_FILES.get(call.program, ())))


READERS = {"just": of_just, "moon": of_moon, "tox": of_tox, "hooks": of_hooks, "pyproject": of_pyproject}
"""By the kind of a call."""
