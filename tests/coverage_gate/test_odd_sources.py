"""Coverage of odd Python sources: from the database and from every report, what coverage.py itself counts."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

import odd_sources
from fr_check.repository.opening import open_repository
from measuring import ids, measured

if TYPE_CHECKING:
    from pathlib import Path

COUNT = int(os.environ.get("ODD") or 25)


@pytest.mark.parametrize("seed", range(COUNT))
def test_every_form_counts_what_coverage_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int):
    monkeypatch.chdir(tmp_path)
    odd_sources.measure(tmp_path, seed)
    document = json.loads((tmp_path / "report.json").read_text())
    totals = document["totals"]
    lines = (totals["covered_lines"], totals["num_statements"])
    branches = (totals["covered_branches"], totals["num_branches"]) if document["meta"]["branch_coverage"] else None
    executed = {name: set(entry["executed_lines"]) for name, entry in document["files"].items()}
    for form in (".coverage", *(f"report.{one}" for one in odd_sources.FORMS)):
        found = measured(open_repository(str(tmp_path)), str(tmp_path / form))
        assert set(ids(found)) <= {"nothing-measured", "unmeasured-source"}, form
        if not lines[1]:
            continue
        # A tracefile without a branch does not tell whether branches were measured.
        silent = form == "report.lcov" and branches == (0, 0)
        assert (found.counts.lines, found.counts.branches) == (lines, None if silent else branches), form
        hits = {name: set(file.detail.hits) for name, file in found.files.items() if file.counts.lines.total}
        assert hits == {name: executed[name] for name in hits}, form
