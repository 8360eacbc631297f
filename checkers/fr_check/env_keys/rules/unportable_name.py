"""A setting under names that no shell can set.

## What it finds

A field all of whose variables have names with other characters than letters, digits and underscores, or a digit in
front: `Field(validation_alias="MY-KEY.x")`. Where one of several names is fine, it is reported as info.

## Why it matters

Such a variable can be in an environment, and in a `.env` file that python-dotenv reads. But `export MY-KEY.x=1` is an
error, a file that `sh` sources cannot set it, and compose and CI systems refuse it or leave it out.

## How to fix

Give the field an alias of letters, digits and underscores; keep the old one behind it in `AliasChoices` if anything
sets it.

## What `--fix` does

Nothing: the variable gets another name in every place at once, with `fr-check rename`.
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
    "apps/backend/src/config.py": _HEAD + "    region: str = Field('eu', validation_alias='aws.region')\n",
    ".env.example": "aws.region=eu\n",
}
GOOD = {
    "apps/backend/src/config.py": _HEAD + "    region: str = Field('eu', validation_alias='AWS_DATA_REGION')\n",
    ".env.example": "AWS_DATA_REGION=eu\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at the names of every field."""
    for app in facts.apps:
        for setting in app.settings:
            odd = [name for name in setting.names or () if not (name.isascii() and name.isidentifier())]
            if odd:
                listed = ", ".join(f"`{name}`" for name in odd)
                message = f"{setting.owner}.{setting.field} is filled by {listed}, which no shell can set"
                help_ = "give it an alias of letters, digits and underscores"
                severity = None if len(odd) == len(setting.names or ()) else Severity.INFO
                yield RULE.finding(odd[0], message, help=help_, location=setting.location, severity=severity)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
