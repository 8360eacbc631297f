"""What is said when a pointer moves: cases 1 to 10, 37 to 41 and 45 of the facts this checker was built on."""

from __future__ import annotations

import os

import pytest

from building import Commit, Gitlink, git, write_history
from fr_check.app.invocation import Invocation
from fr_check.core.model import Severity
from fr_check.repository.git import Git
from fr_check.repository.process import _running as running
from scratch import gitmodules_entry, make

REWOUND, OFF = "rewound-pointer", "pointer-off-branch"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2", "5", []),
        ("5", "5", []),
        ("5", "4", [REWOUND]),
        ("6", "0", [REWOUND]),
        ("5", "side:0", [OFF]),
        ("2", "side:1", [OFF]),
        ("side:0", "4", []),
        ("side:1", "4", []),
        ("side:0", "3", []),
        ("side:0", "side:1", [OFF]),
        ("side:1", "side:0", [OFF]),
        ("release:0", "5", []),
        ("5", "release:0", [OFF]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else value,
)
def test_a_move_is_judged(tmp_path, old, new, expected):
    assert make(tmp_path, old, new).found() == expected


def test_case_1_a_rewind_says_how_far_and_what_is_lost(tmp_path):
    project = make(tmp_path, "6", "4")
    (finding,) = project.check().findings
    old, new = project.marks["6"][:8], project.marks["4"][:8]
    assert finding.message == (
        f'submodule `infra` goes back by 2 commits, from {old} to {new}, and loses "Six (#6)" and 1 more'
    )
    assert [note.message for note in finding.notes] == [
        f"lost: {project.marks[mark][:8]} {subject} (2023-11-15)"
        for mark, subject in (("6", "Six (#6)"), ("5", "Rotate the keys (#5)"))
    ]
    assert finding.subject == "infra"
    assert (finding.location.path, finding.location.span) == (".gitmodules", (1, 1, 1, 20))
    assert f"git -C infra checkout {old} && git add infra" in finding.help


def test_case_1_without_a_move_nothing_is_said(tmp_path):
    project = make(tmp_path, "6", "4", "4")
    assert project.found() == []
    assert project.found(base=project.marks["p0"]) == [REWOUND]


def test_case_2_the_commit_that_a_squash_made_is_named(tmp_path):
    project = make(tmp_path, "2", "side:0")
    (finding,) = project.check().findings
    assert finding.rule == OFF
    assert "only on `side`" in finding.message
    assert finding.help.startswith(f"re-pin to {project.marks['4'][:8]}")


def test_case_3_a_repair_that_diverges_passes(tmp_path):
    assert make(tmp_path, "side:1", "4").check().findings == ()


