"""What compose files say about settings: `${KEY:-value}`, and `environment` beside a template.

Read line by line rather than through a YAML parser, which costs more than the rest of the checker: an interpolation
never spans lines in practice, and what it falls back to is the same in whatever key it stands.
"""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import Use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.model import App

# A shell that reads a file of variables.
_SOURCED = pattern(r"(?:^|[\s;\"'&])(?:\.|source)[ \t]+[^\s;\"']*\.env\b", re.MULTILINE)
_ENTRY = pattern(r"\s*(?:-\s+)?[\"']?([A-Za-z_]\w*)[\"']?\s*[:=]")


def overridden(app: App, repository: Repository) -> tuple[Use, ...]:
    """Keys that both a template and the `environment` of the compose file beside it give, where the latter reads it."""
    found: dict[str, Use] = {}
    for source in app.templates:
        folder, names = source.text.path.rpartition("/")[0], source.content.names
        for name in ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"):
            text = repository.read(f"{folder}/{name}" if folder else name)
            if isinstance(text, Text) and not text.problems and _SOURCED.search(text.string):
                for key, location in _environment(text):
                    if key in names:
                        found.setdefault(key, Use(key, "compose", location))
    return tuple(found.values())


def _environment(text: Text) -> Iterator[tuple[str, Location]]:
    """The `environment` keys of services that read a rendered file; blocks are told by their indentation."""
    lines = [(number, text.line(number)) for number in range(1, text.line_count + 1)]
    for service in _services([(number, line) for number, line in lines if line.strip()]):
        if not any(_SOURCED.search(line) for _, line in service):
            continue
        block = -1
        for number, line in service:
            if line.lstrip().startswith("#"):
                continue
            block = -1 if _indent(line) <= block else block
            entry = _ENTRY.match(line) if block >= 0 else None
            if entry is not None:
                start = text.offset(number) + entry.start(1)
                yield entry[1], text.location(start, start + len(entry[1]))
            if line.strip() == "environment:":
                block = _indent(line)


def _services(lines: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """The lines of each service, from below its name."""
    inside = False
    name = -1
    service: list[tuple[int, str]] = []
    for number, line in lines:
        indent = _indent(line)
        if indent == 0 and not line.startswith("#"):
            inside, name = line.rstrip() == "services:", -1
        elif inside and (name < 0 or indent <= name) and not line.lstrip().startswith("#"):
            name = indent
        else:
            service.append((number, line))
            continue
        yield service
        service = []
    yield service


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
