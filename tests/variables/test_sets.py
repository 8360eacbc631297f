"""Which files of variables fill the references of a set: what commands, tasks and workflows say."""

from __future__ import annotations

import pytest

from fr_check.builds import loaded
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
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


_APP = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    a: str = "x"\n    b: str = "y"\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "compose.yml": 'services: {web: {build: ., environment: {A: "${A:-1}"}}}\n',
}
_EXAMPLE = "A=1\nB=2\n"


@pytest.mark.parametrize(
    ("path", "text", "lacking", "speaks"),
    [
        (".env.example", _EXAMPLE, [], True),
        # What the file that is not here gives, nobody knows: B may be among it.
        (".env.example", f"{_EXAMPLE}COMPOSE_FILE=compose.yml:prod.yml\n", ["prod.yml"], False),
        (".env", f"{_EXAMPLE}COMPOSE_FILE=compose.yml;prod.yml\nCOMPOSE_PATH_SEPARATOR=;\n", ["prod.yml"], False),
        (".env.example", f"{_EXAMPLE}COMPOSE_FILE=prod.yml\n", ["prod.yml"], True),
        (".env.example", f"{_EXAMPLE}COMPOSE_FILE=compose.yml:../x.yml\n", ["../x.yml"], False),
        ("Makefile", "up:\n\tdocker compose -f compose.yml -f prod.yml up\n", ["prod.yml"], True),
        ("up.sh", "COMPOSE_FILE=compose.yml:prod.yml docker compose up\n", ["prod.yml"], True),
        (".github/workflows/a.yml", _STEP % "docker compose -f compose.yml -f prod.yml up", ["prod.yml"], True),
        ("README.md", "Write your own: `docker compose -f compose.yml -f mine.yml up`\n", [], True),
    ],
)
def test_a_compose_file_that_is_named_and_not_here_is_a_gap(path: str, text: str, lacking: list[str], *, speaks: bool):
    files = {**_APP, ".env.example": _EXAMPLE, path: text}
    report, _ = run(Context(Memory(files), Config()), [load_checker("env-keys")])
    assert [gap.subject for gap in report.gaps] == lacking
    assert [one.subject for one in report.findings if one.rule == "unpassed-setting"] == ["B"] * speaks
