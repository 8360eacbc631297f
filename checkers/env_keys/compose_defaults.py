"""`${KEY:-value}` in compose files, for keys that are settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.text import Text
from checkers.env_keys.model import ComposeDefault
from checkers.sources.opaque import Opaque

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.core.repository import Repository
    from checkers.env_keys.model import App
    from checkers.sources.compose import Variable


def compose_defaults(app: App, repository: Repository) -> dict[str, tuple[ComposeDefault, ...]]:
    """Key -> the values compose files of the repository fall back to in a service's environment."""
    names = {name for setting in app.settings for name in setting.names or ()}
    found: dict[str, list[ComposeDefault]] = {}
    for path in repository.paths():
        if not path.endswith((".yml", ".yaml")) or "compose" not in path.rpartition("/")[2]:
            continue
        text = repository.read(path)
        if isinstance(text, Text) and not text.problems and ":-" in text.string:
            from checkers.sources import compose  # noqa: PLC0415 - loads PyYAML, which few repositories need here

            content = repository.parse(path, compose.parse)
            if isinstance(content, compose.ComposeFile):
                for service in content.services.values():
                    _collect(service.environment.values(), names, found)
    return {name: tuple(dict.fromkeys(defaults)) for name, defaults in found.items()}


def _collect(variables: Iterable[Variable], names: set[str], found: dict[str, list[ComposeDefault]]) -> None:
    for variable in variables:
        for reference in variable.template.references:
            literal = "".join(part for part in reference.word if isinstance(part, str))
            constant = all(isinstance(part, str) for part in reference.word)
            if reference.name in names and reference.operator.endswith("-") and constant and literal:
                location = variable.locate(reference.start, reference.end)
                found.setdefault(reference.name, []).append(ComposeDefault(Opaque(literal), location))
