"""Every rule that can be fixed: its bad example is cured, its good one is left alone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from fr_check.core.model import Example, Rule
from fr_check.core.registry import all_rules
from running import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIXABLE = [rule for rule in all_rules() if rule.fix is not None]


def laid_out(files: Mapping[str, str] | Example, folder: Path) -> Path:
    for path, text in (files.files if isinstance(files, Example) else files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_the_bad_example_is_cured(rule: Rule, tmp_path: Path):
    folder = laid_out(rule.bad, tmp_path)
    command = (rule.checker, "--root", folder, "--select", rule.id)
    assert rule.id in run(*command, "--format", "json").rules()
    done = run(*command, "--fix", "--unsafe-fixes", "-v", "--format", "json")
    assert rule.id not in done.rules(), done.stderr


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_the_good_example_is_left_alone(rule: Rule, tmp_path: Path):
    folder = laid_out(rule.good, tmp_path)
    assert run(rule.checker, "--root", folder, "--select", rule.id, "--diff", "--unsafe-fixes").stdout == ""
