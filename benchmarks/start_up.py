"""What each command costs beside bare Python, on the sample project grown to some 550 files; budgets of each.

`FR_CHECK_BENCHMARK_PROJECT=DIR` measures a checkout of finance_report instead, with that project's budgets.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from compileall import compile_dir
from pathlib import Path

import fr_check
from benchmarks.timing import Budget, bare_python, run, show
from fr_check.app.demo import build

# Ratios to bare Python: of finance_report, and of the sample project, which has one file of most kinds.
PROJECT = {
    "--version": 4.5,
    "--help": 4.5,
    "submodule-sync": 10.0,
    "dockerfile-args": 12.0,
    "env-keys": 14.0,
    "coverage": 16.0,
    "all": 30.0,
    "trace SECRET_KEY DATABASE_URL": 30.0,
    "matrix": 30.0,
}
SAMPLE = {
    "--version": 4.5,
    "--help": 4.5,
    "submodule-sync": 8.0,
    "dockerfile-args": 8.0,
    "env-keys": 10.0,
    "coverage": 8.0,
    "all": 15.0,
    "trace SECRET_KEY DATABASE_URL": 15.0,
    "matrix": 15.0,
}
FILLERS = 500
TIMES = 11


def main() -> int:
    """Prints a row a command; returns how many budgets are broken."""
    # Users run installed packages, whose modules are compiled; a fresh checkout's are not.
    compile_dir(str(Path(fr_check.__file__).parent), quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        given = os.environ.get("FR_CHECK_BENCHMARK_PROJECT")
        project = given or _grown(folder)
        unit = bare_python()
        rows = []
        for command, ratio in (PROJECT if given else SAMPLE).items():
            found = run([sys.executable, "-m", "fr_check", *command.split()], project, TIMES)
            rows.append((command, found, Budget(ratio)))
        return show(f"start-up, bare Python {unit.seconds * 1000:.0f} ms", rows, unit)


def _grown(folder: str) -> str:
    project = Path(build(f"{folder}/built").root)
    for number in range(FILLERS):
        kind, place = (("py", "backend/src"), ("ts", "frontend/src"), ("md", "docs"))[number % 3]
        path = project / "apps" / place / f"part_{number:03d}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"value_{line} = {line}\n" for line in range(100)))
    for arguments in (("add", "."), ("commit", "-qm", "grow")):
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=project, check=True)
    return str(project)
