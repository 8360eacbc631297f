"""A build of the image does not pass an argument that it needs.

## What it finds

A compose service, a workflow step, or a command that builds the frontend's Dockerfile and passes no argument for a
public variable that the source reads and the Dockerfile declares. Commands are found in steps, and in the shell
scripts, make targets and package scripts that steps call; `docker compose build --build-arg` passes its arguments to
the services it builds.

An `ENV` may make the variable of another `ARG` (`ENV NEXT_PUBLIC_X=https://$DOMAIN/api`): then that is what a build
has to pass.

It is a warning where the `ARG` has a default that is not empty. It is information where the code copes without the
variable (by a fallback, a condition, a comparison, a schema that calls it optional), where several builds of the
Dockerfile agree on not passing it (then it is an offer to others who build the image), and where the image never leaves
the runner: the step does not push, and no command of the workflow does. Under the preset `common` also where no build
passes it and the `ARG` says what counts then: an empty value that the code falls back on, too (`|| ""`; a warning where
it does not), or another, unless a workflow builds an image with the address of a developer's machine.

For other arguments a warning, and only where a stage declares one and other builds of the same Dockerfile and context,
in places of the same kind, pass it to the same `ARG`: compose is compared with compose, workflows with workflows. What
a constant, a leg of a matrix, a secret or a variable of the repository gives makes a variant, and is not missed; nor is
an `ARG` that the Dockerfile asks whether it is set (`[ -n "$X" ]`, `${X:-other}`). Nor is what few builds
pass: less than half where compose or a run's own value (the commit, the output of a step) gives it, else less than two
thirds. `X:` and `- X` without a value count as passed. Under the preset `common` it is information: tests,
previews and local builds mostly leave out on purpose what a release passes. Where the arguments come from an expression
that only a run could evaluate, the build is unknown.

## Why it matters

The build falls back on the default of the `ARG`, mostly an empty one: the image of one environment works and that of
another calls its own origin, or reports `unknown` as its version.

## How to fix

Pass the argument: below `args:` of the service, in `build-args: |` of the step, or as `--build-arg`. Where a place
leaves it out on purpose, allow the finding for this variable and path, with the reason.
"""

from __future__ import annotations

from fr_check.builds.model import BAKE, COMPOSE, WORKFLOW
from fr_check.core.edits import Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity, Unknown
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison import passing
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_build import Bake
    from fr_check.builds.images import Image
    from fr_check.builds.model import Build
    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(workflow=("NEXT_PUBLIC_API_URL", "NODE_ENV"))
GOOD = samples.FILES

# A value that a run makes; one that every run of every workflow has.
_COMPUTED = pattern(r"\$\{\{[^}]*\b(?:github|steps|needs|matrix)\.")
_OF_EVENT = pattern(r"\$\{\{\s*github\.(?:sha|ref|ref_name|run_id|run_number)\s*\}\}")


@distinct
def check(facts: Facts) -> Iterator[Finding | Unknown]:
    """Yields findings for public variables, then for others."""
    opaque: dict[str, list[tuple[Build, list[str]]]] = {}
    for build, bakes in passing.frontend_builds(facts):
        lacking = passing.lacking(facts, build, bakes)
        if lacking and build.opaque is not None:
            opaque.setdefault(build.opaque.path, []).append((build, [argument for argument, _, _ in lacking]))
            continue
        for argument, name, bake in lacking:
            if build.place != COMPOSE or argument not in build.environment:
                yield _public(facts, build, argument, name, bake)
    yield from map(_unknown, opaque.values())
    for build, image, others in passing.inconsistent(facts):
        other = others[0]
        yield RULE.finding(
            other.name,
            f"the {build.what} passes no `{other.name}`, which `{image.path}` declares and another build of it gets",
            help=_help(build, other.name, defaulted=bool(_default(image, other.name, build.target))),
            location=build.location,
            notes=[Note("passed here", other.location), *passing.declaration(image, other.name, build.target)],
            severity=Severity.WARNING if facts.strict else Severity.INFO,
            group=f"arguments that the {build.what} does not pass, and another build of `{image.path}` does",
        )


def _public(facts: Facts, build: Build, argument: str, name: str, bake: Bake) -> Finding:
    default = passing.default(bake, argument) if argument == name else ""
    what = f"the {build.what} passes no `{argument}`"
    why = f"goes without a value for `{name}`" if argument != name else "goes without a value"
    if default:
        what += f", so that the default of `{bake.image.path}` is baked into `{bake.frontend.label}`"
    else:
        what += f", so that the build of `{bake.frontend.label}` {why}"
    return RULE.finding(
        argument,
        what,
        help=_help(build, argument, defaulted=bool(default)),
        location=build.location,
        notes=[
            *passing.declaration(bake.image, argument, build.target),
            *(Note("read here", read.location) for read in bake.frontend.reads[name][:1]),
        ],
        severity=_severity(facts, build, argument, name, bake),
        group=f"arguments that the {build.what} does not pass, and the build of `{bake.frontend.label}` reads",
    )


def _severity(facts: Facts, build: Build, argument: str, name: str, bake: Bake) -> Severity | None:
    """Information where nobody misses it: the code copes, no build passes it, the image never leaves the runner."""
    if bake.frontend.copes_without(name) or facts.kept(build):
        return Severity.INFO
    unwanted = passing.unwanted(facts, build, argument, bake)
    return unwanted or (Severity.WARNING if argument == name and passing.default(bake, name) else None)


def _default(image: Image, name: str, target: str | None) -> str:
    declared = image.declared(name, target)
    return "" if declared is None else (declared.definition.value or "").strip("\"'")


def _unknown(found: list[tuple[Build, list[str]]]) -> Unknown:
    """What the builds of one file, which often share a `$ARGS`, may pass."""
    build = found[0][0]
    listed = ", ".join(f"`{name}`" for name in dict.fromkeys(name for _, names in found for name in names))
    places = {one.opaque for one, _ in found}
    which = f"the {build.what} passes" if len(places) == 1 else f"the {len(places)} builds in `{build.path}` pass"
    return Unknown(
        RULE.checker,
        "opaque-build-args",
        build.what,
        f"whether {which} {listed} is only known at run time",
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
    return f"add the line `{name}=${{{{ vars.{name} }}}}`, or the value itself, to `build-args: |`"


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Passes the argument: in a compose file from the environment, in a workflow from a variable of the repository."""
    from fr_check.dockerfile_args.comparison.remedies import pass_in_compose, pass_in_workflow  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    build = next((one for one in facts.builds if one.location == finding.location), None)
    if text is None or build is None or finding.severity is Severity.INFO:
        return None
    name = finding.subject
    if build.place == COMPOSE:
        return pass_in_compose(text, build, name, defaulted="without a value" in finding.help)
    if build.place == BAKE or build.what.startswith("command"):
        return Refused("a command or a bake file is left to its author")
    values = {other.passed[name].value for other in facts.builds if name in other.passed and other.place == WORKFLOW}
    made = {value for value in values if value and _COMPUTED.search(value)}
    if made and (len(values) > 1 or not _OF_EVENT.fullmatch(next(iter(made)))):
        return Refused(f"other builds pass what their run makes: {', '.join(sorted(made))}")
    return pass_in_workflow(text, build, name, next(iter(made), ""))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
