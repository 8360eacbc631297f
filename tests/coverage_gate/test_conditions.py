"""Gates that conditions keep from pushes and pull requests: `if` of GitHub, `rules`, `only` and `except` of GitLab."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from coverage_gate.test_wiring import CI
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER
from fr_check.coverage_gate.declared import model
from fr_check.sources import workflow

GATE = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-branch --cov-fail-under=90 --cov-precision=2"\n'
}
PIPELINE = ".gitlab-ci.yml"
ALL = "[push, pull_request, workflow_dispatch, schedule]"
JOBS = """on: {on}
jobs:
{before}  test:
    runs-on: ubuntu-latest
{job}    steps:
      - run: {run}
{step}"""
BY_HAND = "    if: github.event_name == 'workflow_dispatch'\n"
BEFORE = "  a:\n" + BY_HAND + "    runs-on: ubuntu-latest\n    steps: [{run: echo}]\n"
NUMBER = "pytest --cov=src --cov-branch --cov-fail-under=90 --cov-precision=2"


def github(on: str = ALL, job: str = "", step: str = "", before: str = "", run: str = "pytest") -> dict[str, str]:
    return {CI: JOBS.format(on=on, job=job, step=step, before=before, run=run)}


def gitlab(job: str, top: str = "") -> dict[str, str]:
    return {PIPELINE: f"{top}test:\n  script: [pytest]\n{job}"}


def rules(*conditions: str) -> str:
    return "  rules:\n" + "".join(f"    - if: {one}\n" for one in conditions)


def told(files: dict[str, str]) -> list[tuple[str, str]]:
    report, _ = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    return [(one.severity.name, one.message) for one in report.findings if one.rule == "unwired-gate"]


CALLED = {
    CI: "on: [push, workflow_dispatch]\njobs:\n  call:\n" + BY_HAND + "    uses: ./.github/workflows/tests.yml\n",
    ".github/workflows/tests.yml": github("{workflow_call: }")[CI],
}
ACTION = {
    CI: github(step="")[CI].replace("run: pytest", "uses: ./act\n        if: github.event_name == 'schedule'"),
    "act/action.yml": "runs:\n  using: composite\n  steps: [{run: pytest, shell: bash}]\n",
}
SELDOM = {
    "a job by hand": (github(job=BY_HAND), "`workflow_dispatch`"),
    "a step by a clock": (github(step="        if: ${{ github.event_name == 'schedule' }}\n"), "`schedule`"),
    "either": (
        github(job="    if: github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'\n"),
        "`workflow_dispatch` or `schedule`",
    ),
    "an input of a start by hand": (
        github("[push, workflow_dispatch]", "    if: github.event.inputs.full == 'true'\n"),
        "`workflow_dispatch`",
    ),
    "a job that it needs": (github(job="    needs: a\n", before=BEFORE), "`workflow_dispatch`"),
    "what calls its workflow": (CALLED, "`workflow_dispatch`"),
    "what uses its action": (ACTION, "`schedule`"),
    "pushes of tags": (github("{push: {tags: ['v*']}}"), "the push of a tag"),
    "an if that asks for a tag": (
        github("[push, pull_request]", "    if: startsWith(github.ref, 'refs/tags/')\n"),
        "the push of a tag",
    ),
    "an if that asks for the type": (github("push", "    if: github.ref_type == 'tag'\n"), "the push of a tag"),
    "GitLab, started by hand": (gitlab(rules('$CI_PIPELINE_SOURCE == "web"')), "`web`"),
    "GitLab, two of them": (
        gitlab(rules("$CI_PIPELINE_SOURCE == 'schedule'", "$CI_PIPELINE_SOURCE == 'web'")),
        "`schedule` or `web`",
    ),
    "GitLab, never but by a clock": (
        gitlab("  rules:\n    - if: $CI_PIPELINE_SOURCE != 'schedule'\n      when: never\n    - when: always\n"),
        "`schedule`",
    ),
    "GitLab, a tag": (gitlab(rules("$CI_COMMIT_TAG")), "the push of a tag"),
    "GitLab, a tag of a pattern": (gitlab(rules("$CI_COMMIT_TAG =~ /^v/")), "the push of a tag"),
    "GitLab, only schedules": (gitlab("  only: [schedules]\n"), "`schedule`"),
    "GitLab, only tags": (gitlab("  only:\n    - tags\n"), "the push of a tag"),
    "GitLab, refs": (gitlab("  only: {refs: [web]}\n"), "`web`"),
    "GitLab, except branches": (gitlab("  except: [branches]\n"), "the push of a tag"),
    "GitLab, the whole pipeline": (
        gitlab("", "workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'schedule'\n"),
        "`schedule`",
    ),
}


@pytest.mark.parametrize("name", SELDOM)
def test_no_push_and_no_pull_request_asks(name: str):
    files, event = SELDOM[name]
    ((severity, message),) = told({**GATE, **files})
    # A clock, a release and a tag ask late, but they ask.
    assert severity == ("INFO" if "`schedule`" in event or "tag" in event else "WARNING")
    assert event in message
    assert "goes unseen until then" in message


NEVER = {
    "another event": github("[push]", "    if: github.event_name == 'schedule'\n"),
    "a branch that a pull request is not": github("[pull_request]", "    if: github.ref == 'refs/heads/main'\n"),
    "a pipeline of merge requests, and a tag": gitlab(
        rules("$CI_COMMIT_TAG"), "workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n"
    ),
}


@pytest.mark.parametrize("name", NEVER)
def test_no_event_meets_it(name: str):
    ((severity, message),) = told({**GATE, **NEVER[name]})
    assert (severity, "a condition that no event meets" in message) == ("ERROR", True)


@pytest.mark.parametrize("name", NEVER)
def test_what_no_event_starts_is_cured_by_an_event(name: str):
    report, _ = engine.run(Context(Memory({**GATE, **NEVER[name]}), Config(), None), [CHECKER])
    (found,) = (one for one in report.findings if one.rule == "unwired-gate")
    assert found.help == "let what a push or a pull request starts come to it, or drop the threshold"
    assert "the run that never takes place" in [note.message for note in found.notes]


ASKED = {
    "main only": github("[push, pull_request]", "    if: github.ref == 'refs/heads/main'\n"),
    "no pull request": github(job="    if: github.event_name != 'pull_request'\n"),
    "no start by hand": github(job="    if: github.event_name != 'workflow_dispatch'\n"),
    "a label": github("[pull_request]", "    if: contains(github.event.pull_request.labels.*.name, 'x')\n"),
    "a fork": github("[pull_request]", "    if: github.event.pull_request.head.repo.full_name == github.repository\n"),
    "a repository": github("[push]", "    if: github.repository == 'a/b' && github.event_name == 'push'\n"),
    "a job that it needs, whatever became of it": github(job="    needs: a\n    if: always()\n", before=BEFORE),
    "a list of events": github(job="    if: contains(fromJSON('[\"push\"]'), github.event_name)\n"),
    "an output": github(job="    if: needs.changes.outputs.python == 'true' && github.event_name == 'push'\n"),
    "pushes of tags and commits": github("{push: {tags: ['v*'], branches: [main]}}"),
    "a text": github(job="    if: 'a ${{ github.event_name == 1 }}'\n"),
    "GitLab, merge requests": gitlab(rules("$CI_PIPELINE_SOURCE == 'merge_request_event'")),
    "GitLab, the default branch": gitlab(rules("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")),
    "GitLab, a variable": gitlab(rules("$RUN_TESTS == 'yes'")),
    "GitLab, parentheses": gitlab(rules('($CI_COMMIT_TAG || $A) && $CI_PIPELINE_SOURCE == "push"')),
    "GitLab, what is no condition": gitlab(rules("'$A ~ 3'")),
    "GitLab, changes": gitlab("  rules:\n    - changes: ['*.py']\n"),
    "GitLab, not in merge requests": gitlab(
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n      when: never\n    - when: on_success\n"
    ),
    "GitLab, only a branch": gitlab("  only: [main]\n"),
    "GitLab, only a pattern": gitlab("  only: ['/^v.*$/']\n"),
    "GitLab, except clocks": gitlab("  except: [schedules]\n"),
    "GitLab, the usual pipelines": gitlab(
        "",
        "workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS\n      when: never\n    - if: $CI_COMMIT_BRANCH\n",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_push_or_a_pull_request_may_ask(name: str):
    assert told({**GATE, **ASKED[name]}) == []


@pytest.mark.parametrize(
    ("on", "job", "event"),
    [
        ("workflow_dispatch", "", "`workflow_dispatch`"),
        ("{schedule: [{cron: '1 1 * * 1'}]}", "", "`schedule`"),
        (ALL, BY_HAND, "job `test` in .github/workflows/ci.yml judges it, which `workflow_dispatch`"),
    ],
)
def test_a_number_that_only_a_command_states(on: str, job: str, event: str):
    ((severity, message),) = told(github(on, job, run=NUMBER))
    assert (severity, event in message) == ("INFO" if "schedule" in event else "WARNING", True)


def test_a_number_that_only_a_command_of_pushes_states():
    assert told(github("[push, workflow_dispatch]", run=NUMBER)) == []
    assert told(github(run=NUMBER)) == []


@pytest.mark.parametrize("word", ["--co", "--collect-only", "--fixtures", "--markers", "--help", "--no-cov"])
def test_a_number_beside_a_word_that_runs_no_tests(word: str):
    ((severity, message),) = told(github(run=f"{NUMBER} {word}"))
    assert (severity, f"`{word}` turns measuring off" in message) == ("ERROR", True)


def test_both_call_the_push_of_a_tag_the_same():
    assert model.TAG == workflow.TAG
