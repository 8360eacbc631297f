"""What every test shares: no configuration of the machine leaks in, and generated cases repeat."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: a red run on one machine is red on every other. Deadlines measure the machine, not the code.
settings.register_profile("default", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _neutral_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Git and the tool read no configuration and no CI variables of the machine the tests run on."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "GITHUB_", "CI_", "PRE_COMMIT", "COVERAGE_")) or name in {
            "CI",
            "NO_COLOR",
            "COLUMNS",
        }:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
