"""Which files of variables fill the references of a set: what commands, tasks and workflows say."""

from __future__ import annotations

import pytest

from fr_check.builds import loaded
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory

_FILES = {"compose.yml": "services: {web: {image: 'x:${TAG:-1}'}}\n", "x.env": "TAG=2\n", "y.env": "TAG=3\n"}
_STEP = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: %s\n"
_CASES = {
    "a task": ("Makefile", "up:\n\tdocker compose --env-file x.env up\n", ("x.env",)),
    "a task and its file": (
        "Makefile",
        "up:\n\tdocker compose --env-file x.env -f compose.yml up\n",
        ("x.env",),
    ),
    "two options": ("up.sh", "docker compose --env-file x.env --env-file y.env up\n", ("x.env", "y.env")),
    "a variable of the shell": (
        "up.sh",
        "export COMPOSE_ENV_FILES=x.env,y.env\ndocker compose up\n",
        ("x.env", "y.env"),
    ),
    "the option beats the variable": (
        "up.sh",
        "export COMPOSE_ENV_FILES=x.env\ndocker compose --env-file y.env up\n",
        ("y.env",),
    ),
    "a step": (".github/workflows/a.yml", _STEP % "docker compose --env-file x.env up", ("x.env",)),
    "the variable in a step": (
        ".github/workflows/a.yml",
        _STEP % "COMPOSE_ENV_FILES=x.env docker compose -f compose.yml up -d",
        ("x.env",),
    ),
    "the variable of a step": (
        ".github/workflows/a.yml",
        _STEP % "docker compose up\n        env: {COMPOSE_ENV_FILES: x.env}",
        ("x.env",),
    ),
    "in .env the variable counts for nothing": (".env", "COMPOSE_ENV_FILES=x.env\n", None),
}


@pytest.mark.parametrize("name", _CASES)
def test_which_files_fill_the_references(name: str):
    path, text, expected = _CASES[name]
    read = loaded.load(Context(Memory({**_FILES, path: text}), Config()))
    scopes = {project.scope[0] for project in read.composes.projects}
    # The set without options is there as well: somebody may always start it so.
    assert scopes == {(".env",)} | ({expected} if expected else set())
