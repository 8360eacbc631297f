"""Every place in which a threshold can be declared, read by its own reader."""

# ruff: noqa: E501, ISC004 - a case is a line

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.thresholds import (
    ci,
    hosted,
    model,
    node_config,
    pipelines,
    pyproject_tasks,
    python_code,
    scripts,
    tasks,
)
from fr_check.sources.thresholds.literals import literals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.sources.thresholds.model import Declared


def said(declared: Iterable[Declared]) -> list[tuple[str, str, str, str]]:
    return [(one.metric, model.shown(one.value, uncovered=one.uncovered), one.kind, one.part) for one in declared]


def of_tasks(found: tasks.Tasks) -> dict[str, list[str]]:
    return {
        task.name: [one.written for step in task.steps if step.invocation for one in step.invocation.declared]
        for task in found.tasks
    }


VITEST = {
    "export default defineConfig({ test: { coverage: { thresholds: { lines: 80, branches: 70.5 } } } })": [
        ("line", "80%", "gate", ""),
        ("branch", "70.5%", "gate", ""),
    ],
    "module.exports = { test: { coverage: { lines: 80 } } }": [("line", "80%", "gate", "")],
    "export default { test: { coverage: { thresholds: { lines: -10 } } } }": [
        ("line", "at most 10 uncovered", "gate", "")
    ],
    "export default { test: { coverage: { thresholds: { 'src/x/**': { lines: 90 } } } } }": [
        ("line", "90%", "gate", "src/x/**")
    ],
    "export default { test: { coverage: { thresholds: { 100: true } } } }": [
        (metric, "100%", "gate", "") for metric in ("line", "branch", "functions", "statements")
    ],
    "const thresholds = { lines: 81, /* not */ functions: 82, // lines: 1\n };": [
        ("line", "81%", "gate", ""),
        ("functions", "82%", "gate", ""),
    ],
    "export default { test: { coverage: { exclude: [/a\"b/, 'x{y'], thresholds: { lines: 5 } } } }": [
        ("line", "5%", "gate", "")
    ],
    "export default { test: { coverage: { thresholds: { lines: LIMIT, branches: f(3) } } } }": [],
}


@pytest.mark.parametrize(("string", "expected"), VITEST.items(), ids=[str(index) for index in range(len(VITEST))])
def test_vitest(string: str, expected: list[tuple[str, str, str, str]]):
    assert said(node_config.parse(Text(string, "vitest.config.ts")).declared) == expected


def test_jest_in_its_file_and_in_package_json():
    module = (
        "module.exports = {coverageThreshold: {global: {lines: 80}, './src/': {branches: -3}}, collectCoverage: true}"
    )
    expected = [("line", "80%", "gate", ""), ("branch", "at most 3 uncovered", "gate", "./src/")]
    found = node_config.parse(Text(module, "jest.config.js"))
    assert said(found.declared) == expected
    assert found.enabled is True
    package = '{"jest": {"coverageThreshold": {"global": {"lines": 80}, "./src/": {"branches": -3}}}}'
    assert said(node_config.parse(Text(package, "package.json")).declared) == expected


def test_nyc_and_c8_judge_only_when_told_to():
    on = '{"check-coverage": true, "lines": 95, "branches": 90}'
    assert said(node_config.parse(Text(on, ".nycrc")).declared) == [
        ("line", "95%", "gate", ""),
        ("branch", "90%", "gate", ""),
    ]
    assert said(node_config.parse(Text('{"lines": 95}', ".c8rc.json")).declared) == [("line", "95%", "report-only", "")]
    package = '{"nyc": {"check-coverage": true, "lines": 77}}'
    assert said(node_config.parse(Text(package, "package.json")).declared) == [("line", "77%", "gate", "")]


def test_package_scripts_know_their_places():
    text = Text('{\n  "scripts": {"test": "vitest run --coverage --coverage.thresholds.lines=90"}\n}\n', "package.json")
    (task,) = node_config.parse(text).scripts
    (step,) = task.steps
    assert step.invocation is not None
    (one,) = step.invocation.declared
    assert (one.span.line, one.span.column) == (2, 46)


