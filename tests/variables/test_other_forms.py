"""Other forms of the kinds of the specification: what a service gets is asked of the real programs as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from compose_oracle import binary
from variables.notation import repository
from variables.settings_object import given, started
from variables.test_cases import findings
from variables.test_settings_object import written

_UNPASSED, _MASKED, _UNREAD = "unpassed-setting", "masked-variable", "unconsumed-variable"
# Line, findings, and the names of which a value in `.env` arrives in the settings object.
FORMS: dict[str, tuple[str, set[tuple[str, str, str]], set[str]]] = {
    "a list of environment": (
        "AB C«web: {build: ., environment: ['A=${A:-1}']}»",
        {(_UNPASSED, "B", "warning")}, {"A"},
    ),
    "a bare item": ("AB C«web: {build: ., environment: [A, B]}»", set(), {"A", "B"}),
    "an anchor that is merged": (
        "AB F compose.yml«x-e: &e {A: '${A:-1}', B: '${B:-1}'}¶services:¶  web: {build: ., environment: {<<: *e}}»",
        set(), {"A", "B"},
    ),
    "an anchor that is merged, and an entry over it": (
        (
            "AB F compose.yml«x-e: &e {A: '${A:-1}', B: '${B:-1}'}¶"
            "services:¶  web: {build: ., environment: {<<: *e, B: fixed}}»"
        ),
        {(_MASKED, "B", "info")}, {"A"},
    ),
    "a service that is extended": (
        "AB C«base: {image: x, environment: {A: '${A:-1}', B: '${B:-1}'}}¶  web: {extends: base, build: .}»",
        set(), {"A", "B"},
    ),
    "a file that is extended, with its own env_file": (
        (
            "AB C«web: {extends: {file: common/base.yml, service: base}, build: .}»"
            " F common/base.yml«services: {base: {env_file: [../.env], environment: {A: '${A:-1}'}}}»"
        ),
        set(), {"A", "B"},
    ),
    "an override that adds env_file": (
        (
            "AB C«web: {build: ., environment: {A: '${A:-1}'}}»"
            " F compose.override.yml«services: {web: {env_file: [.env]}}»"
        ),
        set(), {"A", "B"},
    ),
    "an override that takes env_file away": (
        (
            "AB C«web: {build: ., env_file: [.env], environment: {A: '${A:-1}'}}»"
            " F compose.override.yml«services: {web: {env_file: !reset []}}»"
        ),
        {(_UNPASSED, "B", "warning")}, {"A"},
    ),
    "an override that replaces the environment": (
        (
            "AB C«web: {build: ., environment: {A: '${A}', B: '${B}'}}»"
            " F compose.override.yml«services: {web: {environment: !override {A: '${A}'}}}»"
        ),
        {(_UNPASSED, "B", "warning")}, {"A"},
    ),
    "an override that takes one name away": (
        (
            "AB C«web: {build: ., environment: {A: '${A}', B: '${B}'}}»"
            " F compose.override.yml«services: {web: {environment: {B: !reset null}}}»"
        ),
        {(_UNPASSED, "B", "warning")}, {"A"},
    ),
    "an included file": (
        (
            "AB F compose.yml«include: [parts/web.yml]»"
            " F parts/web.yml«services: {web: {build: .., environment: ['A=${A}']}}»"
        ),
        {(_UNPASSED, "B", "warning")}, {"A"},
    ),
    "another name on the host": (
        "S«a: str = 'x'» E«APP_A=1» C«web: {build: ., environment: {A: '${APP_A:-0}'}}»", set(), {"APP_A"},
    ),
    "a part of a value": (
        "S«url: str = 'x'» E«URL=u¶HOST=h» C«web: {build: ., environment: {URL: 'http://${HOST}/x'}}»",
        {(_MASKED, "URL", "info")}, {"HOST"},
    ),
    "a prefix of the settings": (
        "S«a: str = 'x'¶b: str = 'y'|env_prefix='APP_'» E«APP_A=1¶APP_B=2» C«web: {build: ., environment: [APP_A]}»",
        {(_UNPASSED, "APP_B", "warning")}, {"APP_A"},
    ),
    "the name in another case": (
        "S«a: str = 'x'¶b: str = 'y'» E«A=1¶B=2» C«web: {build: ., environment: {a: '${A}', B: '${B}'}}»",
        set(), {"A", "B"},
    ),
    "one of two services": (
        "AB C«web: {build: ., environment: ['A=${A:-1}', 'B=${B:-1}']}¶  db: {image: postgres}»", set(), {"A", "B"},
    ),
    "a required setting without a value": (
        "S«a: str = 'x'¶token: str» E«A=1¶TOKEN=t» C«web: {build: ., environment: {A: '${A}'}}»",
        {(_UNPASSED, "TOKEN", "error")}, set(),
    ),
    "a secret of pydantic's type": (
        "S«a: str = 'x'¶pin: SecretStr = SecretStr('1')» E«A=1¶PIN=2» C«web: {build: ., environment: {A: '${A}'}}»",
        {(_UNPASSED, "PIN", "error")}, {"A"},
    ),
    "a secret that is empty by default": (
        "S«a: str = 'x'¶secret_key: str = ''» E«A=1¶SECRET_KEY=2» C«web: {build: ., environment: {A: '${A}'}}»",
        {(_UNPASSED, "SECRET_KEY", "warning")}, {"A"},
    ),
    "an env_file by a reference": (
        "AB C«web: {build: ., env_file: ['${DIR:-.}/.env'], environment: {A: '${A}'}}»", set(), {"A", "B"},
    ),
    "a file for developers over .env": (
        "S«a: str = 'x'» E«A=1» F dev.env«A=dev» C«web: {build: ., env_file: [.env, dev.env]}»",
        {(_MASKED, "A", "warning")}, set(),
    ),
    "an entry for another program": (
        "S«a: str = 'x'» C«web: {build: ., environment: {A: '1', PGPASSWORD: x, OTEL_SERVICE_NAME: y, AMOUNT: '3'}}»",
        {(_UNREAD, "AMOUNT", "warning")}, set(),
    ),
    "an entry for the health check": (
        (
            "S«a: str = 'x'» C«web: {build: ., environment: {A: '1', PROBE: '3'},"
            " healthcheck: {test: ['CMD-SHELL', 'curl -f $$PROBE']}}»"
        ),
        set(), set(),
    ),
    "an entry with a typing error": (
        "S«page_size: int = 5» C«web: {build: ., environment: {PAGE_SZE: '3'}}»",
        {(_UNREAD, "PAGE_SZE", "warning")}, set(),
    ),
    "an empty entry that nobody reads": (
        "S«a: str = 'x'» C«web: {build: ., environment: {A: '1', LATER: ''}}»", {(_UNREAD, "LATER", "info")}, set(),
    ),
    "a profile that is off": (
        "AB C«web: {build: ., profiles: [dev], environment: {A: '${A}'}}»", {(_UNPASSED, "B", "warning")}, {"A"},
    ),
    "two documents in one file": (
        (
            "AB F compose.yml«services: {web: {build: ., environment: {A: '${A}'}}}¶---¶"
            "services: {web: {environment: {B: '${B}'}}}»"
        ),
        set(), {"A", "B"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_form(name: str):
    line, expected, _ = FORMS[name]
    assert findings(repository(line)) == expected


if binary() is not None:

    @pytest.mark.parametrize("name", FORMS)
    def test_what_the_settings_object_gets_of_env(name: str, tmp_path: Path):
        line, _, arriving = FORMS[name]
        files = written(tmp_path, line)
        names = [entry.partition("=")[0] for entry in files.get(".env.example", "").split()]
        values = {name: f"sentinel-{number}" for number, name in enumerate(names)}
        environment = given(tmp_path, "".join(f"{name}={value}\n" for name, value in values.items()))
        assert environment is not None
        found = started(tmp_path, environment)
        shown = str(found) if isinstance(found, dict) else ""
        assert {name for name, value in values.items() if value in shown} == arriving
