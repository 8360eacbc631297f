"""A step of a Dockerfile reads a variable that nothing in it sets.

## What it finds

A `RUN` that expands a variable (`GOARCH=$TARGETARCH`, `${VERSION}`) which no `ARG` or `ENV` sets in its stage above it,
and which the step itself does not assign. A warning where an `ARG` of the name stands before the first `FROM`, in
another stage or below, and where BuildKit has a value for it that needs an `ARG` (`TARGETARCH`, `TARGETPLATFORM`,
`BUILDPLATFORM`, ...). Information for other names: the base image may set them. Left out are expansions with a
fallback (`${X:-1}`), and names that shells and images set as a rule (`HOME`, `PATH`, `*_VERSION`, `*_HOME`, ...).

## Why it matters

The shell takes an unset variable for an empty text: the step runs, and downloads the wrong file, or builds for the
wrong architecture.

## How to fix

Write `ARG NAME` in the stage, above the step; for an argument before the first `FROM` that takes its default over.

## What `--fix` does

Nothing: whether the name is misspelt or the value is missing is not known.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.sources import shell
from fr_check.sources.dockerfile import AUTOMATIC, PREDEFINED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.images import Image
    from fr_check.dockerfile_args.facts import Facts
    from fr_check.sources.dockerfile import Instruction
    from fr_check.sources.shell import Expansion

BAD = {"Dockerfile": "FROM golang\nCOPY . .\nRUN GOARCH=$TARGETARCH go build ./...\n"}
GOOD = {"Dockerfile": "FROM golang\nCOPY . .\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build ./...\n"}

# What shells, base images and package managers set.
_USUAL = pattern(
    r"(?:.*_)?(?:HOME|PATH|VERSION|ROOT|DIR|PREFIX|USER|SHA\d*|KEYS?)|PWD|OLDPWD|SHELL|HOSTNAME|UID|EUID|GID|LANG|LC_\w+|TERM"
    r"|IFS|RANDOM|SECONDS|LINENO|OSTYPE|HOSTTYPE|MACHTYPE|BASH\w*|FUNCNAME|PIPESTATUS|REPLY|OPTARG|OPTIND|TZ|EDITOR|DISPLAY"
    r"|DEBIAN_FRONTEND|VIRTUAL_ENV|ID|VERSION_CODENAME|GO\w*|CARGO\w*|NODE\w*|PYTHON\w*|PIP\w*|CONDA\w*|[a-z_]+"
)
_FALLBACKS = frozenset((":-", "-", ":=", "=", ":+", "+", ":?", "?"))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each variable and stage, at its first expansion."""
    for image in facts.images.found.values():
        if not image.judged or not image.complete or image.fires_unseen:
            continue
        seen: set[tuple[int, str]] = set()
        for instruction in image.dockerfile.instructions:
            if instruction.keyword != "RUN" or instruction.json is not None or "$" not in instruction.arguments:
                continue
            for expansion in _free(instruction):
                name = expansion.name
                usual = _USUAL.fullmatch(name) is not None and name not in AUTOMATIC and not image.declarations(name)
                if (instruction.stage, name) not in seen and not usual and _unset(image, instruction, name):
                    seen.add((instruction.stage, name))
                    yield _finding(image, instruction, expansion)


def _free(instruction: Instruction) -> Iterator[Expansion]:
    """The variables that the environment of a step answers, fallbacks aside."""
    line, start = instruction.line, instruction.argued
    text = instruction.arguments
    script = shell.parse(text, places=line.places(start, start + len(text)))
    for found in shell.free_variables(script) if not script.problems else ():
        if found.kind == "variable" and found.operator not in _FALLBACKS:
            yield found


def _unset(image: Image, instruction: Instruction, name: str) -> bool:
    if name in PREDEFINED or name in image.scopes.at(instruction.stage, instruction):
        return False
    return not any(mount.get("env") == name for mount in instruction.mounts())


def _finding(image: Image, instruction: Instruction, expansion: Expansion) -> Finding:
    name = expansion.name
    declared = image.declarations(name)
    stage = image.dockerfile.stages[instruction.stage]
    why = "nothing in this Dockerfile sets it"
    if declared:
        where = "before the first FROM" if declared[0].place == "global" else "elsewhere"
        why = f"its ARG stands {where}, and is not seen in {stage.phrase}"
    elif name in AUTOMATIC:
        why = f"BuildKit sets it only where an ARG declares it, which {stage.phrase} does not"
    return RULE.finding(
        name,
        f"a RUN of `{image.path}` reads `${name}`: {why}",
        help=f"add `ARG {name}` to {stage.phrase.removeprefix('stage ')}, above this step",
        location=image.at(image.text.span(expansion.start, expansion.end)),
        notes=[Note("declared here", image.at(found.definition.name_span)) for found in declared[:1]],
        severity=None if declared or name in AUTOMATIC else Severity.INFO,
        group=f"variables that steps of {stage.phrase} read and nothing sets",
    )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
