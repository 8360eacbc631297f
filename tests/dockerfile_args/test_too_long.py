"""A script that is too long to be followed: whether that leaves something unjudged."""

from __future__ import annotations

from fr_check.core.model import Unknown
from fr_check.runs.walk import STEP_LIMIT
from frontend_project import facts, project

LONG = ":\n" * (STEP_LIMIT + 1)
STEP = "      - run: ops/install.sh\n"
SCRIPT = {"ops/install.sh": f"#!/bin/bash\n{LONG}docker build apps/frontend\n"}
PUSH = "      - uses: docker/build-push-action@v6\n        with: {context: apps/frontend, push: true}\n"
HEAD = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"


def reasons(steps: str) -> tuple[list[str], list[str]]:
    """The reasons of the unknowns, and the subjects of the gaps."""
    found = facts(project(workflow=HEAD + steps, **SCRIPT))
    unknowns: tuple[Unknown, ...] = found.unknowns
    return [one.reason for one in unknowns], [gap.subject for gap in found.gaps]


def test_where_nobody_else_is_known_to_build_the_image_it_may_have_been_this_script() -> None:
    assert "too-much-to-follow" in reasons(STEP)[0]


def test_where_another_step_builds_the_image_it_is_told_and_no_more() -> None:
    unknowns, gaps = reasons(STEP + PUSH)
    assert "too-much-to-follow" not in unknowns
    assert "ops/install.sh" in gaps
