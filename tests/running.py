"""Runs the command line inside the test's own process: arguments in; status, output and errors out."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any, NamedTuple

from fr_check.app.cli import main


class Done(NamedTuple):
    """What a run left."""

    status: int
    stdout: str
    stderr: str

    def json(self) -> dict[str, Any]:
        return json.loads(self.stdout)

    def rules(self) -> list[str]:
        return [finding["rule"] for finding in self.json()["findings"]]


def run(*arguments: object) -> Done:
    """Runs `fr-check ARGUMENTS`; never raises SystemExit."""
    raw, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(raw, "utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
            status = -1
        except SystemExit as stop:
            status = int(stop.code or 0)
    return Done(status, raw.getvalue().decode(), err.getvalue())
