"""Files of variables over files: the raw format, what a later one and what arguments of an image leave empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compose_oracle import binary, write
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory
from variables.notation import repository
from variables.settings_object import given

if TYPE_CHECKING:
    from pathlib import Path

_RULES = {"masked-variable", "altered-literal", "invalid-passed-value"}
_MASKED, _ALTERED, _REFUSED = "masked-variable", "altered-literal", "invalid-passed-value"
_RAW = "C«web: {build: ., env_file: [{path: raw.env, format: raw}]}»"
_TWO = "C«web: {build: ., env_file: [a.env, b.env]}»"
# The line of a repository, what Compose gives of A where the example is copied, and the findings.
FORMS = {
    "a reference in the place of the variable": (
        f"S«a: str = 'x'» E«A=1» F raw.env«A=${{A}}» {_RAW}", "${A}", {(_MASKED, "A", "warning")},
    ),
    "a part of the value": (
        f"S«a: str = 'x'» E«HOST=h» F raw.env«A=http://${{HOST}}/» {_RAW}", "http://${HOST}/",
        {(_ALTERED, "A", "warning")},
    ),
    "a number": (f"S«a: int = 1» E«A=1» F raw.env«A=${{A}}» {_RAW}", "${A}", {(_REFUSED, "A", "error")}),
    "quotes": (f"S«a: str = 'x'» E«B=1» F raw.env«A=\"b\"» {_RAW}", '"b"', {(_ALTERED, "A", "warning")}),
    "a comment": (f"S«a: str = 'x'» E«B=1» F raw.env«A=b # c» {_RAW}", "b # c", {(_ALTERED, "A", "warning")}),
    "the copy of the example": (
        "S«a: str = 'x'» E«A='1'» C«web: {build: ., env_file: [{path: .env, format: raw}]}»", "'1'",
        {(_ALTERED, "A", "warning")},
    ),
    "a number with a comment in the example": (
        "S«a: int = 1» E«A=1 # one» C«web: {build: ., env_file: [{path: .env, format: raw}]}»", "1 # one",
        {(_REFUSED, "A", "error")},
    ),
    "nothing to take away": (f"S«a: str = 'x'» E«B=1» F raw.env«A=b» {_RAW}", "b", set()),
    "the same without the format": (
        "S«a: str = 'x'» E«A=1» F raw.env«A=${A}» C«web: {build: ., env_file: [raw.env]}»", "1", set(),
    ),
    "a later file empties it": (
        f"S«a: str = 'x'» F a.env«A=b» F b.env«A=» {_TWO}", "", {(_MASKED, "A", "warning")},
    ),
    "a later file empties it by a reference": (
        f"S«a: str = 'x'» F a.env«A=b» F b.env«A=${{LACKING}}» {_TWO}", "", {(_MASKED, "A", "warning")},
    ),
    "a later file gives another value": (f"S«a: str = 'x'» F a.env«A=b» F b.env«A=c» {_TWO}", "c", set()),
    "an entry that sees no file": (
        "S«a: str = 'x'» F a.env«A=b» C«web: {build: ., env_file: [a.env], environment: {A: '${A:-}'}}»", "",
        {(_MASKED, "A", "warning")},
    ),
    "an empty entry": (
        "S«a: str = 'x'» F a.env«A=b» C«web: {build: ., env_file: [a.env], environment: {A: ''}}»", "",
        {(_MASKED, "A", "info")},
    ),
    "an entry with a default": (
        "S«a: str = 'x'» F a.env«A=b» C«web: {build: ., env_file: [a.env], environment: {A: '${A:-c}'}}»", "c", set(),
    ),
}  # fmt: skip


def _findings(files: dict[str, str]) -> set[tuple[str, str, str]]:
    report, _ = run(Context(Memory(files), Config()), [load_checker("env-keys")])
    return {(found.rule, found.subject, str(found.severity)) for found in report.findings if found.rule in _RULES}


@pytest.mark.parametrize("name", FORMS)
def test_a_form(name: str):
    line, _, expected = FORMS[name]
    assert _findings(repository(line)) == expected


if binary() is not None:

    @pytest.mark.parametrize("name", FORMS)
    def test_what_compose_gives(name: str, tmp_path: Path):
        line, expected, _ = FORMS[name]
        files = repository(line)
        write(tmp_path, files)
        environment = given(tmp_path, files.get(".env.example"))
        assert environment is not None
        assert environment["A"] == expected


def test_a_demand_that_nothing_meets_stops_compose_whatever_a_later_line_says(tmp_path: Path):
    line = "S«a: int = 1» F a.env«A=${LACKING?no}¶A=x» C«web: {build: ., env_file: [a.env]}»"
    files = repository(line)
    assert _findings(files) == set()
    if binary() is not None:
        write(tmp_path, files)
        assert given(tmp_path, None) is None


def test_a_file_of_docker_run_is_read_raw():
    line = "S«a: str = 'x'» F a.env«A='b'» F run.sh«docker run --env-file a.env app»"
    report, _ = run(Context(Memory(repository(line)), Config()), [load_checker("env-keys")])
    found = [(one.subject, one.help) for one in report.findings if one.rule == _ALTERED]
    assert found == [("A", "take the quotes out of the value")]


@pytest.mark.parametrize(
    ("lines", "build", "expected"),
    [
        ("ARG N¶ENV N=${N}", ".", {(_REFUSED, "N", "error")}),
        ("ARG N¶ENV N=$N", "{context: ., args: {OTHER: '1'}}", {(_REFUSED, "N", "error")}),
        ("ARG N=¶ENV N=$N", ".", {(_REFUSED, "N", "error")}),
        ("ARG M¶ENV N=$M", "{context: ., args: {M: 'x'}}", {(_REFUSED, "N", "error")}),
        ("ARG N¶ENV N=${N}", "{context: ., args: {N: '${N:-}'}}", {(_REFUSED, "N", "error")}),
        ("ARG N=3¶ENV N=${N}", ".", set()),
        ("ARG N¶ENV N=${N:-3}", ".", set()),
        ("ARG N¶ENV N=${N}", "{context: ., args: {N: '7'}}", set()),
        ("ARG N¶ENV N=${N}", "{context: ., args: {N: 7}}", set()),
        ("ARG N¶ENV N=${N}", "{context: ., args: {N: '${N:-7}'}}", set()),
        ("ARG N¶ENV N=1${N}", "{context: ., args: {N: '${N}'}}", set()),
        ("ARG N¶ENV N=${N}", "{context: ., args: [N]}", set()),
    ],
)
def test_what_the_arguments_of_an_image_leave_in_its_env(lines: str, build: str, expected: set[tuple[str, str, str]]):
    files = repository(f"S«n: int = 5» D«{lines}¶COPY app app» C«web: {{build: {build}}}»")
    assert _findings(files) == expected


def test_a_command_may_pass_the_argument():
    line = "S«n: int = 5» D«ARG N¶ENV N=${N}¶COPY app app» C«web: {build: .}»"
    assert _findings(repository(f"{line} F Makefile«build:¶\tdocker compose build --build-arg N=$(N)»")) == set()


@pytest.mark.parametrize(
    ("services", "subject"),
    [
        ("web: {extends: {file: ../common/compose.yml, service: base}}", "../common/compose.yml"),
        ("web: {build: ., extends: {file: ../common/compose.yml, service: base}}", "../common/compose.yml"),
        ("web: {build: ., extends: {file: gone.yml, service: base}}", "gone.yml"),
        ("web: {build: ., extends: {service: base}}", "base"),
        ("web: {build: .}¶include: [parts/gone.yml]", "parts/gone.yml"),
        ("web: {build: .}¶include: [{path: ../other/compose.yml}]", "../other/compose.yml"),
    ],
)
def test_what_a_service_is_made_of_elsewhere_is_a_gap(services: str, subject: str):
    files = repository(f"AB C«{services}»")
    report, _ = run(Context(Memory(files), Config()), [load_checker("env-keys")])
    assert [gap.subject for gap in report.gaps] == [subject]


def test_one_file_by_two_copies_is_one_gap():
    line = 'S«a: str = "x"|env_file=".settings"» E«A=1» D«COPY .settings .¶COPY . .» F .dockerignore«*¶!app¶!.settings»'
    files = repository(f"{line} C«web: {{build: .}}»")
    report, _ = run(Context(Memory(files), Config()), [load_checker("env-keys")])
    assert [gap.subject for gap in report.gaps] == [".settings"]
