"""Every place in which a threshold can be declared, read by its own reader."""

# ruff: noqa: E501, ISC004 - a case is a line

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written, written_steps
from fr_check.sources.thresholds import ci, hosted, model, node_config, python_code
from fr_check.sources.thresholds.literals import literals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.sources.thresholds.model import Declared


def said(declared: Iterable[Declared]) -> list[tuple[str, str, str, str]]:
    return [(one.metric, model.shown(one.value, uncovered=one.uncovered), one.kind, one.part) for one in declared]


def of_file(name: str, string: str) -> list[str]:
    found = written.reader(name)(Text(string, name))
    return [one.written for said in found.runs for one in said.invocation.declared]


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
    "export default { test: { coverage: { thresholds: { lines: LIMIT, branches: f(3) } } } }": [
        ("line", "?", "gate", "")
    ],
}


@pytest.mark.parametrize(("string", "expected"), VITEST.items(), ids=[str(index) for index in range(len(VITEST))])
def test_vitest(string: str, expected: list[tuple[str, str, str, str]]):
    assert said(node_config.parse(Text(string, "vitest.config.ts")).declared) == expected


@pytest.mark.parametrize(
    "value",
    [
        "`${root}/dist/**`",
        "[`${a}${b}`, `x`]",
        "`a ${f({ lines: `${y}` })} b ${z} c`",
        "`plain }`",
        "'${'",
        "`${ {a: 1}.a }`",
    ],
)
def test_a_template_keeps_what_is_open_around_it(value: str):
    string = f"export default {{ test: {{ dir: {value}, coverage: {{ thresholds: {{ lines: 90 }} }} }} }}"
    assert (("test", "coverage", "thresholds", "lines"), "90") in [(one.path, one.value) for one in literals(string)]


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
    assert said(node_config.parse(Text('{"lines": 95}', ".c8rc.json")).declared) == [("line", "95%", "ignored", "")]
    package = '{"nyc": {"check-coverage": true, "lines": 77}}'
    assert said(node_config.parse(Text(package, "package.json")).declared) == [("line", "77%", "gate", "")]


def test_package_scripts_know_their_places():
    text = Text('{\n  "scripts": {"test": "vitest run --coverage --coverage.thresholds.lines=90"}\n}\n', "package.json")
    (said_,) = written.package_json(text).runs
    (one,) = said_.invocation.declared
    assert (one.span.line, one.span.column) == (2, 46)


def test_a_package_json_that_is_no_json_is_a_problem():
    assert node_config.parse(Text('{"scripts": ', "package.json")).problems


