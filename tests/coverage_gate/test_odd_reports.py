"""Reports of odd but valid spellings say here what they say: lines, arms and statements, to the digit."""

from __future__ import annotations

import os

import pytest

import odd_reports
from fr_check.coverage_gate.measured.data import File
from fr_check.sources import coverage_formats
from fr_check.sources.measurement import Counts, Record, total

# 300 of them: of each form so many.
COUNT = int(os.environ.get("ODD") or 60)


def counts(records: tuple[Record, ...]) -> Counts:
    """The totals over files, of which each may stand in several records."""
    files: dict[str, File] = {}
    for record in records:
        files.setdefault(record.name, File(record.name)).records.append(("report", record))
    return total(file.counts for file in files.values())


@pytest.mark.parametrize("form", odd_reports.FORMS)
def test_it_counts_what_the_report_says(form: str):
    for seed in range(COUNT):
        odd = odd_reports.make(form, seed)
        report = coverage_formats.parse(odd.text.encode())
        found = counts(report.records)
        assert report.faults == (), (seed, odd.text)
        assert found.lines == odd.lines, (seed, odd.text)
        assert (found.branches or (0, 0)) == (odd.arms or (0, 0)), (seed, odd.text)
        if odd.statements is not None:
            assert found.statements == odd.statements, (seed, odd.text)