def test_a_package_json_that_is_no_json_is_a_problem():
    assert node_config.parse(Text('{"scripts": ', "package.json")).problems


TASKS: list[tuple[Callable[[Text], tasks.Tasks], str, dict[str, list[str]]]] = [
    (
        tasks.moon,
        "tasks:\n  a:\n    command: 'pytest --cov --cov-fail-under=99'\n  b:\n    command: [pytest, --cov-fail-under, '98']\n"
        "  c:\n    command: pytest\n    args: [--cov-fail-under=97]\n  d:\n    script: |\n      cd x\n      pytest --cov-fail-under=96\n",
        {
            "a": ["--cov-fail-under=99"],
            "b": ["--cov-fail-under 98"],
            "c": ["--cov-fail-under=97"],
            "d": ["--cov-fail-under=96"],
        },
    ),
    (
        tasks.makefile,
        "MIN_COVERAGE := 70\n.PHONY: test\ntest: lint\n\t@pytest --cov \\\n\t  --cov-fail-under=95\nlint:\n\truff check\n",
        {"test": ["--cov-fail-under=95"], "lint": []},
    ),
    (tasks.justfile, "test *args: lint\n    pytest --cov-fail-under=95 {{args}}\nlint:\n    ruff\n", {"test": ["--cov-fail-under=95"], "lint": []}),
    (
        tasks.tox,
        "[tox]\n[testenv]\ncommands =\n    pytest --cov --cov-fail-under=95 {posargs:tests}\n[testenv:lint]\ncommands = ruff\n",
        {"testenv": ["--cov-fail-under=95"], "lint": []},
    ),
    (
        tasks.pre_commit,
        "repos:\n- repo: local\n  hooks:\n  - id: cov\n    entry: uv run pytest --cov\n    args: [--cov-fail-under=97]\n",
        {"cov": ["--cov-fail-under=97"]},
    ),
    (tasks.dockerfile, "FROM x\nRUN pip install pytest-cov && \\\n  pytest --cov --cov-fail-under=80\n", {"RUN": ["--cov-fail-under=80"]}),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "string", "expected"), TASKS, ids=[reader.__name__ for reader, _, _ in TASKS])
def test_task_files(reader: Callable[[Text], tasks.Tasks], string: str, expected: dict[str, list[str]]):
    assert of_tasks(reader(Text(string))) == expected


def test_a_dockerfile_in_its_other_forms():
    string = 'FROM x\nRUN ["pytest", "--cov-fail-under=80"]\nRUN <<EOF\npytest --cov-fail-under=81\nEOF\n'
    (task,) = tasks.dockerfile(Text(string, "Dockerfile")).tasks
    found = [one for step in task.steps if step.invocation for one in step.invocation.declared]
    assert [(model.shown(one.value), one.span.line) for one in found] == [("80%", 2), ("81%", 4)]


def test_task_runners_in_pyproject():
    string = (
        '[tool.hatch.envs.test.scripts]\ncov = "pytest --cov --cov-fail-under=95"\nboth = ["ruff check", "coverage report --fail-under=94"]\n'
        '[tool.poe.tasks]\ntest = {cmd = "pytest --cov-fail-under=93"}\n'
        '[tool.tox.env_run_base]\ncommands = [["pytest", "--cov-fail-under=92"]]\n'
    )
    text = Text(string, "pyproject.toml")
    found = pyproject_tasks.parse(text)
    assert of_tasks(found) == {
        "cov": ["--cov-fail-under=95"],
        "both": ["--fail-under=94"],
        "cmd": ["--cov-fail-under=93"],
        "commands": ["--cov-fail-under=92"],
    }
    span = found.tasks[0].steps[0].invocation.declared[0].span
    assert text.line(span.line)[span.column - 1 : span.end_column - 1] == "--cov-fail-under=95"


