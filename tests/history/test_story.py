"""The cases of the specification (A to H), and others of their kinds."""

from __future__ import annotations

import pytest

from histories import (
    COMPOSE,
    CONFIG,
    UNDOCUMENTED,
    UPSTREAM,
    commit,
    gate,
    lives,
    pointers,
    repository,
    secrets,
    settings,
    told,
    with_submodule,
)
from running import run

ALLOW = '[allow]\nundocumented-setting = [{subject = "MAIL_HOST", path = "**", reason = "set by the platform"}]\n'


@pytest.fixture
def case_a(tmp_path):
    first = {CONFIG: settings(), ".env.example": "DEBUG=false\n"}
    return repository(
        tmp_path,
        [
            commit("c1", 1, first),
            commit("c2", 2, {CONFIG: settings("mail_host")}),
            commit("c3", 5, {"README.md": "prose\n"}),
            commit("c4", 9, {".env.example": "DEBUG=false\nMAIL_HOST=x\n"}),
            commit("c5", 11, {".env.example": "DEBUG=false\n"}),
            commit("side", 12, {CONFIG: settings("mail_host", "other")}, branch="side", parents=("c5",)),
            commit("c7", 14, {CONFIG: settings("mail_host", "other")}, parents=("c5", "side")),
            commit("c8", 20, {".fr-check.toml": ALLOW}),
        ],
    )


def test_a_then(case_a):
    top, marks = case_a
    story = told(top, "--policy", "then")
    assert lives(story, UNDOCUMENTED) == [
        ("MAIL_HOST", 1, marks["c2"], "cured", marks["c4"], [7.0, 7.0]),
        ("MAIL_HOST", 2, marks["c5"], "accepted", marks["c8"], [9.0, 9.0]),
        ("OTHER", 1, marks["c7"], "open", marks["c8"], [6.0, 6.0]),
    ]
    (other,) = [one for one in story["episodes"] if one["subject"] == "OTHER" and one["rule"] == UNDOCUMENTED]
    assert other["introduced"]["merged"] == [marks["side"]]
    assert marks["c3"] not in str(story["episodes"])
    assert story["range"]["commits"] == 7
    assert story["events"] == []


def test_b_now(case_a):
    top, marks = case_a
    story = told(top)
    assert lives(story, UNDOCUMENTED) == [("OTHER", 1, marks["c7"], "open", marks["c8"], [6.0, 6.0])]
    assert {"unused-allowance", "unused-suppression"}.isdisjoint(one["rule"] for one in story["episodes"])


def test_the_first_commit_of_a_part_brought_what_is_there_at_or_before(case_a):
    top, marks = case_a
    story = told(top, "--since", marks["c3"], "--until", marks["c4"], "--policy", "then")
    (one,) = [one for one in story["episodes"] if one["rule"] == UNDOCUMENTED]
    assert one["introduced"]["at_or_before"] is True
    assert (one["introduced"]["commit"], one["days"]) == (marks["c3"], [4.0, 4.0])
    assert ">= 4.0 days" in run("history", top, "--since", marks["c3"], "--policy", "then", "--all").stdout
    by_date = told(top, "--since", "2026-01-03", "--until", marks["c4"], "--policy", "then")
    assert by_date["episodes"] == story["episodes"]


CASE_C = (("u2", 4), ("u3", 5), ("u1", 6))


def test_c_a_rewind_is_an_event_and_nothing_stays(tmp_path):
    top, marks = with_submodule(tmp_path, UPSTREAM, pointers(*CASE_C, more=[commit("p7", 7, {"x": "x\n"})]))
    story = told(top, "--select", "submodule-sync")
    assert [(one["rule"], one["commit"], one["date"]) for one in story["events"]] == [
        ("rewound-pointer", marks["p6"], "2026-01-06")
    ]
    assert story["episodes"] == []
    (upstream,) = story["upstream"]
    assert (upstream["path"], upstream["branch"], upstream["date"]) == ("repo", "main", "2026-01-03")


def test_d_a_pointer_that_is_nowhere_is_not_judged(tmp_path):
    top, marks = with_submodule(
        tmp_path,
        UPSTREAM,
        pointers(*CASE_C, ("nowhere", 8), ("u3", 10)),
    )
    story = told(top, "--select", "submodule-sync")
    assert [one["commit"] for one in story["events"]] == [marks["p6"]]
    assert [one["commit"] for one in story["judged"]["partly"]] == [marks["p8"], marks["p10"]]
    assert run("history", top, "--select", "submodule-sync", "--strict-unknown").status == 3


def test_e_a_lowered_threshold_is_an_event(tmp_path):
    top, marks = repository(
        tmp_path, [commit("1", 1, gate(95)), commit("2", 2, gate(90)), commit("3", 3, {"x.md": "x\n"})]
    )
    story = told(top, "--select", "lowered-threshold")
    assert [(one["rule"], one["commit"]) for one in story["events"]] == [("lowered-threshold", marks["2"])]
    assert story["episodes"] == []


