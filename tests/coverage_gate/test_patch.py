"""Coverage of what changed: old and new sources and a report in, the figures out."""

from __future__ import annotations

import subprocess

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Unknown
from fr_check.core.repository import Memory
from fr_check.coverage_gate.measured.totals import measure
from fr_check.coverage_gate.samples import lcov, source
from fr_check.policy.coverage_gate import Coverage
from fr_check.repository.opening import open_repository
from measuring import ids, judged, measured

POLICY = Coverage(patch=80)
OLD = source(4)


def patch(old: dict, new: dict, data: str, policy: Coverage = POLICY):
    return measured({**new, "coverage.lcov": data}, policy=policy, base=old)


CASES = {
    "two lines, one covered": ({"a.py": OLD}, {"a.py": source(6)}, lcov("a.py", "111110"), (1, 2)),
    "a comment": ({"a.py": OLD}, {"a.py": OLD + "# words\n"}, lcov("a.py", "0000"), (0, 0)),
    "line ends": ({"a.py": OLD}, {"a.py": OLD.replace("\n", "\r\n")}, lcov("a.py", "0000"), (0, 0)),
    "a deletion": ({"a.py": source(6)}, {"a.py": OLD}, lcov("a.py", "0000"), (0, 0)),
    "the last newline": ({"a.py": OLD}, {"a.py": OLD[:-1]}, lcov("a.py", "0000"), (0, 0)),
    "a moved file": ({"a.py": source(9)}, {"b/a.py": source(9)}, lcov("b/a.py", "0" * 9), (0, 0)),
    "a moved and edited file": (
        {"a.py": source(9)},
        {"b.py": source(9) + "new = 1\n"},
        lcov("b.py", "0" * 9 + "1"),
        (1, 1),
    ),
    "a new file": ({}, {"a.py": OLD}, lcov("a.py", "1110"), (3, 4)),
    "nothing": ({"a.py": OLD}, {"a.py": OLD}, lcov("a.py", "0000"), (0, 0)),
}


@pytest.mark.parametrize(("old", "new", "data", "expected"), CASES.values(), ids=CASES)
def test_changed_lines_are_counted(old, new, data, expected):
    assert patch(old, new, data).patch.counts.lines == expected


def test_a_new_file_that_cannot_be_parsed_counts_line_by_line():
    new = {"src/a.py": OLD, "src/new.py": "# words\nfrom __future__ import later syntax\n\nx = 1\n"}
    assert patch({"src/a.py": OLD}, new, lcov("src/a.py", "1111")).patch.counts.lines == (0, 2)


def test_a_new_file_is_counted_by_the_rules_of_its_configuration():
    new = {"src/a.py": OLD, "src/new.py": "def f():  # pragma: no cover\n    return 1\nx = 1\ny = 2  # skip\n"}
    configured = {".coveragerc": "[report]\nexclude_also = skip\n"}
    found = patch({**configured, "src/a.py": OLD}, {**configured, **new}, lcov("src/a.py", "1111"))
    assert found.patch.files[0].missing == (3,)


def test_what_a_patch_leaves_to_say_is_said():
    configured = {"src/a.py": OLD, ".coveragerc": "[run]\nomit = src/made_*\n"}
    found = patch(configured, {**configured, "src/made_1.py": OLD}, lcov("src/a.py", "1111"))
    assert [one.reason for one in found.skipped] == [
        "`src/made_1.py` is new and left out by `omit`, so its lines count for nothing"
    ]
    found = patch(configured, {**configured, "src/a.py": OLD + "# words\n"}, lcov("src/a.py", "1111"))
    assert [one.reason for one in found.skipped] == ["nothing that changed since the base can be covered"]


