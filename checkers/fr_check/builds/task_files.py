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
from fr_check.sources.docker_uses import files_of_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository

FILE_LIMIT = 400
_TASK_NAMES = pattern(
    r"(?:GNU)?[Mm]akefile|.*\.(?:mk|sh|bash|just)|[Jj]ustfile|[Tt]askfile(?:\.dist)?\.ya?ml|package\.json|moon\.yml|tasks\.py"
    r"|tasks\.json|noxfile\.py|mise\.toml|\.mise\.toml|\.env(?:\..*)?|README(?:\..*)?"
)
# A command may go on on the next line.
_GAP = r"(?:[ \t]|\\\n)+"
_OPTIONS = r"-f|--file|--env-file|-p|--project-name|--profile|--project-directory|--ansi|--parallel|--progress"
_FLAGS = r"--compatibility|--dry-run|--all-resources|--verbose"
_COMMAND = pattern(rf"docker[ -]compose((?:{_GAP}(?:(?:{_OPTIONS})(?:{_GAP}|=)[^\s;&|]+|(?:{_FLAGS})(?=\s)))+)")
_PLAIN = pattern(r"docker[ -]compose[ \t]+(?!-)")
_FILE = pattern(r"(?:-f|--file)[ =]+([^\s;&|]+)")
_ENV_FILE = pattern(r"--env-file[ =]+([^\s;&|]+)")
_ENV_VARIABLE = pattern(r"\bCOMPOSE_ENV_FILES[ \t]*[:?]?=[ \t]*[\"']?([^\s\"';&|]+)")
_VARIABLE = pattern(r"COMPOSE_FILE(?<=\bCOMPOSE_FILE)[ \t]*[:?]?[=:][ \t]*[\"']?([^\s\"'&|]+)")
_OF_MAKE = pattern(r"COMPOSE_FILE(?:[ \t]*[:?]=|[ \t]+=)")
_SEPARATOR = pattern(r"COMPOSE_PATH_SEPARATOR(?<=\bCOMPOSE_PATH_SEPARATOR)[ \t]*[:?]?[=:][ \t]*[\"']?([^\s\"'&|])")
_PROJECT = pattern(r"--project-directory[ =]+(\S+)")
# How a script or a Makefile writes the folder that it is called in.
_HERE = frozenset((".", "./", "$PWD", "${PWD}", "$(PWD)", "$$PWD", "$(pwd)", "$(CURDIR)", "${CURDIR}", "$$(pwd)"))


class _Named(NamedTuple):
    """What a text says of a set: compose files (none: those that Compose finds), and files of variables.

    `project` is the project's folder, None where it is not named; `variable` where COMPOSE_FILE names the files.
    """

    files: tuple[str, ...]
    env_files: tuple[str, ...]
    project: str | None = None
    variable: bool = False


class Use(NamedTuple):
    """A set of compose files that a task file names; `text` is that file."""

    text: Text
    files: FileSet


def sets(repository: Repository) -> Iterator[FileSet]:
    """The sets that are named, those of which a file is not in the repository among them."""
    yield from (use.files for use in uses(repository))
    known = {*repository.select(is_compose_name)}
    for text in task_texts(repository) if known else ():
        folder = posixpath.dirname(text.path)
        for named in text.parsed(_sets_in, True):  # noqa: FBT003 - a parser's argument
            files = [inside(folder, name) for name in named.files]
            there = tuple(path for path in files if path is not None and "$" not in path)
            # One that is there tells which folder the others count from.
            if len(there) == len(files) and not known.isdisjoint(there) and not known.issuperset(there):
                yield FileSet(there)


def uses(repository: Repository) -> Iterator[Use]:
    """Every set that a task file or script names with `-f` or COMPOSE_FILE."""
    known = _Known(repository)
    for text in _mentioning(repository):
        for named in text.parsed(_sets_in, not posixpath.basename(text.path).startswith((".env", "README"))):
            folders = (posixpath.dirname(text.path), "")
            found = next((found for folder in folders if (found := _placed(named, folder, known)) is not None), None)
            if found is not None:
                yield Use(text, found)


