"""What a container's script never comes to, and what takes its environment away: its claims, by tables.

What dash and bash do with scripts like these is asked of them in `tests/oracles/test_shells.py`.
"""

from __future__ import annotations

import json

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.variables.flow import Flow
from fr_check.variables.model import Literal, Maybe, Removed, Set
from fr_check.variables.services import ServiceProcess, process

_COMPOSE = (
    "services:\n  web:\n    image: x\n    working_dir: /app\n    volumes: ['.:/app']\n"
    "    entrypoint: {}\n    environment:\n      A: a0\n      B: ''\n"
)


def _process(script: str, words: list[str]) -> ServiceProcess:
    files = {
        "start.sh": f"#!/bin/sh\n{script}\n",
        "x.env": "A=file\n",
        "n.env": "C=1\n",
        "compose.yml": _COMPOSE.format(json.dumps(["./start.sh", *words])),
    }
    flow = Flow(Context(Memory(files), Config(), None), (), {})
    (project,) = flow.projects
    return process(project, project.services["web"], flow.reading)


def _of(script: str, name: str = "A", *words: str) -> str | None:
    """The value of a variable in what is started: its text, `-` where nothing sets it, None where that is not known."""
    state = _process(script, [*words]).process.get(name)
    if isinstance(state, Set):
        return state.entry.value.text.reveal() if isinstance(state.entry.value, Literal) else "?"
    return None if isinstance(state, Maybe) else "-"


def _started(script: str, *words: str) -> list[str | None]:
    launch = _process(script, [*words]).launch
    assert launch is not None
    return [one.words[0] for one in launch.starts]


STARTED = {
    "a branch of `case`": ('case "$1" in web) exec uvicorn ;; *) exec celery ;; esac', ["uvicorn"]),
    "another one": ('case "$1" in api|worker) exec uvicorn ;; w?b) exec celery ;; esac', ["celery"]),
    "one that is not known": ('case "$X" in web) exec uvicorn ;; *) exec celery ;; esac', ["uvicorn", "celery"]),
    "one that goes on": ('case "$1" in web) uvicorn ;& x) celery ;; esac', ["uvicorn", "celery"]),
    "behind `exec`": ("exec uvicorn\ncelery", ["uvicorn"]),
    "behind `exec` in a function": ("run() { exec uvicorn; }\nrun\ncelery", ["uvicorn"]),
    "behind `exec` in a subshell": ("(exec uvicorn)\ncelery", ["uvicorn", "celery"]),
    "under `if false`": ("if false; then celery; fi\nuvicorn", ["uvicorn"]),
    "by the number of words": ('if [ $# -eq 0 ]; then exec celery; fi\nexec "$@"', ["web"]),
    "by a word": ('[ "$1" = web ] && exec uvicorn\nexec celery', ["uvicorn"]),
    "by a variable": ('if [ "$A" != a0 ]; then celery; else uvicorn; fi', ["uvicorn"]),
    "by an empty one": ('[ -z "$B" ] || celery\nuvicorn', ["uvicorn"]),
    "by what is not known": ('[ -z "$X" ] || celery\nuvicorn', ["celery", "uvicorn"]),
}


@pytest.mark.parametrize("case", STARTED)
def test_what_is_started(case: str):
    script, expected = STARTED[case]
    assert _started(script, "web") == expected


VALUES = {
    "in the branch that counts": ('case "$1" in web) export A=w ;; *) export A=o ;; esac\nuvicorn', "w"),
    "read where it is there": ("set -a\n[ -f x.env ] && . ./x.env\nuvicorn", "file"),
    "asked for by `test`": ("set -a; test -r ./x.env && . ./x.env; set +a\nuvicorn", "file"),
    "of a file that nothing brings": ("set -a\n[ -f z.env ] && . ./z.env\nuvicorn", None),
    "another file than the one asked for": ("set -a\n[ -f /z ] && . ./x.env\nuvicorn", None),
    "behind what is asked": ("command -v x && export A=1\nuvicorn", None),
    "behind a function": ("f() { test -e /x; }\nf && export A=1\nuvicorn", None),
    "behind what is done": ("cd / && export A=1\nuvicorn", "1"),
    "in one of two ways to start it": ('case "$X" in w) export A=w; exec uvicorn ;; *) exec uvicorn ;; esac', None),
    "by a file in one of two ways": ('if [ -n "$X" ]; then set -a; . ./x.env; exec uvicorn; fi\nexec uvicorn', None),
    "in the way of another program": ('case "$X" in w) export A=w; exec celery ;; *) exec uvicorn ;; esac', "a0"),
    "by `sudo`": ("sudo -u app uvicorn", None),
    "by `sudo -E`": ("sudo -E uvicorn", "a0"),
    "by `sudo` with one of its own": ("sudo A=1 uvicorn", "1"),
    "in a document, of several words": ("X='p q'\ncat > f <<EOF\nA=$X\nEOF\n. ./f\nuvicorn", "a0"),
    "in a document, not known": ("cat > f <<EOF\nA=$X\nEOF\n. ./f\nuvicorn", None),
    "in a document, in quotes": ('cat > f <<EOF\nA="$X"\nEOF\n. ./f\nuvicorn', "?"),
}


@pytest.mark.parametrize("case", VALUES)
def test_what_it_gets(case: str):
    script, expected = VALUES[case]
    assert _of(script, "A", "web") == expected


def test_sudo_drops_what_nobody_asks_it_to_keep():
    state = _process("export C=1\nsudo --preserve-env=A,D -u app uvicorn", []).process
    held = {name: state.get(name) for name in "AC"}
    assert all(isinstance(one, Maybe) for one in held.values())
    assert {name: type(one.beneath) for name, one in held.items() if isinstance(one, Maybe)} == {"A": Set, "C": Removed}


LOST = {
    "a name that the service has": (". ./x.env\nuvicorn", set()),
    "a name of the shell": (". ./n.env\nuvicorn", {"C"}),
    "passed by the same file later": (". ./n.env\nset -a; . ./n.env\nuvicorn", set()),
    "passed by the command": (". ./n.env\nC=1 uvicorn", set()),
    "passed by `export`": (". ./n.env\nexport C\nuvicorn", set()),
}


@pytest.mark.parametrize("case", LOST)
def test_a_name_that_is_passed_is_not_lost(case: str):
    script, expected = LOST[case]
    found = _process(script, [])
    assert found.sourced is not None
    assert {name for one in found.sourced.noted for name in one.lost} == expected
