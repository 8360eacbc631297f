"""The cases of the specification, each a small repository, and what fr-check says of it; other forms of each kind."""

from __future__ import annotations

import json
import re

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import CHECKERS, load_checker
from fr_check.core.repository import Memory
from fr_check.policy.variables import File, Variables
from variables.notation import repository

RULES = {
    "unpassed-setting", "masked-variable", "unconsumed-variable", "unconsumed-secret", "undelivered-secrets",
    "overridden-environment", "ambient-name", "misplaced-example",
}  # fmt: skip
_SOURCED = 'entrypoint: ["sh", "-c", "set -a; . /secrets/.env; exec uvicorn app.main:app"]'
_OTHER = _SOURCED.replace("uvicorn app.main:app", "run")
_TEMPLATE = 'F secrets.ctmpl«{{ with secret "kv/data/app" }}A="{{ .Data.data.A }}"{{ end }}»'
_WORKFLOW = (
    "F .github/workflows/publish.yml«on: push¶jobs:¶  build:¶    runs-on: ubuntu-latest¶    steps:¶"
    "      - uses: actions/checkout@v4¶      - uses: docker/build-push-action@v6¶        with:¶          context: .¶"
    "          push: true¶          tags: %s»"
)
_OWNED = _WORKFLOW % "ghcr.io/${{ github.repository_owner }}/app:${{ github.sha }}"

_JOB = (
    " F .github/workflows/ci.yml«on: push¶jobs:¶  %s:¶    runs-on: ubuntu-latest¶    steps:¶"
    "      - uses: actions/checkout@v4¶      - run: docker compose -f deploy/%s¶      - run: pytest»"
)

_AGENT = 'F agent.hcl«template {¶  source = "/etc/vault/secrets.ctmpl"¶  destination = "/vault/secrets/.env"¶}»'
_SECOND = '¶template {¶  source = "/etc/vault/other.ctmpl"¶  destination = "/vault/secrets/other.env"¶}»'
_AGENT_SERVICE = (
    'vault-agent: {image: "hashicorp/vault", volumes: ["./agent.hcl:/etc/vault/agent.hcl",'
    ' "./secrets.ctmpl:/etc/vault/secrets.ctmpl", "s:/vault/secrets"]}'
)

_STARTED = 'S«a: str = "x"» E«A=1» C«web: {build: ., env_file: [.env], entrypoint: [sh, -c, "%s"]}»'

