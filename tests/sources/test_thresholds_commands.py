from __future__ import annotations

import argparse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written
from fr_check.sources.thresholds import commands, model
from fr_check.sources.thresholds.model import Word
from fr_check.sources.thresholds.options import Invocation


def words(command: str) -> list[Word]:
    text = Text(command)
    return list(model.placed(text, text.span(0, len(command)), model.split(command)))


def invoked(command: str) -> Invocation:
    found = commands.read(words(command))
    assert found is not None
    return found


def values(command: str) -> list[tuple[str, str, str]]:
    return [
        (one.metric, model.shown(one.value, uncovered=one.uncovered), one.kind) for one in invoked(command).declared
    ]


FORMS = {
    "pytest --cov=src --cov-fail-under=95": [("total", "95%", "gate")],
    "pytest --cov=src --cov-fail-under 95.5": [("total", "95.5%", "gate")],
    "uv run pytest --cov --cov-fail-under=95": [("total", "95%", "gate")],
    "python -m pytest --cov --cov-fail-under=95": [("total", "95%", "gate")],
    "docker compose exec backend pytest --cov --cov-fail-under=95": [("total", "95%", "gate")],
    "coverage run -m pytest --cov-fail-under=3": [("total", "3%", "gate")],
    "coverage report --fail-under=90": [("total", "90%", "gate")],
    "python -m coverage xml --fail-under 90": [("total", "90%", "gate")],
    "diff-cover coverage.xml --fail-under=80": [("patch", "80%", "gate")],
    "coverage-threshold --line-coverage-min 90 --branch-coverage-min 80": [
        ("line", "90%", "gate"),
        ("branch", "80%", "gate"),
    ],
    "gcovr --fail-under-line 80": [("line", "80%", "gate")],
    "cargo llvm-cov --fail-under-lines 70": [("line", "70%", "gate")],
    "npx vitest run --coverage --coverage.thresholds.lines=90": [("line", "90%", "gate")],
    "vitest run --coverage --coverage.thresholds.branches -10": [("branch", "at most 10 uncovered", "gate")],
    """jest --coverage --coverageThreshold='{"global": {"lines": 80}, "./x/": {"branches": 70}}'""": [
        ("line", "80%", "gate"),
        ("branch", "70%", "gate"),
    ],
    "nyc --check-coverage --lines 95 mocha": [("line", "95%", "gate")],
    "nyc --lines 95 mocha": [("line", "95%", "ignored")],
    "c8 --check-coverage --branches=90 node t.js": [("branch", "90%", "gate")],
    "pytest --cov --cov-fail-under=$LIMIT": [("total", "?", "gate")],
    "pytest --cov --cov-fail-under=0": [("total", "0%", "report-only")],
    "pytest --cov --splits 4 --group 1 --cov-fail-under=0": [("total", "0%", "per-shard-0")],
    "pytest --cov-fail-under=99 --cov-fail-under=10": [("total", "99%", "report-only"), ("total", "10%", "gate")],
}


@pytest.mark.parametrize(("command", "expected"), FORMS.items(), ids=FORMS.keys())
def test_thresholds_of_a_command(command: str, expected: list[tuple[str, str, str]]):
    assert values(command) == expected


@pytest.mark.parametrize(
    "command",
    [
        "pip install pytest-cov",
        "uv add pytest coverage",
        "echo pytest --cov-fail-under",
        "git add coverage",
        "apt-get install jest",
    ],
)
def test_commands_about_a_tool_do_not_run_it(command: str):
    assert commands.read(words(command)) is None or not commands.read(words(command)).declared


@pytest.mark.parametrize(
    ("command", "measures"),
    [
        ("pytest", False),
        ("pytest --cov", True),
        ("pytest --cov=src --no-cov", False),
        ("pytest --cov=src -p no:cov", False),
        ("pytest --cov=src -pno:cov", False),
        ("pytest --cov=src --cov-reset", False),
        ("vitest run", False),
        ("vitest run --coverage", True),
        ("vitest run --coverage --coverage.enabled=false", False),
        ("jest --coverage", True),
        ("jest", False),
    ],
)
def test_whether_a_run_measures(command: str, measures: bool):  # noqa: FBT001 - a table's column
    assert invoked(command).measures is measures


