"""Every rule that can be fixed: its bad example is cured, its good one is left alone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from building import build
from fr_check.core.model import Example, Rule
from fr_check.core.registry import all_rules
from running import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIXABLE = [rule for rule in all_rules() if rule.fix is not None]


def laid_out(example: Mapping[str, str] | Example, folder: Path) -> Path:
    if isinstance(example, Example) and example.submodules:
        return build(example, folder / "built")
    for path, text in (example.files if isinstance(example, Example) else example).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def command(rule: Rule, folder: Path) -> list[object]:
    # A directive's own rules speak of what the other rules left.
    selected = [] if rule.checker == "hygiene" else ["--select", f"{rule.checker}/{rule.id}"]
    return ["all" if rule.checker == "hygiene" else rule.checker, "--root", folder, *selected]


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_the_bad_example_is_cured(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    words = command(rule, laid_out(rule.bad, tmp_path))
    assert rule.id in run(*words, "--format", "json").rules()
    done = run(*words, "--fix", "--unsafe-fixes", "-v", "--format", "json")
    assert rule.id not in done.rules(), done.stderr


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_the_good_example_is_left_alone(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    words = command(rule, laid_out(rule.good, tmp_path))
    if rule.checker == "hygiene":
        words += ["--ignore", "env-keys,coverage,dockerfile-args,submodule-sync"]
    assert run(*words, "--diff", "--unsafe-fixes").stdout == ""
