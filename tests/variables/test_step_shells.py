"""What the shell of a step or a task does to the environment of the program that it starts, as `trace` tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import run
from variables.notation import repository

_BASE = (
    'S«a: str = "x"¶b: str = "y"¶c: str = "z"» F ci.env«A=from-file¶export B=exported» F app/x.env«A=inner»'
    " F tests/test_a.py«import app.main» F pyproject.toml«[project]¶name = 'app'¶version = '1'»"
)
_STEP = (
    "on: push¶env: {{C: workflow}}¶jobs:¶  t:¶    runs-on: ubuntu-latest¶    steps:¶      - uses: actions/checkout@v4¶"
    "      - name: tests¶        run: |¶          {}"
)


def _traced(tmp_path: Path, line: str, name: str) -> dict[str, object]:
    for path, text in repository(line).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (found,) = run("trace", name, "--root", tmp_path, "--format", "json").json()["trace"]["processes"]
    return found


def step(tmp_path: Path, script: str, name: str) -> dict[str, object]:
    return _traced(
        tmp_path, f"{_BASE} F .github/workflows/ci.yml«{_STEP.format(script.replace('¶', '¶          '))}»", name
    )


SCRIPTS: dict[str, tuple[str, str, str, str | None]] = {
    "sourced under `set -a`": ("set -a¶. ./ci.env¶set +a¶pytest", "A", "value", "from-file"),
    "sourced with `source`": ("set -o allexport; source ci.env; pytest", "A", "value", "from-file"),
    "sourced from another folder": ("cd app¶set -a; . ./x.env; set +a¶cd ..¶pytest", "A", "value", "inner"),
    "exported by the file": (". ./ci.env¶pytest", "B", "value", "exported"),
    "kept by the shell": (". ./ci.env¶pytest", "A", "default", None),
    "exported afterwards": (". ./ci.env¶export A¶pytest", "A", "value", "from-file"),
    "exported by xargs": ("export $(cat ci.env | xargs)¶pytest", "A", "value", "from-file"),
    "exported": ("export A=1¶pytest", "A", "value", "1"),
    "of what a file gives": (". ./ci.env¶export A=$B-1¶pytest", "A", "value", "exported-1"),
    "taken away": ("unset C¶pytest", "C", "default", None),
    "taken away for it alone": ("env -u C pytest", "C", "default", None),
    "as the workflow has it": ("pytest", "C", "value", "workflow"),
    "over what the workflow has": ("C=own pytest", "C", "value", "own"),
    "in a subshell": ("(export A=1)¶pytest", "A", "default", None),
    "perhaps": ('if [ "$X" ]; then export C=1; fi¶pytest', "C", "value", "workflow"),
    "in another shell": ("bash -c 'set -a; . ./ci.env; pytest'", "A", "value", "from-file"),
    "a file that is not there": ("set -a; . ./other.env; pytest", "A", "unknown", None),
    "a file under `-a` by its option": ("bash -a -c '. ./ci.env; pytest'", "A", "value", "from-file"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_step_has_what_its_script_does(name: str, tmp_path: Path):
    script, variable, outcome, value = SCRIPTS[name]
    found = step(tmp_path, script, variable)
    assert (found["outcome"], found["value"]) == (outcome, value)
    assert found["certain"] is (name not in {"perhaps", "a file that is not there"})


TASKS: dict[str, tuple[str, str, str, str | None]] = {
    "a recipe that sources": ("F Makefile«test:¶\tset -a; . ./ci.env; pytest»", "A", "value", "from-file"),
    "a recipe of two shells": ("F Makefile«test:¶\tset -a; . ./ci.env¶\tpytest»", "A", "default", None),
    "a script that sources": (
        "F Makefile«test:¶\t./run-tests.sh» F run-tests.sh«#!/bin/sh¶set -a¶. ./ci.env¶exec pytest»",
        "A", "value", "from-file",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_what_its_recipe_does(name: str, tmp_path: Path):
    files, variable, outcome, value = TASKS[name]
    found = _traced(tmp_path, f"{_BASE} {files}", variable)
    assert (found["outcome"], found["value"]) == (outcome, value)


def test_every_step_of_the_way_is_told(tmp_path: Path):
    found = step(tmp_path, "set -a; . ./ci.env; set +a; unset C; pytest", "A")
    told = [(step["how"], step["what"], step["location"]["path"]) for step in found["steps"]]
    assert told == [
        ("set", "entry of `ci.env`", "ci.env"),
        ("sourced", "`. ./ci.env` under `set -a`", ".github/workflows/ci.yml"),
    ]
    found = step(tmp_path, "unset C; pytest", "C")
    assert [(step["how"], step["what"]) for step in found["steps"]] == [
        ("passed", "`env` of the workflow: lost, `unset C` takes it away"),
        ("removed", "`unset C` takes it away"),
    ]


def test_a_file_that_is_sourced_without_exporting_is_told_with_what_to_write(tmp_path: Path):
    (told,) = step(tmp_path, ". ./ci.env; pytest", "A")["steps"]
    assert "without `set -a` the shell keeps `A` to itself: write `set -a; . ./ci.env; set +a`" in told["what"]


def test_what_the_shell_of_whoever_starts_a_task_has_is_not_known(tmp_path: Path):
    found = _traced(tmp_path, f"{_BASE} F Makefile«test:¶\tpytest»", "A")
    assert found["unknown"] == "what the shell sets"
