"""`--since REV` reports what came after a commit, and nothing that was there before."""

from __future__ import annotations

import pytest

from building import Commit, bare, git, write_history
from fr_check.history.identity import Item, pairs
from running import run
from scratch import make

CONFIG = "apps/backend/src/config.py"
HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
OLD = f"{HEAD}    mail_host: str = 'x'\n"
NEW = f"{OLD}    mail_port: int = 25\n"


def project(directory, *states: dict):
    """A clone of a history of these states; returns its working tree and the names of the commits."""
    origin = bare(directory / "origin.git")
    marks = write_history(origin, [Commit(str(at), "main", files) for at, files in enumerate(states)])
    git(directory, "clone", "--quiet", str(origin), str(directory / "work"))
    return directory / "work", [marks[str(at)] for at in range(len(states))]


def subjects(top, *arguments: object):
    report = run("env-keys", "--root", top, "--format", "json", *arguments)
    found = [finding["subject"] for finding in report.json()["findings"] if finding["severity"] == "error"]
    return report.status, found, report.json()["baselined"]


def test_only_what_came_later_fails(tmp_path):
    top, commits = project(tmp_path, {CONFIG: OLD, ".env.example": "OTHER=x\n"}, {"x.md": "x\n"}, {CONFIG: NEW})
    assert subjects(top)[:2] == (1, ["MAIL_HOST", "MAIL_PORT"])
    status, found, accepted = subjects(top, "--since", commits[0])
    assert (status, found) == (1, ["MAIL_PORT"])
    assert accepted >= 1
    assert subjects(top, "--since", "HEAD")[:2] == (0, [])
    assert subjects(top, "--rev", commits[1], "--since", commits[0])[:2] == (0, [])


def test_what_is_in_the_working_tree_came_later(tmp_path):
    top, _ = project(tmp_path, {CONFIG: OLD, ".env.example": "OTHER=x\n"})
    (top / CONFIG).write_text(NEW)
    assert subjects(top, "--since", "HEAD")[:2] == (1, ["MAIL_PORT"])


@pytest.mark.parametrize("staged", [True, False])
def test_a_renamed_file_brings_nothing_new(tmp_path, staged):
    frontend = "services:\n  web:\n    build:\n      context: web\n"
    top, commits = project(tmp_path, {"docker-compose.yml": frontend, "web/a": "a\n"})
    git(top, "mv", "docker-compose.yml", "compose.yml")
    if not staged:
        git(top, "commit", "--quiet", "-m", "Rename")
    plain = run("dockerfile-args", "--root", top, "--format", "json").json()
    assert [finding["rule"] for finding in plain["findings"]] == ["missing-dockerfile"]
    later = run("dockerfile-args", "--root", top, "--format", "json", "--since", commits[0]).json()
    assert later["findings"] == []


def test_a_move_of_a_pointer_after_the_commit_counts(tmp_path):
    project = make(tmp_path, "6", "6", "4", "4")
    marks = project.marks
    assert project.found(rev="HEAD", since=marks["p1"]) == ["rewound-pointer"]
    assert project.found(rev="HEAD", since=marks["p2"]) == []


def test_what_is_off_the_branch_since_then_only(tmp_path):
    project = make(tmp_path, "6", "side:1", "side:1")
    assert project.found(rev="HEAD", since=project.marks["p0"]) == ["pointer-off-branch"]
    assert project.found(rev="HEAD", since=project.marks["p1"]) == []


def test_a_commit_that_does_not_exist(tmp_path):
    top, _ = project(tmp_path, {CONFIG: OLD})
    done = run("all", "--root", top, "--since", "nonsense")
    assert done.status == 2
    assert "`nonsense` names no commit" in done.stderr


def test_outside_a_repository(tmp_path):
    done = run("all", "--root", tmp_path, "--since", "HEAD")
    assert done.status == 2


THERE, HERE = "old/compose.yml", "new/compose.yml"


@pytest.mark.parametrize(
    ("before", "after", "names", "same"),
    [
        (("old/web/Dockerfile", THERE), ("new/web/Dockerfile", HERE), {THERE: HERE}, True),
        (("old/web/Dockerfile", THERE), ("other/Dockerfile", HERE), {THERE: HERE}, False),
        (("older/Dockerfile", THERE), ("newer/Dockerfile", HERE), {THERE: HERE}, False),
        ((f"{THERE}:*/x", THERE), (f"{HERE}:*/x", HERE), {THERE: HERE}, True),
        (("web/Dockerfile", "compose.yml"), ("new/web/Dockerfile", HERE), {"compose.yml": HERE}, True),
        (("old/web/Dockerfile", THERE), ("web/Dockerfile", "compose.yml"), {THERE: "compose.yml"}, True),
        (("old/a", THERE), ("x/b", THERE), {"old/a": "x/b"}, False),
        (("old/a", THERE), ("x/b", HERE), {"old/a": "x/b", THERE: HERE}, True),
    ],
)
def test_a_subject_that_is_a_path_moves_with_its_file(before, after, names, same):
    old, new = (Item("rule", *one, (1, 1)) for one in (before, after))
    assert pairs([old], [new], names) == ({0: 0} if same else {})


A, B, C = (Item("rule", name, "a.py", (1, 1)) for name in "ABC")


@pytest.mark.parametrize(
    ("old", "new", "renamed", "expected"),
    [
        ([A], [A], {}, {0: 0}),
        ([A], [B], {}, {}),
        ([A], [A._replace(place=(9, 9))], {}, {0: 0}),
        ([A], [A._replace(path="b.py")], {"a.py": "b.py"}, {0: 0}),
        ([A], [A._replace(path="c.py")], {}, {0: 0}),
        ([A, A._replace(path="x.py")], [A._replace(path="c.py")], {}, {}),
        ([A, A._replace(path="x.py")], [A._replace(path="c.py")], {"x.py": "c.py"}, {0: 1}),
        ([A, A._replace(place=(5, 1))], [A._replace(place=(7, 1)), A._replace(place=(2, 1))], {}, {1: 0, 0: 1}),
        ([A, A._replace(place=(5, 1))], [A], {}, {0: 0}),
        ([A._replace(rule="other")], [A], {}, {}),
        ([A, B], [B._replace(path="c.py"), C], {}, {0: 1}),
    ],
)
def test_findings_are_paired_by_their_strongest_key(old, new, renamed, expected):
    assert pairs(old, new, renamed) == expected
