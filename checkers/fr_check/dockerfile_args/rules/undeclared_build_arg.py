"""A public variable has no ARG in the Dockerfile that builds the frontend.

## What it finds

A public variable (`NEXT_PUBLIC_*`, `VITE_*` and so on, by what bundles the frontend, and what `public-prefixes` says)
that the frontend's source reads and that the Dockerfile which builds the frontend declares nowhere. Also a variable of
any name that next.config reads in `env`, `rewrites()`, `redirects()` or `headers()`, whose result the build keeps.
Names are compared in their case.

It is information only where

- the Dockerfile gives the variable a value in another way (an `ENV`, a secret mount, an assignment before the command,
  a file of variables that reaches the build), and no build passes one that is lost;
- a package of the frontend sets variables when the page is served (`@import-meta-env/unplugin`, `next-runtime-env`);
- Nuxt's server takes it from its environment (`runtimeConfig.public`), which compose gives it;
- nothing gives it a value, and the code copes without: by a fallback, a condition, a comparison, a branch that only
  development runs, or a schema that calls it optional; so does whatever counts visitors and errors (`..._SENTRY_DSN`,
  `..._POSTHOG_KEY`); a service that runs a development server gives nothing to a build. Code behind
  `if (BASE === "/api") return` needs nothing where a module has `BASE = process.env.NEXT_PUBLIC_X || "/api"`, and
  nobody needs a constant that no module names;
- only Next.js's server reads it (a route handler, what stands in `app/api/`, a file with `"use server"` or one that
  imports `fs`, `next/headers` or the driver of a database): a build leaves a variable that is not set as it is, and the
  server has it from its own environment. Nothing is said of such a variable here;
- it is read only in a package of the workspace that several frontends use: this one may not use that part of it.

It is a warning where the code falls back on the developer's machine (`?? "http://localhost:8000"`) and an example file
documents the variable, and where a schema calls the variable optional and a build passes it; it is information where no
place gives a value and the code falls back on nothing (`?? ""`).

## Why it matters

The bundler replaces `process.env.NEXT_PUBLIC_X` while it builds. Without an `ARG` the value that compose or a
workflow passes is dropped without a warning, the page is built with `undefined`, and every log is green.

## How to fix

Declare it in the stage that builds, above the build: `ARG NEXT_PUBLIC_X` and `ENV NEXT_PUBLIC_X=${NEXT_PUBLIC_X}`.
Where the server reads it at run time on purpose, allow the finding in the configuration, for this variable and this
path, with the reason.
"""

from __future__ import annotations

from fr_check.builds.frontend import Need
from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_build import Bake
    from fr_check.core.edits import TextOf
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
    value = facts.bound(bake, name)
    otherwise = value.how if value is not None else ""
    if not otherwise and frontend.injector:
        otherwise = f"`{frontend.injector}` sets variables when the page is served"
    passed, lost = facts.passes(bake.image, name), facts.lost(bake.image, name)
    # An ENV that no build can change: what a build passes is dropped all the same.
    fixed = value is not None and value.fixed and bool(passed)
    dropped = fixed or (bool(lost) and not otherwise)
    severity = Severity.INFO if otherwise and not dropped else facts.missed(frontend, name, dropped=dropped)
    taken = bake.taken(name)
    pair = f" and `ENV {name}=${{{name}}}`" if _wants_env(facts, bake, name) else ""
    return RULE.finding(
        name,
        _message(bake, name, otherwise, copes=severity is Severity.INFO, dropped=dropped),
        help=taken.help if taken is not None else f"add `ARG {name}`{pair} to {bake.into}, above this build",
        location=bake.location,
        notes=[
            *(Note("read here", read.location) for read in reads[:2]),
            *(Note("passed here, to no effect", place) for place in passed[:3]),
            *(Note("set here for the container, which is too late", place) for place in lost[len(passed) :][:3]),
        ],
        severity=severity,
        group=f"variables that `{frontend.label}` reads, and `{bake.image.path}` declares no ARG for{_why(otherwise)}",
    )


def _why(otherwise: str) -> str:
    return f" ({otherwise})" if otherwise else ""


def _message(bake: Bake, name: str, otherwise: str, *, copes: bool, dropped: bool) -> str:
    declared = f"`{bake.image.path}` declares no ARG `{name}`"
    if otherwise:
        return f"{declared}, so that what is passed is dropped: {otherwise}" if dropped else f"{declared}: {otherwise}"
    label = bake.frontend.label
    if (taken := bake.taken(name)) is not None:
        return f"`{taken.how}` takes `{name}` away, so that `{label}` is built without a value for it"
    if copes:
        return f"{declared}: no place gives a value, and `{label}` copes without one"
    return f"{declared}, so that `{label}` is built without a value for it"


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Declares the argument above the build that lacks it, in the style of those that are there."""
    from fr_check.builds.inline_edits import in_its_file  # noqa: PLC0415 - only to cure
    from fr_check.edits.dockerfile import declare  # noqa: PLC0415 - likewise

    text = text_of(finding.location.path)
    steps = [
        bake for bake in facts.all_bakes if bake.location == finding.location and finding.subject in bake.frontend.reads
    ]
    if text is None or not steps or finding.severity is Severity.INFO:
        return None
    bake = steps[0]
    if bake.taken(finding.subject) is not None:
        return None
    building = {one.stage for one in facts.all_bakes if one.image.key == bake.image.key}
    if len(building) > 1 or bake.instruction.keyword != "RUN":
        return Refused("several stages build the frontend, or a trigger does")
    env = _wants_env(facts, bake, finding.subject)
    image = bake.image
    inner = declare(image.text, image.dockerfile, bake.instruction, finding.subject, facts.public, env=env)
    edits = in_its_file(image, text, inner)
    return edits if isinstance(edits, Refused) else Fix(SAFE, edits)


def _wants_env(facts: Facts, bake: Bake, name: str) -> bool:
    """Whether the argument is to be an ENV, too.

    An ENV makes an empty text of an argument that is not passed: `??` takes that for a value, and it beats a file's.
    """
    return bake.frontend.need(name) is Need.FULL and facts.bound(bake, name) is None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
