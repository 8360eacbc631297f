"""What `--facts` prints about measured coverage."""

from __future__ import annotations

from fr_check.core.context import Context, Options
from fr_check.core.repository import Memory
from fr_check.coverage_gate.loading import load
from fr_check.coverage_gate.measured.tables import bar, counts, tables
from fr_check.coverage_gate.samples import lcov, source
from fr_check.policy.coverage_gate import Coverage, Group
from fr_check.policy.find import read_policy
from fr_check.sources.measurement import Ratio
from measuring import measured

FILES = {"src/a.py": source(4), "coverage.lcov": lcov("src/a.py", "1110", "10")}


def test_without_data_there_is_no_table():
    assert tables(measured({"src/a.py": ""})) == ()
    assert counts(measured({"src/a.py": ""})) == {"reports": 0, "judged": 0, "measured": 0}


def test_totals_of_everything_groups_and_the_patch():
    policy = Coverage(groups=(Group("all", ("src/*",)),))
    found = measured(FILES, policy=policy, base={"src/a.py": source(3)})
    data, totals = tables(found)
    assert data.rows == (
        (
            "coverage.lcov",
            "lcov",
            "",
            "lines and branches",
            "1",
            "judged, 1 of 1 sources compared statement by statement",
        ),
    )
    assert [row[:4] for row in totals.rows] == [
        ("everything", "1", "75.00% 3/4", "50.00% 1/2"),
        ("group all", "1", "75.00% 3/4", "50.00% 1/2"),
        ("changed since the base", "1", "0.00% 0/1", "0/0"),
    ]
    assert counts(found)["covered-branches"] == 1


def test_data_that_is_not_judged_says_why():
    (data,) = tables(measured({**FILES, "src/a.py": source(3)}))
    assert "made from other sources" in data.rows[0][-1]


def test_the_thresholds_of_the_policy_head_the_table_of_those_declared():
    policy = """
[coverage]
line = 94.95
target = 97
file = 50
patch-branch = 80
[[coverage.groups]]
name = "all"
paths = ["src/*"]
line = 80
[[coverage.components]]
name = "web"
path = "web"
branch = 70
"""
    files = {".fr-check.toml": policy, ".coveragerc": "[report]\nfail_under = 90\n"}
    repository = Memory(files)
    found = load(Context(repository, read_policy(repository, None), None, Options()))
    (table,) = found.tables()
    assert table.rows == (
        (".fr-check.toml:3", "94.95%", "line", ".", "gate", "line = 94.95"),
        (".fr-check.toml:4", "97%", "line", ".", "target", "target = 97"),
        (".fr-check.toml:14", "70%", "branch", "web", "gate", "branch = 70"),
        (".fr-check.toml:10", "80%", "line", "group all", "gate", "line = 80"),
        (".fr-check.toml:5", "50%", "line", "each file", "gate", "file = 50"),
        (".fr-check.toml:6", "80%", "patch", ".", "gate", "patch-branch = 80"),
        (".coveragerc:2", "90%", "line", ".", "gate", "fail_under = 90"),
    )


def test_a_bar_is_full_only_at_a_hundred_percent():
    assert bar(Ratio(99_999, 100_000)) == "#" * 19 + "."
    assert bar(Ratio(1, 1)) == "#" * 20
    assert bar(Ratio(0, 0)) == "." * 20
