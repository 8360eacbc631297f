"""Which modules each command loads: the part of start-up time that does not depend on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from checkers.core.registry import CHECKERS
from checkers.demo import build

if TYPE_CHECKING:
    from pathlib import Path

PROBE = """
import json, sys
before = set(sys.modules)
from checkers.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stdout.flush()
print("\\n" + json.dumps(sorted(set(sys.modules) - before)))
"""
# Each of these costs more than a checker may take in all, or has no business on a checking path.
HEAVY = {"libcst", "git", "coverage", "rich", "importlib.metadata", "pkg_resources", "dataclasses", "pydantic"}
PACKAGES = {entry.package for entry in CHECKERS.values()}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(str(tmp_path_factory.mktemp("sample") / "built")).root


def modules(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def packages(loaded: set[str]) -> set[str]:
    return PACKAGES & loaded


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("env-keys", "--help"), ("nonsense",)])
def test_help_loads_no_checker_and_no_library_but_click(arguments: tuple[str, ...]):
    loaded = modules(*arguments)
    ours = {name for name in loaded if name.startswith("checkers.")}
    core = {"checkers.core", *(f"checkers.core.{name}" for name in ("record", "registry", "trouble"))}
    assert ours == {"checkers.cli", "checkers.report", *core}
    assert not loaded & (HEAVY | {"yaml", "tomli", "subprocess"})


@pytest.mark.parametrize("name", CHECKERS)
def test_a_checker_loads_itself_alone(name: str, sample: str):
    loaded = modules(name, "--root", sample)
    assert packages(loaded) == {CHECKERS[name].package}
    assert not loaded & HEAVY


def test_all_loads_every_checker_and_nothing_heavy(sample: str):
    loaded = modules("all", "--root", sample)
    assert packages(loaded) == PACKAGES
    assert not loaded & HEAVY


def test_the_pointer_checker_needs_no_yaml_without_workflows(sample: str, tmp_path: Path):
    del sample
    (tmp_path / "README.md").write_text("nothing here\n")
    loaded = modules("submodule-sync", "--root", str(tmp_path))
    assert "yaml" not in loaded
