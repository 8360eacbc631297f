"""What stands where: index, checkout, .gitmodules, conflicts. Cases 11 to 16, 19 to 22, 24 to 26, 32, 42."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from building import Commit, Gitlink, clone_submodule, environment, git, upstream_name, write_history
from fr_check.app.invocation import Invocation
from fr_check.core.model import Severity
from fr_check.core.repository import Missing, Unreadable
from fr_check.repository.git import Git
from fr_check.repository.opening import open_repository
from fr_check.repository.process import _running as running
from running import run
from scratch import gitmodules_entry, make

REWOUND, OFF, DRIFT = "rewound-pointer", "pointer-off-branch", "checkout-drift"


def hook(project, name="pre-commit", options=""):
    """Installs a hook that runs the checker and keeps what it said; the commit goes on in any case."""
    command = f'"{sys.executable}" -m fr_check submodule-sync --format concise {options}'
    path = project.top / ".git/hooks" / name
    path.parent.mkdir(exist_ok=True)
    log = project.top.parent / "said"
    path.write_text(f'#!/bin/sh\n{command} >"{log}" 2>&1\necho "exit $?" >>"{log}"\n')
    path.chmod(0o755)
    return log


def said(log):
    """Rules and unknown reasons of a hook's output, and its exit status."""
    lines = log.read_text().splitlines()
    return [line.partition("[")[2].partition("]")[0] for line in lines if "[" in line], lines[-1]


def test_case_11_commit_all_is_judged_on_the_new_pointer(tmp_path):
    project = make(tmp_path, "6", "6")
    log = hook(project)
    project.sub("checkout", "--quiet", project.marks["4"])
    project.git("commit", "--quiet", "-a", "-m", "Rewinds by accident")
    assert said(log) == ([REWOUND], "exit 1")


def test_case_11_also_from_a_subfolder(tmp_path):
    project = make(tmp_path, "6", "6")
    log = hook(project)
    project.sub("checkout", "--quiet", project.marks["4"])
    (project.top / "folder").mkdir()
    git(project.top / "folder", "commit", "--quiet", "-a", "-m", "Rewinds by accident")
    assert said(log) == ([REWOUND], "exit 1")


def test_case_12_a_partial_commit_is_judged_on_the_pointer_it_keeps(tmp_path):
    project = make(tmp_path, "6", "6")
    log = hook(project)
    project.stage("4")
    (project.top / "README").write_text("changed\n")
    project.git("commit", "--quiet", "-m", "Only the text", "README")
    assert said(log) == ([], "exit 0")
    project.git("commit", "--quiet", "-m", "The rest")
    assert said(log) == ([DRIFT, REWOUND], "exit 1")


def test_case_13_a_commit_from_a_linked_worktree_is_about_the_submodule(tmp_path):
    project = make(tmp_path, "6", "6")
    log = hook(project)
    linked = tmp_path / "linked"
    project.git("worktree", "add", "--quiet", os.fspath(linked), "-b", "other")
    git(linked, "update-index", "--cacheinfo", f"160000,{project.marks['4']},infra")
    git(linked, "commit", "--quiet", "-m", "Rewinds")
    assert said(log) == ([REWOUND], "exit 1")
    assert "goes back by 2 commits" in log.read_text()


def test_case_14_a_linked_worktree_uses_the_repository_that_the_main_one_keeps(tmp_path):
    project = make(tmp_path, "4", "6")
    linked = tmp_path / "linked"
    project.git("worktree", "add", "--quiet", os.fspath(linked), "-b", "other")
    repository = open_repository(os.fspath(linked))
    assert repository.read("infra/VERSION").string == "6\n"
    assert project._replace(top=linked).found() == []
    git(linked, "update-index", "--cacheinfo", f"160000,{project.marks['2']},infra")
    assert project._replace(top=linked).found() == [REWOUND]


def test_case_15_the_staged_pointer_is_judged_and_read_whatever_is_checked_out(tmp_path):
    project = make(tmp_path, "4", "6")
    project.stage("side:1")
    assert project.found(staged=True) == [DRIFT, OFF]
    repository = open_repository(os.fspath(project.top), staged=True)
    assert repository.read("infra/FEATURE").string == "b\n"
    assert repository.revision_of("infra/FEATURE") == project.marks["side:1"]


