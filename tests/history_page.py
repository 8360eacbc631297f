"""A page of `fr-check history` whose texts are hostile, for whoever looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories import CONFIG, commit, repository, settings
from running import run

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "<script>alert(1)</script> & \"quotes\" 'x' \x1b[31m \u202e $x^2$"
NAME = "<img src=x onerror=alert(2)>"


def hostile_page(folder: Path) -> Path:
    """Writes the page of a small history, twice, and returns the first."""
    files = {
        CONFIG: settings("mail_host"),
        ".env.example": "DEBUG=false\n",
        "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n",
        f"{NAME}/docker-compose.yml": "services:\n  web:\n    build:\n      context: web\n",
    }
    points = [
        commit("1", 1, files)._replace(message=EVIL),
        commit("2", 4, {"pyproject.toml": "[tool.coverage.report]\nfail_under = 50\n"})._replace(message=EVIL),
        commit("3", 20, {".env.example": "DEBUG=false\nMAIL_HOST=x\n"})._replace(message=EVIL),
        commit("4", 25, {"x": "x\n"}),
    ]
    top, _ = repository(folder, points)
    path = top.parent / "page.html"
    done = run("history", top, "--format", "html", "--output", path)
    assert done.status == 0, done.stderr
    again = top.parent / "again.html"
    run("history", top, "--format", "html", "--output", again)
    assert path.read_bytes() == again.read_bytes()
    return path
