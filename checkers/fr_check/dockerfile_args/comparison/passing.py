"""Which arguments a build leaves out: of public variables, and of those that other builds of the Dockerfile pass."""

from __future__ import annotations

from fr_check.builds import wiring
from fr_check.builds.frontend import Need
from fr_check.builds.model import COMPOSE
from fr_check.core.model import Note, Severity
from fr_check.core.patterns import pattern
from fr_check.sources.dockerfile import AUTOMATIC, CONTROL, PREDEFINED
from fr_check.sources.javascript.model import is_local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend import Frontend
    from fr_check.builds.frontend_build import Bake
    from fr_check.builds.images import Image
    from fr_check.builds.model import Build, Passed
    from fr_check.dockerfile_args.facts import Facts
    from fr_check.sources.dockerfile import Declaration

# Expressions of GitHub's that stand for one deployment, or one leg of a matrix.
_VARIANT = pattern(r"\$\{\{[^}]*\b(?:matrix|secrets|vars)\.")
_PLACEHOLDER = pattern(r"[\w%{}<>@#$/:.-]+")
_DECLARED = frozenset(("visible", "overridden", "later", "onbuild", "other-stage", "global"))


def frontend_builds(facts: Facts) -> Iterator[tuple[Build, tuple[Bake, ...]]]:
    """The builds that build a frontend, with the steps that do."""
    for build, _ in facts.pairs:
        bakes = facts.bakes(build)
        if bakes:
            yield build, bakes


def lacking(facts: Facts, build: Build, bakes: tuple[Bake, ...]) -> list[tuple[str, str, Bake]]:
    """What a build does not pass of what its frontend reads: the ARG, the public variable, the step that needs it.

    The two names differ where an ENV makes the variable of the ARG: `ENV NEXT_PUBLIC_X=https://$DOMAIN`.
    """
    found: dict[str, tuple[str, Bake]] = {}
    for bake in bakes:
        for name in bake.frontend.reads:
            standing = bake.standing(name)
            if standing.kind in _DECLARED:
                if name not in build.passed and name not in found and not facts.bound(bake, name):
                    found[name] = (name, bake)
            elif standing.kind == "bound" and standing.binding is not None:
                for argument in sorted(standing.binding.arguments - build.passed.keys()):
                    if argument not in AUTOMATIC and not _defaulted(bake, argument):
                        found.setdefault(argument, (name, bake))
    return [(argument, name, bake) for argument, (name, bake) in found.items()]


def _defaulted(bake: Bake, argument: str) -> bool:
    """Whether the ARG has a value by itself, so that a build need not pass it."""
    declared = bake.image.declared(argument, None) or next(iter(bake.image.declarations(argument)), None)
    globals_ = [found for found in bake.image.declarations(argument) if found.place == "global"]
    return any(found.definition.value for found in (declared, *globals_) if found is not None)


def unwanted(facts: Facts, build: Build, name: str, bake: Bake) -> Severity | None:
    """How bad it is not to pass a variable that no build of the Dockerfile passes; None where another one does.

    Information where several agree: then it is an offer to those who build the image anew. Also where the ARG has a
    value of its own, but for the address of a developer's machine in an image that a workflow builds. An empty one
    is a warning where the code does not fall back on nothing itself. Where a workflow passes what Compose does not,
    an empty value of the ARG counts so for Compose, too.
    """
    group = [other for other in facts.builds if other.key == build.key and facts.bakes(other)]
    declared = bake.image.declared(name, build.target)
    value = declared.definition.value if declared is not None else None
    if any(name in other.passed or other.opaque for other in group):
        # Whoever starts it with Compose gets what the Dockerfile says counts then.
        if build.place != COMPOSE or value is None or facts.strict or value.strip("\"'"):
            return None
        return Severity.WARNING if bake.frontend.need(name) is Need.FULL else Severity.INFO
    if len({(other.path, other.what) for other in group}) > 1:
        return Severity.INFO
    if value is None or facts.strict:
        return None
    meant = build.place == COMPOSE or not is_local(value)
    if not value.strip("\"'"):
        meant = bake.frontend.need(name) is not Need.FULL
    return Severity.INFO if meant else Severity.WARNING


def default(bake: Bake, name: str) -> str:
    """The value that the Dockerfile gives a variable where a build passes none; empty where it gives none."""
    binding = bake.standing(name).binding
    return binding.value if binding is not None and isinstance(binding.value, str) else ""


def is_placeholder(frontend: Frontend, name: str, value: str | None) -> bool:
    """Whether a value only stands for the variable: its name, with or without the prefix, in a few signs.

    `BAKED_NEXT_PUBLIC_X`, `__X__` or `/NEXT_PUBLIC_X_PLACEHOLDER`: a script replaces it when the container starts.
    """
    if not value or not _PLACEHOLDER.fullmatch(value):
        return False
    rest = next((name[len(prefix) :] for prefix in frontend.prefixes if name.startswith(prefix)), name)
    return name in value or (len(rest) > len("ID") and rest in value and rest != value)


def inconsistent(facts: Facts) -> Iterator[tuple[Build, Image, list[Passed]]]:
    """Builds that leave out an argument, with how others of the same Dockerfile, context and kind of place pass it.

    They fill the same ARG, in a stage that the build runs; another target may have one of its own. What one leg of a
    matrix, a constant, a secret or a variable of the repository gives makes a variant, and so does an ARG that the
    Dockerfile asks whether it is set. So does what few of them pass: less than half where compose or a run's own value
    (the commit, the output of a step) gives it, else less than two thirds.
    """
    groups: dict[tuple[str, str, str | None], list[tuple[Build, Image]]] = {}
    for build, image in facts.pairs:
        groups.setdefault((build.key, build.place, build.context), []).append((build, image))
    for group in groups.values():
        passed: dict[str, dict[tuple[str, str], tuple[Passed, Declaration | None]]] = {}
        for build, image in group:
            for name, argument in build.passed.items():
                filled = (argument, image.declared(name, build.target))
                passed.setdefault(name, {})[build.path, build.what] = filled
        places = {(build.path, build.what) for build, _ in group}
        for build, image in group:
            for name, found in passed.items() if build.opaque is None else ():
                mine = image.declared(name, build.target)
                others = [argument for argument, declared in found.values() if declared == mine]
                halves = build.place == COMPOSE or any(map(wiring.computed, others))
                usual = (2 if halves else 1.5) * len(others) >= len(places)
                if name in build.passed or facts.public(name) or not usual or facts.kept(build):
                    continue
                if _missed(image, name, build, others):
                    yield build, image, others


def _missed(image: Image, name: str, build: Build, others: list[Passed]) -> bool:
    declared = image.declared(name, build.target)
    if not others or declared is None or name in PREDEFINED or name in AUTOMATIC or name in CONTROL:
        return False
    if image.asks_for(name):
        return False
    if all(other.value is not None and _VARIANT.search(other.value) for other in others):
        return False
    return not declared.definition.value or any(wiring.refers(other) for other in others)


def declaration(image: Image, name: str, target: str | None) -> list[Note]:
    """A note on the ARG that a build would fill."""
    found = image.declared(name, target) or next(iter(image.declarations(name)), None)
    return [] if found is None else [Note("declared here", image.at(found.definition.name_span))]


def compose_line(name: str, *, defaulted: bool) -> str:
    """What to write below `args:`; where the ARG has a default, what leaves that alone as long as nothing is set."""
    if defaulted:
        return f"`{name}:` without a value, which takes it from the environment where it is set (in a list: `- {name}`)"
    return f"`{name}: ${{{name}:-}}` (in a list: `- {name}=${{{name}:-}}`)"
