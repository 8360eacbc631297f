"""package.json and project.json as JSON objects, without positions: for those who ask for names, scripts and needs."""

from __future__ import annotations

import json
import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.core.text import Text


def parse(text: Text) -> dict[str, object] | None:
    """The object that a file holds; None where it holds anything else, or no JSON."""
    try:
        found = json.loads(text.string)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def strings(value: object) -> Mapping[str, str] | None:
    """The strings of a JSON object by key; None for what is none."""
    if not isinstance(value, dict):
        return None
    return {str(name): command for name, command in value.items() if isinstance(command, str)}


def read(repository: Repository, folder: str, name: str = "package.json") -> dict[str, object] | None:
    """The package.json (or what `name` says) of a folder; None where there is none that can be read."""
    found = repository.parse(posixpath.join(folder, name), parse)
    return found if isinstance(found, dict) else None
