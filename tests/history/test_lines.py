"""Lines of every shape: an empty root, reverts, merges of many, renames on a side, submodules that come and go."""

from __future__ import annotations

import os

import pytest

from building import bare, git, write_history
from histories import CONFIG, UPSTREAM, commit, link, lives, repository, settings, told, with_submodule
from running import run
from scratch import gitmodules_entry

RULE = "undocumented-setting"
EXAMPLE = {".env.example": "DEBUG=false\n"}
CLEAN = {CONFIG: settings(), **EXAMPLE}


def test_a_root_without_files(tmp_path):
    top, marks = repository(tmp_path, [commit("0", 1, {}), commit("1", 2, {CONFIG: settings("mail_host"), **EXAMPLE})])
    story = told(top)
    assert lives(story, RULE) == [("MAIL_HOST", 1, marks["1"], "open", marks["1"], [0.0, 0.0])]
    assert story["range"]["whole"]


def test_what_is_reverted_is_cured_and_what_is_reverted_again_is_another_episode(tmp_path):
    points = [commit("1", 1, CLEAN)]
    points += [commit(str(day), day, {CONFIG: settings(*(["mail_host"] * (day % 2 == 0)))}) for day in (2, 3, 4, 5)]
    top, marks = repository(tmp_path, points)
    assert lives(told(top), RULE) == [
        ("MAIL_HOST", 1, marks["2"], "cured", marks["3"], [1.0, 1.0]),
        ("MAIL_HOST", 2, marks["4"], "cured", marks["5"], [1.0, 1.0]),
    ]


def test_what_a_merge_of_several_brings_is_its_doing(tmp_path):
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, CLEAN),
            commit("a", 2, {CONFIG: settings("mail_host")}, branch="a", parents=("1",)),
            commit("b", 3, {"x": "x\n"}, branch="b", parents=("1",)),
            commit("c", 4, {"y": "y\n"}, branch="c", parents=("1",)),
            commit("m", 5, {CONFIG: settings("mail_host"), "x": "x\n", "y": "y\n"}, parents=("1", "a", "b", "c")),
        ],
    )
    (one,) = told(top)["episodes"][:1]
    assert (one["introduced"]["commit"], one["introduced"]["merged"]) == (
        marks["m"],
        [marks["a"], marks["b"], marks["c"]],
    )
    assert told(top)["range"]["commits"] == 2


def test_a_file_that_a_side_branch_renamed_keeps_its_state(tmp_path):
    compose = "services:\n  web:\n    build:\n      context: web\n"
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, {"web/a": "a\n", "docker-compose.yml": compose}),
            commit("2", 2, {"x": "x\n"}),
            commit("s", 3, {"docker-compose.yml": None, "compose.yml": compose}, branch="s", parents=("1",)),
            commit("m", 4, {"docker-compose.yml": None, "compose.yml": compose}, parents=("2", "s")),
        ],
    )
    (one,) = [one for one in told(top)["episodes"] if one["rule"] == "missing-dockerfile"]
    assert one["paths"] == ["docker-compose.yml", "compose.yml"]
    assert (one["introduced"]["commit"], one["end"]["kind"]) == (marks["1"], "open")


def test_a_submodule_that_comes_and_goes(tmp_path):
    def pins(marks):
        yield commit("0", 1, {"repo": link(marks["u1"])})
        yield commit("1", 2, {"repo": None, ".gitmodules": None})
        yield commit("2", 3, {"repo": link(marks["u3"]), ".gitmodules": gitmodules_entry("repo", "repo")})
        yield commit("3", 4, {"repo": link(marks["u2"])})
        yield commit("4", 5, {"x": "x\n"})

    top, marks = with_submodule(tmp_path, UPSTREAM, pins)
    story = told(top, "--select", "submodule-sync")
    assert [(one["rule"], one["commit"]) for one in story["events"]] == [("rewound-pointer", marks["3"])]
    assert not story["judged"]["partly"]