CASES = {
    "U1": ("AB C«web: {build: ., env}»", {("unpassed-setting", "B", "warning")}),
    "U2": ("AB C«web: {build: ., env_file: [.env], env}»", set()),
    "U3": ("AK C«web: {build: ., env}»", {("unpassed-setting", "SECRET_KEY", "error")}),
    "U4": (
        'S«a: str = "x"¶api_url: str» E«A=1¶API_URL=http://x» C«web: {build: ., env}»',
        {("unpassed-setting", "API_URL", "error")},
    ),
    "U5": ('AB|env_file=".env" C«web: {build: ., volumes: [".:/app"], env}»', set()),
    "U6": ('AB|env_file=".env" D«COPY . .» C«web: {build: ., env}»', {("unpassed-setting", "B", "warning")}),
    "U6, COPY takes .env along": (
        'AB|env_file=".env" D«COPY . .» C«web: {build: ., env}» F .dockerignore«.git»',
        set(),
    ),
    "U7": ("AK C«web: {build: ., env_file: [{path: prod.env, required: false}], env}»", set()),
    "U8": (
        f'AB C«web: {{image: "ghcr.io/acme/app:${{TAG:-1}}", env}}» {_OWNED}',
        {("unpassed-setting", "B", "warning")},
    ),
    "U8, another image": (f'AB C«web: {{image: "ghcr.io/acme/other:1", env}}» {_OWNED}', set()),
    "U8, only likely": (
        'AB C«web: {image: "ghcr.io/acme/app:1", env}» ' + _WORKFLOW % "${{ vars.REGISTRY }}/app:1",
        set(),
    ),
    "U9": (
        'AB C«web: {build: ., environment: {A: "1"}}»',
        {("masked-variable", "A", "info"), ("unpassed-setting", "B", "info")},
    ),
    "a worker beside the one that is given it": (
        'AB C«web: {build: ., environment: {A: "${A:-1}", B: "${B:-1}"}}¶  worker: {build: ., env}»',
        {("unpassed-setting", "B", "info")},
    ),
    "a file set for tests": (
        "AB F docker-compose.test.yml«services: {web: {build: ., environment: {A: '${A:-1}'}}}»",
        {("unpassed-setting", "B", "info")},
    ),
    "a file set that only the job of tests starts": (
        "AB F deploy/stack.compose.yml«services: {web: {build: .., environment: {A: '${A:-1}'}}}»"
        " F deploy/.env.example«A=1¶B=2»" + _JOB % ("integration", "stack.compose.yml up -d"),
        {("unpassed-setting", "B", "info")},
    ),
    "a file set that a job starts which deploys": (
        "AB F deploy/stack.compose.yml«services: {web: {build: .., environment: {A: '${A:-1}'}}}»"
        " F deploy/.env.example«A=1¶B=2»" + _JOB.replace("pytest", "./deploy") % ("release", "stack.compose.yml up -d"),
        {("unpassed-setting", "B", "warning")},
    ),
    "a file set that tests start, and a task": (
        "AB F deploy/stack.compose.yml«services: {web: {build: .., environment: {A: '${A:-1}'}}}»"
        " F deploy/.env.example«A=1¶B=2» F Makefile«up:¶\tdocker compose -f deploy/stack.compose.yml up»"
        + _JOB
        % ("integration", "stack.compose.yml up -d"),
        {("unpassed-setting", "B", "warning")},
    ),
    "a file set that tests start, and people": (
        "AB F deploy/stack.compose.yml«services: {web: {build: .., environment: {A: '${A:-1}'}}}»"
        " F deploy/.env.example«A=1¶B=2» F README.md«docker compose -f deploy/stack.compose.yml up»"
        + _JOB
        % ("integration", "stack.compose.yml up -d"),
        {("unpassed-setting", "B", "warning")},
    ),
    "a task for tests": (
        (
            "AB F deploy/stack.compose.yml«services: {web: {build: .., environment: {A: '${A:-1}'}}}»"
            " F deploy/.env.example«A=1¶B=2» F Makefile«test-e2e:¶\tdocker compose -f deploy/stack.compose.yml up»"
        ),
        {("unpassed-setting", "B", "info")},
    ),
    "the default file set, which tests start too": (
        'AB C«web: {build: ., environment: {A: "${A:-1}"}}»' + _JOB.replace("deploy/", "") % ("test", "compose.yml up"),
        {("unpassed-setting", "B", "warning")},
    ),
    "a folder of the host over the working directory": (
        'AB|env_file=".env" C«web: {build: ., volumes: ["./app:/app/app"], env}»',
        {("unpassed-setting", "B", "warning")},
    ),
    "the one file mounted": ('AB|env_file=".env" C«web: {build: ., volumes: ["./.env:/app/.env"], env}»', set()),
    "load_dotenv and a mount": (
        'AB M«from dotenv import load_dotenv¶load_dotenv()» C«web: {build: ., volumes: [".:/app"], env}»',
        set(),
    ),
    "an entrypoint that waits, and gives up": (
        (
            'AB D«COPY . .¶ENTRYPOINT ["./start.sh"]» F start.sh«#!/bin/sh¶wait_for_db() {¶for i in 1 2 3; do¶'
            'if pg_isready; then return 0; fi¶done¶exit 1¶}¶wait_for_db¶exec "$@"» C«web: {build: ., env}»'
        ),
        {("unpassed-setting", "B", "warning")},
    ),
    "a program that does not import the settings": (
        'AB F worker.py«print(1)» D«COPY . .» C«web: {build: ., command: ["python", "worker.py"], env}»',
        set(),
    ),
    "a service of another image": ("AB C«web: {image: nginx, env}»", set()),
    "another tool of the same image": ('AB C«web: {build: ., command: ["sleep", "1"], env}»', set()),
    "a command in a script of the image": (
        'AB D«COPY . .¶ENTRYPOINT ["./start.sh"]» F start.sh«#!/bin/sh¶exec "$@"» C«web: {build: ., env}»',
        {("unpassed-setting", "B", "warning")},
    ),
    "an entrypoint that exports it": (
        'AB C«web: {build: ., entrypoint: ["sh", "-c", "export B=1; exec uvicorn app.main:app"], env}»',
        {("masked-variable", "B", "info")},
    ),
    "an image that sets it": ("AB D«ENV B=3¶COPY app app» C«web: {build: ., env}»", set()),
    "settings with sources of their own": (
        (
            'S«a: str = "x"¶b: str = "y"¶@classmethod¶def settings_customise_sources(cls, *args, **kw): return args»'
            " E«A=1¶B=2» C«web: {build: ., env}»"
        ),
        set(),
    ),
    "V1": (
        'S«a: str = "x"» E«A=1» C«web: {build: ., environment: {A: "${A:-1}", DAILY_LIMIT: "2"}}»',
        {("unconsumed-variable", "DAILY_LIMIT", "warning")},
    ),
    "V2": (
        (
            'S«a: str = "x"» M«import os¶env = dict(os.environ)»'
            ' C«web: {build: ., environment: {A: "1", DAILY_LIMIT: "2"}}»'
        ),
        set(),
    ),
    "V2, a copy of all": (
        (
            'S«a: str = "x"» M«import os, subprocess¶subprocess.run(["x"], env={**os.environ, "Q": "1"})»'
            ' C«web: {build: ., environment: {A: "1", DAILY_LIMIT: "2"}}»'
        ),
        set(),
    ),
    "V3": (
        'S«environment: str = "dev"» C«web: {build: ., environment: {ENV: prod}}»',
        {("unconsumed-variable", "ENV", "warning")},
    ),
    "V4": (
        (
            'S«a: str = "x"» C«web: {build: ., environment: {A: "1", TZ: UTC, WEB_CONCURRENCY: "2"}}¶'
            "  db: {image: postgres, environment: {FOO: b}}»"
        ),
        set(),
    ),
    "V5": (
        (
            'S«a: str = "x"» C«web: {build: ., environment: {A: "1", N: "2"},'
            ' command: ["sh", "-c", "exec uvicorn app.main:app --workers $$N"]}»'
        ),
        set(),
    ),
    "V5, filled by Compose": (
        (
            'S«a: str = "x"» C«web: {build: ., environment: {A: "1", N: "2"},'
            ' command: ["sh", "-c", "exec uvicorn app.main:app --workers ${N:-2}"]}»'
        ),
        {("unconsumed-variable", "N", "warning")},
    ),
    "a name for people": (
        'S«a: str = "x"» C«web: {build: ., environment: {A: "1", CONFIG_HASH: abc}}»',
        {("unconsumed-variable", "CONFIG_HASH", "info")},
    ),
    "a file of another language in the image": (
        (
            'S«a: str = "x"» D«COPY . .» F logging.ini«level = $LOG_LEVEL_X»'
            ' C«web: {build: ., environment: {A: "1", LOG_LEVEL_X: info}}»'
        ),
        set(),
    ),
    "M1": (
        (
            'S«database_url: str = "sqlite://"» E«DATABASE_URL=pg://localhost»'
            ' C«web: {build: ., env_file: [.env], environment: {DATABASE_URL: "pg://db"}}»'
        ),
        {("masked-variable", "DATABASE_URL", "info")},
    ),
    "M2": (
        'S«a: str = "x"» F app.env«A=1» C«web: {build: ., env_file: [app.env], environment: [A]}»',
        {("masked-variable", "A", "warning")},
    ),
    "a later env_file": (
        'S«a: str = "x"» E«A=1» F app.env«A=2» C«web: {build: ., env_file: [.env, app.env]}»',
        {("masked-variable", "A", "warning")},
    ),
    "a script of the container that exports a constant": (
        _STARTED % "export A=9; exec uvicorn app.main:app",
        {("masked-variable", "A", "info")},
    ),
    "a committed file that the container sources": (
        _STARTED % "set -a; . ./app.env; exec uvicorn app.main:app" + " F app.env«A=3» D«COPY . .»",
        {("masked-variable", "A", "info")},
    ),
    "a script that computes it": (
        _STARTED % "export A=$$(cat /x); exec uvicorn app.main:app",
        {("masked-variable", "A", "info")},
    ),
    "a script that keeps what is there": (_STARTED % "export A=$${A:-9}; exec uvicorn app.main:app", set()),
    "a script that adds to what is there": (_STARTED % "export A=x-$$A; exec uvicorn app.main:app", set()),
    "a script that may set it": (_STARTED % "if [ -f x ]; then export A=9; fi; exec uvicorn app.main:app", set()),
    "an entry without a value that the example fills": (
        'S«a: str = "x"» E«A=1» C«web: {build: ., environment: [A]}»',
        set(),
    ),
    "M3": (
        (
            'S«s3: str = "x"» E«S3=1»'
            ' F secrets.ctmpl«S3={{ with secret "kv/data/app" }}"{{ .Data.data.S3 }}"{{ end }}»'
            f' C«web: {{build: ., environment: {{S3: "${{S3:-}}"}}, {_SOURCED}}}»'
        ),
        {("overridden-environment", "S3", "warning")},
    ),
    "T1": (
        (
            'S«a: str = "x"» F secrets.ctmpl«{{ with secret "kv/data/app" }}A="{{ .Data.data.A }}"¶'
            'OLD="{{ .Data.data.OLD }}"{{ end }}»'
            f' C«web: {{build: ., {_SOURCED}}}¶  cache: {{image: redis, environment: {{OLD: "7"}}}}»'
        ),
        {("unconsumed-secret", "OLD", "error")},
    ),
    "T1, read by a script of the service": (
        (
            'S«a: str = "x"» F secrets.ctmpl«{{ with secret "kv/data/app" }}A="{{ .Data.data.A }}"¶'
            'OLD="{{ .Data.data.OLD }}"{{ end }}»'
            ' C«web: {build: ., entrypoint: ["sh", "-c",'
            ' "set -a; . /secrets/.env; echo $$OLD; exec uvicorn app.main:app"]}»'
        ),
        set(),
    ),
    "T1, the file is sourced by an image from elsewhere too": (
        (
            'S«a: str = "x"» F secrets.ctmpl«{{ with secret "kv/data/app" }}A="{{ .Data.data.A }}"¶'
            'OLD="{{ .Data.data.OLD }}"{{ end }}»'
            f" C«web: {{build: ., {_SOURCED}}}¶  other: {{image: acme/other, {_OTHER}}}»"
        ),
        set(),
    ),
    "T2": (
        (
            'S«a: str = "x"» F secrets.ctmpl«A={{ with secret "kv/data/app" }}"{{ .Data.data.A }}"{{ end }}»'
            ' C«web: {build: ., entrypoint: ["sh", "-c", ". /secrets/.env; exec uvicorn app.main:app"]}»'
        ),
        {("undelivered-secrets", "/secrets/.env", "error")},
    ),
    "T2, exported one by one": (
        (
            'S«a: str = "x"» F secrets.ctmpl«A={{ with secret "kv/data/app" }}"{{ .Data.data.A }}"{{ end }}»'
            ' C«web: {build: ., environment: {A: "1"},'
            ' entrypoint: ["sh", "-c", ". /secrets/.env; exec uvicorn app.main:app"]}»'
        ),
        {("overridden-environment", "A", "warning")},
    ),
    "T3": (
        (
            f'S«a: str = "x"» {_TEMPLATE} {_AGENT}'
            f' C«web: {{build: ., volumes: ["s:/run/s"], {_SOURCED}}}¶  {_AGENT_SERVICE}»'
        ),
        {("undelivered-secrets", "/secrets/.env", "error")},
    ),
    "T3, at the right place": (
        (
            f'S«a: str = "x"» {_TEMPLATE} {_AGENT}'
            f' C«web: {{build: ., volumes: ["s:/secrets"], {_SOURCED}}}¶  {_AGENT_SERVICE}»'
        ),
        set(),
    ),
    "T3, two files of one agent, each for a service": (
        (
            f'S«a: str = "x"¶b: str = "y"» {_TEMPLATE} {_AGENT.replace("»", _SECOND)}'
            ' F other.ctmpl«{{ with secret "kv/data/app" }}B="{{ .Data.data.B }}"¶OLD="{{ .Data.data.OLD }}"{{ end }}»'
            f' C«web: {{build: ., volumes: ["s:/secrets"], {_SOURCED}}}¶'
            f'  worker: {{build: ., volumes: ["s:/secrets"], {_SOURCED.replace(".env", "other.env")}}}¶'
            f"  {_AGENT_SERVICE}»"
        ),
        {("unconsumed-secret", "OLD", "error")},
    ),
    "T3, nobody mounts it": (
        f'S«a: str = "x"» {_TEMPLATE} {_AGENT} C«web: {{build: .}}¶  {_AGENT_SERVICE}»',
        {("undelivered-secrets", "/vault/secrets/.env", "error")},
    ),
    "W1": (
        'S«a: str = "x"¶b: str = "y"» F Makefile«run:¶\tdocker run -e AA -e B=2 app»',
        {("unconsumed-variable", "AA", "warning")},
    ),
    "W1, another image": ('S«a: str = "x"» F Makefile«run:¶\tdocker run -e AA acme/tool» C«db: {image: redis}»', set()),
    "N1": ('S«path: str = "/data"» C«web: {build: .}»', {("ambient-name", "PATH", "error")}),
    "N1, meant": ('S«ci: bool = False¶home: Path = Path("/")» C«web: {build: .}»', set()),
    "N1, of a shell": ('S«user: str = "app"» C«web: {build: .}»', {("ambient-name", "USER", "warning")}),
    "X1": (
        (
            'S«a: str = "x"» E«A=1» F deploy/compose.yml«services: {web: {build: .., environment: {A: "${A:-1}"}}}»'
            " F Makefile«up:¶\tdocker compose -f deploy/compose.yml up»"
        ),
        {("misplaced-example", ".env.example", "warning")},
    ),
    "X1, passed by hand": (
        (
            'S«a: str = "x"» E«A=1» F deploy/compose.yml«services: {web: {build: .., environment: {A: "${A:-1}"}}}»'
            " F Makefile«up:¶\tdocker compose --env-file .env -f deploy/compose.yml up»"
        ),
        set(),
    ),
}


