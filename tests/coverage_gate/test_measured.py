"""Cases of measured data: a small repository in, the findings out."""

from __future__ import annotations

import json

import pytest

from fr_check.core.model import Location, Note, Span
from fr_check.coverage_gate.measured.gates import Gate
from fr_check.coverage_gate.samples import lcov, source
from fr_check.policy.coverage_gate import Component, Coverage, Group
from measuring import ids, judged, measured

A = {"src/a.py": source(4)}
NAMED = Coverage(data=("coverage.lcov",))


def gate(metric: str, value: float, **more: str | bool) -> Gate:
    return Gate(metric, value, Location("pyproject.toml"), **more)


def test_nothing_found_is_skipped_and_said():
    found = measured(A)
    assert found.counts is None
    assert [item.reason for item in found.skipped] == ["no coverage data found"]
    assert judged(found) == []


def test_fresh_data_that_merely_lies_there_is_judged():
    found = measured({**A, "coverage.lcov": lcov("src/a.py", "1110")})
    assert found.counts.lines == (3, 4)
    assert ids(found) == []


def test_named_data_must_be_there():
    assert ids(measured(A, "no.lcov")) == ["missing-coverage-data"]
    assert ids(measured(A, policy=NAMED)) == ["missing-coverage-data"]


def test_949_of_1000_fails_95_and_the_note_says_that_coverage_would_pass():
    files = {"src/a.py": source(1000), "coverage.lcov": lcov("src/a.py", "1" * 949 + "0" * 51)}
    (finding,) = judged(measured(files, policy=Coverage(line=95)))
    assert "94.90% (949 of 1,000)" in finding.message
    assert "1 line more" in finding.message
    assert any("would pass" in note.message for note in finding.notes)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [(Coverage(line=95), ["coverage-below-threshold"]), (Coverage(blended=95), []), (Coverage(line=94), [])],
    ids=["line 95", "blended 95", "line 94"],
)
def test_lines_and_their_blend_with_branches_are_different_figures(policy, expected):
    files = {"src/a.py": source(100), "coverage.lcov": lcov("src/a.py", "1" * 94 + "0" * 6, "1" * 40)}
    found = measured(files, policy=policy)
    assert found.counts.blended.percent() == "95.71"
    assert ids(found) == expected


def test_branches_that_were_not_measured_are_no_hundred_percent():
    (finding,) = judged(measured({**A, "coverage.lcov": lcov("src/a.py", "1111")}, policy=Coverage(branch=90)))
    assert finding.rule == "coverage-below-threshold"
    assert "no such measurement" in finding.message


def test_branches_that_were_measured_and_are_none_pass():
    data = lcov("src/a.py", "1111").replace("LF:", "BRF:0\nBRH:0\nLF:")
    found = measured({**A, "coverage.lcov": data}, policy=Coverage(branch=90))
    assert ids(found) == []
    assert [item.reason for item in found.skipped] == ["branch coverage is 0 of 0: nothing to judge"]


def test_a_target_is_told_and_fails_nothing():
    (finding,) = judged(measured({**A, "coverage.lcov": lcov("src/a.py", "1110")}, policy=Coverage(line=70, target=97)))
    assert str(finding.severity) == "info"


def test_concatenated_shards_are_united_and_never_added_up():
    data = lcov("src/a.py", "1110", "10") + lcov("src/a.py", "0111", "01")
    found = measured({**A, "coverage.lcov": data})
    assert found.counts.lines == (4, 4)
    assert found.counts.branches == (2, 2)
    assert ids(found) == []


def test_shards_in_files_of_different_places_are_one_file():
    files = {
        "apps/backend/src/a.py": source(4),
        "s1.lcov": lcov("/home/runner/work/x/x/apps/backend/src/a.py", "1100"),
        "s2.lcov": lcov("/app/src/a.py", "0010"),
        "s3.lcov": lcov(".\\src\\a.py", "0001"),
    }
    found = measured(files, "s1.lcov", "s2.lcov", "s3.lcov")
    assert set(found.files) == {"apps/backend/src/a.py"}
    assert found.counts.lines == (4, 4)


