"""Gates in GitLab's pipelines, put together as GitLab does: https://docs.gitlab.com/ci/yaml/."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_gate.test_wiring import CI, findings, run, steps
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.coverage_gate.checker import CHECKER
from fr_check.runs.pipelines import globbed
from fr_check.sources import gitlab

GATE = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-branch --cov-fail-under=90 --cov-precision=2"\n'
}
FILE = ".gitlab-ci.yml"
TEST = "test:\n  script: [pytest]\n"

HOLDS = {
    "a script": {FILE: TEST},
    "a pipe, for which the runner sets pipefail": {FILE: "test:\n  script:\n    - pytest | tee log\n"},
    "a base that another key overrides": {
        FILE: ".base:\n  allow_failure: true\n  script: [echo]\ntest:\n  extends: .base\n  allow_failure: false\n  script: [pytest]\n"
    },
    "a default that a job does not inherit": {
        FILE: "default:\n  before_script: [export PYTEST_ADDOPTS=--no-cov]\ntest:\n  inherit: {default: false}\n  script: [pytest]\n"
    },
    "variables that a job does not inherit": {
        FILE: "variables: {PYTEST_ADDOPTS: --no-cov}\ntest:\n  inherit: {variables: [A]}\n  script: [pytest]\n"
    },
    "the file over what it includes": {
        FILE: "include: {local: ci.yml}\ntest:\n  allow_failure: false\n",
        "ci.yml": TEST + "  allow_failure: true\n",
    },
    "started by hand, and waited for": {FILE: "test:\n  script: [pytest]\n  rules:\n    - when: manual\n"},
    "the directory of the project": {FILE: "test:\n  script:\n    - cd sub\n    - cd $CI_PROJECT_DIR && pytest\n"},
    "something from elsewhere": {FILE: "include:\n  - template: Python.gitlab-ci.yml\nlint:\n  script: [pytest --no-cov]\n"},
    "a base that is not here": {FILE: "test:\n  extends: .elsewhere\n  script: [pytest --no-cov]\n"},
    "a child pipeline": {FILE: "a:\n  trigger: {include: child.yml}\nlint:\n  script: [pytest --no-cov]\n"},
    "beside a workflow that does not measure": {FILE: TEST, CI: steps(run("pytest --no-cov"))},
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDS)
def test_the_gate_holds_or_nobody_can_tell(name):
    assert findings({**GATE, **HOLDS[name]}) == []


LOST = {
    "allowed to fail": ({FILE: TEST + "  allow_failure: true\n"}, "`allow_failure: true` in .gitlab-ci.yml"),
    "allowed by a base": (
        {FILE: ".b:\n  allow_failure: true\n.a:\n  extends: [.b]\ntest:\n  extends: .a\n  script: [pytest]\n"},
        "`allow_failure: true` in .gitlab-ci.yml",
    ),
    "allowed by every rule": (
        {FILE: TEST + "  rules:\n    - if: $X\n      allow_failure: true\n    - when: never\n"},
        "`allow_failure: true`",
    ),
    "started by hand": ({FILE: TEST + "  when: manual\n"}, "`when: manual`"),
    "never": ({FILE: TEST + "  rules:\n    - when: never\n"}, "never runs by its rules"),
    "passed over": ({FILE: "test:\n  script:\n    - pytest || true\n"}, "`|| true` in .gitlab-ci.yml"),
    "after the script": ({FILE: "test:\n  script: [echo]\n  after_script: [pytest]\n"}, "`after_script`"),
    "off by a variable": ({FILE: "variables:\n  PYTEST_ADDOPTS: --no-cov\n" + TEST}, "`--no-cov` turns it off"),
    "off by a default": (
        {FILE: "default:\n  before_script: [export PYTEST_ADDOPTS=--no-cov]\n" + TEST},
        "`--no-cov` turns it off",
    ),
    "off by what stood at the top before": (
        {FILE: "before_script: [export PYTEST_ADDOPTS=--no-cov]\n" + TEST},
        "`--no-cov` turns it off",
    ),
    "off by a reference": (
        {FILE: ".a:\n  script: [export PYTEST_ADDOPTS=--no-cov]\ntest:\n  script:\n    - !reference [.a, script]\n    - pytest\n"},
        "`--no-cov` turns it off",
    ),
    "off in a list within the list": (
        {FILE: ".t: &t\n  - export PYTEST_ADDOPTS=--no-cov\ntest:\n  script:\n    - *t\n    - pytest\n"},
        "`--no-cov` turns it off",
    ),
    "in a file": (
        {FILE: "include:\n  - local: /ci/*.yml\n", "ci/a.yml": "test:\n  script:\n    - pytest || true\n"},
        "`|| true` in ci/a.yml",
    ),
    "in a recipe": ({FILE: "test:\n  script: [make test]\n", "Makefile": "test:\n\t-pytest\n"}, "in Makefile"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_the_gate_is_lost(name):
    files, why = LOST[name]
    (found,) = findings({**GATE, **files})
    assert (found.rule, found.severity.name) == ("unwired-gate", "ERROR")
    assert why in found.message


def test_a_pipeline_that_is_followed_is_not_said_to_be_passed_over():
    report, _ = engine.run(Context(Memory({**GATE, FILE: TEST, ".gitlab/ci/a.yml": TEST}), Config(), None), [CHECKER])
    assert not [one for one in report.skipped if "not followed" in one.reason]


def test_a_pipeline_that_cannot_be_read_is_unknown():
    report, _ = engine.run(Context(Memory({**GATE, FILE: "test: [\n"}), Config(), None), [CHECKER])
    assert [(one.reason, one.subject) for one in report.unknowns] == [("unparsable-workflow", FILE)]


@pytest.mark.parametrize(
    ("pattern", "path", "meant"),
    [
        ("ci/*.yml", "ci/a.yml", True),
        ("ci/*.yml", "ci/a/b.yml", False),
        ("ci/**.yml", "ci/a/b.yml", True),
        ("ci/**/*.yml", "ci/a/b.yml", True),
        ("*.yml", "a.yaml", False),
    ],
)
def test_patterns_of_include(pattern, path, meant):
    assert globbed(pattern)(path) is meant


PIECES = [
    "a:\n",
    "  script: [x]\n",
    "  script:\n    - !reference [a, script]\n",
    "  extends: a\n",
    "  extends: [b, a]\n",
]
PIECES += [
    "b:\n",
    "include: [a, {local: b}]\n",
    "default: {before_script: !reference [b]}\n",
    "  rules: [{when: never}]\n",
]
PIECES += [
    "variables: {A: {value: 1}}\n",
    "  parallel: {matrix: [{A: [1]}]}\n",
    "  trigger: x\n",
    "c: [&x [*x]]\n",
    "---\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_file_is_read(string):
    text = Text(string, "a.yml")
    gitlab.included(text)
    for job in gitlab.jobs([text, text]):
        assert all(line.text is text for line in (*job.script, *job.after))


def test_references_to_references_come_to_an_end():
    jobs = "".join(
        f".a{at}:\n  extends: [{', '.join([f'.a{at + 1}'] * 40)}]\n  script:\n"
        + f"    - !reference [.a{at + 1}, script]\n" * 40
        for at in range(9)
    )
    found = gitlab.jobs([Text(f"{jobs}.a9:\n  script: [x]\ntest:\n  extends: .a0\n", FILE)])
    assert len(found[0].script) < 60_000
    assert not found[0].whole
