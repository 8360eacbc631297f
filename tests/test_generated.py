"""What is generated is up to date, and the hooks manifest holds what the hooks need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from fr_check.core.registry import CHECKERS

ROOT = Path(__file__).resolve().parent.parent


def test_generated_files_are_up_to_date():
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510
    assert (done.returncode, done.stderr) == (0, "")


def test_pre_commit_accepts_the_manifest():
    hooks = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert [hook["id"] for hook in hooks] == ["fr-check", *(f"fr-check-{name}" for name in CHECKERS)]


@pytest.mark.parametrize("identifier", ["fr-check", "fr-check-submodule-sync"])
def test_what_judges_pointers_always_runs(identifier: str):
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (hook,) = [hook for hook in manifest if hook["id"] == identifier]
    assert hook["always_run"] is True
    assert hook["types"] == []
    assert hook["pass_filenames"] is False
