"""Small repositories that `--fix` is let loose on."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from running import Done, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def lay_out(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files as they are, and makes a git repository of the folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def fix(folder: Path, checker: str, rule: str, *options: str, unsafe: bool = True) -> Done:
    """Runs `--fix` for one rule; what is left and why is in the JSON and on stderr."""
    extra = ["--unsafe-fixes"] if unsafe else []
    return run(checker, "--root", folder, "--select", f"{checker}/{rule}", "--fix", *extra, "-v", *options)


def read(folder: Path, path: str) -> str:
    return (folder / path).read_bytes().decode()
