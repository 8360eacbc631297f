"""Where Compose puts a variable into the texts of a project: into entries of services, commands, labels."""

from __future__ import annotations

import re

from fr_check.core.text import Text
from fr_check.variables.model import Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.project import Project


def places(repository: Repository, projects: tuple[Project, ...], name: str) -> Iterator[Step]:
    """One step for each line that names it, in the order of files and lines; comments are none."""
    reference = re.compile(rf"(?<!\$)\$(?:\{{{re.escape(name)}(?=[}}:?+-])|{re.escape(name)}(?![A-Za-z0-9_]))")
    seen: set[tuple[str, int, str]] = set()
    for project in projects:
        for part in project.parts:
            text = repository.read(part.path)
            if name not in part.file.names or not isinstance(text, Text):
                continue
            entries: dict[tuple[str, int], list[tuple[int, str]]] = {}
            for service in part.file.services.values():
                for entry in service.environment.values():
                    told = (_column(entry.location), f"`{entry.name}` of service `{service.name}`")
                    entries.setdefault(_line(entry.location), []).append(told)
            for found in reference.finditer(text.string):
                location = text.location(*found.span())
                # Several entries may stand on one line: it is the last one that begins before the place.
                on_line = sorted(entries.get(_line(location), ()))
                said = next((s for at, s in reversed(on_line) if at <= _column(location)), "a text of the project")
                if (location.path, _line(location)[1], said) not in seen and not _is_comment(text, found.start()):
                    seen.add((location.path, _line(location)[1], said))
                    yield Step("filled-into", said, said, location)


def _line(location: Location) -> tuple[str, int]:
    return location.path, location.span.line if location.span else 0


def _column(location: Location) -> int:
    return location.span.column if location.span else 0


def _is_comment(text: Text, offset: int) -> bool:
    """Whether a place stands in a line that is a comment, or behind ` #` in one."""
    line = text.string[text.string.rfind("\n", 0, offset) + 1 : offset]
    return line.lstrip().startswith("#") or " #" in line
