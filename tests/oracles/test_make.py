"""What GNU make gives the program that a recipe starts, for two thousand makefiles made at random."""

from __future__ import annotations

from pathlib import Path

import pytest

from variables.make_worlds import MAKE, compare

if MAKE is not None:

    @pytest.mark.parametrize("begin", range(0, 2_000, 200))
    def test_two_hundred_makefiles(begin: int, tmp_path: Path):
        found, count = compare(range(begin, begin + 200), tmp_path)
        assert found == []
        assert count["ran"] > count["stopped"]
