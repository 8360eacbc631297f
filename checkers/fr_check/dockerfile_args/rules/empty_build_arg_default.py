"""An empty value hides a default of the Dockerfile.

## What it finds

A compose argument `NAME: ${OTHER:-}`, `${OTHER-}` or `${OTHER}` whose stage in the Dockerfile has a default that is
not empty; an argument that is written empty (`NAME: ""`, `NAME=`); one of a bake file whose variable has the default
`""`. And an `ARG NAME=` in a stage where the `ARG NAME` before the first `FROM` has a default.

## Why it matters

Where the variable is unset, Compose passes an empty string, and an argument that is passed always beats the default:
`ARG GIT_COMMIT_SHA=unknown` comes out empty, not `unknown`. Written as `NAME:` without a value, it would be left out.
Just so, an `ARG NAME=` is empty, where `ARG NAME` would take over the global default.

## How to fix

Write `NAME:` (or `- NAME`) to pass the variable only where it is set, or repeat the default: `${NAME:-unknown}`. In a
stage write `ARG NAME`.
"""

from __future__ import annotations

from fr_check.builds import wiring
from fr_check.builds.model import COMPOSE
from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args import samples
from fr_check.dockerfile_args.comparison.distinct import distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.images import Image
    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(dockerfile=("ARG NEXT_PUBLIC_API_URL=\n", "ARG NEXT_PUBLIC_API_URL=/api\n"))
GOOD = samples.FILES

_EMPTY = pattern(r"=(?:\"\"|'')?")


@distinct
def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the argument."""
    for build, image in facts.pairs:
        for name, passed in build.passed.items():
            declared = image.declared(name, build.target)
            # What a script passes may only be unknown.
            if declared is None or not declared.definition.value or build.what.startswith("command"):
                continue
            if not wiring.may_be_empty(passed):
                continue
            unset = " where the variable is unset" if wiring.refers(passed) and passed.value else ""
            yield RULE.finding(
                name,
                f"the {build.what} passes an empty `{name}`{unset}, which hides the default of `{image.path}`",
                help=f"write `{name}:` without a value, or repeat the default",
                location=passed.location,
                notes=[Note("the default", image.at(declared.definition.name_span))],
            )
    for image in facts.images.found.values():
        yield from _stages(image) if image.judged else ()


def _stages(image: Image) -> Iterator[Finding]:
    """Yields a finding at each ARG of a stage that is empty where the global one is not."""
    defaults = {d.name: d for i in image.dockerfile.of(-1) for d in i.definitions if d.value}
    for instruction in image.dockerfile.instructions if defaults else ():
        for definition in instruction.definitions if instruction.stage >= 0 and instruction.keyword == "ARG" else ():
            if definition.value is not None and definition.parts == () and definition.name in defaults:
                yield RULE.finding(
                    definition.name,
                    f"`ARG {definition.name}=` in a stage of `{image.path}` is empty, which hides the global default",
                    help=f"write `ARG {definition.name}`, which takes over the global default",
                    location=image.at(definition.name_span),
                    notes=[Note("the default", image.at(defaults[definition.name].name_span))],
                )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Passes the variable only where it is set; in a stage, takes over the global default."""
    from fr_check.edits import compose  # noqa: PLC0415 - only to cure

    text, span = text_of(finding.location.path), finding.location.span
    if text is None or span is None:
        return None
    name = finding.subject
    passed = [one.passed[name] for one in facts.builds if name in one.passed and one.place == COMPOSE]
    own = next((one for one in passed if one.location == finding.location), None)
    if own is not None:
        lone = wiring.lone_reference(own)
        if lone is None or lone.name != name:
            return Refused("the value does not come from the variable of that name")
        edit = compose.rewritten(text, finding.location, name, "")
        return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))
    end = text.offset(span.end_line, span.end_column)
    if any(one.inline is None and one.path == text.path for one in facts.images.found.values()):
        empty = _EMPTY.match(text.string, end)
        return Fix(UNSAFE, (Edit(text.path, end, empty.end(), ""),)) if empty is not None else None
    return None


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
