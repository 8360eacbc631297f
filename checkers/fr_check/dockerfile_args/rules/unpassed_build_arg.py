"""A build of the image does not pass an argument that it needs.

## What it finds

A compose service, a workflow step, or a command that builds the frontend's Dockerfile and passes no argument for a
public variable that the source reads and the Dockerfile declares. Commands are found in steps, and in the shell
scripts, make targets and package scripts that steps call; `docker compose build --build-arg` passes its arguments to
the services it builds.

It is a warning where the `ARG` has a default that is not empty, where the step says `push: false`, and where a schema
in the code (zod and its like) calls the variable optional. It is information where several builds of the Dockerfile
agree on not passing it: then it is an offer to others who build the image.

For other arguments a warning, and only where a stage declares one and another build of the same Dockerfile, in a
place of the same kind, passes it: compose is compared with compose, workflows with workflows. One that has a default
and gets a constant elsewhere is a variant, not missed. `X:` and `- X` without a value count as passed. Where the
arguments come from an expression that only a run could evaluate, the build is unknown.

## Why it matters

The build falls back on the default of the `ARG`, mostly an empty one: the image of one environment works and that of
another calls its own origin, or reports `unknown` as its version.

## How to fix

Pass the argument: below `args:` of the service, in `build-args: |` of the step, or as `--build-arg`. Where a place
leaves it out on purpose, allow the finding for this variable and path, with the reason.
"""

from __future__ import annotations

from fr_check.builds.model import BAKE, COMPOSE
from fr_check.core.model import Finding, Note, Rule, Severity, Unknown
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison import passing
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_step import Bake
    from fr_check.builds.images import Image
    from fr_check.builds.model import Build
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(workflow=("NEXT_PUBLIC_API_URL", "NODE_ENV"))
GOOD = samples.FILES


@distinct
def check(facts: Facts) -> Iterator[Finding | Unknown]:
    """Yields findings for public variables, then for others."""
    for build, bakes in passing.frontend_builds(facts):
        lacking = passing.lacking(facts, build, bakes)
        if lacking and build.opaque is not None:
            yield _unknown(build, [name for name, _ in lacking])
            continue
        for name, bake in lacking:
            if build.place != COMPOSE or name not in build.environment:
                yield _public(build, name, bake, unwanted=passing.unwanted(facts, build, name))
    for build, image, other in passing.inconsistent(facts):
        yield RULE.finding(
            other.name,
            f"the {build.what} passes no `{other.name}`, which `{image.path}` declares and another build of it gets",
            help=_help(build, other.name, defaulted=_has_default(image, other.name, build.target)),
            location=build.location,
            notes=[Note("passed here", other.location), *passing.declaration(image, other.name, build.target)],
            severity=Severity.WARNING,
        )


def _public(build: Build, name: str, bake: Bake, *, unwanted: bool) -> Finding:
    default = passing.default(bake, name)
    tolerable = bool(default) or build.published is False or name in bake.frontend.sources.optional
    what = f"the {build.what} passes no `{name}`"
    if default:
        what += f", so that the default of `{bake.image.path}` is baked into `{bake.frontend.label}`"
    else:
        what += f", so that the build of `{bake.frontend.label}` goes without a value"
    return RULE.finding(
        name,
        what,
        help=_help(build, name, defaulted=bool(default)),
        location=build.location,
        notes=[
            *passing.declaration(bake.image, name, build.target),
            *(Note("read here", read.location) for read in bake.frontend.reads[name][:1]),
        ],
        severity=Severity.INFO if unwanted else Severity.WARNING if tolerable else None,
    )


def _has_default(image: Image, name: str, target: str | None) -> bool:
    declared = image.declared(name, target)
    return declared is not None and bool(declared.definition.value)


def _unknown(build: Build, names: list[str]) -> Unknown:
    listed = ", ".join(f"`{name}`" for name in names)
    return Unknown(
        RULE.checker,
        "opaque-build-args",
        build.what,
        f"whether the {build.what} passes {listed} is only known at run time",
        "write the arguments out as NAME=value; values may be expressions",
        build.opaque,
    )


def _help(build: Build, name: str, *, defaulted: bool) -> str:
    if build.place == COMPOSE:
        return f"add below `args:` of the {build.what} {passing.compose_line(name, defaulted=defaulted)}"
    if build.place == BAKE:
        return f'add `{name} = "..."` to the `args` of the {build.what}'
    if build.what.startswith("command"):
        return f"add `--build-arg {name}=...` to the command"
    return f"add the line `{name}=...` to `build-args: |`"


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