def test_make_and_tox_may_ignore_a_failure():
    (task,) = tasks.makefile(Text("t:\n\t-pytest --cov-fail-under=1\n")).tasks
    assert task.steps[0].excuse
    (env,) = tasks.tox(Text("[testenv]\ncommands =\n    - pytest --cov-fail-under=1\n")).tasks
    assert env.steps[0].excuse
    assert said(tasks.makefile(Text("MIN_COVERAGE ?= 70\n")).declared) == [("coverage", "70%", "gate", "")]


WORKFLOW = """on: [push, pull_request]
env:
  COVERAGE_THRESHOLD: 40
jobs:
  test:
    continue-on-error: true
    strategy:
      matrix:
        shard: [1, 2]
    defaults:
      run:
        working-directory: apps/backend
    steps:
      - run: |
          pytest --cov \\
            --cov-fail-under=0
      - uses: irongut/CodeCoverageSummary@v1
        with:
          thresholds: '60 80'
          fail_below_min: true
      - uses: x/y@v1
        with:
          minimum-coverage: 75
      - run: echo "Coverage threshold (94%) is validated elsewhere"
"""


def test_workflows():
    found = ci.parse(Text(WORKFLOW, "ci.yml"))
    (run,) = found.runs
    assert (run.job, run.folder, run.excuse, run.sharded) == ("test", "apps/backend", "`continue-on-error: true`", True)
    assert run.step.invocation is not None
    assert run.step.invocation.declared[0].span[:2] == (16, 13)
    assert [(one.tool, model.shown(one.value), one.kind) for one in found.declared] == [
        ("workflow env", "40%", "gate"),
        ("irongut/codecoveragesummary", "60%", "gate"),
        ("x/y", "75%", "gate"),
        ("prose", "94%", "gate"),
    ]
    line, column, _, end = found.declared[-1].span
    assert Text(WORKFLOW).line(line)[column - 1 : end - 1] == "94%"


def test_python_argument_lists_and_defaults():
    string = (
        "import os\n\nargs = ['-n', 'auto']\nargs.extend(['--cov=src', '--cov-fail-under=94'])\n"
        "subprocess.run(['uv', 'run', 'pytest', '--cov-fail-under', '93'])\n"
        "LIMIT = int(os.environ.get('COVERAGE_THRESHOLD', '80'))\nMIN_COVERAGE = 70\n"
    )
    found = python_code.parse(Text(string, "x.py"))
    assert [one.written for argv in found.lists for one in argv.invocation.declared] == [
        "--cov-fail-under=94",
        "--cov-fail-under 93",
    ]
    assert [model.shown(one.value) for one in found.variables] == ["80%", "70%"]
    assert python_code.parse(Text("args = ['--cov-fail-under=94'\n", "x.py")).problems


