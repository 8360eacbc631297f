"""What stays of a history while it is judged: as much after many commits as after some."""

from __future__ import annotations

import gc
import os

import pytest

from building import git
from fr_check.core.context import Context
from fr_check.core.registry import CHECKERS
from fr_check.history import shared, states, worker
from fr_check.history.judging import Session, Task
from fr_check.history.line import read_line
from histories import commit, repository

CLASS = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest --cov-fail-under={}\n"


def changing(number: int) -> dict[str, str]:
    """A commit that changes a file for every checker, and brings one that is read and gone at the next."""
    return {
        "app/config.py": CLASS + f"    mail_{number % 7}: str = 'x'\n",
        ".env.example": f"DEBUG=\nMAIL_{number % 5}=x\n# {number}\n",
        ".github/workflows/ci.yml": WORKFLOW.format(number % 90),
        "docs/guide.md": f"Coverage must be {number % 90}%.\n",
        f"app/part_{number}.py": f"import os\n\nos.environ['PART_{number}']\n",
    }


@pytest.fixture
def line(tmp_path):
    first = {"app/config.py": CLASS, "pyproject.toml": "[project]\nname = 'x'\n"}
    commits = [commit("c0", 1, first)]
    for number in range(1, 120):
        gone = {f"app/part_{number - 1}.py": None} if number > 1 else {}
        commits.append(commit(f"c{number}", 1 + number / 8, {**changing(number), **gone}))
    top, _ = repository(tmp_path, commits)
    return os.fspath(top), read_line(worker.open_layout(os.fspath(top)), None, None).points


def test_no_more_is_kept_of_many_commits_than_of_some(line, monkeypatch):
    path, points = line
    monkeypatch.setattr(states, "_PARTS", 60)
    session = Session(worker.open_layout(path), Task(tuple(CHECKERS)))
    sizes = []
    for number, point in enumerate(points):
        session.judge(point.commit, point.parent)
        if number % 50 == 49:
            kept = session._shared
            sizes.append(
                (
                    len(kept.texts),
                    sum(len(text._parsed) for text in kept.texts.values()),
                    len(kept.scanned),
                    # Parts about files that are gone are kept until there are too many, or nobody asked for long.
                    len(kept.remembered["head"]),
                )
            )
    session.close()
    some, many = sizes
    assert many[:3] == some[:3]
    assert all(some)
    assert max(some[3], many[3]) <= 60


def test_contents_are_kept_up_to_a_limit(line, monkeypatch):
    path, points = line
    monkeypatch.setattr(shared, "_KEPT", 2_000)
    session = Session(worker.open_layout(path), Task(tuple(CHECKERS)))
    for point in points[:20]:
        session.judge(point.commit, point.parent)
    contents = session._shared.objects._contents
    assert 0 < sum(map(len, contents.values())) <= 2_000
    session.close()


def test_a_process_that_judges_lets_go_of_what_names_itself(line, monkeypatch):
    path, points = line
    session = Session(worker.open_layout(path), Task(tuple(CHECKERS)))
    monkeypatch.setattr(worker, "_open", [session])
    monkeypatch.setattr(gc, "freeze", lambda: None)
    gc.collect()
    gc.disable()
    try:
        for at in range(0, len(points), 2):
            worker.judge([(point.commit, point.parent) for point in points[at : at + 2]])
            contexts = sum(type(one) is Context for one in gc.get_objects())
            # Those of the commits since everything was looked through, one a checker and one for all.
            assert contexts <= 2 * worker._COLLECTED * (len(CHECKERS) + 1)
    finally:
        gc.enable()
        session.close()


def test_git_keeps_little_where_what_it_said_is_kept(line):
    kept = Session(worker.open_layout(line[0]), Task(tuple(CHECKERS)))._shared.objects
    assert any("deltaBaseCacheLimit" in word for word in kept._git.argv)
    git(line[0], *kept._git.argv[3:], "rev-parse", "HEAD")
