"""What every test shares: no configuration of the machine leaks in, and generated cases repeat."""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from fr_check.repository.base import _TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Derandomised: a red run on one machine is red on every other. Deadlines measure the machine, not the code.
settings.register_profile("default", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")

# What a hook, a CI provider or a terminal sets around the tests, and the tool or git would go by.
_PREFIXES = ("GIT_", "GITHUB_", "CI_", "PRE_COMMIT", "COVERAGE_", "_FR_CHECK")
_NAMES = {"CI", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", *(name for pair in _TARGETS for name in pair if name)}

_MANY_OPEN = 200


@pytest.fixture(autouse=True, scope="session")
def _signals_are_heard() -> None:
    """What the tests start ends by signals, also where the suite runs in the background or below `nohup`."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(autouse=True, scope="module")
def _descriptors_are_given_back() -> Iterator[None]:
    """Runs within the tests keep their pipes to git until they are collected, which a large heap puts off for long."""
    yield
    if len(os.listdir("/dev/fd")) > _MANY_OPEN:
        gc.collect()


@pytest.fixture(autouse=True, scope="session")
def _neutral_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Git and the tool read no configuration and no CI variables of the machine the tests run on."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_PREFIXES) or name in _NAMES:
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ada")
            patch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
        yield
