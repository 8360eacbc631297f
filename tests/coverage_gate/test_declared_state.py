"""What is read of a whole repository: precedence between files, scopes, tables, what cannot be read, real commits."""

# ruff: noqa: E501 - a case is a line
from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from _pytest.config.findpaths import locate_config

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate import loading
from fr_check.coverage_gate.checker import CHECKER
from fr_check.coverage_gate.declared import files as declared_files
from fr_check.coverage_gate.declared import state as declared
from fr_check.coverage_gate.declared.changes import changes
from fr_check.coverage_gate.declared.gates import declared_gates
from fr_check.coverage_gate.declared.groups import effective_threshold
from fr_check.policy.coverage_gate import Coverage
from fr_check.sources.thresholds.model import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PYTEST_FILES = {
    "pytest.toml": '[pytest]\naddopts = ["-v"]\n',
    "pytest.ini": "",
    ".pytest.ini": "[pytest]\naddopts = -v\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-v"\n',
    "tox.ini": "[pytest]\naddopts = -v\n",
    "setup.cfg": "[tool:pytest]\naddopts = -v\n",
}


def state(files: Mapping[str, str | bytes]) -> declared.State:
    return declared.read(Memory(files))


@pytest.mark.parametrize("names", [*combinations(PYTEST_FILES, 2), *combinations(PYTEST_FILES, 3)], ids="+".join)
def test_the_file_that_counts_is_the_one_pytest_takes(tmp_path: Path, names: tuple[str, ...]):
    for name in names:
        (tmp_path / name).write_text(PYTEST_FILES[name])
    _, path, _, ignored = locate_config(tmp_path, [tmp_path])
    (component,) = state({name: PYTEST_FILES[name] for name in names}).components.values()
    assert path is not None
    assert component.pytest is not None
    assert component.pytest.path == path.name
    assert [file.path for file in component.hidden_pytest] == list(ignored)


@pytest.mark.parametrize("path", ["codecov.yml", ".github/codecov.yml"])
def test_a_file_is_read_once(path: str):
    found = state({path: "coverage: {status: {project: {default: {target: 80%}}}}\n"})
    assert [place.location.path for place in found.places] == [path]


@pytest.mark.parametrize(
    ("path", "readers"),
    [
        ("Makefile", {"tasks"}),
        ("ci/Dockerfile.test", {"tasks"}),
        (".justfile", {"tasks"}),
        ("noxfile.py", {"python"}),
        ("src/module.py", set()),
        ("run", set()),
        ("ci/run", {"shell"}),
        ("scripts/tests/run.sh", set()),
        ("templates/ci/run.sh", set()),
        ("{{name}}/README.md", set()),
        ("cookiecutter-app/README.md", set()),
        ("docs/cookiecutter.md", {"prose"}),
        ("tests/README.md", set()),
        (".github/workflows/ci.yml", {"workflows"}),
        (".github/actions/x/action.yaml", {"workflows"}),
        (".github/dependabot.yml", set()),
        (".github/codecov.yml", {"hosted"}),
        ("web/vite.config.mts", {"node"}),
        ("web/vite.ts", set()),
        ("web/.nycrc.yml", {"node"}),
        ("tox.toml", {"tasks"}),
        (".gitlab-ci.yml", {"pipelines"}),
        ("apps/.gitlab-ci.yml", set()),
        (".circleci/config.yml", {"pipelines"}),
        ("azure-pipelines.yml", {"pipelines"}),
        ("Jenkinsfile", {"unread"}),
        ("docs/index.rst", {"unread"}),
        ("Make.ps1", {"unread"}),
        ("scripts/test.bat", {"unread"}),
        ("tests/run.cmd", set()),
        ("test-fixtures/app/.coveragerc", set()),
        ("common/check_coverage.py", {"python"}),
        ("src/coverage.py", set()),
        ("common/test_coverage.py", set()),
        ("pyproject.toml", {"pytest", "coverage", "tasks"}),
    ],
)
def test_names_tell_who_reads_a_file(path: str, readers: set[str]):
    found = declared_files.choose(Memory({path: "coverage 90 %"}), with_prose=True)
    assert {field for field, paths in found._asdict().items() if paths} == readers


def test_a_configuration_that_addopts_names_counts_alone():
    found = state(
        {
            "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov --cov-config=ci/cov.cfg"\n',
            ".coveragerc": "[report]\nfail_under = 1\n",
            "ci/cov.cfg": "[report]\nfail_under = 90\n",
        }
    )
    assert [shown(place.value) for place in found.places] == ["90%"]