@pytest.mark.parametrize(
    ("checkout", "effect"),
    [
        ("4", "would rewind by 2 commits"),
        ("side:1", "would drop 3 commits and add 2"),
        ("6", None),
    ],
)
def test_case_16_drift_says_what_commit_all_would_do(tmp_path, checkout, effect):
    project = make(tmp_path, "6", "6", checkout=checkout)
    found = project.check().findings
    assert [item.severity for item in found] == ([Severity.WARNING] if effect else [])
    assert all(item.message.endswith(f"`git commit -a` {effect}") for item in found)


def test_case_16_drift_forward(tmp_path):
    (finding,) = make(tmp_path, "4", "4", checkout="6").check().findings
    assert finding.message.endswith("`git commit -a` would move the pointer forward by 2 commits")


@pytest.mark.parametrize("missing", [False, True], ids=["empty-folder", "no-folder"])
def test_case_19_an_uninitialised_submodule_is_unknown_and_never_the_superproject(tmp_path, missing):
    project = make(tmp_path, "4", "6", checkout=None)
    if missing:
        (project.top / "infra").rmdir()
    report = project.check()
    assert report.findings == ()
    (unknown,) = report.unknowns
    assert (unknown.reason, unknown.subject) == ("uninitialised-submodule", "infra")
    assert unknown.help == "run `git submodule update --init -- infra`"
    head = project.git("rev-parse", "HEAD")
    assert head not in repr(report)


def test_case_20_a_deinitialised_submodule_answers_from_what_git_keeps(tmp_path):
    project = make(tmp_path, "6", "4")
    project.git("submodule", "--quiet", "deinit", "--force", "infra")
    assert project.found() == [REWOUND]
    assert open_repository(os.fspath(project.top)).read("infra/FEATURE").string == "a\n"
    shutil.rmtree(project.top / "infra")
    assert project.found() == [REWOUND]


def test_case_20_an_unabsorbed_repository_is_legal(tmp_path):
    project = make(tmp_path, "6", "4", checkout=None)
    git(project.top, "clone", "--quiet", os.fspath(project.upstream), "infra")
    project.sub("checkout", "--quiet", project.marks["4"])
    assert project.found() == [REWOUND]


def test_case_21_a_conflict_is_one_error_and_no_guess(tmp_path):
    project = make(tmp_path, "6", "6")
    rows = "".join(f"160000 {project.marks[pin]} {at}\tinfra\n" for at, pin in enumerate(("2", "4", "side:1"), 1))
    project.git("update-index", "--index-info", stdin=f"0 {'0' * 40}\tinfra\n{rows}".encode())
    assert project.found() == ["unmerged-pointer"]
    assert project.found(staged=True) == ["unmerged-pointer"]
    repository = open_repository(os.fspath(project.top))
    assert repository.gitlinks() == {}
    assert repository.read("infra/VERSION").reason == "unmerged"


@pytest.mark.parametrize("where", ["gitmodules", "config", "diff"])
def test_case_22_ignoring_submodules_hides_nothing(tmp_path, where):
    project = make(tmp_path, "6", "6")
    if where == "gitmodules":
        project.git("config", "--file", ".gitmodules", "submodule.infra.ignore", "all")
        project.git("commit", "--quiet", "-am", "Ignore")
    elif where == "config":
        project.git("config", "submodule.infra.ignore", "all")
    else:
        project.git("config", "diff.ignoreSubmodules", "all")
    project.stage("4")
    assert REWOUND in project.found(staged=True)
    project.git("commit", "--quiet", "--allow-empty", "-m", "Back")
    assert project.found(rev="HEAD", base="HEAD^", each_commit=True) == [REWOUND]


