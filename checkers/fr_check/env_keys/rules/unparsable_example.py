"""A line of the example file that is no binding.

## What it finds

A line python-dotenv cannot read: text without `=` after a name, text behind a closing quote, a quote that is never
closed. The rest of the file is read.

Where no Python code takes part it is information: what reads the file there may take the line.

## Why it matters

The key on such a line is lost: whoever copies the example gets the default instead, with no more than a warning in the
log. Compose and `sh` refuse the whole file.

## How to fix

Write `KEY=value`, quote the whole value, or start the line with `#`.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.env_keys.facts import example_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_KEY = pattern(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")

_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "DEBUG=false\nplease set these\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "DEBUG=false\n# please set these\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports each line, once per file."""
    seen = set()
    for app in facts.apps:
        for source in app.examples:
            for problem in source.content.problems:
                path, line = source.text.path, problem.span.line
                if (path, line) in seen:
                    continue
                seen.add((path, line))
                message = f"line {line} of {path} is no binding ({problem.message})"
                subject = _subject(path, source.text.line(line))
                # Other readers than python-dotenv may take the line.
                severity = Severity.ERROR if app.settings_files or app.reads else Severity.INFO
                where = source.text.at(problem.span)
                yield RULE.finding(
                    subject, message, help=problem.help, location=where, severity=severity,
                    group=f"lines of {path} that are no bindings ({problem.message})",
                )  # fmt: skip


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Makes a comment of words that hold no assignment: what a failed one means is hidden."""
    from fr_check.edits.lines import replace_line  # noqa: PLC0415 - only to cure

    del text_of
    source = example_of(facts, finding.location.path)
    if source is None or finding.location.span is None:
        return None
    line = finding.location.span.line
    words = source.text.line(line)
    if any(sign in words for sign in "=:'\"`"):
        return Refused("the line may be an assignment, whose meaning only its author knows")
    return Fix(SAFE, (replace_line(source.text, line, f"# {words.strip()}"),))


def _subject(path: str, line: str) -> str:
    """The key that is lost, or the file: anything else on the line may be a secret."""
    found = _KEY.match(line)
    return found[1] if found else path


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
