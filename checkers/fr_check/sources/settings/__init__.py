"""pydantic-settings classes, read with `ast` and never imported: fields, the variables that fill them, defaults.

The meaning is that of pydantic 2 and pydantic-settings 2 (`pydantic_settings/sources/base.py`); `from pydantic import
BaseSettings` gives version 1's. What only running the code could tell is reported as unresolved, never guessed.

    syntax.py       statements with places
    modules.py      files, imports, names
    inner.py        classes inside functions
    evaluate.py     constant expressions
    classes.py      bases, merged configuration
    members.py      fields as written
    calls.py        which classes are made, and how
    annotations.py  types
    fields.py       Field(...) calls and aliases
    names.py        environment names, nested models
    build.py        a class -> SettingsClass
    project.py      many files that import each other
    model.py        what comes out
"""

from __future__ import annotations

from fr_check.sources.settings.model import (
    Default,
    Kind,
    Leaf,
    Refusal,
    Setting,
    SettingsClass,
    SettingsFile,
    Unresolved,
    Untyped,
)
from fr_check.sources.settings.project import Project
from fr_check.sources.settings.syntax import parse_python, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.settings.modules import Resolve

__all__ = [
    "Default",
    "Kind",
    "Leaf",
    "Project",
    "Refusal",
    "Setting",
    "SettingsClass",
    "SettingsFile",
    "Unresolved",
    "Untyped",
    "parse",
    "parse_python",
    "span_of",
]


def parse(text: Text, resolve: Resolve | None = None) -> SettingsFile:
    """Reads the settings classes that a file defines, or imports and instantiates; never raises.

    Args:
        text: the file.
        resolve: finds the text of an imported module of the repository: `resolve(importer, module, level)` with the
            importing file's path, the dotted name, and the number of leading dots. None: not in the repository.
    """
    return Project(resolve or (lambda _importer, _module, _level: None)).read(text)