def test_an_assumed_unchanged_pointer_still_drifts(tmp_path):
    project = make(tmp_path, "6", "6", checkout="4")
    project.git("update-index", "--assume-unchanged", "infra")
    assert project.found() == [DRIFT]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("my name", "sub dir/ü"),
        ("infra", "new\nline"),
        ('quo"te', 'in"fra'),
        ("back\\slash", "in\\fra"),
        ("tab", "ta\tb"),
        ("deep/er", "a/b/c"),
        ("dash", "-rf"),
    ],
)
def test_case_24_names_and_paths_of_every_kind(tmp_path, name, path):
    project = make(tmp_path, "6", "4", path=path, name=name)
    report = project.check()
    (finding,) = report.findings
    assert (finding.rule, finding.subject) == (REWOUND, path)
    assert "\n" not in finding.message
    assert open_repository(os.fspath(project.top)).read(f"{path}/FEATURE").string == "a\n"
    project.git("submodule", "--quiet", "deinit", "--force", "--all")
    assert project.found() == [REWOUND]


def two_submodules(tmp_path, *, registered):
    project = make(tmp_path, "6", "6")
    clone_submodule(project.top, "stray", project.upstream, project.marks["4"])
    project.git("update-index", "--add", "--cacheinfo", f"160000,{project.marks['4']},stray")
    if registered:
        with (project.top / ".gitmodules").open("a") as file:
            file.write(gitmodules_entry("stray", "stray"))
    project.git("commit", "--quiet", "-am", "Two")
    return project


def test_case_25_one_unregistered_pointer_does_not_hide_the_others(tmp_path):
    project = two_submodules(tmp_path, registered=False)
    project.stage("4")
    assert sorted(project.found(staged=True)) == [DRIFT, REWOUND, "unregistered-gitlink"]


def test_what_nobody_registered_is_told_once(tmp_path):
    project = make(tmp_path, "6", "6")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{project.marks['4']},stray")
    assert project.found(staged=True) == ["unregistered-gitlink"]


def test_case_26_an_entry_without_a_pointer(tmp_path):
    project = make(tmp_path, "6", "6")
    with (project.top / ".gitmodules").open("a") as file:
        file.write(gitmodules_entry("ghost", "gone") + '[submodule "pathless"]\n\turl = ../infra.git\n')
    report = project.check()
    assert [(item.rule, item.subject) for item in report.findings] == [
        ("orphaned-submodule-entry", "gone"),
        ("orphaned-submodule-entry", "pathless"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("https://github.com/wangzitian0/infra2", "https://github.com/other/infra2", ["changed-submodule-url"]),
        ("https://github.com/wangzitian0/infra2", "https://github.com/wangzitian0/infra2.git", []),
        ("https://github.com/wangzitian0/infra2", "https://GitHub.com/wangzitian0/infra2/", []),
        ("https://github.com/wangzitian0/infra2", "git@github.com:wangzitian0/infra2.git", []),
        ("https://github.com/wangzitian0/infra2", "ssh://git@github.com:22/wangzitian0/infra2", []),
        ("https://github.com/wangzitian0/infra2", "https://gitlab.com/wangzitian0/infra2", ["changed-submodule-url"]),
        ("../infra.git", "../infra", []),
        ("../infra.git", "../fork.git", ["changed-submodule-url"]),
    ],
)
def test_case_26_the_address_is_compared_by_what_it_names(tmp_path, before, after, expected):
    project = make(tmp_path, "6", "6")
    for url in (before, after):
        (project.top / ".gitmodules").write_text(gitmodules_entry("infra", "infra", url))
        project.git("commit", "--quiet", "--allow-empty", "-am", url)
    assert project.found(rev="HEAD", base="HEAD^") == expected


def test_a_clone_that_fetches_from_elsewhere(tmp_path):
    project = make(tmp_path, "6", "6")
    (project.top / ".gitmodules").write_text(gitmodules_entry("infra", "infra", "https://github.com/a/infra"))
    project.git("commit", "--quiet", "-am", "Address")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    options = {"base": "HEAD"}
    assert project.found(**options) == []
    project.git("config", "submodule.infra.url", "https://user:hunter2@github.com/b/infra")
    project.sub("remote", "set-url", "origin", "git@github.com:a/infra.git")
    report = project.check(**options)
    assert [item.rule for item in report.findings] == ["inconsistent-submodule-url"]
    assert "hunter2" not in repr(report)


