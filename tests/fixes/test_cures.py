"""The benchmark that runs --fix over a repository's past: it tells what was cured, and notices a broken promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import cures
from building import Commit, bare, git, write_history

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      DEBUG: ${DEBUG:-false}\n"
DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n'
# One state a fault: a missing line, one that a shell reads otherwise, a service that lacks a setting, nothing.
STATES: tuple[Mapping[str, str], ...] = (
    {"app/config.py": HEAD + '    region: str = "eu"\n', ".env.example": "DEBUG=false\n"},
    {".env.example": "DEBUG=false\nREGION = eu\n"},
    {
        ".env.example": "DEBUG=false\nREGION=eu\n",
        "app/main.py": "from app import config\n",
        "Dockerfile": DOCKERFILE,
        "compose.yml": COMPOSE,
    },
    {"compose.yml": COMPOSE + "      REGION:\n"},
)


def past(folder: Path) -> Path:
    repository = bare(folder / "origin.git")
    write_history(repository, [Commit(str(number), "main", dict(files)) for number, files in enumerate(STATES)])
    git(folder, "clone", "--quiet", str(repository), str(folder / "work"))
    return folder / "work"


def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["cures", str(folder)])
    return cures.main()


def test_each_state_is_cured_and_read_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run(past(tmp_path), monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "4 states judged\n\nsafe fixes: 3 states with something to cure, 3 of them different" in printed
    assert "\n0 broke a promise\n" in printed
    for rule in ("undocumented-setting", "unportable-line", "unpassed-setting"):
        assert rule in printed


def test_a_key_that_is_lost_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def losing(root: str, files: Mapping[str, tuple[bytes, bytes]]) -> None:
        for path in files:
            with open(f"{root}/{path}", "wb") as file:
                file.write(b"# DEBUG=false\n")

    monkeypatch.setattr(cures, "write", losing)
    assert run(past(tmp_path), monkeypatch) == 1
    assert "BROKEN" in capsys.readouterr().out
