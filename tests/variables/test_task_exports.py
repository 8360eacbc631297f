"""What make and just export to their recipes; make itself is asked as well."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from running import run
from variables.make_worlds import compare
from variables.notation import repository

_RUN = "run:\n\tuvicorn app.main:app\n"
# What stands before the recipe, and what A is in it: its text, None where nothing sets it, or that it is not known.
MAKE = {
    "export A = 1\n": "1",
    "export A := 1\n": "1",
    "export A ?= 1\n": "1",
    "A = 1\nexport A\n": "1",
    "A := 1\nexport\n": "1",
    "A := 1\n.EXPORT_ALL_VARIABLES:\n": "1",
    "export B = 1\n": None,
    "A = 1\n": None,
    "run: export A = 1\n": "1",
    "run: A = 1\n": None,
    "export A = 1\nrun: export A = 2\n": "2",
    "export A = 1\nunexport A\n": None,
    "A = 1\nexport\nunexport A\n": None,
    "export A = 1 # one\n": "1 ",
    'export A = "1"\n': '"1"',
    "B := 1\nexport A = $(B)$(B)\n": "11",
    "B = 1\nexport A = $(B)\nB = 2\n": "2",
    "r%: export A = 1\n": "1",
    "other: export A = 1\nother:\n\ttrue\n\n": None,
}
# What the shell gets for `A=1 make run`, below a makefile.
BEATEN = {
    "A = x\n": "x",
    "A := x\n": "x",
    "A ?= x\n": "1",
    "export A = x\n": "x",
    "unexport A\n": None,
    "run: A = x\n": "x",
    "B = x\n": "1",
}
# The words behind `make` that say what A is, over a makefile that says `A = x`.
COMMAND_LINES = {"A=2 run": "2", "-e run": "1", "--environment-overrides run": "1", "run A=3": "3"}
UNCLEAR = (
    "include .env\nexport\n",
    "-include .env\nexport A\n",
    "ifdef CI\nexport A = 1\nendif\n",
    "export A $(B)\nA = 1\nexport $(NAMES)\nundefine A\n",
)
JUST = {
    'export A := "1"\n': ("value", "1", True),
    'set export\nA := "1"\n': ("value", "1", True),
    'A := "1"\n': ("default", None, False),
    "set dotenv-load\n": ("unknown", None, False),
    "export A := `date`\n": ("computed", "", True),
    'export A := "1"\nunexport A\n': ("default", None, False),
    "set dotenv-path := 'x.env'\n": ("unknown", None, False),
    "import 'more.just'\n": ("unknown", None, False),
    'set dotenv-load := false\nB := "1"\nexport A := B + "2"\n': ("value", "12", True),
}


def _traced(folder: Path, name: str, content: str) -> tuple[object, object, object]:
    files = repository('S«a: str = "x"»')
    for path, text in {**files, name: content}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    document = json.loads(run("trace", "A", "--root", folder, "--format", "json").stdout)
    (process,) = (one for one in document["trace"]["processes"] if "run" in one["what"])
    return process["outcome"], process["value"], process["certain"]


@pytest.mark.parametrize("head", MAKE)
def test_what_make_exports(head: str, tmp_path: Path):
    expected = MAKE[head]
    found = _traced(tmp_path, "Makefile", f"{head}{_RUN}")
    assert found == (("default", None, False) if expected is None else ("value", expected, "?=" not in head))


@pytest.mark.parametrize("head", MAKE)
def test_make_itself_exports_that(head: str, tmp_path: Path):
    assert _by_make(tmp_path, head, ["run"], {}) == (MAKE[head] or "none")


def _by_make(folder: Path, head: str, words: list[str], environment: dict[str, str]) -> str:
    (folder / "Makefile").write_text(f'{head}run:\n\t@echo "$${{A-none}}"\n')
    given = {"PATH": "/usr/bin:/bin", **environment}
    done = subprocess.run(["make", "-s", *words], cwd=folder, env=given, capture_output=True, text=True, check=True)
    return done.stdout.removesuffix("\n")


_CI = "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {}\n"
_TESTS = {"tests/test_a.py": "import app.main\n", "pyproject.toml": "[project]\nname = 'app'\nversion = '1'\n"}


def _in_step(folder: Path, script: str, makefile: str, more: Mapping[str, str] = {}) -> tuple[str, object]:
    """What a step gives pytest by way of a makefile, or of what other files say."""
    line = 'S«a: str = "x"»'
    files = {**repository(line), **_TESTS, **more, "Makefile": makefile, ".github/workflows/ci.yml": _CI.format(script)}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    traced = json.loads(run("trace", "A", "--root", folder, "--format", "json").stdout)["trace"]["processes"]
    (found,) = (one for one in traced if one["kind"] == "step")
    assert found["certain"]
    return found["outcome"], found["value"]


@pytest.mark.parametrize("head", BEATEN)
def test_what_the_environment_gives_is_what_the_makefile_makes_of_it(head: str, tmp_path: Path):
    expected = BEATEN[head]
    found = _in_step(tmp_path, "A=1 make run", f"{head}run:\n\tpytest\n")
    assert found == (("default", None) if expected is None else ("value", expected))
    assert _by_make(tmp_path, head, ["run"], {"A": "1"}) == (expected or "none")


@pytest.mark.parametrize("words", COMMAND_LINES)
def test_the_command_line_counts_most(words: str, tmp_path: Path):
    assert _in_step(tmp_path, f"A=1 make {words}", "A = x\nrun:\n\tpytest\n") == ("value", COMMAND_LINES[words])
    assert _by_make(tmp_path, "A = x\n", words.split(), {"A": "1"}) == COMMAND_LINES[words]


def test_what_the_command_line_says_reaches_a_make_below(tmp_path: Path):
    makefile = "run:\n\t$(MAKE) -f Makefile inner\nA = x\ninner:\n\tpytest\n"
    assert _in_step(tmp_path, "make run A=2", makefile) == ("value", "2")


@pytest.mark.parametrize("begin", range(0, 200, 50))
def test_makefiles_made_at_random_do_what_make_does(begin: int, tmp_path: Path):
    found, count = compare(range(begin, begin + 50), tmp_path)
    assert found == []
    assert count["ran"] > 40
    assert count["known"] > count["perhaps"]


@pytest.mark.parametrize("head", UNCLEAR)
def test_what_make_exports_at_times_is_not_known(head: str, tmp_path: Path):
    assert _traced(tmp_path, "Makefile", f"{head}{_RUN}") == ("unknown", None, False)


@pytest.mark.parametrize("head", JUST)
def test_what_just_exports(head: str, tmp_path: Path):
    assert _traced(tmp_path, "justfile", f"{head}\nrun:\n    uvicorn app.main:app\n") == JUST[head]


# A task of moon or Taskfile that has A in its `env`, by the call that starts it.
RUNNERS = {
    "task t": ("Taskfile.yml", "version: '3'\ntasks:\n  t:\n    env: {A: '4'}\n    cmds: [pytest]\n"),
    "moon run :t": ("moon.yml", "tasks:\n  t:\n    env: {A: '4'}\n    command: pytest\n"),
}


@pytest.mark.parametrize("call", RUNNERS)
def test_what_a_runner_gives_fills_what_is_unset(call: str, tmp_path: Path):
    name, content = RUNNERS[call]
    files = {**_TESTS, name: content}
    for script, expected in ((call, "4"), (f"A=1 {call}", "1")):
        assert _in_step(tmp_path, script, "", files) == ("value", expected)
    traced = json.loads(run("trace", "A", "--root", tmp_path, "--format", "json").stdout)["trace"]["processes"]
    (task,) = (one for one in traced if one["kind"] == "task")
    assert (task["value"], task["certain"]) == ("4", False)
