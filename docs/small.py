"""The small repository of the start pages: its files, and what fr-check really prints about it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "fixtures" / "small"
PLACES = (ROOT / "README.md", ROOT / "docs" / "index.md")
_MARKED = re.compile(r"(<!-- small: begin.*?-->\n).*?(<!-- small: end -->)", re.DOTALL)
# Every file of it, in the order that tells the story: whoever copies what is shown sees what is shown.
_SHOWN = {
    "app/settings.py": "python",
    ".env.example": "ini",
    "web/package.json": "json",
    "web/api.ts": "ts",
    "web/Dockerfile": "dockerfile",
}


def section() -> str:
    """All files, and the report, as Markdown."""
    files = "".join(
        f"`{path}`:\n\n```{language}\n{(SMALL / path).read_text('utf-8').rstrip()}\n```\n\n"
        for path, language in _SHOWN.items()
    )
    return f"A repository with these files,\n\n{files}says:\n\n```text\n$ fr-check all\n{report()}```\n"


def report() -> str:
    """What `fr-check all` prints in a copy of the small repository."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / "shop"
        shutil.copytree(SMALL, top)
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        for arguments in (("init", "-q", "-b", "main"), ("add", "."), (*identity, "commit", "-qm", "Begin")):
            subprocess.run(["git", *arguments], cwd=top, check=True, env=_environment())
        command = [sys.executable, "-I", "-m", "fr_check", "all"]
        return subprocess.run(command, cwd=top, check=False, env=_environment(), capture_output=True, text=True).stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI", "GITHUB_"))}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1"}


def pages() -> dict[Path, str]:
    """Each page with the section in its place."""
    text = section()
    return {path: _MARKED.sub(lambda match: f"{match[1]}{text}{match[2]}", path.read_text("utf-8")) for path in PLACES}