def findings(files: dict[str, str], links: dict[str, str] | None = None) -> set[tuple[str, str, str]]:
    report, _ = run(Context(Memory(files, links), Config()), [load_checker("env-keys")])
    return {(f.rule, f.subject, str(f.severity)) for f in report.findings if f.rule in RULES}


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_the_specification(name: str):
    line, expected = CASES[name]
    assert findings(repository(line)) == expected


_REPOSITORY = _WORKFLOW % "ghcr.io/${{ github.repository }}:1"


@pytest.mark.parametrize(
    ("image", "workflow", "origin", "found"),
    [
        ("ghcr.io/acme/app:2", _OWNED, None, ["B"]),
        ("ghcr.io/acme/app:2", _OWNED, "https://github.com/acme/thing.git", ["B"]),
        ("ghcr.io/acme/app:2", _OWNED, "git@github.com:Acme/thing", ["B"]),
        ("ghcr.io/acme/app:2", _OWNED, "https://github.com/someone/thing.git", []),
        ("ghcr.io/acme/app:2", _OWNED, "https://mirror.example/acme/thing.git", ["B"]),
        ("ghcr.io/acme/app:2", _OWNED, "/srv/mirrors/thing.git", ["B"]),
        ("ghcr.io/acme/thing", _REPOSITORY, "https://github.com/acme/thing", ["B"]),
        ("ghcr.io/acme/other", _REPOSITORY, "https://github.com/acme/thing", []),
        ("ghcr.io/acme/other", _REPOSITORY, None, ["B"]),
    ],
)
def test_the_owner_of_an_image_is_that_of_the_repository_where_it_is_known(
    image: str, workflow: str, origin: str | None, found: list[str]
):
    line = f"AB C«web: {{image: '{image}', env}}» {workflow}"
    report, _ = run(Context(Memory(repository(line), origin=origin), Config()), [load_checker("env-keys")])
    assert [f.subject for f in report.findings if f.rule == "unpassed-setting"] == found


