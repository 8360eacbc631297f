"""Programs that a Python project installs under a name of their own: `[project.scripts]`, `console_scripts`.

Source: https://packaging.python.org/en/latest/specifications/entry-points/.
"""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository

_TABLES = (("project", "scripts"), ("tool", "poetry", "scripts"), ("tool", "flit", "scripts"))
_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_OBJECT = pattern(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)")
_LINE = pattern(r"^[ \t\"']*([\w.-]+)[ \t]*=[ \t]*([A-Za-z_][\w.]*):([A-Za-z_]\w*)", 8)


def modules(repository: Repository, name: str) -> Iterator[tuple[str, str, str]]:
    """The modules that a program of a name starts, with the function that it calls, and the folder of the project."""
    for file in _FILES:
        for path in repository.named(file):
            text = repository.read(path)
            if not isinstance(text, Text) or name not in text.string:
                continue
            yield from ((module, called, posixpath.dirname(path)) for module, called in _of(text, name))


def _of(text: Text, name: str) -> Iterator[tuple[str, str]]:
    if text.path.endswith(".toml"):
        from fr_check.sources import toml_places  # noqa: PLC0415 - few commands are a project's own

        document = text.parsed(toml_places.parse)
        for table in _TABLES:
            found = document.get(*table, name)
            module = _OBJECT.match(found) if isinstance(found, str) else None
            if module is not None:
                yield module[1], module[2]
    elif "console_scripts" in text.string:
        yield from ((found[2], found[3]) for found in _LINE.finditer(text.string) if found[1] == name)


def files(repository: Repository, name: str) -> Iterator[tuple[str, str]]:
    """The files of the repository that a program of a name starts with, each with the function that it calls."""
    for module, called, folder in modules(repository, name):
        path = module.replace(".", "/")
        for root in (folder, posixpath.join(folder, "src"), posixpath.join(folder, "lib")):
            found = (posixpath.join(root, one) for one in (f"{path}.py", f"{path}/__init__.py"))
            located = next((one for one in found if repository.exists(one)), None)
            if located is not None:
                yield located, called
                break
