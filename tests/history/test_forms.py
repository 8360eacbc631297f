"""Other forms of the cases of the specification: the same rule of time, reached in another way."""

from __future__ import annotations

import pytest

from fr_check.core.engine import FINDING_LIMIT
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

EXAMPLE = ".env.example"
SECRET = "unrendered-secret"


def test_a_directive_accepts_as_an_allowance_does(tmp_path):
    marked = settings("mail_host").replace("= 'x'", "= 'x'  # fr-check: ignore[undocumented-setting] by hand")
    points = [
        commit("1", 1, {CONFIG: settings("mail_host"), EXAMPLE: "DEBUG=false\n"}),
        commit("4", 4, {CONFIG: marked}),
        commit("9", 9, {"x": "x\n"}),
    ]
    top, marks = repository(tmp_path, points)
    expected = [("MAIL_HOST", 1, marks["1"], "accepted", marks["4"], [3.0, 3.0])]
    assert lives(told(top, "--policy", "then"), UNDOCUMENTED) == expected
    assert lives(told(top), UNDOCUMENTED) == expected


def test_more_than_a_report_shows_of_a_file_have_lives_of_their_own(tmp_path):
    many = [f"many_{number}" for number in range(FINDING_LIMIT + 1)]
    points = [
        commit("1", 1, {CONFIG: settings(*many), EXAMPLE: "DEBUG=false\n"}),
        commit("2", 2, {CONFIG: settings("new", *many)}),
    ]
    top, marks = repository(tmp_path, points)
    born = {name: where for name, _, where, *_ in lives(told(top), UNDOCUMENTED)}
    assert born == {**{name.upper(): marks["1"] for name in many}, "NEW": marks["2"]}


def test_a_merge_cures_what_its_side_branch_documents(tmp_path):
    points = [
        commit("1", 1, {CONFIG: settings("mail_host"), EXAMPLE: "DEBUG=false\n"}),
        commit("side", 2, {EXAMPLE: "DEBUG=false\nMAIL_HOST=x\n"}, branch="side", parents=("1",)),
        commit("2", 3, {"x": "x\n"}, parents=("1",)),
        commit("m", 6, {EXAMPLE: "DEBUG=false\nMAIL_HOST=x\n"}, parents=("2", "side")),
    ]
    top, marks = repository(tmp_path, points)
    assert lives(told(top), UNDOCUMENTED) == [("MAIL_HOST", 1, marks["1"], "cured", marks["m"], [5.0, 5.0])]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        # Back and forth and back again: each way back is an event.
        ((("u3", 4), ("u1", 5), ("u3", 6), ("u2", 7)), ["p5", "p7"]),
        # Forward only.
        ((("u2", 4), ("u3", 5)), []),
    ],
)
def test_c_each_way_back_is_an_event_of_its_own(tmp_path, moves, expected):
    top, marks = with_submodule(tmp_path, UPSTREAM, pointers(*moves))
    story = told(top, "--select", "rewound-pointer")
    assert [one["commit"] for one in story["events"]] == [marks[mark] for mark in expected]
    assert story["episodes"] == []


def test_e_a_threshold_that_a_merge_lowers_and_one_that_goes_up_between(tmp_path):
    points = [
        commit("1", 1, gate(80)),
        commit("2", 2, gate(90)),
        commit("side", 3, gate(70), branch="side", parents=("2",)),
        commit("3", 4, {"x.md": "x\n"}, parents=("2",)),
        commit("m", 5, {**gate(70), "x.md": "x\n"}, parents=("3", "side")),
        commit("6", 6, gate(60)),
    ]
    top, marks = repository(tmp_path, points)
    story = told(top, "--select", "lowered-threshold")
    assert [one["commit"] for one in story["events"]] == [marks["m"], marks["6"]]
    assert story["episodes"] == []


def test_e_a_threshold_that_is_taken_away_is_lowered(tmp_path):
    bare = {"pyproject.toml": "[tool.coverage.report]\nshow_missing = true\n"}
    top, marks = repository(tmp_path, [commit("1", 1, gate(95)), commit("2", 2, bare), commit("3", 3, {"x": "x\n"})])
    story = told(top, "--select", "coverage")
    assert [one["commit"] for one in story["events"] if one["severity"] != "info"] == [marks["2"]]