def test_overriding_addopts_is_seen():
    assert invoked("pytest -o addopts= --cov").reset
    assert invoked("pytest --override-ini=addopts= --cov").reset
    assert not invoked("pytest -o xfail_strict=true --cov").reset


def test_a_selection_of_tests_is_seen():
    assert invoked("pytest tests/unit --cov").selection == "tests/unit"
    assert invoked("pytest -m 'integration' --cov").selection == "-m integration"
    assert invoked("pytest -m 'not slow' --cov=src --cov-config x/y").selection == ""


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (
            "pytest --cov-fail-under=101",
            "`--cov-fail-under=101` is not within 0 and 100: pytest stops with a usage error",
        ),
        ("pytest --cov-fail-under=95%", "`--cov-fail-under=95%` is no number: pytest stops with a usage error"),
        ("coverage report --fail-under=-1", "`--fail-under=-1` is not within 0 and 100: coverage refuses it"),
    ],
)
def test_values_that_the_tool_refuses(command: str, problem: str):
    assert [one.message for one in invoked(command).problems] == [problem]


def test_a_script_knows_its_folder():
    string = "cd apps/backend\nuv run pytest \\\n  --cov=src \\\n  --cov-fail-under=95 || true\n(cd ../web && vitest)\n"
    first, second = written.of_script(string, Text(string).span).runs
    assert first.folder == "apps/backend"
    assert first.invocation.declared[0].span.line == 4
    assert (second.folder, second.invocation.tool) == ("apps/web", "vitest")


def test_variables_of_a_script_are_thresholds_by_their_name():
    string = "COVERAGE_THRESHOLD=40 python x.py\nexport MIN_COVERAGE=70\nDIFF_COVERAGE_THRESHOLD=85\nLIMIT=3\n"
    found = written.of_script(string, Text(string).span).declared
    assert [(one.metric, model.shown(one.value)) for one in found] == [
        ("coverage", "40%"),
        ("coverage", "70%"),
        ("patch", "85%"),
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["--cov-fail-under=95", "--cov-fail-under", "95", "0", "99.5", "--cov", "-x"]), max_size=8)
)
def test_the_last_value_wins_as_argparse_says(arguments: list[str]):
    parser = argparse.ArgumentParser(allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--cov-fail-under", type=float)
    try:
        expected = parser.parse_known_args(arguments)[0].cov_fail_under
    except (argparse.ArgumentError, SystemExit):
        return
    text = Text(" ".join(arguments))
    found = commands.pytest_options([Word(one, text.span(0)) for one in arguments], text.span(0)).declared
    assert (float(found[-1].value) if found and found[-1].value is not None else None) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_words_are_read(strings: list[str]):
    text = Text("x")
    commands.read([Word(one, text.span(0)) for one in strings])


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("pytes cov-=95 |&;()'\"$\\\n{}<>"), max_size=60))
def test_any_script_is_read(string: str):
    text = Text(string)
    assert isinstance(written.of_script(string, text.span).runs, tuple)


_NAMES = ["pytest", "py.test", "coverage", "diff-cover", "vitest", "jest", "nyc", "c8", "gcovr", "x/pytest", "./c8"]
_OTHERS = ["run", "report", "xml", "--fail-under=3", "--cov", "--cov-branch", "npm", "make", "nx", "nginx", "cd", "x8"]
_PIECES = st.lists(st.sampled_from([*_NAMES, *_OTHERS, "&&", ";", "|", "(", ")", "'", "$X", "a"]), max_size=6)


@settings(max_examples=400)
@given(_PIECES.map(" ".join))
def test_a_script_that_is_passed_over_runs_no_tool(string: str):
    text = Text(string)
    if not written.may_matter(string):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(written, "may_matter", lambda *_: True)
            found = written.of_script(string, text.span)
        assert not found.runs


@pytest.mark.parametrize(
    ("string", "matters"),
    [
        ("c8 x", True),
        ("x;c8", True),
        ("c8y", False),
        ("_c8", False),
        ("nginx", False),
        ("nginx; nx test", True),
        ("recover x", False),
        ("DISCOVER", False),
        ("Uncovered", False),
        ("recover; gcovr", True),
        ("CODECOV", True),
    ],
)
def test_short_names_count_as_words_only(string: str, matters: bool):  # noqa: FBT001 - what is expected
    assert written.may_matter(string) is matters
