from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources import lcov
from fr_check.sources.measurement import Ratio, total


def record(body: str, name: str = "src/a.py") -> str:
    return f"TN:\nSF:{name}\n{body}end_of_record\n"


def read(text: str | bytes):
    return lcov.parse(text.encode() if isinstance(text, str) else text)


def kinds(text: str | bytes):
    return [fault.kind for fault in read(text).faults]


COUNTED = {
    "one line hit": ("DA:1,1\n", (1, 1), None),
    "a line given twice, then not hit, counts once and is hit": ("DA:1,1\nDA:1,0\n", (1, 1), None),
    "a count in the thousands": ("DA:1,4123\nDA:2,0\n", (1, 2), None),
    "a negative count is not hit": ("DA:1,-3\nDA:2,1\n", (1, 2), None),
    "a checksum as third field": ("DA:1,1,abc==\nDA:2,0,def\n", (1, 2), None),
    "a dash counts as found, not taken": ("DA:1,0\nBRDA:1,0,0,-\nBRDA:1,0,1,-\n", (0, 1), (0, 2)),
    "text for a branch": ("DA:2,1\nBRDA:2,0,return from function 'f',1\nBRDA:2,0,jump to line 3,0\n", (1, 1), (1, 2)),
    "commas in a branch": ("DA:2,1\nBRDA:2,0,f(a, b),1\nBRDA:2,0,f(a, c),0\n", (1, 1), (1, 2)),
    "an arm given twice is taken if either is": ("DA:2,1\nBRDA:2,0,0,0\nBRDA:2,0,0,5\n", (1, 1), (1, 1)),
    "a record without lines": ("", (0, 0), None),
    "summary only": ("LF:10\nLH:4\n", (4, 10), None),
    "branches measured, none there": ("DA:1,1\nBRF:0\nBRH:0\n", (1, 1), (0, 0)),
    "functions and versions do not count": ("VER:1\nFN:1,f\nFNDA:0,f\nFNF:1\nFNH:0\nDA:1,1\n", (1, 1), None),
    "line 0, to which gcov gives what stands nowhere": ("DA:0,1\nDA:3,0\nLF:2\nLH:1\n", (1, 2), None),
    "scientific counts": ("DA:1,1e3\n", (1, 1), None),
}


@pytest.mark.parametrize(("body", "lines", "arms"), COUNTED.values(), ids=COUNTED)
def test_a_record_is_counted(body, lines, arms):
    report = read(record(body))
    counts = report.records[0].counts
    assert (counts.lines, counts.branches) == (lines, arms)
    assert report.faults == ()
    if "DA" in body:
        detail = report.records[0].detail
        assert (len(detail.hits), len(detail.lines)) == lines
        assert report.records[0].lines == detail.lines


def test_carriage_returns_and_windows_names():
    report = read(record("DA:1,1\nDA:2,0\nLF:2\nLH:1\n", "C:\\x, y\\a.py").replace("\n", "\r\n"))
    assert report.records[0].name == "C:\\x, y\\a.py"
    assert report.records[0].counts.lines == (1, 2)
    assert report.faults == ()


def test_a_byte_order_mark_is_no_text():
    assert read(b"\xef\xbb\xbf" + record("DA:1,1\n").encode()).records[0].counts.lines == (1, 1)


SUM = "K3Fk0QG8b4VdVv0k7cWb4A"
# Up to 7.5 coverage.py wrote lines that ran and are no statements: docstrings, line 0 of an empty module.
OLD = {
    "an empty module": (f"DA:0,1,{SUM}\nLF:0\nLH:0\n", (0, 0)),
    "a docstring, with branches": (f"DA:1,1,{SUM}\nLF:0\nLH:1\nBRF:0\nBRH:0\n", (0, 0)),
    "a docstring and statements": (f"DA:1,1,{SUM}\nDA:2,1,{SUM}\nDA:3,0,{SUM}\nLF:2\nLH:2\n", (1, 2)),
}


@pytest.mark.parametrize(("body", "lines"), OLD.values(), ids=OLD)
def test_what_ran_and_is_no_statement_counts_for_nothing(body, lines):
    report = read(record(body))
    assert (report.faults, report.records[0].counts.lines) == ((), lines)
    forged = body.replace("LF:", "LF:9")
    assert [fault.kind for fault in read(record(forged)).faults][:1] == ["inconsistent"]


FAULTY = {
    "totals that lie": (record("DA:1,1\nLF:100\nLH:100\n"), ["inconsistent", "inconsistent"]),
    "branch totals that lie": (record("DA:1,1\nBRDA:1,0,0,1\nBRF:2\nBRH:2\n"), ["inconsistent", "inconsistent"]),
    "no end of record": ("SF:a.py\nDA:1,1\n", ["truncated"]),
    "cut in the middle of a line": (record("DA:1,1\n") + "SF:b.py\nDA:1", ["truncated"]),
    "cut in the middle of the end": ("SF:a.py\nDA:1,1\nend_of_rec", ["truncated"]),
    "a record runs into the next": ("SF:a.py\nDA:1,1\nSF:b.py\nDA:1,1\nend_of_record\n", ["truncated"]),
    "a count that is no number": (record("DA:1,x\n"), ["malformed"]),
    "a line that is no number": (record("DA:x,1\n"), ["malformed"]),
    "a line number like a telephone's": (record("DA:99999999999,1\n"), ["malformed"]),
    "an arm without a count": (record("DA:1,1\nBRDA:1,0\n"), ["malformed"]),
    "records of no file": ("DA:1,1\nend_of_record\n", ["malformed"]),
    "prose": ("hello\n", ["malformed"]),
    "binary": (b"SF:a\x00\n", ["malformed"]),
}