@pytest.mark.parametrize("kind", ["tag", "tree", "blob"])
def test_case_32_a_pointer_to_something_else_than_a_commit(tmp_path, kind):
    project = make(tmp_path, "6", "6")
    project.sub("tag", "--annotate", "--message", "Release", "v2", project.marks["6"])
    oids = {"tag": "refs/tags/v2", "tree": "HEAD^{tree}", "blob": "HEAD:VERSION"}
    oid = project.sub("rev-parse", oids[kind])
    project.stage(oid)
    report = project.check(staged=True, ignore=(DRIFT,))
    assert [item.rule for item in report.findings] == ["not-a-commit"]
    assert f"is a {kind} and no commit" in report.findings[0].message
    unreadable = open_repository(os.fspath(project.top), staged=True).read("infra/VERSION")
    assert kind == "tag" or isinstance(unreadable, Unreadable)


def test_case_42_a_submodule_that_became_a_folder(tmp_path):
    project = make(tmp_path, "6", "6")
    shutil.rmtree(project.top / "infra")
    project.git("rm", "--quiet", "--cached", "infra")
    (project.top / "infra").mkdir()
    (project.top / "infra/VERSION").write_text("vendored\n")
    project.git("add", "infra/VERSION")
    (finding,) = project.check(staged=True).findings
    assert finding.rule == "half-removed-submodule"
    assert "no longer a submodule, files stand in its place" in finding.message
    project.git("rm", "--quiet", "--cached", ".gitmodules")
    assert project.found(staged=True) == []
    assert open_repository(os.fspath(project.top)).read("infra/VERSION").string == "vendored\n"


def test_a_submodule_that_moved_is_compared_with_what_it_was(tmp_path):
    project = make(tmp_path, "6", "6")
    project.git("mv", "infra", "deploy")
    project.git("commit", "--quiet", "-m", "Move")
    moved = project._replace(path="deploy")
    assert moved.found(staged=True) == []
    assert moved.found(rev="HEAD", base="HEAD^") == []
    moved.record("4")
    (finding,) = moved.check(rev="HEAD", base=project.marks["p0"]).findings
    assert (finding.rule, finding.subject) == (REWOUND, "deploy")


def test_changes_inside_a_submodule_are_worth_knowing(tmp_path):
    project = make(tmp_path, "6", "6")
    assert project.check().findings == ()
    (project.top / "infra/VERSION").write_text("mine\n")
    (project.top / "infra/new").write_text("x\n")
    (finding,) = project.check().findings
    assert (finding.rule, finding.severity) == ("dirty-submodule", Severity.INFO)
    assert "has 1 changed and 1 untracked files" in finding.message


@pytest.mark.parametrize("command", ["--debug", "--directory", "hash-object"])
def test_files_that_git_cannot_list_are_not_known_to_be_the_same(tmp_path, monkeypatch, command):
    project = make(tmp_path, "6", "6")
    (project.top / "infra/VERSION").write_text("9\n")  # as long as before: only its content tells
    begin = Git.begin

    def failing(self, *arguments: str, **options: object):
        answer = begin(self, *arguments, **options)
        return (lambda: answer()._replace(code=1)) if command in arguments else answer

    monkeypatch.setattr(Git, "begin", failing)
    assert project.found() == ["?unreadable-submodule"]


def test_an_index_of_a_submodule_that_cannot_be_read_is_told(tmp_path):
    project = make(tmp_path, "6", "6")
    (project.top / ".git/modules/infra/index").write_bytes(b"x")
    assert project.found() == ["?unreadable-submodule"]


def test_a_checkout_without_a_commit_leaves_nothing_running(tmp_path):
    project = make(tmp_path, "6", "6")
    project.sub("checkout", "--quiet", "--orphan", "fresh")
    before = set(running)
    project.check()
    assert set(running) == before


def test_a_copied_checkout_is_not_dirty(tmp_path):
    project = make(tmp_path, "6", "6")
    copied = tmp_path / "copy"
    shutil.copytree(project.top, copied, symlinks=True)
    for file in (copied / "infra").iterdir():
        if file.name != ".git":
            os.utime(file, (1, 1))
    assert project._replace(top=copied).check().findings == ()


