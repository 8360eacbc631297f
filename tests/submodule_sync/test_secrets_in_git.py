"""Secrets in subjects of commits, in addresses of remotes and in what git says of them are shown nowhere."""

from __future__ import annotations

import os

import pytest

from building import Commit, git, write_history
from running import run
from scratch import make

CANARY = "xQ7cAnArYz9kk"
URL = f"https://bot:{CANARY}@127.0.0.1:9/infra.git"
FORMATS = ("text", "concise", "json", "sarif", "markdown", "github", "gitlab", "junit")


@pytest.fixture(scope="module")
def top(tmp_path_factory):
    """A pointer that went to commits with talkative subjects, and back."""
    project = make(tmp_path_factory.mktemp("talkative"), "4", "6")
    marks = write_history(
        project.upstream,
        [
            Commit("n", "nested", {"V": "1"}, None, f"Rotate API_KEY={CANARY}"),
            Commit("o", "nested", {"V": "2"}, None, f"Use https://bot:{CANARY}@h/x and --password {CANARY}"),
        ],
    )
    git(project.upstream, "update-ref", "refs/heads/main", marks["o"])
    project.sub("fetch", "--quiet", "--force", "origin", "+refs/heads/*:refs/remotes/origin/*")
    (project.top / ".gitmodules").write_text(f'[submodule "infra"]\n\tpath = infra\n\turl = {URL}\n\tbranch = main\n')
    project.git("add", ".gitmodules")
    project.record(marks["o"], f"Bump, DB_PASSWORD={CANARY}")
    project.record("4", f"Back with token={CANARY}")
    for where in (project.git, project.sub):
        where("remote", "set-url", "origin", URL)
    return project.top


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "words",
    [
        ("submodule-sync", "-v"),
        ("submodule-sync", "--each-commit", "--base", "HEAD~2"),
        ("submodule-sync", "--rev", "HEAD~1", "--base", "HEAD~2", "-v"),
        ("all", "-v", "--since", "HEAD~2"),
    ],
)
def test_no_format_shows_it(top, words, form):
    done = run(*words, "--root", top, "--format", form)
    assert done.status in {0, 1, 3}
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--online", "-v"),
        ("--log", "--rev", "HEAD~1", "--base", "HEAD~2"),
        ("--facts",),
        ("--facts", "--format", "json"),
    ],
)
def test_no_table_and_no_complaint_of_git_shows_it(top, words, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "https")
    monkeypatch.setenv("no_proxy", "*")
    done = run("submodule-sync", *words, "--root", top)
    assert done.stdout
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_no_history_shows_it(top, tmp_path, form):
    output = tmp_path / "history"
    done = run("history", "--no-store", "--format", form, "--output", output, os.fspath(top))
    assert "infra" in output.read_text()
    assert CANARY not in output.read_text() + done.stdout + done.stderr
