"""A compose `environment` entry that the rendered secrets override.

## What it finds

A key that stands both in a template and in `environment:` of the compose file beside it, where that file has the
container read the rendered secrets with `.` or `source`. What is read last wins, and that is the rendered file.

## Why it matters

Whoever changes the value in the compose file changes nothing: the template renders the key too, possibly empty.

## How to fix

Keep the key in one of the two places.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_COMPOSE = "repo/finance_report/finance_report/10.app/compose.yaml"
_SERVICE = """\
services:
  backend:
    image: backend
    entrypoint: ["sh", "-c", "set -a; . /secrets/.env; set +a; exec uvicorn src.main:app"]
    environment:
"""

BAD = {**_CLEAN, _COMPOSE: _SERVICE + "      S3_BUCKET: statements\n"}
GOOD = {**_CLEAN, _COMPOSE: _SERVICE + "      TZ: UTC\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports each key once per app."""
    for app in facts.apps:
        for use in app.overridden:
            rendered = app.rendered.get(use.key)
            if rendered is not None:
                template = rendered.source.text.path
                message = f"`{use.key}` in {use.location.path} is overridden by {template}, which renders it too"
                notes = [Note("rendered here", rendered.location)]
                yield RULE.finding(
                    use.key, message, help="keep it in one of the two", location=use.location, notes=notes
                )


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD)
