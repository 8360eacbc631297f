"""The newcomer's first command: the sample is built with real git, and everything planted in it is found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fr_check.app.demo import build, run_demo
from fr_check.core.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path


def test_everything_planted_is_found(capsys: pytest.CaptureFixture[str]):
    assert run_demo(None, print) == 0
    printed = capsys.readouterr().out
    assert "6 of 6 planted faults found" in printed
    assert "MISSED" not in printed
    for rule in ("rewound-pointer", "glued-key", "undocumented-setting", "build-arg-out-of-scope", "unpassed-setting"):
        assert f"error[{rule}]" in printed
    *_, cure = printed.partition("$ fr-check all --base HEAD^ --diff")
    assert "+GIT_COMMIT_SHA=unknown\n" in cure
    assert "+ARG NEXT_PUBLIC_APP_URL=\n" in cure
    assert "not fixed: glued-key of `REDIS_URL`" in cure
    assert "with --unsafe-fixes" in cure


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run_demo(None, lambda _: None) == 0
    assert os.listdir(tmp_path) == []


def test_a_kept_sample_is_a_repository_to_play_with(tmp_path: Path):
    folder = tmp_path / "kept"
    assert run_demo(str(folder), lambda _: None) == 0
    assert (folder / "project" / ".git").is_dir()
    assert (folder / "project" / "repo" / "ledger").is_dir()


def test_a_folder_in_use_is_not_touched(tmp_path: Path):
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(Trouble, match="is not empty"):
        build(str(tmp_path))
    assert os.listdir(tmp_path) == ["mine"]