_PYTHON = (
    "'--cov=src'", "f'--cov-fail-under={x}'", "x = [", "]", ", ", "\n", "\r", "\n    ", "if a:\n    ", "def f():\n    ",
    "@d(['--cov=x', '--cov-fail-under=3'])\n", "COVERAGE_MIN = 80\n", "os.getenv('COVERAGE_MIN', '80')", "# COV_\n",
    "session.run('pytest', '--cov-fail-under', '80')\n", 'f("""\n{g.get("COVERAGE_MIN", 40)}\n""")', "pass\n",
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(_PYTHON), max_size=10).map("".join))
def test_statements_that_are_passed_over_say_nothing(string: str):
    text = Text(string, "x.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(python_code, "_telling", lambda string: range(1, len(string) + 2))
        everything = python_code.parse(text)
    assert python_code.parse(text) == everything


def test_a_place_after_characters_of_several_bytes_is_right():
    (argv,) = python_code.parse(Text("x = 'é', ['--cov-fail-under=94']\n", "x.py")).lists
    assert argv.invocation.declared[0].span.column == 11


HOSTED = [
    (
        "codecov.yml",
        "coverage:\n  status:\n    project:\n      default: {target: 95%}\n      api: {target: 80, informational: true}\n"
        "      web: {target: auto}\n    patch: {default: {target: 70%}}\n",
        [("coverage", "95%", "gate", ""), ("coverage", "80%", "report-only", "api"), ("patch", "70%", "gate", "")],
    ),
    (".octocov.yml", "coverage:\n  acceptable: current >= 60% && diff >= 0.5%\n", [("coverage", "60%", "gate", "")]),
    (".octocov.yml", "coverage:\n  acceptable: 60%\n", [("coverage", "60%", "gate", "")]),
    (
        ".testcoverage.yml",
        "threshold:\n  file: 70\n  total: 95\n",
        [("coverage", "70%", "gate", "each file"), ("coverage", "95%", "gate", "")],
    ),
]


@pytest.mark.parametrize(("name", "string", "expected"), HOSTED)
def test_services(name: str, string: str, expected: list[tuple[str, str, str, str]]):
    assert said(hosted.parse(Text(string, name)).declared) == expected


def test_tools_in_pyproject():
    string = "[tool.diff_cover]\nfail_under = 80\n[coverage-threshold]\nline_coverage_min = 95\nfile_line_coverage_min = 50\n"
    assert said(hosted.pyproject(Text(string, "pyproject.toml")).declared) == [
        ("patch", "80%", "gate", ""),
        ("line", "95%", "gate", ""),
        ("line", "50%", "gate", "each file"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(st.characters(codec="utf-8"), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('abc"\\/', max_size=4), inner, max_size=3),
    max_leaves=12,
)


def flat(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        return [item for key, inner in value.items() for item in flat(inner, (*path, key))]
    if isinstance(value, list):
        return [item for inner in value for item in flat(inner, path)]
    return [(path, value if isinstance(value, str) else json.dumps(value))]


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.text('abc"\\/', max_size=4), JSON, max_size=4))
def test_literals_reads_any_json_as_json_does(value: dict[str, Any]):
    string = json.dumps(value, ensure_ascii=False)
    assert [(one.path, one.value) for one in literals(string)] == flat(value)


READERS = [tasks.moon, tasks.makefile, tasks.justfile, tasks.tox, tasks.pre_commit, tasks.dockerfile, ci.parse]
READERS += [hosted.pyproject, pyproject_tasks.parse, python_code.parse, scripts.parse]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(READERS), st.text(st.sampled_from("pytes:-[]{}'\"\n\t #=cov8,/\\$()&|"), max_size=80))
def test_every_reader_is_total(reader: Callable[[Text], object], string: str):
    reader(Text(string, "x.sh"))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["package.json", ".nycrc", "jest.config.js", "codecov.yml", ".octocov.yml"]), st.text(max_size=80)
)
def test_every_reader_by_name_is_total(name: str, string: str):
    text = Text(string, name)
    (hosted if name.endswith("yml") else node_config).parse(text)


@pytest.mark.parametrize(
    "string", ["[" * 100_000, "{a:" * 50_000, "`" * 99_999, "/" * 50_000, '"' * 99_999, "(" * 99_999]
)
def test_depth_and_length_do_no_harm(string: str):
    assert isinstance(literals(string), list)
    python_code.parse(Text(f"x = '--cov'; y = {string}", "x.py"))
    scripts.read(f"pytest {string[:20_000]}", Text(string).span)


PIPELINES = {
    ".gitlab-ci.yml": (
        "variables:\n  COVERAGE_THRESHOLD: {value: '85', description: x}\ntest:\n  before_script: [cd apps/backend]\n"
        "  script:\n    - cd apps/backend\n    - pytest --cov=src --cov-fail-under=91\n",
        [("pytest-cov", "--cov-fail-under=91", "apps/backend", 7)],
    ),
    ".circleci/config.yml": (
        "jobs:\n  test:\n    steps:\n      - run: npm ci\n      - run:\n          name: test\n          command: |\n"
        "            cd web\n            npx vitest run --coverage --coverage.thresholds.lines=80\n",
        [("vitest", "--coverage.thresholds.lines=80", "web", 9)],
    ),
    "azure-pipelines.yml": (
        "steps:\n- script: coverage report --fail-under=70\n- bash: pytest --cov --cov-fail-under 75\n",
        [
            ("coverage", "--fail-under=70", "", 2),
            ("pytest-cov", "--cov-fail-under 75", "", 3),
        ],
    ),
}


