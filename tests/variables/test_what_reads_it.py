"""Who reads a name beside the settings, entrypoints of PATH, and files that nobody sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from running import run
from variables.notation import repository

_SETTINGS = 'S«a: str = "x"¶b: str = "y"» E«A=1¶PORT=8000»'
_PORT = 'environment: {A: "${A:-1}", PORT: "${PORT:-8000}"}'
_COMMAND = "command: 'sh -c \"uvicorn app.main:app --port $$PORT\"'"
_CHECK = "healthcheck: {test: ['CMD-SHELL', 'curl -f http://localhost:$$PORT/']}"
_BASE = "FROM python:3.12¶WORKDIR /app¶COPY app app"
_SHELL_FORM = "CMD exec uvicorn app.main:app --port ${PORT:-8000}"
# What PORT is in a service that nothing of its settings reads.
READ = {
    "a command": (f"{_SETTINGS} C«web: {{build: ., {_PORT}, {_COMMAND}}}»", ("example", True)),
    "a health check": (f"{_SETTINGS} C«web: {{build: ., {_PORT}, {_CHECK}}}»", ("example", True)),
    "the image's command": (
        f"{_SETTINGS} F Dockerfile«{_BASE}¶{_SHELL_FORM}» C«web: {{build: ., {_PORT}}}»", ("example", True),
    ),
    "nothing": (f"{_SETTINGS} C«web: {{build: ., {_PORT}}}»", ("ignored", True)),
    "a program that is not followed": (
        (
            f"{_SETTINGS} F worker/Dockerfile«FROM node:20¶COPY i.js /i.js¶CMD [node, /i.js]»"
            f" F worker/i.js«console.log(process.env.PORT)» C«worker: {{build: worker, {_PORT}}}»"
        ),
        ("unknown", False),
    ),
}  # fmt: skip
_SECRETS = "volumes: ['s:/secrets']"
_SH = "entrypoint: ['/bin/sh', '-c', '{}; exec uvicorn app.main:app']"
_GIVEN = 'environment: {A: "${A:-}"}'
# What A is where a file may change it that nobody sees.
UNSEEN = {
    "`A=$A` before the command": (
        f"{_SECRETS}, entrypoint: ['/bin/sh', '-c', '. /secrets/.env; A=$$A exec uvicorn app.main:app']",
        ("unknown", False),
    ),
    "`export A=${A:-}`": (f"{_SECRETS}, {_SH.format('. /secrets/.env; export A=$${A:-}')}", ("unknown", False)),
    "`export A` of one that was given": (
        f"{_GIVEN}, {_SECRETS}, {_SH.format('. /secrets/.env; export A')}", ("example", False),
    ),
    "one that was given": (f"{_GIVEN}, {_SECRETS}, {_SH.format('. /secrets/.env')}", ("example", False)),
    "one that nothing gives": (f"{_SECRETS}, {_SH.format('. /secrets/.env')}", ("default", True)),
}  # fmt: skip


def _traced(line: str, name: str, folder: Path) -> dict[str, object]:
    for path, text in repository(line).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return json.loads(run("trace", name, "--root", folder, "--format", "json").stdout)["trace"]


def _outcome(line: str, name: str, folder: Path) -> tuple[object, object]:
    (process,) = (one for one in _traced(line, name, folder)["processes"] if one["kind"] == "service")
    return process["outcome"], process["certain"] or process["unknown"] == "whether `.env` is a copy of .env.example"


@pytest.mark.parametrize("name", READ)
def test_who_reads_what_no_settings_read(name: str, tmp_path: Path):
    line, expected = READ[name]
    assert _outcome(line, "PORT", tmp_path) == expected
    shown = run("trace", "PORT", "--root", tmp_path).stdout
    assert ("no effect" in shown) is (expected[0] == "ignored")


@pytest.mark.parametrize("name", UNSEEN)
def test_a_file_that_nobody_sees_may_change_what_is_there(name: str, tmp_path: Path):
    service, expected = UNSEEN[name]
    assert _outcome(f"{_SETTINGS} C«web: {{build: ., {service}}}»", "A", tmp_path) == expected


def test_each_entry_of_a_line_is_told_by_its_name(tmp_path: Path):
    line = f"{_SETTINGS} C«web: {{build: ., {_PORT}}}»"
    fills = _traced(line, "PORT", tmp_path)
    shown = run("trace", "PORT", "--root", tmp_path).stdout
    assert "`PORT` of service `web`" in shown
    assert "`A` of service" not in shown
    assert fills["variable"] == "PORT"


@pytest.mark.parametrize("name", ["docker-entrypoint.sh", "entrypoint.bash", "start"])
@pytest.mark.parametrize("place", ["/usr/local/bin/", "/usr/bin/"])
def test_a_script_that_is_copied_to_a_folder_of_path_is_followed(name: str, place: str, tmp_path: Path):
    image = f'D«COPY app app¶COPY {name} {place}¶ENTRYPOINT ["{name}"]¶CMD ["uvicorn", "app.main:app"]»'
    line = f'{_SETTINGS} {image} F {name}«#!/bin/sh¶export B=two¶exec "$@"» C«web: {{build: .}}»'
    (process,) = _traced(line, "B", tmp_path)["processes"]
    assert (process["outcome"], process["value"], process["certain"]) == ("value", "two", True)


def test_a_service_that_could_not_be_followed_is_told(tmp_path: Path):
    image = 'D«COPY app app¶ENTRYPOINT ["docker-entrypoint.sh"]¶CMD ["uvicorn", "app.main:app"]»'
    _traced(f"{_SETTINGS} {image} C«web: {{build: .}}»", "A", tmp_path)
    for command in (("trace", "A"), ("matrix",)):
        told = run(*command, "--root", tmp_path).stderr
        assert "service `web` of compose.yml runs `docker-entrypoint.sh`, which could not be followed" in told


@pytest.mark.parametrize(("env", "value"), [("", "cont"), ("    env: {A: job}¶", "job")])
def test_the_steps_of_a_container_get_what_it_is_given(env: str, value: str, tmp_path: Path):
    job = f"    runs-on: ubuntu-latest¶    container: {{image: 'python:3.12', env: {{A: cont}}}}¶{env}"
    steps = "    steps:¶      - uses: actions/checkout@v4¶      - run: pytest -q"
    line = f"{_SETTINGS} F .github/workflows/ci.yml«on: [push]¶jobs:¶  test:¶{job}{steps}»"
    (process,) = _traced(line, "A", tmp_path)["processes"]
    assert (process["outcome"], process["value"]) == ("value", value)


def test_what_su_takes_away_is_no_unset(tmp_path: Path):
    image = f'F Dockerfile«{_BASE}¶COPY start.sh /start.sh¶CMD ["/start.sh"]»'
    script = 'F start.sh«#!/bin/sh¶exec su - app -c "cd /app && exec uvicorn app.main:app"»'
    _traced(f"{_SETTINGS} {image} {script} C«web: {{build: ., {_GIVEN}}}»", "A", tmp_path)
    shown = run("env-keys", "-v", "--root", tmp_path).stdout
    assert "`exec su -` takes it away here" in shown
    assert "take the `unset`" not in shown