def test_gitmodules_with_conflict_markers_is_broken(tmp_path):
    project = make(tmp_path, "6", "6")
    path = project.top / ".gitmodules"
    path.write_text(f"<<<<<<< HEAD\n{path.read_text()}=======\n>>>>>>> other\n")
    assert project.found() == ["broken-gitmodules"]


def test_a_repository_without_submodules_is_skipped(tmp_path):
    git(tmp_path, "init", "--quiet", "empty")
    assert [item.reason for item in make(tmp_path / "x", "6")._replace(top=tmp_path / "empty").check().skipped] == [
        "the repository has no submodules"
    ]
    assert [item.reason for item in make(tmp_path / "y", "6")._replace(top=tmp_path).check().skipped] == [
        "no git repository, no submodules"
    ]


def test_files_are_read_at_the_pinned_commit(tmp_path):
    project = make(tmp_path, "4", "4", checkout="6")
    repository = open_repository(os.fspath(project.top))
    assert repository.read("infra/VERSION").string == "3\n"
    assert repository.glob("infra/*") == ("infra/FEATURE", "infra/VERSION")
    assert repository.read("infra/none") == Missing("infra/none")
    assert upstream_name("a/b") == "a-b.git"


@pytest.mark.parametrize("options", [{}, {"staged": True}, {"rev": "HEAD"}], ids=["worktree", "index", "revision"])
def test_a_link_into_a_submodule_is_read_at_the_pinned_commit(tmp_path, options):
    project = make(tmp_path, "4", "4", checkout="6")
    (project.top / "version").symlink_to("infra/VERSION")
    (project.top / "linked").symlink_to("infra")
    project.git("add", "version", "linked")
    project.git("commit", "--quiet", "-m", "Links")
    repository = open_repository(os.fspath(project.top), **options)
    assert repository.read("version").string == "3\n"
    assert repository.read("linked/VERSION").string == "3\n"


def test_a_submodule_of_a_submodule_is_not_read(tmp_path):
    project = make(tmp_path, "4", "4")
    marks = write_history(project.upstream, [Commit("n", "nested", {"deep": Gitlink("1" * 40)})])
    project.sub("fetch", "--quiet", "origin")
    project.record(marks["n"])
    found = open_repository(os.fspath(project.top)).read("infra/deep/file")
    assert (found.path, found.reason) == ("infra/deep/file", "nested-submodule")


def test_a_partial_clone_fetches_nothing_to_read(tmp_path):
    project = make(tmp_path, "4", "4", checkout=None)
    git(project.upstream, "config", "uploadpack.allowFilter", "true")
    shutil.rmtree(project.top / "infra")
    url = project.upstream.as_uri()
    git(project.top, "clone", "--quiet", "--no-checkout", "--filter=blob:none", url, "infra")
    repository = open_repository(os.fspath(project.top))
    found = repository.read("infra/VERSION")
    assert (found.reason, found.path) == ("missing-object", "infra/VERSION")
    assert repository.glob("infra/*") == ("infra/FEATURE", "infra/VERSION")
    assert project.found(rev="HEAD") == []


def shell(project, command):
    """Runs what a help line suggests."""
    subprocess.run(["sh", "-ec", command], cwd=project.top, env=environment(), check=True, capture_output=True)


def suggested(finding):
    """The commands in a help line."""
    return finding.help.split("`")[1::2]


def test_the_help_for_a_rewind_works_after_a_deinit(tmp_path):
    project = make(tmp_path, "6", "6")
    project.git("config", "submodule.infra.url", os.fspath(project.upstream))
    project.git("submodule", "deinit", "--force", "infra")
    project.git("config", "submodule.infra.url", os.fspath(project.upstream))
    project.stage("4")
    (finding,) = project.check().findings
    assert finding.rule == REWOUND
    shell(project, suggested(finding)[0])
    assert project.found() == []


