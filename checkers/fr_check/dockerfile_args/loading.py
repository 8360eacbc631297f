"""Reads what dockerfile-args compares: workflows, compose files, Dockerfiles, frontends and example files."""

from __future__ import annotations

from fr_check.builds import compose as compose_builds
from fr_check.builds import frontends, images, loaded, other_builders
from fr_check.builds.frontend_step import Steps
from fr_check.builds.step_values import StepValues
from fr_check.dockerfile_args.comparison import documentation, orphans, secret_names
from fr_check.dockerfile_args.comparison.model import Read
from fr_check.dockerfile_args.facts import Facts
from fr_check.policy.dockerfile_args import DockerfileArgs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.collected import LeadsTo
    from fr_check.builds.model import Build
    from fr_check.core.context import Context
    from fr_check.core.model import Unknown
    from fr_check.core.repository import Repository


def load(context: Context) -> Facts:
    """Reads workflows, compose files, Dockerfiles, frontends and example files of a repository."""
    repository = context.repository
    workflows, composes = context.once(loaded.workflows), context.once(loaded.composes)
    services = [
        build
        for project in composes.projects
        for build in compose_builds.by_commands(project, workflows.commands, composes.defaults)
    ]
    baked = context.once(loaded.baked)
    builds = tuple({_identity(build): build for build in (*services, *workflows.builds, *baked.builds)}.values())
    dockerfiles = images.load(repository, builds)
    found = frontends.load(repository, context.config.of(DockerfileArgs))
    documented = documentation.load(context, found)
    read = Read(workflows, composes, baked, builds, dockerfiles, found, documented)
    steps, values = Steps(repository, found), StepValues(repository, found)
    facts = Facts(repository, read, context.config, steps.of, values.of)
    facts.context = context
    facts.orphans = orphans.find(context, facts)
    facts.elsewhere = other_builders.find(repository) if dockerfiles.found else ()
    facts.unfollowed = _unfollowed(repository, facts)
    judged = [image for image in dockerfiles.found.values() if image.judged]
    facts.secrets = secret_names.marked(context, judged, facts.prefixes)
    return facts


def _unfollowed(repository: Repository, facts: Facts) -> tuple[LeadsTo | Unknown, ...]:
    """The calls in workflows that may build a frontend's image, where nobody is known to build it."""
    if not facts.unbuilt:
        return ()
    from fr_check.builds import unfollowed  # noqa: PLC0415 - only there a verdict hangs on them

    return tuple(unfollowed.find(repository, facts.read.workflows.files.values()))


def _identity(build: Build) -> tuple[object, ...]:
    """Two file sets that give a service the same arguments make one build."""
    return (build.location, build.what, build.dockerfile, build.context, build.target, tuple(build.passed), build.gap)
