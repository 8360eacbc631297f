"""`Field(env="NAME")`, which pydantic 2 ignores.

## What it finds

A field of a pydantic 2 settings class with the `env` argument of version 1. The field is filled by its own name, with
the class's prefix, and not by the name given.

## Why it matters

Pydantic only warns (`Extra keyword arguments on Field are deprecated`), and the variable that everybody sets has no
effect any more.

## How to fix

Write `validation_alias="NAME"`, or `AliasChoices("NAME", "OTHER")` for several names.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_HEAD = "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"

BAD = {
    "apps/backend/src/config.py": _HEAD + "    region: str = Field('eu', env='AWS_REGION')\n",
    ".env.example": "REGION=eu\n",
}
GOOD = {
    "apps/backend/src/config.py": _HEAD + "    region: str = Field('eu', validation_alias='AWS_REGION')\n",
    ".env.example": "AWS_REGION=eu\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports names given to `env` that do not fill the field."""
    for app in facts.apps:
        for setting in app.settings:
            dead = [
                name for name in setting.ignored_env if name.upper() not in {n.upper() for n in setting.names or ()}
            ]
            if dead:
                listed = ", ".join(f"`{name}`" for name in dead)
                field = f"{setting.owner}.{setting.field}"
                message = f"{field} is not filled by {listed}: pydantic 2 ignores `env=`, and reads `{setting.name}`"
                alias = f'"{dead[0]}"' if len(dead) == 1 else f"AliasChoices({', '.join(repr(name) for name in dead)})"
                help_ = f"write `validation_alias={alias}` instead of `env=`"
                yield RULE.finding(setting.name, message, help=help_, location=setting.location)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
