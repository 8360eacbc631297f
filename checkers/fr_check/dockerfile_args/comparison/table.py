"""`--facts`: which variable stands in which place."""

from __future__ import annotations

from fr_check.core.model import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontend import Frontend
    from fr_check.builds.model import Build
    from fr_check.dockerfile_args.comparison.build_facts import BuildFacts

_STANDING = {
    "visible": "yes",
    "overridden": "overridden by ENV",
    "bound": "ENV only",
    "mounted": "secret mount",
    "later": "below the build",
    "onbuild": "ONBUILD",
    "other-stage": "other stage",
    "global": "global only",
    "absent": "no",
}


def tables(facts: BuildFacts) -> tuple[Table, ...]:
    """One table a frontend, variable by place; then what every build passes."""
    return (*(_parity(facts, frontend) for frontend in facts.frontends), _builds(facts))


def _parity(facts: BuildFacts, frontend: Frontend) -> Table:
    images = {bake.image.key: bake for bake in facts.all_bakes if bake.frontend is frontend and bake.certain}
    builds = [build for build in facts.builds if build.key in images and facts.bakes(build)]
    columns = (
        "variable",
        "read",
        *images,
        *(f"{build.path} {build.what}" for build in builds),
        next(iter(facts.documented.files), ".env.example"),
    )
    documented = facts.documented.keys
    names = {*frontend.reads, *frontend.sources.runtime}
    names.update(name for build in builds for name in build.passed if facts.public(name))
    rows = tuple(
        (
            name,
            _read(frontend, name),
            *(_STANDING[bake.standing(name).kind] for bake in images.values()),
            *(_passes(build, name) for build in builds),
            "yes" if name in documented else "no",
        )
        for name in sorted(names)
    )
    return Table(f"public variables of {frontend.label}", columns, rows)


def _read(frontend: Frontend, name: str) -> str:
    if name in frontend.reads:
        return f"{len(frontend.reads[name])}"
    return "at run time" if name in frontend.sources.runtime else "no"


def _passes(build: Build, name: str) -> str:
    if name in build.passed:
        return "yes" if build.passed[name].value is not None else "from the environment"
    if name in build.environment:
        return "environment only"
    return "unknown" if build.opaque is not None else "no"


def _builds(facts: BuildFacts) -> Table:
    rows = tuple(_row(build) for build in facts.builds)
    return Table("image builds", ("place", "build", "Dockerfile", "target", "arguments"), tuple(rows))


def _row(build: Build) -> tuple[str, ...]:
    return (build.path, build.what, build.dockerfile or "?", build.target or "", " ".join(_names(build)))


def _names(build: Build) -> Iterator[str]:
    yield from build.passed
    if build.opaque is not None:
        yield "?"
