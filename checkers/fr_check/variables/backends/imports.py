"""Imports of one file of the repository as paths of another."""

from __future__ import annotations

import sys

from fr_check.core.text import Text
from fr_check.variables.python_programs import import_folders, is_searched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.repository import Repository

_NEVER_OURS = {"pydantic", "pydantic_settings", "typing_extensions", "annotated_types"}


def resolver(repository: Repository) -> Callable[[str, str, int], Text | None]:
    """A function (importing path, module, leading dots) -> text of the module, or None if it is not in the repository.

    An absolute import is looked for below every folder above the importing file, the nearest first: which of them is
    on Python's path is configured in places that differ from project to project. Where none of them has it, the other
    projects of a workspace are looked through (`packages/*/src`, `*/src`); of several that would do, none is taken.
    """

    def find(importer: str, module: str, level: int) -> Text | None:
        root = module.partition(".")[0]
        if level == 0 and (root in sys.stdlib_module_names or root in _NEVER_OURS):
            return None
        relative = module.replace(".", "/")
        for folder in import_folders(importer, level):
            base = "/".join(part for part in (folder, relative) if part)
            for candidate in (f"{base}.py", f"{base}/__init__.py"):
                if repository.has(candidate):
                    return _text(repository, candidate)
        elsewhere = _in_workspace(relative, repository) if level == 0 and relative else []
        return _text(repository, elsewhere[0]) if len(elsewhere) == 1 else None

    return find


def _text(repository: Repository, path: str) -> Text | None:
    text = repository.read(path)
    return text if isinstance(text, Text) and not text.problems else None


def _in_workspace(relative: str, repository: Repository) -> list[str]:
    """The files of a module below a folder `src`, or below one with a project file."""
    found = []
    name = relative.rpartition("/")[2]
    packages = (path for path in repository.named("__init__.py") if path.endswith(f"/{relative}/__init__.py"))
    for path in (*repository.named(f"{name}.py"), *packages):
        for ending in (f"/{relative}.py", f"/{relative}/__init__.py"):
            folder = path.removesuffix(ending)
            if folder != path and is_searched(repository, folder):
                found.append(path)
    return found
