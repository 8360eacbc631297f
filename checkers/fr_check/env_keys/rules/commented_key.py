"""A setting that stands in the example file only as a comment.

## What it finds

A `# KEY=value` line in the example file for a setting whose variables are documented nowhere else. The setting counts
as undocumented; this says where the half of its documentation is.

## Why it matters

Tools that read the file (compose, pydantic-settings, a comparison with a deployment) do not see the key.

## How to fix

Remove the `#`; give the key an empty value if nothing should be set and the type takes it.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.env_keys.facts import example_of
from fr_check.env_keys.values.written import default_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import Fix, TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "# DEBUG=false\nTZ=UTC\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "DEBUG=false\nTZ=UTC\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares commented keys with settings that are not documented."""
    for app in (app for app in facts.apps if app.strict):
        for source in app.examples:
            for commented in source.content.commented:
                takers = app.takers(commented.key)
                if takers and not any(app.documentation(setting) for setting in takers):
                    message = f"`{commented.key}` stands in {source.text.path} only as a comment"
                    help_ = "remove the `#`"
                    yield RULE.finding(commented.key, message, help=help_, location=source.text.at(commented.span))


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | None:
    """Takes the `#` from the line; safe where it then says what the setting's default says."""
    from fr_check.env_keys.fixing.comments import made_a_line  # noqa: PLC0415 - only to cure

    del text_of
    source = example_of(facts, finding.location.path)
    takers = [setting for app in facts.apps for setting in app.takers(finding.subject)]
    if source is None or not takers:
        return None
    values = {default_of(setting) for setting in takers}
    value = values.pop() if len(values) == 1 else None
    return made_a_line(source, finding.subject, value or "", takers[0].kind, known=value is not None)


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
