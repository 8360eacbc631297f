"""A public variable has no ARG in the Dockerfile that builds the frontend.

## What it finds

A public variable (`NEXT_PUBLIC_*`, or what `public-prefixes` says) that the frontend's source reads and that the
Dockerfile which builds the frontend declares nowhere. Names are compared in their case.

It is information only where

- the Dockerfile gives the variable a value in another way (an `ENV`, a secret mount, an assignment before the command,
  a `.env` file that reaches the build): it is there, but no build can set it;
- a package of the frontend sets variables when the page is served (`@import-meta-env/unplugin`, `next-runtime-env`);
- no Dockerfile, build or example file knows the variable, and the code copes without: by a fallback that is not empty,
  a condition, a comparison, or a schema that calls it optional;
- it is read only in a package of the workspace that several frontends use: this one may not use that part of it.

It is a warning where a schema in the code (zod and its like) calls the variable optional.

## Why it matters

The bundler replaces `process.env.NEXT_PUBLIC_X` while it builds. Without an `ARG` the value that compose or a
workflow passes is dropped without a warning, the page is built with `undefined`, and every log is green.

## How to fix

Declare it in the stage that builds, above the build: `ARG NEXT_PUBLIC_X` and `ENV NEXT_PUBLIC_X=${NEXT_PUBLIC_X}`.
Where the server reads it at run time on purpose, allow the finding in the configuration, for this variable and this
path, with the reason.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_step import Bake
    from fr_check.builds.frontends import Frontend
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(dockerfile=("ARG NEXT_PUBLIC_API_URL=\nENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}\n", ""))
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each variable and Dockerfile; information where it has a value all the same."""
    seen: set[tuple[str, str]] = set()
    for bake in (bake for bake in facts.all_bakes if bake.image.complete):
        for name in bake.frontend.reads:
            kind = bake.standing(name).kind
            if not bake.certain or kind not in {"absent", "bound", "mounted"} or (bake.image.key, name) in seen:
                continue
            seen.add((bake.image.key, name))
            yield _finding(facts, bake, name)


def _finding(facts: Facts, bake: Bake, name: str) -> Finding:
    frontend, reads = bake.frontend, bake.frontend.reads[name]
    passed = facts.passes(bake.image, name)
    value = facts.bound(bake, name)
    otherwise = value.how if value is not None else _dispensable(facts, frontend, name)
    dropped = bool(passed and value is not None and value.fixed)
    severity = _severity(frontend, name, needed=dropped or not otherwise)
    message = f"`{bake.image.path}` declares no ARG `{name}`"
    if dropped:
        message += f", so that what is passed is dropped: {otherwise}"
    elif otherwise:
        message += f": {otherwise}"
    else:
        message += f", so that `{frontend.label}` is built without a value for it"
    return RULE.finding(
        name,
        message,
        help=f"add `ARG {name}` and `ENV {name}=${{{name}}}` to {bake.into}, above this build",
        location=bake.location,
        notes=[
            *(Note("read here", read.location) for read in reads[:2]),
            *(Note("passed here, to no effect", place) for place in passed[:3]),
        ],
        severity=severity,
        group=f"variables of `{frontend.label}` without an ARG: {otherwise or 'built without a value'}",
    )


def _dispensable(facts: Facts, frontend: Frontend, name: str) -> str:
    """Why an image does without a variable; empty where it does not."""
    if frontend.injector:
        return f"`{frontend.injector}` sets variables when the page is served"
    if not facts.expected(frontend, name):
        return f"no place gives a value, and `{frontend.label}` copes without one"
    return ""


def _severity(frontend: Frontend, name: str, *, needed: bool) -> Severity | None:
    if not needed or all(read.shared for read in frontend.reads[name]):
        return Severity.INFO
    return Severity.WARNING if name in frontend.sources.optional else None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