_TWO_NAMES = _WORKFLOW % '"hub/thing:1,ghcr.io/${{ github.repository }}:1"'


@pytest.mark.parametrize(
    ("image", "more", "workflow", "found"),
    [
        # The build's other name tells what the repository's own ends with.
        ("ghcr.io/acme/thing:2", "", _TWO_NAMES, ["B"]),
        ("ghcr.io/acme/oauth-server:2", "", _TWO_NAMES, []),
        ("hub/thing:2", "", _TWO_NAMES, ["B"]),
        # Of two images one at most is the repository's own.
        ("ghcr.io/acme/thing:2", "ghcr.io/other/oauth-server:1", _REPOSITORY, []),
        ("ghcr.io/acme/thing:2", "ghcr.io/acme/thing:1", _REPOSITORY, ["B", "B"]),
        ("ghcr.io/acme/thing:2", "redis:7", _REPOSITORY, ["B"]),
    ],
)
def test_an_image_of_another_is_not_taken_for_the_one_that_is_built_here(
    image: str, more: str, workflow: str, found: list[str]
):
    other = f"¶  other: {{image: '{more}', env}}" if more else ""
    line = f"AB C«web: {{image: '{image}', env}}{other}» {workflow}"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    assert [f.subject for f in report.findings if f.rule == "unpassed-setting"] == found


