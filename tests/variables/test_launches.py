"""What containers start: which program that is, and what the shell does to its environment on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.env_keys.checker import CHECKER
from fr_check.variables.model import Absent, Computed, Literal, Maybe, Removed, Set
from variables.notation import repository
from variables.shell_worlds import SHELLS, compare
from variables.test_cases import findings

_AB = 'S«a: str = "x"¶b: str = "y"» E«A=1¶B=2» '
_SECRET = 'F secrets.ctmpl«{{ with secret "kv/data/app" }}A="{{ .Data.data.A }}"¶B="{{ .Data.data.B }}"{{ end }}» '
_LOST = {("undelivered-secrets", "/secrets/.env", "error")}


def _sourcing(script: str) -> str:
    """A service whose entrypoint sources a rendered file of A and B."""
    words = json.dumps(["sh", "-c", script.replace("$", "$$")])
    return f"{_AB}{_SECRET}C«web: {{build: ., entrypoint: {words}}}»"


def _copied(script: str, entry: str = '["/start.sh"]', *, copy: str = "COPY start.sh /start.sh") -> str:
    """A service whose image has an entrypoint script, and is given A alone."""
    given = 'environment: {A: "${A:-1}"}'
    if '"$@"' in script:  # what the image's CMD says is handed on
        return f"{_AB}D«COPY app app¶{copy}¶ENTRYPOINT {entry}» F start.sh«{script}» C«web: {{build: ., {given}}}»"
    words = entry.replace("$", "$$")
    return f"{_AB}D«COPY app app¶{copy}» F start.sh«{script}» C«web: {{build: ., {given}, entrypoint: {words}}}»"


_EXEC = "exec uvicorn app.main:app"
_RUN = "exec /app/app/run.sh»"
REACHING = {
    "exported by name": f". /secrets/.env; export A B; {_EXEC}",
    "exported one by one": f". /secrets/.env; export A; export B; {_EXEC}",
    "exported before it is read": f"export A B; . /secrets/.env; {_EXEC}",
    "exported by names that a command prints": f". /secrets/.env; export $(cut -d= -f1 /secrets/.env); {_EXEC}",
    "the long name of the option": f"set -o allexport; . /secrets/.env; set +o allexport; {_EXEC}",
    "the option among others": f"set -eua; . /secrets/.env; {_EXEC}",
    "exported by xargs": f"export $(grep -v '^#' /secrets/.env | xargs); {_EXEC}",
    "exported by xargs from its input": f"export $(xargs < /secrets/.env); {_EXEC}",
    "given by env": f"exec env $(cat /secrets/.env) {_EXEC.removeprefix('exec ')}",
    "given by env, filtered": f"exec env $(grep -v '^#' /secrets/.env | xargs) {_EXEC.removeprefix('exec ')}",
    "in one branch": f'if [ "$X" ]; then set -a; fi; . /secrets/.env; {_EXEC}',
    "in one branch of two": f'case "$X" in a) set -a ;; *) : ;; esac; . /secrets/.env; {_EXEC}',
    "in a subshell that starts it": f"(set -a; . /secrets/.env; {_EXEC})",
    "in a function": f"load() {{ set -a; . /secrets/.env; set +a; }}; load; {_EXEC}",
    "where the file is there": f"if [ -f /secrets/.env ]; then set -a; . /secrets/.env; set +a; fi; {_EXEC}",
    "a shell that exports": f"exec sh -a -c '. /secrets/.env; {_EXEC}'",
    "by bash's name of it": f"exec bash -o allexport -c 'source /secrets/.env; {_EXEC}'",
}
LOSING = {
    "nothing exported": f". /secrets/.env; {_EXEC}",
    "one of two exported": f". /secrets/.env; export A; {_EXEC}",
    "in a subshell": f"(set -a; . /secrets/.env); {_EXEC}",
    "in a subshell, then again without": f"(set -a; . /secrets/.env); . /secrets/.env; {_EXEC}",
    "switched off before": f"set -a; set +a; . /secrets/.env; {_EXEC}",
    "exported in a shell of its own": f"sh -c 'set -a; true'; . /secrets/.env; {_EXEC}",
}


@pytest.mark.parametrize("name", REACHING)
def test_a_sourced_file_reaches_the_program(name: str):
    assert not {one for one in findings(repository(_sourcing(REACHING[name]))) if one[2] != "info"}


@pytest.mark.parametrize("name", LOSING)
def test_a_sourced_file_does_not_reach_the_program(name: str):
    found = findings(repository(_sourcing(LOSING[name])))
    silent = name == "in a subshell"  # the file is exported there, and to nobody
    assert (found >= _LOST) is not silent


SHEBANGS = {
    "#!/bin/sh -a": Set,
    "#!/bin/bash -ea": Set,
    "#!/usr/bin/env -S bash -a": Set,
    "#!/bin/sh": Absent,
    "#!/bin/sh -e": Absent,
}


def _processes(line: str):
    """The services of a repository."""
    facts = CHECKER.load(Context(Memory(repository(line)), Config(), None))
    assert facts.flow is not None
    return facts, {found.service.name: found for found in facts.flow.services}


def _state(line: str, name: str = "B"):
    _, services = _processes(line)
    process = services["web"].process
    assert process.programs
    return process.get(name)


@pytest.mark.parametrize("first", SHEBANGS)
def test_the_first_line_of_a_script_is_heeded(first: str):
    assert isinstance(_state(_copied(f"{first}¶B=2¶{_EXEC}")), SHEBANGS[first])


STATES: dict[str, tuple[str, object]] = {
    "unset": (f"export B=1¶unset B¶{_EXEC}", Removed),
    "export -n": (f"export B=1¶export -n B¶{_EXEC}", Removed),
    "export -n with a value": (f"export -n B=1¶{_EXEC}", Removed),
    "export -n, and exported again": (f"export B=1¶export -n B¶export B¶{_EXEC}", "1"),
    "export -n of what is not there, then exported": (f"export -n B¶export B¶{_EXEC}", Removed),
    "declare +x": (f"export B=1¶declare +x B¶{_EXEC}", Removed),
    "declare -x": (f"declare -x B=1¶{_EXEC}", "1"),
    "env -u": ("export B=1¶exec env -u B uvicorn app.main:app", Removed),
    "env --unset": ("export B=1¶exec env --unset=B uvicorn app.main:app", Removed),
    "env -i": ("export B=1¶exec env -i A=2 uvicorn app.main:app", Removed),
    "env with a dash": ("export B=1¶exec env - A=2 uvicorn app.main:app", Removed),
    "env -i, and handed over": ('export B=2¶exec env -i PATH="$PATH" B="$B" uvicorn app.main:app', "2"),
    "env -i, and handed over to what is handed on": ('export B=2¶exec env -i B="$B" "$@"', "2"),
    "env with a dash, and handed over": ('export B=2¶exec env - B="$B" uvicorn app.main:app', "2"),
    "env -u, and handed over": ('export B=2¶exec env -u B B="$B" uvicorn app.main:app', "2"),
    "env -i, and a variable of the shell handed over": ("B=2¶exec su-exec app env -i B=$B uvicorn app.main:app", "2"),
    "env -i in another shell": ("export B=2¶exec sh -c 'exec env -i B=\"$B\" uvicorn app.main:app'", "2"),
    "env -i, and nothing to hand over": ('exec env -i B="$B" uvicorn app.main:app', ""),
    "env -i, and what perhaps is there": ('[ "$X" ] && export B=2¶exec env -i B="$B" uvicorn app.main:app', None),
    "env -i, and what is unknown": ('export B=$(date)¶exec env -i B="$B" uvicorn app.main:app', None),
    "env -i, with a default": ('exec env -i B="${B:-2}" uvicorn app.main:app', None),
    "env -i before a script": (
        'export B=2¶exec env -i B="$B" /app/app/run.sh» F app/run.sh«#!/bin/sh¶exec uvicorn app.main:app', "2",
    ),
    "env -i, and given again": ("exec env -i B=2 uvicorn app.main:app", "2"),
    "behind su-exec and tini": ("exec tini -- su-exec app env B=3 uvicorn app.main:app", "3"),
    "given to the command": ("B=4 exec uvicorn app.main:app", "4"),
    "a subshell keeps it": (f"(export B=1)¶{_EXEC}", Absent),
    "a pipe keeps it": (f"export B=1 | cat¶{_EXEC}", Absent),
    "a function called": (f"f() {{ export B=$1; }}¶f 5¶{_EXEC}", "5"),
    "a function never called": (f"f() {{ export B=5; }}¶{_EXEC}", Absent),
    "after a function may have returned": (
        f'f() {{ if [ -n "$A" ]; then return 0; fi; export B=5; }}¶f¶{_EXEC}', Maybe,
    ),
    "after a test of whether to return": (f'f() {{ [ -n "$A" ] || return 0; export B=5; }}¶f¶{_EXEC}', Maybe),
    "after a group that returns": (f"f() {{ test -f x && {{ echo; return; }}; export B=5; }}¶f¶{_EXEC}", Maybe),
    "after a loop that may return": (
        f'f() {{ for n in 1 2; do [ "$X" ] && return; done; export B=5; }}¶f¶{_EXEC}', Maybe,
    ),
    "in a loop that may return": (
        f'f() {{ for n in 1 2; do [ "$X" ] && return; export B=$n; done; }}¶f¶{_EXEC}', Maybe,
    ),
    "before a function may return": (f'f() {{ export B=5; [ -n "$A" ] && return; export A=1; }}¶f¶{_EXEC}', "5"),
    "after a function has returned": (f"f() {{ return 0; export B=5; }}¶f¶{_EXEC}", Absent),
    "after a return in a function that was called": (f"g() {{ return; }}; f() {{ g; export B=5; }}¶f¶{_EXEC}", "5"),
    "after a return in a subshell": (f"f() {{ (return 0; export A=2); export B=5; }}¶f¶{_EXEC}", "5"),
    "after the function that returns": (f"f() {{ return 0; }}¶f¶export B=5¶{_EXEC}", "5"),
    "started by a function that went on": (f'f() {{ [ -n "$A" ] && return; export B=5; {_EXEC}; }}¶f', "5"),
    "set for good after a return": (f'f() {{ [ "$X" ] && return; set -a; }}¶f¶B=5¶{_EXEC}', Maybe),
    "after a sourced file may have returned": (
        f'. /app/app/x.sh¶{_EXEC}» F app/x.sh«[ -n "$X" ] && return¶export B=5', Maybe,
    ),
    "in a branch that ends": (f'if [ -z "$X" ]; then echo; exit 0; export B=1; fi¶{_EXEC}', Absent),
    "after a branch that ends": (f'if [ -z "$X" ]; then exit 1; fi¶export B=5¶{_EXEC}', "5"),
    "after a subshell that ends": (f"(exit 0)¶export B=5¶{_EXEC}", "5"),
    "after a command that fails": (f"make || exit 0¶export B=5¶{_EXEC}", "5"),
    "after a file is looked for": (f"if [ -f x ]; then . x; exit 0; fi¶export B=5¶{_EXEC}", "5"),
    "in a branch": (f'if [ "$X" ]; then export B=1; fi¶{_EXEC}', Maybe),
    "in the branch that starts it": (f'if [ "$X" ]; then export B=6; {_EXEC}; fi', "6"),
    "in the other branch": (f'if [ "$X" ]; then export B=1; else {_EXEC}; fi', Absent),
    "after a test": (f'[ "$X" ] && export B=1¶{_EXEC}', Maybe),
    "a default of its own": (f'export B="${{B:-7}}"¶{_EXEC}', "7"),
    "a default of what the shell has": (f"B=6¶export B=${{B:-7}}¶{_EXEC}", "6"),
    "a default of what a loop has left": (f"for B in 6; do :; done¶export B=${{B:-7}}¶{_EXEC}", "6"),
    "a default of what is empty in the shell": (f'B=¶export B="${{B:-7}}"¶{_EXEC}', "7"),
    "a default of what a file gave the shell": (
        f". /app/app/x.sh¶export B=${{B:-7}}¶{_EXEC}» F app/x.sh«B=6", "6",
    ),
    "read after a default filled it": (f'B=; : "${{B:=8}}"; export B="x$B"¶{_EXEC}', "x8"),
    "read after a loop filled it": (f'A=; for n in 1 2; do : ${{A:=8}}; done; export B="$A"¶{_EXEC}', "8"),
    "read after a default that a pipe filled": (f'A=; : ${{A:=8}} | cat; export B="x$A"¶{_EXEC}', "x"),
    "read after a default that perhaps filled it": (f'A=; [ "$X" ] && : ${{A:=8}}; export B="$A"¶{_EXEC}', None),
    "read after a default that had nothing to fill": (f'A=9; : ${{A:=8}}; export B="$A"¶{_EXEC}', "9"),
    "a default of another kind": (f': "${{B:=8}}"; export B¶{_EXEC}', "8"),
    "a default that is not exported": (f': "${{B:=8}}"¶{_EXEC}', Absent),
    "a default under -a": (f'set -a¶: "${{B:=9}}"¶{_EXEC}', "9"),
    "by eval": (f"eval 'export B=1'¶{_EXEC}", "1"),
    "by what a command prints": (f"eval $(vault-env)¶{_EXEC}", Maybe),
    "line by line": (f'while read -r line; do export "$line"; done < /x.env¶{_EXEC}', Maybe),
    "a loop": (f"for n in A B; do export $n=1; done¶{_EXEC}", "1"),
    "a committed file": (f". /app/app/defaults.sh¶{_EXEC}» F app/defaults.sh«export B=10", "10"),
    "a committed file that exports nothing": (f". /app/app/defaults.sh¶{_EXEC}» F app/defaults.sh«B=10", Absent),
    "a committed file, then exported": (f". /app/app/defaults.sh¶export B¶{_EXEC}» F app/defaults.sh«B=10", "10"),
    "handed on": ('export B=11¶exec "$@"', "11"),
    "set for what is handed on": ('set -- env B=12 "$@"¶exec "$@"', "12"),
    "kept for a script": ("export B=13¶exec /app/app/run.sh» F app/run.sh«#!/bin/sh¶exec uvicorn app.main:app", "13"),
    "lost before a script": ("B=14¶exec /app/app/run.sh» F app/run.sh«#!/bin/sh¶exec uvicorn app.main:app", Absent),
    "on the line that assigns to what is readonly": (f"{{ readonly A=1; A=2; export B=5; }}¶{_EXEC}", Maybe),
    "in a function that assigns to what is readonly": (f"f() {{ A=2¶export B=5¶}}¶readonly A=1¶f¶{_EXEC}", Maybe),
    "by a default of what is readonly": (f"readonly A=; : ${{A:=2}}; export B=5¶{_EXEC}", Maybe),
    "in a loop over what is readonly": (f"readonly A=1¶for A in x; do export B=5; done¶{_EXEC}", Maybe),
    "on the line after what is readonly was assigned to": (f"readonly A=1¶A=2¶export B=5¶{_EXEC}", "5"),
    "declared readonly twice": (f"readonly A=1; readonly A=1; export B=5¶{_EXEC}", "5"),
    "an array that a subshell makes": (f'export B=5¶(B=(q r))¶exec sh -c "B=$B; {_EXEC}"', "5"),
    "an array that a pipe makes": (f'export B=5¶{{ B=(q r); }} | cat¶exec sh -c "B=$B; {_EXEC}"', "5"),
    "an array that a branch makes": (f'if [ "$X" ]; then A=(q r); fi¶exec sh -c "export B=$A; {_EXEC}"', None),
    "an array in the branch that makes it": (f'if [ "$X" ]; then A=(q r); exec sh -c "export B=$A; {_EXEC}"; fi', "q"),
    "an array in the process that makes it": (f'{{ A=(q r); exec sh -c "export B=$A; {_EXEC}"; }} | cat', "q"),
    "put into another shell, where it may be several words": (f'A=$(date)¶exec sh -c "B=$A; export B; {_EXEC}"', Maybe),
    "put into another shell in quotes": (f"A=$(date)¶exec sh -c \"B='$A'; export B; {_EXEC}\"", None),
    "declare +x in a function": (f"export B=1¶f() {{ declare +x B; {_EXEC}; }}¶f", Maybe),
    "by a loop that sets its own variable": (f'for n in 1; do eval "n=$X"; done¶export B=$n¶{_EXEC}', None),
    "by what a loop has left": (f"for n in 1 2; do :; done¶export B=$n¶{_EXEC}", "2"),
    "read by a script, from a file that was written": (
        f"echo B=5 > own.env¶{_RUN} F app/run.sh«#!/bin/sh -a¶. ./own.env¶{_EXEC}", "5",
    ),
    "read by a script, from a file that was added to": (
        f"(date) >> /app/app/x.env¶{_RUN} F app/x.env«B=1» F app/run.sh«#!/bin/sh -a¶. /app/app/x.env¶{_EXEC}", Maybe,
    ),
    "taken from a script": (
        "export B=1¶exec env -u B /app/app/run.sh» F app/run.sh«#!/bin/sh¶exec uvicorn app.main:app", Removed,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_what_a_script_leaves_of_a_variable(name: str):
    script, expected = STATES[name]
    state = _state(_copied(f"#!/bin/sh¶{script}"))
    if isinstance(expected, str):
        assert isinstance(state, Set)
        assert isinstance(state.entry.value, Literal)
        assert state.entry.value.text.reveal() == expected
    elif expected is None:  # it is set, and nobody knows to what
        assert isinstance(state, Set)
        assert isinstance(state.entry.value, Computed)
    else:
        assert isinstance(state, expected)


PROGRAMS = {
    "on PATH": _copied(f"#!/bin/sh¶{_EXEC}", '["start"]', copy="COPY start.sh /usr/local/bin/start"),
    "on PATH, a script of Python": _copied(
        "#!/usr/bin/env python3¶import app.main", '["start"]', copy="COPY start.sh /usr/local/bin/start"
    ),
    "on a PATH of its own": _copied(
        f"#!/bin/sh¶{_EXEC}",
        '["start"]',
        copy='ENV PATH="/opt/bin:$PATH"¶ENV PATH=/opt/bin¶COPY start.sh /opt/bin/start',
    ),
    "a script without a first line, given to sh": _copied(_EXEC, '["sh", "/start"]', copy="COPY start.sh /start"),
    "cd": _copied("#!/bin/sh¶cd /srv/x¶exec uvicorn app.main:app", copy="COPY app /srv/x/app¶COPY start.sh /start.sh"),
    "--app-dir": _copied("", '["uvicorn", "--app-dir", "/srv/x", "app.main:app"]', copy="COPY app /srv/x/app"),
    "--app-dir=": _copied("", '["uvicorn", "--app-dir=../srv/x", "app.main:app"]', copy="COPY app /srv/x/app"),
    "PYTHONPATH of the image": _copied(
        "", '["uvicorn", "app.main:app"]', copy="ENV PYTHONPATH=/srv/x¶WORKDIR /¶COPY app /srv/x/app"
    ),
    "PYTHONPATH of the script": _copied(
        f"#!/bin/sh¶export PYTHONPATH=/srv/x¶cd /¶{_EXEC}", copy="COPY app /srv/x/app¶COPY start.sh /start.sh"
    ),
    "python -m with __main__": _copied("", '["python", "-m", "server"]', copy="COPY server server")
    + " F server/__main__.py«import uvicorn¶uvicorn.run('app.main:app', port=1)»",
    "python -c": _copied("", """["python", "-c", "import uvicorn; uvicorn.run('app.main:app')"]"""),
    "gunicorn's file": _copied("", '["gunicorn", "-c", "gunicorn.conf.py"]', copy="COPY gunicorn.conf.py .")
    + " F gunicorn.conf.py«wsgi_app = 'app.main:app'»",
    "gunicorn's own file": _copied("", '["gunicorn"]', copy="COPY gunicorn.conf.py .")
    + " F gunicorn.conf.py«wsgi_app = 'app.main:app'»",
    "env -i": _copied("#!/bin/sh¶exec env -i A=1 uvicorn app.main:app"),
    "a name in a variable": _copied(
        '#!/bin/sh¶exec sh -c "$START"', copy="ENV START='uvicorn app.main:app'¶COPY start.sh /start.sh"
    ),
    "an unquoted variable": _copied(
        "#!/bin/sh¶exec $START", copy="ENV START='uvicorn app.main:app'¶COPY start.sh /start.sh"
    ),
    "poetry run": _copied("", '["poetry", "run", "serve"]', copy="COPY pyproject.toml .")
    + " F pyproject.toml«[tool.poetry.scripts]¶serve = 'app.main:run'»",
    "uv run": _copied("", '["uv", "run", "serve"]', copy="COPY pyproject.toml .")
    + " F pyproject.toml«[project.scripts]¶serve = 'app.main:run'»",
    "pdm run": _copied("", '["pdm", "run", "serve"]', copy="COPY pyproject.toml .")
    + " F pyproject.toml«[tool.pdm.scripts]¶serve = 'uvicorn app.main:app'»",
    "an installed program": _copied("", '["serve"]')
    + " F setup.cfg«[options.entry_points]¶console_scripts =¶  serve = app.main:run»",
    "make": _copied("", '["make", "serve"]', copy="COPY Makefile .") + " F Makefile«serve:¶\tuvicorn app.main:app»",
    "supervisord": _copied("", '["supervisord", "-n", "-c", "/etc/s.conf"]', copy="COPY s.conf /etc/s.conf")
    + " F s.conf«[supervisord]¶[program:web]¶command = uvicorn app.main:app¶directory = /app»",
    "supervisord, included": _copied(
        "", '["/usr/bin/supervisord"]', copy="COPY web.conf /etc/supervisor/conf.d/web.conf"
    )
    + " F web.conf«[program:web]¶command=uvicorn app.main:app¶directory=/app»",
    "honcho": _copied("", '["honcho", "start"]', copy="COPY Procfile .") + " F Procfile«web: uvicorn app.main:app»",
    "su": _copied("#!/bin/sh¶exec su app -c 'exec uvicorn app.main:app'"),
    "CMD behind the shell form": _copied('#!/bin/sh¶exec "$@"', "/start.sh $0 $@"),
    "CMD quoted behind the shell form": _copied('#!/bin/sh¶exec "$@"', 'exec /start.sh "$0" "$@"'),
    "a here-document": _copied("#!/bin/sh¶sh <<EOF¶uvicorn app.main:app¶EOF"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_program_is_found(name: str):
    _, services = _processes(PROGRAMS[name])
    found = services["web"]
    assert [program.settings for program in found.process.programs] == [("app/config.py",)]
    assert found.process.certain
    assert not found.lost


UNFOUND = {
    "a script that is not there": (_copied("", '["/opt/start.sh"]'), "`/opt/start.sh`"),
    "a program that nobody knows": (_copied("", '["serve-it"]'), "`serve-it`"),
    "a variable that only a run tells": (_copied('#!/bin/sh¶exec sh -c "$RUN_ME"'), "`$RUN_ME`"),
    "a variable, unquoted": (_copied("#!/bin/sh¶exec $RUN_ME --port 1"), "`$RUN_ME`"),
    "a module that is not there": (_copied("", '["uvicorn", "elsewhere.main:app"]'), "`uvicorn elsewhere.main`"),
    "a list of processes that is not there": (_copied("", '["honcho", "start"]'), "`honcho`"),
    "a target that is not there": (_copied("", '["make", "serve"]'), "`make serve`"),
}


@pytest.mark.parametrize("name", UNFOUND)
def test_what_could_not_be_followed_is_told_by_its_word(name: str):
    line, word = UNFOUND[name]
    facts, services = _processes(line)
    assert not services["web"].process.programs
    assert services["web"].lost == word
    (gap,) = [gap for gap in facts.gaps if gap.subject == "web"]
    assert f" runs {word}," in gap.message


@pytest.mark.parametrize("entry", ['["pytest"]', '["sleep", "infinity"]', '["nginx", "-g", "daemon off;"]', '["bash"]'])
def test_a_program_that_is_none_of_the_repository_is_no_gap(entry: str):
    facts, services = _processes(_copied("", entry))
    assert not services["web"].process.programs
    assert not facts.gaps


if SHELLS:

    def test_what_real_shells_give_a_program(tmp_path: Path):
        found, count = compare(range(100), tmp_path)
        assert found == []
        assert count["known"] > count["set"]
        assert count["known"] + count["absent"] > count["perhaps"]
