"""What was judged is kept, used again, and never needed."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from building import git
from fr_check.history import engine, store
from histories import CONFIG, UPSTREAM, commit, pointers, repository, settings, told, with_submodule
from running import run


@pytest.fixture
def project(tmp_path):
    """A small history with a state that lives for a while."""
    files = {CONFIG: settings("mail_host"), ".env.example": "DEBUG=false\n"}
    cured = {".env.example": "DEBUG=false\nMAIL_HOST=x\n"}
    return repository(tmp_path, [commit("1", 1, files), commit("2", 2, {"x": "x\n"}), commit("3", 9, cured)])[0]


@pytest.fixture
def judged(monkeypatch):
    """The numbers of commits that were judged, run by run."""
    numbers = []
    real = engine._here

    def count(path, points, task):
        numbers.append(len(points))
        return real(path, points, task)

    monkeypatch.setattr(engine, "_here", count)
    return numbers


def kept(project):
    return project / ".git" / "fr-check" / "history.sqlite"


def test_a_second_run_judges_nothing(project, judged):
    first = told(project)
    assert told(project) == first
    assert judged == [3, 0]
    assert oct(kept(project).stat().st_mode & 0o777) == "0o600"
    assert told(project, "--fresh") == first
    assert told(project, "--no-store") == first
    assert judged == [3, 0, 3, 3]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_is_told_how_far_it_is_and_nothing_else(project, terminal):
    """Where standard error is a file or a pipe, nobody looks at what moves."""
    reading, writing = pty.openpty() if terminal else os.pipe()
    command = [sys.executable, "-m", "fr_check", "history", os.fspath(project)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=writing, check=False)
        os.write(writing, b".")
        said = os.read(reading, 10_000).decode()
    finally:
        os.close(reading)
        os.close(writing)
    assert done.returncode == 0
    assert b"of 3 commits" not in done.stdout
    assert ("\r3 of 3 commits" in said) is terminal
    assert terminal or said == "."


def test_a_new_commit_alone_is_judged(project, judged):
    told(project)
    (project / "y").write_text("y\n")
    git(project, "add", "y")
    git(project, "commit", "--quiet", "-m", "More")
    told(project)
    assert judged == [3, 1]


@pytest.mark.parametrize(
    "arguments", [("--policy", "then"), ("--select", "env-keys"), ("--ignore", "coverage")], ids=lambda one: one[0]
)
def test_another_question_is_judged_anew(project, judged, arguments):
    told(project)
    told(project, *arguments)
    assert judged == [3, 3]


def test_another_policy_is_judged_anew(project, judged, tmp_path):
    told(project)
    (tmp_path / "policy.toml").write_text("ignore = ['default-drift']\n")
    told(project, "--config", tmp_path / "policy.toml")
    assert judged == [3, 3]


def test_what_is_fetched_into_a_submodule_is_judged_anew(tmp_path, judged):
    top, _ = with_submodule(tmp_path, UPSTREAM, pointers(("u2", 4), ("u3", 5)))
    told(top)
    told(top)
    git(top / "repo", "update-ref", "refs/remotes/origin/other", "HEAD")
    told(top)
    assert judged == [2, 0, 2]


def test_another_program_is_judged_anew(project, judged, monkeypatch):
    told(project)
    monkeypatch.setattr(store, "program", lambda: "another")
    told(project)
    assert judged == [3, 3]


@pytest.mark.parametrize("damage", [b"", b"nonsense " * 1000, None])
def test_a_damaged_store_is_moved_aside(project, judged, damage):
    first = told(project)
    if damage is None:
        data = bytearray(kept(project).read_bytes())
        data[:4096] = b"\0" * 4096
        kept(project).write_bytes(data)
    else:
        kept(project).write_bytes(damage)
    done = run("history", project, "--format", "json")
    assert done.json()["episodes"] == first["episodes"]
    assert judged == [3, 3]
    if damage != b"":
        assert "was damaged" in done.stderr
        assert kept(project).with_suffix(".sqlite.damaged").exists()


def test_a_body_that_was_changed_is_not_believed(project, judged):
    first = told(project)
    database = sqlite3.connect(kept(project))
    with database:
        database.execute("UPDATE finding SET body = zeroblob(9)")
    database.close()
    assert told(project)["episodes"] == first["episodes"]
    assert judged[1] > 0


def test_a_store_of_another_version_is_moved_aside(project):
    told(project)
    database = sqlite3.connect(kept(project))
    database.execute("PRAGMA user_version = 99")
    database.close()
    assert "not a store of this version" in run("history", project).stderr


def test_a_folder_that_cannot_be_written_costs_one_remark(project, monkeypatch):
    def refuse(*_: object, **__: object):
        raise PermissionError("read-only file system")

    monkeypatch.setattr(store.os, "makedirs", refuse)
    done = run("history", project)
    assert done.status == 0
    assert done.stderr.count("note:") == 1
    assert "cannot be kept" in done.stderr


def test_a_store_that_another_run_writes_costs_one_remark(project, monkeypatch):
    told(project)
    monkeypatch.setattr(store, "_WAIT", 0.1)
    other = sqlite3.connect(kept(project), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = run("history", project, "--fresh")
    other.execute("ROLLBACK")
    other.close()
    assert done.status == 0
    assert done.stderr.count("note:") == 1


def test_a_checking_command_never_opens_the_store(project, monkeypatch):
    monkeypatch.setattr(store, "Store", None)
    run("all", "--root", project)
    run("env-keys", "--root", project, "--since", "HEAD")
    assert not kept(project).exists()


def test_a_run_that_was_killed_goes_on(tmp_path):
    files = {CONFIG: settings("mail_host"), ".env.example": "DEBUG=false\n"}
    points = [commit("0", 1, files)] + [commit(str(at), 1 + at / 24, {"x": f"{at}\n"}) for at in range(1, 80)]
    top, _ = repository(tmp_path, points)
    command = [sys.executable, "-m", "fr_check", "history", os.fspath(top), "--jobs", "1", "--format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not number_kept(top):
        assert process.poll() is None, "it was over before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = number_kept(top)
    assert 0 < before < 80
    database = sqlite3.connect(kept(top))
    assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    database.close()
    after = told(top, "--jobs", "1")
    assert number_kept(top) == 80
    assert after == told(top, "--no-store", "--jobs", "1")


def number_kept(top):
    if not kept(top).exists():
        return 0
    database = sqlite3.connect(kept(top))
    try:
        return database.execute("SELECT count(*) FROM verdict").fetchone()[0]
    except sqlite3.Error:
        return 0
    finally:
        database.close()
