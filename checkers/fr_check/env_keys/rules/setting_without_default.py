"""A setting without a default.

## What it finds

A field that pydantic requires: `name: str`, `= ...`, `Field(description="...")`; also `name: str | None`, which allows
None but still demands a value. That the example file and the template provide it does not change the verdict: tests,
builds and scripts that import the settings still need the variable.

It is judged under the preset `strict`, or where the configuration gives this rule a severity: elsewhere a required
setting is good practice.

## Why it matters

Without the variable, `Settings()` raises while the application starts: in production, in CI, on a newcomer's machine,
and in every script that imports the module.

## How to fix

Give it a default that is right for development, and let production override it. For a secret that must never have one,
document it with a placeholder, render it in the template, and allow it with the reason:
`[tool.fr-check.allow]` `setting-without-default = [{subject = "KEY", reason = "..."}]`.

## What `--fix` does

Nothing: which default is right, and whether there should be one, is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Setting

_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"

BAD = {"apps/backend/src/config.py": _HEAD + "    database_url: str\n", ".env.example": "DATABASE_URL=\n"}
GOOD = {
    "apps/backend/src/config.py": _HEAD + '    database_url: str = "sqlite:///dev.db"\n',
    ".env.example": "DATABASE_URL=sqlite:///dev.db\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports every required field, and says where the variable is not provided."""
    for app in facts.apps if facts.demands_defaults else ():
        for setting in app.settings:
            if setting.required and not setting.conditional and setting.names != ():
                yield _finding(app, setting)


def _finding(app: App, setting: Setting) -> Finding:
    documented = app.documentation(setting)
    rendered = app.rendering(setting)
    field = f"{setting.owner}.{setting.field}"
    message = f"`{setting.name}` ({field}) has no default, so start-up fails wherever the variable is not set"
    notes = []
    if documented and not documented.binding.value:
        notes.append(Note("the example gives it no value", documented.location))
    if rendered and not rendered.key.always:
        notes.append(Note("the template renders it only on some paths", rendered.location))
    help_ = "give it a default that is right for development, and let production override it"
    if "none" in setting.kind.names:
        help_ = f"write `{setting.field}: {setting.annotation} = None`: a type that allows None is not a default"
    return RULE.finding(setting.name, message, help=help_, location=setting.location, notes=notes)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
