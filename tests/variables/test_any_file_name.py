"""Compose files of any name: those that COMPOSE_FILE or `-f` names are the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from running import run
from variables.notation import repository

_BASE = "F base.yml«services: {web: {build: ., environment: {A: '${A:-1}'}}}»"
_MORE = "F more.yml«services: {web: {environment: {B: '7'}}}»"
# Files, and what B is in the service then.
FORMS = {
    "a committed .env": (f"{_BASE} {_MORE} F .env«COMPOSE_FILE=base.yml:more.yml¶A=1»", "7"),
    "the example": (f"{_BASE} {_MORE} E«COMPOSE_FILE=base.yml:more.yml¶A=1»", "7"),
    "an exported variable of make": (
        f"{_BASE} {_MORE} F Makefile«export COMPOSE_FILE = base.yml:more.yml¶up:¶\tdocker compose up -d»", "7",
    ),
    "a variable before the command": (f"{_BASE} F up.sh«COMPOSE_FILE=base.yml docker compose up -d»", None),
    "`-f`": (f"{_BASE} {_MORE} F Makefile«up:¶\tdocker compose -f base.yml -f more.yml up -d»", "7"),
    "`-f` of one": (f"{_BASE} {_MORE} F justfile«up:¶    docker compose -f base.yml up -d»", None),
    "a folder of its own": (
        (
            "F deploy/stack.yml«services: {web: {build: .., environment: {B: '7'}}}»"
            " F Makefile«export COMPOSE_FILE = deploy/stack.yml¶up:¶\tdocker compose up -d»"
        ),
        "7",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_files_that_are_named_are_the_project(name: str, tmp_path: Path):
    files, value = FORMS[name]
    for path, text in repository(f'S«a: str = "x"¶b: str = "y"» {files}').items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    document = json.loads(run("trace", "B", "--root", tmp_path, "--format", "json").stdout)
    services = [one for one in document["trace"]["processes"] if one["kind"] == "service"]
    assert [(one["outcome"], one["value"]) for one in services] == [("value", "7") if value else ("default", None)]
