"""A called workflow builds an image with a secret that its caller does not hand on.

## What it finds

A job that calls a workflow of the repository (`uses: ./.github/workflows/build.yml`), where a step of that one passes
`${{ secrets.NAME }}` as a build argument, and the job has neither `secrets: inherit` nor an entry `NAME` below
`secrets:`. A job that names an `environment` may have the secret from there, and is left out; so are `GITHUB_TOKEN`
and expressions with a fallback.

## Why it matters

A called workflow sees no secret but those that it is handed. The expression is empty without a warning, and the image
is built with an empty value. https://docs.github.com/actions/sharing-automations/reusing-workflows#passing-inputs-and-secrets-to-a-reusable-workflow

## How to fix

Write `secrets: inherit` below the job, or `secrets:` with `NAME: ${{ secrets.NAME }}`.

## What `--fix` does

Nothing: who may be handed a secret is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Finding, Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args import samples
from fr_check.sources.build_context import inside
from fr_check.sources.yaml_tree import Mapping, Scalar, entries, get

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.model import Build
    from fr_check.dockerfile_args.facts import Facts
    from fr_check.sources.workflow import Job, Workflow

_CALLER = """\
on: push
jobs:
  image:
    uses: ./.github/workflows/release.yml
"""
_CALLED = samples.project(workflow=("on: push", "on: workflow_call"))
_CALLED[".github/workflows/release.yml"] = _CALLED[".github/workflows/release.yml"].replace(
    "https://api.example.org", "${{ secrets.API_URL }}"
)
BAD = {**_CALLED, ".github/workflows/main.yml": _CALLER}
GOOD = {**_CALLED, ".github/workflows/main.yml": _CALLER + "    secrets: inherit\n"}

# The whole of an expression: with a fallback it is not empty.
_SECRET = pattern(r"\$\{\{\s*secrets\.([A-Za-z_]\w*)\s*\}\}")


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding at each call, for each secret that the called workflow builds with."""
    files = facts.read.workflows.files
    seen: set[tuple[str, str, str]] = set()
    for path, file in files.items():
        for job in file.jobs:
            called = inside("", job.uses.value) if job.uses is not None and job.uses.value.startswith("./") else None
            handed = _handed(job)
            if called not in files or handed is None or job.uses is None:
                continue
            for build in facts.builds:
                for name, secret in _wanted(build, called, files[called]):
                    if secret in handed or (path, job.id, secret) in seen:
                        continue
                    seen.add((path, job.id, secret))
                    yield RULE.finding(
                        secret,
                        f"the job `{job.id}` calls `{called}` without the secret `{secret}`, which the {build.what}"
                        f" there passes as `{name}`: it arrives empty",
                        help=f"add `secrets: inherit`, or below `secrets:` `{secret}: ${{{{ secrets.{secret} }}}}`",
                        location=job.uses.location,
                        notes=[Note("passed here", build.passed[name].location)],
                        group=f"secrets that `{called}` is not handed",
                    )


def _handed(job: Job) -> frozenset[str] | None:
    """The secrets that a job hands on; None for all."""
    secrets = get(job.node, "secrets")
    if isinstance(secrets, Scalar):
        return None
    return frozenset(entries(secrets)) if isinstance(secrets, Mapping) else frozenset()


def _wanted(build: Build, called: str, file: Workflow) -> Iterator[tuple[str, str]]:
    """The arguments of a build in a called workflow that are secrets, each with the secret's name."""
    if build.path != called or build.location.span is None:
        return
    line = build.location.span.line
    jobs = [job for job in file.jobs if job.node.span.line <= line]
    if not jobs or get(jobs[-1].node, "environment") is not None:
        return
    for name, passed in build.passed.items():
        found = _SECRET.search(passed.value or "")
        if found is not None and found[1] != "GITHUB_TOKEN":
            yield name, found[1]


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
