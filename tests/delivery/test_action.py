"""action.yml, by running its steps as a runner would: annotations, outputs, summary, code scanning, status."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from fr_check.app.demo import build

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
INSTALLED = (".pip", ".base")


class Job(NamedTuple):
    """What the steps of a job left."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str
    used: list[tuple[str, dict[str, str]]]


class Runner:
    """As much of a runner as the action needs: expressions, `if`, outputs of steps, the summary's file."""

    def __init__(self, folder: Path, repository: Path, inputs: dict[str, str]) -> None:
        self.folder, self.repository = folder, repository
        known = {name: entry.get("default", "") for name, entry in ACTION["inputs"].items()}
        assert inputs.keys() <= known.keys()
        self.values = {f"inputs.{name}": value for name, value in {**known, **inputs}.items()}
        self.values["github.action_path"] = os.fspath(folder / "action")

    def expand(self, text: str) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: self.values.get(match[1], ""), text)

    def holds(self, condition: str) -> bool:
        """Comparisons with a text, joined by `&&`: all that the action's conditions are made of."""
        parts = [re.fullmatch(r"(\S+) (==|!=) '(.*)'", part) for part in condition.split(" && ")]
        return all((self.values.get(part[1], "") == part[3]) == (part[2] == "==") for part in parts if part)

    def run(self) -> Job:
        log, status, used, summary = "", 0, [], ""
        for number, step in enumerate(ACTION["runs"]["steps"]):
            if status or not self.holds(step.get("if", "'' == ''")):
                continue
            if "uses" in step:
                used.append((step["uses"], {name: self.expand(value) for name, value in step["with"].items()}))
                continue
            status, said, told = self.step(step, number)
            log, summary = log + said, summary + told
        outputs = {name: self.expand(entry["value"]) for name, entry in ACTION["outputs"].items()}
        return Job(status, log, outputs, summary, used)

    def step(self, step: dict[str, Any], number: int) -> tuple[int, str, str]:
        assert step["shell"] == "bash"
        files = {name: self.folder / f"{name}-{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.touch()
        environment = {
            **os.environ,
            **{name: self.expand(value) for name, value in step.get("env", {}).items()},
            **{name: os.fspath(path) for name, path in files.items()},
            "RUNNER_TEMP": os.fspath(self.folder),
        }
        script = self.folder / f"step-{number}.sh"
        script.write_text(self.expand(step["run"]))
        # As runners start it: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        done = subprocess.run(
            command, cwd=self.repository, env=environment, capture_output=True, text=True, check=False
        )
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode, done.stdout + done.stderr, files["GITHUB_STEP_SUMMARY"].read_text()


@pytest.fixture
def action(tmp_path: Path) -> Path:
    """The action's own checkout, in which fr-check is installed already: what `make` finds to be up to date."""
    folder = tmp_path / "action"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements", ".github", "checkers"):
        (folder / name).symlink_to(ROOT / name)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "fr-check"):
        (programs / name).symlink_to(Path(sys.executable).with_name(name))
    for name in INSTALLED:
        (folder / ".venv" / name).touch()
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(build(str(tmp_path_factory.mktemp("sample") / "built")).root)


def test_findings_fail_the_job_after_everything_was_delivered(action: Path, built: Path):
    job = Runner(action, built, {"arguments": "--base HEAD^", "sarif": "true"}).run()
    assert job.status == 1
    assert "::error title=fr-check undocumented-setting,file=apps/backend/src/config.py,line=" in job.log
    report = json.loads(Path(job.outputs["json"]).read_text())
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    assert (job.outputs["status"], job.outputs["errors"]) == ("1", str(len(errors)))
    warnings = [finding for finding in report["findings"] if finding["severity"] == "warning"]
    assert (job.outputs["warnings"], job.outputs["unknowns"]) == (str(len(warnings)), str(len(report["unknowns"])))
    assert "`GIT_COMMIT_SHA`" in job.summary
    ((name, given),) = job.used
    assert name.startswith("github/codeql-action/upload-sarif@")
    assert given["sarif_file"] == job.outputs["sarif"]
    assert json.loads(Path(given["sarif_file"]).read_text())["version"] == "2.1.0"


def test_a_clean_run_passes_and_uploads_only_what_was_asked_for(action: Path, built: Path):
    job = Runner(action, built, {"command": "dockerfile-args", "arguments": "--exit-zero", "summary": "false"}).run()
    assert (job.status, job.outputs["status"], job.summary, job.used) == (0, "0", "", [])


def test_misuse_is_said_and_fails_without_a_report(action: Path, built: Path):
    job = Runner(action, built, {"arguments": "--nonsense", "sarif": "true"}).run()
    assert (job.status, job.outputs["status"], job.outputs["sarif"], job.used) == (2, "2", "", [])
    assert "--nonsense" in job.log


def test_another_folder_and_what_could_not_be_judged(action: Path, tmp_path: Path):
    repository = tmp_path / "mono repo"
    (repository / ".github" / "workflows").mkdir(parents=True)
    (repository / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--cov-fail-under=90"\n')
    (repository / ".github" / "workflows" / "ci.yml").write_text("jobs: [\n")
    subprocess.run(["git", "init", "--quiet"], cwd=repository, check=True)
    unwired = "--ignore unwired-gate"
    job = Runner(action, tmp_path, {"path": os.fspath(repository), "command": "coverage", "arguments": unwired}).run()
    assert (job.status, job.outputs["status"], job.outputs["unknowns"]) == (3, "3", "1")
    accepted = {"path": os.fspath(repository), "command": "coverage", "arguments": f"--allow-unknown  {unwired}"}
    assert Runner(action, tmp_path, accepted).run().status == 0


def test_an_old_python_is_told_what_to_do(action: Path, built: Path, monkeypatch: pytest.MonkeyPatch):
    old = action / "old"
    old.mkdir()
    (old / "python3").write_text("#!/bin/sh\nexit 1\n")
    (old / "python3").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([os.fspath(old), os.environ["PATH"]]))
    job = Runner(action, built, {}).run()
    assert (job.status, "actions/setup-python" in job.log) == (2, True)


def test_every_input_is_used_and_every_output_is_set(action: Path, built: Path):
    written = yaml.safe_dump(ACTION["runs"])
    assert [name for name in ACTION["inputs"] if f"inputs.{name}" not in written] == []
    job = Runner(action, built, {"arguments": "--base HEAD^"}).run()
    assert [name for name, value in job.outputs.items() if not value] == []
    assert shutil.which("bash")
