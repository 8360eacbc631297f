"""Which arguments a build leaves out: of public variables, and of those that other builds of the Dockerfile pass."""

from __future__ import annotations

from fr_check.builds import wiring
from fr_check.core.model import Note
from fr_check.sources.dockerfile import AUTOMATIC, CONTROL, PREDEFINED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend_step import Bake
    from fr_check.builds.images import Image
    from fr_check.builds.model import Build, Passed
    from fr_check.dockerfile_args.facts import Facts

_DECLARED = frozenset(("visible", "overridden", "later", "onbuild", "other-stage", "global"))


def frontend_builds(facts: Facts) -> Iterator[tuple[Build, tuple[Bake, ...]]]:
    """The builds that build a frontend, with the steps that do."""
    for build, _ in facts.pairs:
        bakes = facts.bakes(build)
        if bakes:
            yield build, bakes


def lacking(facts: Facts, build: Build, bakes: tuple[Bake, ...]) -> list[tuple[str, Bake]]:
    """The public variables that the Dockerfile declares and the build does not pass, with the step that needs each."""
    found: dict[str, Bake] = {}
    for bake in bakes:
        for name in bake.frontend.reads:
            if name in build.passed or name in found or bake.standing(name).kind not in _DECLARED:
                continue
            if not facts.bound(bake, name):
                found[name] = bake
    return list(found.items())


def unwanted(facts: Facts, build: Build, name: str) -> bool:
    """Whether several builds of the Dockerfile agree on not passing a variable: an offer to those who build it anew."""
    group = [other for other in facts.builds if other.key == build.key and facts.bakes(other)]
    places = {(other.path, other.what) for other in group}
    return len(places) > 1 and not any(name in other.passed or other.opaque for other in group)


def default(bake: Bake, name: str) -> str:
    """The value that the Dockerfile gives a variable where a build passes none; empty where it gives none."""
    binding = bake.standing(name).binding
    return binding.value if binding is not None and isinstance(binding.value, str) else ""


def inconsistent(facts: Facts) -> Iterator[tuple[Build, Image, Passed]]:
    """Builds that leave out an argument which another build of the same Dockerfile and kind of place passes.

    A stage that the build runs must declare it. Where that ARG has a default, an argument that others fill with a
    constant is a variant of theirs, not something this build misses.
    """
    groups: dict[tuple[str, str], list[tuple[Build, Image]]] = {}
    for build, image in facts.pairs:
        groups.setdefault((build.key, build.place), []).append((build, image))
    for group in groups.values():
        passed: dict[str, list[Passed]] = {}
        for build, _ in group:
            for name, argument in build.passed.items():
                passed.setdefault(name, []).append(argument)
        for build, image in group:
            if build.opaque is not None or build.published is False:
                continue
            for name, others in passed.items():
                if name in build.passed or facts.public(name) or not _missed(image, name, build.target, others):
                    continue
                yield build, image, others[0]


def _missed(image: Image, name: str, target: str | None, others: list[Passed]) -> bool:
    declared = image.declared(name, target)
    if declared is None or name in PREDEFINED or name in AUTOMATIC or name in CONTROL:
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
