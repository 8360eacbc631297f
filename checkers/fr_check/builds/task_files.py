"""Compose files that task files and scripts use together: Makefile, package.json, moon.yml, *.sh, ..."""

from __future__ import annotations

import posixpath

from fr_check.builds.compose_sets import is_compose_name
from fr_check.builds.model import FileSet
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.build_context import inside
from fr_check.sources.compose import DEFAULT_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository

FILE_LIMIT = 400
_TASK_NAMES = pattern(
    r"(?:GNU)?[Mm]akefile|.*\.(?:mk|sh|bash|just)|[Jj]ustfile|[Tt]askfile(?:\.dist)?\.ya?ml|package\.json|moon\.yml|tasks\.py"
    r"|tasks\.json|noxfile\.py|mise\.toml|\.mise\.toml|\.env(?:\..*)?|README(?:\..*)?"
)
_OPTIONS = r"-f|--file|--env-file|-p|--project-name|--profile|--project-directory"
_COMMAND = pattern(rf"docker[ -]compose((?:[ \t]+(?:{_OPTIONS})[ =]+[^\s;&|]+)+)")
_PLAIN = pattern(r"docker[ -]compose[ \t]+(?!-)")
_FILE = pattern(r"(?:-f|--file)[ =]+([^\s;&|]+)")
_ENV_FILE = pattern(r"--env-file[ =]+([^\s;&|]+)")
_ENV_VARIABLE = pattern(r"\bCOMPOSE_ENV_FILES[ \t]*[:?]?=[ \t]*[\"']?([^\s\"';&|]+)")
_VARIABLE = pattern(r"\bCOMPOSE_FILE[ \t]*[:?]?[=:][ \t]*[\"']?([^\s\"';&|]+)")


class Use(NamedTuple):
    """A set of compose files that a task file names; `text` is that file."""

    text: Text
    files: FileSet


def sets(repository: Repository) -> Iterator[FileSet]:
    """The sets that are named."""
    yield from (use.files for use in uses(repository))


def uses(repository: Repository) -> Iterator[Use]:
    """Every set that a task file or script names with `-f` or COMPOSE_FILE."""
    known = {*repository.select(is_compose_name)}
    for text in _mentioning(repository) if known else ():
        path = text.path
        for names, env_names in _named(
            text.string, by_shell=not posixpath.basename(path).startswith((".env", "README"))
        ):
            for folder in (posixpath.dirname(path), ""):
                files = [inside(folder, name) for name in names]
                here = names or any(inside(folder, name) in known for name in DEFAULT_NAMES)
                if here and all(file in known for file in files):
                    given = [inside(folder, name) for name in env_names if "$" not in name]
                    env_files = tuple(file for file in given if file is not None)
                    named = tuple(file for file in files if file is not None)
                    yield Use(text, FileSet(named, None if named else folder, env_files if env_names else None))
                    break


def task_texts(repository: Repository) -> Iterator[Text]:
    """The task files and scripts that speak of Compose; documents and files of variables are none."""
    for text in _mentioning(repository):
        name = posixpath.basename(text.path)
        if not name.startswith((".env", "README")):
            yield text


def _mentioning(repository: Repository) -> Iterator[Text]:
    for path in repository.select(_is_task_file)[:FILE_LIMIT]:
        text = repository.read(path)
        if isinstance(text, Text) and ("ompose" in text.string or "COMPOSE_FILE" in text.string):
            yield text


def _named(string: str, *, by_shell: bool) -> Iterator[tuple[list[str], list[str]]]:
    """The compose files of a command (none: those that Compose finds), and its files of variables.

    The variable that names those counts only where a shell sets it, not in `.env`.
    """
    variable = _ENV_VARIABLE.search(string) if by_shell else None
    outer = [] if variable is None else [name for name in variable[1].split(",") if name]
    for found in _COMMAND.finditer(string):
        files = [_plain(name) for name in _FILE.findall(found[1])]
        env_files = [_plain(name) for name in _ENV_FILE.findall(found[1])] or outer
        if files or env_files:
            yield files, env_files
    for found in _VARIABLE.finditer(string):
        yield [name for name in found[1].split(":") if name], outer
    if outer and _PLAIN.search(string):
        yield [], outer


def _plain(name: str) -> str:
    return name.strip("\"'\\,")


def _is_task_file(path: str) -> bool:
    return _TASK_NAMES.fullmatch(posixpath.basename(path)) is not None