@pytest.mark.parametrize(("text", "expected"), FAULTY.values(), ids=FAULTY)
def test_what_is_wrong_is_said(text, expected):
    assert kinds(text) == expected


def test_a_fault_stands_on_the_line_of_its_record():
    report = read(record("DA:1,1\n") + "\n" + record("DA:1,1\nLF:2\n", "src/b.py"))
    assert [fault.line for fault in report.faults] == [6]


def test_a_million_broken_lines_are_one_complaint():
    assert len(read(record("DA:x,1\n" * 1000)).faults) <= 21


def test_two_arms_of_one_description_are_two_where_the_producer_counts_them_so():
    body = (
        "DA:1,1\nBRDA:1,0,return from function 'f',1\nBRDA:1,0,return from function 'f',0\nBRF:2\nBRH:1\nLF:1\nLH:1\n"
    )
    report = read(record(body))
    assert report.records[0].counts.branches == (1, 2)
    assert report.faults == ()


def test_a_name_that_holds_the_end_marker():
    report = read(record("DA:1,1\nLF:1\nLH:1\n", "src/end_of_record.py") + record("DA:1,0\n"))
    assert [item.name for item in report.records] == ["src/end_of_record.py", "src/a.py"]
    assert report.faults == ()


@given(st.binary(max_size=400))
def test_any_bytes_give_a_report(data):
    report = lcov.parse(data)
    for item in report.records:
        assert item.detail is not None or item.counts.lines.total >= 0


TOKENS = [
    "SF:a",
    "DA:1,1",
    "DA:1,0",
    "DA:2,",
    "DA",
    "BRDA:1,0,x,1",
    "BRDA:1,0,x,-",
    "LF:1",
    "LH:9",
    "end_of_record",
    "TN:",
]


@given(
    st.lists(st.sampled_from([*TOKENS, "BRDA:,,,", "DA:-1,1", "\x0c", "FN:1,f"]), max_size=20), st.sampled_from("\n\r")
)
def test_any_records_give_a_report_whose_counts_are_its_details(tokens, end):
    for item in read(end.join([*tokens, ""])).records:
        counts, detail = item.counts, item.detail
        assert 0 <= counts.lines.covered <= counts.lines.total
        if detail is not None:
            assert (len(detail.hits), len(detail.lines)) == counts.lines


FILES = st.dictionaries(
    st.sampled_from(["a.py", "src/b c.py", "d,e.py"]),
    st.tuples(
        st.dictionaries(st.integers(1, 40), st.integers(0, 3), max_size=15),
        st.dictionaries(
            st.tuples(st.integers(1, 40), st.sampled_from(["0", "jump to line 3", "a,b"])),
            st.sampled_from(["-", "0", "1", "7"]),
            max_size=8,
        ),
    ),
    max_size=3,
)


def written(files) -> str:
    parts = []
    for name, (lines, arms) in files.items():
        body = "".join(f"DA:{line},{count}\n" for line, count in lines.items())
        body += "".join(f"BRDA:{line},0,{arm},{count}\n" for (line, arm), count in arms.items())
        body += f"LF:{len(lines)}\nLH:{sum(map(bool, lines.values()))}\n"
        parts.append(record(body, name))
    return "".join(parts)


@given(FILES)
def test_generated_reports_count_as_a_naive_model_does(files):
    report = read(written(files))
    assert report.faults == ()
    counts = total(item.counts for item in report.records)
    lines = [count for one, _ in files.values() for count in one.values()]
    arms = [count for _, one in files.values() for count in one.values()]
    assert counts.lines == Ratio(sum(map(bool, lines)), len(lines))
    assert (counts.branches or (0, 0)) == (sum(count not in "-0" for count in arms), len(arms))
    assert [item.name for item in report.records] == list(files)


@given(FILES, st.integers(1, 30))
def test_a_report_that_is_cut_never_passes_for_whole(files, cut):
    text = written(files)
    if not text:
        return
    report = read(text[:-cut])
    whole = text[:-cut].rstrip("\n").endswith("end_of_record") or not text[:-cut].strip("TN:\n")
    assert whole or any(fault.kind in {"truncated", "malformed"} for fault in report.faults)


@pytest.mark.parametrize(
    ("body", "expected", "faults"),
    [
        ("DA:1,1\nDA:2,1\nBRDA:2,0,jump to line 3,1\nBRF:2\nBRH:2\n", (1, 1), []),
        ("DA:1,0\nBRF:2\nBRH:2\n", (0, 0), []),
        ("DA:1,1\nBRDA:1,0,a,1\nBRF:40\nBRH:40\n", (1, 1), ["inconsistent", "inconsistent"]),
        ("DA:1,1\nBRDA:1,0,a,0\nBRF:2\nBRH:2\n", (0, 1), ["inconsistent", "inconsistent"]),
        ("DA:1,1\nBRDA:1,0,a,1\nBRF:2\nBRH:1\n", (1, 1), ["inconsistent"]),
    ],
    ids=["one arm ran", "nothing ran", "more than lines can have", "covered that was missed", "missed that is unnamed"],
)
def test_coverage_counts_arms_of_no_branch_as_covered_and_writes_only_those_that_ran(body, expected, faults):
    report = read(record(body))
    assert report.records[0].counts.branches == expected
    assert [fault.kind for fault in report.faults] == faults