def test_an_ambiguous_name_is_an_error_and_never_guessed():
    files = {"a/util.py": source(2), "b/util.py": source(2), "c.lcov": lcov("util.py", "11")}
    assert ids(measured(files, "c.lcov")) == ["unmapped-coverage-data"]


def test_paths_that_match_nothing_do_not_pass():
    found = measured({**A, "c.lcov": lcov("/elsewhere/lib/z.py", "11")}, "c.lcov", policy=Coverage(line=1))
    assert ids(found) == ["unmapped-coverage-data"]
    assert found.counts is None


TRUST = {
    "empty": ("", ["truncated-coverage-data"]),
    "cut": (lcov("src/a.py", "1111")[:-20], ["truncated-coverage-data"]),
    "forged totals": (lcov("src/a.py", "1000").replace("LH:1", "LH:4"), ["inconsistent-coverage-data"]),
    "a single line under LF:100": (
        "SF:src/a.py\nDA:1,1\nLF:100\nLH:100\nend_of_record\n",
        ["inconsistent-coverage-data"],
    ),
    "past the end": (lcov("src/a.py", "11111"), ["stale-coverage-data"]),
    "a source that is gone": (lcov("src/a.py", "1111") + lcov("src/b.py", "1"), ["stale-coverage-data"]),
    "no file": ("TN:\n", ["nothing-measured"]),
    "only an empty file": ("SF:src/a.py\nend_of_record\n", ["nothing-measured"]),
    "an empty istanbul map": ("{}", ["nothing-measured"]),
    "no known format": ("hello", []),
    "an entity bomb": ('<!DOCTYPE c [<!ENTITY a "x">]><coverage/>', []),
}


@pytest.mark.parametrize(("data", "expected"), TRUST.values(), ids=TRUST)
def test_named_data_that_cannot_be_trusted_is_an_error_and_not_judged(data, expected):
    found = measured({**A, "c.lcov": data}, "c.lcov", policy=Coverage(line=100))
    assert found.counts is None
    findings = judged(found)
    assert [item.rule for item in findings] == expected
    assert all(str(item.severity) == "error" for item in findings)
    assert [item.reason for item in found.unknowns] == ([] if expected else ["unreadable-coverage-data"])


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("value = 1\n\nother = 2\nlast = 3\n", "blank"),
        ("# words\nvalue = 1\nother = 2\nlast = 3\n", "blank"),
        ("value = (1 +\n    2)\nother = 2\nlast = 3\n", "no-statement"),
    ],
    ids=["blank", "comment", "continuation"],
)
def test_lines_that_no_statement_begins_on_make_data_stale(text, sign):
    found = measured({"src/a.py": text, "coverage.lcov": lcov("src/a.py", "1111")})
    assert [item.kind for item in found.data[0].signs.found] == [sign]


def test_four_lines_added_on_top_make_data_stale():
    body = 'import sys\n\n\ndef f(x):\n    """Doc."""\n    if x:\n        return 1\n    return 2\n'
    data = "SF:src/a.py\nDA:1,1\nDA:4,1\nDA:6,1\nDA:7,0\nDA:8,1\nend_of_record\n"
    assert ids(measured({"src/a.py": body, "coverage.lcov": data})) == []
    moved = measured({"src/a.py": "# a\n# b\n# c\n# d\n" + body, "coverage.lcov": data})
    assert ids(moved) == ["stale-coverage-data"]


