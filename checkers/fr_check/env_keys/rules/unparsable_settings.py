"""A settings file that Python or pydantic refuses.

## What it finds

A file named as settings that Python's parser refuses; and a settings class with both `class Config` and `model_config`,
for which pydantic raises (`config-both`) while the module is imported.

## Why it matters

The application cannot start. None of the settings in a file that does not parse can be compared with anything, so every
other verdict about them is withheld rather than guessed.

## How to fix

Mend the syntax at the place shown; move what `class Config` says into `model_config` and remove the class.

## What `--fix` does

Nothing: what was meant is not known.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.sources.settings.syntax import newer_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"

BAD = {"apps/backend/src/config.py": _HEAD + "    debug: bool = (False\n", ".env.example": "DEBUG=false\n"}
GOOD = {"apps/backend/src/config.py": _HEAD + "    debug: bool = False\n", ".env.example": "DEBUG=false\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports the parser's own message, and classes that pydantic does not build, each once."""
    for app in facts.apps:
        for refusal in dict.fromkeys(refusal for found in app.classes for refusal in found.refused):
            message = f"{refusal.subject} {refusal.message}, so {refusal.location.path} cannot be imported"
            help_ = "move what `class Config` says into `model_config`, and remove the class"
            yield RULE.finding(refusal.subject, message, help=help_, location=refusal.location)
        for source in app.settings_files:
            for problem in source.content.problems:
                if newer_python(source.text, problem):
                    continue  # told as not judged
                path = source.text.path
                message = f"{path} is {problem.message}; nothing about its settings can be judged"
                location = source.text.at(problem.span)
                yield RULE.finding(path, message, help=problem.help, location=location)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
