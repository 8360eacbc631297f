"""A secret under a name that is shipped to the browser.

## What it finds

A key with a public prefix (`NEXT_PUBLIC_` and the configured ones) that a secrets template renders, and whose name says
secret, password or private key, or whose setting is a `SecretStr`. Keys that are meant to be public, such as a
publishable or site key, are no secrets and are left alone.

## Why it matters

Bundlers copy the value of such a variable into the JavaScript that every visitor downloads.

## How to fix

Rename the variable without the prefix and read it on the server only; then revoke the secret if it was ever built in.

## What `--fix` does

Nothing: the code that reads it has to move to the server first, and the secret to be revoked.
"""

from __future__ import annotations

import re

from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

# Narrower than core/secrecy.py: an API key or a token for a browser is often public by design, these never are.
_SECRET = pattern(r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_KEY|CREDENTIALS)(?:_|$)", re.IGNORECASE)

_CONFIG = """\
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    {name}: SecretStr = SecretStr("")
"""
_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"

BAD = {
    "apps/backend/src/config.py": _CONFIG.format(name="next_public_signing_secret"),
    ".env.example": "NEXT_PUBLIC_SIGNING_SECRET=\n",
    _TEMPLATE: 'NEXT_PUBLIC_SIGNING_SECRET="{{ with secret "secret/data/app" }}{{ .Data.data.SIGNING }}{{ end }}"\n',
}
GOOD = {
    "apps/backend/src/config.py": _CONFIG.format(name="signing_secret"),
    ".env.example": "SIGNING_SECRET=\n",
    _TEMPLATE: 'SIGNING_SECRET="{{ with secret "secret/data/app" }}{{ .Data.data.SIGNING }}{{ end }}"\n',
}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every rendered key with a public prefix."""
    for app in facts.apps:
        for key, rendered in app.rendered.items():
            settings = app.takers(key)
            if key.startswith(facts.public_prefixes) and (_SECRET.search(key) or any(s.secret for s in settings)):
                message = (
                    f"`{key}` is rendered as a secret by {rendered.source.text.path},"
                    " but its prefix has it shipped to the browser"
                )
                help_ = "rename it without the prefix, and read it on the server only"
                notes = [Note("read here", setting.location) for setting in settings]
                yield RULE.finding(key, message, help=help_, location=rendered.location, notes=notes)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
