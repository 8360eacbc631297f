"""What calls of just, moon, tox, pre-commit and the task runners of pyproject.toml lead to."""

from __future__ import annotations

import posixpath
import re

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.runs import just_environment
from fr_check.runs.changes import after
from fr_check.runs.targets import Target, Targets, of_task
from fr_check.runs.task_files import TASK_FILES
from fr_check.sources import tasks as readers
from fr_check.sources.build_context import inside
from fr_check.sources.docker_uses import moved
from fr_check.sources.tasks.model import with_words

_FILES = 20  # that justfiles import
# The options of tox, as `-x` overrides them, that say what runs and what becomes of it.
_DECIDING = pattern(r"commands|ignore_outcome|set_?env|pass_?env|change_?dir|env_?list|base|deps$")
_LONGEST = 200  # characters of an expression that environments are skipped by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_check.runs.calls import Call
    from fr_check.runs.changes import Operation
    from fr_check.runs.model import Origin
    from fr_check.runs.targets import Finder
    from fr_check.sources.tasks.just import Justfile
    from fr_check.sources.tasks.model import Ignored, Task, Tasks
    from fr_check.sources.tasks.python_tasks import Session, Sessions


def of_just(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """A recipe, with those it needs; a justfile is looked for in the folders above, too."""
    names = (call.file,) if call.file else TASK_FILES["just"]
    home, file = _upward(finder, path, names, readers.just.parse)
    if file is None or home is None:
        return Targets((), known=False)
    files = _with_imported(finder, home, file)
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
        holder, task = next(
            ((one, task) for one in files if (task := one.task(name, given, call.given)) is not None), (file, None)
        )
        if task is None or task.name in made:
            known = known and task is not None
            continue
        made.add(task.name)
        does = just_environment.operations(files, holder, task.name, given, call.given, place)
        handed = of_task(task, holder.text, f"command of recipe `{task.name}`", call, origin, place)
        found += (_given(target, does) for target in handed) if does else handed
        pending += [(need, ()) for need in task.needs]
    return Targets(tuple(found), known)


def _with_imported(finder: Finder, home: str, file: Justfile) -> list[Justfile]:
    """A justfile and those that it imports; its own recipes count before theirs."""
    found, waiting, seen = [file], [(home, file)], {home}
    while waiting and len(found) < _FILES:
        at, one = waiting.pop(0)
        for name in one.imports:
            path = inside(posixpath.dirname(at), name)
            read = None if path is None or path in seen else finder.repository.parse(path, readers.just.parse)
            if path is not None and isinstance(read, readers.just.Justfile):
                seen.add(path)
                found.append(read)
                waiting.append((path, read))
    return found


def _given(target: Target, done: tuple[Operation, ...]) -> Target:
    """A script with what its runner does to the environment."""
    environment = after(done, target.start.environment)
    return target._replace(start=target.start._replace(environment=environment), does=lambda: done)


def _upward(
    finder: Finder, folder: str, names: Sequence[str], parser: Callable[[Text], Justfile]
) -> tuple[str | None, Justfile | None]:
    """The first file of some names in a folder, or in those above it."""
    while True:
        for name in names:
            path = inside(folder, name)
            found = None if path is None else finder.repository.parse(path, parser)
            if isinstance(found, readers.just.Justfile):
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
            read = finder.tasks(file, readers.moon.parse)
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
            read = finder.tasks(file, readers.moon.parse)
            yield from ((file, task) for task in (read[1].named(wanted) if read is not None else ()))


def of_tox(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """The environments that are named, else those of `envlist`."""
    environment = {**origin.environment, **call.assigned}
    given = tuple((call.names and ()) or _split(environment.get("TOXENV")))
    skipped = call.given.get("TOX_SKIP_ENV") or environment.get("TOX_SKIP_ENV") or ""
    for name in (call.file,) if call.file else TASK_FILES["tox"]:
        own = name.endswith(".toml")
        read = finder.tasks(posixpath.join(path, name), readers.pyproject.parse if own else readers.tox.parse)
        if read is None:
            continue
        text, tasks = read
        if any(_DECIDING.search(one) for one in call.chosen):
            return Targets((), known=False, paths=(text.path,))
        listed = tuple(task.name for task in tasks.tasks) if own else readers.tox.environments(text) or ("py",)
        names = listed if call.names == ("ALL",) else call.names or given or listed
        chosen = [
            task
            for name in names
            for task in (
                (tasks.named(name) or tasks.named("testenv"))
                if own
                else [readers.tox.environment(text, name, call.arguments, environment)]
            )
        ]
        if chosen:
            unique = {task.name: task for task in chosen}.values()
            found = (
                target._replace(ignored=_skipped(task.name, skipped))
                for task in unique
                for target in of_task(task, text, f"command of environment `{task.name}`", call, origin, folder)
            )
            return Targets(tuple(found))
    return Targets((), known=False)


def _split(names: str | None) -> list[str]:
    return [one.strip() for one in (names or "").split(",") if one.strip()]


def _skipped(name: str, expression: str) -> str:
    """Why tox leaves an environment out: `--skip-env`, or TOX_SKIP_ENV, matches the beginning of its name."""
    if not expression or len(expression) > _LONGEST:
        return ""
    try:
        found = re.match(expression, name)
    except re.error:
        return ""
    return f"`--skip-env {expression}`, with which tox leaves `{name}` out," if found else ""


def of_nox(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """The sessions that are named, else those that run by default."""
    home = inside(path, call.file or "noxfile.py")
    text = None if home is None else finder.repository.read(home)
    if home is None or not isinstance(text, Text):
        return Targets((), known=False, paths=finder.named(TASK_FILES["nox"]))
    if call.arguments:
        read: object = readers.python_tasks.nox(text, call.arguments)
    else:
        read = finder.repository.parse(home, readers.python_tasks.nox)
    return _of_sessions(read, call._replace(arguments=()), origin, folder, text, "session")


def of_invoke(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """A task of invoke, with those that it names."""
    home = inside(path, "tasks.py")
    text = None if home is None else finder.repository.read(home)
    if home is None or not isinstance(text, Text) or not call.names:
        return Targets((), known=False, paths=finder.named(TASK_FILES["invoke"]))
    read = finder.repository.parse(home, readers.python_tasks.invoke)
    return _of_sessions(read, call._replace(arguments=()), origin, folder, text, "task")


def _of_sessions(read: object, call: Call, origin: Origin, folder: str, text: Text, kind: str) -> Targets:
    """What functions start; those that are left out where none is named, with why."""
    if not isinstance(read, readers.python_tasks.Sessions) or not read.sessions:
        return Targets((), known=False, paths=(text.path,))
    pending = list(call.names) or list(read.chosen or (one.task.name for one in read.sessions))
    left = {} if call.names else {one.task.name: _left_out(one, read) for one in read.sessions}
    pending += [name for name, why in left.items() if why and name not in pending]
    found: list[Target] = []
    known, made = True, set()
    while pending:
        name = pending.pop(0)
        session = read.named(name)
        if session is None or session.task.name in made:
            known = known and session is not None
            continue
        made.add(session.task.name)
        task, why = session.task, left.get(session.task.name, "")
        known = known and (session.known or bool(why))
        targets = of_task(task, text, f"command of {kind} `{task.name}`", call, origin, folder)
        found += (target._replace(ignored=why) for target in targets)
        pending += task.needs if not why else ()
    return Targets(tuple(found), known, () if known else (text.path,))


def _left_out(session: Session, read: Sessions) -> str:
    """Why nox runs a session only where it is named; empty where it does so by default."""
    if read.chosen is not None:
        named = any(read.named(name) is session for name in read.chosen)
        return "" if named else f"`nox.options.sessions`, which leaves `{session.task.name}` out,"
    return "" if session.default else f"`nox` without `-s {session.task.name}`, which has `default=False`,"


def of_hooks(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """The hooks that are named, else those of the stage."""
    read = finder.tasks(posixpath.join(path, call.file or ".pre-commit-config.yaml"), readers.hooks.parse)
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
    skipped = {**origin.environment, **call.assigned}.get("SKIP") or ""
    found = (
        target._replace(ignored=f"`SKIP={skipped}`, by which `{task.name}` is left out,") if left else target
        for task in chosen
        for left in [task.name in _split(skipped)]
        for target in of_task(task, read[0], f"command of hook `{task.name}`", call, origin, folder)
    )
    return Targets(tuple(found))


def of_pyproject(finder: Finder, call: Call, origin: Origin, path: str, folder: str) -> Targets:
    """A task of pyproject.toml, with those it names; `task` is the program of Taskfile.yml, too."""
    if call.program == "task" and (of_file := of_taskfile(finder, call, origin, path)) is not None:
        return of_file
    files = ("hatch.toml", "pyproject.toml") if call.program == "hatch" else ("pyproject.toml",)
    tables = (finder.tasks(posixpath.join(path, name), readers.pyproject.parse) for name in files)
    read = next((found for found in tables if found is not None), None)
    # A wrapper of environments runs any program: what is no task of the file leads nowhere.
    known = call.program in {"hatch", "pdm", "rye"}
    if read is None or not call.names:
        return Targets((), known=known, paths=finder.named(TASK_FILES.get(call.program, ())))
    pending: list[tuple[str, Ignored | None]] = [(name, None) for name in call.names]
    made: set[str] = set()
    found: list[Target] = []
    while pending:
        name, passed = pending.pop(0)
        if name in made:
            continue
        made.add(name)
        given = call.arguments if name in call.names else ()
        tasks = readers.pyproject.parse(read[0], given) if given else read[1]
        around = _around(call, tasks, name)
        for task in around:
            own = with_words(task, given) if task.appends and task.name == name else task
            targets = of_task(own, read[0], f"command of task `{task.name}`", call, origin, folder)
            found += (one._replace(script=one.script._replace(ignored=one.script.ignored or passed)) for one in targets)
            pending += ((need, task.ignored or passed) for need in task.needs)
    return Targets(tuple(found), known=known or bool(found), paths=finder.named(TASK_FILES.get(call.program, ())))


def _around(call: Call, tasks: Tasks, name: str) -> tuple[Task, ...]:
    """The tasks of a name, with those that pdm runs before and after them."""
    names = (f"pre_{name}", name, f"post_{name}") if call.program == "pdm" else (name,)
    return tuple(task for one in names for task in tasks.named(one))


def of_taskfile(finder: Finder, call: Call, origin: Origin, path: str) -> Targets | None:
    """A task of a Taskfile, with those it needs; the file is looked for in the folders above, too."""
    home: str | None = path
    while home is not None:
        for name in TASK_FILES["task"][:-1]:
            read = finder.tasks(posixpath.join(home, name), readers.taskfile.parse)
            if read is not None:
                return _of_taskfile(read[0], read[1], call, origin, home)
        home = None if not home else posixpath.dirname(home)
    return None


def _of_taskfile(text: Text, tasks: Tasks, call: Call, origin: Origin, home: str) -> Targets:
    pending, made = [*(call.names or ("default",))], set()
    found: list[Target] = []
    known = True
    while pending:
        name = pending.pop(0)
        chosen = tasks.named(name)
        known = known and bool(chosen)
        for task in chosen if name not in made else ():
            made.add(name)
            found += of_task(task, text, f"command of task `{name}`", call._replace(arguments=()), origin, home or ".")
            pending += task.needs
    return Targets(tuple(found), known, () if known else (text.path,))


READERS = {
    "nox": of_nox,
    "invoke": of_invoke,
    "just": of_just,
    "moon": of_moon,
    "tox": of_tox,
    "hooks": of_hooks,
    "pyproject": of_pyproject,
}
"""By the kind of a call."""
