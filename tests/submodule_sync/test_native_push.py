"""The `pre-push` hook that docs/adopt.md shows, run by git itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scratch import make

PAGE = Path(__file__).parents[2] / "docs" / "adopt.md"


@pytest.fixture
def project(tmp_path):
    """The remote's main has a pointer that the local main, which left it before, takes away."""
    (script,) = re.findall(r"```sh\n(#!/bin/sh\n.*?)```", PAGE.read_text(), re.DOTALL)
    project = make(tmp_path, "4", "6", checkout="4")
    project.git("push", "--quiet", "--no-verify", "origin", "main")
    project.git("reset", "--quiet", "--hard", "HEAD~1")
    project.git("commit", "--quiet", "--allow-empty", "--message", "Instead")
    hook = project.top / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script.replace("fr-check submodule-sync", f"'{sys.executable}' -m fr_check submodule-sync"))
    hook.chmod(0o755)
    return project


@pytest.mark.parametrize(
    ("words", "passes"),
    [
        (["--force", "origin", "main"], False),
        (["--force", "origin", "HEAD:main"], False),
        (["--force", "origin", "main:other", "main"], False),
        (["origin", "main:refs/heads/other"], True),
        (["origin", ":refs/heads/absent"], True),
    ],
)
def test_a_push(project, words, passes):
    environment = {**os.environ, "GIT_ALLOW_PROTOCOL": "file"}
    done = subprocess.run(
        ["git", "push", "--quiet", *words], cwd=project.top, env=environment, capture_output=True, check=False
    )
    said = (done.stdout + done.stderr).decode()
    assert ("rewound-pointer" in said) == (not passes), said
    if not passes:
        assert done.returncode
        assert project.git("rev-parse", "origin/main") != project.git("rev-parse", "HEAD")