TASKS: list[tuple[str, str, list[str]]] = [
    (
        "moon.yml",
        "tasks:\n  a:\n    command: 'pytest --cov --cov-fail-under=99'\n  b:\n    command: [pytest, --cov-fail-under, '98']\n"
        "  c:\n    command: pytest\n    args: [--cov-fail-under=97]\n  d:\n    script: |\n      cd x\n      pytest --cov-fail-under=96\n",
        ["--cov-fail-under=99", "--cov-fail-under 98", "--cov-fail-under=97", "--cov-fail-under=96"],
    ),
    (
        "Makefile",
        "MIN_COVERAGE := 70\n.PHONY: test\ntest: lint\n\t@pytest --cov \\\n\t  --cov-fail-under=95\nlint:\n\truff check\n",
        ["--cov-fail-under=95"],
    ),
    ("Makefile", "a:\n\tpytest --cov-fail-under=94\n# a comment\n\tpytest x --cov-fail-under=93\n", ["--cov-fail-under=94", "--cov-fail-under=93"]),
    ("ci.mk", "MIN = 91\na:\n\tpytest --cov-fail-under=$(MIN)\n", ["--cov-fail-under=91"]),
    ("justfile", "test *args: lint\n    pytest --cov-fail-under=95 {{args}}\nlint:\n    ruff\n", ["--cov-fail-under=95"]),
    ("justfile", "min := '92'\ntest:\n    pytest --cov-fail-under={{ min }}\n", ["--cov-fail-under=92"]),
    (
        "tox.ini",
        "[tox]\n[testenv]\ncommands =\n    pytest --cov --cov-fail-under=95 {posargs:tests}\n[testenv:lint]\ncommands = ruff\n",
        ["--cov-fail-under=95"],
    ),
    ("tox.ini", "[testenv]\ncommands = pytest --cov --cov-fail-under={env:MIN:85}\n", ["--cov-fail-under=85"]),
    ("tox.ini", "[x]\nmin = 84\n[testenv]\ncommands = pytest --cov --cov-fail-under={[x]min}\n", ["--cov-fail-under=84"]),
    ("tox.ini", "[testenv]\ncommands = pytest --cov {posargs:--cov-fail-under=83}\n", ["--cov-fail-under=83"]),
    (
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n  - id: cov\n    entry: uv run pytest --cov\n    args: [--cov-fail-under=97]\n",
        ["--cov-fail-under=97"],
    ),
    ("Dockerfile", "FROM x\nRUN pip install pytest-cov && \\\n  pytest --cov --cov-fail-under=80\n", ["--cov-fail-under=80"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "string", "expected"), TASKS)
def test_task_files(name: str, string: str, expected: list[str]):
    assert of_file(name, string) == expected


def test_a_default_that_nobody_can_tell_is_no_mistake():
    found = written.reader("tox.ini")(
        Text("[testenv]\ncommands = pytest --cov --cov-fail-under={env:MIN}\n", "tox.ini")
    )
    ((declared,), problems) = found.runs[0].invocation.declared, found.runs[0].invocation.problems
    assert (declared.value, problems) == (None, ())


def test_a_dockerfile_in_its_other_forms():
    string = 'FROM x\nRUN ["pytest", "--cov-fail-under=80"]\nRUN <<EOF\npytest --cov-fail-under=81\nEOF\n'
    found = [one for said_ in written.dockerfile(Text(string, "Dockerfile")).runs for one in said_.invocation.declared]
    assert [(model.shown(one.value), one.span.line) for one in found] == [("80%", 2), ("81%", 4)]


def test_task_runners_in_pyproject():
    string = (
        '[tool.hatch.envs.test.scripts]\ncov = "pytest --cov --cov-fail-under=95"\nboth = ["ruff check", "coverage report --fail-under=94"]\n'
        '[tool.poe.tasks]\ntest = {cmd = "pytest --cov-fail-under=93"}\n'
        '[tool.tox.env_run_base]\ncommands = [["pytest", "--cov-fail-under=92"]]\n'
    )
    text = Text(string, "pyproject.toml")
    found = [one for said_ in written.reader(text.path)(text).runs for one in said_.invocation.declared]
    assert [one.written for one in found] == [
        "--cov-fail-under=95",
        "--fail-under=94",
        "--cov-fail-under=93",
        "--cov-fail-under=92",
    ]
    span = found[0].span
    assert text.line(span.line)[span.column - 1 : span.end_column - 1] == "--cov-fail-under=95"


def test_a_variable_of_a_makefile_may_be_a_threshold():
    assert said(written.reader("Makefile")(Text("MIN_COVERAGE ?= 70\n", "Makefile")).declared) == [
        ("coverage", "70%", "gate", "")
    ]


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
    (run,) = written_steps.parse(Text(WORKFLOW, "ci.yml")).runs
    assert (run.folder, run.sharded) == ("apps/backend", True)
    assert run.invocation.declared[0].span[:2] == (16, 13)
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


NAMES = [
    "moon.yml",
    "Makefile",
    "justfile",
    "tox.ini",
    ".pre-commit-config.yaml",
    "Dockerfile",
    "pyproject.toml",
    "tox.toml",
]
READERS: list[Callable[[Text], object]] = [written.reader(name) for name in NAMES]
READERS += [
    ci.parse,
    written_steps.parse,
    hosted.pyproject,
    python_code.parse,
    written.shell_script,
    written.package_json,
]


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
    written.of_script(f"pytest {string[:20_000]}", Text(string).span)


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
    found = written.pipeline(Text(case[0], path))
    said = [(one.tool, one.written, run.folder, one.span.line) for run in found.runs for one in run.invocation.declared]
    assert said == case[1]


def test_variables_of_other_ci_systems_are_thresholds_by_their_names():
    found = written.pipeline(Text(PIPELINES[".gitlab-ci.yml"][0], ".gitlab-ci.yml"))
    assert [(one.value, one.written, one.span.line) for one in found.declared] == [(85, "COVERAGE_THRESHOLD: 85", 2)]


@given(st.text(max_size=300) | st.binary(max_size=200))
def test_pipelines_are_total(data: str | bytes):
    text = Text(data, ".gitlab-ci.yml") if isinstance(data, str) else Text.decode(data, ".gitlab-ci.yml")
    written.pipeline(text)


def test_tox_toml_is_read_as_the_table_in_pyproject():
    string = '[env_run_base]\ncommands = [["pytest", "--cov=src", "--cov-fail-under=90", { replace = "posargs" }]]\n'
    assert of_file("tox.toml", string.replace(', { replace = "posargs" }', "")) == ["--cov-fail-under=90"]
    assert of_file("tox.toml", string) == ["--cov-fail-under=90"]
    given_ = string.replace(
        '"--cov-fail-under=90", { replace = "posargs" }', '{ replace = "posargs", default = ["--cov-fail-under=89"] }'
    )
    assert of_file("tox.toml", given_) == ["--cov-fail-under=89"]


def test_nyc_may_be_configured_in_yaml():
    found = node_config.parse(Text("check-coverage: true\nlines: 90.5\nbranches: -3\nreporter: [text]\n", ".nycrc.yml"))
    assert said(found.declared) == [("line", "90.5%", "gate", ""), ("branch", "at most 3 uncovered", "gate", "")]
    assert [problem.span.line for problem in node_config.parse(Text("a: [\n", ".nycrc.yaml")).problems] == [2]


def test_a_file_of_another_kind_is_no_selection_of_tests():
    script = "pytest --cov --durations-path ci/times.json tests/unit/test_a.py"
    (run,) = written.of_script(script, Text(script).span).runs
    assert run.invocation.selection == "tests/unit/test_a.py"
    script = "pytest --cov --durations-path ci/${N}.json --cov-fail-under=0"
    (run,) = written.of_script(script, Text(script).span).runs
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
