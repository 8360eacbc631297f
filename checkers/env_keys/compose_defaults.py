"""`${KEY:-value}` in compose files, for keys that are settings.

Read line by line rather than through a YAML parser, which costs more than the rest of the checker: an interpolation
never spans lines in practice, and what it falls back to is the same in whatever key it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.text import Text
from checkers.env_keys.model import ComposeDefault
from checkers.sources import interpolation
from checkers.sources.opaque import Opaque

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.core.repository import Repository
    from checkers.env_keys.model import App


def compose_defaults(app: App, repository: Repository) -> dict[str, tuple[ComposeDefault, ...]]:
    """Key -> what compose files of the repository fall back to where the variable is not set."""
    names = {name for setting in app.settings for name in setting.names or ()}
    found: dict[str, dict[tuple[str, str], ComposeDefault]] = {}
    for path in repository.paths():
        if not path.endswith((".yml", ".yaml")) or "compose" not in path.rpartition("/")[2]:
            continue
        text = repository.read(path)
        if isinstance(text, Text) and not text.problems:
            for name, default in _defaults(text, names):
                found.setdefault(name, {}).setdefault((path, default.value.reveal()), default)
    return {name: tuple(defaults.values()) for name, defaults in found.items()}


def _defaults(text: Text, names: set[str]) -> Iterator[tuple[str, ComposeDefault]]:
    position = text.string.find("${")
    while position >= 0:
        number, _ = text.place(position)
        line = text.line(number)
        start = text.offset(number)
        if not line.lstrip().startswith("#"):
            for reference in interpolation.parse(line).references:
                literal = "".join(part for part in reference.word if isinstance(part, str))
                constant = all(isinstance(part, str) for part in reference.word)
                if reference.name in names and reference.operator.endswith("-") and constant and literal:
                    location = text.location(start + reference.start, start + reference.end)
                    yield reference.name, ComposeDefault(Opaque(_unescaped(line, literal)), location)
        position = text.string.find("${", start + len(line))


def _unescaped(line: str, literal: str) -> str:
    """A value as YAML gives it: in double quotes, backslashes are doubled."""
    return literal.replace("\\\\", "\\") if '"' in line else literal
