"""Whether a step fails where its tests do, as real shells decide: a sample of what `make oracles` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_gate.shell_gates import BASH, PLAIN, compare

if TYPE_CHECKING:
    from pathlib import Path

if BASH is not None:

    def test_a_sample_of_forms(tmp_path: Path):
        found, count = compare(range(0, PLAIN, 21), tmp_path)
        assert found == []
        assert count["held"] > 9 < count["lost"]
