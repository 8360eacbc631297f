"""What real shells give the program that an entrypoint script starts, for a thousand scripts made at random."""

from __future__ import annotations

from pathlib import Path

import pytest

from variables.shell_worlds import SHELLS, compare

if SHELLS:

    @pytest.mark.parametrize("begin", range(0, 1_000, 100))
    def test_a_hundred_scripts(begin: int, tmp_path: Path):
        found, count = compare(range(begin, begin + 100), tmp_path)
        assert found == []
        assert count["ran"] > count["stopped"]
