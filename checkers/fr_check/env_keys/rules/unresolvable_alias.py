"""A setting whose variable only running the code would tell.

## What it finds

An alias, a prefix or an alias generator that is computed at run time (from a function, from `os.environ`, from a value
that is assigned more than once), so that nobody can say from the source which variable fills the field. Constants,
concatenations, f-strings, helper functions with a single `return Field(...)` and names imported from other modules of
the repository are resolved and not reported.

## Why it matters

While a name is unknown, this tool cannot say that a documented or rendered key is *not* read, so it withholds those
verdicts; a person who greps for the variable finds nothing either.

## How to fix

Write the name as a literal, or as a module-level constant.

## What `--fix` does

Nothing: only running the code tells the name.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_HEAD = "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n\n\n"

BAD = {
    "apps/backend/src/config.py": "import os\n"
    + _HEAD
    + "class Settings(BaseSettings):\n    region: str = Field('eu', validation_alias=os.environ['REGION_VARIABLE'])\n",
    ".env.example": "REGION=eu\nREGION_VARIABLE=REGION\n",
}
GOOD = {
    "apps/backend/src/config.py": _HEAD
    + "_PREFIX = 'APP_'\n\n\n"
    + "class Settings(BaseSettings):\n    region: str = Field('eu', validation_alias=_PREFIX + 'REGION')\n",
    ".env.example": "APP_REGION=eu\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports fields without known names."""
    for app in facts.apps:
        for settings_class in app.classes:
            if settings_class.unresolved:
                continue  # told as not judged
            for setting in settings_class.settings:
                if setting.names is None:
                    field = f"{setting.owner}.{setting.field}"
                    message = f"the variable that fills {field} cannot be known: {setting.unresolved}"
                    help_ = "write the alias as a literal, or as a constant that is assigned once"
                    yield RULE.finding(setting.field, message, help=help_, location=setting.location)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