_OLD = """{{ with secret "kv/data/app" }}A="{{ .Data.data.A }}"¶OLD="{{ .Data.data.OLD }}"{{ end }}"""
_STEP = (
    " F .github/workflows/ci.yml«on: push¶jobs:¶  t:¶    runs-on: x¶    steps:¶      - run: pytest¶        env:¶"
    "          OLD: %s»"
)


@pytest.mark.parametrize(
    ("example", "more", "dead"),
    [
        ("E«A=1»", "", True),
        ("", "", True),  # no example, and no compose file
        ("", " M«import os¶os.getenv('OLD')»", False),
        ("E«A=1»", _STEP % "'1'", True),
        ("E«A=1»", _STEP % "${{ secrets.OLD }}", True),
        ("E«A=1»", " F Dockerfile«FROM python:3.12¶ARG OLD¶COPY app app»", True),
        ("E«A=1»", " F run.sh«exec serve --token $OLD»", False),
        ("E«A=1»", " F deploy.yml«OLD:»", False),
        ("E«A=1»", " F deploy.yml«OLD: '7'»", True),
        ("E«A=1»", " M«import os¶env = dict(os.environ)»", False),
    ],
)
def test_a_rendered_key_that_nothing_reads_needs_no_compose_file(example: str, more: str, *, dead: bool):
    line = f'S«a: str = "x"» {example} F secrets.ctmpl«{_OLD}»{more}'
    assert (("unconsumed-secret", "OLD", "error") in findings(repository(line))) == dead