@pytest.mark.parametrize(("path", "case"), PIPELINES.items(), ids=PIPELINES)
def test_other_ci_systems_are_read_for_their_commands(path: str, case: tuple[str, list[tuple[str, str, str, int]]]):
    found = pipelines.parse(Text(case[0], path))
    steps = [step for task in found.tasks for step in task.steps if step.invocation is not None]
    said = [(one.tool, one.written, step.folder, one.span.line) for step in steps for one in step.invocation.declared]
    assert said == case[1]


def test_variables_of_other_ci_systems_are_thresholds_by_their_names():
    found = pipelines.parse(Text(PIPELINES[".gitlab-ci.yml"][0], ".gitlab-ci.yml"))
    assert [(one.value, one.written, one.span.line) for one in found.declared] == [(85, "COVERAGE_THRESHOLD: 85", 2)]


@given(st.text(max_size=300) | st.binary(max_size=200))
def test_pipelines_are_total(data: str | bytes):
    text = Text(data, ".gitlab-ci.yml") if isinstance(data, str) else Text.decode(data, ".gitlab-ci.yml")
    pipelines.parse(text)


def test_tox_toml_is_read_as_the_table_in_pyproject():
    string = '[env_run_base]\ncommands = [["pytest", "--cov=src", "--cov-fail-under=90", { replace = "posargs" }]]\n'
    (task,) = pyproject_tasks.parse(Text(string.replace(', { replace = "posargs" }', ""), "tox.toml")).tasks
    assert [one.written for one in task.steps[0].invocation.declared] == ["--cov-fail-under=90"]
    found = pyproject_tasks.parse(Text(string, "tox.toml")).tasks
    assert [one.written for task in found for step in task.steps for one in step.invocation.declared] == [
        "--cov-fail-under=90"
    ]


def test_nyc_may_be_configured_in_yaml():
    found = node_config.parse(Text("check-coverage: true\nlines: 90.5\nbranches: -3\nreporter: [text]\n", ".nycrc.yml"))
    assert said(found.declared) == [("line", "90.5%", "gate", ""), ("branch", "at most 3 uncovered", "gate", "")]
    assert [problem.span.line for problem in node_config.parse(Text("a: [\n", ".nycrc.yaml")).problems] == [2]


def test_a_file_of_another_kind_is_no_selection_of_tests():
    (run,) = scripts.read("pytest --cov --durations-path ci/times.json tests/unit/test_a.py", Text("").span).steps
    assert run.invocation.selection == "tests/unit/test_a.py"
    (run,) = scripts.read("pytest --cov --durations-path ci/${N}.json --cov-fail-under=0", Text("").span).steps
    assert run.invocation.selection == ""


def test_a_module_named_after_coverage_has_thresholds_under_plain_names():
    code = "DEFAULT_THRESHOLD = 85.0\nMIN_FLOOR = 0.949\nTHRESHOLD_ENV = 'COVERAGE'\nOTHER = 3\n"
    found = python_code.parse(Text(code, "tools/diff_coverage.py")).variables
    assert [(one.written, one.value, one.metric, one.scope) for one in found] == [
        ("DEFAULT_THRESHOLD: 85", 85, "patch", ""),
        ("MIN_FLOOR: 94.9", 94.9, "patch", ""),
    ]
    assert [one.metric for one in python_code.parse(Text(code, "tools/check_coverage.py")).variables] == [
        "coverage"
    ] * 2
    assert python_code.parse(Text(code, "tools/check.py")).variables == ()
