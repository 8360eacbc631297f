"""A secret is a build argument or a public variable: it ends up in the image or in the page.

## What it finds

An `ARG` whose name the settings or the Vault template of the backend mark as secret; and a public variable with the
name of something that must never be in a page (`..._SECRET`, `..._PASSWORD`, `..._PRIVATE_KEY`, `..._SERVICE_ROLE`).
Keys and tokens that are made for browsers (publishable keys, DSNs, map tokens) are left alone, and so are switches: an
example file gives them `true` or `false`.

## Why it matters

The value of an `ARG` stays in the image's history and in the provenance that is pushed with it: whoever can pull the
image can read it. A public variable is in the JavaScript that every visitor gets.

## How to fix

Give a secret that the build needs as a mount: `RUN --mount=type=secret,id=name,env=NAME ...`. Read one that the
running program needs from its environment. Rotate a secret that has been baked in, and give a public variable
another name if it holds no secret.

## What `--fix` does

Nothing: the secret has to come by another way, and what was baked in has to be revoked.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.secret_names import public_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.dockerfile_args.facts import Facts

BAD = {
    **samples.FILES,
    "apps/backend/src/config.py": """\
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    session_secret: SecretStr = SecretStr("")
""",
    "apps/backend/Dockerfile": "FROM python:3.12\nARG SESSION_SECRET\nRUN pip install .\n",
}
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at each ARG of a secret, and at the ARG or first read of a public variable named like one."""
    for image in facts.images.found.values():
        for name, why in facts.secrets.items():
            for declared in image.declarations(name)[:1]:
                yield RULE.finding(
                    name,
                    f"`{image.path}` takes the secret `{name}` as a build argument, which stays in the image ({why})",
                    help="mount it with `RUN --mount=type=secret,...`, or read it when the container runs",
                    location=image.at(declared.definition.name_span),
                    notes=[Note("passed here", place) for place in facts.passes(image, name)],
                )
    for frontend in facts.frontends:
        for name, reads in frontend.public_reads.items():
            if public_secret(name) and not facts.is_switch(name):
                yield RULE.finding(
                    name,
                    f"`{frontend.label}` puts `{name}` into the page, and it is called like a secret",
                    help="read it on the server under a name without the public prefix; rotate it if it was built in",
                    location=reads[0].location,
                )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
