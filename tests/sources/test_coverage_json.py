from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources import coverage_formats


def document(files: dict, *, branches: bool = False, totals: dict | None = None, **meta: str) -> bytes:
    return json.dumps(
        {"meta": {"version": "7.17.3", "branch_coverage": branches, **meta}, "files": files, "totals": totals or {}}
    ).encode()


def entry(
    executed: list, missing: list, taken: list | None = None, missed: list | None = None, **summary: float
) -> dict:
    found = {"executed_lines": executed, "missing_lines": missing, "summary": summary}
    return found if taken is None else {**found, "executed_branches": taken, "missing_branches": missed}


def test_lines_and_arcs_are_counted():
    data = document(
        {"src/a.py": entry([1, 2], [3], [[2, 3]], [[2, -1]])}, branches=True, timestamp="2026-01-13T14:11:05"
    )
    report = coverage_formats.parse(data)
    (record,) = report.records
    assert record.counts.lines == (2, 3)
    assert record.counts.branches == (1, 2)
    assert record.counts.blended == (3, 5)
    assert record.detail.branches_by_line() == {2: (1, 2)}
    assert (report.producer, report.branches, report.faults) == ("coverage.py 7.17.3", True, ())
    assert report.made is not None


def test_without_branches_they_are_unknown_and_not_zero():
    assert coverage_formats.parse(document({"a.py": entry([1], [])})).records[0].counts.branches is None


def test_a_format_without_the_newer_percentages_is_recomputed():
    summary = {"covered_lines": 1, "num_statements": 2, "percent_covered": 99.0, "missing_lines": 1}
    report = coverage_formats.parse(document({"a.py": entry([1], [2], **summary)}, totals=summary))
    assert report.faults == ()
    assert report.records[0].counts.lines == (1, 2)


@pytest.mark.parametrize("key", ["covered_lines", "num_statements"])
def test_totals_edited_by_hand_are_inconsistent(key):
    report = coverage_formats.parse(document({"a.py": entry([1], [2])}, totals={key: 7}))
    assert [fault.kind for fault in report.faults] == ["inconsistent"]


@pytest.mark.parametrize(
    ("executed", "missing", "counts"), [([1], [], (0, 0)), ([1, 2, 9], [3], (2, 3)), ([1, 4, 6], [], (1, 1))]
)
def test_what_ran_and_is_no_statement_is_not_counted(executed: list, missing: list, counts: tuple[int, int]):
    """Docstrings and excluded lines, which coverage.py before 7.13.1 lists among the executed ones."""
    stated = {"covered_lines": counts[0], "num_statements": counts[1], "missing_lines": len(missing)}
    report = coverage_formats.parse(document({"a.py": entry(executed, missing, **stated)}, totals=stated))
    assert report.faults == ()
    assert report.records[0].counts.lines == counts


@pytest.mark.parametrize("stated", [(3, 4), (2, 2), (-1, 0), (1, 3)])
def test_a_summary_that_no_list_of_such_lines_explains_is_inconsistent(stated: tuple[int, int]):
    report = coverage_formats.parse(
        document({"a.py": entry([1, 2], [3], covered_lines=stated[0], num_statements=stated[1])})
    )
    assert {fault.kind for fault in report.faults} == {"inconsistent"}


def test_a_summary_that_lies_is_inconsistent():
    report = coverage_formats.parse(document({"a.py": entry([1], [2], covered_lines=2)}))
    assert [fault.kind for fault in report.faults] == ["inconsistent"]
    assert "`a.py`" in report.faults[0].message


BROKEN = {
    "cut": (b'{"meta": {}, "files": {"a.py": {"executed_lines": [1', "truncated"),
    "no JSON": (b"{x}", "malformed"),
    "nested deeply": (b'{"a":' * 100_000, "malformed"),
    "a list": (b"[]", "malformed"),
    "no files": (b'{"meta": {}}', "malformed"),
    "lines of words": (document({"a.py": entry(["x"], [])}), "malformed"),
    "a forged line": (document({"a.py": entry([10**12], [])}), "malformed"),
    "not UTF-8": (b'{"\xff": 1}', "malformed"),
}


