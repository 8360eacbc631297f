"""Every line of the documentation that installs fr-check, run as it stands: its address leads to this tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import fr_check
from fr_check.app.demo import build

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://github.com/wangzitian0/fr-check"
VERSION = f"fr-check, version {fr_check.__version__}\n"
README = (ROOT / "README.md").read_text("utf-8")
_NO_SOURCE = shutil.ignore_patterns(".git", ".venv", "site", "dist", "__pycache__", ".*_cache", ".hypothesis")


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the public address leads to this tree, committed and tagged."""
    folder = tmp_path_factory.mktemp("published")
    tree = folder / "fr-check"
    shutil.copytree(ROOT, tree, ignore=_NO_SOURCE, symlinks=True)
    # In the home: pre-commit hands git no configuration that variables name.
    (folder / "home").mkdir()
    (folder / "home" / ".gitconfig").write_text(
        f'[url "file://{tree}"]\n\tinsteadOf = {ADDRESS}\n[user]\n\tname = Ada\n\temail = ada@example.org\n'
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "VIRTUAL_ENV"))},
        "HOME": str(folder / "home"),
        "UV_CACHE_DIR": str(folder / "uv"),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PREK_HOME": str(folder / "prek"),
        "PATH": os.pathsep.join(
            [str(Path(sys.executable).parent), str(folder / "home/.local/bin"), os.environ["PATH"]]
        ),
    }
    tag = f"v{fr_check.__version__}"
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "All"), ("tag", tag)):
        subprocess.run(["git", *arguments], cwd=tree, env=environment, check=True)
    return environment


@pytest.fixture
def sample(tmp_path: Path) -> str:
    return build(str(tmp_path / "built")).root


def call(environment: dict[str, str], folder: str, *command: str) -> tuple[int, str, str]:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout, done.stderr


def test_the_first_line_of_the_readme(around: dict[str, str], sample: str):
    (line,) = re.findall(r"^\$ (uvx .*)$", README, re.MULTILINE)
    status, output, said = call(around, sample, *line.split())
    assert (status, "error[undocumented-setting]" in output) == (1, True), said


def test_pipx_as_the_readme_calls_it(around: dict[str, str], sample: str):
    (line,) = re.findall(r"`(pipx run --spec [^`]*)`", README)
    status, output, said = call(around, sample, "uvx", *line.split())
    assert (status, "error[undocumented-setting]" in output) == (1, True), said


def test_a_tool_that_stays(around: dict[str, str], sample: str):
    assert call(around, sample, "uv", "tool", "install", f"git+{ADDRESS}")[0] == 0
    installed = str(Path(around["HOME"]) / ".local" / "bin" / "fr-check")
    assert call(around, sample, installed, "--version")[:2] == (0, VERSION)


def test_pip(around: dict[str, str], sample: str, tmp_path: Path):
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    status, _, said = call(around, sample, str(programs / "pip"), "install", "--quiet", f"git+{ADDRESS}")
    assert status == 0, said
    assert call(around, sample, str(programs / "fr-check"), "demo")[0] == 0


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_the_hook_of_the_readme(around: dict[str, str], sample: str, tool: str):
    (config,) = re.findall(r"```yaml\n(# \.pre-commit-config\.yaml.*?)```", README, re.DOTALL)
    Path(sample, ".pre-commit-config.yaml").write_text(config)
    assert call(around, sample, tool, "install", "--hook-type", "pre-commit", "--hook-type", "pre-push")[0] == 0
    call(around, sample, "git", "add", ".pre-commit-config.yaml")
    status, output, said = call(around, sample, "git", "commit", "-m", "Check drift")
    assert (status, "error[undocumented-setting]" in output + said) == (1, True), output + said
