"""A file of variables in the frontend has no effect on the image.

## What it finds

A public variable in the `.env.production` or `.env.production.local` of the frontend's folder, where the image is
built without it: `.dockerignore` keeps the file out of the context, or an `ARG` or `ENV` of the same name sets the
variable first. `.env` and `.env.local` are for local work and left alone.

## Why it matters

Frameworks read these files only for variables that are not set already, and an empty one counts as set. The file
works in `npm run dev` and in local builds, and does nothing in the image.

## How to fix

Pass the value as a build argument, and remove it from the file; or let the file in, and remove the `ARG` and `ENV`.

## What `--fix` does

Nothing: which of the places is to hold the value is not known.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.sources.dockerfile import Unset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.dockerfile_args.facts import Facts

BAD = {**samples.FILES, "apps/frontend/.env.production": "NEXT_PUBLIC_API_URL=https://api.example.org\n"}
GOOD = samples.FILES


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the variable in the file."""
    seen: set[tuple[str, str]] = set()
    for bake in facts.all_bakes:
        for file in bake.frontend.env_files if bake.certain else ():
            shut = sorted(filter(None, (facts.kept_out(bake, context, file.path) for context in facts.contexts(bake))))
            for name, place in file.places.items() if ".production" in file.path else ():
                standing = bake.standing(name)
                masked = standing.binding is not None and not isinstance(standing.binding.value, Unset)
                if not facts.public(name) or (file.path, name) in seen or not (shut or masked):
                    continue
                seen.add((file.path, name))
                how = f"`{bake.image.path}` sets the variable before the build, and what is set wins"
                if shut:
                    how = f"`{shut[0]}` keeps the file out of the image's build"
                yield RULE.finding(
                    name,
                    f"`{name}` in `{file.path}` has no effect on the image: {how}",
                    help=f"pass `{name}` as a build argument, and remove it from the file",
                    location=place,
                    notes=[Note("the frontend is built here", bake.location)],
                )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
