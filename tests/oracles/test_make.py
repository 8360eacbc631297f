"""What GNU make gives the program that a recipe starts, and which lines it runs, for makefiles made at random."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracles.make_conditions import World
from variables.make_worlds import MAKE, compare

if MAKE is not None:

    @pytest.mark.parametrize("begin", range(0, 2_000, 200))
    def test_two_hundred_makefiles(begin: int, tmp_path: Path):
        found, count = compare(range(begin, begin + 200), tmp_path)
        assert found == []
        assert count["ran"] > count["stopped"]

    @pytest.mark.parametrize("begin", range(0, 1_000, 250))
    def test_two_hundred_and_fifty_makefiles_of_conditions(begin: int, tmp_path: Path):
        compared = 0
        for seed in range(begin, begin + 250):
            world = World(seed)
            real, read = world.run(tmp_path), world.read()
            if real is not None and read is not None:
                compared += 1
                assert read == real, (world.string, world.given, world.environment)
        assert compared >= 150
