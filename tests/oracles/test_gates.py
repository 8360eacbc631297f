"""Which numbers gate, as pytest, coverage, vitest, jest, nyc and c8 decide: all configurations, or GATES of them.

Each configuration is a project of which half is covered, with a command of its workflow. The real tools run it as
GitHub would; fr-check reads it. Both must say the same of whether it fails, and of a number that does not gate there
must be exactly one complaint.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oracles import gates_forms, gates_node, gates_places, gates_python, gates_spelling, gates_vitest
from oracles.gates_model import Configuration
from oracles.gates_verdicts import HIDDEN, TOLD, Said, really_fails, stated_once

TOOLS = Path(__file__).resolve().parents[2] / ".venv" / "gates"
ALL = [
    *gates_python.python(),
    *gates_vitest.vitest(),
    *gates_node.jest(),
    *gates_node.istanbul(),
    *gates_places.places(),
    *gates_forms.forms(),
    *gates_spelling.spelling(),
]
WANTED = int(os.environ.get("GATES") or 0)


def chosen() -> list[Configuration]:
    """All, or the wanted number spread over them, of each tool's home at least one."""
    found = []
    for home in dict.fromkeys(one.home for one in ALL):
        own = [one for one in ALL if one.home == home]
        share = min(len(own), -(-WANTED * len(own) // len(ALL))) if WANTED else len(own)
        found += [own[number * len(own) // share] for number in range(share)]
    return found


CHOSEN = chosen()


def test_there_are_enough_of_them():
    assert len(ALL) >= 300
    assert len({(one.home, one.name) for one in ALL}) == len(ALL)
    assert {one.home for one in CHOSEN} == {one.home for one in ALL}


@pytest.mark.parametrize("configuration", CHOSEN, ids=lambda one: f"{one.home} {one.name}")
def test_it_fails_where_the_tools_say_so(configuration: Configuration):
    fails = really_fails(configuration, TOOLS)
    said = Said(configuration)
    assert said.fails == fails, said.messages
    if stated_once(configuration):
        complaints = [message for message in said.messages if message.split(":")[0].split()[1] in TOLD]
        if fails:
            # A lower number beside the gate may well stand where nobody reads it.
            wrong = [one for one in complaints if "90" in one and "invalid-coverage-config" not in one]
            assert wrong == [], said.messages
        else:
            assert len(complaints) == 1 or said.rules & HIDDEN, said.messages
