"""What the process that runs `docker compose` gives it is over `.env`; where only a run tells, nothing is claimed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from compose_commands import disagreement, trials
from compose_oracle import binary
from fr_check.app.trace_text import _told
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory
from fr_check.env_keys import programs
from fr_check.env_keys.processes.refused import text_refused
from fr_check.variables.trace import Tracer
from variables.notation import repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WEB = 'S«a: int = 5» E«A=1» C«web: {build: ., environment: {A: "${A:-2}"}}»'
_JOB = (
    "F .github/workflows/ci.yml«on: push¶%sjobs:¶  up:¶    runs-on: ubuntu-latest¶%s    steps:¶"
    "      - uses: actions/checkout@v4¶%s      - name: Up¶%s        run: docker compose up -d»"
)
_EXAMPLE = "from the example, if .env is a copy of it"
# What gives A to the command, and what `trace A` says of the service; two lines where people may start it by hand too.
FORMS = {
    "nothing": ("F up.sh«docker compose up»", [_EXAMPLE]),
    "before the command": ("F Makefile«up:¶\tA=9 docker compose up»", ["9"]),
    "before the command, empty": ("F up.sh«A= docker compose up»", ["2"]),
    "by env": ("F up.sh«env A=9 docker-compose up -d»", ["9"]),
    "exported before": ("F up.sh«export A=9¶docker compose up»", ["9"]),
    "set before, and not exported": ("F up.sh«A=9¶docker compose up»", [_EXAMPLE]),
    "taken away again": ("F up.sh«export A=9¶unset A¶docker compose up»", [_EXAMPLE]),
    "exported under a condition": (
        'F up.sh«if [ -n "$X" ]; then export A=9; fi¶docker compose up»', ["unknown", _EXAMPLE],
    ),
    "computed": ("F up.sh«A=$(cat x) docker compose up»", ["computed $(cat x)"]),
    "exported by make": ("F Makefile«export A = 9¶up:¶\tdocker compose up»", ["9"]),
    "of make's own": ("F Makefile«A = 9¶up:¶\tdocker compose up»", [_EXAMPLE]),
    "exported by make, which sets it later": ("F Makefile«export A = 8¶A = 9¶up:¶\tdocker compose up»", ["9"]),
    "exported by make, which never sets it": ("F Makefile«export A¶up:¶\tdocker compose up»", ["2"]),
    "exported by make to a script": ("F Makefile«export A = 9¶up:¶\t./up.sh» F up.sh«docker compose up»", ["9"]),
    "given to a script": ("F Makefile«up:¶\tA=9 ./up.sh» F up.sh«docker compose up»", ["9"]),
    "exported by just": ('F justfile«export A := "9"¶up:¶    docker compose up»', ["9"]),
    "of a Taskfile": ("F Taskfile.yml«env: {A: 9}¶tasks:¶  up:¶    cmds: [docker compose up]»", ["9"]),
    "of a task": ("F Taskfile.yml«tasks:¶  up:¶    env: {A: 9}¶    cmds: [docker compose up]»", ["9"]),
    "of a task, computed": (
        "F Taskfile.yml«tasks:¶  up:¶    env: {A: {sh: cat x}}¶    cmds: [docker compose up]»", ["unknown"],
    ),
    "of a file that a Taskfile loads": (
        "F prod.env«A=9» F Taskfile.yml«dotenv: [prod.env]¶tasks:¶  up:¶    cmds: [docker compose up]»", ["9"],
    ),
    "of a file that a task loads": (
        "F prod.env«A=9» F Taskfile.yml«tasks:¶  up:¶    dotenv: [prod.env]¶    cmds: [docker compose up]»", ["9"],
    ),
    "of the first of two files that a Taskfile loads": (
        "F p.env«A=9» F q.env«A=8» F Taskfile.yml«dotenv: [p.env, q.env]¶tasks:¶  up: docker compose up»", ["9"],
    ),
    "of a file that a Taskfile loads, under its env": (
        "F p.env«A=8» F Taskfile.yml«dotenv: [p.env]¶env: {A: 9}¶tasks:¶  up: docker compose up»", ["9"],
    ),
    "of .env itself, loaded by a Taskfile": (
        "F Taskfile.yml«dotenv: [.env]¶tasks:¶  up: docker compose up»", [_EXAMPLE],
    ),
    "of a file that a Taskfile loads by a name that is put together": (
        "F Taskfile.yml«dotenv: ['{{.X}}.env']¶tasks:¶  up: docker compose up»", ["unknown"],
    ),
    "of a task of moon": ("F moon.yml«tasks:¶  up:¶    env: {A: 9}¶    command: docker compose up»", ["9"]),
    "of the workflow": (_JOB % ("env: {A: 9}¶", "", "", ""), ["9", _EXAMPLE]),
    "of the job": (_JOB % ("env: {A: 8}¶", "    env: {A: 9}¶", "", ""), ["9", _EXAMPLE]),
    "of the step": (_JOB % ("", "    env: {A: 8}¶", "", "        env: {A: 9}¶"), ["9", _EXAMPLE]),
    "of an earlier step": (_JOB % ("", "", '      - run: echo "A=9" >> "$GITHUB_ENV"¶', ""), ["9", _EXAMPLE]),
    "of the store of secrets": (
        _JOB % ("", "", "", "        env: {A: '${{ vars.A }}'}¶"), ["from GitHub's `vars.A`, likely", _EXAMPLE],
    ),
    "of what an action brings": (
        _JOB % ("", "", "      - uses: hashicorp/vault-action@v3¶", ""), ["unknown", _EXAMPLE],
    ),
    "of a file that is sourced": ("F prod.env«A=9» F up.sh«set -a; . ./prod.env; set +a¶docker compose up»", ["9"]),
    "of .env itself, sourced": ("F up.sh«set -a; . ./.env; set +a¶docker compose up»", [_EXAMPLE]),
    "of .env itself, loaded by just": ("F justfile«set dotenv-load¶up:¶    docker compose up»", [_EXAMPLE]),
    "of another file, loaded by just": (
        'F justfile«set dotenv-filename := "x.env"¶up:¶    docker compose up»', ["unknown"],
    ),
    "of .env itself, included by make": ("F Makefile«-include .env¶export¶up:¶\tdocker compose up»", [_EXAMPLE]),
    "of .env itself, included by make by name": (
        "F Makefile«include .env¶export A¶up:¶\tdocker compose up»", [_EXAMPLE],
    ),
    "of .env itself, included by make, and computed": (
        "F Makefile«include .env¶export A¶up:¶\tA=$$(cat x) docker compose up»", ["computed $(cat x)"],
    ),
    "of another file, included by make": ("F Makefile«include x.env¶export¶up:¶\tdocker compose up»", ["unknown"]),
    "of a person's own file": ("F up.sh«source ~/.bashrc¶docker compose up»", [_EXAMPLE]),
    "of a file that is not here": ("F up.sh«set -a; . ./x.env¶docker compose up»", ["unknown", _EXAMPLE]),
    "of a file in its place": ("F prod.env«A=9» F up.sh«docker compose --env-file prod.env up»", [_EXAMPLE, "9"]),
    "in .env, which an earlier step writes": (
        _JOB % ("", "", '      - run: echo "A=9" > .env¶', ""), ["9", _EXAMPLE],
    ),
    "in .env, which an earlier step adds to": (
        _JOB % ("", "", '      - run: echo "A=9" >> .env¶', ""), ["9", _EXAMPLE],
    ),
    "in .env, which an earlier step writes line by line": (
        _JOB % ("", "", "      - run: |¶          cat > .env <<EOF¶          B=1¶          A=9¶          EOF¶", ""),
        ["9", _EXAMPLE],
    ),
    "in .env, which an earlier step writes without it": (
        _JOB % ("", "", '      - run: echo "B=9" > .env¶', ""), ["2", _EXAMPLE],
    ),
    "in .env, which an earlier step copies": (
        _JOB % ("", "", "      - run: cp .env.example .env¶", ""), [_EXAMPLE],
    ),
    "in .env, which an earlier step copies and adds to": (
        _JOB % ("", "", "      - run: cp .env.example .env && echo A=9 >> .env¶", ""), ["unknown", _EXAMPLE],
    ),
    "in .env, which an earlier step makes of a secret": (
        _JOB % ("", "", "      - run: echo 'A=${{ vars.A }}' > .env¶", ""),
        ["unknown", _EXAMPLE],
    ),
    "in .env, which an earlier step makes of what a program says": (
        _JOB % ("", "", "      - run: make-env > .env¶", ""), ["unknown", _EXAMPLE],
    ),
    "in .env, which an earlier step writes, and the step has its own": (
        _JOB % ("", "", "      - run: echo A=8 > .env¶", "        env: {A: 9}¶"), ["9", _EXAMPLE],
    ),
    "in .env, which the script writes": ("F up.sh«echo A=9 > .env¶docker compose up»", ["9"]),
    "in .env, which a recipe of make writes": ("F Makefile«up:¶\techo A=9 > .env && docker compose up»", ["9"]),
    "in .env, which a line of a recipe before it writes": (
        "F Makefile«up:¶\techo A=9 > .env¶\tdocker compose up»", ["9"],
    ),
    "in .env, which a target writes that is needed": (
        "F Makefile«.env:¶\techo A=9 > .env¶up: .env¶\tdocker compose up»", ["9"],
    ),
    "in .env, which a target copies that is needed": (
        "F Makefile«.env:¶\tcp .env.example .env¶up: .env¶\tdocker compose up»", [_EXAMPLE],
    ),
    "in .env, which a target writes that needs another": (
        "F Makefile«a:¶\techo A=8 > .env¶b: a¶\techo A=9 > .env¶up: b¶\tdocker compose up»", ["9"],
    ),
    "in .env, which the first of two targets writes": (
        (
            "F Makefile«env:¶\techo A=9 > .env¶up:¶\tdocker compose up»"
            " F run.sh«make env up»"
        ), [_EXAMPLE],
    ),
    "in .env, which another make writes": (
        "F Makefile«env:¶\techo A=9 > .env¶up:¶\t$(MAKE) env¶\tdocker compose up»", ["9"],
    ),
    "in .env, which a script writes that is called": (
        "F make.sh«echo A=9 > .env» F up.sh«./make.sh¶docker compose up»", ["9"],
    ),
    "in .env, which a script writes that may be called": (
        "F make.sh«echo A=9 > .env» F up.sh«[ -f .env ] || ./make.sh¶docker compose up»", ["unknown", _EXAMPLE],
    ),
    "in .env, which a script writes that is called later": (
        "F make.sh«echo A=9 > .env» F up.sh«docker compose up¶./make.sh»", [_EXAMPLE],
    ),
    "in .env, which the script writes after another": (
        "F make.sh«echo A=8 > .env» F up.sh«./make.sh¶echo A=9 > .env¶docker compose up»", ["9"],
    ),
    "in .env of another folder, which a script writes": (
        "F make.sh«echo A=9 > x/.env» F up.sh«./make.sh¶docker compose up»", [_EXAMPLE],
    ),
    "in .env, which a recipe of just writes that is needed": (
        "F justfile«env:¶    echo A=9 > .env¶up: env¶    docker compose up»", ["9"],
    ),
    "in .env, which a task writes that is needed": (
        "F Taskfile.yml«tasks:¶  env: echo A=9 > .env¶  up:¶    deps: [env]¶    cmds: [docker compose up]»", ["9"],
    ),
    "in .env, which a script of a package writes before": (
        'F package.json«{"scripts": {"preup": "echo A=9 > .env", "up": "docker compose up"}}»', ["9"],
    ),
    "in .env, which says that it is not read": ("F .env«A=9¶COMPOSE_DISABLE_ENV_FILE=1»", ["2"]),
    "in .env, which says that it is read": ("F .env«A=9¶COMPOSE_DISABLE_ENV_FILE=0»", ["9"]),
    "of a file that uv loads": ("F p.env«A=9» F up.sh«uv run --env-file p.env docker compose up»", ["9"]),
    "of a file that uv loads, beside Compose's own": (
        "F p.env«A=9» F q.env«A=8» F up.sh«uv run --env-file=p.env docker compose --env-file q.env up»",
        [_EXAMPLE, "9"],
    ),
    "of the first of two files that dotenv loads": (
        "F p.env«A=9» F q.env«A=8» F up.sh«dotenv -e p.env -e q.env -- docker compose up»", ["9"],
    ),
    "of .env itself, loaded by dotenv": ("F up.sh«dotenv -- docker compose up»", [_EXAMPLE]),
    "of a file that env-cmd loads": ("F p.env«A=9» F up.sh«env-cmd -f p.env docker compose up»", ["unknown", _EXAMPLE]),
    "of an output of an earlier step": (
        _JOB
        % (
            *("", "", "      - id: x¶        run: echo a=9 >> $GITHUB_OUTPUT¶"),
            "        env: {A: '${{ steps.x.outputs.a }}'}¶",
        ),
        ["computed ${{ steps.x.outputs.a }}", _EXAMPLE],
    ),
    "without .env": ("F up.sh«COMPOSE_DISABLE_ENV_FILE=1 docker compose up»", ["2"]),
    "without .env, exported": ("F Makefile«export COMPOSE_DISABLE_ENV_FILE = true¶up:¶\tdocker compose up»", ["2"]),
    "with .env in spite of a word": ("F up.sh«COMPOSE_DISABLE_ENV_FILE=0 docker compose up»", [_EXAMPLE]),
    "by two tasks": ("F Makefile«up:¶\tA=9 docker compose up¶dev:¶\tA=8 docker compose up»", ["9", "8"]),
    "of a command that starts nothing": ("F Makefile«up:¶\tA=9 docker compose logs»", [_EXAMPLE]),
    "of a command for another service": (
        (
            "F compose.override.yml«services: {db: {image: postgres}}» F up.sh«A=9 docker compose up db¶"
            "docker compose up web»"
        ), [_EXAMPLE],
    ),
}  # fmt: skip


def told(files: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    """Every process that `trace` tells of, with what it says of the variable there."""
    context = Context(Memory(files), Config())
    placed = Tracer(context.once(programs.flow), text_refused).trace(name).processes
    return [(one.traced.what, _told(one.traced.outcome, one.traced.steps)) for one in placed]


def _services(line: str) -> list[str]:
    """What `trace A` says that the service has, in each way in which it is started."""
    return [outcome for what, outcome in told(repository(line), "A") if "service" in what]


@pytest.mark.parametrize("name", FORMS)
def test_what_the_command_has_is_over_the_example(name: str):
    more, expected = FORMS[name]
    assert sorted(_services(f"{_WEB} {more}")) == sorted(expected)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("F up.sh«A=x docker compose up»", ["error"]),
        ("F up.sh«A=9 docker compose up»", []),
        ("F up.sh«export A=$(cat x)¶docker compose up»", []),
        ("F Makefile«export A = x¶up:¶\tdocker compose up»", ["error"]),
        ("F Makefile«up:¶\tdocker compose up»", ["warning"]),
    ],
)
def test_what_arrives_is_what_the_command_gives(more: str, expected: list[str]):
    # Without `.env` the entry is empty, where the command gives nothing.
    assert _refused(f'S«a: int = 5» E«A=1» C«web: {{build: ., environment: {{A: "${{A}}"}}}}» {more}') == expected


def _refused(line: str) -> list[str]:
    """How bad it is that the type refuses what is passed."""
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    return [str(one.severity) for one in report.findings if one.rule == "invalid-passed-value"]


_DEMAND = 'S«a: str = "x"» E«B=1» C«web: {build: ., environment: {A: "${A:?set A}"}}»'


@pytest.mark.parametrize(
    ("more", "stops"),
    [
        ("", True),
        ("F Makefile«up:¶\tA=9 docker compose up»", False),
        ("F Makefile«export A = 9¶up:¶\tdocker compose up¶down:¶\tdocker compose down»", False),
        ("F Makefile«up:¶\tA=9 docker compose up¶down:¶\tdocker compose down»", True),
        ("F up.sh«A= docker compose up»", True),
        ("F up.sh«A=$(cat x) docker compose up»", False),
        (_JOB % ("env: {A: 9}¶", "", "", ""), True),
    ],
)
def test_what_every_command_gives_is_demanded_in_vain_of_nobody(more: str, stops: bool):  # noqa: FBT001 - a table
    report, _ = run(Context(Memory(repository(f"{_DEMAND} {more}")), Config()), [load_checker("env-keys")])
    assert ("required-but-empty" in {one.rule for one in report.findings}) == stops


def test_a_value_under_a_secrets_name_is_not_shown():
    line = (
        'S«url: str = "x"» E«URL=» C«web: {build: ., environment: {URL: "${DB_PASSWORD}"}}»'
        " F up.sh«DB_PASSWORD=hunter-2-hunter docker compose up»"
    )
    assert "hunter" not in str(told(repository(line), "URL"))


def test_a_value_in_env_hangs_on_what_the_command_gives():
    line = (
        'S«b: str = "x"» E«B=${A}-b» C«web: {build: ., environment: {B: "${B}"}}» F up.sh«A=$(cat x) docker compose up»'
    )
    [(_, outcome)] = [one for one in told(repository(line), "B") if "service" in one[0]]
    assert outcome == "unknown"


def test_the_bare_world_keeps_what_the_command_gives():
    line = 'S«n: int = 5» E«N=5» C«web: {build: ., environment: {N: "${N}"}}» F up.sh«N=7 docker compose up»'
    assert _refused(line) == []


if binary() is not None:

    @pytest.mark.parametrize("first", range(0, 200, 50))
    def test_what_compose_passes_where_commands_are_run(tmp_path: Path, first: int):
        folders = [tmp_path / str(number) for number in range(50)]
        for folder in folders:
            folder.mkdir()
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(disagreement, folders, trials(50, first)))
        assert [f"{first + number}: {line}" for number, line in enumerate(found) if line] == []
