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

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
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


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Makes the names an alias, and has the example document the first of them in place of the field's own name."""
    from fr_check.env_keys.fixing import settings_file  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    if text is None:
        return None
    made = settings_file.aliased(text, finding.location)
    if isinstance(made, Refused):
        return made
    edits = list(made.edits)
    app = next((one for one in facts.apps for s in one.settings if s.location == finding.location), None)
    documented = app.documented if app is not None else {}
    if finding.subject in documented and made.names[0] not in documented:
        found = documented[finding.subject]
        start = found.text.offset(found.binding.key_span.line, found.binding.key_span.column)
        edits.append(Edit(found.text.path, start, start + len(finding.subject), made.names[0]))
    return Fix(UNSAFE, tuple(edits))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