@pytest.mark.parametrize(
    ("text", "component"),
    [
        ("Backend coverage must be >= 90%.\n", "apps/backend"),
        ("Frontend coverage must be >= 90%.\n", "apps/frontend"),
        ("Unified coverage must be >= 90%.\n", "unified"),
        ("Coverage must be >= 90%.\n", None),
        ("Run pytest. Coverage must be >= 90%.\n", "apps/backend"),
        ("Run vitest. Overall coverage must be >= 90%.\n", "apps/frontend"),
    ],
)
def test_prose_belongs_to_the_component_it_names(text: str, component: str | None):
    files = {
        "apps/backend/pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov --cov-fail-under=95"\n',
        "apps/frontend/vitest.config.ts": "export default {test: {coverage: {thresholds: {lines: 80}}}}",
    }
    assert state({**files, "README.md": text}).places[-1].component == component
    assert (
        state({**files, "apps/backend/README.md": "Coverage must be >= 90%.\n"}).places[-1].component == "apps/backend"
    )


def test_the_figure_is_blended_where_branches_are_measured():
    option = '[tool.pytest.ini_options]\naddopts = "--cov --cov-fail-under=95%s"\n'
    assert state({"pyproject.toml": option % ""}).places[0].metric == "line"
    assert state({"pyproject.toml": option % " --cov-branch"}).places[0].metric == "blended"
    assert state({"pyproject.toml": option % "", ".coveragerc": "[run]\nbranch = true\n"}).places[0].metric == "blended"


def test_the_effective_threshold_is_that_of_the_first_layer_and_never_prose():
    found = state(
        {
            "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov --cov-fail-under=95"\n',
            "Makefile": "t:\n\tpytest --cov --cov-fail-under=90\n",
            "README.md": "Coverage must be >= 99%.\n",
        }
    )
    place = effective_threshold(found, "", "line")
    assert place is not None
    assert (place.location.path, shown(place.value)) == ("pyproject.toml", "95%")
    assert effective_threshold(found, "", "branch") is None
    assert [(gate.metric, gate.threshold, gate.native) for gate in declared_gates(found)] == [("line", 95.0, True)]


def test_facts_are_tabled_and_counted():
    loaded = loading.load(Context(Memory({"pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n"}), Config()))
    assert loaded.counts["thresholds"] == 1
    assert loaded.counts["gates"] == 1
    table = loaded.tables()[-1]
    assert table.title == "Declared thresholds"
    assert table.rows == (("pyproject.toml:2", "95%", "line", ".", "gate", "fail_under = 95"),)


def test_a_configuration_that_cannot_be_decoded_is_unknown():
    report = engine.run(Context(Memory({"pyproject.toml": b"[tool.x]\n\xff\n"}), Config()), [CHECKER])[0]
    assert [(item.reason, item.subject) for item in report.unknowns] == [("undecodable-text", "pyproject.toml")]


@pytest.mark.parametrize("path", ["Makefile", "codecov.yml", "web/vitest.config.ts", ".github/workflows/ci.yml"])
@pytest.mark.parametrize("data", [bytes(range(256)), "# 1\n".encode("utf-16")], ids=["binary", "UTF-16"])
def test_what_might_declare_a_threshold_and_is_no_text_is_unknown(path: str, data: bytes):
    report = engine.run(Context(Memory({path: data}), Config()), [CHECKER])[0]
    assert [(item.reason, item.subject) for item in report.unknowns] == [("undecodable-text", path)]
    assert path in report.unknowns[0].message


@pytest.mark.parametrize("data", [bytes(range(256)), "# 1\n".encode("utf-16")], ids=["binary", "UTF-16"])
def test_a_document_that_is_no_text_decides_nothing_and_is_told(data: bytes):
    report = engine.run(Context(Memory({"README.md": data}), Config()), [CHECKER])[0]
    assert (report.unknowns, [gap.subject for gap in report.gaps]) == ((), ["README.md"])


@pytest.mark.parametrize("path", ["fixtures/a/blob.md", "tests/data/blob.md", "node_modules/x/README.md", "src/a.bin"])
def test_a_binary_file_where_nobody_looks_for_thresholds_is_nothing(path: str):
    assert engine.run(Context(Memory({path: bytes(range(256))}), Config()), [CHECKER])[0].unknowns == ()


def test_a_document_in_another_encoding_can_be_read_all_the_same():
    prose = "# Qualit\xe9\n\nBackend line coverage must be >= 95%.\n".encode("latin-1")
    found = state({"README.md": prose, "pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n"})
    assert found.unknowns == ()
    assert [place.shown for place in found.places if place.location.path == "README.md"] == ["95%"]