def test_case_4_an_absent_commit_is_unknown_offline_and_a_fault_online(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    project = make(tmp_path, "2", "dead" * 10, checkout="2")
    assert project.found(rev="HEAD") == ["?missing-commit"]
    assert project.found(rev="HEAD", online=True) == ["unreachable-pointer"]


def test_case_5_whether_the_old_commit_is_gone_only_the_upstream_says(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    project = make(tmp_path, "dead" * 10, "4")
    assert project.found() == ["?missing-commit"]
    assert project.found(online=True) == []


def test_case_6_a_tag_off_the_branch_passes_only_where_it_is_allowed(tmp_path):
    project = make(tmp_path, "2", "release:0")
    assert project.found() == [OFF]
    policy = '[submodule-sync]\nallow-tags = {infra = ["v*.*.*"]}\n'
    (project.top / ".fr-check.toml").write_text(policy)
    assert project.found() == []
    (project.top / ".fr-check.toml").write_text(policy.replace("v*", "w*"))
    assert project.found() == [OFF]


def test_a_policy_for_a_submodule_that_does_not_exist_is_not_passed_over(tmp_path):
    project = make(tmp_path, "4")
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nbranch = {infr = "main"}\n')
    (unknown,) = project.check().unknowns
    assert unknown.reason == "unknown-submodule"
    assert "did you mean `infra`?" in unknown.message


def test_case_7_from_a_tag_to_an_older_one_is_a_rewind_even_where_tags_are_allowed(tmp_path):
    project = make(tmp_path, "release:1", "release:0")
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nallow-tags = {infra = ["v*"]}\n')
    assert project.found() == [REWOUND]


def test_case_7_an_allowed_tag_that_left_the_branch_earlier_is_a_rewind(tmp_path):
    project = make(tmp_path, "5", "release:0")
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nallow-tags = {infra = ["v*"]}\n')
    (finding,) = project.check().findings
    assert finding.rule == REWOUND
    assert "goes back by 3 commits" in finding.message


def test_case_8_one_finding_that_also_says_how_far_the_base_moved_back(tmp_path):
    (finding,) = make(tmp_path, "6", "side:1").check().findings
    assert finding.rule == OFF
    assert finding.notes[0].message.startswith("besides, it goes back by 3 commits")


def test_case_9_removing_both_halves_passes_and_one_half_does_not(tmp_path):
    project = make(tmp_path, "4", "5")
    project.git("rm", "--quiet", "--cached", "infra")
    assert project.found(staged=True) == ["half-removed-submodule"]
    project.git("rm", "--quiet", "--cached", ".gitmodules")
    assert project.found(staged=True) == []
    project.git("reset", "--quiet", "HEAD", "infra")
    assert project.found(staged=True) == ["half-removed-submodule"]


def test_case_10_lagging_is_reported_only_where_a_limit_is_set(tmp_path):
    project = make(tmp_path, "1", "1")
    assert project.check().findings == ()
    policy = '[submodule-sync]\nmax-behind = 4\npaths = {infra = ["FEATURE"]}\n'
    (project.top / ".fr-check.toml").write_text(policy)
    (finding,) = project.check().findings
    assert (finding.rule, finding.severity) == ("lagging-pointer", Severity.WARNING)
    assert "5 commits behind `main`" in finding.message
    assert [note.message for note in finding.notes] == [
        f"not in yet: {project.marks['4'][:8]} Add the feature (#4) (2023-11-15)"
    ]
    (project.top / ".fr-check.toml").write_text(policy.replace("4", "5"))
    assert project.check().findings == ()


def merged_history(tmp_path, *pins: str):
    """A superproject whose last commit merges two branches that moved the pointer: (project, mark of the merge)."""
    project = make(tmp_path, *pins[:1])
    origin = tmp_path / "origin.git"
    entry = {".gitmodules": gitmodules_entry("infra", "infra")}
    commits = [Commit("base", "m", entry | {"infra": Gitlink(project.marks[pins[0]])})]
    for number, pin in enumerate(pins[1:-1]):
        commits.append(Commit(f"b{number}", f"b{number}", {"infra": Gitlink(project.marks[pin])}, ("base",)))
    parents = tuple(commit.mark for commit in commits[1:])
    commits.append(Commit("merge", "m", {"infra": Gitlink(project.marks[pins[-1]])}, parents))
    marks = write_history(origin, commits)
    project.git("fetch", "--quiet", "origin", "refs/heads/m")
    return project, marks


@pytest.mark.parametrize(
    ("pins", "expected"),
    [
        (("2", "4", "5", "5"), []),
        (("2", "5", "4", "4"), [REWOUND]),
        (("2", "5", "4", "5"), []),
        (("2", "3", "4", "5", "5"), []),
        (("2", "6", "4", "5", "5"), [REWOUND]),
    ],
    ids=["newer", "older-than-first-parent", "kept", "octopus", "octopus-rewinds"],
)
def test_case_37_a_merge_is_compared_with_its_first_parent(tmp_path, pins, expected):
    project, marks = merged_history(tmp_path, *pins)
    assert project.found(rev=marks["merge"], base=f"{marks['merge']}^") == expected
    project.git("update-ref", "refs/remotes/origin/main", marks["merge"])
    assert project.found(rev=marks["merge"]) == expected


def test_case_38_an_amended_commit_is_compared_with_its_parent(tmp_path):
    project = make(tmp_path, "5", "6")
    project.stage("4")
    assert project.found(staged=True) == ["checkout-drift", REWOUND]
    project.git("commit", "--quiet", "--amend", "--no-edit")
    assert project.found(staged=True) == ["checkout-drift"]
    assert project.found(rev="HEAD", base="HEAD^") == [REWOUND]


def test_case_38_a_cherry_picked_bump_is_compared_with_where_it_lands(tmp_path):
    project = make(tmp_path, "3", "4")
    bump = project.git("rev-parse", "HEAD")
    project.git("checkout", "--quiet", "-b", "other", project.marks["p0"])
    project.record("6")
    merged = project.git("rev-parse", "HEAD")
    project.stage("4")
    assert project.found(staged=True, ignore=("checkout-drift",)) == [REWOUND]
    assert bump != merged


@pytest.mark.parametrize(
    ("trailer", "level"),
    [
        ("Submodule-Rewind: infra {new} the new keys broke staging", Severity.WARNING),
        ("submodule-rewind: infra {short} the new keys broke staging", Severity.WARNING),
        ("Submodule-Rewind: infra {other} the new keys broke staging", Severity.ERROR),
        ("Submodule-Rewind: other {new} the new keys broke staging", Severity.ERROR),
        ("Submodule-Rewind: infra {new}", Severity.ERROR),
        ("Submodule-Rewind: infra", Severity.ERROR),
    ],
)
def test_case_39_a_trailer_permits_going_back_to_one_commit(tmp_path, trailer, level):
    project = make(tmp_path, "6")
    new, other = project.marks["4"], project.marks["5"]
    project.record("4", "Go back\n\n" + trailer.format(new=new, short=new[:9], other=other))
    (finding,) = [item for item in project.check(base=project.marks["p0"]).findings if item.rule == REWOUND]
    assert finding.severity == level
    assert ("on purpose: the new keys broke staging" in finding.message) == (level == Severity.WARNING)


def test_case_39_the_configuration_permits_it_too(tmp_path):
    project = make(tmp_path, "6", "4")
    allowance = '[allow]\nrewound-pointer = [{subject = "infra", reason = "the new keys broke staging"}]\n'
    (project.top / ".fr-check.toml").write_text(allowance)
    report = project.check()
    assert (report.findings, [item.rule for item in report.suppressed]) == ((), [REWOUND])


def test_case_40_a_pointer_inside_the_submodule_is_its_own_affair(tmp_path):
    project = make(tmp_path, "4", "5")
    nested = [
        Commit("n0", "nested", {"deep": Gitlink("1" * 40), ".gitmodules": gitmodules_entry("deep", "deep")}),
        Commit("n1", "nested", {"deep": Gitlink("2" * 40)}),
    ]
    marks = write_history(project.upstream, nested)
    git(project.upstream, "update-ref", "refs/heads/main", marks["n1"])
    project.sub("fetch", "--quiet", "origin")
    project.record(marks["n0"])
    project.record(marks["n1"])
    assert project.found(rev="HEAD", base="HEAD^") == []


def test_case_41_every_submodule_is_reported_in_order(tmp_path):
    project = make(tmp_path, "6", "6")
    entries = "".join(gitmodules_entry(name, name) for name in ("zulu", "infra", "alpha"))
    (project.top / ".gitmodules").write_text(entries)
    for name in ("zulu", "alpha"):
        git(project.top, "clone", "--quiet", os.fspath(project.upstream), name)
        project.git("update-index", "--add", "--cacheinfo", f"160000,{project.marks['6']},{name}")
    project.git("commit", "--quiet", "-am", "Three")
    for name in ("zulu", "alpha"):
        project.git("update-index", "--cacheinfo", f"160000,{project.marks['4']},{name}")
    project.git("commit", "--quiet", "-m", "Back")
    report = project.check(rev="HEAD", base="HEAD^")
    assert [(item.rule, item.subject) for item in report.findings] == [(REWOUND, "zulu"), (REWOUND, "alpha")]
    assert report == project.check(rev="HEAD", base="HEAD^")


def test_case_45_only_each_commit_sees_a_rewind_that_was_mended(tmp_path):
    project = make(tmp_path, "5", "3", "6", "6")
    span = {"rev": "HEAD", "base": project.marks["p0"]}
    assert project.found(**span) == []
    report = project.check(each_commit=True, **span)
    (finding,) = report.findings
    assert finding.rule == REWOUND
    assert f"in commit {project.marks['p1'][:8]}" in finding.message


def test_case_45_each_commit_reports_a_fault_once(tmp_path):
    project = make(tmp_path, "5", "3")
    assert project.found(each_commit=True) == [REWOUND]


def test_case_45_commits_that_cannot_be_read_are_unknown(tmp_path, monkeypatch):
    project = make(tmp_path, "5", "3", "6", "6")
    run = Git.run

    def failing(self, *arguments: str, **options: object):
        done = run(self, *arguments, **options)
        return done._replace(code=128, stderr=b"fatal: bad tree object") if arguments[0] == "log" else done

    monkeypatch.setattr(Git, "run", failing)
    (unknown,) = project.check(rev="HEAD", base=project.marks["p0"], each_commit=True).unknowns
    assert unknown.reason == "unreadable-history"
    assert "bad tree object" in unknown.message


@pytest.mark.parametrize(
    ("old", "new"), [("4", "5"), ("5", "4"), ("5", "5"), ("4", "6"), ("6", "5"), ("side:1", "4"), ("4", "side:1")]
)
def test_what_is_counted_side_by_side_is_asked_for(tmp_path, monkeypatch, old, new):
    """Each count is begun once, at least one before it is asked for, and none is left running."""
    project, begin, counted = make(tmp_path, old, new), Git.begin, []

    def watched(self, *arguments: str, **options: object):
        if "--left-right" in arguments:
            counted.append(frozenset(arguments[3].split("...")))
        return begin(self, *arguments, **options)

    monkeypatch.setattr(Git, "begin", watched)
    before = set(running)
    project.check(ignore=("checkout-drift",))
    assert set(running) == before
    assert len(counted) == len(set(counted))
    assert counted


def test_case_45_subjects_of_every_kind_confuse_nothing(tmp_path):
    project = make(tmp_path, "5")
    project.git("commit", "--quiet", "--allow-empty", "--message", ":100644 \x01 \t subject")
    project.record("3", ":160000 160000 \x01a b M")
    project.record("6", "\u202eforth")
    project.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", "")
    (finding,) = project.check(rev="HEAD", base=project.marks["p0"], each_commit=True).findings
    assert finding.rule == REWOUND


def test_the_log_lists_what_came_in_and_what_was_lost(tmp_path):
    project = make(tmp_path, "3", "side:1")
    rendered, unknowns = Invocation(("submodule-sync",), root=os.fspath(project.top), log=True, format_="json").tables()
    assert unknowns == ()
    assert rendered.count('"": "+"') == 2
    assert "Commit 5 on side" in rendered


def test_the_facts_say_where_each_pointer_stands(tmp_path):
    project = make(tmp_path, "3", "side:1", checkout="4")
    rendered, _ = Invocation(("submodule-sync",), root=os.fspath(project.top), facts=True).tables()
    row = rendered.splitlines()[-1].split()
    assert row == ["infra", project.marks["side:1"][:12], "main", "2", "3", "no", project.marks["4"][:12]]


@pytest.mark.parametrize("kind", ["^{tree}", ":VERSION"])
def test_a_commit_after_what_is_no_commit_is_a_repair(tmp_path, kind):
    project = make(tmp_path, "5", "5")
    project.record(project.sub("rev-parse", f"HEAD{kind}"))
    project.stage("5")
    assert project.found(base="HEAD") == []


@pytest.mark.parametrize(
    ("entry", "severity", "note"),
    [
        ("{new} prod broke", Severity.WARNING, None),
        ("{new}", Severity.ERROR, "a `Submodule-Rewind` for {short} gives no reason, so it permits nothing here"),
        (
            "{other} prod broke",
            Severity.ERROR,
            "a `Submodule-Rewind` names {other}, not {short}, so it permits nothing here",
        ),
    ],
)
def test_case_39_the_configuration_permits_one_rollback_before_there_is_a_message(tmp_path, entry, severity, note):
    project = make(tmp_path, "6", "6", checkout="4")
    project.stage("4")
    names = {"new": project.marks["4"], "short": project.marks["4"][:8], "other": project.marks["3"]}
    policy = f'[submodule-sync]\nallow-rewinds = {{infra = ["{entry.format(**names)}"]}}\n'
    (project.top / ".fr-check.toml").write_text(policy)
    project.git("add", ".fr-check.toml")
    (finding,) = project.check(staged=True).findings
    assert (finding.rule, finding.severity) == (REWOUND, severity)
    assert ("on purpose: prod broke" in finding.message) == (severity is Severity.WARNING)
    told = [item.message for item in finding.notes if "Submodule-Rewind" in item.message]
    assert told == ([note.format(**names)] if note else [])


def test_what_a_hook_suggests_for_a_rollback_lets_it_through(tmp_path):
    project = make(tmp_path, "6", "6", checkout="4")
    project.stage("4")
    (finding,) = project.check(staged=True).findings
    entry = finding.help.partition("or put `")[2].partition("`")[0]
    (project.top / ".fr-check.toml").write_text(f"[submodule-sync]\n{entry}\n")
    project.git("add", ".fr-check.toml")
    assert [item.severity for item in project.check(staged=True).findings] == [Severity.WARNING]