@pytest.mark.parametrize(
    ("services", "severity"),
    [
        ("web: {build: ., environment: {TRUST: '1'}}", "info"),
        ("web: {build: ., environment: {TRUST: '1'}}¶  worker: {build: .}", "warning"),
        ("web: {build: ., environment: {OTHER_X: '1'}}", "warning"),
        ("db: {image: redis, environment: {TRUST: '1'}}", "warning"),
    ],
)
def test_a_read_past_the_settings_is_written_down_where_every_service_gets_it(services: str, severity: str):
    line = f"S«a: str = 'x'» E«A=1» M«import os¶t = os.getenv('TRUST')» C«{services}»"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    found = [one for one in report.findings if one.rule == "read-outside-settings"]
    assert [(one.subject, str(one.severity)) for one in found] == [("TRUST", severity)]


_STARTS = (
    "gunicorn -k uvicorn.workers.UvicornWorker app.main:app", "uv run --no-sync fastapi run app/main.py",
    "tini -- uvicorn app.main:app",
    "ddtrace-run uvicorn app.main:app", "opentelemetry-instrument uvicorn app.main:app",
    "newrelic-admin run-program uvicorn app.main:app", "watchmedo auto-restart -d . -- celery -A app.main worker",
    "wait-for-it.sh db:5432 -t 30 -- uvicorn app.main:app", "dockerize -wait tcp://db:5432 uvicorn app.main:app",
    "python -m debugpy --listen 0.0.0.0:5678 -m uvicorn app.main:app", "debugpy --listen 5678 -m app.main",
    "arq app.main.Worker", "uvicorn main:app --app-dir app", "python -u -X dev -m app.main",
)  # fmt: skip
_BRINGS = (
    "doppler run -- uvicorn app.main:app", "infisical run --env=prod -- uvicorn app.main:app",
    "dotenvx run -f .env -- uvicorn app.main:app", "op run --env-file=.env.tpl -- uvicorn app.main:app",
    "chamber exec app -- uvicorn app.main:app", "sh -c '. /etc/profile.d/app.sh; exec uvicorn app.main:app'",
    "sh -c '. ./exports.env; exec uvicorn app.main:app'", "uvicorn --env-file other.env app.main:app",
)  # fmt: skip


