"""A documented variable that has no effect on the service that reads it.

## What it finds

A variable of the example whose reader runs in a service that gets another value whatever `.env` says: `environment`
gives a constant or computes it from other variables, or a script of the container does so before the program starts
(info). It is a warning where nobody can have meant it: a later,
committed `env_file` sets it again; `format: raw` hands `${KEY}` on as text; an entry without a value removes what an
`env_file` gave, because the host has no such variable; what the service starts takes it away (`unset`, `env -u`).

A value of a committed `env_file` need not be documented to be missed: a later `env_file` that makes it empty, or an
entry `${KEY:-}` that is empty where `.env` does not set it (`environment` never sees an `env_file`), is a warning too.

## Why it matters

Whoever changes `.env` and starts the service again sees no change, and looks for the cause in the application.

## How to fix

Make the value depend on the variable, as in `KEY: ${KEY:-value}`, or do not document it for this service.

## What `--fix` does

Nothing: which of the two places is to hold the value is not known.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.processes import judged
from fr_check.env_keys.processes.arriving import arriving, beaten
from fr_check.env_keys.processes.refused import refused
from fr_check.variables.model import OVER, REFERENCES, Computed, Interpolated, Literal, Removed, Set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.env_keys.processes.judged import Judged
    from fr_check.variables.model import Entry, Layer
    from fr_check.variables.programs import Reader

_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    database_url: str = "sqlite://"\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    ".env.example": "DATABASE_URL=postgresql://localhost/app\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
}
_COMPOSE = "services:\n  web:\n    build: .\n    env_file: [.env]\n"

BAD = {**_FILES, "compose.yml": _COMPOSE + "    environment:\n      DATABASE_URL: postgresql://db/app\n"}
GOOD = {**_FILES, "compose.yml": _COMPOSE}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks, for each documented variable of a service's program, at what the service has instead."""
    yield from judged.worst(found for one in judged.services(facts) for found in _service(one))


def _service(one: Judged) -> Iterator[Finding]:
    for reader in one.program.readers:
        name, state = one.process.held(reader)
        if isinstance(state, Removed):
            lower = _given_below(one, name, state.layer)
            if lower is not None:
                yield _removed(one, name, state, lower)
        elif isinstance(state, Set):
            lower = _emptied(one, reader, state)
            if lower is not None:
                yield _empty(one, reader, name, state, lower)
            elif name in one.process.compose_host.values:
                yield from _set(one, reader, name, state)


def _given_below(one: Judged, name: str, above: Layer) -> Entry | None:
    found = None
    for layer in one.process.layers:
        if layer is above:
            return found
        found = layer.entries.get(name, found)
    return None


def _emptied(one: Judged, reader: Reader, state: Set) -> Entry | None:
    """What a committed `env_file` gives, where what is over it makes that empty."""
    found = arriving(one.process, reader, bare=False)
    if found is None or found.text or not isinstance(state.entry.value, (Literal, Interpolated)):
        return None
    # What the type refuses is told as that.
    return beaten(one.process, found) if refused(one.process, one.program, reader) is None else None


def _empty(one: Judged, reader: Reader, name: str, state: Set, lower: Entry) -> Finding:
    entry, layer = state.entry, state.layer
    place = f"{entry.location.path}:{entry.location.span.line}" if entry.location.span else entry.location.path
    how = "makes it empty"
    severity = Severity.WARNING
    help_ = "take the key out of that file, or name it before the other"
    if layer.kind == "env-file":
        how = "a later env_file, makes it empty"
    elif isinstance(entry.value, Interpolated):
        how = "makes it empty where .env does not set it: `environment` never sees an env_file"
        help_ = "remove the entry"
    else:
        severity, help_ = Severity.INFO, "remove the entry, or the key of the file"
    message = f"`{name}` of {lower.location.path} has no effect in {one.process.what}: {place}, {how}"
    message = message.replace(f"{place}, makes", f"{place} makes")
    notes = [Note("it is given here", lower.location), Note("it is read here", reader.location)]
    return RULE.finding(name, message, help=help_, location=entry.location, notes=notes, severity=one.capped(severity))


