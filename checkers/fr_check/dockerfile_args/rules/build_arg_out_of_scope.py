"""A public variable has an ARG that the build of the frontend does not see.

## What it finds

An `ARG` for a public variable that stands before the first `FROM` only, in a stage that the building one is not based
on, below the build, or in an `ONBUILD` trigger of the building stage itself. `COPY --from` hands on files, no
arguments; `FROM stage AS other` does hand them on. Also one that the step takes away from the command that builds
(`unset NEXT_PUBLIC_X`, `env -i`, `env -u NEXT_PUBLIC_X`, `export -n`), as far as that is certain.

It is information where the code copes without the variable and no build passes it, and where only a package beside the
frontend reads it and another stage declares it: that may build another program of the package.

## Why it matters

An `ARG` is visible from its line to the end of its stage, and in stages built on that. Elsewhere the variable is
unset, BuildKit says nothing, and the bundler bakes `undefined` into the page.

## How to fix

Move the `ARG` (and its `ENV`) into the stage that runs the build, above it. A global `ARG` needs a second `ARG NAME`
in the stage, which takes over the global default. What the step takes away, it is to leave there, or to hand on
(`env -i NEXT_PUBLIC_X="$NEXT_PUBLIC_X" npm run build`).
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.dockerfile_args import samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_build import Bake
    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts

BAD = samples.project(
    dockerfile=(
        "ARG NEXT_PUBLIC_API_URL=\nENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}\nRUN npm run build\n",
        "RUN npm run build\nARG NEXT_PUBLIC_API_URL=\n",
    )
)
GOOD = samples.FILES


_WHERE = {
    "global": "stands before the first FROM only",
    "other-stage": "stands in another stage",
    "later": "stands below the build",
    "onbuild": "is a trigger, which fires in stages built on this one only",
    "taken": "is taken away by the step itself",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at the ARG that is nearest to being right."""
    seen: set[tuple[str, str]] = set()
    for bake in (bake for bake in facts.all_bakes if bake.image.complete):
        for name in bake.frontend.reads:
            standing = bake.standing(name)
            where = _WHERE.get(standing.kind)
            if where is None or not bake.certain or (bake.image.key, name) in seen or facts.bound(bake, name):
                continue
            seen.add((bake.image.key, name))
            line = bake.location.span.line if bake.location.span else 0
            taken = bake.taken(name) if standing.kind == "taken" else None
            if taken is not None:
                where = f"is taken away by `{taken.how}`"
            yield RULE.finding(
                name,
                f"the ARG `{name}` of `{bake.image.path}` {where}, so that the build of `{bake.frontend.label}`"
                f" in {bake.stage_label} does not see it",
                help=f"put `ARG {name}` and `ENV {name}=${{{name}}}` into {bake.into}, above line {line}"
                if taken is None
                else taken.help,
                location=bake.image.at(standing.declarations[0].definition.name_span),
                notes=[Note("the frontend is built here", bake.location)],
                severity=_severity(facts, bake, name, standing.kind),
                group=f"ARGs that the build of `{bake.frontend.label}` does not see: {where}",
            )


def _severity(facts: Facts, bake: Bake, name: str, kind: str) -> Severity | None:
    """What only a package beside the frontend reads, another stage may take for another program that uses it."""
    around = bake.frontend.path
    beside = around and not any(read.location.path.startswith(f"{around}/") for read in bake.frontend.reads[name])
    if beside and kind == "other-stage":
        return Severity.INFO
    return facts.missed(bake.frontend, name, dropped=bool(facts.passes(bake.image, name)))


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Declares the argument above the build; the declaration below it, which nothing else reads, goes."""
    from fr_check.builds.inline_edits import in_its_file  # noqa: PLC0415 - only to cure
    from fr_check.edits.dockerfile import declare, move_declaration  # noqa: PLC0415 - likewise

    text = text_of(finding.location.path)
    for bake in facts.all_bakes:
        standing = bake.standing(finding.subject) if finding.subject in bake.frontend.reads else None
        if standing is None or text is None or standing.kind not in _WHERE or bake.image.path != finding.location.path:
            continue
        found = standing.declarations[0]
        if bake.image.at(found.definition.name_span) != finding.location or standing.kind in {"onbuild", "taken"}:
            continue
        inner = bake.image.text
        edits = declare(inner, bake.image.dockerfile, bake.instruction, finding.subject, facts.public, env=True)
        below = found.instruction
        if standing.kind == "later" and len(below.definitions) == 1:
            edits = (*edits, move_declaration(inner, below))
            again = (f"${finding.subject}", f"${{{finding.subject}}}")
            for other in bake.image.dockerfile.instructions:
                named = [(one.name, one.value) for one in other.definitions]
                same = other.keyword == "ENV" and other.stage == below.stage and other.number > below.number
                if same and named in [[(finding.subject, value)] for value in again]:
                    edits = (*edits, move_declaration(inner, other))
        if standing.kind == "global":
            # With a value of its own the stage's ARG would hide the default that the global one has.
            edits = tuple(
                edit._replace(text=edit.text.replace(f"ARG {finding.subject}=", f"ARG {finding.subject}"))
                for edit in edits
            )
        made = in_its_file(bake.image, text, edits)
        return made if isinstance(made, Refused) else Fix(SAFE, made)
    return None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