@pytest.mark.parametrize("command", _STARTS)
def test_a_program_is_known_by_what_starts_it(command: str):
    line = f"AB C«web: {{build: ., command: {json.dumps(command)}, environment: {{A: '${{A:-1}}'}}}}»"
    assert findings(repository(line)) == {("unpassed-setting", "B", "warning")}


@pytest.mark.parametrize("command", _BRINGS)
def test_what_starts_a_program_may_bring_variables(command: str):
    line = f"AB C«web: {{build: ., command: {json.dumps(command)}, environment: {{A: '${{A:-1}}'}}}}»"
    line += " D«COPY app app¶COPY exports.env ./» F exports.env«export B=1»"
    # What a script sets, whatever is passed, is told as that.
    assert {one for one in findings(repository(line)) if one[0] != "masked-variable"} == set()


def test_u7_tells_what_is_not_in_the_repository():
    line = "AK C«web: {build: ., env_file: [{path: prod.env, required: false}], env}»"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    assert [gap.subject for gap in report.gaps] == ["prod.env"]


def test_the_configuration_may_close_a_gap():
    line = "AK C«web: {build: ., env_file: [{path: prod.env, required: false}], env}»"
    config = Config(tables={Variables: Variables(files=(File("prod.env", "prod.like"),))})
    files = {**repository(line), "prod.like": "A=1\n"}
    report, _ = run(Context(Memory(files), config), [load_checker("env-keys")])
    assert [gap.subject for gap in report.gaps] == []


def test_the_hook_fires_on_what_a_run_reads():
    hook = re.compile(CHECKERS["env-keys"].files or "")
    for line, _ in CASES.values():
        made = Memory(repository(line))
        run(Context(made, Config()), [load_checker("env-keys")])
        read = {text.path for text in made.examined()}
        assert read
        assert {path for path in read if not hook.search(path)} == set()