def called_in_its_folder(repository: Repository, path: str) -> bool:
    """Whether a command names a compose file without its folder: `cd deploy && docker compose -f compose.prod.yml`."""
    name = posixpath.basename(path)
    texts = (text for text in _mentioning(repository) if name in text.string)
    return any(_plain(file).removeprefix("./") == name for text in texts for file in _FILE.findall(text.string))


class _Known:
    """The files of a repository that may be compose files: a command may call them anything."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._named = {*repository.select(is_compose_name)}

    def __contains__(self, path: str | None) -> bool:
        if path in self._named:
            return True
        return path is not None and path.endswith((".yml", ".yaml")) and self._repository.has(path)


def _placed(named: _Named, folder: str, known: _Known) -> FileSet | None:
    """The set as one of the repository, where the text's commands run in `folder`; None where they do not."""
    files = [inside(folder, name) for name in named.files]
    project = None if named.project is None else inside(folder, named.project)
    unknown = named.project is not None and (project is None or "$" in named.project)
    base = folder if project is None or unknown else project
    if not (files or any(inside(base, name) in known for name in DEFAULT_NAMES)) or not all(
        file in known for file in files
    ):
        return None
    given = (inside(folder, name) for name in named.env_files if "$" not in name)
    env_files = tuple(file for file in given if file is not None) if named.env_files or unknown else None
    own = tuple(file for file in files if file is not None)
    directory = (None if unknown else project) if own else base
    return FileSet(own, directory, env_files, folder if named.variable or not own else None).plain


def task_texts(repository: Repository) -> Iterator[Text]:
    """The task files and scripts that speak of Compose; documents and files of variables are none."""
    for text in _mentioning(repository):
        name = posixpath.basename(text.path)
        if not name.startswith((".env", "README")):
            yield text


def _mentioning(repository: Repository) -> Iterator[Text]:
    texts = map(repository.read, repository.remembered(_speaking))
    yield from (text for text in texts if isinstance(text, Text))


def _speaking(repository: Repository) -> tuple[str, ...]:
    texts = map(repository.read, repository.select(_is_task_file)[:FILE_LIMIT])
    return tuple(text.path for text in texts if isinstance(text, Text) and text.parsed(_mentions))


def _mentions(text: Text) -> bool:
    return "ompose" in text.string or "COMPOSE_FILE" in text.string


def _sets_in(text: Text, by_shell: bool) -> tuple[_Named, ...]:  # noqa: FBT001 - a parser's argument
    return tuple(_named(text.string, by_shell=by_shell))


def _named(string: str, *, by_shell: bool) -> Iterator[_Named]:
    """The compose files of a command (none: those that Compose finds), and its files of variables.

    The variable that names those counts only where a shell sets it, not in `.env`.
    """
    variable = _ENV_VARIABLE.search(string) if by_shell else None
    outer = () if variable is None else tuple(name for name in variable[1].split(",") if name)
    for found in _COMMAND.finditer(string):
        files = tuple(_plain(name) for name in _FILE.findall(found[1]))
        env_files = tuple(_plain(name) for name in _ENV_FILE.findall(found[1])) or outer
        folder = _PROJECT.search(found[1])
        project = None if folder is None else _plain(folder[1])
        if files or env_files or project:
            yield _Named(files, env_files, "." if project in _HERE else project)
    separator = _SEPARATOR.search(string)
    sign = separator[1] if separator is not None else ":"
    for found in _VARIABLE.finditer(string):
        # Elsewhere a `;` ends the command.
        value = found[1] if sign == ";" else found[1].partition(";")[0]
        said = {"COMPOSE_FILE": value, "COMPOSE_PATH_SEPARATOR": sign}
        yield _Named(files_of_variable(said), outer, variable=not _is_of_make(string, found.start()))
    if outer and _PLAIN.search(string):
        yield _Named((), outer)


def _is_of_make(string: str, start: int) -> bool:
    """Whether a variable is one of make's own, which Compose does not see: it is not exported."""
    head = string[string.rfind("\n", 0, start) + 1 : start]
    return not head.strip() and _OF_MAKE.match(string, start) is not None


def _plain(name: str) -> str:
    return name.strip("\"'\\,")


def _is_task_file(path: str) -> bool:
    return _TASK_NAMES.fullmatch(path.rpartition("/")[2]) is not None
