"""`--world`: which variable stands in which place."""

from __future__ import annotations

from fr_check.core.model import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.frontends import Frontend
    from fr_check.builds.model import Build
    from fr_check.dockerfile_args.comparison.build_facts import World

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


def tables(world: World) -> tuple[Table, ...]:
    """One table a frontend, variable by place; then what every build passes."""
    return (*(_parity(world, frontend) for frontend in world.frontends), _builds(world))


def _parity(world: World, frontend: Frontend) -> Table:
    images = {bake.image.key: bake for bake in world.all_bakes if bake.frontend is frontend and bake.certain}
    builds = [build for build in world.builds if build.key in images and world.bakes(build)]
    columns = (
        "variable",
        "read",
        *images,
        *(f"{build.path} {build.what}" for build in builds),
        next(iter(world.documented.files), ".env.example"),
    )
    documented = world.documented.keys
    names = {*frontend.reads, *frontend.sources.runtime}
    names.update(name for build in builds for name in build.passed if world.public(name))
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


def _builds(world: World) -> Table:
    rows = tuple(_row(build) for build in world.builds)
    return Table("image builds", ("place", "build", "Dockerfile", "target", "arguments"), tuple(rows))


def _row(build: Build) -> tuple[str, ...]:
    return (build.path, build.what, build.dockerfile or "?", build.target or "", " ".join(_names(build)))


def _names(build: Build) -> Iterator[str]:
    yield from build.passed
    if build.opaque is not None:
        yield "?"
