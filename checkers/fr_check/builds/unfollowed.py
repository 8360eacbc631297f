"""Calls in workflows that lead to a build which cannot be read: Python, task runners, scripts at unknown places."""

from __future__ import annotations

from fr_check.builds.collected import LeadsTo
from fr_check.builds.model import NAME, is_sample
from fr_check.core.patterns import pattern
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Unknown
    from fr_check.core.repository import Repository
    from fr_check.runs.model import Unfollowed
    from fr_check.sources.workflow import Workflow

# `docker build`, `"docker", "buildx", "build"`, `client.images.build(`: on a line of a program, whatever its language.
_BUILDS = pattern(
    r"(?:docker|podman)(?:[\s\"',]+(?:buildx|image))?[\s\"',]+(?:-[^\s\"',]+[\s\"',]+){0,4}(?:build|bake)\b"
    r"|\bimages\.build\("
)


def leads_to(repository: Repository, unfollowed: Unfollowed) -> Iterator[LeadsTo]:
    """The first file that a call may lead to and that builds an image, as far as its text tells."""
    for path in unfollowed.paths:
        text = None if is_sample(path) else repository.read(path)
        if isinstance(text, Text) and _BUILDS.search(text.string):
            yield LeadsTo(path, unfollowed.location)
            return


def find(repository: Repository, workflows: Iterable[Workflow]) -> Iterator[LeadsTo | Unknown]:
    """The calls in steps that nothing follows, and that lead to a build; and whether there was too much to follow."""
    from fr_check.runs import workflows as steps  # noqa: PLC0415 - only where an image has no build that is known
    from fr_check.runs.follower import Follower  # noqa: PLC0415
    from fr_check.runs.model import Unfollowed  # noqa: PLC0415

    follower = Follower(repository, lambda _: True)
    known = {file.document.root.text.path: file for file in workflows if file.document.root is not None}
    every = steps.Steps(repository, known.get, lambda _: True)
    for run in every.all():
        script = run.step.run
        for item in steps.follow(run, script, follower) if script is not None else ():
            if isinstance(item, Unfollowed):
                yield from leads_to(repository, item)
    yield from (*every.unknowns(NAME), *follower.unknowns(NAME))
