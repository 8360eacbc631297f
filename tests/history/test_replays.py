"""What is said again without being looked for is what would be found: whatever changes from one commit to the next."""

from __future__ import annotations

import gc
import json
import os
import random

import pytest

from building import Commit, Gitlink, Symlink, bare, clone_submodule, git, write_history
from fr_check.core.model import Location, Span
from fr_check.core.registry import CHECKERS
from fr_check.core.text import Text
from fr_check.coverage_gate.declared.state import whole
from fr_check.history import worker
from fr_check.history.judging import Session, Task
from fr_check.history.line import read_line
from fr_check.history.questions import is_plain, same
from fr_check.history.states import State
from fr_check.sources.opaque import Opaque
from histories import commit, noon, repository
from scratch import gitmodules_entry

CONFIG = "apps/backend/src/config.py"
CLASS = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
TEMPLATE = '{{ with secret "kv/app" }}\n%s={{ .Data.data.%s }}\n{{ end }}\n'
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: %s
        env:
          API_URL: %s
"""
COMPOSE = """\
services:
  backend:
    build: apps/backend
    env_file: %s
    environment:
      DEBUG: ${DEBUG:-%s}
  web:
    build:
      context: apps/frontend
      args:
        NEXT_PUBLIC_%s: ${NEXT_PUBLIC_API_URL}
