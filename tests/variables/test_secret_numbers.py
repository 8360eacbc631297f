"""A number under a secret's name is printed nowhere."""

from __future__ import annotations

import pytest

from running import run
from variables.notation import repository


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
@pytest.mark.parametrize(
    "given", ["secret_pin: int = 111222|SECRET_PIN|777888", "db_pass: float = 1.5|DB_PASS|passCOMPOSE"]
)
def test_trace_and_matrix(form: str, given: str, tmp_path):
    field, name, value = given.split("|")
    files = repository(f'S«{field}» E«{name}=1» C«web: {{build: ., environment: {{{name}: "{value}"}}}}»')
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for command in (["matrix"], *([["trace", name]] if form != "html" else [])):
        shown = run(*command, "--root", str(tmp_path), "--format", form)
        assert name in shown.stdout
        assert value not in shown.stdout + shown.stderr
        assert "111222" not in shown.stdout
