"""Calls in workflows that lead to a build which cannot be read: Python, task runners, scripts at unknown places."""

from __future__ import annotations

from fr_check.builds.model import is_sample
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.calls import MAKE, OTHER, PACKAGE, SCRIPT, Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.workflow import Workflow

# `docker build`, `"docker", "buildx", "build"`, `client.images.build(`: on a line of a program, whatever its language.
_BUILDS = pattern(
    r"(?:docker|podman)(?:[\s\"',]+(?:buildx|image))?[\s\"',]+(?:-[^\s\"',]+[\s\"',]+){0,4}(?:build|bake)\b"
    r"|\bimages\.build\("
)
_TASK_FILES = {
    MAKE: ("GNUmakefile", "makefile", "Makefile"),
    PACKAGE: ("package.json",),
    "just": ("justfile", "Justfile", ".justfile"),
    "task": ("Taskfile.yml", "Taskfile.yaml", "Taskfile.dist.yml"),
    "invoke": ("tasks.py",),
    "inv": ("tasks.py",),
    "moon": ("moon.yml",),
    "rake": ("Rakefile",),
    "nox": ("noxfile.py",),
    "tox": ("tox.ini",),
    "mise": ("mise.toml", ".mise.toml"),
    "poe": ("pyproject.toml",),
}


class Unfollowed(NamedTuple):
    """A file that builds images, and where it is called."""

    path: str
    location: Location


def leads_to(repository: Repository, call: Call) -> str:
    """The file that a call leads to and that builds an image, as far as its text tells; empty for none."""
    name = call.names[0] if call.names and call.kind in {SCRIPT, OTHER} else call.kind
    names = _TASK_FILES.get(name, (name.rpartition("/")[2],))
    for path in repository.paths():
        if path.rpartition("/")[2] in names and not is_sample(path):
            text = repository.read(path)
            if isinstance(text, Text) and _BUILDS.search(text.string):
                return path
    return ""


def find(repository: Repository, workflows: Iterable[Workflow]) -> Iterator[Unfollowed]:
    """The calls in steps that nothing follows, and that lead to a build."""
    from fr_check.sources import docker_commands  # noqa: PLC0415 - only where an image has no build that is known

    runs = (step.run for file in workflows for job in file.jobs for step in job.steps)
    for run in (run for run in runs if run is not None):
        for use in docker_commands.find(run.value):
            if isinstance(use, Call) and use.kind in {OTHER, SCRIPT}:
                path = leads_to(repository, use)
                if path and (use.kind == OTHER or not path.endswith((".sh", ".bash"))):
                    yield Unfollowed(path, run.text.at(run.locate(use.start, use.end)))
