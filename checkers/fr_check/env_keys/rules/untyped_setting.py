"""An assignment in a settings class without a type.

## What it finds

`name = value` in the body of a class that pydantic builds, where the name has no annotation. Validators, properties
and other descriptors are no values and are left alone.

## Why it matters

Pydantic refuses such a class: the application stops at import with `PydanticUserError`. If the name is a field of a
base class, the override is refused in the same way.

## How to fix

Write `name: str = value`; for a constant that is no setting, `name: ClassVar[str] = value`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"

BAD = {
    "apps/backend/src/config.py": _HEAD + "    debug: bool = False\n    region = 'eu'\n",
    ".env.example": "DEBUG=0\n",
}
GOOD = {
    "apps/backend/src/config.py": _HEAD + "    debug: bool = False\n    region: str = 'eu'\n",
    ".env.example": "DEBUG=0\nREGION=eu\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports what the settings reader could not take for a field."""
    for app in facts.apps:
        for settings_class in app.classes:
            for untyped in settings_class.untyped:
                message = (
                    f"`{untyped.field}` in {untyped.owner} has no type, and pydantic refuses a class with such a field"
                )
                help_ = f"write `{untyped.field}: <type> = ...`, or `ClassVar[<type>]` if it is no setting"
                yield RULE.finding(untyped.field, message, help=help_, location=untyped.location)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Gives a plain value its type; a constant, a call, a list or None is left to its author."""
    from fr_check.env_keys.fixing import settings_file  # noqa: PLC0415 - only to cure

    del facts
    text = text_of(finding.location.path)
    if text is None:
        return None
    edit = settings_file.typed_as_its_value(text, finding.location, finding.subject)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
