"""`fr-check init`: what is recognised becomes configuration that says the same, and nothing is overwritten."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
import tomli
import yaml

from fr_check import __version__
from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = (
    "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    key: str\n    b: int = 1\n"
)
FILES = {
    "api/app/conf.py": _SETTINGS,
    "api/.env.example": "KEY=x\nDEAD=1\n",
    "tool/main.py": "import os\n\nX = os.environ['X']\n",
    "tool/env.sample": "Y=1\n",
    "infra/vault-agent.hcl": 'template {\n  source = "/x/s.tpl"\n}\n',
    "infra/s.tpl": '{{ with secret "secret/data/a" }}\nKEY="{{ .Data.data.KEY }}"\n{{ end }}\n',
}


def findings(root: Path, *arguments: str) -> list[tuple[str, str, str]]:
    made = run("all", "--root", root, "--format", "json", *arguments).json()
    return sorted((f["rule"], f["subject"], f["severity"]) for f in made["findings"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    top = tmp_path / "project"
    for path, text in FILES.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    subprocess.run(["git", "init", "-q", top], check=True)
    return top


def test_the_configuration_says_what_was_recognised_and_judges_the_same(project: Path) -> None:
    before = findings(project)
    assert before
    done = run("init", project)
    assert (done.status, done.stdout) == (0, "")
    text = (project / ".fr-check.toml").read_text()
    made = tomli.loads(text)
    assert made["preset"] == "common"
    apps = made["env-keys"]["apps"]
    assert apps[0] == {
        "settings": ["api/app/conf.py"], "example": ["api/.env.example"], "templates": ["infra/s.tpl"],
    }  # fmt: skip
    assert apps[1] == {"settings": [], "example": ["tool/env.sample"]}
    assert "# api/.env.example: the nearest" in text
    assert "..." not in text
    assert findings(project) == before


def test_nothing_is_overwritten(project: Path) -> None:
    assert run("init", project).status == 0
    again = run("init", project)
    assert again.status == 2
    assert ".fr-check.toml" in again.stderr
    (project / ".fr-check.toml").unlink()
    (project / ".github/workflows").mkdir(parents=True)
    (project / ".github/workflows/fr-check.yml").write_text("mine\n")
    done = run("init", project, "--workflow", "--hooks")
    assert done.status == 0
    assert "left as it is: .github/workflows/fr-check.yml: it exists" in done.stderr
    assert (project / ".github/workflows/fr-check.yml").read_text() == "mine\n"
    assert (project / ".fr-check.toml").exists()
    hooks = (project / ".pre-commit-config.yaml").read_text()
    refused = run("init", project, "--workflow", "--hooks")
    assert refused.status == 2
    assert ".pre-commit-config.yaml: it names fr-check already" in refused.stderr
    assert (project / ".pre-commit-config.yaml").read_text() == hooks


@pytest.mark.parametrize(
    ("name", "text", "baseline"),
    [
        (".fr-check.toml", 'fail-on = "info"\n', None),
        (".fr-check.toml", 'fail-on = "info"\nbaseline = "ours.json"\n', "ours.json"),
        ("pyproject.toml", '[tool.fr-check]\nfail-on = "info"\n', None),
    ],
)
def test_beside_a_configuration_the_other_files_are_written(
    project: Path, name: str, text: str, baseline: str | None
) -> None:
    (project / name).write_text(text)
    shown = run("init", project, "--hooks", "--workflow", "--accept", "--diff")
    assert (shown.status, name in shown.stdout) == (0, False)
    done = run("init", project, "--hooks", "--workflow", "--accept")
    assert done.status == 0
    assert f"left as it is: {name}" in done.stderr
    assert (project / name).read_text() == text
    assert (project / ".github/workflows/fr-check.yml").exists()
    assert (project / ".pre-commit-config.yaml").exists()
    assert (project / (baseline or ".fr-check-baseline.json")).exists()
    line = 'baseline = ".fr-check-baseline.json"'
    assert (f"add `{line}`" in done.stderr) == (baseline is None)
    if baseline is None:
        (project / name).write_text(text + line + "\n")
    assert run("all", "--root", project, "--allow-unknown").status == 0


def test_a_diff_writes_nothing_and_can_be_applied(project: Path) -> None:
    shown = run("init", project, "--diff", "--hooks", "--workflow")
    assert shown.status == 0
    assert sorted(path.name for path in project.iterdir()) == [".git", "api", "infra", "tool"]
    subprocess.run(["git", "apply"], cwd=project, input=shown.stdout.encode(), check=True)
    applied = {path: (project / path).read_text() for path in (".fr-check.toml", ".pre-commit-config.yaml")}
    (project / ".fr-check.toml").unlink()
    (project / ".pre-commit-config.yaml").unlink()
    assert run("init", project, "--hooks").status == 0
    assert {path: (project / path).read_text() for path in applied} == applied


def test_what_there_is_is_accepted(project: Path) -> None:
    assert run("init", project, "--accept").status == 0
    done = run("all", "--root", project, "--fail-on", "info", "--allow-unknown")
    assert done.status == 0
    assert "in the baseline" in done.stdout


@pytest.mark.parametrize(
    "before",
    [
        "repos:\n- repo: https://github.com/x/y\n  rev: v1\n  hooks:\n  - id: z\n",
        "repos:\n  - repo: local\n    hooks:\n      - id: z # last\n\n# end\nfail_fast: true\n",
        "default_stages: [pre-commit]\nrepos:\n  - repo: local\n    hooks:\n      - id: z",
    ],
)
def test_the_hook_joins_those_that_are_there(project: Path, before: str) -> None:
    path = project / ".pre-commit-config.yaml"
    path.write_text(before)
    assert run("init", project, "--hooks").status == 0
    old, new = yaml.safe_load(before), yaml.safe_load(path.read_text())
    assert new["repos"][:-1] == old["repos"]
    assert new["repos"][-1]["hooks"] == [{"id": "fr-check"}]
    assert {key: value for key, value in new.items() if key != "repos"} == {
        key: value for key, value in old.items() if key != "repos"
    }
    assert "# end" not in before or "# end" in path.read_text()


def test_the_workflow_runs_every_checker(project: Path) -> None:
    assert run("init", project, "--workflow").status == 0
    made = yaml.safe_load((project / ".github/workflows/fr-check.yml").read_text())
    steps = made["jobs"]["fr-check"]["steps"]
    assert steps[0]["with"]["fetch-depth"] == 0
    assert steps[1] == {"uses": f"wangzitian0/fr-check@v{__version__}"}


def test_an_empty_repository_and_a_library_get_a_configuration_too(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path / "empty"], check=True)
    assert run("init", tmp_path / "empty").status == 0
    assert tomli.loads((tmp_path / "empty/.fr-check.toml").read_text()) == {"preset": "common"}
