"""A key marked as secret that the secrets template does not render.

## What it finds

A key that somebody marked as managed by Vault, and that no template of the app renders. Marks are `[VAULT]` comments in
the example file (for the next key, for listed keys, or for a glob such as `S3_*`), `json_schema_extra={"vault": True}`
on the field, and `secrets = [...]` in the configuration. A key rendered under another name of the same setting counts.

Nothing is reported while a template cannot be read or parsed, or renders names that only Vault knows.

## Why it matters

In production the setting silently keeps its development default. This is what a submodule pointer that moved back looks
like from here: the template is read at the pinned commit, and keys that were added later are gone.

## How to fix

Add the key to the template and move the submodule pointer to a commit that has it, or remove the mark.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding, Location
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts

_CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    s3_bucket: str = "statements"
    redis_url: str = ""
"""
_EXAMPLE = "# [VAULT] Managed by Vault\nS3_BUCKET=statements\n"

BAD = {
    **_CLEAN,
    "apps/backend/src/config.py": _CONFIG,
    ".env.example": _EXAMPLE + "# [VAULT] Managed by Vault\nREDIS_URL=redis://localhost:6379/0\n",
}
GOOD = {
    **_CLEAN,
    "apps/backend/src/config.py": _CONFIG,
    ".env.example": _EXAMPLE + "REDIS_URL=redis://localhost:6379/0\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares every mark with the keys of the app's templates."""
    for app in facts.apps:
        if app.templates and app.templates_complete:
            for key, (mark, why) in _marked(app).items():
                if not _is_rendered(app, key):
                    yield _finding(app, key, mark, why, facts.pin(app.templates[0].text.path))


def _marked(app: App) -> dict[str, tuple[Location | None, str]]:
    """Key -> where it is marked, and how."""
    marked: dict[str, tuple[Location | None, str]] = {}
    names = [*app.documented, *(setting.name for setting in app.settings)]
    for source in app.examples:
        for marker in source.content.markers:
            for pattern in marker.names:
                for key in _matching(pattern, names):
                    marked.setdefault(key, (source.text.at(marker.span), "[VAULT]"))
    for setting in app.settings:
        if setting.vault and setting.names:
            marked.setdefault(setting.name, (setting.location, '"vault": True'))
    for pattern in app.policy.secrets:
        for key in _matching(pattern, names):
            marked.setdefault(key, (None, "`secrets` in the configuration"))
    return marked


def _matching(pattern: str, names: list[str]) -> list[str]:
    if not any(character in pattern for character in "*?["):
        return [pattern]
    return [name for name in names if fnmatchcase(name, pattern)]


def _is_rendered(app: App, key: str) -> bool:
    return key in app.rendered or any(app.rendering(setting) for setting in app.takers(key))


def _finding(app: App, key: str, mark: Location | None, why: str, pin: str | None) -> Finding:
    documented = app.documented.get(key)
    setting = next(iter(app.takers(key)), None)
    templates = app.template_paths
    where = documented.location if documented is not None else setting.location if setting is not None else mark
    location = where or app.templates[0].text.location(0, 0)
    message = f"`{key}` is marked as secret ({why}), but {templates} does not render it"
    notes = [Note("marked here", mark)] if mark is not None and mark != location else []
    if setting is not None and setting.location != location:
        notes.append(Note("read here", setting.location))
    pointer = f", and move the submodule pointer from {pin[:8]} to a commit that has it" if pin else ""
    help_ = f"add `{key}` to the template{pointer}; or remove the mark"
    return RULE.finding(key, message, help=help_, location=location, notes=notes)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Renders the key last in the template's only secret, where Vault has a value for it."""
    from fr_check.env_keys.fixing import rendering, templates  # noqa: PLC0415 - only to cure

    app = next((one for one in facts.apps if finding.subject in _marked(one) and one.templates), None)
    if app is None:
        return None
    if len(app.templates) > 1:
        return Refused("several templates may render it")
    source = templates.own(facts, app.templates[0].text.location(0, 0), text_of)
    if source is None or isinstance(source, Refused):
        return source
    edit = rendering.add_key(source.text, source.content, finding.subject)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
