"""What the helps of rules about processes tell to write: it fits the place that they name."""

from __future__ import annotations

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory
from variables.notation import repository

_BASE = "AB F compose.yml«services:¶  web:¶    build: .¶    environment:¶      %s»"
_OVER = "F compose.override.yml«services:¶  web:¶    environment:%s»"
_MAP, _LIST = "A: '${A}'", "- A=${A}"


def _helps(line: str, rule: str) -> dict[str, str]:
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    return {found.subject: found.help for found in report.findings if found.rule == rule}


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        (_MAP, "¶      TZ: UTC", "add `B:` without"),
        (_LIST, "¶      TZ: UTC", "add `B:` without"),
        (_MAP, "¶      - TZ=UTC", "add `- B` without"),
        (_MAP + "¶      B: '${B}'", "¶      B: !reset null", "take `!reset` away from it in compose.override.yml"),
        (_MAP, " !reset {}", "take the `!reset` of `environment` away, or add `env_file"),
        (_MAP, " !override {A: '${A}'}", "add `B:` without"),
        (_MAP, " !override ['A=${A}']", "add `- B` without"),
    ],
)
def test_an_entry_is_written_as_the_file_has_them(base: str, over: str, expected: str):
    helps = _helps(f"{_BASE % base} {_OVER % over}", "unpassed-setting")
    assert helps["B"].startswith(expected)


def test_an_entry_over_a_file_is_removed_whatever_is_said_of_it():
    line = "S«secret_key: str = 'dev'¶n: int = 1» F a.env«SECRET_KEY=abc¶N=5» C«web: {build: ., env_file: [a.env], %s}»"
    line %= "environment: {SECRET_KEY: '${SECRET_KEY}', N: '${N:-}'}"
    refused = "remove the entry: a.env gives it"
    assert _helps(line, "invalid-passed-value") == {"SECRET_KEY": refused, "N": refused}
    assert _helps(line, "masked-variable") == {"SECRET_KEY": "remove the entry"}


def test_a_misspelt_entry_is_renamed():
    line = "S«page_size: int» E«PAGE_SIZE=1» C«web: {build: ., environment: {PAGE_SZE: '${PAGE_SIZE}'}}»"
    renamed = "rename the entry `PAGE_SZE` to it: nothing reads that"
    assert _helps(line, "unpassed-setting") == {"PAGE_SIZE": renamed}
    assert _helps(line, "unconsumed-variable")["PAGE_SZE"].startswith("did you mean `PAGE_SIZE`? rename it")


@pytest.mark.parametrize(
    "service",
    [
        "{build: ., entrypoint: [sh, -c, 'unset A; exec uvicorn app.main:app'], environment: {A: '${A:-1}'}}",
        "{build: ., entrypoint: [sh, -c, 'unset A; exec uvicorn app.main:app'], env_file: [.env]}",
    ],
)
def test_what_a_script_unsets_is_no_entry_of_a_compose_file(service: str):
    helps = _helps(f"S«a: str = 'x'» E«A=1» C«web: {service}»", "masked-variable")
    assert helps == {"A": "take the `unset` (or `env -u`) out, or the variable out of what the service is given"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("N=", "write a value that it takes (an integer), or take the line out"),
        ("N=${M}", "write `N=${M:-5}`, or take the line out"),
        ("N=x", "write a value that it takes: an integer"),
    ],
)
def test_a_file_of_variables_is_told_as_one(value: str, expected: str):
    line = f"S«n: int = 5» F a.env«{value}» C«web: {{build: ., env_file: [a.env]}}»"
    assert _helps(line, "invalid-passed-value") == {"N": expected}


def test_the_help_on_an_expansion_is_whole():
    template = 'API_TOKEN={{ with secret "kv/a" }}{{ .Data.data.T }}{{ end }}'
    line = f"S«api_token: str = 'x'» E«API_TOKEN=» F secrets.ctmpl«{template}»"
    (help_,) = _helps(line, "unquoted-expansion").values()
    assert help_ == """write `'{{ ... | replaceAll "'" "'\\\\''" }}'` behind the `=`, which holds any value"""


def test_the_image_behind_an_empty_secret_is_not_masked():
    build, start = "docker build -t acme/application .", "docker run -e API_SECRT= acme/application"
    line = f"S«a: str = 'x'» E«A=1» F run.sh«{build}¶{start}»"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    said = [found.message for found in report.findings if found.rule == "unconsumed-variable"]
    assert said == [
        "`docker run acme/application` in run.sh gives `API_SECRT`, and nothing that runs in the image reads it"
    ]