def test_a_pointer_without_its_entry_lives_until_it_has_one(tmp_path):
    def pins(marks):
        yield commit("0", 1, {"repo": link(marks["u1"])})
        yield commit("1", 2, {".gitmodules": None})
        yield commit("2", 5, {".gitmodules": gitmodules_entry("repo", "repo")})

    top, marks = with_submodule(tmp_path, UPSTREAM, pins)
    story = told(top, "--select", "submodule-sync")
    found = [(one["rule"], one["introduced"]["commit"], one["end"]["commit"], one["days"]) for one in story["episodes"]]
    assert ("unregistered-gitlink", marks["1"], marks["2"], [3.0, 3.0]) in found


@pytest.mark.parametrize("moved", [False, True])
def test_a_policy_that_moves_accepts_as_before(tmp_path, moved):
    entry = '{subject = "MAIL_HOST", path = "**", reason = "told elsewhere"}'
    own = f"[allow]\nundocumented-setting = [{entry}]\n"
    inside = f"[tool.fr-check.allow]\nundocumented-setting = [{entry}]\n"
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, {CONFIG: settings("mail_host"), **EXAMPLE}),
            commit("2", 3, {"pyproject.toml": inside}),
            commit("3", 5, {"pyproject.toml": None, **({".fr-check.toml": own} if moved else {})}),
            commit("4", 6, {"x": "x\n"}),
        ],
    )
    first = ("MAIL_HOST", 1, marks["1"], "accepted", marks["2"], [2.0, 2.0])
    again = ("MAIL_HOST", 2, marks["3"], "open", marks["4"], [1.0, 1.0])
    assert lives(told(top, "--policy", "then"), RULE) == ([first] if moved else [first, again])


def test_a_line_that_is_cut_off_began_before(tmp_path):
    origin = bare(tmp_path / "origin.git")
    points = [commit(str(day), day, {CONFIG: settings("mail_host"), **EXAMPLE, "x": f"{day}\n"}) for day in range(1, 6)]
    write_history(origin, points)
    top = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", "--depth=3", origin.as_uri(), os.fspath(top))
    story = told(top)
    (one,) = [one for one in story["episodes"] if one["rule"] == RULE]
    assert one["introduced"]["at_or_before"]
    assert not story["range"]["whole"]
    assert "at or before 2026-01-04" in run("history", top).stdout


def test_a_repository_without_a_working_tree(tmp_path):
    origin = bare(tmp_path / "origin.git")
    marks = write_history(origin, [commit("1", 1, CLEAN), commit("2", 2, {CONFIG: settings("mail_host")})])
    assert lives(told(origin), RULE) == [("MAIL_HOST", 1, marks["2"], "open", marks["2"], [0.0, 0.0])]


def test_a_repository_without_a_commit(tmp_path):
    git(tmp_path, "init", "--quiet")
    done = run("history", tmp_path)
    assert done.status == 2
    assert "no commit yet" in done.stderr


def test_another_root_that_was_merged_brings_what_it_has(tmp_path):
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, {"x": "x\n"}),
            commit("r", 2, {CONFIG: settings("mail_host"), **EXAMPLE}, branch="r", parents=()),
            commit("m", 3, {CONFIG: settings("mail_host"), **EXAMPLE}, parents=("1", "r")),
        ],
    )
    assert lives(told(top), RULE) == [("MAIL_HOST", 1, marks["m"], "open", marks["m"], [0.0, 0.0])]


def test_a_setting_that_moves_to_another_file_lives_on(tmp_path):
    other = "apps/backend/src/mail.py"
    top, marks = repository(
        tmp_path,
        [
            commit("1", 1, {CONFIG: settings("mail_host"), **EXAMPLE}),
            commit("2", 4, {CONFIG: settings(), other: settings("mail_host").replace("Settings(", "Mail(")}),
            commit("3", 6, {".env.example": "DEBUG=false\nMAIL_HOST=x\n"}),
        ],
    )
    (one,) = [one for one in told(top)["episodes"] if (one["rule"], one["subject"]) == (RULE, "MAIL_HOST")]
    assert (one["introduced"]["commit"], one["end"]["commit"], one["days"]) == (marks["1"], marks["3"], [5.0, 5.0])


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("given", ["", "  "])
def test_an_empty_end_is_misuse_and_not_all_of_it(tmp_path, option, given):
    top, _ = repository(tmp_path, [commit("1", 1, CLEAN)])
    done = run("history", top, option, given)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fr-check: {option} is empty\n")
