"""An example beside which nothing reads a `.env`.

## What it finds

An example that documents what services take from `.env`, where every set of compose files with those services belongs
to another folder, so that Compose reads another `.env`: `docker compose -f deploy/compose.yml` reads deploy/.env.
Nothing is said where the settings read a file themselves, where a service's `env_file` names the copy, or where a
document, script or task file copies or reads it.

## Why it matters

Whoever copies the example to `.env` beside it, as one does, configures nothing: Compose takes the defaults.

## How to fix

Move the example to the folder of the compose file, or pass `--env-file .env` (which Compose then reads instead).

## What `--fix` does

Nothing: whether the example or what reads the `.env` stands in the wrong place is not known.
"""

from __future__ import annotations

import posixpath

from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.env_keys.processes import judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, ExampleSource
    from fr_check.env_keys.facts import Facts
    from fr_check.variables.services import ServiceProcess

_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    log_level: str = "info"\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "deploy/compose.yml": ("services:\n  web:\n    build: ..\n    environment:\n      LOG_LEVEL: ${LOG_LEVEL:-info}\n"),
    "Makefile": "up:\n\tdocker compose -f deploy/compose.yml up\n",
}

BAD = {**_FILES, ".env.example": "LOG_LEVEL=info\n"}
GOOD = {**_FILES, "deploy/.env.example": "LOG_LEVEL=info\n"}

# What reads or writes a `.env` by itself: `include .env`, dotenv-load, `cp .env.example deploy/.env`, `source .env`.
_READS = pattern(r"(?:^|[\s\"'=/])\.env(?![\w.-])|dotenv", 8)
_NAMES = frozenset(("Makefile", "makefile", "justfile", "Justfile", ".justfile", "package.json", ".envrc", "mise.toml"))
_ENDINGS = (".sh", ".md", ".yml", ".yaml", ".py")


def check(facts: Facts) -> Iterator[Finding]:
    """Compares the folder of each example with those of the projects that run its app."""
    flow = facts.flow if judged.may_matter(facts) else None
    for app in facts.apps if flow is not None else ():
        paths = {source.text.path for source in app.settings_files}
        services = [
            found
            for found in (flow.services if flow is not None else ())
            if any(paths & set(program.settings) for program in found.process.programs)
        ]
        for example in app.examples:
            found = _elsewhere(app, example, services)
            if found is not None and not _is_read(facts, app, example):
                yield _finding(example, found)


def _elsewhere(app: App, example: ExampleSource, services: list[ServiceProcess]) -> ServiceProcess | None:
    """A service that takes what the example documents from another folder's `.env`, where all of them do."""
    folder = posixpath.dirname(example.text.path)
    copy = posixpath.join(folder, ".env")
    documented = frozenset(app.documented)
    for found in services:
        scope = {path for group in found.project.scope for path in group}
        named = {layer.open.subject for layer in found.process.layers if layer.open is not None}
        if (
            not scope
            or found.project.directory == folder
            or copy in scope
            or copy in named
            or found.process.compose_host.path is not None
        ):
            return None
    return next((found for found in services if judged.takes_from_host(found.process, documented)), None)


def _is_read(facts: Facts, app: App, example: ExampleSource) -> bool:
    """Whether the settings read a file, or a script, task file or document speaks of the copy."""
    if any(settings_class.env_files != () for settings_class in app.classes):
        return True
    repository = facts.context.repository if facts.context is not None else None
    for path in repository.select(_may_speak) if repository is not None else ():
        text = repository.read(path) if repository is not None else None
        if path != example.text.path and isinstance(text, Text) and text.parsed(_reads):
            return True
    return False


def _may_speak(path: str) -> bool:
    return path.endswith(_ENDINGS) or posixpath.basename(path) in _NAMES


def _reads(text: Text) -> bool:
    return _READS.search(text.string) is not None


def _finding(example: ExampleSource, found: ServiceProcess) -> Finding:
    path = example.text.path
    scope = [name for group in found.project.scope for name in group]
    read = scope[0] if scope else posixpath.join(found.project.directory, ".env")
    message = (
        f"{path} documents what {found.process.what} takes, but Compose reads {read} there, and nothing reads its copy"
    )
    moved = posixpath.join(found.project.directory, posixpath.basename(path))
    copy = posixpath.join(posixpath.dirname(path), ".env")
    help_ = f"move it to {moved}, or start Compose with `--env-file {copy}`"
    notes = [Note("it is taken here", found.service.place("environment"))]
    return RULE.finding(path, message, help=help_, location=example.text.location(0, 0), notes=notes)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
