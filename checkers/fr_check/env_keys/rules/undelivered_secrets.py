"""A rendered file of secrets that does not reach the program that needs it.

## What it finds

A Vault agent renders a template to a file on a volume, and the service that runs the application

- sources it at a path where it does not stand: the volume is mounted elsewhere, or not at all;
- sources it without `set -a`, so that the names of the file stay with the shell and never reach the program;
- or no service mounts the volume and reads it.

## Why it matters

Each file looks right by itself: the template renders every key, the service sources a file, the settings name them.
The program starts with its defaults, or does not start, and only in that environment.

## How to fix

Source the file where the volume puts it, between `set -a` and `set +a`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.processes import judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.variables.flow import Flow
    from fr_check.variables.programs import Program
    from fr_check.variables.services import ServiceProcess
    from fr_check.variables.shell_files import Sourced

_COMMAND = 'entrypoint: ["sh", "-c", "{}. /secrets/.env; exec uvicorn app.main:app"]'
_COMPOSE = (
    "services:\n  web:\n    build: .\n    volumes: [secrets:/secrets]\n    {}\n"
    "  vault-agent:\n    image: hashicorp/vault:1.15\n    volumes:\n      - ./agent.hcl:/etc/vault/agent.hcl\n"
    "      - ./secrets.ctmpl:/etc/vault/secrets.ctmpl\n      - secrets:/vault/secrets\nvolumes: {{secrets: }}\n"
)
_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    api_token: str = ""\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    ".env.example": "API_TOKEN=\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "secrets.ctmpl": (
        '{{ with secret "secret/data/app" }}\nAPI_TOKEN={{ with .Data.data.API_TOKEN }}{{ printf "%q" . }}'
        '{{ else }}""{{ end }}\n{{ end }}\n'
    ),
    "agent.hcl": ('template {\n  source = "/etc/vault/secrets.ctmpl"\n  destination = "/vault/secrets/.env"\n}\n'),
}

BAD = {**_FILES, "compose.yml": _COMPOSE.format(_COMMAND.format(""))}
GOOD = {**_FILES, "compose.yml": _COMPOSE.format(_COMMAND.format("set -a; "))}


def check(facts: Facts) -> Iterator[Finding]:
    """Follows every rendered file to the services that should read it."""
    flow = facts.flow if judged.may_matter(facts) else None
    if flow is None:
        return
    seen: set[tuple[object, ...]] = set()
    for finding in (*_sourced(flow), *_unmounted(flow)):
        key = (finding.subject, finding.location)
        if key not in seen:
            seen.add(key)
            yield finding


def _sourced(flow: Flow) -> Iterator[Finding]:
    for found in flow.services:
        for one in found.sourced.noted if found.sourced is not None and found.process.programs else ():
            finding = _judge(found, one, tuple(program.certain for program in found.process.programs))
            if finding is not None:
                yield finding


def _judge(found: ServiceProcess, one: Sourced, programs: tuple[Program, ...]) -> Finding | None:
    name = found.process.what
    if one.elsewhere:
        message = f"{name} sources {one.path}, but the rendered file is {one.elsewhere} there"
        return RULE.finding(one.path, message, help=f"source {one.elsewhere}", location=one.location)
    if one.missing and one.renders:
        volume = one.renders.volume or one.renders.destination
        message = (
            f"{name} sources {one.path}, and nothing brings it there: `{volume}`, where it is rendered, is not mounted"
        )
        help_ = f"mount `{volume}` so that the file stands at {one.path}"
        return RULE.finding(one.path, message, help=help_, location=one.location)
    if one.failing and one.rendered is not None:
        message = f"{name} does not read {one.path}: {one.failing}"
        return RULE.finding(one.path, message, help=f"write `. {one.path}`", location=one.location)
    if one.exported or one.rendered is None:
        return None
    needed = [key for key in one.lost if any(next(program.reads(key), None) for program in programs)]
    if not needed:
        return None
    keys = ", ".join(f"`{key}`" for key in needed[:3]) + (f" and {len(needed) - 3} more" if len(needed) > 3 else "")  # noqa: PLR2004
    message = f"{one.path} is sourced without `set -a`, so what {name} starts does not get {keys}"
    notes = [Note("it is rendered from here", one.rendered.text.location(0, 0))]
    help_ = f"write `set -a; . {one.path}; set +a`"
    return RULE.finding(one.path, message, help=help_, location=one.location, notes=notes)


def _unmounted(flow: Flow) -> Iterator[Finding]:
    """Rendered files of an application that no service of the project can see."""
    for project in flow.projects:
        mine = [found for found in flow.services if found.project is project]
        if not any(found.process.programs for found in mine):
            continue
        for rendered in flow.reading.templates.of(project):
            if rendered.path not in flow.reading.templates.known:
                continue
            seen = [
                found
                for found in mine
                if found.service.name != rendered.agent
                and any(rendered.volume and bound.source == rendered.volume for bound in found.places.bounds)
            ]
            if not seen:
                message = f"{rendered.destination} is rendered from {rendered.path}, and no service mounts it"
                help_ = "mount the volume of the agent's destination in the service that needs it, and source the file"
                yield RULE.finding(rendered.destination, message, help=help_, location=rendered.location)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Exports what the file sets; where it stands at another path, a person says which of the two is right."""
    from fr_check.edits.shell import export_sourced  # noqa: PLC0415 - only to cure

    flow = facts.flow
    sourced = [one for found in flow.services if found.sourced for one in found.sourced.noted] if flow else []
    found = next((one for one in sourced if (one.path, one.location) == (finding.subject, finding.location)), None)
    if found is None or found.elsewhere or found.missing or found.failing or finding.location.span is None:
        return None
    text = text_of(finding.location.path)
    if text is None:
        return Refused(f"{finding.location.path} is no file of this repository's working tree")
    edit = export_sourced(text, text.offset(finding.location.span.line), found.path)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
