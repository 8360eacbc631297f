"""Each commit is judged as `fr-check all --rev C --base C^` judges it, by one process or by many, also if they die."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fr_check.core.registry import CHECKERS, all_rules, load_checker
from fr_check.history import engine, worker
from fr_check.history.judging import Session, Task
from fr_check.history.line import Point, read_line
from fr_check.history.packing import Unpacker
from histories import commit, link, repository, with_submodule
from running import run

CONFIG = "apps/backend/src/config.py"
CODE = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
TEMPLATE = '{{ with secret "kv/app" }}\nDEBUG={{ .Data.data.DEBUG }}\n{{ end }}\n'
COMPOSE = """\
services:
  backend:
    build: apps/backend
    environment:
      DEBUG: ${DEBUG:-}
  web:
    build:
      context: apps/frontend
      args:
        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL}
"""


def states(marks):
    """A few dozen commits in which all checkers have something to say."""
    files = {
        CONFIG: CODE,
        ".env.example": "DEBUG=false\nTOKEN=hunter2hunter2\n",
        "docker-compose.yml": COMPOSE,
        "apps/frontend/Dockerfile": "FROM node\nARG NEXT_PUBLIC_API_URL\nCOPY . .\nRUN npm run build\n",
        "apps/frontend/package.json": '{"dependencies": {"next": "15"}, "scripts": {"build": "next build"}}\n',
        "apps/frontend/src/a.ts": "export const url = process.env.NEXT_PUBLIC_API_URL;\n",
        "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n",
        "README.md": "Tests hold >= 92% coverage.\n",
    }
    yield commit("0", 1, {**files, "repo": link(marks["u0"])})
    pins = ["u1", "u2", "nowhere", "u1", "side", "u2", "u0"]
    for number in range(1, 29):
        change = {}
        if number % 4 == 0:
            change["repo"] = link(marks[pins[(number // 4) % len(pins)]])
        if number % 3 == 0:
            change[CONFIG] = CODE + "".join(f"    key_{at}: str = 'x'\n" for at in range(number // 3))
        if number % 5 == 0:
            change["pyproject.toml"] = f"[tool.coverage.report]\nfail_under = {90 - number}\n"
        if number % 6 == 1:
            change["apps/frontend/src/b.ts"] = f"export const k{number} = process.env.NEXT_PUBLIC_K{number};\n"
        if number % 7 == 0:
            change["docker-compose.yml"] = None if number % 2 else COMPOSE
        yield commit(str(number), 1 + number / 4, change or {f"docs/{number}.md": "prose\n"})


UPSTREAM = [
    commit("u0", 1, {"app.ctmpl": TEMPLATE}),
    commit("u1", 2, {"app.ctmpl": TEMPLATE.replace("DEBUG", "KEY_1")}),
    commit("side", 2, {"app.ctmpl": "{{ with\n"}, branch="side", parents=("u0",)),
    commit("u2", 3, {"other": "x\n"}),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The working tree of that history."""
    return with_submodule(tmp_path_factory.mktemp("history"), UPSTREAM, states)[0]


def whole(top, *arguments: object):
    return run("all", "--root", top, "--format", "json", *arguments).json()


def test_each_commit_is_judged_as_by_a_run_of_its_own(project):
    layout = worker.open_layout(os.fspath(project))
    session = Session(layout, Task(tuple(CHECKERS), then=True))
    findings = 0
    for point in read_line(layout, None, None).points[1:]:
        verdict = session.judge(point.commit, point.parent)
        expected = whole(project, "--rev", point.commit, "--base", point.parent)
        assert json.loads(json.dumps(verdict.report)) == expected, point.subject
        findings += len(expected["findings"])
    session.close()
    assert findings > 100


def test_states_are_what_a_commit_compared_with_itself_shows(project):
    layout = worker.open_layout(os.fspath(project))
    session = Session(layout, Task(tuple(CHECKERS), then=True))
    events = set()
    for point in read_line(layout, None, None).points[1:]:
        verdict = session.judge(point.commit, point.parent)
        alone = whole(project, "--rev", point.commit, "--base", point.commit)["findings"]
        assert sorted(map(identity, verdict.states)) == sorted(map(identity, alone))
        events |= {event["rule"] for event in verdict.events}
    assert events >= {"rewound-pointer", "lowered-threshold"}


def identity(finding):
    return (finding["rule"], finding["severity"], finding["subject"], finding["location"]["path"], finding["message"])


def test_the_rules_of_events_are_named():
    events = {rule.id for rule in all_rules() if rule.event}
    assert events == {
        "rewound-pointer",
        "changed-submodule-url",
        "half-removed-submodule",
        "lowered-threshold",
        "grown-exclusions",
        "coverage-dropped",
        "patch-below-threshold",
        "lost-secrets",
    }