def test_a_configuration_that_is_no_toml_is_invalid_once():
    report = engine.run(Context(Memory({"pyproject.toml": "[tool.x\n"}), Config()), [CHECKER])[0]
    assert [item.rule for item in report.findings] == ["invalid-coverage-config"]


ADDOPTS = "[tool.pytest.ini_options]\naddopts = \"--cov=src --cov-report=xml --cov-fail-under=%s -m 'not slow'\"\n"
BRANCHED = ADDOPTS.replace("--cov-report=xml", "--cov-report=xml --cov-branch")
VITEST = "export default defineConfig({ test: { coverage: { thresholds: {\n lines: %s,\n functions: %s,\n branches: %s,\n statements: %s,\n} } } })\n"
JUDGE = 'threshold = int(os.environ.get("COVERAGE_THRESHOLD", "%s"))\n'
ENV = "on: push\njobs:\n  unified-coverage:\n    steps:\n      - run: python x.py\n%s"

# The changes of commits whose messages say something else.
REAL = {
    "f487d6e4": (
        {"a/pyproject.toml": ADDOPTS % 95, "a/moon.yml": "tasks: {t: {command: 'pytest --cov=src --cov-fail-under=95'}}\n"},
        {"a/pyproject.toml": BRANCHED % 92, "a/moon.yml": "tasks: {t: {command: 'pytest --cov=src --cov-fail-under=92'}}\n"},
        [("lowered", "95%", "92%"), ("lowered", "95%", "92%")],
    ),
    "71d623d8": ({"a/pyproject.toml": BRANCHED % 99}, {"a/pyproject.toml": BRANCHED % 90}, [("lowered", "99%", "90%")]),
    "1e9a5f2c": (
        {"f/vitest.config.ts": VITEST % (99, 80, 70, 87)},
        {"f/vitest.config.ts": VITEST % (98, 98, 84, 98)},
        [("lowered", "99%", "98%")],
    ),
    "c72c6599": (
        {"scripts/judge.py": JUDGE % 80, ".github/workflows/ci.yml": ENV % "        env:\n          COVERAGE_THRESHOLD: 40\n"},
        {"scripts/judge.py": JUDGE % 0, ".github/workflows/ci.yml": ENV % ""},
        [("lowered", "80%", "0%"), ("removed", "40%", "")],
    ),
    "7fb89ddc": (
        {"f/vitest.config.ts": VITEST % (80, 80, 80, 80)},
        {"f/vitest.config.ts": VITEST % (50, 60, 45, 50)},
        [("lowered", "80%", "50%"), ("lowered", "80%", "60%"), ("lowered", "80%", "45%"), ("lowered", "80%", "50%")],
    ),
    "02312232: moved": (
        {"scripts/smart.py": "a = ['--cov=src', '--cov-fail-under=94']\n", "p/pyproject.toml": BRANCHED % 94},
        {"scripts/lifecycle.py": "a = ['--cov=src', '--cov-fail-under=94']\n", "p/pyproject.toml": BRANCHED % 94},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), REAL.values(), ids=REAL.keys())
def test_what_commits_do_whatever_they_say(
    before: Mapping[str, str], after: Mapping[str, str], expected: list[tuple[str, str, str]]
):
    found = changes(state(before), state(after))
    told = [(one.kind, one.before.shown, one.after.shown if one.after else "") for one in found]
    assert sorted(told) == sorted(expected)


def test_data_that_nothing_gates_is_told_with_its_figures():
    data = {"src/a.py": "a = 1\nb = 2\n", "lcov.info": "SF:src/a.py\nDA:1,1\nDA:2,0\nend_of_record\n"}
    loaded = loading.load(Context(Memory(data), Config()))
    assert [item.reason for item in loaded.skipped] == [
        "no declared threshold found, so nothing gates what was measured: lines 50.00% (1 of 2)"
    ]
    policy = Config(path=".fr-check.toml", tables={Coverage: Coverage(line=10)})
    assert loading.load(Context(Memory(data), policy)).skipped == ()
    assert [item.reason for item in loading.load(Context(Memory({}), policy)).skipped] == ["no coverage data found"]


def ids(files: Mapping[str, str]) -> list[str]:
    found = engine.run(Context(Memory(files), Config()), [CHECKER])[0].findings
    return [item.rule for item in found if item.severity >= Severity.WARNING]


GATED = {
    "apps/web/vitest.config.ts": "export default { test: { coverage: { thresholds: { lines: 80 } } } }\n",
    "apps/web/package.json": '{"scripts": {"test": "vitest run"}}\n',
    ".github/workflows/ci.yml": "on: [push]\njobs:\n  a:\n    steps:\n      - run: npm test\n"
    "        working-directory: apps/web\n",
}


