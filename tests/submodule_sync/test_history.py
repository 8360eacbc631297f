"""Where history is missing, named unusually, or lies. Cases 17, 18, 23, 27 to 31, 33 to 36 and 44."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from building import Commit, Gitlink, bare, clone_submodule, environment, git, write_history
from fr_check.core.trouble import Trouble
from fr_check.repository import process
from fr_check.repository.base import find_base
from fr_check.repository.opening import open_repository
from fr_check.repository.revision import Revision
from scratch import gitmodules_entry, make

REWOUND, OFF = "rewound-pointer", "pointer-off-branch"


def shallow(project, depth, *more: str):
    """Replaces the submodule by a shallow clone that also has the given commits."""
    shutil.rmtree(project.top / "infra")
    shutil.rmtree(project.top / ".git/modules/infra")
    url = project.upstream.as_uri()
    where = ("--separate-git-dir", os.fspath(project.top / ".git/modules/infra"))
    git(project.top, "clone", "--quiet", f"--depth={depth}", "--no-checkout", *where, url, "infra")
    for commit in more:
        project.sub("fetch", "--quiet", "--depth=1", "origin", project.marks[commit])


@pytest.mark.parametrize(
    ("old", "new", "more", "expected"),
    [
        ("6", "6", (), []),
        ("3", "3", (), ["?missing-commit"]),
        ("3", "3", ("3",), ["?shallow-history"]),
        ("6", "4", ("4",), ["?shallow-history"]),
        ("4", "6", ("4",), ["?shallow-history"]),
    ],
    ids=["tip", "absent", "cut-off", "rewind", "forward"],
)
def test_case_17_a_shallow_submodule_never_proves_a_fault(tmp_path, old, new, more, expected):
    project = make(tmp_path, old, new)
    shallow(project, 1, *more)
    report = project.check(rev="HEAD", base="HEAD^")
    assert [item.rule for item in report.findings] == []
    assert [f"?{item.reason}" for item in report.unknowns] == expected
    assert all("--unshallow" in item.help for item in report.unknowns)


def test_case_17_a_shallow_submodule_still_proves_that_one_commit_contains_another(tmp_path):
    project = make(tmp_path, "6", "5")
    shallow(project, 3)
    assert project.found(rev="HEAD", base="HEAD^") == [REWOUND]


def test_case_18_in_a_shallow_superproject_the_rest_is_still_judged(tmp_path):
    project = make(tmp_path, "6", "side:0")
    git(tmp_path / "origin.git", "update-ref", "refs/heads/main", project.marks["p1"])
    top = tmp_path / "cut"
    git(tmp_path, "clone", "--quiet", "--depth=1", (tmp_path / "origin.git").as_uri(), os.fspath(top))
    clone_submodule(top, "infra", project.upstream, project.marks["side:0"])
    cut = project._replace(top=top)
    assert cut.found() == [OFF, "?shallow-history"]
    (unknown,) = cut.check().unknowns
    assert "fetch-depth: 0" in unknown.help
    assert cut.found(base=project.marks["p0"]) == [OFF, "?shallow-history"]


def test_case_23_configuration_changes_nothing(tmp_path):
    project = make(tmp_path, "6", "4", path="sub ü")
    expected = project.check()
    for key, value in {
        "diff.submodule": "log",
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "color.ui": "always",
        "core.quotePath": "true",
        "log.decorate": "full",
        "log.showRoot": "false",
        "core.abbrev": "4",
        "i18n.logOutputEncoding": "UTF-16",
        "format.pretty": "oneline",
        "log.date": "relative",
        "core.pager": "false",
        "status.showUntrackedFiles": "no",
    }.items():
        project.git("config", key, value)
        project.sub("config", key, value)
    assert project.check() == expected
    command = [sys.executable, "-m", "fr_check", "submodule-sync", "--format", "json"]
    languages = ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "zh"}, {"LC_ALL": "C"}, {"LC_ALL": "de_DE.UTF-8"})
    runs = [
        subprocess.run(command, cwd=project.top, env={**os.environ, **more}, capture_output=True, check=False).stdout
        for more in languages
    ]
    assert len(set(runs)) == 1
    assert b"rewound-pointer" in runs[0]


@pytest.mark.parametrize(
    ("branch", "expected"), [("release", []), ("main", [OFF]), ("nowhere", ["?missing-branch"]), (".", [OFF])]
)
def test_case_27_the_branch_that_gitmodules_names_counts(tmp_path, branch, expected):
    project = make(tmp_path, "release:0", "release:1")
    project.git("config", "--file", ".gitmodules", "submodule.infra.branch", branch)
    assert project.found() == expected


def test_case_27_the_superprojects_own_branch_where_the_submodule_has_it(tmp_path):
    project = make(tmp_path, "release:0", "release:1")
    project.git("config", "--file", ".gitmodules", "submodule.infra.branch", ".")
    project.git("checkout", "--quiet", "-b", "release")
    assert project.found() == []
    project.git("checkout", "--quiet", "--detach")
    assert project.found() == [OFF]


def test_the_configured_branch_counts_where_gitmodules_names_none(tmp_path):
    project = make(tmp_path, "release:0", "release:1")
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nbranch = {infra = "release"}\n')
    assert project.found() == []


def test_case_28_a_renamed_default_branch_is_a_hint_and_no_fault(tmp_path):
    project = make(tmp_path, "4", "5")
    git(project.upstream, "branch", "--move", "main", "master")
    project.sub("fetch", "--quiet", "origin", "+refs/heads/master:refs/remotes/origin/master")
    project.sub("update-ref", "refs/remotes/origin/main", project.marks["3"])
    report = project.check()
    assert report.findings == ()
    assert [item.reason for item in report.unknowns] == ["unknown-branch"]
    assert "set-head" in report.unknowns[0].help
    project.sub("update-ref", "-d", "refs/remotes/origin/main")
    assert project.found() == ["?unknown-branch"]


def test_a_clone_without_a_default_branch_is_not_guessed_about(tmp_path):
    project = make(tmp_path, "4", "5")
    project.sub("remote", "set-head", "origin", "--delete")
    assert project.found() == ["?unknown-branch"]
    project.stage("3")
    assert REWOUND in project.found(staged=True)


def test_case_29_local_names_do_not_answer_for_the_upstream(tmp_path):
    project = make(tmp_path, "4", "side:0")
    for name in ("origin/main", "main", "refs/remotes/origin/main"):
        project.sub("branch", "--force", name, project.marks["side:0"])
    project.sub("tag", "main", project.marks["side:0"])
    project.sub("tag", "origin/main", project.marks["side:0"])
    assert project.found() == [OFF]


def test_case_30_a_local_commit_is_to_be_pushed_and_merged_first(tmp_path):
    project = make(tmp_path, "4", "6")
    project.sub("commit", "--quiet", "--allow-empty", "-m", "Mine")
    project.git("add", "infra")
    (finding,) = project.check().findings
    assert finding.rule == OFF
    assert "nor on any other branch" in finding.message
    assert finding.help.startswith("push and merge the commit into `main` first")


def test_case_31_what_is_not_fetched_yet_is_unknown_and_what_is_judged_says_as_of_what(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "6")
    marks = write_history(project.upstream, [Commit("7", "later", {"VERSION": "7\n"})])
    git(project.upstream, "update-ref", "refs/heads/main", marks["7"])
    project.stage(marks["7"])
    assert project.found(staged=True, ignore=("checkout-drift",)) == ["?missing-commit"]
    project.sub("fetch", "--quiet", os.fspath(project.upstream), marks["7"])
    (finding,) = project.check(staged=True, ignore=("checkout-drift",)).findings
    assert finding.rule == OFF
    assert finding.notes[-1].message.startswith(f"in this clone `main` ends at {project.marks['6'][:8]}; ")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    git(project.upstream, "update-ref", "refs/heads/main", marks["7"])
    assert project.found(staged=True, online=True, ignore=("checkout-drift",)) == []


def test_case_33_object_names_of_any_length(tmp_path):
    upstream = bare(tmp_path / "infra.git", "--object-format=sha256")
    marks = write_history(upstream, [Commit(str(at), "main", {"VERSION": f"{at}\n"}) for at in range(3)])
    top = tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "--initial-branch=main", os.fspath(top))
    clone_submodule(top, "infra", upstream, marks["2"])
    (top / ".gitmodules").write_text(gitmodules_entry("infra", "infra"))
    git(top, "add", ".gitmodules")
    for mark in ("2", "1"):
        git(top, "update-index", "--add", "--cacheinfo", f"160000,{marks[mark]},infra")
        git(top, "commit", "--quiet", "-m", mark)
    project = make(tmp_path / "other", "6")._replace(top=top, marks=marks)
    assert len(marks["1"]) == 64
    assert project.found(rev="HEAD", base="HEAD^") == [REWOUND]
    assert open_repository(os.fspath(top), rev="HEAD").read("infra/VERSION").string == "1\n"


def test_case_34_replaced_commits_and_grafts_fake_nothing(tmp_path):
    project = make(tmp_path, "6", "4")
    project.sub("replace", "--graft", project.marks["4"], project.marks["6"])
    assert project.found() == [REWOUND]
    project.sub("replace", "--delete", project.marks["4"])
    grafts = project.top / ".git/modules/infra/info/grafts"
    grafts.write_text(f"{project.marks['4']} {project.marks['6']}\n")
    assert project.found() == [REWOUND]


def test_case_36_a_submodule_of_another_owner_is_unknown_and_says_what_to_trust(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "4")
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)  # for us, and for git:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", os.fspath(project.top))
    (unknown,) = project.check().unknowns
    folder = project.top / "infra"
    assert unknown.reason == "dubious-ownership"
    assert unknown.help == f"run `git config --global --add safe.directory {folder}`"
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    monkeypatch.setenv("GIT_CONFIG_KEY_1", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_1", os.fspath(folder))
    assert project.found() == [REWOUND]


def test_case_36_a_kept_repository_of_another_owner_is_not_read(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "4")
    shutil.rmtree(project.top / "infra")
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert project.found() == ["?dubious-ownership"]


def test_case_44_a_bare_repository_is_judged_by_its_commits(tmp_path):
    project = make(tmp_path, "6", "4", "5")
    mirror = tmp_path / "mirror.git"
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(project.top), os.fspath(mirror))
    shutil.copytree(project.top / ".git/modules", mirror / "modules")
    there = project._replace(top=mirror)
    assert there.found(rev=project.marks["p1"], base=project.marks["p0"]) == [REWOUND]
    assert there.found(rev=project.marks["p2"], base=project.marks["p1"]) == []
    assert there.found() == []
    repository = open_repository(os.fspath(mirror))
    assert isinstance(repository, Revision)
    assert repository.revision == project.marks["p2"]
    assert find_base(repository).revision == project.marks["p1"]
    assert repository.read("infra/VERSION").string == "5\n"


def test_a_merge_upstream_is_judged_along_its_first_parents(tmp_path):
    project = make(tmp_path, "6", "6")
    commits = [
        Commit("a", "line", {"a": "1"}),
        Commit("feature", "topic", {"f": "1"}, ("a",)),
        Commit("b", "line", {"a": "2"}),
        Commit("merged", "line", {"f": "1"}, ("b", "feature")),
    ]
    marks = write_history(project.upstream, commits)
    git(project.upstream, "update-ref", "refs/heads/main", marks["merged"])
    project.sub("fetch", "--quiet", "--force", "origin", "+refs/heads/*:refs/remotes/origin/*")
    for old, new, expected in (("b", "feature", [REWOUND]), ("feature", "b", []), ("merged", "feature", [REWOUND])):
        project.record(marks[old])
        project.record(marks[new])
        assert project.found(rev="HEAD", base="HEAD^") == expected, (old, new)


def rewound_through(directory, size):
    """A project whose pointer went from the last but one of so many commits back to the first."""
    project = make(directory, "6", "6")
    commit = b"commit refs/heads/main\nmark :%d\ncommitter A <a@b> %d +0000\ndata 1\nx\n"
    upstream = bare(directory / "large.git")
    stream = b"".join(commit % (number, 10**9 + number) for number in range(1, size + 1))
    git(upstream, "fast-import", "--quiet", stdin=stream)
    project.sub("fetch", "--quiet", os.fspath(upstream), "+refs/heads/main:refs/remotes/origin/main")
    first = project.sub("rev-list", "--max-parents=0", "refs/remotes/origin/main")
    project.record(project.sub("rev-parse", "refs/remotes/origin/main~1"))
    project.record(first)
    return project


def test_a_large_history_takes_no_more_processes_than_a_small_one(tmp_path, monkeypatch):
    """How long git itself takes is measured in benchmarks/submodule_history.py."""
    sizes = (20, 5_000)
    projects = [rewound_through(tmp_path / str(size), size) for size in sizes]
    started = []
    child = process.Child.__init__
    monkeypatch.setattr(process.Child, "__init__", lambda *given: (started.append(given), child(*given))[1])
    counts = []
    for size, project in zip(sizes, projects, strict=True):
        (finding,) = project.check(rev="HEAD", base="HEAD^").findings
        assert f"goes back by {size - 2} commits" in finding.message
        counts.append(len(started) - sum(counts))
    assert counts[0] == counts[1] > 0


def test_nothing_is_left_running(tmp_path):
    project = make(tmp_path, "6", "4")
    command = [sys.executable, "-m", "fr_check", "submodule-sync"]
    done = subprocess.run(command, cwd=project.top, env=environment(), capture_output=True, check=False)
    assert done.returncode == 1
    assert Gitlink(project.marks["4"]).commit in project.git("ls-tree", "HEAD", "infra")


def test_a_remote_of_another_name(tmp_path):
    project = make(tmp_path, "6", "4")
    project.sub("remote", "rename", "origin", "upstream")
    assert project.found() == [REWOUND]
    project.sub("remote", "set-head", "upstream", "--delete")
    (unknown,) = [item for item in project.check(rev="HEAD", base="HEAD").unknowns if item.reason == "unknown-branch"]
    assert "remote set-head upstream --auto" in unknown.help


def test_a_limit_that_a_shallow_clone_cannot_check_is_unknown(tmp_path):
    project = make(tmp_path, "5", "5")
    (project.top / ".fr-check.toml").write_text("[submodule-sync]\nmax-behind = 3\n")
    project.git("add", ".fr-check.toml")
    project.git("commit", "--quiet", "-m", "Limit")
    assert project.found(rev="HEAD") == []
    shallow(project, 2)
    assert project.found(rev="HEAD") == ["?shallow-history"]


def test_a_folder_of_a_repository_is_not_judged(tmp_path):
    project = make(tmp_path, "6", "4", path="packages/infra")
    report = project._replace(top=project.top / "packages").check()
    assert (report.findings, report.unknowns) == ((), ())
    assert "at the top of the repository" in report.skipped[0].reason


def test_a_git_that_is_too_old_is_named(tmp_path, monkeypatch):
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nprintf 'GIT_DIR\\n--path-format=absolute\\nfalse\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(program.parent))
    with pytest.raises(Trouble, match="this git is too old"):
        open_repository(os.fspath(tmp_path))
