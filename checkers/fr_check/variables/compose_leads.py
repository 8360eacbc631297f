"""Which texts may give variables to a `docker compose` that they come to: told before anything is followed.

Following every task, script and step takes time, and few of them give Compose anything.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.runs.workflows import is_workflow
from fr_check.sources.build_context import inside
from fr_check.variables.commands import is_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project
    from fr_check.variables.env_files import EnvFiles

NAME = "COMPOSE_PROJECT_NAME"
_REFERENCE = pattern(r"\$\{?([A-Za-z_]\w*)")
_COMPOSE = pattern(r"\b(?:docker|podman|nerdctl)[ -]compose\b(?!\.)")
_VARIABLE = pattern(r"(?m)^[ ]*(?:export[ ]+)?\w+[ ]*[:?]{0,2}=[^\n]*\b(?:docker|podman|nerdctl)[ -]compose\b(?!\.)")
# What brings variables that are not named where it stands.
_OPENING = pattern(
    r"(?m)(?:^[ \t@-]*|[;&|({][ \t]*|\b(?:then|do|else|run:)[ \t]+)(?:\.|source)[ \t]+[\w\"'$./~{]"
    r"|^[ \t]*[-s]?include[ \t]|xargs|[dD]otenv|env-file|ENV_FILES?\b|GITHUB_ENV|\beval\b"
    r"|(?:>[ \t]*|\btee[ \t])[\"']?[\w./-]*\.env\b"
    r"|\b(?:sops|doppler|infisical|op|env-cmd|chamber)[ \t]"
    r"|uses:[^\n]*(?:secret|vault|doppler|infisical|1password|env|direnv)"
)
# A script that others call may write what Compose reads.
_WRITING = pattern(r"(?:>[ \t]*|\btee[ \t])[\"']?(?:[\w./-]*/)?\.env(?![\w.-])")
_NAMING = pattern(r"[ \t](?:-p|--project-name)\b")
_RUNNERS = r"\b(?:make|MAKE\)|MAKE\}|just|moon|task|npm|pnpm|yarn|bun|deps|needs|depends)\b"
_FILES = (
    "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile", "package.json", "moon.yml", "moon.yaml",
    "Taskfile.yml", "Taskfile.yaml", "Taskfile.dist.yml", "mise.toml", ".mise.toml", "tasks.py", "noxfile.py",
    "pyproject.toml", "tox.ini", "action.yml", "action.yaml",
)  # fmt: skip
_FILE_LIMIT = 400


class ComposeLeads:
    """Asked of one repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def may_give(self, names: frozenset[str]) -> bool:
        """Whether a text that comes to Compose names one of some variables, or brings what it does not name."""
        return any(
            text.parsed(_gives, names) and (text.parsed(_writes) or self._leads(text))
            for text in (self._texts if names else ())
        )

    @cached_property
    def _texts(self) -> tuple[Text, ...]:
        """The workflows, task files and scripts."""
        repository = self.repository
        named = (path for name in _FILES for path in repository.named(name))
        paths = (*repository.select(is_workflow), *named, *repository.select(is_shell)[:_FILE_LIMIT])
        return tuple(text for path in paths if isinstance(text := repository.read(path), Text))

    def _leads(self, text: Text) -> bool:
        """Whether a text runs Compose, or calls what does."""
        if text.parsed(_speaks):
            return True
        calls = self._calls
        return text.parsed(_calls_one, calls.scripts, calls.tasks)

    @cached_property
    def _calls(self) -> _Calls:
        """The words by which a text calls a script or a task that comes to Compose."""
        speaking = [text for text in self._texts if text.parsed(_speaks)]
        scripts = frozenset(text.path.rpartition("/")[2] for text in speaking if text.path.endswith((".sh", ".bash")))
        found = _Calls(scripts, frozenset())
        if not speaking:
            return found
        from fr_check.variables import tasks  # noqa: PLC0415 - only where what a service asks stands in such a text

        # What a makefile calls Compose is not seen in its recipes.
        by_variable = {text.path for text in speaking if _VARIABLE.search(text.string)}
        rest = list(tasks.named(self.repository))
        while True:
            more = {
                one.name
                for one in rest
                if one.path in by_variable
                or ("compose" in one.lines and _COMPOSE.search(one.lines))
                or found.are_in(one.lines)
            }
            if not more:
                return found
            found = _Calls(found.scripts, found.tasks | more)
            rest = [one for one in rest if one.name not in more]


def _writes(text: Text) -> bool:
    return ".env" in text.string and _WRITING.search(text.string) is not None


def _calls_one(text: Text, scripts: frozenset[str], tasks: frozenset[str]) -> bool:
    return _Calls(scripts, tasks).are_in(text.string)


class _Calls:
    """The names of scripts, and of tasks, which a text calls behind the program that runs them."""

    def __init__(self, scripts: frozenset[str], tasks: frozenset[str]) -> None:
        self.scripts = scripts
        self.tasks = tasks

    def are_in(self, string: str) -> bool:
        """Whether a text calls one of them."""
        if any(name in string for name in self.scripts):
            return True
        return any(name in string for name in self.tasks) and _of_tasks(self.tasks).search(string) is not None


@lru_cache(maxsize=8)
def _of_tasks(tasks: frozenset[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(name) for name in sorted(tasks))
    return re.compile(rf"{_RUNNERS}[^\n]*?(?<![\w-])(?:{either})(?![\w-])")


def asked(project: Project, service: Service, files: EnvFiles) -> frozenset[str]:
    """The variables that a service asks the process for which runs Compose, by its files of variables too."""
    found = {name for text in _texts(service) for name in _REFERENCE.findall(text)}
    found |= {one.name for one in service.environment.values() if one.bare and one.name}
    found |= {one.name for variable in service.environment.values() for one in variable.template.references}
    folders = {project.directory, *(one.origin.directory for one in service.env_files if one.origin is not None)}
    named = (one.path.value for one in service.env_files)
    paths = {path for name in named for folder in folders if (path := inside(folder or "", name)) is not None}
    for path in paths:
        content = files.standing(path)[1]
        for entry in content.entries if content is not None else ():
            found |= {entry.name} if entry.value is None else {one.name for one in entry.template.references}
    own = {path for group in project.scope for path in group}
    lines = [entry for path in own for entry in getattr(files.standing(path)[1], "entries", ())]
    while True:
        more = {entry.name if entry.value is None else one.name for entry in lines if entry.name in found
                for one in (entry.template.references if entry.value is not None else (entry,))}  # fmt: skip
        if more <= found:
            return frozenset(found)
        found |= more


def _texts(service: Service) -> Iterator[str]:
    """What a service runs, and the files of variables that it reads."""
    for command in (service.command, service.entrypoint):
        yield from (word.value for word in command.words) if command is not None else ()
    yield from (file.path.value for file in service.env_files)


def _speaks(text: Text) -> bool:
    return speaks(text.string)


def speaks(string: str) -> bool:
    """Whether a text has a command of Compose."""
    return "compose" in string and _COMPOSE.search(string) is not None


def _gives(text: Text, names: frozenset[str]) -> bool:
    """Whether a text may give some variables to what it starts."""
    string = text.string
    if any(name in string for name in names):
        return True
    if "compose" not in string:
        return False
    return _OPENING.search(string) is not None or (NAME in names and _NAMING.search(string) is not None)
