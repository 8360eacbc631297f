"""Variables that Nuxt's server fills in when it runs (https://nuxt.com/docs/guide/going-further/runtime-config)."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.frontend_build import Bake
    from fr_check.dockerfile_args.comparison.build_facts import BuildFacts

_PREFIX = "NUXT_PUBLIC_"
# Pages that are generated have no server.
_GENERATES = pattern(r"\b(?:nuxt|nuxi|npm|pnpm|yarn|bun|run)\s+(?:run\s+)?generate\b")


def fills(facts: BuildFacts, bake: Bake, name: str) -> bool:
    """Whether the server takes a variable from its environment, and no build passes it that the container lacks."""
    own = (build for build in facts.builds if build.key == bake.image.key and name in build.passed)
    return serves(facts, bake, name) and all(name in build.environment for build in own)


def serves(facts: BuildFacts, bake: Bake, name: str) -> bool:
    """Whether `NUXT_PUBLIC_API_BASE` only gives `runtimeConfig.public.apiBase` its default, in nuxt.config.

    Then the server takes it from its environment for each start; not where the pages are generated.
    """
    frontend = bake.frontend
    key = name.removeprefix(_PREFIX).replace("_", "").lower()
    if not name.startswith(_PREFIX) or key not in frontend.sources.keys:
        return False
    places = (posixpath.basename(read.location.path) for read in frontend.reads.get(name, ()))
    if not all(place.startswith("nuxt.config.") for place in places):
        return False
    manifest = facts.read.frontends.workspace.manifest(frontend.path) or {}
    scripts = manifest.get("scripts")
    build = scripts.get("build") if isinstance(scripts, dict) else None
    return not _GENERATES.search(f"{bake.image.text.string}\n{build}")
