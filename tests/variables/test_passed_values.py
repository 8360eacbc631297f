"""What arrives and is refused, altered or missing: the cases of the specification, and other forms of each kind."""

from __future__ import annotations

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.model import Severity
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory
from fr_check.report.blocks import blocks
from variables.notation import repository

RULES = {"invalid-passed-value", "altered-literal", "required-but-empty"}
INVALID, ALTERED, REQUIRED = "invalid-passed-value", "altered-literal", "required-but-empty"
WEB = "C«web: {build: ., environment: %s}»"


def web(environment: str) -> str:
    return WEB % environment


STEP = (
    " F .github/workflows/ci.yml«on: push¶jobs:¶  run:¶    runs-on: ubuntu-latest¶    steps:¶"
    "      - uses: actions/checkout@v4¶      - run: uvicorn app.main:app¶        env: {%s}»"
)


def after(earlier: str, script: str = "uvicorn app.main:app", env: str = "") -> str:
    """A workflow with a step that starts the program after another one."""
    return (
        " F .github/workflows/ci.yml«on: push¶jobs:¶  run:¶    runs-on: ubuntu-latest¶    env: {PORT: 1}¶    steps:¶"
        f"      - uses: actions/checkout@v4¶      - {earlier}¶      - run: {script}¶        env: {{{env}}}»"
    )


