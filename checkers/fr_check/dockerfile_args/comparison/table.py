"""`--facts`: which image builds there are; `fr-check matrix` tells what becomes of each variable of a page."""

from __future__ import annotations

from fr_check.core.model import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.model import Build
    from fr_check.dockerfile_args.comparison.build_facts import BuildFacts


def tables(facts: BuildFacts) -> tuple[Table, ...]:
    """What every build passes."""
    return (_builds(facts),)


def _builds(facts: BuildFacts) -> Table:
    rows = tuple(_row(build) for build in facts.builds)
    return Table("image builds", ("place", "build", "Dockerfile", "target", "arguments"), tuple(rows))


def _row(build: Build) -> tuple[str, ...]:
    return (build.path, build.what, build.dockerfile or "?", build.target or "", " ".join(_names(build)))


def _names(build: Build) -> Iterator[str]:
    yield from build.passed
    if build.opaque is not None:
        yield "?"
