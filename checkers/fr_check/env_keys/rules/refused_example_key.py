"""Keys of the example file that keep the settings from starting when it is copied to `.env`.

## What it finds

A settings class that reads a `.env` file (`env_file`) and refuses keys in it that it does not know, which is what
`extra="forbid"` means, the default; and an example file with values for keys that this class does not take: those of
the frontend, of compose, of another settings class. One finding lists them.

Whether the copy of the example is the file that the class reads depends on where the application is started, so this
is reported as info.

## Why it matters

`ValidationError: Extra inputs are not permitted`: what starts with variables in the environment does not start with the
same variables in the file.

## How to fix

Write `extra="ignore"` in `model_config`, or keep the keys of each reader in a file of its own.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, Documented
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import SettingsClass

_CONFIG = """\
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env"{extra})
    debug: bool = False
"""
_EXAMPLE = "DEBUG=false\nTZ=UTC\n"
_LISTED = 5

BAD = {"apps/backend/src/config.py": _CONFIG.format(extra=""), ".env.example": _EXAMPLE}
GOOD = {"apps/backend/src/config.py": _CONFIG.format(extra=', extra="ignore"'), ".env.example": _EXAMPLE}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares what each class takes with what the app's example files give."""
    for app in facts.apps:
        if app.settings_complete:
            for found in app.classes:
                if found.refuses_unknown:
                    yield from _refused(app, found)


def _refused(app: App, found: SettingsClass) -> Iterator[Finding]:
    own = {(setting.location, setting.names) for setting in found.settings}
    # Pydantic passes over what is called like a field, although the prefix is missing.
    fields = {setting.field.upper() for setting in found.settings}
    keys = {
        key: documented
        for key, documented in app.documented.items()
        if documented.binding.value
        and key.upper() not in fields
        and own.isdisjoint((setting.location, setting.names) for setting in app.takers(key))
    }
    if keys:
        yield _finding(found, keys)


def _finding(found: SettingsClass, keys: dict[str, Documented]) -> Finding:
    listed = ", ".join(f"`{key}`" for key in list(keys)[:_LISTED])
    more = f" and {len(keys) - _LISTED} more" if len(keys) > _LISTED else ""
    path = next(iter(keys.values())).location.path
    message = f"{found.name} does not start with a copy of {path} as its `.env`: it refuses {listed}{more}"
    notes = [Note(f"`{key}` is given here", documented.location) for key, documented in list(keys.items())[:_LISTED]]
    help_ = 'write `extra="ignore"` in its `model_config`'
    return RULE.finding(found.name, message, help=help_, location=found.location, notes=notes)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes `extra="ignore"` into the configuration of the class; a misspelt key is then passed over as well."""
    from fr_check.env_keys.fixing import settings_file  # noqa: PLC0415 - only to cure

    del facts
    text = text_of(finding.location.path)
    if text is None:
        return None
    edit = settings_file.ignoring_extra(text, finding.location, finding.subject)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