CASES = {
    "an earlier step": (
        "S«port: int = 80»" + after("run: echo PORT=eighty >> $GITHUB_ENV"),
        {(INVALID, "PORT", "error")},
    ),
    "an earlier step of which only the name is known": (
        "S«port: int = 80»" + after("run: echo PORT=$(cat p) >> $GITHUB_ENV"),
        set(),
    ),
    "an earlier step that may not run": (
        "S«port: int = 80»" + after("run: test -f x && echo PORT=eighty >> $GITHUB_ENV"),
        set(),
    ),
    "an earlier step below the step's own": (
        "S«port: int = 80»" + after("run: echo PORT=eighty >> $GITHUB_ENV", env="PORT: 80"),
        set(),
    ),
    "a script that exports": (
        "S«port: int = 80»" + after("run: pwd", "'export PORT=eighty; uvicorn app.main:app'"),
        {(INVALID, "PORT", "error")},
    ),
    "a value before the command": (
        "S«port: int = 80»" + after("run: pwd", "PORT=eighty uvicorn app.main:app"),
        {(INVALID, "PORT", "error")},
    ),
    "what an action brings is not known": (
        "S«port: int = 80»" + after("uses: hashicorp/vault-action@v3").replace("env: {PORT: 1}", "env: {PORT: eighty}"),
        set(),
    ),
    "a step of a workflow": ("S«port: int = 80»" + STEP % "PORT: eighty", {(INVALID, "PORT", "error")}),
    "a step of a workflow that leaves it empty": (
        "S«port: int = 80»" + STEP % 'PORT: ""',
        {(INVALID, "PORT", "error")},
    ),
    "an expression in a step": ("S«port: int = 80»" + STEP % "PORT: '${{ vars.PORT }}'", set()),
    "a step with a right value": ("S«port: int = 80»" + STEP % "PORT: 8080", set()),
    "a step for a text": ('S«port: str = "x"»' + STEP % "PORT: eighty", set()),
    "I1": ("S«n: int = 5» " + web('{N: "${N:-}"}'), {(INVALID, "N", "error")}),
    "I2": ("S«n: int | None = None» E«N=5» " + web('{N: "${N}"}'), {(INVALID, "N", "warning")}),
    "I3": ("S«n: int = 5|env_ignore_empty=True» " + web('{N: "${N:-}"}'), set()),
    "I4": ("S«debug: bool = False» " + web("['DEBUG=\"true\"']"), {(INVALID, "DEBUG", "error")}),
    "I5": ('S«version: str = "1"» ' + web("{VERSION: 1.10}"), {(ALTERED, "VERSION", "warning")}),
    "Q1": ('S«a: str = ""» E«A=» ' + web('{A: "${A:?set A}"}'), {(REQUIRED, "A", "warning")}),
    "Q2": (
        (
            'S«a: str = ""» E«A=1» C«web: {build: ., env}¶  bot: {image: bot, profiles: [bot],'
            ' environment: {T: "${BOT:?no}"}}»'
        ),
        {(REQUIRED, "BOT", "error")},
    ),
    "Q2, the example turns the profile on": (
        (
            'S«a: str = ""» E«A=1¶COMPOSE_PROFILES=dev,bot» C«web: {build: ., env}¶'
            '  bot: {image: bot, profiles: [bot], environment: {T: "${BOT:?no}"}}»'
        ),
        {(REQUIRED, "BOT", "warning")},
    ),
    "another file of variables": (
        (
            'S«a: str = ""» E«A=1» C«web: {build: ., env}» F prod.compose.yml«services: {w: {image: "x:${TAG:?}"}}»'
            " F prod.env«TAG=1» F up.sh«docker compose --env-file prod.env -f prod.compose.yml up»"
        ),
        set(),
    ),
    "Q3": ('S«a: str = ""» E«A=1» ' + web('{A: "${A:-${B:?no}}"}'), {(REQUIRED, "B", "error")}),
    "a reference without a default": (
        "S«n: int = 5» E«X=1» " + web('{N: "${MIN_CLIENTS}"}'),
        {(INVALID, "N", "error")},
    ),
    "the example gives it, and nothing else is wrong": ("S«n: int = 5» E«N=5» " + web('{N: "${N:-7}"}'), set()),
    "a default that the type refuses": ("S«n: int = 5» " + web('{N: "${N:-none}"}'), {(INVALID, "N", "error")}),
    "Compose stops without the file": (
        'S«n: int = 1» E«N=5» C«web: {build: ., env_file: [.env], environment: {N: "${N}"}}»',
        set(),
    ),
    "Compose does not stop without the file": (
        (
            "S«n: int = 1» E«N=5» C«web: {build: ., env_file: [{path: .env, required: false}],"
            ' environment: {N: "${N}"}}»'
        ),
        {(INVALID, "N", "warning")},
    ),
    "a prefix": (
        "S«port: int = 80|env_prefix='APP_'» " + web("{APP_PORT: eighty, PORT: eighty}"),
        {(INVALID, "APP_PORT", "error")},
    ),
    "an empty key to sign with": (
        'S«secret_key: str = "dev"» ' + web('{SECRET_KEY: "${SECRET_KEY:-}"}'),
        {(INVALID, "SECRET_KEY", "warning")},
    ),
    "a required key to sign with": (
        "S«jwt_secret: str» E«JWT_SECRET=x» " + web('{JWT_SECRET: "${JWT_SECRET}"}'),
        {(INVALID, "JWT_SECRET", "warning")},
    ),
    "a key of another service": ('S«s3_secret_key: str = "x"» ' + web('{S3_SECRET_KEY: "${S3_SECRET_KEY:-}"}'), set()),
    "a key that is empty by default": (
        "S«session_secret: str | None = None» " + web('{SESSION_SECRET: "${SESSION_SECRET:-}"}'),
        set(),
    ),
    "a word for a port": ("S«port: int = 80» " + web("{PORT: eighty}"), {(INVALID, "PORT", "error")}),
    "Python's None": (
        "S«proxy_port: int | None = None» " + web('{PROXY_PORT: "None"}'),
        {(INVALID, "PROXY_PORT", "error")},
    ),
    "a list by commas": ("S«hosts: list[str] = []» " + web('{HOSTS: "a,b"}'), {(INVALID, "HOSTS", "error")}),
    "a bare entry passes nothing on": ("S«n: int = 5» " + web("{N: }"), set()),
    "an empty text for a text": ('S«a: str = "x"» ' + web('{A: "${A:-}"}'), set()),
    "the fault is the example's": ("S«n: int = 5» E«N=five» " + web('{N: "${N}"}'), set()),
    "an empty entry of the example": ("S«n: int = 5» E«N=» " + web('{N: "${N}"}'), set()),
    "another variable of the example": (
        "S«n: int = 5» E«WORKERS=many» " + web('{N: "${WORKERS}"}'),
        {(INVALID, "N", "error")},
    ),
    "a committed env_file": (
        "S«n: int = 5» F app.env«N=many» C«web: {build: ., env_file: [app.env]}»",
        {(INVALID, "N", "error")},
    ),
    "an env_file whose comment is a value": (
        "S«n: int = 5» F app.env«N=  # how many» C«web: {build: ., env_file: [app.env]}»",
        {(INVALID, "N", "error")},
    ),
    "quotes in a raw file": (
        'S«n: int = 5» F app.env«N="5"» C«web: {build: ., env_file: [{path: app.env, format: raw}]}»',
        {(INVALID, "N", "error")},
    ),
    "the image": ("S«n: int = 5» D«ENV N=many¶COPY app app» C«web: {build: .}»", {(INVALID, "N", "error")}),
    "the service beats the image": ("S«n: int = 5» D«ENV N=many¶COPY app app» " + web("{N: 3}"), set()),
    "a service of another image": ("S«n: int = 5» C«web: {image: nginx, environment: {N: many}}»", set()),
    "a file set for tests": (
        'S«n: int = 5» F docker-compose.test.yml«services: {web: {build: ., environment: {N: "${N:-}"}}}»',
        {(INVALID, "N", "info")},
    ),
    "an override mends it": (
        (
            'S«n: int = 5» C«web: {build: ., environment: {N: "${N:-}"}}» '
            "F compose.override.yml«services: {web: {environment: {N: 3}}}»"
        ),
        set(),
    ),
    "reset takes it away": (
        (
            'S«n: int = 5» C«web: {build: ., environment: {N: "${N:-}"}}» '
            "F compose.override.yml«services: {web: {environment: !reset {}}}»"
        ),
        set(),
    ),
    "a leading zero": ('S«phone: str = ""» ' + web("{PHONE: 0123}"), {(ALTERED, "PHONE", "warning")}),
    "an exponent": ('S«build_id: str = ""» ' + web("{BUILD_ID: 12e3}"), {(ALTERED, "BUILD_ID", "warning")}),
    "a number for a number": ("S«n: float = 5» " + web("{N: 1.10}"), set()),
    "underscores in a number": ("S«n: int = 5» " + web("{N: 1_000}"), set()),
    "an octal number for a number": ("S«n: int = 5» " + web("{N: 010}"), {(ALTERED, "N", "warning")}),
    "quotes": ('S«version: str = "1"» ' + web('{VERSION: "1.10"}'), set()),
    "a list keeps what is written": ('S«version: str = "1"» ' + web("[VERSION=1.10]"), set()),
    "a word that YAML 1.1 takes for a boolean": ('S«a: str = "x"» ' + web("{A: yes}"), set()),
    "a date": ('S«day: str = "x"» ' + web("{DAY: 2024-01-31}"), {(ALTERED, "DAY", "error")}),
    "a demand that the example meets": ('S«a: str = ""» E«A=1» ' + web('{A: "${A:?set A}"}'), set()),
    "a demand for a variable that is only set": ('S«a: str = ""» E«A=» ' + web('{A: "${A?set A}"}'), set()),
    "a demand without an example": ('S«a: str = ""» ' + web('{A: "${A:?set A}"}'), set()),
    "a demand for what every shell has": ('S«a: str = ""» E«A=1» ' + web('{A: "${HOME:?}"}'), set()),
    "a demand in an extension field": (
        'S«a: str = ""» E«A=1» C«web: {build: ., env}¶x-common: {B: "${B:?no}"}»',
        {(REQUIRED, "B", "error")},
    ),
    "a demand in a label": (
        'S«a: str = ""» E«A=1» C«web: {build: ., env, labels: {h: "Host(${HOST:?})"}}»',
        {(REQUIRED, "HOST", "warning")},
    ),
    "a demand in a comment": ('S«a: str = ""» E«A=1» C«web: {build: ., env} # ${B:?}»', set()),
    "a demand in a set that nobody uses": (
        'S«a: str = ""» E«A=1» C«web: {build: ., env}» F prod.compose.yml«services: {w: {image: "${TAG:?}"}}»',
        {(REQUIRED, "TAG", "info")},
    ),
    "a demand in a set that a task uses": (
        (
            'S«a: str = ""» E«A=1» C«web: {build: ., env}» F prod.compose.yml«services: {w: {image: "x:${TAG:?}"}}»'
            " F Makefile«up:¶	docker compose -f prod.compose.yml up»"
        ),
        {(REQUIRED, "TAG", "warning")},
    ),
    "a demand that the task meets": (
        (
            'S«a: str = ""» E«A=1» C«web: {build: ., env}» F prod.compose.yml«services: {w: {image: "x:${TAG:?}"}}»'
            " F Makefile«up:¶	TAG=1 docker compose -f prod.compose.yml up»"
        ),
        set(),
    ),
    "a task that copies the example and starts": (
        'S«a: str = ""» E«A=» '
        + web('{A: "${A:?set A}"}')
        + " F Makefile«up:¶	cp .env.example .env¶	docker compose up -d»",
        {(REQUIRED, "A", "error")},
    ),
    "a task that copies another example of that name": (
        (
            'S«a: str = ""» E«B=1» C«web: {build: ., environment: {B: "${B:-}"}}» F deploy/.env.example«A=»'
            ' F deploy/compose.yml«services: {w: {image: x, environment: {A: "${A:?set A}"}}}»'
            " F scripts/dev.sh«cp .env.example .env¶docker compose up -d»"
        ),
        {(REQUIRED, "A", "warning")},
    ),
    "a task that copies the example of its own folder": (
        (
            'S«a: str = ""» E«B=1» C«web: {build: ., environment: {B: "${B:-}"}}» F deploy/.env.example«A=»'
            ' F deploy/compose.yml«services: {w: {image: x, environment: {A: "${A:?set A}"}}}»'
            " F deploy/dev.sh«cp .env.example .env¶docker compose up -d»"
        ),
        {(REQUIRED, "A", "error")},
    ),
    "a demand of an active service and of one that is off": (
        (
            'S«a: str = ""» E«A=» C«web: {build: ., environment: {A: "${A:?}"}}¶'
            '  bot: {image: bot, profiles: [bot], environment: {A: "${A:?}"}}»'
        ),
        {(REQUIRED, "A", "warning")},
    ),
}


