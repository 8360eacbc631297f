"""`docker run` in tasks, scripts and workflows: what it gives to an image that is built here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import CHECKERS, load_checker
from fr_check.core.repository import Memory
from running import run as command
from running import run as trace
from variables.notation import repository

INVALID, UNREAD = "invalid-passed-value", "unconsumed-variable"
_STEP = (
    "F .github/workflows/ci.yml«on: push¶jobs:¶  run:¶    runs-on: ubuntu-latest¶%s    steps:¶"
    "      - uses: actions/checkout@v4¶      - run: docker build -t acme/app .¶      - run: %s»"
)
_PORT = "S«port: int = 80»"
CASES = {
    "a task": ("F Makefile«run:¶\tdocker run -e PORT=eighty app»", {(INVALID, "PORT", "error")}),
    "a right value": ("F Makefile«run:¶\tdocker run --rm -it -e PORT=8080 -p 80:80 app»", set()),
    "an empty one": ("F Makefile«run:¶\tdocker run -e PORT= app»", {(INVALID, "PORT", "error")}),
    "the long option": ("F Makefile«run:¶\tdocker run --env PORT=x app»", {(INVALID, "PORT", "error")}),
    "with an equals sign": ("F Makefile«run:¶\tdocker run --env=PORT=x app»", {(INVALID, "PORT", "error")}),
    "podman": ("F run.sh«podman container run -ePORT=x app»", {(INVALID, "PORT", "error")}),
    "a value that only the shell knows": ("F run.sh«docker run -e PORT=$1 -e PORT2=$(cat p) app»",
                                          {(UNREAD, "PORT2", "warning")}),
    "a variable of the script": ("F run.sh«P=eighty¶docker run -e PORT=$P app»", {(INVALID, "PORT", "error")}),
    "a bare name": ("F run.sh«docker run -e PORT app»", set()),
    "a bare name that the script exports": ("F run.sh«export PORT=x¶docker run -e PORT app»",
                                            {(INVALID, "PORT", "error")}),
    "a file": ("F run.sh«docker run --env-file app.env app» F app.env«PORT=x»", {(INVALID, "PORT", "error")}),
    "a file is read raw": ('F run.sh«docker run --env-file app.env app» F app.env«PORT="80"»',
                           {(INVALID, "PORT", "error")}),
    "a bare name in a file is dropped": ("F run.sh«docker run --env-file app.env app» F app.env«PORT»", set()),
    "an option beats the file": ("F run.sh«docker run --env-file app.env -e PORT=1 app» F app.env«PORT=x»", set()),
    "of two files the later": (
        "F run.sh«docker run --env-file a.env --env-file b.env app» F a.env«PORT=x» F b.env«PORT=1»",
        set(),
    ),
    "a file that nobody commits": ("F run.sh«docker run --env-file prod.env app»", set()),
    "nothing in a file is unread": ("F run.sh«docker run --env-file app.env app» F app.env«OTHER=1»", set()),
    "a script of bash": ("F run.bash«docker run -e PORT=x app»", {(INVALID, "PORT", "error")}),
    "another image": ("F run.sh«docker run -e PORT=x acme/tool»", set()),
    "another tool in the image": ("F run.sh«docker run -e PORT=x app sleep 1»", set()),
    "another entrypoint": ("F run.sh«docker run -e PORT=x --entrypoint sleep app 1»", set()),
    "the program by hand": ("F run.sh«docker run -e PORT=x app uvicorn app.main:app»", {(INVALID, "PORT", "error")}),
    "a target that nothing calls": ("F Makefile«IMAGE = app¶run:¶\tdocker run -e PORT=x $(IMAGE)»",
                                    {(INVALID, "PORT", "error")}),
    "the name that a task builds": (
        "F Makefile«b:¶\tdocker build -t acme/app:1 .¶run:¶\tdocker run -e PORT=x acme/app:2»",
        {(INVALID, "PORT", "error")},
    ),
    "a service of a compose file": (
        "C«web: {build: ., environment: {PORT: 80}}» F Makefile«run:¶\tdocker compose run --rm -e PORT=x web»",
        {(INVALID, "PORT", "error")},
    ),
    "a service with a right value over a wrong one": (
        "C«web: {build: ., environment: {PORT: eighty}}» F run.sh«docker-compose run -e PORT=1 web»",
        {(INVALID, "PORT", "error")},
    ),
    "a service with another command": (
        "C«web: {build: .}» F run.sh«docker compose run -e PORT=x web sleep 1»",
        set(),
    ),
    "a service with a name that nothing reads": (
        (
            "F deploy/compose.yml«services: {web: {build: ..}}»"
            " F run.sh«docker compose -f deploy/compose.yml run -e PROT=1 web»"
        ),
        {(UNREAD, "PROT", "warning")},
    ),
    "a command of a running service": (
        "C«web: {build: .}» F run.sh«docker compose exec -T -e PORT=x web uvicorn app.main:app»",
        {(INVALID, "PORT", "error")},
    ),
    "another command of a running service": (
        "C«web: {build: .}» F run.sh«docker compose exec -e PORT=x web sleep 1»",
        set(),
    ),
    "a command of a container that a service names": (
        "C«web: {build: ., container_name: api}» F run.sh«docker exec -it -e PORT=x api uvicorn app.main:app»",
        {(INVALID, "PORT", "error")},
    ),
    "a command of a container of a project's name": (
        (
            "F compose.yml«name: proj¶services: {web: {build: .}}»"
            " F run.sh«docker container exec --env PROT=1 proj_web_1 python -m app.main»"
        ),
        {(UNREAD, "PROT", "warning")},
    ),
    "a command of a container of a folder's name": (
        "C«web: {build: .}» F run.sh«docker exec -e PROT=1 folder-web-2 python -m app.main»",
        {(UNREAD, "PROT", "warning")},
    ),
    "a command of another project's container": (
        (
            "F compose.yml«name: proj¶services: {web: {build: .}}»"
            " F run.sh«docker exec -e PROT=1 x-web-1 python -m app.main»"
        ),
        set(),
    ),
    "a command of another container": (
        "C«web: {build: ., container_name: api}» F run.sh«docker exec -e PROT=1 web-1 python -m app.main»",
        set(),
    ),
    "a service without options": ("C«web: {build: .}» F run.sh«docker compose run web»", set()),
    "a step": (_STEP % ("", "docker run -e PORT=x acme/app"), {(INVALID, "PORT", "error")}),
    "a step with a name from its job": (_STEP % ("    env: {PORT: x}¶", "docker run -e PORT acme/app"),
                                        {(INVALID, "PORT", "error")}),
    "a step with a name that nothing reads": (_STEP % ("", "docker run -e PROT=1 acme/app"),
                                              {(UNREAD, "PROT", "warning")}),
    "a secret of a step": (_STEP % ("", "docker run -e PORT=${{ secrets.P }} acme/app"), set()),
    "a script that a step calls": (_STEP % ("", "./run.sh x") + " F run.sh«docker run -e PORT=$1 acme/app»",
                                   {(INVALID, "PORT", "error")}),
}  # fmt: skip


def findings(line: str) -> set[tuple[str, str, str]]:
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    return {(f.rule, f.subject, str(f.severity)) for f in report.findings if f.rule in {INVALID, UNREAD}}


@pytest.mark.parametrize("name", CASES)
def test_what_a_docker_run_gives(name: str):
    line, expected = CASES[name]
    assert findings(f"{_PORT} {line}") == expected


def test_the_place_is_the_name_behind_the_option():
    line = f"{_PORT} F run.sh«docker run --rm -e 'PORT=x' app»"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    (found,) = [finding for finding in report.findings if finding.rule == INVALID]
    span = found.location.span
    assert span is not None
    assert (found.location.path, span.column, span.end_column) == ("run.sh", 21, 25)
    assert "`docker run app` of run.sh" in found.message


def test_a_trace_tells_of_it(tmp_path: Path):
    for path, text in repository(
        f"{_PORT} F Makefile«run:¶\tdocker run -e PORT=81 app¶other:¶\tdocker run app»"
    ).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    told = command("trace", "PORT", "--root", tmp_path, "--format", "json").json()["trace"]["processes"]
    assert [(one["kind"], one["environments"], one["outcome"], one["value"]) for one in told] == [
        ("run", ["local"], "value", "81"),
        ("run", ["local"], "default", None),
    ]
    assert [step["location"]["path"] for one in told for step in one["steps"]][:2] == ["Makefile", "Makefile"]


def test_an_image_of_a_bake_target_is_known_by_its_tags():
    line = (
        'S«a: str = "x"¶b: str = "y"» E«A=1¶B=2» C«web: {image: "ghcr.io/acme/app:2", environment: {A: "${A:-1}"}}»'
        ' F docker-bake.hcl«variable "TAG" { default = "1" }¶'
        'target "app" {¶  context = "."¶  tags = ["ghcr.io/acme/app:${TAG}"]¶}»'
    )
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    assert [f.subject for f in report.findings if f.rule == "unpassed-setting"] == ["B"]


def test_an_image_that_a_task_builds_is_known_by_its_name():
    line = (
        'S«a: str = "x"¶b: str = "y"» E«A=1¶B=2» C«web: {image: "acme/app", environment: {A: "${A:-1}"}}»'
        " F Makefile«build:¶\tdocker build -t acme/app .»"
    )
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    assert [f.subject for f in report.findings if f.rule == "unpassed-setting"] == ["B"]


def test_the_hook_fires_on_what_a_run_reads():
    hook = re.compile(CHECKERS["env-keys"].files or "")
    for line, _ in CASES.values():
        made = Memory(repository(f"{_PORT} {line}"))
        run(Context(made, Config()), [load_checker("env-keys")])
        assert {text.path for text in made.examined() if not hook.search(text.path)} == set()


@pytest.mark.parametrize(
    ("build", "image", "found"),
    [
        ("", "app", 1),
        ("", "redis", 0),
        ("", "postgres:16-alpine", 0),
        ("build:¶\tdocker build -t shop .¶", "app", 0),
        ("build:¶\tdocker build -t shop .¶", "shop:latest", 1),
        ("build:¶\tdocker build .¶", "shop", 1),
    ],
)
def test_a_name_without_a_slash_is_official_or_built_here(build: str, image: str, found: int):
    line = f"S«n: int = 1» F Makefile«{build}run:¶\tdocker run -e N=x {image}»"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    assert [one.subject for one in report.findings if one.rule == "invalid-passed-value"] == ["N"] * found


_COMPOSE_STEP = (
    "C«web: {build: ., environment: {PORT: 80}}» F tests/test_a.py«import app.main»"
    " F pyproject.toml«[project]¶name = 'app'¶version = '1'» F .github/workflows/ci.yml«on: push¶jobs:¶  t:¶"
    "    runs-on: ubuntu-latest¶    env: {PORT: 1}¶    steps:¶      - run: %s»"
)


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("pytest", {"step", "service"}),
        ("docker compose exec web pytest", {"service"}),
        ("docker compose run web pytest", {"service"}),
        ("docker exec app pytest", {"service"}),
    ],
)
def test_what_a_container_runs_has_nothing_of_the_step(command: str, kinds: set[str], tmp_path: Path):
    for path, text in repository(f"{_PORT} {_COMPOSE_STEP % command}").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    traced = trace("trace", "PORT", "--root", tmp_path, "--format", "json").json()["trace"]["processes"]
    assert {one["kind"] for one in traced} == kinds