def test_f_a_renamed_file_keeps_its_finding(tmp_path):
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, {"web/a": "a\n"}),
            commit("4", 4, {"docker-compose.yml": COMPOSE}),
            commit("6", 6, {"docker-compose.yml": None, "compose.yml": COMPOSE}),
            commit("9", 9, {"compose.yml": None}),
        ],
    )
    story = told(top, "--select", "missing-dockerfile")
    (one,) = story["episodes"]
    assert one["paths"] == ["docker-compose.yml", "compose.yml"]
    assert (one["introduced"]["commit"], one["end"]["cured_by"], one["days"]) == (marks["4"], marks["9"], [5.0, 5.0])


def test_g_what_is_not_judged_in_between_is_counted_apart(tmp_path):
    top, marks = with_submodule(tmp_path, *secrets(("p", 1), ("nowhere", 3), ("p", 5), ("mended", 9)))
    story = told(top, "--select", "unrendered-secret")
    assert lives(story, "unrendered-secret") == [("API_KEY", 1, marks["d1"], "cured", marks["d9"], [8.0, 8.0])]
    assert story["episodes"][0]["unknown_days"] == 2.0


def test_h_a_cure_that_was_not_seen_lies_between_two_commits(tmp_path):
    top, marks = with_submodule(tmp_path, *secrets(("p", 1), ("nowhere", 3), ("mended", 5)))
    (one,) = told(top, "--select", "unrendered-secret")["episodes"]
    assert (one["end"]["kind"], one["days"], one["end"]["cured_by"]) == ("cured", [0.0, 4.0], None)
    assert [point["commit"] for point in one["end"]["between"]] == [marks["d1"], marks["d5"]]


def test_what_is_not_judged_to_the_end_is_neither_open_nor_cured(tmp_path):
    top, marks = with_submodule(tmp_path, *secrets(("p", 1), ("p", 2), ("nowhere", 3), ("nowhere", 7)))
    (one,) = told(top, "--select", "unrendered-secret")["episodes"]
    assert (one["end"]["kind"], one["end"]["commit"], one["days"]) == ("not-judged", marks["d3"], [1.0, 6.0])
    text = run("history", top, "--select", "unrendered-secret").stdout
    assert "0 still there, 1 not judged since" in text
    assert "not judged since 2026-01-03" in text


def test_a_policy_that_cannot_be_read_makes_its_commit_not_judged(tmp_path):
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, {CONFIG: settings("mail_host"), ".env.example": "DEBUG=false\n"}),
            commit("2", 2, {".fr-check.toml": "nonsense = 1\n"}),
            commit("3", 3, {".fr-check.toml": None}),
        ],
    )
    story = told(top, "--policy", "then")
    assert [one["commit"] for one in story["judged"]["partly"]] == [marks["2"]]
    (one,) = [one for one in story["episodes"] if one["rule"] == UNDOCUMENTED]
    assert (one["end"]["kind"], one["unknown_days"]) == ("open", 1.0)
    assert run("history", top).status == 0
    assert run("history", top, "--until", marks["2"]).status == 2


def test_a_time_before_that_of_the_parent_counts_as_the_parents(tmp_path):
    top, marks = repository(
        tmp_path,
        [
            commit("1", 10, {CONFIG: settings("mail_host"), ".env.example": "DEBUG=false\n"}),
            commit("2", 4, {".env.example": "DEBUG=false\nMAIL_HOST=x\n"}),
        ],
    )
    assert lives(told(top), UNDOCUMENTED) == [("MAIL_HOST", 1, marks["1"], "cured", marks["2"], [0.0, 0.0])]


def test_a_message_that_changes_is_kept_as_a_change(tmp_path):
    top, _ = repository(
        tmp_path,
        [
            commit("1", 1, {CONFIG: settings("mail_host"), ".env.example": "DEBUG=false\n"}),
            commit("2", 4, {CONFIG: settings("mail_host").replace("'x'", "'y'")}),
        ],
    )
    (one,) = [one for one in told(top)["episodes"] if one["rule"] == UNDOCUMENTED]
    assert one["end"]["kind"] == "open"
    assert all({"commit", "date", "message", "severity"} == change.keys() for change in one["changes"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "yesterday-ish"), "neither a commit nor a date"),
        (("--until", "nonsense"), "names no commit"),
        (("--since", "2027-01-01"), "no commit since"),
        (("--policy", "later"), "later"),
    ],
)
def test_misuse(case_a, arguments, said):
    done = run("history", case_a[0], *arguments)
    assert done.status == 2
    assert said in done.stderr


def test_outside_a_repository(tmp_path):
    assert run("history", tmp_path).status == 2


def test_the_text_names_what_came_and_what_is_left(case_a):
    text = run("history", case_a[0], "--policy", "then", "--select", UNDOCUMENTED, "--all").stdout
    assert "7 commits, 2026-01-01 to 2026-01-20" in text
    assert "for the 2nd time" in text
    assert "cured by 2026-01-09" in text
    assert "Still there" in text
