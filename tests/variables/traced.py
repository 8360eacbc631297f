"""Whole documents of `trace`, held against a clone of the repository that the specification traces.

`traces/NAME.json` is what the specification has for a variable at one commit: made from its words and the files, not
from what fr-check printed. Part of `make history-oracle`, since the clone is needed.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from running import run

COMMIT = "8c89f596"
_FOLDER = Path(__file__).parent / "traces"


def differences(repository: str) -> list[str]:
    """Where a document differs from the expected one, as lines; nothing for a clone without that commit."""
    known = ["git", "-C", repository, "cat-file", "-e", f"{COMMIT}^{{commit}}"]
    if subprocess.run(known, capture_output=True, check=False).returncode:
        return []
    lines = []
    for path in sorted(_FOLDER.glob("*.json")):
        found = run("trace", path.stem, "--root", repository, "--rev", COMMIT, "--format", "json").json()["trace"]
        lines += [f"trace {path.stem} {line}" for line in _differences(json.loads(path.read_text()), found, "")]
    return lines


def _differences(expected: Any, found: Any, where: str) -> list[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = dict.fromkeys((*expected, *found))
        return [line for key in keys for line in _differences(expected.get(key), found.get(key), f"{where}.{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for number, pair in pairs for line in _differences(*pair, f"{where}[{number}]")]
    # What is no submodule's is read at the commit that is asked for.
    if where.endswith(".revision") and expected is None:
        return []
    return [] if expected == found else [f"{where}: expected {expected!r}, ours {found!r}"]
