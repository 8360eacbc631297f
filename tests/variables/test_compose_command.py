"""Which compose files and which `.env` a command of Compose reads: `-f`, `--project-directory`, COMPOSE_FILE."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from compose_oracle import binary, write
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.variables.flow import Flow
from fr_check.variables.model import Interpolated, Literal, Set, Unclear
from variables.notation import repository
from variables.test_cases import findings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WEB = 'services: {web: {build: .., environment: {A: "${A:-none}"}}}'
_HERE = _WEB.replace("..", ".")
_BOTH = "F .env.example«A=root» F deploy/.env.example«A=deploy»"
_MISPLACED = "misplaced-example"
_DEV = (
    'C«web: {build: ., environment: {A: "${A:-none}"}}» F compose.dev.yml«services: {web: {environment: {B: "${B}"}}}»'
)
# The line of a repository, the command, what it makes of A where each example is copied, and the findings.
COMMANDS = {
    "a file in a folder": (
        f'S«a: str = "x"» {_BOTH} F deploy/compose.yml«{_WEB}» F up.sh«docker compose -f deploy/compose.yml up»',
        "-f deploy/compose.yml", "deploy", set(),
    ),
    "the folder of the project": (
        (
            f'S«a: str = "x"» E«A=root» F deploy/compose.yml«{_HERE}»'
            " F Makefile«up:¶\tdocker compose --project-directory . -f deploy/compose.yml up»"
        ),
        "--project-directory . -f deploy/compose.yml", "root", set(),
    ),
    "the folder of the project, and the example in that of the file": (
        (
            f'S«a: str = "x"» F deploy/.env.example«A=deploy» F deploy/compose.yml«{_HERE}»'
            " F Makefile«up:¶\tdocker compose --project-directory=. -f deploy/compose.yml up»"
        ),
        "--project-directory=. -f deploy/compose.yml", "none", {(_MISPLACED, "deploy/.env.example", "warning")},
    ),
    "the name of the project before": (
        (
            f'S«a: str = "x"» E«A=root» F deploy/compose.yml«{_HERE}»'
            ' F up.sh«docker compose -p app --project-directory "$PWD" --profile all -f deploy/compose.yml up»'
        ),
        "-p app --project-directory . --profile all -f deploy/compose.yml", "root", set(),
    ),
    "the folder of the project in a step": (
        (
            f'S«a: str = "x"» E«A=root» F deploy/compose.yml«{_HERE}» F .github/workflows/ci.yml«on: push¶jobs:¶'
            "  up:¶    runs-on: ubuntu-latest¶    steps:¶      - uses: actions/checkout@v4¶"
            "      - run: docker compose --project-directory . -f deploy/compose.yml up»"
        ),
        "--project-directory . -f deploy/compose.yml", "root", set(),
    ),
    "a folder that only a run knows": (
        (
            f'S«a: str = "x"» E«A=root» F deploy/compose.yml«{_WEB}»'
            ' F up.sh«docker compose --project-directory "$ROOT" -f deploy/compose.yml up»'
        ),
        "", None, set(),
    ),
    "the files in .env": (
        f"AB F .env.example«COMPOSE_FILE=compose.yml:compose.dev.yml¶A=1¶B=2» {_DEV}", "", "1", set(),
    ),
    "the files in .env, by a separator of its own": (
        f"AB F .env.example«COMPOSE_PATH_SEPARATOR=,¶COMPOSE_FILE=compose.yml,compose.dev.yml¶A=1¶B=2» {_DEV}",
        "", "1", set(),
    ),
    "the files in a .env that is committed": (
        f"AB F .env«COMPOSE_FILE=compose.yml:compose.dev.yml¶A=1» {_DEV}", "", "1", set(),
    ),
    "the files in a comment of .env": (
        f"AB F .env.example«# COMPOSE_FILE=compose.yml:compose.dev.yml¶A=1¶B=2» {_DEV}",
        "", "1", {("unpassed-setting", "B", "warning")},
    ),
    "a file of a folder in .env: both folders have one": (
        f'S«a: str = "x"» {_BOTH} F .env.example«COMPOSE_FILE=deploy/compose.yml¶A=root» F deploy/compose.yml«{_WEB}»',
        "", "root", set(),
    ),
    "a file of a folder in .env: its folder has the variable": (
        f'S«a: str = "x"» {_BOTH} F .env.example«COMPOSE_FILE=deploy/compose.yml» F deploy/compose.yml«{_WEB}»',
        "", "deploy", set(),
    ),
    "the files in a script, on a line of several commands": (
        f"AB F up.sh«COMPOSE_FILE=compose.yml:compose.dev.yml; docker compose up» {_DEV} F .env.example«A=1¶B=2»",
        "-f compose.yml -f compose.dev.yml", "1", {("unpassed-setting", "B", "warning")},
    ),
    "a variable of make's own": (
        (
            f'S«a: str = "x"» E«A=root» F deploy/compose.yml«{_WEB}»'
            " F Makefile«COMPOSE_FILE := deploy/compose.yml¶up:¶\tdocker compose -f $(COMPOSE_FILE) up»"
        ),
        "-f deploy/compose.yml", "none", {(_MISPLACED, ".env.example", "warning")},
    ),
    "the files in a file of --env-file": (
        (
            f"AB F dev.env«COMPOSE_FILE=compose.yml:compose.dev.yml¶A=dev¶B=2» {_DEV}"
            " F Makefile«up:¶\tdocker compose --env-file dev.env up»"
        ),
        "--env-file dev.env", "dev", {("unpassed-setting", "B", "warning")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_reads(name: str):
    line, _, _, expected = COMMANDS[name]
    assert findings(repository(line)) == expected


if binary() is not None:

    @pytest.mark.parametrize("name", [name for name, (_, _, given, _) in COMMANDS.items() if given is not None])
    def test_what_compose_makes_of_it(name: str, tmp_path: Path):
        line, options, expected, _ = COMMANDS[name]
        files = repository(line)
        copies = {path.removesuffix(".example"): text for path, text in files.items() if path.endswith(".env.example")}
        write(tmp_path, {**files, **copies})
        command = [str(binary()), *options.split(), "config", "--format", "json"]
        shell = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        done = subprocess.run(command, cwd=tmp_path, env=shell, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)["services"]["web"]["environment"]["A"] == expected
        assert expected in _ours(files)


def _ours(files: Mapping[str, str]) -> set[str]:
    """What our reader makes of A in each set of the repository."""
    found = set()
    for one in Flow(Context(Memory(files), Config()), (), {}).services:
        state = one.process.get("A")
        host = {name: value.reveal() for name, value in one.process.compose_host.values.items()}
        if isinstance(state, Set) and isinstance(state.entry.value, Interpolated):
            found.add(state.entry.value.template.fill(host.get).text)
    return found


def test_what_compose_sets_by_itself_is_never_empty():
    line = (
        'S«a: str = "x"¶stack: int = 1¶compose_project_name: str = ""» E«A=1»'
        " C«web: {build: ., environment: ['A=${A:-1}', 'STACK=${COMPOSE_PROJECT_NAME}', COMPOSE_PROJECT_NAME]}»"
    )
    assert findings(repository(line)) == set()


def test_an_env_file_that_reads_the_name_of_the_project_is_not_known():
    files = {
        "compose.yml": "services: {web: {image: x, env_file: [w.env],"
        " environment: {A: '${COMPOSE_PROJECT_NAME}', D: d}}}",
        "w.env": "B=${A:-}\nC=${D:-}\n",
    }
    (found,) = Flow(Context(Memory(files), Config()), (), {}).services
    values = [state.entry.value for name in "BC" if isinstance(state := found.process.get(name), Set)]
    assert [type(value) for value in values] == [Unclear, Literal]