def test_a_changed_continuation_counts_for_its_statement():
    old = "first = 1\nvalue = call(\n    1,\n    2,\n)\n"
    data = "SF:a.py\nDA:1,1\nDA:2,0\nend_of_record\n"
    found = patch({"a.py": old}, {"a.py": old.replace("2,\n", "3,\n")}, data)
    assert found.patch.counts.lines == (0, 1)
    assert found.patch.files[0].missing == (2,)


def test_a_new_file_that_no_report_holds_counts_as_uncovered():
    new = {"src/a.py": OLD, "src/new.py": '"""Doc."""\nx = 1\n\n# words\ny = (\n    2\n)\n'}
    found = patch({"src/a.py": OLD}, new, lcov("src/a.py", "1111"))
    assert found.patch.counts.lines == (0, 2)
    (finding,) = [item for item in judged(found) if item.rule == "patch-below-threshold"]
    assert "no report holds the file" in finding.notes[0].message
    assert finding.notes[0].location.span.line == 2


def test_a_new_file_that_the_configuration_omits_counts_for_nothing():
    new = {"src/a.py": OLD, "src/new.py": "x = 1\n", ".coveragerc": "[run]\nomit = src/new.py\n"}
    assert patch({"src/a.py": OLD}, new, lcov("src/a.py", "1111")).patch.counts.lines == (0, 0)


def test_a_partial_branch_fails_only_the_threshold_for_branches():
    old, new = {"a.py": OLD}, {"a.py": OLD.replace("value_1 = 1", "value_1 = 9")}
    data = lcov("a.py", "1111", "10")
    found = patch(old, new, data, Coverage(patch=100))
    assert found.patch.counts.branches == (1, 2)
    assert ids(found) == []
    assert ids(patch(old, new, data, Coverage(patch_branch=80))) == ["patch-below-threshold"]


def test_paths_of_another_folder_match_the_patch():
    old = {"apps/backend/src/a.py": OLD}
    found = patch(old, {"apps/backend/src/a.py": source(9)}, lcov("src/a.py", "1111" + "0" * 5))
    assert found.patch.counts.lines == (0, 5)


def test_a_patch_that_cannot_be_compared_is_unknown_or_skipped_and_never_fine():
    files = {"a.py": OLD, "coverage.lcov": lcov("a.py", "1111")}
    assert [item.reason for item in measured(files, policy=POLICY).skipped] == [
        "no base to compare with, so the coverage of what changed is not judged"
    ]
    shallow = Unknown("fr-check", "shallow-history", "base", "it is not here", "fetch it")
    found = measure(Context(Memory(files), Config(tables={Coverage: POLICY}), shallow))
    assert [(item.checker, item.reason) for item in found.unknowns] == [("coverage", "shallow-history")]
    assert measure(Context(Memory(files), Config(), shallow)).unknowns == ()


def test_a_real_repository_is_compared_by_what_git_recorded(tmp_path):
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "a.py").write_text(OLD)
    (tmp_path / "b.py").write_text(OLD)
    (tmp_path / ".gitignore").write_text("*.lcov\n")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    (tmp_path / "a.py").write_text(source(5))
    (tmp_path / "coverage.lcov").write_text(lcov("a.py", "11110") + lcov("b.py", "0000"))
    base = open_repository(str(tmp_path), rev="HEAD")
    found = measure(Context(open_repository(str(tmp_path)), Config(tables={Coverage: POLICY}), base))
    assert [(one.path, one.missing) for one in found.patch.files] == [("a.py", (5,))]


def test_branches_of_a_patch_that_were_not_measured_do_not_pass():
    files = {"src/a.py": source(2)}
    found = patch(files, {"src/a.py": source(3)}, lcov("src/a.py", "111"), Coverage(patch_branch=80))
    assert ids(found) == ["patch-below-threshold"]
    assert ids(patch(files, files, lcov("src/a.py", "11"), Coverage(patch_branch=80))) == []
    assert ids(patch(files, {"src/a.py": source(3)}, lcov("src/a.py", "111"), Coverage(patch_branch=0))) == []