def test_an_event_that_the_summary_does_not_count_is_said_to_be_information(tmp_path):
    source = {"src/a.py": "x = 1\n", **gate(80)}
    left_out = {"src/a.py": "x = 1  # pragma: no cover\n"}
    top, _ = repository(tmp_path, [commit("1", 1, source), commit("2", 2, left_out), commit("3", 3, gate(70))])
    severities = [one["severity"] for one in told(top, "--select", "coverage")["events"]]
    text = run("history", top, "--select", "coverage", "--all").stdout
    assert severities.count("info") == text.count("(information): ") == 1
    assert "1 event (1 lowered-threshold)" in text


@pytest.mark.parametrize(
    ("second", "third"),
    [
        ({"docker-compose.yml": None, "deploy/docker-compose.yml": COMPOSE}, "deploy/docker-compose.yml"),
        ({"docker-compose.yml": None, "compose.yaml": f"# ours\n{COMPOSE}"}, "compose.yaml"),
    ],
)
def test_f_a_file_that_moves_into_a_folder_or_changes_on_the_way(tmp_path, second, third):
    points = [
        commit("1", 1, {"web/a": "a\n", "deploy/web/a": "a\n"}),
        commit("4", 4, {"docker-compose.yml": COMPOSE}),
        commit("6", 6, second),
        commit("9", 9, {third: None}),
    ]
    top, marks = repository(tmp_path, points)
    (one,) = told(top, "--select", "missing-dockerfile")["episodes"]
    assert one["paths"] == ["docker-compose.yml", third]
    assert (one["introduced"]["commit"], one["end"]["cured_by"], one["days"]) == (marks["4"], marks["9"], [5.0, 5.0])


def test_g_stretches_that_are_not_judged_add_up(tmp_path):
    pins = (("p", 1), ("nowhere", 3), ("p", 5), ("nowhere", 6), ("nowhere", 7), ("p", 9), ("mended", 12))
    top, marks = with_submodule(tmp_path, *secrets(*pins))
    story = told(top, "--select", SECRET)
    assert lives(story, SECRET) == [("API_KEY", 1, marks["d1"], "cured", marks["d12"], [11.0, 11.0])]
    assert story["episodes"][0]["unknown_days"] == 5.0


def test_g_what_is_not_judged_from_the_beginning_begins_where_it_is_seen(tmp_path):
    top, marks = with_submodule(tmp_path, *secrets(("nowhere", 1), ("p", 5), ("mended", 9)))
    (one,) = told(top, "--select", SECRET)["episodes"]
    assert (one["introduced"]["commit"], one["end"]["commit"]) == (marks["d5"], marks["d9"])
    assert one["days"] == [4.0, 4.0]


def test_h_several_commits_that_are_not_judged_are_one_gap(tmp_path):
    pins = (("p", 1), ("p", 2), ("nowhere", 4), ("nowhere", 6), ("mended", 8))
    top, marks = with_submodule(tmp_path, *secrets(*pins))
    (one,) = told(top, "--select", SECRET)["episodes"]
    assert (one["end"]["kind"], one["days"], one["end"]["cured_by"]) == ("cured", [1.0, 7.0], None)
    assert [point["commit"] for point in one["end"]["between"]] == [marks["d2"], marks["d8"]]


def test_h_what_comes_back_after_a_cure_that_was_not_seen_is_another_episode(tmp_path):
    top, marks = with_submodule(tmp_path, *secrets(("p", 1), ("nowhere", 3), ("mended", 5), ("p", 7), ("mended", 8)))
    first, second = told(top, "--select", SECRET)["episodes"]
    first, second = sorted((first, second), key=lambda one: one["episode"])
    assert (first["days"], first["end"]["cured_by"]) == ([0.0, 4.0], None)
    assert (second["episode"], second["introduced"]["commit"], second["days"]) == (2, marks["d7"], [1.0, 1.0])
