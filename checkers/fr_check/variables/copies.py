"""Copies of examples that documents and scripts tell people to make: `cp ../../.env.example .env`."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.build_context import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository

_COPY = pattern(r"\bcp[ \t]+(?:-[a-zA-Z]+[ \t]+)*([\w./~-]+)[ \t]+([\w./~-]*\.env[\w.-]*)")
_MOVED = pattern(r"\bcd[ \t]+([\w./-]+)[ \t]*(?:&&|;|$)", 8)
_ENDINGS = (".md", ".mdx", ".rst", ".sh", ".yml", ".yaml", ".mk")
_NAMES = frozenset(("Makefile", "makefile", "justfile", "Justfile", "README"))
_EXAMPLE = pattern(r"example|sample|template|dist|default")
_LIMIT = 400


class Copy(NamedTuple):
    """An example that is copied to a path, and where somebody says so."""

    example: str
    path: str
    location: Location


def find(repository: Repository) -> dict[str, Copy]:
    """The path of each copy -> the copy; documents first."""
    found: dict[str, Copy] = {}
    paths = repository.select(_may_tell)
    for path in sorted(paths[:_LIMIT], key=lambda one: not one.endswith(".md")):
        text = repository.read(path)
        if not isinstance(text, Text) or not text.parsed(_copies_any):
            continue
        for line in _COPY.finditer(text.string):
            if not _EXAMPLE.search(line[1]):
                continue
            start = text.string.rfind("\n", 0, line.start()) + 1
            moved = _MOVED.findall(text.string[start : line.start()])
            folders = [posixpath.dirname(path), ""]
            if moved:
                folders = [posixpath.join(folder, moved[-1]) for folder in folders]
            for folder in folders:
                example, target = inside(folder, line[1]), inside(folder, line[2])
                if example is not None and target is not None and repository.has(example):
                    where = text.location(*line.span())
                    found.setdefault(target, Copy(example, target, where))
                    break
    return found


def _may_tell(path: str) -> bool:
    return path.endswith(_ENDINGS) or posixpath.basename(path) in _NAMES


def _copies_any(text: Text) -> bool:
    return "cp " in text.string and ".env" in text.string and _COPY.search(text.string) is not None
