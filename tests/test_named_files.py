"""Files that options name, and names that a terminal would not show as they are."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from building import git
from running import run


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with one fault that has a fix, in a line beside a control character."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / ".env.example").write_text("PORT=1\n# \x1b[31mred\nPORT=2\n")
    (folder / "config.py").write_text(
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    port: int\n"
    )
    git(tmp_path, "init", "--quiet", os.fspath(folder))
    git(folder, "add", ".")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("option", ["--config", "--baseline"])
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full"])
@pytest.mark.usefixtures("project")
def test_a_file_without_an_end_is_one_sentence(option, device):
    done = run("all", option, device)
    assert (done.status, done.stdout) == (2, "")
    assert device in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("project")
def test_a_pipe_is_read():
    read, write = os.pipe()
    os.write(write, b'fail-on = "error"\n')
    os.close(write)
    assert run("env-keys", "--config", f"/dev/fd/{read}").status in {0, 1}
    os.close(read)


@pytest.mark.parametrize("command", ["trace", "matrix", "--config"])
@pytest.mark.usefixtures("project")
def test_what_a_command_line_names_is_shown_harmless(command):
    words = (command, "\x1b[31m") if command != "--config" else ("all", command, "\x1b[31m")
    done = run(*words)
    assert done.status == 2
    assert "\x1b" not in done.stderr
    assert "[31m" in done.stderr


def test_a_patch_is_whole_in_a_pipe_and_harmless_on_a_terminal(project):
    piped = run("env-keys", "--diff", "--unsafe-fixes").stdout
    assert "\x1b[31mred" in piped
    git(project, "apply", "--check", "-", stdin=piped.encode())
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "fr_check", "env-keys", "--diff", "--unsafe-fixes", "--color", "never"]
    done = subprocess.run(words, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert done.returncode == 1
    assert b"\\x1b[31mred" in shown
    assert b"\x1b" not in shown
