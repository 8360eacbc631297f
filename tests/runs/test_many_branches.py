"""Branches one after the other: which test decides about each is found without another look at the whole script."""

from __future__ import annotations

from collections import UserList
from typing import TYPE_CHECKING

import pytest

from effort import LINEAR, growth
from fr_check.runs import walk
from fr_check.runs.stops import Guards
from fr_check.sources import shell

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = (
    "if a; then docker build x; fi\n",
    "if a; then docker build x; else docker build y; fi\n",
    "[ -f a ] && { docker build x; }\n",
    "if [ -f a ]; then . a; fi\n",
)


class Counted(UserList):
    """A list that counts how often one of it is taken: to `effort` a comprehension is one line."""

    taken = 0

    def __iter__(self) -> Iterator[object]:
        for one in self.data:
            self.taken += 1
            yield one


@pytest.mark.parametrize("unit", UNITS)
def test_branches_cost_their_number(unit):
    assert growth(walk.commands, lambda size: unit * size, 100, 800) <= LINEAR


@pytest.mark.parametrize("unit", UNITS)
def test_the_tests_of_all_branches_are_found_in_one_look_at_the_commands(unit):
    script = shell.parse(unit * 100)
    commands = Counted(script.commands)
    counted = script._replace(commands=commands)
    guards = Guards(counted, shell.Scopes(script, {}).commands)
    commands.taken = 0
    for block in range(len(script.blocks)):
        guards.guards(block)
    assert commands.taken <= len(script.commands)