@pytest.mark.parametrize(("data", "kind"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_said(data, kind):
    assert [fault.kind for fault in coverage_formats.parse(data).faults] == [kind]


PLACE = {"start": {"line": 1, "column": 0}, "end": {"line": 1, "column": 9}}
SECOND = {"start": {"line": 1, "column": 10}, "end": {"line": 1, "column": 19}}
THIRD = {"start": {"line": 2, "column": 0}, "end": {"line": 4, "column": 1}}
FINAL = {
    "/app/src/a.ts": {
        "path": "/app/src/a.ts",
        "statementMap": {"0": PLACE, "1": SECOND, "2": THIRD},
        "s": {"0": 1, "1": 0, "2": 0},
        "fnMap": {},
        "f": {},
        "branchMap": {"0": {"type": "if", "loc": THIRD, "locations": [THIRD, THIRD]}},
        "b": {"0": [3, 0]},
    }
}


def test_istanbul_counts_lines_by_where_statements_start():
    (record,) = coverage_formats.parse(json.dumps(FINAL).encode()).records
    assert record.counts.statements == (1, 3)
    assert record.counts.lines == (1, 2)
    assert record.counts.branches == (1, 2)
    assert record.counts.lines.percent() == "50.00"
    assert record.counts.statements.percent() == "33.33"
    assert record.detail.branches_by_line() == {2: (1, 2)}


def test_a_module_of_types_is_a_record_of_nothing():
    empty = {"/a.ts": {"path": "/a.ts", "statementMap": {}, "s": {}, "fnMap": {}, "f": {}, "branchMap": {}, "b": {}}}
    (record,) = coverage_formats.parse(json.dumps(empty).encode()).records
    assert record.counts.lines == (0, 0)


def part(covered: int, total: int) -> dict:
    return {"total": total, "covered": covered, "skipped": 0, "pct": "Unknown"}


def summary(total: tuple[int, int], **files: tuple[int, int]) -> bytes:
    def one(pair):
        return {"lines": part(*pair), "statements": part(*pair), "branches": part(0, 0), "functions": part(0, 0)}

    return json.dumps({"total": one(total), **{name: one(pair) for name, pair in files.items()}}).encode()


def test_a_summary_is_coarse_and_its_percentages_are_not_read():
    report = coverage_formats.parse(summary((3, 4), a=(1, 2), b=(2, 2)))
    assert report.faults == ()
    assert [record.counts.lines for record in report.records] == [(1, 2), (2, 2)]
    assert [record.detail for record in report.records] == [None, None]


def test_a_summary_whose_total_is_not_the_sum_is_inconsistent():
    assert [fault.kind for fault in coverage_formats.parse(summary((4, 4), a=(1, 2), b=(2, 2))).faults] == [
        "inconsistent"
    ]


@pytest.mark.parametrize("value", [{"a": 1}, {"a": {"statementMap": {"0": {}}, "s": {}}}, {"total": 3}])
def test_istanbul_of_another_shape_is_malformed(value):
    assert {fault.kind for fault in coverage_formats.parse(json.dumps(value).encode()).faults} == {"malformed"}


FORMS = {
    "lcov": (b"TN:\nSF:a.py\nend_of_record\n", "lcov"),
    "cobertura": (b"\n<?xml version='1.0'?><coverage/>", "cobertura"),
    "coverage.json": (document({}), "coverage.json"),
    "istanbul": (json.dumps(FINAL).encode(), "istanbul"),
    "istanbul summary": (summary((0, 0)), "istanbul summary"),
    "an empty map": (b"{}", "istanbul"),
    "database": (b"SQLite format 3\0...", ".coverage"),
    "nothing": (b" \n", "empty"),
    "prose": (b"hello", "unknown"),
}


@pytest.mark.parametrize(("data", "form"), FORMS.values(), ids=FORMS)
def test_a_format_is_told_by_content(data, form):
    assert coverage_formats.parse(data).form == form


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 30) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "meta",
                    "files",
                    "total",
                    "lines",
                    "covered",
                    "s",
                    "statementMap",
                    "start",
                    "line",
                    "executed_lines",
                    "b",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_gives_a_report(value):
    report = coverage_formats.parse(json.dumps(value).encode())
    for record in report.records:
        assert 0 <= record.counts.lines.covered <= record.counts.lines.total


@given(st.binary(max_size=200))
def test_any_bytes_give_a_report(data):
    report = coverage_formats.parse(data)
    assert report.form
