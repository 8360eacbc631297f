"""A build names a Dockerfile that is not in the repository.

## What it finds

A compose service, workflow step or command whose context and file are known and lead to no Dockerfile of this
repository. Contexts that are known to stand elsewhere (a Git address, another repository's checkout, a folder above
the root) are skipped, and so are files that the workflow, or a script that it names, writes, copies or downloads, or
that `.gitignore` names. Paths of a compose file that a script copies to another place count from there: nothing is said
of them. It is information in a copy, to the letter, of a compose file whose paths are right where that one stands. So
it is in a compose file that Compose does not find by itself and no command of the repository starts: its paths may
count from the folder of another file (`-f docker/compose.yml -f tools/compose.test.yml`).

## Why it matters

The build fails, mostly long after the file was moved, because nobody builds that service or runs that workflow every
day.

## How to fix

Mend the path, remembering that compose counts `dockerfile` from the context, and the action counts `file` from the
root.

## What `--fix` does

Nothing: which file was meant is not known.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(compose=("./apps/frontend", "./apps/web"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the build."""
    for build in facts.builds:
        if build.dockerfile in facts.images.missing and not (facts.made(build) or facts.placed(build)):
            original = facts.copied_from(build)
            yield RULE.finding(
                build.dockerfile or "",
                f"the {build.what} builds `{build.dockerfile}`, which does not exist",
                help="mend the context or the file's name",
                location=build.location,
                notes=[Note(f"this is a copy of {original}, where the path is right")] if original else [],
                severity=Severity.INFO if original or not facts.started(build) else Severity.WARNING,
                group=f"Dockerfiles that builds in `{build.path}` name, and that do not exist",
            )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
