"""What each command costs beside bare Python, on the sample project grown to some 550 files; budgets of each.

`FR_CHECK_BENCHMARK_PROJECT=DIR` measures another checkout instead, for example of finance_report.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from compileall import compile_dir
from pathlib import Path

import fr_check
from benchmarks.timing import bare_python, run, show
from fr_check.app.demo import build
from fr_check.core.registry import CHECKERS

# Ratios to bare Python.
BUDGETS = {"--version": 4.5, "--help": 4.5, **dict.fromkeys(CHECKERS, 8.0), "all": 11.0}
FILLERS = 500
TIMES = 11


def main() -> None:
    """Prints a row a command."""
    # Users run installed packages, whose modules are compiled; a fresh checkout's are not.
    compile_dir(str(Path(fr_check.__file__).parent), quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        project = os.environ.get("FR_CHECK_BENCHMARK_PROJECT") or _grown(folder)
        unit = bare_python()
        rows = []
        for command, budget in BUDGETS.items():
            found = run([sys.executable, "-m", "fr_check", command], project, TIMES)
            rows.append((command, found, f"budget {budget} x"))
        show(f"start-up, bare Python {unit.seconds * 1000:.0f} ms", rows, unit)


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