def judged(files: dict[str, str]):
    report, _ = run(Context(Memory(files, None), Config()), [load_checker("env-keys")])
    return [found for found in report.findings if found.rule in RULES]


@pytest.mark.parametrize("name", CASES)
def test_a_case(name: str):
    line, expected = CASES[name]
    assert {(f.rule, f.subject, str(f.severity)) for f in judged(repository(line))} == expected


HELPS = {
    "I1": ("write `N:`, or `${N:-5}` for the value", "compose.yml"),
    "I4": ("write it without quotes: in the list form they are a part of the value", "compose.yml"),
    "I5": ('put it in quotes: `VERSION: "1.10"`', "compose.yml"),
    "Q1": ("write `A=` with a value in .env.example, or `${A:-}` in place of the demand", "compose.yml"),
    "a list by commas": (
        'write it as JSON, as in `["a", "b"]`, or annotate the field with NoDecode and split it yourself',
        "compose.yml",
    ),
}


def test_a_value_inside_a_nested_model():
    files = repository("S«a: int = 1» " + web('{DB__PORT: "${DB__PORT:-}", DB__NAME: ""}'))
    model = "class Db(BaseModel):\n    port: int = 5432\n    name: str = 'x'\n\n\nclass Settings"
    source = files["app/config.py"].replace("class Settings", model).replace("a: int = 1", "db: Db = Db()")
    source = source.replace('extra="ignore"', 'extra="ignore", env_nested_delimiter="__"')
    files["app/config.py"] = "from pydantic import BaseModel\n" + source
    assert [(found.subject, found.help) for found in judged(files)] == [
        ("DB__PORT", "write `DB__PORT:`, or `${DB__PORT:-5432}` for the value")
    ]


@pytest.mark.parametrize("name", HELPS)
def test_the_help_can_be_followed(name: str):
    (found,) = judged(repository(CASES[name][0]))
    assert (found.help, found.location.path) == HELPS[name]


def test_no_value_of_a_secret_is_shown():
    line = 'S«api_token: int = 5» C«web: {build: ., environment: {API_TOKEN: "hunter2"}}»'
    (found,) = judged(repository(line))
    assert "hunter2" not in repr(found)


def test_what_a_file_demands_of_one_example_is_one_block():
    line = 'S«a: str = ""» E«A=¶B=» C«web: {build: ., environment: ["A=${A:?}", "B=${B:?}"]}»'
    found = judged(repository(line))
    assert [one.subject for one in found] == ["A", "B"]
    assert len(blocks(found, Severity.INFO)) == 1
