"""Steps made at random in which the tests fail: whether the step fails in the real shell, and what fr-check says of it.

Each is a template of `bash` around `pytest`, often one in another. All other commands are known to succeed or to fail,
so that only the place of `pytest` decides. A loop that would never end is stopped.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import yaml

from coverage_gate.shell_gate_forms import AROUND
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

if TYPE_CHECKING:
    from pathlib import Path

BASH = shutil.which("bash")
WORKFLOW = ".github/workflows/ci.yml"
GATED = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=90"\n'
# What GitHub starts for `shell:`, and for a step without one.
SHELLS = {
    "": ["bash", "-e"],
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
    "sh": ["sh", "-e"],
    "bash {0}": ["bash"],
}
# The tests fail; what asks for them without end is stopped together with them.
_STUB = "#!/bin/sh\necho x >> calls\n[ $(wc -l < calls) -lt 8 ] || kill -KILL 0\nexit {}\n"
_PLACE = re.compile(r"\b[CLF]\b")
_WORDS = ("if", "while", "until", "for", "case", "exec", "set", "trap", "exit")


class Step(NamedTuple):
    """A script and the `shell:` of its step."""

    script: str
    shell: str


PLAIN = len(AROUND) * len(SHELLS)


def step(seed: int) -> Step:
    """One of them: each form by itself in each shell first, from PLAIN on one in another at random."""
    shells = list(SHELLS)
    if seed < PLAIN:
        return Step(_around(AROUND[seed % len(AROUND)], "pytest", 0), shells[seed // len(AROUND)])
    chooser = random.Random(seed)  # noqa: S311
    script = "pytest"
    for depth in range(chooser.randint(2, 3)):
        script = _around(chooser.choice(AROUND), script, depth)
    return Step(script, chooser.choice(shells))


def _around(form: str, inner: str, depth: int) -> str:
    if not _PLACE.search(form):
        return form
    plain = all(sign not in inner for sign in ("\n", ";", "&", "|", "!", "#"))
    single = plain and inner.split(maxsplit=1)[0] not in _WORDS
    parts = {"C": inner if single else f"{{\n{inner}\n}}", "L": inner, "F": f"f{depth}"}
    return _PLACE.sub(lambda found: parts[found[0]], form)


def fails(one: Step, folder: Path, status: int = 1) -> bool | None:
    """Whether a step fails in its real shell, where the tests end with a status; None where it never ends."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    stub = folder / "pytest"
    stub.write_text(_STUB.format(status), "utf-8")
    stub.chmod(0o755)
    script = folder / "step.sh"
    script.write_text(one.script, "utf-8")
    try:
        done = subprocess.run(
            ["sh", "-c", 'ulimit -t 1; exec "$@"', "-", *SHELLS[one.shell], str(script)],
            cwd=folder,
            env={"PATH": os.pathsep.join((str(folder), "/usr/bin", "/bin"))},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            start_new_session=True,
            timeout=5,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode != 0 if done.returncode >= 0 else None


def says(one: Step) -> bool | None:
    """Whether fr-check says that a failure of the tests fails the step; None where it does not know what runs."""
    own = {"run": one.script} | ({"shell": one.shell} if one.shell else {})
    workflow = {"on": ["push"], "jobs": {"test": {"runs-on": "ubuntu-latest", "steps": [own]}}}
    files = {"pyproject.toml": GATED, WORKFLOW: yaml.safe_dump(workflow, sort_keys=False)}
    _, facts = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    (runs,) = facts["coverage"].runs
    if any(reached.excuse is None for reached in runs.reached):
        return True
    return None if runs.opaque else False


def compare(seeds: range, folder: Path) -> tuple[list[str], Counter[str]]:
    """What fr-check says otherwise than the shell, and how many were held, lost and not known.

    What it cannot decide counts as heeded: of forms within forms only what is called lost must be so, the others are
    counted as missed.
    """
    found, count = [], Counter[str]()
    for seed in seeds:
        one = step(seed)
        said, real = says(one), fails(one, folder / "step")
        count["unknown" if said is None else "held" if said else "lost"] += 1
        if said and real is False and seed >= PLAIN:
            count["missed"] += 1
        elif said and real is False:
            found.append(f"{seed}: passes under `{one.shell}`:\n{one.script}")
        # A step that fails of itself, or never ends where they pass, is none that the tests decide.
        elif said is False and real and fails(one, folder / "step", 0) is False:
            found.append(f"{seed}: fails under `{one.shell}`:\n{one.script}")
    return found, count
