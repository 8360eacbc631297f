"""Compose files that task files and scripts use together: Makefile, package.json, moon.yml, *.sh, ..."""

from __future__ import annotations

import posixpath

from fr_check.builds.compose_sets import is_compose_name
from fr_check.builds.model import FileSet
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.sources.build_context import inside
from fr_check.sources.compose import DEFAULT_NAMES, OVERRIDE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository

FILE_LIMIT = 400
_TASK_NAMES = pattern(
    r"(?:GNU)?[Mm]akefile|.*\.(?:mk|sh|bash|just)|[Jj]ustfile|[Tt]askfile(?:\.dist)?\.ya?ml|package\.json|moon\.yml|tasks\.py"
    r"|tasks\.json|noxfile\.py|mise\.toml|\.mise\.toml|\.env(?:\..*)?|README(?:\..*)?"
)
_COMMAND = pattern(r"docker[ -]compose((?:[ \t]+(?:-f|--file)[ =]+[^\s;&|]+)+)")
_FILE = pattern(r"(?:-f|--file)[ =]+([^\s;&|]+)")
_VARIABLE = pattern(r"\bCOMPOSE_FILE[ \t]*[:?]?[=:][ \t]*[\"']?([^\s\"';&|]+)")


def sets(repository: Repository) -> Iterator[FileSet]:
    """The sets that are named, where the repository holds compose files beyond those Compose finds by itself."""
    paths = repository.paths()
    known = {path for path in paths if is_compose_name(path)}
    if all(posixpath.basename(path) in {*DEFAULT_NAMES, *OVERRIDE_NAMES} for path in known):
        return
    tasks = [path for path in paths if _TASK_NAMES.fullmatch(posixpath.basename(path))]
    for path in tasks[:FILE_LIMIT]:
        text = repository.read(path)
        if not isinstance(text, Text) or ("ompose" not in text.string and "COMPOSE_FILE" not in text.string):
            continue
        for names in _named(text.string):
            for folder in (posixpath.dirname(path), ""):
                files = [inside(folder, name) for name in names]
                if all(file in known for file in files):
                    yield FileSet(tuple(file for file in files if file is not None))
                    break


def _named(string: str) -> Iterator[list[str]]:
    for found in _COMMAND.finditer(string):
        yield [name.strip("\"'\\,") for name in _FILE.findall(found[1])]
    for found in _VARIABLE.finditer(string):
        yield [name for name in found[1].split(":") if name]
