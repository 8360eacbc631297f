"""Public variables that are declared, passed or documented, and that nothing reads."""

from __future__ import annotations

import re
from functools import cache

from fr_check.builds import frontend_sources
from fr_check.core.model import Unknown
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.dockerfile_args.comparison.model import Orphan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from fr_check.core.context import Context
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.dockerfile_args.comparison.build_facts import BuildFacts

_REMARKS = ("//", "*", "/*", "{/*", "<!--", "#")

# Code that may read a variable of the environment, whatever its name.
_CODE = pattern(r"\.(?:py|go|rb|rs|java|kt|cs|php|ex|exs|sh|bash|[cm]?[jt]sx?|vue|svelte|astro|html|prisma)$")

# What a build runs, though no code of the page: `tailwind.config.js` may choose a theme.
_BUILDS = pattern(r"(?:^|/)(?:tailwind|postcss|babel|svgo|sentry)[\w.-]*\.[cm]?[jt]s$")


def find(context: Context, facts: BuildFacts) -> tuple[Orphan, ...]:
    """The orphans of a repository; none where not all that may read a variable could be read."""
    if not facts.frontends or facts.read.frontends.unknowns:
        return ()
    mentioned = {name for frontend in facts.frontends for name in frontend.sources.mentioned}
    places: dict[str, list[tuple[str, Location]]] = {}
    for name, what, location in _places(facts):
        if facts.public(name) and name not in mentioned and not _perhaps(facts, name):
            places.setdefault(name, []).append((what, location))
    taken = frozenset().union(*(frontend.sources.files for frontend in facts.frontends))
    # One that is only passed is `unconsumed-build-arg`.
    places = {name: found for name, found in places.items() if any(what not in {"passed", "set"} for what, _ in found)}
    left = places.keys() - _elsewhere(context.repository, set(places), taken) if places else set()
    unread = left - _by_programs(context, left) if left else set()
    return tuple(Orphan(name, tuple(dict.fromkeys(places[name]))) for name in sorted(unread))


def _perhaps(facts: BuildFacts, name: str) -> bool:
    """Whether a package that a frontend uses may read a variable, or the frontend by a name that it computes."""
    return any(f.read_by_package(name) or f.sources.may_read(name) for f in facts.frontends)


def _places(facts: BuildFacts) -> Iterator[tuple[str, str, Location]]:
    for key, image in facts.images.found.items():
        if not image.judged or (facts.owners and key not in facts.owners):
            continue
        for instruction in image.dockerfile.instructions:
            declaring = instruction.trigger or instruction
            if declaring.keyword == "ARG":
                for definition in declaring.definitions:
                    yield definition.name, "declared", image.at(definition.name_span)
    for build in facts.builds:
        for passed in build.passed.values():
            yield passed.name, "passed", passed.location
        for name, variable in build.environment.items():
            yield name, "set", variable.location
    for name, location in facts.documented.keys.items():
        yield name, "documented", location


def _by_programs(context: Context, names: AbstractSet[str]) -> set[str]:
    """Those of the names that a program of the repository reads: a setting may be filled by one that no code spells."""
    flow = context.facts("env-keys").flow
    programs = () if flow is None or isinstance(flow, Unknown) else flow.programs
    return {name for name in names if any(next(program.reads(name), None) is not None for program in programs)}


def _elsewhere(repository: Repository, names: set[str], taken: frozenset[str]) -> set[str]:
    """Those of the names that code mentions which no program and no frontend is known by: it may read them.

    Scripts, and languages that nothing here reads; tests apart. Of what was `taken` already, where a name stands as a
    text that a helper is called with (`env("NEXT_PUBLIC_X")`), or in the environment of a server.
    """
    found: set[str] = set()
    for path, mentioned in repository.search(_may_read, _mentions(frozenset(names))).items():
        text = repository.read(path) if path in taken and mentioned else None
        found.update(name for name in mentioned or () if not isinstance(text, Text) or _looks_up(text.string, name))
    return found


def _may_read(path: str) -> bool:
    return _CODE.search(path) is not None and (not frontend_sources.is_test(path) or _BUILDS.search(path) is not None)


@cache
def _mentions(names: frozenset[str]) -> Callable[[bytes], frozenset[str]]:
    """Which of these names a file mentions as words of their own."""
    words = [name.encode() for name in sorted(names)]
    mention = re.compile(rb"(?<!\w)(" + b"|".join(map(re.escape, words)) + rb")(?!\w)")

    def found(data: bytes) -> frozenset[str]:
        likely = any(word in data for word in words)
        return frozenset(word.decode() for word in mention.findall(data)) if likely else frozenset()

    return found


def _looks_up(string: str, name: str) -> bool:
    """Whether code calls something with a name, has it in a table, or takes it from an environment; comments apart."""
    at = re.compile(rf"(?:[\w)]\(|[\[:])\s*([\"'`]){name}\1|\benv\??\.{name}(?!\w)")
    heads = (string[string.rfind("\n", 0, found.end()) + 1 : found.end()] for found in at.finditer(string))
    return any(not head.lstrip().startswith(_REMARKS) for head in heads)
