"""What a template renders where a field is missing, where the dot is a value, and what `sh` makes of JSON."""

from __future__ import annotations

import pytest

from tests.env_world import everything, load, settings, world


def secret(body: str) -> str:
    return f'{{{{ with secret "secret/data/app" }}}}\n{body}\n{{{{ end }}}}\n'


@pytest.mark.parametrize(
    ("value", "level"),
    [("{{ .Data.data.N }}", "error"), ('"{{ .Data.data.N }}"', "warning"), ('"{{ or .Data.data.N 1 }}"', "")],
)
def test_a_missing_field_that_the_setting_cannot_take(value: str, level: str) -> None:
    found = everything(load(world(settings("n: int = 3"), "N=3\n", secret(f"N={value}"))))
    assert [str(f.severity) for f in found if f.rule == "unguarded-secret"] == ([level] if level else [])


@pytest.mark.parametrize(
    "body",
    [
        '{{ with .Data.data.A }}A={{ . }}{{ "\\n" }}B={{ .Data.data.B }}{{ end }}',
        "{{ with .Data.data.A }}{{ with .Data.data.B }}B={{ . }}{{ end }}{{ end }}",
        "{{ $a := .Data.data.A }}B={{ $a.Data.data.B }}",
    ],
)
def test_the_dot_inside_of_a_value_is_a_text(body: str) -> None:
    found = everything(load(world(settings("a: str = ''", "b: str = ''"), "A=\nB=\n", secret(body))))
    assert [f.rule for f in found if "field `Data`" in f.message] == ["broken-template"]
    assert not [f for f in found if f.rule == "unguarded-secret" and "A.Data" in f.message]


@pytest.mark.parametrize(
    ("field", "line", "level"),
    [
        ("hosts: list[str] = []", 'HOSTS=["{{ .Data.data.H }}"]', "error"),
        ("hosts: dict[str, str] = {}", 'HOSTS={"a":"{{ .Data.data.H }}"}', "error"),
        ("hosts: str = ''", 'HOSTS=["{{ .Data.data.H }}"]', "warning"),
        ("hosts: list[str] = []", "HOSTS='[\"{{ .Data.data.H }}\"]'", ""),
    ],
)
def test_sh_takes_the_quotes_of_json_away(field: str, line: str, level: str) -> None:
    found = everything(load(world(settings(field), "HOSTS=\n", secret(line))))
    said = [str(f.severity) for f in found if f.rule == "unassignable-line" and "double quotes" in f.message]
    assert said == ([level] if level else [])
