"""Workflows, forms, the container and the release: read by their real parsers, and held to what they promise."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dockerfile
import pytest
import yaml
from packaging.requirements import Requirement
from trove_classifiers import classifiers

import fr_check
from fr_check.core.site import PROJECT, SITE
from fr_check.core.text import Text
from fr_check.sources.dockerfile import parse

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
PROJECT_TABLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_actions_of_others_are_pinned_to_a_commit_with_its_version(path: Path):
    for line in re.findall(r"uses: (.*)", path.read_text("utf-8")):
        assert line.startswith("./ ") or re.fullmatch(
            r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line.split(" # zizmor")[0]
        ), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_gives_no_permission_but_by_job(path: Path):
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())


def test_the_same_action_is_pinned_to_the_same_commit_everywhere():
    pins = {}
    for path in (*WORKFLOWS, ROOT / "action.yml"):
        for name, commit in re.findall(r"uses: ([\w./-]+)@(\S+)", path.read_text("utf-8")):
            assert pins.setdefault(name, commit) == commit


def test_ci_calls_make_targets_that_exist():
    targets = set(re.findall(r"^([\w./ -]+):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    names = {name for target in targets for name in target.split()}
    called = {
        name
        for path in WORKFLOWS
        for step in steps(path)
        for name in re.findall(r"^make (\S+)$", step.get("run", ""), re.MULTILINE)
    }
    assert called
    assert called - names == set()


def test_what_is_tested_in_ci_is_what_is_declared():
    declared = {name.rpartition(" ")[2] for name in PROJECT_TABLE["classifiers"] if re.search(r":: 3\.\d+$", name)}
    weekly = set(load(ROOT / ".github/workflows/weekly.yml")["jobs"]["ranges"]["strategy"]["matrix"]["python"])
    jobs = load(ROOT / ".github/workflows/ci.yml")["jobs"]
    often = set(jobs["test"]["strategy"]["matrix"]["python"])
    (gates,) = [
        step["with"]["python-version"] for step in jobs["gates"]["steps"] if "setup-python" in step.get("uses", "")
    ]
    assert declared == weekly == often | {gates}


def test_a_release_is_published_without_a_password_and_attested():
    release = load(ROOT / ".github/workflows/release.yml")
    assert release[True] == {"push": {"tags": ["v*"]}}  # YAML 1.1: `on`
    publish = release["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"]["name"] == "pypi"
    assert not re.search(r"secrets\.|password:", (ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    used = [step.get("uses", "").partition("@")[0] for step in steps(ROOT / ".github/workflows/release.yml")]
    assert {"pypa/gh-action-pypi-publish", "actions/attest-build-provenance"} <= set(used)
    assert "Containerfile" in (ROOT / ".github/workflows/release.yml").read_text("utf-8")


@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".github" / "scripts" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tag_must_be_the_version(release: ModuleType, capsys: pytest.CaptureFixture[str]):
    assert release.version((ROOT / "checkers/fr_check/__init__.py").read_text("utf-8")) == fr_check.__version__
    assert release.main(["v0.0.1"]) == 1
    assert f"tag v{fr_check.__version__}" in capsys.readouterr().err


def test_the_notes_are_the_section_of_the_version(release: ModuleType):
    changelog = "# Changelog\n\n## 0.3.0\n\n- c\n\n## 0.2.0 (2026-12-01)\n\nText.\n\n- b\n\n## 0.1.0\n\n- a\n"
    assert release.notes(changelog, "0.2.0") == "Text.\n\n- b"
    assert release.notes(changelog, "0.1.0") == "- a"
    assert release.notes(changelog, "0.2") is None
    assert release.notes("## 1.0\n\n", "1.0") is None


def test_the_changelog_has_a_section_of_this_version(capfd: pytest.CaptureFixture[str]):
    script = ROOT / ".github" / "scripts" / "release.py"
    done = subprocess.run([sys.executable, script, f"v{fr_check.__version__}"], check=False)
    assert (done.returncode, capfd.readouterr().err) == (0, "")


def test_the_container_is_what_both_parsers_read():
    source = (ROOT / "Containerfile").read_text("utf-8")
    theirs = dockerfile.parse_string(source)
    ours = parse(Text(source))
    assert [item.cmd.lower() for item in theirs].count("from") == len(ours.stages)
    assert ours.problems == ()
    last = {item.cmd.lower(): list(item.value) for item in theirs}
    assert (last["entrypoint"], last["cmd"], last["user"]) == (["fr-check"], ["all"], ["fr-check"])
    copied = [item.value for item in theirs if item.cmd.lower() == "copy"]
    assert ("/opt/fr-check", "/opt/fr-check") in copied


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_has_what_github_demands_of_one(path: Path):
    form = load(path)
    assert {"name", "description", "body"} <= form.keys()
    kinds = {"markdown", "textarea", "input", "dropdown", "checkboxes"}
    assert {item["type"] for item in form["body"]} <= kinds
    names = [item["id"] for item in form["body"]]
    assert len(names) == len(set(names))
    assert all(item["attributes"]["label"] for item in form["body"])


def test_dependabot_knows_the_ecosystems():
    config = load(ROOT / ".github" / "dependabot.yml")
    assert config["version"] == 2
    assert {item["package-ecosystem"] for item in config["updates"]} == {"github-actions", "docker"}


def test_classifiers_exist_and_addresses_are_the_projects():
    assert set(PROJECT_TABLE["classifiers"]) <= classifiers
    urls = PROJECT_TABLE["urls"]
    assert (urls["Source"], urls["Documentation"]) == (PROJECT, f"{SITE}/")
    assert all(url.startswith((PROJECT, SITE)) for url in urls.values())
    assert [str(Requirement(item)) for item in PROJECT_TABLE["dependencies"]]
