"""`.` and `source` in containers: what the image's `/bin/sh` is decides whether they find their file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from fr_check.runs.reading import UNKNOWN, shell_of
from running import run
from variables.notation import repository
from variables.test_cases import findings

_ENDS = "the program is never started"
# What stands before the program; what B is for it then: its value, None where nothing sets it, or that it never starts.
FORMS = {
    "set -a; . ./prod.env": "prod",
    "set -a; . /app/prod.env": "prod",
    "set -a; . prod.env": _ENDS,
    "set -a; . prod.env || true": _ENDS,
    "set -a; if . prod.env; then :; fi": _ENDS,
    "set -a; [ -f prod.env ] && . prod.env": _ENDS,
    "set -a; source prod.env": None,
    "set -a; source ./prod.env": None,
    "set -a; source ./prod.env || true": None,
    "set -ea; source ./prod.env": _ENDS,
    "set -a && source ./prod.env && :": None,
    "PATH=/app:/usr/bin:/bin; set -a; . prod.env": "prod",
}
_STATES = {"value": "prod", "default": None}
_SHELLS = [
    ("python:3.12-slim", "dash"), ("python:3.12", "dash"), ("debian:12", "dash"), ("ubuntu", "dash"),
    ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "dash"), ("python:3.12-alpine", "ash"), ("alpine:3.20", "ash"),
    ("fedora:40", "bash"), ("acme/python", UNKNOWN), ("ghcr.io/acme/base:1", UNKNOWN), (None, UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("image", "sh"), _SHELLS)
def test_what_sh_is_in_an_image(image: str | None, sh: str):
    assert shell_of(image) == sh


def _line(command: str, image: str = "python:3.12-slim", shell: str = "/bin/sh") -> str:
    docker = f"FROM {image}¶WORKDIR /app¶COPY . .¶CMD {json.dumps([shell, '-c', command])}"
    files = "F prod.env«B=prod» F .dockerignore«.git»"
    return f'S«a: str = "x"¶b: str = "y"» F Dockerfile«{docker}» {files} C«web: {{build: .}}»'


def _traced(line: str, folder: Path) -> tuple[object, bool]:
    for path, text in repository(line).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    document = json.loads(run("trace", "B", "--root", folder, "--format", "json").stdout)
    (process,) = document["trace"]["processes"]
    return (_STATES.get(process["outcome"], process["outcome"]), process["certain"])


@pytest.mark.parametrize("prefix", FORMS)
def test_what_dash_reads(prefix: str, tmp_path: Path):
    expected = FORMS[prefix]
    outcome, certain = _traced(_line(f"{prefix}; exec uvicorn app.main:app"), tmp_path)
    if expected is _ENDS:
        assert not certain
    else:
        assert (outcome, certain) == (expected, True)


@pytest.mark.parametrize("prefix", FORMS)
def test_so_does_dash_itself(prefix: str, tmp_path: Path):
    (tmp_path / "prod.env").write_text("B=prod\n")
    script = prefix.replace("/app", str(tmp_path)) + "; exec env"
    done = subprocess.run(
        ["dash", "-c", script], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    got = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert (_ENDS if not got else got.get("B")) == FORMS[prefix]


@pytest.mark.parametrize(
    ("image", "shell", "certain"),
    [
        ("python:3.12-alpine", "/bin/sh", True), ("python:3.12-slim", "bash", True), ("acme/base", "/bin/sh", False),
        ("acme/base", "bash", True), ("fedora:40", "/bin/sh", True),
    ],
)  # fmt: skip
def test_what_other_shells_read(image: str, shell: str, certain: bool, tmp_path: Path):  # noqa: FBT001 - a column
    traced = _traced(_line("set -a; source ./prod.env; exec uvicorn app.main:app", image, shell), tmp_path)
    assert traced == (("prod", True) if certain else ("unknown", False))


def test_a_shell_that_a_run_puts_there_is_not_known(tmp_path: Path):
    line = _line("set -a; source ./prod.env; exec uvicorn app.main:app")
    linked = line.replace("¶WORKDIR", "¶RUN ln -sf /bin/bash /bin/sh¶WORKDIR", 1)
    assert _traced(linked, tmp_path) == ("unknown", False)


def test_the_shell_form_runs_in_what_shell_names(tmp_path: Path):
    line = _line("X").replace("¶WORKDIR", '¶SHELL ["/bin/bash", "-c"]¶WORKDIR', 1)
    line = line.replace('["/bin/sh", "-c", "X"]', "set -a; source prod.env; exec uvicorn app.main:app")
    assert _traced(line, tmp_path) == ("prod", True)


def test_secrets_that_dash_cannot_source_are_told():
    agent = 'template {¶  source = "/etc/vault/secrets.ctmpl"¶  destination = "/vault/secrets/.env"¶}'
    command = "['/bin/sh', '-c', 'set -a; SOURCE; exec uvicorn app.main:app']"
    service = f"web: {{build: ., volumes: ['s:/secrets'], entrypoint: {command}}}"
    mounts = "['./agent.hcl:/etc/vault/agent.hcl', './secrets.ctmpl:/etc/vault/secrets.ctmpl', 's:/vault/secrets']"
    template = '{{ with secret "kv/data/app" }}¶A={{ .Data.data.A }}¶{{ end }}'
    line = (
        f'S«a: str = "x"» E«A=1» F agent.hcl«{agent}» F secrets.ctmpl«{template}»'
        f" C«{service}¶  agent: {{image: hashicorp/vault, volumes: {mounts}}}»"
    )
    rule = ("undelivered-secrets", "/secrets/.env", "error")
    assert rule in findings(repository(line.replace("SOURCE", "source /secrets/.env")))
    assert rule not in findings(repository(line.replace("SOURCE", ". /secrets/.env")))
