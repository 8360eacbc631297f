"""What a service gets only at times: lines that a template leaves out, files that may not be there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from running import run
from variables.notation import repository
from variables.test_cases import findings

_OVERRIDDEN = "overridden-environment"
_ENTRY = "entrypoint: ['/bin/sh', '-c', '{}; exec uvicorn app.main:app']"
_READ = _ENTRY.format("set -a; . /secrets/.env; set +a")
_WITH = '{{ with secret "kv/data/app" }}'
# The template's lines, the entrypoint, what the trace has for it and whether for certain, and the findings.
FORMS: dict[str, tuple[str, str, str, bool, set[tuple[str, str, str]]]] = {
    "a line that `with` leaves out": (
        '{{ with .Data.data.A }}A="{{ . }}"{{ end }}', _READ, "secret", False, {(_OVERRIDDEN, "A", "info")},
    ),
    "a line that `if` leaves out": (
        '{{ if .Data.data.A }}A="{{ .Data.data.A }}"{{ end }}', _READ, "secret", False, {(_OVERRIDDEN, "A", "info")},
    ),
    "a line with another one without a value": (
        '{{ with .Data.data.A }}A="{{ . }}"{{ else }}A=""{{ end }}', _READ, "secret-or-empty", True,
        {(_OVERRIDDEN, "A", "warning")},
    ),
    "a line that is left out, of a shell that exports what it had": (
        '{{ with .Data.data.A }}A="{{ . }}"{{ end }}', _ENTRY.format(". /secrets/.env"), "secret", False,
        {(_OVERRIDDEN, "A", "info")},
    ),
    "a file that is read where it is there, and nothing brings it": (
        "A='{{ .Data.data.A }}'", _ENTRY.format("if [ -f /secrets/.env ]; then set -a; . /secrets/.env; set +a; fi"),
        "example", False, set(),
    ),
    "a file that is read where it is there, in short": (
        "A='{{ .Data.data.A }}'", _ENTRY.format("set -a; [ -r /secrets/.env ] && . /secrets/.env"),
        "example", False, set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_what_is_there_at_times_is_no_certain_loss(name: str, tmp_path: Path):
    lines, entrypoint, outcome, certain, expected = FORMS[name]
    template = f"{_WITH}¶{lines}¶{{{{ end }}}}"
    service = f"web:¶    build: .¶    environment: {{A: '${{A:-1}}'}}¶    {entrypoint}"
    files = repository(f'S«a: str = "x"» E«A=1» F secrets.ctmpl«{template}» C«{service}»')
    kept = {_OVERRIDDEN, "undelivered-secrets", "unpassed-setting", "masked-variable"}
    assert {one for one in findings(files) if one[0] in kept} == expected
    (process,) = _traced(files, tmp_path)
    assert (process["outcome"], process["certain"]) == (outcome, certain)
    assert bool(process["unknown"]) is not certain


def _traced(files: dict[str, str], folder: Path) -> list[dict[str, object]]:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return json.loads(run("trace", "A", "--root", folder, "--format", "json").stdout)["trace"]["processes"]