def test_what_another_ci_system_may_run_is_not_claimed_to_be_missing():
    assert ids(GATED) == ["unwired-gate"]
    assert ids({**GATED, ".gitlab-ci.yml": "test:\n  script: npm run other\n"}) == []
    assert ids({**GATED, "Jenkinsfile": "sh 'npm run other'\n"}) == []


def test_commands_of_other_ci_systems_are_compared():
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=95"\n',
        ".gitlab-ci.yml": "test:\n  script: [pytest --cov-fail-under=90]\n",
    }
    assert ids(files) == ["contradicting-threshold"]


def test_what_is_kept_elsewhere_or_not_read_is_said():
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=95"\n',
        "sonar-project.properties": "sonar.projectKey=a\n",
        ".coveralls.yml": "service_name: github\n",
        "Jenkinsfile": "sh 'pytest --cov'\n",
        "docs/a.rst": "Line coverage must be 90%.\n",
        "docs/b.rst": "Coverage: 90%.\n",
        "docs/c.rst": "Nothing.\n",
        "Make.ps1": "pytest --cov src --cov-fail-under 95 tests\n",
        "dev/test.bat": "npx jest --coverage --coverageThreshold={}\n",
        "dev/build.bat": "pytest --cov\n",
        "tests/d.rst": "Coverage must be 90%.\n",
    }
    found = state(files).skipped
    assert [one.reason for one in found] == [
        "thresholds of Coveralls (.coveralls.yml) are kept on its server, and compared with nothing",
        "Jenkinsfile is not read: what it declares about coverage is compared with nothing",
        "Make.ps1 states a threshold in a shell that is not read: it is compared with nothing",
        "dev/test.bat states a threshold in a shell that is not read: it is compared with nothing",
        "thresholds of SonarQube (sonar-project.properties) are kept on its server, and compared with nothing",
        "docs/a.rst and 1 more may state thresholds, and of documents only Markdown is read",
    ]


def test_codecov_speaks_of_the_whole_wherever_it_finds_its_file():
    codecov = "coverage:\n  status:\n    project:\n      default:\n        target: 80%\n"
    for path in ("codecov.yml", ".github/codecov.yml", "dev/codecov.yml"):
        (place,) = state({path: codecov}).places
        assert (place.component, place.value, place.kind, place.tool) == ("", 80, "gate", "codecov")


def test_a_module_about_coverage_is_read_wherever_it_stands():
    found = state({"common/testing/diff_coverage.py": "THRESHOLD = 85\n", "src/coverage.py": "THRESHOLD = 9\n"})
    assert [(place.location.path, place.value, place.metric) for place in found.places] == [
        ("common/testing/diff_coverage.py", 85, "patch")
    ]


@pytest.mark.parametrize(
    ("special", "excused"), [(".IGNORE: test\n", True), (".IGNORE:\n", True), (".IGNORE: other\n", False), ("", False)]
)
def test_make_goes_on_for_the_targets_of_ignore(special: str, excused: bool):  # noqa: FBT001 - a case
    makefile = f"{special}test:\n\tpytest --cov=app --cov-fail-under=90\n"
    files = {
        "Makefile": makefile,
        ".github/workflows/ci.yml": "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - run: make test\n",
    }
    found = [
        one for one in engine.run(Context(Memory(files), Config()), [CHECKER])[0].findings if one.rule == "unwired-gate"
    ]
    assert bool(found) is excused
    for one in found:
        assert (one.location.path, one.location.span and one.location.span.line) == ("Makefile", 1)
        assert "`.IGNORE`" in one.message + str(one.notes)


_STEPS = "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: {}\n"


@pytest.mark.parametrize(
    ("files", "alarm"),
    [
        ({"tox.ini": "[testenv]\nset_env =\n  PYTEST_ADDOPTS = --cov=app\ncommands = pytest\n", "run": "tox"}, False),
        ({"Makefile": "export PYTEST_ADDOPTS = --cov=app\ntest:\n\tpytest\n", "run": "make test"}, False),
        ({"run": 'echo "PYTEST_ADDOPTS=--cov=app" >> "$GITHUB_ENV"\n      - run: pytest'}, False),
        ({"Makefile": "test:\n\tpytest\n", "run": "make test"}, True),
    ],
    ids=["tox", "make", "GITHUB_ENV", "nowhere"],
)
def test_options_that_come_to_pytest_by_another_way_are_not_denied(files: dict[str, str], alarm: bool):  # noqa: FBT001
    given = {**files, "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n"}
    given[".github/workflows/ci.yml"] = _STEPS.format(given.pop("run"))
    rules = {one.rule for one in engine.run(Context(Memory(given), Config()), [CHECKER])[0].findings}
    assert ("unwired-gate" in rules) is alarm
