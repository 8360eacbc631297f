"""Whether a step fails where its tests do, as real shells decide: every form, and a thousand of them in one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coverage_gate.shell_gates import BASH, PLAIN, compare

if TYPE_CHECKING:
    from pathlib import Path

if BASH is not None:

    @pytest.mark.parametrize("begin", range(0, PLAIN, 100))
    def test_a_hundred_forms(begin: int, tmp_path: Path):
        found, count = compare(range(begin, min(begin + 100, PLAIN)), tmp_path)
        assert found == []
        assert count["held"] > count["unknown"] < count["lost"]

    @pytest.mark.parametrize("begin", range(10_000, 11_000, 100))
    def test_a_hundred_forms_in_forms(begin: int, tmp_path: Path):
        found, count = compare(range(begin, begin + 100), tmp_path)
        assert found == []
        assert count["missed"] < count["held"]
