"""What tox, nox, poe, pdm, hatch and make let fail: all configurations, or GATES of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oracles.gates_model import Configuration
from oracles.gates_runners import PASSING, runners
from oracles.gates_verdicts import really_fails

ALL = runners()
WANTED = int(os.environ.get("GATES") or 0) or len(ALL)
CHOSEN = [ALL[number * len(ALL) // WANTED] for number in range(min(WANTED, len(ALL)))]


@pytest.mark.parametrize("configuration", CHOSEN, ids=lambda one: one.name)
def test_a_command_ends_as_is_written_down(configuration: Configuration):
    assert really_fails(configuration, Path()) is (configuration.name not in PASSING)