"""
DOCKERFILE = "FROM node\nARG NEXT_PUBLIC_API_URL\nCOPY . .\nRUN npm run build\n"
# Each file with what it may hold; None: it is not there.
CHOICES = {
    CONFIG: [
        CLASS + "    debug: bool = False\n",
        CLASS + "    debug: bool\n    mail_host: str = 'x'\n",
        "x = (\n",
        None,
    ],
    "apps/backend/src/main.py": [
        "import os\n\nos.environ['TOKEN']\n",
        "# nothing\n",
        "from src.config import Settings\n",
    ],
    "apps/backend/src/other.py": ["import os\n\nprint(dict(os.environ))\n", "DEBUG = 1\n", "\ufeffx = 1\n", None],
    "apps/backend/Dockerfile": [
        "FROM python\nCOPY . .\nCMD uvicorn src.main:app\n",
        "FROM python\nENV DEBUG=1\n",
        None,
    ],
    ".env.example": ["DEBUG=false\n", "DEBUG=false\nTOKEN=\n", "\n\nDEBUG=false # fr-check: ignore[x] y\n", None],
    ".env": ["DEBUG=1\n", None, None],
    "docker-compose.yml": [COMPOSE % (".env", "1", "API_URL"), COMPOSE % (".env.example", "", "OTHER"), "a: [\n", None],
    "apps/frontend/Dockerfile": [DOCKERFILE, DOCKERFILE.replace("ARG", "# ARG"), None],
    "apps/frontend/package.json": [
        '{"dependencies": {"next": "15"}, "scripts": {"build": "next build"}}\n',
        "{}\n",
        None,
    ],
    "apps/frontend/src/a.ts": ["export const url = process.env.NEXT_PUBLIC_API_URL;\n", "export const x = 1;\n", None],
    "apps/frontend/src/b.ts": ["export const k = process.env.NEXT_PUBLIC_K;\n", None],
    ".github/workflows/ci.yml": [WORKFLOW % ("make test", "x"), WORKFLOW % ("pytest --cov-fail-under=80", "''"), None],
    "Makefile": ["test:\n\tpytest --cov --cov-fail-under=85\n", "test:\n\t./scripts/test.sh\n", None],
    "scripts/test.sh": ["#!/bin/sh\npytest --cov --cov-fail-under=70\n", "#!/bin/sh\ntrue\n", None],
    "pyproject.toml": [f"[tool.coverage.report]\nfail_under = {number}\n" for number in (80, 90)] + ["[tool\n", None],
    "README.md": ["Tests hold >= 92% coverage.\n", "Set TOKEN=1.\n", "prose\n", None],
    "docs/a.md": ["Coverage must be 95%.\n", "prose\n", None],
    ".fr-check.toml": ['[[env-keys.apps]]\ntemplates = ["repo/app.ctmpl"]\n', "nonsense = 1\n", None, None, None],
    "link.env": [Symlink(".env.example"), Symlink("nowhere"), None, None],
    "notes": ["x\n", "y\n", None],
}
PINS = ["u0", "u1", "side", "nowhere", None]


def random_history(seed: int, length: int, marks: dict[str, str]) -> list[Commit]:
    """A line in which one to three files change at each commit, or a pointer."""
    chosen = random.Random(seed)  # noqa: S311 - the same histories at each run
    entry = {".gitmodules": gitmodules_entry("repo", "repo"), "repo": Gitlink(marks["u0"])}
    files = {path: chosen.choice(choices) for path, choices in CHOICES.items()}
    commits = [
        Commit(
            "0",
            "main",
            {**entry, **{path: text for path, text in files.items() if text is not None}},
            None,
            "0",
            noon(1),
        )
    ]
    there = {path for path, text in files.items() if text is not None} | set(entry)
    for number in range(1, length):
        change = {path: chosen.choice(CHOICES[path]) for path in chosen.sample(sorted(CHOICES), chosen.randint(1, 3))}
        if chosen.random() < 0.3:
            pin = chosen.choice(PINS)
            change["repo"] = None if pin is None else Gitlink(marks[pin])
            change[".gitmodules"] = None if pin is None else gitmodules_entry("repo", "repo")
        change = {path: text for path, text in change.items() if text is not None or path in there}
        there = (there | {path for path, text in change.items() if text is not None}) - {
            path for path, text in change.items() if text is None
        }
        commits.append(Commit(str(number), "main", change, None, str(number), noon(1 + number / 8)))
    return commits


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("then", [True, False])
def test_each_commit_of_a_line_is_judged_as_it_is_alone(tmp_path, seed, then):
    infra = bare(tmp_path / "infra.git")
    marks = write_history(
        infra,
        [
            Commit("u0", "main", {"app.ctmpl": TEMPLATE % ("DEBUG", "DEBUG")}, None, "u0", noon(1)),
            Commit(
                "u1",
                "main",
                {"app.ctmpl": TEMPLATE % ("TOKEN", "TOKEN"), "x/compose.yml": "a: 1\n"},
                None,
                "u1",
                noon(2),
            ),
            Commit("side", "side", {"app.ctmpl": "{{ with\n"}, ("u0",), "side", noon(2)),
        ],
    )
    origin = bare(tmp_path / "origin.git")
    write_history(origin, random_history(seed, 40, {**marks, "nowhere": "dead" * 10}))
    top = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", os.fspath(origin), os.fspath(top))
    clone_submodule(top, "repo", infra, marks["u0"])
    layout = worker.open_layout(os.fspath(top))
    task = Task(tuple(CHECKERS), then=then)
    together = Session(layout, task)
    for point in read_line(layout, None, None).points:
        alone = Session(layout, task)
        expected = json.dumps(alone.judge(point.commit, point.parent).report)
        alone.close()
        assert json.dumps(together.judge(point.commit, point.parent).report) == expected, point.subject
    known, asked = (int(word) for word in together.replays.split() if word.isdigit())
    together.close()
    assert 0 < known < asked
    # What stays must not hold on to the states that it was made of, and each of those to the ones before.
    gc.collect()
    assert sum(type(one) is State for one in gc.get_objects()) <= len(CHECKERS)


# What commits add and change most: none of it is read by anything that is judged.
UNRELATED = [
    {"apps/backend/tests/test_new.py": "def test_it():\n    assert 1\n"},
    {"apps/backend/src/new.py": "import json\n\n\nclass Thing(Base):\n    x: int = 1\n"},
    {"apps/backend/src/main.py": "from src.config import Settings\n\nx = Y = 2\n"},
    {"docs/new.md": "prose\n"},
    {"docs/a.md": "other prose\n"},
    {"docs/a.md": None},
]


@pytest.mark.parametrize("change", UNRELATED)
def test_a_commit_that_changes_nothing_that_was_asked_asks_nobody_anew(tmp_path, change):
    files = {path: choices[0] for path, choices in CHOICES.items() if isinstance(choices[0], str)}
    del files[".fr-check.toml"]
    files |= {"apps/backend/src/main.py": "from src.config import Settings\n\nx = 1\n", "docs/a.md": "prose\n"}
    top, _ = repository(tmp_path, [commit("c1", 1, files), commit("c2", 2, {"other": "x\n"}), commit("c3", 3, change)])
    session = Session(worker.open_layout(os.fspath(top)), Task(("env-keys", "submodule-sync", "coverage")))
    for point in read_line(worker.open_layout(os.fspath(top)), None, None).points:
        session.judge(point.commit, point.parent)
    # The first has no base; the second is judged with one.
    assert session.replays == "3 of 9 answers of checkers were known"
    session.close()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1, "a"), (1, "a"), True),
        ((1,), (True,), False),
        ((1,), (1.0,), False),
        ([1], (1,), False),
        ({"a": (1,)}, {"a": (1,)}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        (frozenset("ab"), frozenset("ba"), True),
        (frozenset([1]), frozenset([True]), False),
        (Opaque("a"), Opaque("a"), False),
        (None, (), False),
    ],
)
def test_only_plain_values_are_taken_at_their_word(one, other, expected):
    assert same(one, other) is expected
    assert same(one, one)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Location("a", Span(1, 2, 3, 4), "r"), True),
        ({"a": [Location("a", None)]}, True),
        # Whoever has a text may ask more of it.
        (Text("x"), False),
        ((Location("a", None), Text("x")), False),
        ({"a": frozenset([Opaque("x")])}, False),
        (Location("a", Text("x")), False),
    ],
)
def test_a_record_of_plain_values_is_plain_and_no_text_hides_in_one(value, expected):
    assert is_plain(value) is expected


def test_a_script_that_says_nothing_of_coverage_asks_for_no_judging_of_it(tmp_path):
    gate = {"pyproject.toml": "[tool.coverage.report]\nfail_under = 80\n", "src/a.py": "x = 1\n"}
    points = [commit("1", 1, gate), commit("2", 2, {"x": "x\n"}), commit("3", 3, {"scripts/new.py": "y = 2\n"})]
    top, _ = repository(tmp_path, points)
    layout = worker.open_layout(os.fspath(top))
    session = Session(layout, Task(("coverage",)))
    states = []
    for point in read_line(layout, None, None).points:
        session.judge(point.commit, point.parent)
        states += [part.found for key, part in session._shared.remembered["head"].items() if key[0] is whole]
    session.close()
    assert len(states) == 3
    assert same(states[1], states[2])
