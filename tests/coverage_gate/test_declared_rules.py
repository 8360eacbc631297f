"""Cases 30 to 43 of what right means for coverage, and what keeps the rules silent."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import PARENT, Report, Severity, Unknown
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

if TYPE_CHECKING:
    from collections.abc import Mapping

Files = dict[str, str]


def run(files: Mapping[str, str], base: Mapping[str, str] | Unknown | None = None) -> Report:
    before = base if base is None or isinstance(base, Unknown) else Memory(base)
    return engine.run(Context(Memory(files), Config(), before), [CHECKER])[0]


def found(
    files: Mapping[str, str], base: Mapping[str, str] | None = None, *, level: Severity = Severity.WARNING
) -> list[str]:
    report = run(files, base)
    return sorted({item.rule for item in report.findings if item.severity >= level})


def message(files: Mapping[str, str], rule: str, base: Mapping[str, str] | None = None) -> str:
    (item,) = [item for item in run(files, base).findings if item.rule == rule]
    return item.message


def addopts(options: str) -> str:
    return f'[tool.pytest.ini_options]\naddopts = "{options}"\n'


def workflow(*scripts: str, head: str = "", tail: str = "") -> str:
    steps = "".join(f"      - run: {script}\n{tail}" for script in scripts)
    return f"on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n{head}    steps:\n{steps}"


CI = ".github/workflows/ci.yml"
FAIL_UNDER = "[tool.coverage.report]\nfail_under = 95\n"
GATED = addopts("--cov=src --cov-branch --cov-fail-under=95")


class TestUnwired:
    @pytest.mark.parametrize(
        ("project", "command", "because"),
        [
            (FAIL_UNDER, "pytest --cov --cov-config=ci.cfg", "ci.cfg is read in its place"),
            (FAIL_UNDER, "coverage run -m pytest && coverage report --rcfile=ci.cfg", "ci.cfg is read in its place"),
            (FAIL_UNDER, "COVERAGE_RCFILE=ci.cfg pytest --cov", "ci.cfg is read in its place"),
            (FAIL_UNDER, "export COVERAGE_RCFILE=ci.cfg; pytest --cov", "ci.cfg is read in its place"),
            (FAIL_UNDER, "coverage run -m pytest", "no `coverage report` follows"),
            (GATED, "pytest --cov -c ci.ini", "ci.ini is read in its place"),
            (GATED, "pytest --cov -o addopts=", "`addopts=` takes the place of what is configured"),
            (GATED, "pytest --cov-reset", "`--cov-reset` turns it off"),
            (GATED, "pytest --collect-only", "`--collect-only` turns it off"),
        ],
    )
    def test_a_command_that_leaves_the_configured_gate_out(self, project: str, command: str, because: str):
        files = {"pyproject.toml": project, "ci.cfg": "[run]\nbranch = true\n", "ci.ini": "[pytest]\n"}
        assert because in message({**files, CI: workflow(command)}, "unwired-gate")

    def test_a_workflow_may_name_the_configuration_for_all_its_commands(self):
        env = "    env:\n      COVERAGE_RCFILE: ci.cfg\n"
        files = {
            "pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n",
            "ci.cfg": "[run]\nbranch = true\n",
            CI: workflow("coverage run -m pytest", "coverage report", head=env),
        }
        assert "ci.cfg is read in its place" in message(files, "unwired-gate")
        files["ci.cfg"] = "[report]\nfail_under = 95\n"
        assert found(files) == []
        files["ci.cfg"] = "[report]\nfail_under = 80\n"
        assert found(files) == ["contradicting-threshold"]

    def test_a_configuration_that_is_made_on_the_way_is_not_judged(self):
        files = {"pyproject.toml": GATED, CI: workflow("pytest --cov-config=/tmp/made.cfg")}
        assert found(files) == []

    def test_coverage_run_is_judged_by_what_follows(self):
        files = {
            "pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n",
            CI: workflow("coverage run -m pytest", "coverage xml"),
        }
        assert found(files) == []

    @pytest.mark.parametrize("options", ["--no-cov", "--cov-fail-under=0"])
    def test_to_switch_a_configured_gate_off_is_as_bad_as_0(self, options: str):
        files = {"pyproject.toml": GATED, CI: workflow(f"pytest {options}")}
        assert found(files, level=Severity.ERROR) == ["unwired-gate"]

    @pytest.mark.parametrize(
        ("case", "files"),
        {
            "30: 0 on the same command": {
                "pyproject.toml": GATED,
                CI: workflow("pytest --cov-fail-under=0"),
            },
            "31: no --cov anywhere": {"pyproject.toml": addopts("--cov-fail-under=95"), CI: workflow("pytest")},
            "31: --no-cov in addopts": {"pyproject.toml": addopts("--cov=src --cov-fail-under=95 --no-cov")},
            "31: --no-cov in CI": {"pyproject.toml": GATED, CI: workflow("pytest --no-cov")},
            "PYTEST_ADDOPTS turns it off": {
                "pyproject.toml": GATED,
                CI: workflow("pytest", head="    env:\n      PYTEST_ADDOPTS: --no-cov\n"),
            },
            "PYTEST_ADDOPTS sets 0": {
                "pyproject.toml": GATED,
                "Makefile": "t:\n\tpytest\n",
                CI: workflow("make t", head="    env:\n      PYTEST_ADDOPTS: -v --cov-fail-under=0\n"),
            },
            "33: [tool.pytest] with pytest 8": {
                "pyproject.toml": '[project]\nname = "x"\ndependencies = ["pytest>=8,<9"]\n'
                '[tool.pytest]\naddopts = ["--cov=src", "--cov-branch", "--cov-fail-under=95"]\n'
            },
            "34: continue-on-error": {
                "pyproject.toml": GATED,
                CI: workflow("pytest", tail="        continue-on-error: true\n"),
            },
            "34: || true": {"pyproject.toml": GATED, CI: workflow("pytest || true")},
            "34: exit 0": {"pyproject.toml": GATED, CI: workflow("set +e; pytest; exit 0")},
            "36: vitest without --coverage": {
                "web/vitest.config.ts": "export default { test: { coverage: { thresholds: { lines: 80 } } } }",
                "web/package.json": '{"scripts": {"test": "vitest run"}}',
                CI: workflow("cd web && npm test"),
            },
            "36: the tests never run": {
                "web/vitest.config.ts": "export default { test: { coverage: { thresholds: { lines: 80 } } } }",
                "web/package.json": '{"scripts": {"build": "next build"}}',
                CI: workflow("cd web && npm run build"),
            },
            "jest without --coverage": {
                "package.json": '{"scripts": {"test": "jest"}, "jest": {"coverageThreshold": {"global": {"lines": 80}}}}',
                CI: workflow("npm test"),
            },
        }.items(),
    )
    def test_is_found(self, case: str, files: Files):
        assert found(files) == ["unwired-gate"], case

    @pytest.mark.parametrize(
        ("case", "files"),
        {
            "the plain gate": {"pyproject.toml": GATED, CI: workflow("pytest")},
            "no CI here": {"pyproject.toml": GATED},
            "0 in shards, judged later": {
                "pyproject.toml": GATED,
                CI: workflow("pytest --splits 2 --group 1 --cov-fail-under=0", "coverage report --fail-under=95"),
            },
            "0 in shards, a configured fail_under judges": {
                "pyproject.toml": "[tool.coverage.run]\nbranch = true\n[tool.coverage.report]\nfail_under = 95\n",
                CI: workflow("pytest --cov --cov-fail-under=0", "coverage combine && coverage report"),
            },
            "0 in shards, a threshold in a variable": {
                "pyproject.toml": GATED,
                CI: workflow(
                    "pytest --cov-fail-under=0",
                    "python judge.py",
                    head="    env:\n      COVERAGE_THRESHOLD: 90\n",
                ),
            },
            "0 in shards, Codecov judges": {
                "pyproject.toml": GATED,
                "codecov.yml": "coverage:\n  status:\n    project:\n      default:\n        target: 95%\n",
                CI: workflow("pytest --cov-fail-under=0") + "      - uses: codecov/codecov-action@v5\n",
            },
            "--cov in a script of hatch": {
                "pyproject.toml": addopts("--cov-branch --cov-fail-under=95")
                + '[tool.hatch.envs.test.scripts]\ncov = "pytest --cov"\n',
            },
            "a job that never runs": {
                "pyproject.toml": GATED,
                CI: workflow("pytest --cov-fail-under=0", head="    if: ${{ false }}\n"),
            },
            "--no-cov in one of two runs": {"pyproject.toml": GATED, CI: workflow("pytest --no-cov -m e2e", "pytest")},
            "a runner that cannot be followed": {
                "pyproject.toml": addopts("--cov-branch"),
                ".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 95\n",
                CI: workflow("pixi run test"),
            },
            "through make": {
                "pyproject.toml": addopts("--cov-branch"),
                ".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 95\n",
                "Makefile": "test: lint\n\tpytest --cov\nlint:\n\truff check\n",
                CI: workflow("make test"),
            },
            "through tox": {
                "tox.ini": "[testenv]\ncommands =\n    pytest --cov {posargs}\n",
                ".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 95\n",
                CI: workflow("tox -e py312"),
            },
            "through moon": {
                "apps/backend/pyproject.toml": GATED,
                "apps/backend/moon.yml": "tasks:\n  ci:\n    command: noop\n    deps: [test]\n  test:\n    command: pytest\n",
                CI: workflow("moon run :ci"),
            },
            "vitest with arguments passed on": {
                "vitest.config.ts": "export default { test: { coverage: { thresholds: { lines: 80 } } } }",
                "package.json": '{"scripts": {"test": "vitest run"}}',
                CI: workflow("npm test -- --coverage"),
            },
            "vitest enabled by configuration": {
                "vitest.config.ts": "export default { test: { coverage: { enabled: true, thresholds: { lines: 80 } } } }",
                "package.json": '{"scripts": {"test": "vitest run"}}',
                CI: workflow("npm test"),
            },
        }.items(),
    )
    def test_is_not_claimed(self, case: str, files: Files):
        assert found(files) == [], case

    def test_a_last_job_that_only_prints_is_found(self):
        last = (
            "  finish:\n    needs: [test]\n    if: ${{ always() }}\n    runs-on: ubuntu-latest\n    steps:\n"
            '      - run: echo "${{ needs.test.result }}"\n'
        )
        assert found({"pyproject.toml": GATED, CI: workflow("pytest") + last}) == ["unwired-gate"]
        judging = last.replace('echo "${{ needs.test.result }}"', 'test "${{ needs.test.result }}" = success')
        assert found({"pyproject.toml": GATED, CI: workflow("pytest") + judging}) == []

    def test_the_finding_stands_at_the_flag_and_names_the_gate(self):
        files = {"pyproject.toml": GATED, CI: workflow("pytest --cov-fail-under=0")}
        (item,) = [item for item in run(files).findings if item.rule == "unwired-gate"]
        assert item.location.path == CI
        assert item.location.span is not None
        assert (item.location.span.line, item.location.span.column) == (6, 21)
        assert [note.location.path for note in item.notes if note.location] == ["pyproject.toml"]


class TestContradicting:
    @pytest.mark.parametrize("kind", ["infra/terraform/main.tf", "infra/go.mod", "infra/terraform/Cargo.toml"])
    def test_a_document_of_other_code_speaks_of_that(self, kind: str):
        files = {"pyproject.toml": GATED, "infra/terraform/README.md": "Line coverage must be >= 80%.\n"}
        assert found({**files, CI: workflow("pytest")}) == ["contradicting-threshold"]
        assert found({**files, CI: workflow("pytest"), kind: ""}) == []
        named = {**files, "infra/terraform/README.md": "Line coverage with pytest must be >= 80%.\n"}
        assert found({**named, CI: workflow("pytest"), kind: ""}) == []
        inside = {
            "infra/terraform/app/pyproject.toml": GATED,
            kind: "",
            "infra/terraform/app/x.md": "Line coverage must be >= 80%.\n",
        }
        assert "contradicting-threshold" in found(inside)

    @pytest.mark.parametrize("path", [".tickets/7.md", "plans/tests.md", "TODO.md"])
    def test_what_is_to_be_done_contradicts_nothing(self, path: str):
        files = {"pyproject.toml": GATED, CI: workflow("pytest"), path: "Line coverage must be >= 80%.\n"}
        assert found(files) == []

    def test_all_places_are_shown_and_the_configuration_governs(self):
        files = {
            "pyproject.toml": GATED,
            "Makefile": "test:\n\tpytest --cov=src --cov-fail-under=90\n",
            "scripts/t.py": 'ARGS = ["--cov=src", "--cov-fail-under=80"]\n',
            "README.md": "Line coverage must be >= 85%.\n",
        }
        (item,) = [item for item in run(files).findings if item.rule == "contradicting-threshold"]
        assert item.location.path == "pyproject.toml"
        assert item.severity is Severity.ERROR
        assert [note.location.path for note in item.notes if note.location] == [
            "pyproject.toml",
            "Makefile",
            "scripts/t.py",
            "README.md",
        ]
        for value in ("80%", "85%", "90%", "95%"):
            assert value in item.message

    def test_35_two_values_in_addopts(self):
        files = {"pyproject.toml": addopts("--cov=src --cov-branch --cov-fail-under=99 --cov-fail-under=10")}
        assert "10% and 99%" in message(files, "contradicting-threshold")

    def test_prose_alone_is_a_warning(self):
        files = {"pyproject.toml": GATED, "README.md": "Coverage must be at least 90%.\n"}
        (item,) = [item for item in run(files).findings if item.rule == "contradicting-threshold"]
        assert item.severity is Severity.WARNING

    @pytest.mark.parametrize(
        "files",
        [
            {"pyproject.toml": GATED, "README.md": "Coverage target 97%. It was 90% before: 90% → 95%.\n"},
            {"pyproject.toml": GATED, "Makefile": "t:\n\tpytest tests/unit --cov=src --cov-fail-under=80\n"},
            {"pyproject.toml": GATED, "Makefile": "t:\n\tpytest --cov=other --cov-fail-under=80\n"},
            {"pyproject.toml": GATED, "Makefile": "t:\n\tdiff-cover coverage.xml --fail-under=80\n"},
            {"pyproject.toml": GATED, "codecov.yml": "coverage: {status: {project: {default: {target: 80%}}}}\n"},
            {"pyproject.toml": GATED, "README.md": "Branch coverage must be >= 80%.\n"},
            {"pyproject.toml": GATED, "docs/archive/old.md": "Coverage must be at least 50%.\n"},
            {"pyproject.toml": GATED, "tests/fixtures/pyproject.toml": addopts("--cov --cov-fail-under=1")},
            {"a/pyproject.toml": GATED, "b/pyproject.toml": addopts("--cov --cov-branch --cov-fail-under=80")},
            {
                "a/pyproject.toml": GATED,
                "b/jest.config.js": "module.exports = {coverageThreshold: {global: {lines: 8}}}",
            },
            {
                "pyproject.toml": GATED,
                "jest.config.js": "module.exports = {coverageThreshold: {global: {lines: 8}}}",
                "README.md": "Coverage must be at least 95%.\n",
            },
            {
                "pyproject.toml": GATED,
                "vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: 90, branches: 8}}}}",
                "Makefile": "t:\n\tc8 --check-coverage --lines 90 node x.js\n",
                "README.md": "CI requires 90% coverage.\n",
            },
        ],
    )
    def test_other_figures_do_not_contradict(self, files: Files):
        assert found(files) == []

    def test_a_javascript_component_is_compared_metric_by_metric(self):
        config = "export default {test: {coverage: {thresholds: {lines: 80, branches: 70}}}}"
        files = {"vitest.config.ts": config, "README.md": "Line coverage must be at least 90%, CI fails otherwise.\n"}
        assert "80% and 90%" in message(files, "contradicting-threshold")
        files["README.md"] = "CI requires 70% coverage.\n"
        assert found(files) == []


class TestLowered:
    @pytest.mark.parametrize(
        ("case", "before", "after"),
        [
            ("addopts", {"pyproject.toml": addopts("--cov --cov-fail-under=95")}, {"pyproject.toml": addopts("--cov --cov-fail-under=92")}),
            ("to 0", {"pyproject.toml": addopts("--cov --cov-fail-under=95")}, {"pyproject.toml": addopts("--cov --cov-fail-under=0")}),
            ("removed", {"pyproject.toml": addopts("--cov --cov-fail-under=95")}, {"pyproject.toml": addopts("--cov")}),
            ("fail_under", {".coveragerc": "[report]\nfail_under = 95\n"}, {".coveragerc": "[report]\nfail_under = 94.5\n"}),
            (
                "moved and lowered",
                {"pyproject.toml": addopts("--cov --cov-fail-under=95")},
                {"pyproject.toml": addopts("--cov"), ".coveragerc": "[report]\nfail_under = 90\n"},
            ),
            (
                "vitest",
                {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: 99}}}}"},
                {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: 98}}}}"},
            ),
            (
                "36: more may be uncovered",
                {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: -10}}}}"},
                {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: -20}}}}"},
            ),
            (
                "38: a new glob leaves jest's global",
                {"jest.config.js": "module.exports = {coverageThreshold: {global: {lines: 80}}}"},
                {"jest.config.js": "module.exports = {coverageThreshold: {global: {lines: 80}, './src/x/': {lines: 10}}}"},
            ),
            (
                "a variable in a workflow",
                {CI: workflow("python x.py", head="    env:\n      COVERAGE_THRESHOLD: 40\n")},
                {CI: workflow("python x.py")},
            ),
            (
                "Codecov turned informational",
                {"codecov.yml": "coverage: {status: {project: {default: {target: 80%}}}}\n"},
                {"codecov.yml": "coverage: {status: {project: {default: {target: 80%, informational: true}}}}\n"},
            ),
            (
                "the last of two values counts",
                {"pyproject.toml": addopts("--cov --cov-fail-under=95")},
                {"pyproject.toml": addopts("--cov --cov-fail-under=95 --cov-fail-under=10")},
            ),
        ],
    )  # fmt: skip
    def test_is_found(self, case: str, before: Files, after: Files):
        assert "lowered-threshold" in found(after, before), case

    @pytest.mark.parametrize(
        ("case", "before", "after"),
        [
            ("39: moved", {"pyproject.toml": addopts("--cov --cov-fail-under=95")},
             {"pyproject.toml": addopts("--cov"), ".coveragerc": "[report]\nfail_under = 95\n"}),
            ("39: 95 and 95.0", {".coveragerc": "[report]\nfail_under = 95\n"}, {".coveragerc": "[report]\nfail_under = 95.0\n"}),
            ("39: a TOML string", {"pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n"},
             {"pyproject.toml": '[tool.coverage.report]\nfail_under = "95"\n'}),
            ("raised", {".coveragerc": "[report]\nfail_under = 95\n"}, {".coveragerc": "[report]\nfail_under = 96\n"}),
            ("a copy removed", {"pyproject.toml": GATED, "Makefile": "t:\n\tpytest --cov=src --cov-fail-under=95\n"},
             {"pyproject.toml": GATED, "Makefile": "t:\n\tpytest\n"}),
            ("a document", {"pyproject.toml": GATED, "README.md": "Coverage must be >= 95%.\n"},
             {"pyproject.toml": GATED, "README.md": "Coverage is good.\n"}),
            ("fewer may be uncovered", {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: -20}}}}"},
             {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: -10}}}}"}),
            ("a higher glob", {"jest.config.js": "module.exports = {coverageThreshold: {global: {lines: 80}}}"},
             {"jest.config.js": "module.exports = {coverageThreshold: {global: {lines: 80}, './x/': {lines: 90}}}"}),
            ("a renamed folder", {"api/pyproject.toml": GATED}, {"backend/pyproject.toml": GATED}),
        ],
    )  # fmt: skip
    def test_is_not_claimed(self, case: str, before: Files, after: Files):
        assert "lowered-threshold" not in found(after, before), case

    @pytest.mark.parametrize(
        "after",
        [
            {CI: workflow("pytest --cov=app --cov-fail-under=${{ inputs.min }}")},
            {CI: workflow("pytest --cov=app --cov-fail-under=$MIN")},
            {CI: workflow("make test"), "Makefile": "test:\n\tpytest --cov=app --cov-fail-under=$(shell cat .min)\n"},
        ],
    )
    def test_what_a_number_became_that_only_a_run_knows_is_not_judged(self, after: Files):
        before = {CI: workflow("pytest --cov=app --cov-fail-under=90")}
        report = run(after, before)
        assert "lowered-threshold" not in {item.rule for item in report.findings}
        assert "incomparable-threshold" in {item.reason for item in report.unknowns}
        # One that was there before takes the place of nothing.
        there = {**before, "ci.sh": "pytest --cov=app --cov-fail-under=$MIN\n"}
        assert "lowered-threshold" in found({CI: workflow("pytest --cov=app"), "ci.sh": there["ci.sh"]}, there)

    def test_36_a_percentage_and_a_count_cannot_be_compared(self):
        before = {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: 80}}}}"}
        after = {"vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: -5}}}}"}
        report = run(after, before)
        assert [item.reason for item in report.unknowns] == ["incomparable-threshold"]

    def test_37_a_number_lowered_beside_auto_update_was_edited_by_hand(self):
        config = "export default {test: {coverage: {thresholds: {autoUpdate: true, lines: %d}}}}"
        report = run({"vitest.config.ts": config % 70}, {"vitest.config.ts": config % 80})
        (item,) = [item for item in report.findings if item.rule == "lowered-threshold"]
        assert any("edited by hand" in note.message for note in item.notes)
        assert "self-adjusting-gate" in {item.rule for item in report.findings}

    def test_fewer_decimals_admit_more(self):
        before = {".coveragerc": "[report]\nfail_under = 95\nprecision = 2\n"}
        after = {".coveragerc": "[report]\nfail_under = 95\n"}
        assert "0 decimals instead of 2" in message(after, "lowered-threshold", before)

    def test_several_places_of_one_figure_are_one_finding(self):
        before = {"pyproject.toml": GATED, "Makefile": "t:\n\tpytest --cov=src --cov-fail-under=95\n"}
        after = {key: text.replace("95", "92") for key, text in before.items()}
        (item,) = [item for item in run(after, before).findings if item.rule == "lowered-threshold"]
        assert item.location.path == "pyproject.toml"
        assert [note.location.path for note in item.notes if note.location] == ["Makefile"]

    def test_a_base_that_cannot_be_read_is_unknown(self):
        lost = Unknown("base", "shallow-history", "origin/main", "the base is not here", "git fetch --unshallow")
        report = run({"pyproject.toml": GATED}, lost)
        assert [(item.checker, item.reason) for item in report.unknowns] == [("coverage", "shallow-history")]
        assert run({"README.md": "hello"}, lost).unknowns == ()


class TestShadowed:
    @pytest.mark.parametrize(
        ("files", "both"),
        [
            ({"pyproject.toml": GATED, "pytest.ini": ""}, ("pytest.ini", "pyproject.toml")),
            ({"pyproject.toml": GATED, "pytest.toml": ""}, ("pytest.toml", "pyproject.toml")),
            (
                {"pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n", ".coveragerc": ""},
                (".coveragerc", "pyproject.toml"),
            ),
            (
                {
                    "pyproject.toml": "[tool.coverage.run]\nbranch = true\n",
                    "setup.cfg": "[coverage:report]\nprecision = 1\n",
                },
                ("setup.cfg", "pyproject.toml"),
            ),
            (
                {"tox.ini": "[pytest]\naddopts = --cov\n", "pyproject.toml": addopts("-ra")},
                ("pyproject.toml", "tox.ini"),
            ),
        ],
    )
    def test_32_names_both_files(self, files: Files, both: tuple[str, str]):
        text = message(files, "shadowed-coverage-config")
        assert text.startswith(f"{both[0]} hides what {both[1]} says")

    @pytest.mark.parametrize(
        "files",
        [
            {"pyproject.toml": GATED, "setup.cfg": "[metadata]\nname = x\n", "tox.ini": "[testenv]\n"},
            {"pyproject.toml": GATED, "tests/pytest.ini": "[pytest]\n"},
            {"pyproject.toml": "[project]\nname = 'x'\n", "pytest.ini": "[pytest]\naddopts = -ra\n"},
        ],
    )
    def test_files_that_hide_nothing_are_left_alone(self, files: Files):
        assert found(files) == []

    @pytest.mark.parametrize(
        ("files", "severity"),
        [
            ({"pytest.ini": "[pytest]\naddopts = --cov=src\n", "pyproject.toml": addopts("--cov -ra")}, "warning"),
            (
                {"pytest.ini": "[pytest]\naddopts = --cov --cov-fail-under=95\n", "pyproject.toml": GATED},
                "warning",
            ),
            ({"pytest.ini": "[pytest]\naddopts = --cov --cov-fail-under=9\n", "pyproject.toml": GATED}, "error"),
            (
                {
                    ".coveragerc": "[run]\nomit = a/*\n[report]\nfail_under = 95\n",
                    "pyproject.toml": '[tool.coverage]\nrun.omit = ["a/*"]\nreport.fail_under = 95.0\n',
                },
                "warning",
            ),
            (
                {
                    ".coveragerc": "[run]\nomit = a/*\n",
                    "pyproject.toml": '[tool.coverage]\nrun.omit = ["a/*", "b/*"]\n',
                },
                "error",
            ),
        ],
    )
    def test_what_the_file_that_counts_says_as_well_is_not_lost(self, files: Files, severity: str):
        (item,) = [item for item in run(files).findings if item.rule == "shadowed-coverage-config"]
        assert item.severity.name.lower() == severity


class TestConfiguration:
    @pytest.mark.parametrize(
        ("files", "part"),
        [
            ({".coveragerc": "[report]\nfail_under = 95%\n"}, "is no number"),
            ({".coveragerc": "[report]\nfail_under = 101\n"}, "not within 0 and 100"),
            ({"pyproject.toml": '[tool.pytest]\naddopts = "--cov"\n'}, "not a list of strings"),
            ({"pyproject.toml": addopts("--cov --cov-fail-under=101")}, "not within 0 and 100"),
            (
                {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["--cov-fail-under 95"]\n'},
                "one element with a space",
            ),
            ({".coveragerc": "[run]\nomit = a**b\n"}, "refused by coverage"),
            ({".coveragerc": "[report]\nexclude_also =\n    (\n"}, "invalid regular expression"),
        ],
    )
    def test_what_the_tools_refuse_is_found_once(self, files: Files, part: str):
        assert part in message(files, "invalid-coverage-config")

    @pytest.mark.parametrize("expression", [".", "^", ".*", "$", "\\\\s*"])
    def test_42_an_expression_that_matches_everything(self, expression: str):
        files = {"pyproject.toml": f'[tool.coverage.report]\nexclude_also = ["{expression}"]\n'}
        assert found(files) == ["overmatching-exclusion"]

    def test_42_lost_defaults_are_information_unless_they_are_used(self):
        files = {
            "pyproject.toml": '[tool.coverage.report]\nexclude_lines = ["raise NotImplementedError"]\n',
            "a.py": "a = 1\n",
        }
        assert found(files) == []
        assert found(files, level=Severity.INFO) == ["lost-default-exclusions"]
        assert found({**files, "a.py": "a = 1  # pragma: no cover\n"}) == ["lost-default-exclusions"]
        kept = files["pyproject.toml"].replace('["raise', '["pragma: no cover", "raise')
        assert found({**files, "pyproject.toml": kept}, level=Severity.INFO) == []

    def test_43_bare_names_and_anchored_paths(self):
        sources = {f"src/{name}/main.py": "a = 1\n" for name in ("a", "b", "c")} | {
            "src/models/__init__.py": "",
            "src/x.py": "",
        }
        config = '[tool.coverage.run]\nsource = ["src"]\nomit = ["%s"]\n'
        assert "matches 3 files" in message(
            {**sources, "pyproject.toml": config % "main.py"}, "overmatching-omit-pattern"
        )
        dead = message({**sources, "pyproject.toml": config % "models/__init__.py"}, "dead-omit-pattern")
        assert "src/models/__init__.py lies deeper" in dead
        assert found({**sources, "pyproject.toml": config % "*/site-packages/*"}, level=Severity.INFO) == []
        assert found({**sources, "pyproject.toml": config % "__init__.py"}, level=Severity.INFO) == []

    def test_a_pattern_that_leaves_nothing_is_an_error(self):
        files = {
            "pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\nomit = ["src/*"]\n',
            "src/a.py": "",
            "src/b.py": "",
        }
        (item,) = [item for item in run(files).findings if item.rule == "overmatching-omit-pattern"]
        assert item.severity is Severity.ERROR

    def test_pragmas_that_grew_are_information(self):
        config = {"pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\n'}
        before = {**config, "src/a.py": "a = 1\n"}
        after = {**config, "src/a.py": "a = 1  # pragma: no cover\n"}
        assert "1 `pragma: no cover` comments, 0 in the base" in message(after, "grown-exclusions", before)
        assert found(after, before) == []

    def test_sources_that_are_named_no_more_are_found(self):
        files = {"src/a/x.py": "a = 1\n", "src/b/y.py": "b = 1\n"}
        before = {**files, "pyproject.toml": '[tool.coverage.run]\nsource = ["src"]\n'}
        after = {**files, "pyproject.toml": '[tool.coverage.run]\nsource = ["src/a"]\n'}
        assert "leave out a file that was measured" in message(after, "grown-exclusions", before)
        unset = {**files, "pyproject.toml": "[tool.coverage.run]\nbranch = true\n"}
        assert found(after, unset) == []
        assert found(before, after) == []

    def test_files_that_vitest_leaves_out_are_found(self):
        config = "export default {test: {coverage: {exclude: [%s], thresholds: {lines: 80}}}}"
        files = {"web/src/a.ts": "", "web/src/b.test.ts": ""}
        before = {**files, "web/vitest.config.ts": config % "'dist/'"}
        after = {**files, "web/vitest.config.ts": config % "'dist/', 'src/**'"}
        assert "by `src/**`" in message(after, "grown-exclusions", before)
        assert found({**after, "web/vitest.config.ts": config % "'**/*.test.ts'"}, before) == []

    @pytest.mark.parametrize(
        ("name", "before", "after", "key"),
        [
            ("vitest.config.ts", "include: ['src/**']", "include: ['src/b/**']", "coverage.include"),
            ("jest.config.js", "collectCoverageFrom: ['src/**']", "collectCoverageFrom: ['src/b/**']", "collectCoverageFrom"),
            ("jest.config.js", "collectCoverageFrom: ['<rootDir>/src/**/*.{js,ts}']", "collectCoverageFrom: ['src/**', '!src/a.ts']", "collectCoverageFrom"),
            ("jest.config.js", "collectCoverageFrom: ['src/**']", "coveragePathIgnorePatterns: ['<rootDir>/src/a']", "coveragePathIgnorePatterns"),
            ("vitest.config.ts", "include: ['src/b/**']", "include: ['src/**']", ""),
            ("vitest.config.ts", "include: ['src/**']", "include: ['src/**/*.{ts,tsx}']", ""),
            ("vitest.config.ts", "", "include: ['src/b/**']", ""),  # what was measured before is not known
            ("jest.config.js", "collectCoverageFrom: ['src/b/**', 'src/a.ts']", "collectCoverageFrom: ['src/**']", ""),
            ("jest.config.js", "", "coveragePathIgnorePatterns: ['src/(?!b)']", ""),
        ],
    )  # fmt: skip
    def test_what_is_measured_of_javascript_is_narrowed(self, name: str, before: str, after: str, key: str):
        def project(inside: str) -> dict[str, str]:
            inside += "," * bool(inside)
            config = f"export default {{ test: {{ coverage: {{ {inside} thresholds: {{ lines: 90 }} }} }} }}\n"
            other = f"module.exports = {{ {inside} coverageThreshold: {{ global: {{ lines: 90 }} }} }}\n"
            return {
                name: config if name.startswith("vi") else other,
                "package.json": "{}",
                "src/a.ts": "export const a = 1\n",
                "src/b/c.ts": "export const c = 1\n",
            }

        if not key:
            assert found(project(after), project(before)) == []
            return
        assert f"`{key}` in {name} leaves out a file" in message(project(after), "grown-exclusions", project(before))

    def test_branches_that_documents_demand(self):
        files = {
            "pyproject.toml": addopts("--cov --cov-fail-under=90"),
            "README.md": "Branch coverage is required: 90%\n",
        }
        assert "branch-coverage-off" in found(files)
        assert found({"pyproject.toml": addopts("--cov --cov-fail-under=90")}) == []


@pytest.mark.parametrize(
    ("broken", "reason"),
    [(b"\xff\xfe", "undecodable-text"), (b"on: push\njobs:\n  t: [\n", "unparsable-workflow")],
)
def test_what_a_file_declared_before_it_broke_is_unknown_not_removed(broken: bytes, reason: str):
    base = {"pyproject.toml": "", ".github/workflows/ci.yml": workflow("pytest --cov=src --cov-fail-under=90")}
    report = run({**base, ".github/workflows/ci.yml": broken}, base)
    assert [finding.rule for finding in report.findings] == []
    assert [unknown.reason for unknown in report.unknowns] == [reason]


def test_a_repository_without_anything_is_skipped_visibly():
    report = run({"README.md": "hello\n"})
    assert report.findings == ()
    assert "no declared threshold found" in {item.reason for item in report.skipped}


def test_the_parent_that_a_clone_of_one_commit_lacks_is_a_gap() -> None:
    """Nothing asked for a comparison: `actions/checkout` as it is, without a pull request."""
    lost = Unknown("fr-check", "shallow-history", PARENT, "the parent is not here", "git fetch --unshallow")
    found = run({"pyproject.toml": GATED}, lost)
    assert found.unknowns == ()
    assert [(gap.checker, gap.subject) for gap in found.gaps] == [("coverage", PARENT)]
    assert run({"README.md": "hello"}, lost).gaps == ()