def collected(results):
    unpacker, found = Unpacker(), []
    for packed in results:
        unpacker.learn(packed.bodies)
        found += [unpacker.unpack(row) for row in packed.rows]
    return found


TASK = Task(("env-keys", "coverage"))


@pytest.fixture
def many(tmp_path, monkeypatch):
    """A repository of 90 commits, judged in chunks of five."""
    monkeypatch.setattr(engine, "CHUNK", 5)
    files = {CONFIG: CODE, ".env.example": "DEBUG=false\n"}
    keys = [f"    key_{number}: str = 'x'\n" for number in range(30)]
    points = [commit("0", 1, files)]
    points += [
        commit(str(number), 1 + number / 24, {CONFIG: CODE + "".join(keys[: number % 30])}) for number in range(1, 90)
    ]
    top, _ = repository(tmp_path, points)
    return os.fspath(top), read_line(worker.open_layout(os.fspath(top)), None, None).points


@pytest.mark.parametrize(("points", "count"), [(60, 2), (1306, 2), (1306, 7), (61, 2), (90, 3), (40, 2)])
def test_parts_of_the_line_are_all_of_it_and_later_ones_are_shorter(points: int, count: int):
    parts = engine._stretches([Point(str(number), (), 0, "") for number in range(points)], count)
    flat = [point.commit for part in parts for chunk in part for point in chunk]
    assert flat == [str(number) for number in range(points)]
    sizes = [len(part) for part in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert len(parts) == min(count, -(-points // engine.CHUNK))


def test_many_processes_find_what_one_does(many):
    path, points = many
    alone = {verdict.commit: verdict for verdict in collected(engine.judge(path, points, TASK, 1))}
    together = collected(engine.judge(path, points, TASK, 3))
    assert len(together) == len(points)
    assert {verdict.commit: verdict for verdict in together} == alone
    assert any(verdict.states for verdict in alone.values())


def test_nothing_is_lost_or_double_when_a_process_is_killed(many):
    path, points = many
    found, killed = [], []
    for packed in engine.judge(path, points, TASK, 2):
        found.append(packed)
        victims = multiprocessing.active_children()
        if len(killed) < 3 and victims and len(found) % 2:
            os.kill(victims[0].pid, signal.SIGKILL)
            killed.append(victims[0].pid)
    assert killed
    verdicts = collected(found)
    assert sorted(verdict.commit for verdict in verdicts) == sorted(point.commit for point in points)
    assert not [verdict for verdict in verdicts if verdict.unknowns]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_a_signal_ends_leaves_nothing_and_says_nothing(many, number):
    path, _ = many
    command = [sys.executable, "-m", "fr_check", "history", path, "--no-store", "--jobs", "2", "--output", os.devnull]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    until(lambda: len(below(process.pid)) > 2)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (128 + number, b"")
    until(lambda: not alive(process.pid))


def below(process):
    """The processes that one has started."""
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def alive(group):
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def until(condition):
    """Waits for something, a minute at most."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about within a minute")


def test_a_commit_that_kills_its_judge_is_not_judged_and_no_other_suffers(many, monkeypatch):
    path, points = many
    poison = points[41].commit
    monkeypatch.setenv("FR_CHECK_TEST_POISON", poison)
    monkeypatch.setattr(engine.worker, "judge", poisoned)
    verdicts = {verdict.commit: verdict for verdict in collected(engine.judge(path, points, TASK, 2))}
    assert len(verdicts) == len(points)
    assert {name for name, verdict in verdicts.items() if verdict.unknowns} == {poison}
    assert {unknown["reason"] for unknown in verdicts[poison].unknowns} == {"commit-not-judged"}


def poisoned(points):
    if any(name == os.environ["FR_CHECK_TEST_POISON"] for name, _ in points):
        os.kill(os.getpid(), signal.SIGKILL)
    return worker.judged(worker._open[0], points)


def test_a_bug_at_one_commit_is_told_there_and_ends_nothing(many, monkeypatch):
    path, points = many
    real = Session.judge

    def judge(self, commit, parent):
        if commit == points[7].commit:
            raise ZeroDivisionError("TOKEN=hunter2hunter2")
        return real(self, commit, parent)

    monkeypatch.setattr(Session, "judge", judge)
    verdicts = {verdict.commit: verdict for verdict in collected(engine.judge(path, points[:12], TASK, 1))}
    assert {name for name, verdict in verdicts.items() if verdict.unknowns} == {points[7].commit}
    (one, _) = verdicts[points[7].commit].unknowns
    assert "bug in fr-check: ZeroDivisionError" in one["message"]
    assert "hunter2" not in one["message"]


def test_no_stand_in_leaves(project):
    layout = worker.open_layout(os.fspath(project))
    session = Session(layout, Task(tuple(CHECKERS)))
    for point in read_line(layout, None, None).points:
        assert "\\u0001" not in json.dumps(session.judge(point.commit, point.parent).report)
    assert load_checker("env-keys")
