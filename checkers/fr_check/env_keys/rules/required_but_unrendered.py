"""A setting without default that the secrets template does not render.

## What it finds

A required field that no template of the app renders, or that they render only on some paths. Nothing is reported while
a template cannot be read or parsed, or renders names that only Vault knows.

## Why it matters

In production the rendered file is what sets the variables: without this one, `Settings()` raises while the application
starts. Something else may provide it there (a compose file in another repository), so this is a warning.

## How to fix

Render the key on every path of the template, or give the setting a default.

## What `--fix` does

Nothing: whether the template lacks a line or the setting a default is not known.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Setting

_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    s3_bucket: str = ''\n"

BAD = {
    **_CLEAN,
    "apps/backend/src/config.py": _HEAD + "    database_url: str\n",
    ".env.example": "S3_BUCKET=statements\nDATABASE_URL=sqlite:///dev.db\n",
}
GOOD = {
    **_CLEAN,
    "apps/backend/src/config.py": _HEAD + '    database_url: str = "sqlite:///dev.db"\n',
    ".env.example": "S3_BUCKET=statements\nDATABASE_URL=sqlite:///dev.db\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares required fields with what is rendered on every path."""
    for app in facts.apps:
        if app.templates and app.templates_complete:
            for setting in app.settings:
                rendered = app.rendering(setting)
                always = rendered is not None and rendered.key.always
                if setting.required and setting.names and not setting.conditional and not always:
                    yield _finding(app, setting)


def _finding(app: App, setting: Setting) -> Finding:
    templates = app.template_paths
    rendered = app.rendering(setting)
    how = "does not render it" if rendered is None else "renders it only on some paths"
    message = f"`{setting.name}` has no default, and {templates} {how}, so production may not start"
    notes = [] if rendered is None else [Note("rendered here, on some paths", rendered.location)]
    help_ = "render it on every path of the template, or give the setting a default"
    return RULE.finding(setting.name, message, help=help_, location=setting.location, notes=notes)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
