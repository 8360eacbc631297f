"""Gates behind task runners: what is said of each agrees with what the runners do, which `make oracles` looks at."""

from __future__ import annotations

import pytest

from oracles.gates_model import Configuration
from oracles.gates_runners import OPEN, PASSING, runners
from oracles.gates_verdicts import TOLD, Said

ALL = runners()


def test_there_are_enough_of_them():
    names = [one.name for one in ALL]
    assert len(names) >= 150
    assert len(set(names)) == len(names)
    assert set(names) >= PASSING | OPEN


@pytest.mark.parametrize("configuration", ALL, ids=lambda one: one.name)
def test_a_gate_behind_a_runner_is_believed_as_the_runner_asks_it(configuration: Configuration):
    said = Said(configuration)
    told = [message for message in said.messages if message.split(":")[0].split()[1] in TOLD]
    if configuration.name in OPEN:
        assert (said.fails, told) == (False, [])
    else:
        assert said.fails is (configuration.name not in PASSING), said.messages
