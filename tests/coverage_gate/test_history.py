"""Recorded totals: what is written, and what is lost against them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.coverage_gate.measured.model import Drop
from fr_check.coverage_gate.measured.record import record
from fr_check.coverage_gate.samples import lcov, source
from fr_check.policy.coverage_gate import Component, Coverage
from fr_check.sources.measurement import Counts, Ratio
from measuring import ids, judged, measured
from running import run

POLICY = Coverage(record="totals.json", max_drop=0.05)
SOURCES = {"src/a.py": source(10_000)}


def at(covered: int) -> dict[str, str]:
    return {**SOURCES, "coverage.lcov": lcov("src/a.py", "1" * covered + "0" * (10_000 - covered))}


def recorded(*steps: int) -> str:
    text = ""
    for covered in steps:
        text = record(measured(at(covered)).scopes, text)
    return text


def test_totals_are_recorded_exactly_and_the_highest_stays():
    document = json.loads(recorded(9558, 9550))
    assert document == {
        "version": 1,
        "coverage": {
            "": {
                "last": {"line": [9550, 10000]},
                "highest": {"line": [9558, 10000]},
            }
        },
    }


STEPS = {
    "risen": ((9500,), 9558, []),
    "the same": ((9558,), 9558, []),
    "a step within what may be lost": ((9558,), 9555, ["warning"]),
    "a step beyond": ((9558,), 9500, ["error"]),
    "three small steps, against the highest": ((9558, 9554, 9550), 9546, ["error"]),
}


@pytest.mark.parametrize(("before", "now", "severities"), STEPS.values(), ids=STEPS)
def test_small_losses_add_up(before, now, severities):
    found = measured(at(now), policy=POLICY, base={"totals.json": recorded(*before)})
    assert [str(item.severity) for item in judged(found)] == severities


def test_a_note_says_how_many_more_lines_are_uncovered():
    found = measured(at(9500), policy=POLICY, base={"totals.json": recorded(9558)})
    assert judged(found)[0].notes[0].message == "58 lines more uncovered than then"


def test_a_record_of_nothing_is_no_mark():
    text = '{"version": 1, "coverage": {"": {"last": {"line": [0, 100]}, "highest": {"line": [0, 100]}}}}'
    assert ids(measured(at(1), policy=POLICY, base={"totals.json": text})) == ["coverage-dropped"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"version": 2}', '{"version": 1, "coverage": {"": {"last": {"line": [3, 1]}}}}']
)
def test_a_record_that_is_none_is_unknown(text):
    assert ids(measured(at(1), policy=POLICY, base={"totals.json": text})) == ["unreadable-record"]


def test_without_a_record_in_the_base_nothing_is_compared_and_that_is_said():
    found = measured(at(1), policy=POLICY, base=SOURCES)
    assert judged(found) == []
    assert [item.reason for item in found.skipped] == ["no recorded totals to compare with in totals.json"]


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 300))
def test_a_drop_is_compared_exactly(total, other, covered, now, tenths):
    from fractions import Fraction

    then, measured_now = Ratio(min(covered, total), total), Ratio(min(now, other), other)
    fall = 100 * (Fraction(*then) - Fraction(*measured_now))
    assert Drop("", "line", "last", then, measured_now).exceeds(tenths / 10) == (fall > Fraction(tenths, 10))


def test_branches_that_are_no_longer_measured_are_a_loss_nobody_can_tell():
    files = {"src/a.py": source(4)}
    before = record(measured({**files, "coverage.lcov": lcov("src/a.py", "1111", "11")}).scopes)
    found = measured({**files, "coverage.lcov": lcov("src/a.py", "1111")}, policy=POLICY, base={"totals.json": before})
    (finding,) = judged(found)
    assert (finding.rule, finding.subject) == ("coverage-dropped", "branch")
    assert "no longer" in finding.message


def test_what_a_run_did_not_measure_keeps_its_marks():
    parts = Coverage(components=(Component("a", "a"), Component("b", "b")))
    files = {"a/x.py": source(4), "b/y.py": source(4)}
    one, other = lcov("a/x.py", "1111"), lcov("b/y.py", "1110")
    both = record(measured({**files, "coverage.lcov": one + other}, policy=parts).scopes)
    again = json.loads(record(measured({**files, "coverage.lcov": one}, policy=parts).scopes, both))
    assert again["coverage"]["b"] == json.loads(both)["coverage"]["b"]


def test_what_was_not_judged_is_not_recorded(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "coverage.lcov").write_text("SF:a.py\nDA:1,1\nend_of_record\n")
    record_file = tmp_path / "totals.json"
    assert run("coverage", "coverage.lcov", "--root", tmp_path, "--record", record_file).status == 0
    written = record_file.read_text()
    assert '"last": {' in written
    for report in ("missing.lcov", "broken.lcov"):
        (tmp_path / "broken.lcov").write_text("SF:a.py\nDA:1,1\nLF:9\nLH:9\nend_of_record\n")
        done = run("coverage", report, "--root", tmp_path, "--record", record_file)
        assert record_file.read_text() == written
        assert "is left as it is" in done.stderr


def test_a_scope_of_which_nothing_is_measured_keeps_its_marks():
    before = recorded(9000)
    assert record({"": Counts()}, before) == before


def test_an_empty_module_is_not_stale(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("# nothing but this\n")
    (tmp_path / "pkg" / "a.py").write_text("x = 1\n")
    (tmp_path / "main.py").write_text("import pkg.a\n")
    subprocess.run([sys.executable, "-m", "coverage", "run", "--source=pkg", "main.py"], cwd=tmp_path, check=True)
    found = run("coverage", ".coverage", "--root", tmp_path, "--format", "json").json()
    assert found["findings"] == []
    assert found["unknowns"] == []


def test_a_clover_report_is_told_apart(tmp_path):
    (tmp_path / "clover.xml").write_text(
        '<?xml version="1.0"?>\n<coverage generated="1" clover="3.2.0"><project timestamp="1">'
        '<file name="a.js" path="a.js"><line num="1" count="1" type="stmt"/></file></project></coverage>\n'
    )
    done = run("coverage", "clover.xml", "--root", tmp_path)
    assert "Clover" in done.stdout
    assert "nothing was measured" not in done.stdout