def _removed(one: Judged, name: str, state: Removed, lower: Entry) -> Finding:
    entry = state.entry
    message = f"{one.name} never gets `{name}`: the entry without a value removes what {lower.location.path} gives"
    help_ = f"remove the entry, or write `{name}: ${{{name}:-value}}`"
    if state.layer.kind != "environment":
        takes = state.layer.what
        gone = "takes it away here" if takes.startswith("`") else "it is unset here"
        by = f"{takes} {gone}" if takes.startswith("`") else gone
        message = f"{one.name} starts its program without `{name}`, which {lower.location.path} gives: {by}"
        help_ = "take the `unset` (or `env -u`) out, or the variable out of what the service is given"
        if state.layer.clears:
            help_ = f"hand `{name}` on through {takes}, which begins a new environment, or take it out of the service"
    notes = [Note("it is given here", lower.location)]
    return RULE.finding(
        name, message, help=help_, location=entry.location, notes=notes, severity=one.capped(Severity.WARNING)
    )


def _set(one: Judged, reader: Reader, name: str, state: Set) -> Iterator[Finding]:
    entry, layer = state.entry, state.layer
    names = frozenset(one.process.spellings(reader))
    if names & judged.asked(entry) or layer.copied:
        return
    compose_host = one.process.compose_host.path
    kept = entry.value.kept if isinstance(entry.value, Literal) else ""
    where = f"{entry.location.path}:{entry.location.span.line}" if entry.location.span else entry.location.path
    if layer.kind == "environment":
        how = "sets" if isinstance(entry.value, Literal) else "computes"
        message = f"`{name}` of {compose_host} has no effect in {one.process.what}: {where} {how} it"
        help_ = f"write a value that depends on it, as `${{{name}:-value}}`, or leave it to `.env`"
        yield RULE.finding(name, message, help=help_, location=entry.location, severity=Severity.INFO)
    elif layer.kind in {"shell", "sourced"}:
        yield from _by_script(one, name, state)
    elif layer.kind == "env-file" and kept == REFERENCES:
        # What the type refuses is told as that.
        if refused(one.process, one.program, reader) is not None:
            return
        message = f"`{name}` of {compose_host} has no effect in {one.process.what}: {where} is read in the format raw, "
        message += "which leaves references as they are written"
        help_ = "take `format: raw` away from the env_file, or the key out of it"
        yield RULE.finding(name, message, help=help_, location=entry.location, severity=one.capped(Severity.WARNING))
    elif layer.kind == "env-file" and _takes_env(one, layer):
        message = (
            f"`{name}` of {compose_host} has no effect in {one.process.what}: {where}, a later env_file, sets it again"
        )
        help_ = "take the key out of that file, or name it before `.env`"
        yield RULE.finding(name, message, help=help_, location=entry.location, severity=one.capped(Severity.WARNING))


def _by_script(one: Judged, name: str, state: Set) -> Iterator[Finding]:
    """What a script of the container sets, or a committed file that it reads, whatever the service was given."""
    entry = state.entry
    own = isinstance(entry.value, Computed) and name in entry.value.shown
    if own or entry.mode != OVER or not isinstance(entry.value, (Literal, Computed)):
        return
    where = f"{entry.location.path}:{entry.location.span.line}" if entry.location.span else entry.location.path
    how = "sets" if isinstance(entry.value, Literal) else "computes"
    message = f"`{name}` of {one.process.compose_host.path} has no effect in {one.process.what}: {where} {how} it "
    message += "before the program starts"
    help_ = f"keep what is there, as `{name}=${{{name}:-value}}`, or take the line out"
    yield RULE.finding(name, message, help=help_, location=entry.location, severity=Severity.INFO)


def _takes_env(one: Judged, above: Layer) -> bool:
    """Whether an earlier env_file is the copy of an example."""
    for layer in one.process.layers:
        if layer is above:
            return False
        if layer.kind == "env-file" and layer.copied:
            return True
    return False


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
