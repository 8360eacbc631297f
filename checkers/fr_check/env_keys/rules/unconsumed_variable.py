"""A variable that a service is given and that nothing in it reads.

## What it finds

An entry of `environment` of a service whose program is in the repository, or a name that `docker run -e` gives to an
image built here, where neither the program's settings nor its
code, no script, command line or health check of the service reads the name. Entries of an `env_file` are left alone: it
is shared by design.

It is info for a name that is only there to be seen from outside (`*_HASH`, `*_VERSION`, `*_SHA`), for an empty text,
and where it begins with the name of a library that the code imports or asks for, which may read it. Nothing is said
where the program hands its whole environment on, or reads names that only running it tells, as a script does with
`env | ...`, `printenv`, `${!name}` or `envsubst`.

## Why it matters

Somebody believes that the entry does something. Often a setting was renamed and the compose file was not, so that the
setting's default holds in production.

## How to fix

Rename the entry to the setting that it is meant for, or remove it.
"""

from __future__ import annotations

from collections import Counter

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.processes import judged
from fr_check.env_keys.processes.unread import Near, Unread
from fr_check.variables.libraries import owner
from fr_check.variables.model import Literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.env_keys.processes.judged import Judged
    from fr_check.variables.model import Entry

_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    environment: str = "dev"\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    ".env.example": "ENVIRONMENT=dev\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
}
_COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      ENVIRONMENT: ${ENVIRONMENT:-prod}\n"

BAD = {**_FILES, "compose.yml": _COMPOSE + '      DAILY_LIMIT: "2"\n'}
GOOD = {**_FILES, "compose.yml": _COMPOSE}
_FOR_OTHERS = ("_HASH", "_VERSION", "_SHA")


def check(facts: Facts) -> Iterator[Finding]:
    """Compares what each service, and each `docker run`, is given with what runs in it."""
    yield from judged.worst(_findings(facts))
    yield from _runs(facts)


def _runs(facts: Facts) -> Iterator[Finding]:
    """`docker run -e NAME`."""
    flow = facts.flow
    for one in judged.runs(facts):
        if flow is None:
            return
        unread = Unread(flow, one.service)
        for entry in one.given.values():
            if one.service.process.certain and one.service.process.programs and unread.certainly(entry.name):
                name, process = entry.name, one.service.process
                message = f"{process.what} in {process.of} gives `{name}`, and nothing that runs in the image reads it"
                meant = Near(process).meant(name)
                help_ = f"did you mean `{meant}`?" if meant else "remove the option, or read the variable"
                yield RULE.finding(name, message, help=help_, location=entry.location)


def _findings(facts: Facts) -> Iterator[Finding]:
    if facts.context is None:
        return
    unread = list(_unread(facts))
    places = Counter((place.path, name) for place, name in {(entry.location, entry.name) for _, entry in unread})
    for one, entry in unread:
        several = places[entry.location.path, entry.name] > 1
        yield _finding(one, entry, owner(facts.context.repository, entry.name), several=several)


def _unread(facts: Facts) -> Iterator[tuple[Judged, Entry]]:
    """The entries of `environment` that nothing in their service reads, each with the service."""
    seen: set[tuple[object, ...]] = set()
    for one in judged.services(facts):
        key = (one.found.project.files, one.process.service)
        if key in seen or facts.flow is None:
            continue
        seen.add(key)
        unread = Unread(facts.flow, one.found)
        given = next((layer for layer in one.process.layers if layer.kind == "environment"), None)
        for entry in given.entries.values() if given is not None else ():
            if unread.certainly(entry.name):
                yield one, entry


def _finding(one: Judged, entry: Entry, library: str, *, several: bool) -> Finding:
    name = entry.name
    message = f"{one.name} is given `{name}`, and nothing that runs in it reads it"
    meant = Near(one.process).meant(name)
    help_ = (
        f"did you mean `{meant}`? rename it, or remove the entry" if meant else "remove the entry, or read the variable"
    )
    readers = [reader for reader in one.program.readers if meant in reader.names]
    notes = [Note(f"`{meant}` is read here", reader.location) for reader in readers]
    empty = isinstance(entry.value, Literal) and not entry.value.text.reveal()
    notes += [Note(f"`{library}`, which is imported here, may read it")] if library else []
    severity = Severity.INFO if empty or library or name.endswith(_FOR_OTHERS) else Severity.WARNING
    return RULE.finding(
        name,
        message,
        help=help_,
        location=entry.location,
        notes=notes,
        severity=one.capped(severity),
        group=None if notes or meant else _group(one, several=several),
    )


def _group(one: Judged, *, several: bool) -> str:
    if several:
        return "variables that several services are given, and nothing that runs in them reads"
    return f"variables that {one.name} is given, and nothing that runs in it reads"


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the entry out; whoever wrote it may have meant another name."""
    from fr_check.edits.yaml import remove_at  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    if text is None or facts.flow is None:
        return None
    if finding.severity is Severity.INFO:
        return Refused("something that is not seen here may want it")
    if finding.help.startswith("did you mean"):
        return Refused("the entry may be meant for another variable, and only be misspelt")
    for found in judged.given(facts, finding.location):
        if not found.process.certain or not Unread(facts.flow, found).certainly(finding.subject):
            return Refused(f"service `{found.service.name}` is given it by the same entry, and may read it")
    edit = remove_at(text, finding.location.span)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