def test_stale_data_that_git_ignores_is_a_leftover_and_skipped_visibly(tmp_path):
    import subprocess

    from fr_check.repository.opening import open_repository

    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text(source(2))
    (tmp_path / ".gitignore").write_text("coverage.lcov\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "coverage.lcov").write_text(lcov("src/a.py", "1111"))
    found = measured(open_repository(str(tmp_path)))
    assert judged(found) == []
    assert "made from other sources" in found.skipped[0].reason
    (tmp_path / "coverage.lcov").write_text(lcov("src/a.py", "10"))
    assert measured(open_repository(str(tmp_path))).counts.lines == (1, 2)


def test_a_file_of_a_likely_name_may_be_anything():
    found = measured(
        {**A, "coverage.json": '{"a": 1}', "tests/x/package.json": "{}", "tests/x/coverage.xml": "<coverage/>"}
    )
    assert judged(found) == []
    assert found.unknowns == ()
    assert [item.reason.split(":")[0] for item in found.skipped] == ["coverage.json is not judged"]


def test_a_generated_source_that_git_ignores_may_be_gone(tmp_path):
    import subprocess

    from fr_check.repository.opening import open_repository

    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text(source(2))
    (tmp_path / ".gitignore").write_text("_version.py\n*.lcov\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "c.lcov").write_text(lcov("src/a.py", "11") + lcov("src/_version.py", "1"))
    found = measured(open_repository(str(tmp_path)), str(tmp_path / "c.lcov"))
    assert ids(found) == []
    assert found.counts.lines == (2, 2)


def test_stale_data_that_lies_there_for_all_to_see_is_a_warning():
    (finding,) = judged(measured({**A, "coverage.lcov": lcov("src/a.py", "11111")}))
    assert (finding.rule, str(finding.severity)) == ("stale-coverage-data", "warning")
    assert "not judged" in finding.message


def test_of_the_formats_in_one_folder_the_most_telling_is_judged_and_the_others_said():
    files = {**A, "coverage.lcov": lcov("src/a.py", "1110"), "coverage.json": "{}"}
    found = measured(files)
    assert [data.path for data in found.data if data.judged] == ["coverage.lcov"]
    assert [item.reason for item in found.skipped] == [
        "coverage.json is not judged: coverage.lcov in the same folder is"
    ]


def test_where_the_most_telling_is_stale_the_next_is_judged():
    entry = {"executed_lines": [1, 2, 3], "missing_lines": [4], "summary": {}}
    report = json.dumps({"meta": {"branch_coverage": False}, "files": {"src/a.py": entry}, "totals": {}})
    found = measured({**A, "coverage.lcov": lcov("src/a.py", "11111"), "coverage.json": report})
    assert found.counts.lines == (3, 4)
    assert ids(found) == ["stale-coverage-data"]


MIXED = {
    "branches in one only": ((lcov("src/a.py", "1100"), lcov("src/a.py", "0011", "10")), ["mixed-coverage-data"]),
    "different statements": ((lcov("src/a.py", "1100"), lcov("src/a.py", "001")), ["mixed-coverage-data"]),
    "alike": ((lcov("src/a.py", "1100"), lcov("src/a.py", "0011")), []),
}


@pytest.mark.parametrize(("shards", "expected"), MIXED.values(), ids=MIXED)
def test_reports_that_no_run_could_have_made_together(shards, expected):
    files = {**A, "1.lcov": shards[0], "2.lcov": shards[1]}
    assert ids(measured(files, "1.lcov", "2.lcov")) == expected
    assert ids(measured({**A, "1.lcov": "".join(shards)}, "1.lcov")) == expected


SHARDS = {
    "all there": ((lcov("src/a.py", "1100"), lcov("src/a.py", "0011")), []),
    "one missing": ((lcov("src/a.py", "1111"),), ["incomplete-shards"]),
    "one too many": ((lcov("src/a.py", "1111"),) * 3, ["incomplete-shards"]),
    "one empty": ((lcov("src/a.py", "1111"), ""), ["incomplete-shards", "truncated-coverage-data"]),
}


def test_the_repositorys_own_gate_may_pass_what_the_policy_does_not():
    arms = "".join(f"BRDA:{line},0,{arm},1\n" for line in range(1, 21) for arm in (0, 1))
    lines = "".join(f"DA:{line},{int(line <= 94)}\n" for line in range(1, 101))
    files = {"src/a.py": source(100), "c.lcov": f"SF:src/a.py\n{lines}{arms}end_of_record\n"}
    place = Location("pyproject.toml", Span(2, 1, 2, 9))
    own = Gate("blended", 95, place, native=True, declared=True)
    finding = judged(measured(files, "c.lcov", policy=Coverage(line=95), declared=(own,)))[0]
    assert finding.notes[-1] == Note(
        "the gate of 95% here passes: it looks at blended coverage, 95.71% (134 of 140)", place
    )


@pytest.mark.parametrize(("shards", "expected"), SHARDS.values(), ids=SHARDS)
def test_shards_are_counted_also_where_the_figure_passes(shards, expected):
    files = {**A, **{f"shards/{number}.lcov": data for number, data in enumerate(shards)}}
    assert ids(measured(files, policy=Coverage(data=("shards/*.lcov",), shards=2))) == expected


def test_shards_written_into_one_file_count_as_often_as_a_source_recurs():
    files = {**A, "coverage.lcov": lcov("src/a.py", "1100") + lcov("src/a.py", "0011")}
    assert ids(measured(files, policy=Coverage(data=("coverage.lcov",), shards=2))) == []


def test_a_file_of_nothing_in_a_total_of_99_is_below_the_floor():
    files = {"src/a.py": source(99), "src/b.py": source(1), "src/c.py": source(1)}
    files["coverage.lcov"] = lcov("src/a.py", "1" * 99) + lcov("src/b.py", "0")
    found = measured(files, policy=Coverage(file=80))
    assert [(item.rule, item.subject) for item in judged(found) if item.rule == "file-below-floor"] == [
        ("file-below-floor", "src/b.py"),
        ("file-below-floor", "src/c.py"),
    ]


def test_a_group_weighs_by_lines():
    files = {"src/services/a.py": source(90), "src/services/b.py": source(10)}
    files["coverage.lcov"] = lcov("src/services/a.py", "1" * 90) + lcov("src/services/b.py", "0" * 10)
    groups = (Group("services", ("src/services/**",), line=80),)
    found = measured(files, policy=Coverage(groups=groups))
    assert found.groups[0].counts.lines == (90, 100)
    assert ids(found) == []


def test_a_group_of_nothing_is_a_mistake():
    files = {**A, "coverage.lcov": lcov("src/a.py", "1111")}
    assert ids(measured(files, policy=Coverage(groups=(Group("x", ("srv/**",), line=1),)))) == ["unmatched-group"]


def test_components_have_data_and_thresholds_of_their_own():
    files = {
        "apps/backend/src/a.py": source(4),
        "apps/frontend/src/x.ts": "let a = 1\nlet b = 2\n",
        "apps/backend/coverage.lcov": lcov("src/a.py", "1110"),
        "apps/frontend/lcov.info": lcov("src/x.ts", "11"),
    }
    components = (
        Component("backend", "apps/backend", ("apps/backend/coverage.lcov",), line=80),
        Component("frontend", "apps/frontend", ("apps/frontend/lcov.info",), line=80),
    )
    found = measured(files, policy=Coverage(components=components))
    assert {part.name: part.counts.lines for part in found.components} == {"backend": (3, 4), "frontend": (2, 2)}
    (finding,) = judged(found)
    assert finding.subject == "backend line"


def test_components_may_hold_files_of_one_name_and_their_data_lie_anywhere():
    files = {
        "packages/a/src/x.ts": "let a\n",
        "packages/b/src/x.ts": "let b\nlet c\n",
        "out/a.lcov": lcov("src/x.ts", "1"),
        "out/b.lcov": lcov("src/x.ts", "01"),
    }
    components = (Component("a", "packages/a", ("out/a.lcov",)), Component("b", "packages/b/", ("out/b.lcov",)))
    found = measured(files, policy=Coverage(components=components))
    assert {part.name: part.counts.lines for part in found.components} == {"a": (1, 1), "b": (1, 2)}
    beside = {**files, "packages/a/package.json": "{}", "packages/a/lcov.info": files["out/a.lcov"]}
    parts = tuple(part._replace(data=()) for part in components)
    assert list(measured(beside, policy=Coverage(components=parts)).files) == ["packages/a/src/x.ts"]


def test_without_a_policy_the_declared_threshold_holds_for_its_component():
    files = {
        "apps/backend/pyproject.toml": "",
        "apps/backend/src/a.py": source(4),
        "apps/backend/coverage.lcov": lcov("src/a.py", "1110"),
        "tools/package.json": "{}",
        "tools/x.ts": "let a\n",
        "tools/coverage/lcov.info": lcov("x.ts", "1"),
    }
    declared = (gate("line", 80, scope="apps/backend", declared=True, native=True),)
    (finding,) = judged(measured(files, declared=declared))[:1]
    assert finding.subject == "apps/backend line"
    assert [item.rule for item in judged(measured(files, policy=Coverage(line=10), declared=declared))] == [
        "loose-rounding"
    ]


def test_a_declared_figure_that_the_data_does_not_hold_is_only_told():
    found = measured(
        {**A, "coverage.lcov": lcov("src/a.py", "1111")}, declared=(gate("statements", 80, declared=True),)
    )
    assert [str(item.severity) for item in judged(found)] == ["info"]


def test_a_source_that_nothing_imports_is_missed_unless_it_is_exempt():
    files = {
        **A,
        "src/b.py": source(1),
        "src/empty.py": "# nothing\n",
        "src/tests/test_a.py": source(1),
        "src/omitted.py": source(1),
        ".coveragerc": "[run]\nomit =\n    src/omitted.py\n",
        "coverage.lcov": lcov("src/a.py", "1111"),
    }
    assert measured(files).unmeasured == ("src/b.py",)
    assert measured(files, policy=Coverage(exempt=("src/b.*",))).unmeasured == ()
    assert measured(files, policy=Coverage(sources=("src/tests/*",))).unmeasured == ("src/tests/test_a.py",)


def test_many_unmeasured_sources_are_told_by_folder():
    files = {**A, **{f"src/deep/m{number}.py": source(1) for number in range(30)}}
    found = judged(measured({**files, "coverage.lcov": lcov("src/a.py", "1111")}))
    assert [item.subject for item in found] == ["src/deep/"]
    assert "30 sources in `src/deep`" in found[0].message


def test_a_summary_without_records_is_coarse_and_good_enough_for_totals():
    def part(covered, total):
        return {"lines": {"total": total, "covered": covered}, "branches": {"total": 0, "covered": 0}} | {
            "statements": {"total": total, "covered": covered}
        }

    files = {
        "src/x.ts": "let a\n" * 4,
        "coverage-summary.json": json.dumps({"total": part(3, 4), "/w/src/x.ts": part(3, 4)}),
    }
    found = measured(files, policy=Coverage(line=80))
    assert found.counts.statements == (3, 4)
    assert ids(found) == ["coverage-below-threshold"]


def test_a_component_of_the_policy_is_looked_into_without_a_manifest():
    policy = Coverage(components=(Component("root", line=90), Component("web", "web", line=90)))
    files = {"src/a.py": source(4), "web/src/b.ts": source(4)}
    data = {"lcov.info": lcov("src/a.py", "1111"), "web/lcov.info": lcov("src/b.ts", "1100")}
    found = measured({**files, **data}, policy=policy)
    assert [part.name for part in found.components] == ["root", "web"]
    assert ids(found) == ["coverage-below-threshold"]


def test_a_component_without_data_is_not_passed_over_silently():
    policy = Coverage(components=(Component("root", line=90), Component("web", "web", line=90)))
    files = {"src/a.py": source(4), "web/src/b.ts": source(4), "lcov.info": lcov("src/a.py", "1111")}
    for found in (measured(files, policy=policy), measured(files, "lcov.info", policy=policy)):
        assert [item.reason for item in found.skipped] == [
            "no coverage data of `web`, so its thresholds are not judged"
        ]


def test_a_component_of_nothing_is_a_typing_mistake():
    policy = Coverage(components=(Component("web", "wbe", line=90),))
    found = measured({**A, "web/b.ts": "x\n", "coverage.lcov": lcov("src/a.py", "1111")}, policy=policy)
    (finding,) = judged(found)
    assert (finding.rule, finding.subject) == ("unmatched-group", "web")
    assert "folder without any file" in finding.message
    assert found.skipped == ()


def test_names_below_the_folder_of_the_report_are_no_guess():
    files = {"services/a/src/x.ts": source(2), "services/b/src/x.ts": source(2)}
    found = measured({**files, "services/b/coverage/l.info": lcov("src/x.ts", "11")}, "services/b/coverage/l.info")
    assert [*found.files] == ["services/b/src/x.ts"]
    assert ids(measured({**files, "l.info": lcov("src/x.ts", "11")}, "l.info")) == ["unmapped-coverage-data"]


GROWN = source(8) + "\n\ndef added():\n    return 1\n"


@pytest.mark.parametrize("text", [source(10), GROWN, "import os\nimport sys\n" + source(8)])
def test_statements_that_the_data_does_not_hold_make_it_stale(text):
    found = measured({"src/a.py": text, "coverage.lcov": lcov("src/a.py", "1" * 8)}, policy=NAMED)
    (finding,) = judged(found)
    assert finding.rule == "stale-coverage-data"
    assert "statements that it does not hold in 1 file" in finding.message
    assert found.counts is None


@pytest.mark.parametrize(
    "more",
    [
        {"src/a.py": GROWN.replace("added():", "added():  # pragma: no cover")},
        {"src/a.py": GROWN, ".coveragerc": "[report]\nexclude_also =\n    def added\n"},
        {"src/a.py": GROWN, "ci/coveragerc": "[report]\nexclude_also =\n    def added\n"},
        {"src/a.py": GROWN, "pyproject.toml": '[tool.coverage.run]\nplugins = ["covdefaults"]\n'},
        {"src/a.py": GROWN, "pyproject.toml": '[tool.coverage.report]\nexclude_also = ["def (a|d)*"]\n'},
        {"src/a.py": source(20)},
    ],
    ids=["pragma", "excluded", "excluded elsewhere", "plugin", "expression that takes for ever", "counted otherwise"],
)
def test_statements_that_may_be_excluded_say_nothing(more):
    assert ids(measured({**more, "coverage.lcov": lcov("src/a.py", "1" * 8)}, policy=NAMED)) == []


def test_a_threshold_of_0_demands_no_measurement():
    files = {**A, "coverage.lcov": lcov("src/a.py", "1111")}
    policy = Coverage(line=95, branch=0, groups=(Group("all", ("**",), line=95, branch=0),))
    assert ids(measured(files, policy=policy)) == []


def test_of_stale_reports_that_merely_lie_there_none_is_judged():
    entry = {"executed_lines": [*range(1, 9)], "missing_lines": [], "summary": {}}
    report = json.dumps({"meta": {"branch_coverage": False}, "files": {"src/a.py": entry}, "totals": {}})
    files = {"src/a.py": GROWN, "coverage.lcov": lcov("src/a.py", "1" * 8), "coverage.json": report}
    found = measured(files)
    assert found.counts is None
    assert ids(found) == ["stale-coverage-data", "stale-coverage-data"]
