"""A build passes an argument that its Dockerfile does not declare.

## What it finds

An argument that a compose service, a workflow step or a command passes, and that no stage of the Dockerfile which is
built for the target declares, nor the global scope. Arguments that need no `ARG` (proxies, `BUILDKIT_*`,
`SOURCE_DATE_EPOCH`, platforms) are left out.

It is information where the same line passes the argument to another image that takes it: a leg of a matrix, another
caller of the workflow.

## Why it matters

The old builder warned of such arguments, BuildKit drops them without a word: a typing error in a name, or an `ARG`
that was removed, goes unnoticed, and the value never arrives.

## How to fix

Declare the argument in the stage that needs it, mend its name, or stop passing it.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples
from fr_check.sources.build_args import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.images import Image
    from fr_check.builds.model import Build, Passed
    from fr_check.core.edits import Fix, Refused, TextOf
    from fr_check.dockerfile_args.facts import Facts
    from fr_check.sources.dockerfile import Declaration

BAD = samples.project(workflow=("example.org\n", "example.org\n            GIT_SHA=${{ github.sha }}\n"))
GOOD = samples.FILES

# Of the letters of two names, how many must be common to both for one to be a slip of the other.
_ALIKE = 0.88
# https://docs.docker.com/reference/cli/docker/#environment-variables, and Compose's: no Dockerfile sees them.
_OF_THE_COMMAND = frozenset(("DOCKER_BUILDKIT", "COMPOSE_DOCKER_CLI_BUILD", "DOCKER_DEFAULT_PLATFORM", "COMPOSE_BAKE"))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the place where the argument is passed."""
    # A step of a matrix, or of a workflow that others call, may give every image what one of them takes.
    taken = {
        passed.location
        for build, image in facts.pairs
        for name, passed in build.passed.items()
        if image.consumes(name, build.target)
    }
    found = list(_dropped(facts))
    places: dict[str, list[tuple[str, str]]] = {}
    for build, _, name, passed, _ in found:
        places.setdefault(name, []).append((passed.location.path, build.what))
    for build, image, name, passed, declared in found:
        which = "no stage that this build runs declares it" if declared else "declares no such ARG"
        where = f"`{image.path}`, where {which}" if declared else f"`{image.path}`, which {which}"
        several = sum(path == passed.location.path for path, _ in places[name]) > 1
        yield RULE.finding(
            name,
            f"the {build.what} passes `{name}` to {where}: BuildKit drops it without a word",
            help=_help(name, image, build.target),
            location=passed.location,
            notes=[Note("declared here", image.at(one.definition.name_span)) for one in declared[:1]],
            severity=Severity.INFO if passed.location in taken else None,
            group=_shared(name, places)
            if several
            else f"arguments that the {build.what} passes, and `{image.path}` does not take",
        )


def _shared(name: str, places: dict[str, list[tuple[str, str]]]) -> str:
    """The cause that what several builds pass in vain has in common; several arguments may go the same ways."""
    if any(other != name and ways == places[name] for other, ways in places.items()):
        return "arguments that several builds pass to Dockerfiles that do not take them"
    return f"places that pass `{name}` to Dockerfiles that do not take it"


def _dropped(facts: Facts) -> Iterator[tuple[Build, Image, str, Passed, tuple[Declaration, ...]]]:
    """Each argument that a build passes and its Dockerfile does not take; one line a place, though sets share it."""
    seen: set[tuple[object, str]] = set()
    for build, image in facts.pairs:
        if image.fires_unseen or not image.complete:
            continue
        needed = {name for bake in facts.bakes(build) for name in bake.frontend.reads}
        for name, passed in build.passed.items():
            declared = image.declarations(name)
            if name in needed and not declared:
                continue  # what is missing then is the ARG, and that is `undeclared-build-arg`
            if (
                passed.doubtful
                or not is_name(name)
                or image.consumes(name, build.target)
                or (declared and build.target is None)
            ):
                continue
            if (passed.location, name) not in seen:
                seen.add((passed.location, name))
                yield build, image, name, passed, declared


def _help(name: str, image: Image, target: str | None) -> str:
    if name in _OF_THE_COMMAND:
        return f"remove the argument: `{name}` is a variable of the `docker` command's own environment"
    known = {d.name for i in image.dockerfile.instructions if i.keyword == "ARG" for d in i.definitions}
    meant = "" if name in known else _meant(name, known)
    if meant:
        return f"did you mean `{meant}`? else declare `ARG {name}` in the stage that needs it, or remove the argument"
    stage = image.stage(target)
    ends = f" (the build ends with {stage.phrase})" if stage is not None and len(image.dockerfile.stages) > 1 else ""
    return f"add `ARG {name}` to the stage that needs it{ends}, or remove the argument"


def _meant(name: str, known: set[str]) -> str:
    """The name that this one may be a slip of, or nothing."""
    size = len(name)
    near = [other for other in sorted(known) if 2 * min(len(other), size) >= _ALIKE * (len(other) + size)]
    if not near:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only where the lengths do not rule it out

    return next(iter(get_close_matches(name, near, n=1, cutoff=_ALIKE)), "")


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the argument out, with the empty list that it would leave."""
    from fr_check.dockerfile_args.comparison.remedies import drop_argument  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    build = next(
        (one for one in facts.builds if any(a.location == finding.location for a in one.passed.values())), None
    )
    if text is None or build is None:
        return None
    return drop_argument(text, build, finding.location)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