@pytest.mark.parametrize("removed", ["pointer", "entry"])
def test_the_help_for_half_a_removal_mends_it(tmp_path, removed):
    project = make(tmp_path, "6", "6")
    if removed == "pointer":
        project.git("rm", "--quiet", "--cached", "infra")
    else:
        project.git("config", "--file", ".gitmodules", "--remove-section", "submodule.infra")
        project.git("add", ".gitmodules")
    (finding,) = project.check(staged=True).findings
    assert finding.rule == "half-removed-submodule"
    shell(project, suggested(finding)[-1] + " && git add .gitmodules")
    assert project.found(staged=True) == []


def test_a_gitmodules_that_cannot_be_read_lost_no_entry(tmp_path):
    project = make(tmp_path, "6", "6")
    (project.top / ".gitmodules").write_text('[submodule "infra"\n\tpath = infra\n')
    assert project.found() == ["broken-gitmodules"]


def test_a_tag_is_no_drift_of_the_checkout(tmp_path):
    project = make(tmp_path, "6", "6")
    project.sub("tag", "--annotate", "--message", "m", "mine")
    project.stage(project.sub("rev-parse", "mine"))
    (finding,) = project.check().findings
    assert finding.rule == "not-a-commit"
    shell(project, suggested(finding)[0])
    assert project.found() == []


@pytest.mark.parametrize(
    ("declared", "remote", "expected"),
    [
        ("/srv/a/infra.git", "/srv/b/infra.git", True),
        ("/srv/a/infra.git", "https://example.org/infra", True),
        ("/srv/a/infra.git", "file:///srv/a/infra", False),
        ("https://example.org/infra", "/srv/mirror/infra", False),
        ("https://example.org/infra", "https://example.org/other", True),
    ],
)
def test_a_remote_that_is_another_repository(tmp_path, declared, remote, expected):
    project = make(tmp_path, "6", "6")
    project.git("config", "--file", ".gitmodules", "submodule.infra.url", declared)
    project.git("commit", "--quiet", "-a", "--message", "Address")
    project.git("config", "submodule.infra.url", declared)
    project.sub("remote", "set-url", "origin", remote)
    assert project.found(base="HEAD") == (["inconsistent-submodule-url"] if expected else [])


def test_an_address_that_just_changed_is_one_finding(tmp_path):
    project = make(tmp_path, "6", "6")
    project.git("config", "--file", ".gitmodules", "submodule.infra.url", "https://example.org/fork")
    assert project.found() == ["changed-submodule-url"]


def test_the_log_tells_what_it_could_not_list(tmp_path):
    project = make(tmp_path, "5", "6", checkout=None)
    invocation = Invocation(("submodule-sync",), root=os.fspath(project.top), log=True)
    rendered, unknowns = invocation.tables()
    assert f"infra: {project.marks['5'][:12]} -> {project.marks['6'][:12]}" in rendered
    assert [unknown.reason for unknown in unknowns] == ["uninitialised-submodule"]


def test_the_log_lists_pointers_that_come_and_go(tmp_path):
    project = make(tmp_path, "6", "6")
    project.git("rm", "--quiet", "--cached", "infra")
    invocation = Invocation(("submodule-sync",), root=os.fspath(project.top), log=True, staged=True)
    rendered, unknowns = invocation.tables()
    assert rendered.startswith(f"infra: {project.marks['6'][:12]} -> none")
    assert unknowns == ()


@pytest.mark.parametrize("path", ["new\nline", "it's\ta \\ tab", "sub dir/\u00fc", '$(touch X) `x` "q"', "bell\x07"])
def test_the_help_for_any_name_is_one_line_that_works(tmp_path, path):
    project = make(tmp_path, "6", "6", path=path, name="odd")
    project.sub("checkout", "--quiet", project.marks["4"])
    project.stage("4")
    (finding,) = project.check().findings
    command = finding.help.removeprefix("run `").partition("` to keep")[0]
    assert "\n" not in finding.help
    subprocess.run(["bash", "-ec", command], cwd=project.top, env=environment(), check=True, capture_output=True)
    assert project.found() == []


def test_a_log_of_nothing_says_so(tmp_path):
    project = make(tmp_path, "6", "6")
    done = run("submodule-sync", "--log", "--root", project.top)
    assert (done.status, done.stdout) == (0, "")
    assert "no pointer moved since the base" in done.stderr
