"""Cells of the matrix where processes of one environment differ."""

from __future__ import annotations

import json

import pytest

from running import run
from variables.notation import repository

_TWO = (
    "AK C«web: {build: ., environment: {A: '1', SECRET_KEY: 'k'}}¶"
    "  worker: {build: ., command: python -m app.main, environment: {A: '%s'}}»"
)


def _written(line: str, tmp_path) -> str:
    for path, text in repository(line).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return str(tmp_path)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_each_process_is_named_where_they_differ(form: str, tmp_path):
    shown = run("matrix", "--root", _written(_TWO % 2, tmp_path), "--format", form).stdout
    assert "web 1, worker 2" in shown
    assert "web value, worker default" in shown


def test_what_is_the_same_is_told_once(tmp_path):
    shown = run("matrix", "A", "--root", _written(_TWO % 1, tmp_path)).stdout
    assert shown.splitlines()[1].split() == ["A", "Settings", "1"]


def test_the_document_has_them_all(tmp_path):
    shown = run("matrix", "A", "--root", _written(_TWO % 2, tmp_path), "--format", "json").stdout
    ((cell,),) = (row["cells"] for row in json.loads(shown)["matrix"]["rows"])
    assert (cell["process"], cell["value"]) == ("service `web` of compose.yml", "1")
    assert [one["value"] for one in cell["differing"]] == ["1", "2"]


def test_steps_of_one_workflow(tmp_path):
    workflow = (
        "F .github/workflows/ci.yml«on: push¶jobs:¶  t:¶    runs-on: ubuntu-latest¶    steps:¶"
        "      - {name: one, run: pytest, env: {A: a}}¶      - {name: two, run: pytest t, env: {A: b}}»"
    )
    shown = run("matrix", "A", "--root", _written(f"AK {workflow}", tmp_path)).stdout
    assert "one a, two b" in shown
