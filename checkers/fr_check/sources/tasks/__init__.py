"""Task files: text -> what each named task, recipe, environment, hook or package script hands to a shell.

One module a format, each with `parse(text) -> Tasks`, pure and total. Nothing is followed here; `fr_check.runs` does.
A module is loaded when it is asked for, as `tasks.just`: no project has files of all formats.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.tasks import hooks, just, moon, pyproject, python_tasks, taskfile, tox

    __all__ = ["hooks", "just", "moon", "pyproject", "python_tasks", "taskfile", "tox"]
else:
    _READERS = frozenset(("hooks", "just", "moon", "pyproject", "python_tasks", "taskfile", "tox"))

    def __getattr__(name: str) -> object:
        if name in _READERS:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
