"""A key the secrets template renders and nothing reads.

## What it finds

An assignment of the template that fills no field of the settings, and that no other code reads: no `os.getenv`, no
frontend, no script or compose file. Variables that libraries read themselves (`OTEL_*`, `PGPASSWORD`, ...) are left
out. Whoever is given another value of that name (`OLD_TOKEN: "7"` of some other service, an `ARG`, a secret of a
workflow) does not read it.

Nothing is reported while a setting's name is not statically known, a settings class takes any name, the application
hands its whole environment on (`dict(os.environ)`), or a settings file cannot be parsed: the key may be read there.

## Why it matters

Someone stored a secret and believes that it takes effect. Either the setting was renamed or removed, or the template
has a typing error; in both cases the application runs with its default.

## How to fix

Rename the key in the template to the setting's name, add the setting, or remove the line (and the secret in Vault).
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.apps.model import BUILD_ARGUMENT
from fr_check.env_keys.processes.getting import Getting
from fr_check.env_keys.processes.unread import hands_environment_on
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, Rendered
    from fr_check.env_keys.facts import Facts

_CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    s3_bucket: str = "statements"
"""
_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_HEAD = '{{ with secret "secret/data/app" }}\n'

BAD = {
    "apps/backend/src/config.py": _CONFIG,
    ".env.example": "S3_BUCKET=statements\n",
    _TEMPLATE: _HEAD
    + 'S3_BUCKET={{ with .Data.data.S3_BUCKET }}{{ printf "%q" . }}{{ else }}"statements"{{ end }}\n'
    + 'S3_BUKET_REGION={{ with .Data.data.REGION }}{{ printf "%q" . }}{{ else }}"eu"{{ end }}\n{{ end }}\n',
}
GOOD = {
    "apps/backend/src/config.py": _CONFIG,
    ".env.example": "S3_BUCKET=statements\n",
    _TEMPLATE: _HEAD
    + 'S3_BUCKET={{ with .Data.data.S3_BUCKET }}{{ printf "%q" . }}{{ else }}"statements"{{ end }}\n{{ end }}\n',
}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares every rendered key with what the processes that get it read, else with all that reads variables."""
    getting = Getting(facts)
    for app in facts.backends:
        if not app.settings_complete:
            continue
        for key, rendered in app.rendered.items():
            if app.takers(key) or app.is_untyped(key) or is_well_known(key):
                continue
            services = getting.services(rendered.source.text.path)
            if services:
                dead = all(getting.unread(service, key) for service in services)
            else:
                used = app.used.get(key)
                unused = used is None or used.kind == BUILD_ARGUMENT
                dead = app.uses_known and unused and not _may_read_any(facts, app)
            if dead:
                yield _finding(app, key, rendered)


def _may_read_any(facts: Facts, app: App) -> bool:
    """Whether the settings take any name, or the application's code hands its whole environment on."""
    if any(settings_class.open_ended for settings_class in app.classes):
        return True
    return facts.context is not None and bool(facts.context.repository.texts_with(app.code, hands_environment_on))


def _finding(app: App, key: str, rendered: Rendered) -> Finding:
    where = " or ".join(source.text.path for source in app.settings_files)
    setting = f"no setting in {where}" if where else "no setting"
    template = rendered.source.text.path
    message = f"`{key}` is rendered by {template}, but {setting} and no other code reads it"
    near = app.speller.nearest(key)
    help_ = f"rename it to `{near}`, " if near else ""
    help_ += f"add a setting for it, or remove the line from {template}"
    notes = [Note(f"`{near}` is declared here", setting.location) for setting in app.takers(near)]
    dead = [setting for setting in app.similar.get(key.upper(), ()) if key in setting.dead_names]
    notes += [Note("the delimiter splits the field's own name, so this field is not reached", d.location) for d in dead]
    group = None if notes else f"keys that {template} renders and nothing reads"
    return RULE.finding(key, message, help=help_, location=rendered.location, notes=notes, group=group)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the lines of the key out; somebody may have meant another name."""
    from fr_check.env_keys.fixing import templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    lines = {key.span.line for key in source.content.keys if key.name == finding.subject}
    edits = templates.remove_lines_of(source.text, lines)
    return edits if isinstance(edits, Refused) else Fix(UNSAFE, edits)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
