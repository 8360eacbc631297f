"""Hooks with `args: [--fix]` under the real pre-commit and prek: a commit fails once, with the files changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

BIN = Path(sys.executable).parent
CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n{}"
EXAMPLE = "DEBUG=false\n"
HOOKS = """\
repos:
  - repo: local
    hooks:
      - id: env-keys
        name: env-keys
        entry: fr-check env-keys
        args: [--fix, --fail-on, warning]
        language: system
        always_run: true
        pass_filenames: false
"""
REGION = '    region: str = "eu"\n'
FIXED = "DEBUG=false\nREGION=eu\n"


class Project:
    """A repository with a hook of one of the runners."""

    def __init__(self, folder: Path, runner: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
        self.environment = kept | {
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(folder.parent / "home"),
            "PRE_COMMIT_HOME": str(folder.parent / "home" / "pre-commit"),
            "PREK_HOME": str(folder.parent / "home" / "prek"),
            **{
                f"GIT_{role}_{part}": "ada@example.org"
                for role in ("AUTHOR", "COMMITTER")
                for part in ("NAME", "EMAIL")
            },
        }
        folder.mkdir()
        self.write({"app/config.py": CONFIG.format(""), ".env.example": EXAMPLE, ".pre-commit-config.yaml": HOOKS})
        for words in (("git", "init", "-q", "-b", "main"), ("git", "add", "."), ("git", "commit", "-qm", "First")):
            assert self.call(*words)[0] == 0
        self.runner = runner
        if runner == "hook":
            hook = folder / ".git" / "hooks" / "pre-commit"
            hook.write_text("#!/bin/sh\nexec fr-check env-keys --fix --fail-on warning\n")
            hook.chmod(0o755)
        else:
            assert self.call(runner, "install")[0] == 0

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path).write_text(text)

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def call(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout + done.stderr

    def commit(self, *words: str) -> tuple[int, str]:
        return self.call("git", "commit", "-m", "Change", *words)


@pytest.fixture(params=["pre-commit", "prek"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    return Project(tmp_path / "project", request.param)


def test_the_commit_fails_once_and_passes_when_the_change_is_added(project: Project):
    project.write({"app/config.py": CONFIG.format(REGION)})
    project.call("git", "add", ".")
    status, said = project.commit()
    assert status == 1
    assert "fixed 1 (undocumented-setting) in .env.example" in said
    assert "files were modified by this hook" in said
    assert project.read(".env.example") == FIXED
    assert project.call("git", "diff", "--cached", "--name-only")[1] == "app/config.py\n"
    project.call("git", "add", ".")
    status, said = project.commit()
    assert status == 0, said
    assert project.call("git", "show", "HEAD:.env.example")[1] == FIXED


def test_a_commit_with_nothing_to_cure_passes(project: Project):
    project.write({"app/config.py": CONFIG.format(REGION), ".env.example": FIXED})
    status, said = project.commit("-a")
    assert status == 0, said


def test_what_is_not_staged_elsewhere_comes_back_with_the_cure(project: Project):
    project.write({"notes.txt": "one\n"})
    project.call("git", "add", ".")
    project.commit()
    project.write({"app/config.py": CONFIG.format(REGION), "notes.txt": "two\n"})
    project.call("git", "add", "app/config.py")
    status, said = project.commit()
    assert status == 1, said
    assert project.read("notes.txt") == "two\n"
    assert project.read(".env.example") == FIXED


def test_what_is_not_staged_in_the_same_lines_is_never_lost(project: Project):
    project.write({"app/config.py": CONFIG.format(REGION)})
    project.call("git", "add", ".")
    project.write({".env.example": "DEBUG=false\nMINE=1\n"})
    status, said = project.commit()
    assert status == 1, said
    # The runner takes its own way: it rolls the cure back, or merges it. What the user wrote is there.
    assert "MINE=1" in project.read(".env.example")


def test_a_file_that_is_not_tracked_is_left_alone(project: Project):
    project.call("git", "rm", "--quiet", "--cached", ".env.example")
    project.call("git", "commit", "-qm", "No example", "--no-verify")
    project.write({"app/config.py": CONFIG.format(REGION)})
    project.call("git", "add", "app/config.py")
    status, said = project.commit()
    assert status == 1
    assert "undocumented-setting" in said
    assert project.read(".env.example") == EXAMPLE


def test_all_files_by_hand(project: Project):
    project.write({"app/config.py": CONFIG.format(REGION)})
    project.call("git", "add", ".")
    status, said = project.call(project.runner, "run", "--all-files")
    assert status == 1
    assert "files were modified by this hook" in said
    assert project.read(".env.example") == FIXED
    assert project.call(project.runner, "run", "--all-files")[0] == 0


def test_a_hook_of_git_itself_mixes_nothing_with_what_is_not_staged(tmp_path: Path):
    project = Project(tmp_path / "project", "hook")
    project.write({"app/config.py": CONFIG.format(REGION)})
    project.call("git", "add", ".")
    project.write({".env.example": "DEBUG=false\n# mine\n"})
    status, said = project.commit()
    assert status == 1
    assert "not fixed" in said
    assert project.read(".env.example") == "DEBUG=false\n# mine\n"


def test_a_patch_in_a_hook_writes_nothing(project: Project):
    project.write({"app/config.py": CONFIG.format(REGION), ".pre-commit-config.yaml": HOOKS.replace("--fix", "--diff")})
    project.call("git", "add", ".")
    status, said = project.commit()
    assert status == 1
    assert "+REGION=eu" in said
    assert project.read(".env.example") == EXAMPLE
