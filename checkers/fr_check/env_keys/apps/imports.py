"""Imports of one file of the repository as paths of another."""

from __future__ import annotations

import sys

from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.repository import Repository

_NEVER_OURS = {"pydantic", "pydantic_settings", "typing_extensions", "annotated_types"}


def resolver(repository: Repository) -> Callable[[str, str, int], Text | None]:
    """A function (importing path, module, leading dots) -> text of the module, or None if it is not in the repository.

    An absolute import is looked for below every folder above the importing file, the nearest first: which of them is
    on Python's path is configured in places that differ from project to project.
    """
    paths: set[str] = set()

    def find(importer: str, module: str, level: int) -> Text | None:
        root = module.partition(".")[0]
        if level == 0 and (root in sys.stdlib_module_names or root in _NEVER_OURS):
            return None
        if not paths:
            paths.update(repository.paths())
        relative = module.replace(".", "/")
        for folder in _folders(importer, level):
            base = "/".join(part for part in (folder, relative) if part)
            for candidate in (f"{base}.py", f"{base}/__init__.py"):
                if candidate in paths:
                    text = repository.read(candidate)
                    return text if isinstance(text, Text) and not text.problems else None
        return None

    return find


def _folders(importer: str, level: int) -> list[str]:
    parts = importer.split("/")[:-1]
    if level:
        return ["/".join(parts[: len(parts) - level + 1])] if level <= len(parts) + 1 else []
    return ["/".join(parts[:count]) for count in range(len(parts), -1, -1)]
