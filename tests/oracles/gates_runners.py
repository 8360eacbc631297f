"""Configurations in which a task runner stands between the workflow and the tests: tox, nox, poe, pdm, hatch, make.

Each is at half of what it demands. PASSING are those whose command passes all the same, as the runners themselves say;
of the OPEN ones fr-check takes no side, as what decides is not in the repository or is made by code.
"""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from textwrap import dedent, indent

from oracles.gates_model import PYTHON, Configuration
from oracles.gates_python import SOURCES

GATE = "pytest --cov=lib --cov-fail-under=90"
FLOOR = "[tool.coverage.report]\nfail_under = 90\n"


def _tox() -> list[tuple[str, dict[str, str], str]]:
    def ini(body: str, more: str = "") -> dict[str, str]:
        return {"tox.ini": f"[testenv]\nskip_install = true\nallowlist_externals = *\n{dedent(body)}{dedent(more)}"}

    plain = ini(f"commands = {GATE}\n")
    passing = ini("commands = pytest --cov=lib --cov-fail-under={env:MIN:10}\n")
    given = ini("commands = pytest --cov=lib {posargs}\n")
    defaults = ini("commands = pytest --cov=lib {posargs:--cov-fail-under=90}\n")
    floor = {"pyproject.toml": FLOOR}
    return [
        ("plain", plain, "tox"),
        ("an environment", plain, "tox -e py"),
        ("quiet", plain, "tox -q -e py"),
        ("listed only", plain, "tox -l"),
        ("not tested", plain, "tox --notest"),
        ("a status that is dropped", plain, "tox || true"),
        ("a shell's word without a shell", ini(f"commands = {GATE} || true\n"), "tox"),
        ("a shell inside", ini(f"commands = bash -c '{GATE} || true'\n"), "tox"),
        ("a shell's end inside", ini(f"commands = bash -c '{GATE}; true'\n"), "tox"),
        ("a dash", ini(f"commands = - {GATE}\n"), "tox"),
        ("a bang", ini(f"commands = ! {GATE}\n"), "tox"),
        ("ignored outcome", ini(f"commands = {GATE}\nignore_outcome = true\n"), "tox"),
        ("ignored errors", ini(f"commands = {GATE}\n    python -c ''\nignore_errors = true\n"), "tox"),
        ("two commands", ini("commands =\n    pytest --cov=lib\n    coverage report --fail-under=90\n"), "tox"),
        ("a number from outside that is not passed", passing, "MIN=90 tox"),
        ("a number from outside that is passed", ini("pass_env = MIN\n" + "commands = pytest --cov=lib --cov-fail-under={env:MIN:10}\n"), "MIN=90 tox"),
        ("a number that falls from outside", ini("pass_env = MIN\ncommands = bash -c 'pytest --cov=lib --cov-fail-under=$MIN'\n"), "export MIN=10\ntox"),
        ("a number set inside", ini("set_env = MIN=90\ncommands = pytest --cov=lib --cov-fail-under={env:MIN:10}\n"), "tox"),
        ("words given", given, "tox -- --cov-fail-under=90"),
        ("words given to an environment", given, "tox -e py -- --cov-fail-under=90 -q"),
        ("words in the place of the default", defaults, "tox -- -q"),
        ("the default words", defaults, "tox"),
        ("an override of commands", plain, "tox -x testenv.commands='pytest --cov=lib'"),
        ("an override of the environment", plain, "tox --override testenv.ignore_outcome=true"),
        ("an override of something else", plain, "tox -x testenv.description=x"),
        ("a floor in pyproject", {**ini("commands = pytest --cov=lib\n"), **floor}, "tox"),
        ("a floor that the options lower", {**ini("commands = pytest --cov=lib --cov-fail-under=10\n"), **floor}, "tox"),
        ("options around that are not passed", {**ini("commands = pytest\n"), **floor}, "PYTEST_ADDOPTS=--cov=lib tox"),
        ("options around that are passed", ini("pass_env = PYTEST_*\ncommands = pytest\n"), 'export PYTEST_ADDOPTS="--cov=lib --cov-fail-under=90"\ntox'),
        ("another section", ini("commands = pytest\n", f"[testenv:cov]\ncommands = {GATE}\n"), "tox -e cov"),
        ("another section that is not asked", ini("commands = pytest --cov=lib\n", f"[testenv:cov]\ncommands = {GATE}\n"), "tox -e py"),
        ("a folder", {"a/tox.ini": plain["tox.ini"].replace("pytest", "pytest --rootdir=.. ../test_half.py")}, "tox -c a/tox.ini"),
        ("before", ini(f"commands_pre = {GATE}\ncommands = python -c ''\n"), "tox"),
        ("after", ini(f"commands = python -c ''\ncommands_post = {GATE}\n"), "tox"),
        ("skipped", ini("commands = pytest\n", f"[testenv:cov]\ncommands = {GATE}\n"), "tox -e py,cov --skip-env cov"),
        ("a factor", ini(f"commands =\n    pytest --cov=lib\n    cov: {GATE}\n"), "tox -e py-cov"),
        ("another factor", ini(f"commands =\n    pytest --cov=lib\n    cov: {GATE}\n"), "tox -e py"),
        ("in TOML", {"tox.toml": 'env_list = ["py"]\n[env_run_base]\nskip_install = true\nallowlist_externals = ["*"]\n'
          'commands = [["pytest", "--cov=lib", "--cov-fail-under=90"]]\n'}, "tox"),
        ("in TOML with a dash", {"tox.toml": 'env_list = ["py"]\n[env_run_base]\nskip_install = true\nallowlist_externals = ["*"]\n'
          'commands = [["-", "pytest", "--cov=lib", "--cov-fail-under=90"]]\n'}, "tox"),
        ("run", plain, "tox run"),
        ("run of an environment", plain, "tox run -e py"),
        ("parallel", plain, "tox p"),
        ("python -m", plain, "python -m tox -e py"),
        ("TOXENV", ini("commands = pytest --cov=lib\n", f"[testenv:cov]\ncommands = {GATE}\n"), "TOXENV=cov tox"),
        ("exec", ini("commands = pytest --cov=lib\n"), f"tox exec -e py -- {GATE}"),
        ("from another section", ini("commands = {[testenv:cov]commands}\n", f"[testenv:cov]\ncommands = {GATE}\n"), "tox -e py"),
    ]  # fmt: skip


def _nox() -> list[tuple[str, dict[str, str], str]]:
    def file(body: str, mark: str = "", head: str = "") -> dict[str, str]:
        marks = f"venv_backend='none'{', ' if mark else ''}{mark}"
        function = f"@nox.session({marks})\ndef tests(session):\n{indent(dedent(body), '    ')}"
        return {"noxfile.py": f"import nox\n{head}\n\n{function}"}

    run = "session.run('pytest', '--cov=lib', '--cov-fail-under=90')\n"
    given = file("session.run('pytest', '--cov=lib', *session.posargs)\n")
    codes = "success_codes=[0, 1, 2]"
    return [
        ("plain", file(run), "nox"),
        ("a session", file(run), "nox -s tests"),
        ("listed", file(run), "nox -l"),
        ("caught", file(f"try:\n    {run}except Exception:\n    pass\n"), "nox"),
        ("caught by name", file(f"try:\n    {run}except nox.command.CommandFailed:\n    session.log('x')\n"), "nox"),
        ("caught and raised again", file(f"try:\n    {run}except Exception:\n    raise\n"), "nox"),
        ("tried with an end", file(f"try:\n    {run}finally:\n    session.log('x')\n"), "nox"),
        ("suppressed", file(f"with contextlib.suppress(Exception):\n    {run}", head="import contextlib\n"), "nox"),
        ("caught in vain", file(f"try:\n    {run}except KeyError:\n    pass\n"), "nox"),
        ("codes", file(run.replace(")\n", f", {codes})\n")), "nox"),
        ("code two only", file(run.replace(")\n", ", success_codes=[0, 2])\n")), "nox"),
        ("words given", given, "nox -s tests -- --cov-fail-under=90"),
        ("no words given", given, "nox -s tests"),
        ("words or a default", file("args = session.posargs or ['--cov-fail-under=90']\nsession.run('pytest', '--cov=lib', *args)\n"), "nox"),
        ("words in the place of the default", file("args = session.posargs or ['--cov-fail-under=90']\nsession.run('pytest', '--cov=lib', *args)\n"), "nox -- -q"),
        ("another file", {"other.py": file(run)["noxfile.py"]}, "nox -f other.py"),
        ("another file that lets it pass", {**file(run), "other.py": file(run.replace("90", "10"))["noxfile.py"]}, "nox -f other.py"),
        ("not by default", file(run, "default=False"), "nox"),
        ("named all the same", file(run, "default=False"), "nox -s tests"),
        ("options", {"noxfile.py": file(run)["noxfile.py"] + "\nnox.options.sessions = ['other']\n\n@nox.session(venv_backend='none')\ndef other(session):\n    session.run('pytest')\n"}, "nox"),
        ("env", file("session.run('pytest', env={'PYTEST_ADDOPTS': '--cov=lib --cov-fail-under=90'})\n"), "nox"),
        ("a variable", file("floor = 90\nsession.run('pytest', '--cov=lib', f'--cov-fail-under={floor}')\n"), "nox"),
        ("a constant", file("session.run('pytest', '--cov=lib', f'--cov-fail-under={FLOOR}')\n", head="FLOOR = 90\n"), "nox"),
        ("a loop", file("for floor in (10, 90):\n    session.run('pytest', '--cov=lib', f'--cov-fail-under={floor}')\n"), "nox"),
        ("a branch of CI", file(f"if session.interactive:\n    session.log('x')\n{run}"), "nox"),
        ("a dropped status", file(run), "nox || true"),
        ("a shell inside", file("session.run('bash', '-c', 'pytest --cov=lib --cov-fail-under=90 || true', external=True)\n"), "nox"),
        ("a shell's word without a shell", file("session.run('pytest', '--cov=lib', '--cov-fail-under=90', '||', 'true')\n"), "nox"),
        ("report", {**file("session.run('pytest', '--cov=lib')\nsession.run('coverage', 'report')\n"), "pyproject.toml": FLOOR}, "nox"),
        ("notified", {"noxfile.py": file("session.run('pytest', '--cov=lib')\nsession.notify('report')\n")["noxfile.py"]
          + "\n@nox.session(venv_backend='none')\ndef report(session):\n    session.run('coverage', 'report', '--fail-under=90')\n"}, "nox -s tests"),
        ("run_always", file("session.run_always('pytest', '--cov=lib', '--cov-fail-under=90')\n"), "nox"),
        ("returned before", file(f"if session.posargs:\n    return\n{run}"), "nox"),
        ("no install", file(run), "nox --no-install"),
        ("reuse", file(run), "nox -r -s tests"),
        ("key", file(run), "nox -k tests"),
        ("key of another", file(run), "nox -k 'not tests' || true"),
    ]  # fmt: skip


def _pyproject() -> list[tuple[str, dict[str, str], str]]:
    def poe(body: str, more: str = "") -> dict[str, str]:
        return {"pyproject.toml": f"[tool.poe.tasks]\n{body}\n{more}"}

    def pdm(body: str, more: str = "") -> dict[str, str]:
        return {
            "pyproject.toml": f"[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.9'\n[tool.pdm.scripts]\n{body}\n{more}"
        }

    def hatch(body: str, env: str = "default", more: str = "") -> dict[str, str]:
        return {
            ".local/share/hatch/env/system/there": "",
            "pyproject.toml": f"[project]\nname = 'lib'\nversion = '1'\n[tool.hatch.envs.{env}]\ntype = 'system'\nskip-install = true\ndetached = true\n{more}\n[tool.hatch.envs.{env}.scripts]\n{body}\n",
        }

    return [
        ("poe plain", poe(f"test = '{GATE}'"), "poe test"),
        ("poe with a shell's word and no shell", poe(f"test = '{GATE} || true'"), "poe test"),
        ("poe with a shell", poe(f"test = {{shell = '{GATE} || true'}}"), "poe test"),
        ("poe with a shell that goes on", poe(f"test = {{shell = '{GATE}; true'}}"), "poe test"),
        ("poe with a line that goes on", poe(f"test = '''\n{GATE}\n'''"), "poe test"),
        ("poe given words", poe("test = 'pytest --cov=lib'"), "poe test --cov-fail-under=90"),
        ("poe given words that lower", poe(f"test = '{GATE}'"), "poe test --cov-fail-under=10"),
        ("poe given words behind dashes", poe("test = 'pytest --cov=lib'"), "poe test -- --cov-fail-under=90"),
        ("poe sequence", poe("test = ['a', 'b']\na = 'pytest --cov=lib'\nb = 'coverage report --fail-under=90'"), "poe test"),
        ("poe sequence that ignores", poe("test = {sequence = ['a', 'b'], ignore_fail = true}\na = 'pytest --cov=lib'\nb = 'coverage report --fail-under=90'"), "poe test"),
        ("poe sequence that returns", poe("test = {sequence = ['a', 'b'], ignore_fail = 'return_non_zero'}\na = 'coverage report --fail-under=90'\nb = 'pytest'"), "pytest --cov=lib\npoe test"),
        ("poe env", poe("test = {cmd = 'pytest --cov=lib --cov-fail-under=$MIN', env = {MIN = '90'}}"), "poe test"),
        ("poe env from outside", poe("test = {cmd = 'pytest --cov=lib --cov-fail-under=$MIN', env = {MIN = '90'}}"), "MIN=10 poe test"),
        ("poe default env", poe("test = {cmd = 'pytest --cov=lib --cov-fail-under=$MIN', env.MIN.default = '90'}"), "MIN=10 poe test"),
        ("poe deps", poe("test = {cmd = 'pytest', deps = ['a']}\na = '" + GATE + "'"), "poe test"),
        ("poe quiet", poe(f"test = '{GATE}'"), "poe -q test"),
        ("poe ref", poe(f"test = {{ref = 'a'}}\na = '{GATE}'"), "poe test"),
        ("poe dry", poe(f"test = '{GATE}'"), "poe -d test"),
        ("poe args", poe("test = {cmd = 'pytest --cov=lib --cov-fail-under=$min', args = [{name = 'min', default = '90'}]}"), "poe test"),
        ("poe args given", poe("test = {cmd = 'pytest --cov=lib --cov-fail-under=$min', args = [{name = 'min', default = '90', options = ['--min']}]}"), "poe test --min 10"),
        ("poe global env", poe("test = 'pytest --cov=lib'", "[tool.poe.env]\nPYTEST_ADDOPTS = '--cov-fail-under=90'"), "poe test"),
        ("pdm plain", pdm(f"check = '{GATE}'"), "pdm run check"),
        ("pdm short", pdm(f"check = '{GATE}'"), "pdm check"),
        ("pdm test", pdm(f"test = '{GATE}'"), "pdm test"),
        ("pdm before", pdm(f"pre_check = '{GATE}'\ncheck = 'python -V'"), "pdm run check"),
        ("pdm after", pdm(f"post_check = '{GATE}'\ncheck = 'python -V'"), "pdm run check"),
        ("pdm given words", pdm("check = 'pytest --cov=lib'"), "pdm run check --cov-fail-under=90"),
        ("pdm with a shell's word and no shell", pdm(f"check = '{GATE} || true'"), "pdm run check"),
        ("pdm shell", pdm(f"check = {{shell = '{GATE} || true'}}"), "pdm run check"),
        ("pdm composite", pdm("check = {composite = ['a', 'b']}\na = 'pytest --cov=lib'\nb = 'coverage report --fail-under=90'"), "pdm run check"),
        ("pdm composite that goes on", pdm("check = {composite = ['a', 'b'], keep_going = true}\na = '" + GATE + "'\nb = 'python -V'"), "pdm run check"),
        ("pdm env", pdm("check = {cmd = 'pytest', env = {PYTEST_ADDOPTS = '--cov=lib --cov-fail-under=90'}}"), "pdm run check"),
        ("pdm args", pdm("check = 'pytest --cov=lib {args:--cov-fail-under=90}'"), "pdm run check"),
        ("pdm args given", pdm("check = 'pytest --cov=lib {args:--cov-fail-under=90}'"), "pdm run check -q"),
        ("pdm run of a program", pdm("check = 'pytest'"), f"pdm run {GATE}"),
        ("hatch plain", hatch(f"t = '{GATE}'"), "hatch run t"),
        ("hatch with words", hatch("t = 'pytest --cov=lib {args}'"), "hatch run t --cov-fail-under=90"),
        ("hatch with words that it does not take", hatch("t = 'pytest --cov=lib'"), "hatch run t --cov-fail-under=90"),
        ("hatch default words", hatch("t = 'pytest --cov=lib {args:--cov-fail-under=90}'"), "hatch run t"),
        ("hatch words in the place of the default", hatch("t = 'pytest --cov=lib {args:--cov-fail-under=90}'"), "hatch run t -q"),
        ("hatch shell", hatch(f"t = '{GATE} || true'"), "hatch run t"),
        ("hatch dash", hatch(f"t = '- {GATE}'"), "hatch run t"),
        ("hatch list", hatch("t = ['pytest --cov=lib', 'coverage report --fail-under=90']"), "hatch run t"),
        ("hatch list that stops", hatch(f"t = ['{GATE}', 'python -V']"), "hatch run t"),
        ("hatch of an environment", hatch(f"t = '{GATE}'", "cov"), "hatch run cov:t"),
        ("hatch env-vars", hatch("t = 'pytest'", more="env-vars = {PYTEST_ADDOPTS = '--cov=lib --cov-fail-under=90'}"), "hatch run t"),
        ("hatch -e", hatch(f"t = '{GATE}'", "cov"), "hatch -e cov run t"),
        ("hatch of a script of scripts", hatch(f"a = '{GATE}'\nt = ['a', 'python -V']"), "hatch run t"),
        ("hatch of a program", hatch("t = 'pytest'"), f"hatch run {GATE}"),
        ("hatch of many", hatch("t = 'pytest --cov=lib --cov-fail-under={env:MIN:90}'"), "hatch run t"),
        ("hatch env from outside", hatch("t = 'pytest --cov=lib --cov-fail-under={env:MIN:90}'"), "MIN=10 hatch run t"),
    ]  # fmt: skip


def _make() -> list[tuple[str, dict[str, str], str]]:
    def file(body: str) -> dict[str, str]:
        return {"Makefile": body}

    rule = f"test:\n\t{GATE}\n"
    chosen = "ifdef CI\nFLOOR = 90\nelse\nFLOOR = 10\nendif\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"
    equal = "MODE ?= strict\nifeq ($(MODE),strict)\nFLOOR = 90\nelse\nFLOOR = 10\nendif\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"
    inside = "MODE ?= strict\ntest:\nifeq ($(MODE),strict)\n\tpytest --cov=lib --cov-fail-under=90\nelse\n\tpytest --cov=lib\nendif\n"
    return [
        ("make plain", file(rule), "make test"),
        ("make default", file(rule), "make"),
        ("make dash", file(rule.replace("\t", "\t-")), "make test"),
        ("make at", file(rule.replace("\t", "\t@")), "make test"),
        ("make plus", file(rule.replace("\t", "\t+")), "make test"),
        ("make -i", file(rule), "make -i test"),
        ("make -k", file(rule), "make -k test"),
        ("make -n", file(rule), "make -n test"),
        (".IGNORE", file(f".IGNORE:\n{rule}"), "make test"),
        (".IGNORE of another", file(f".IGNORE: other\n{rule}"), "make test"),
        ("ifdef", file(chosen), "make test"),
        ("ifeq", file(equal), "make test"),
        ("ifeq of the other", file(equal), "make test MODE=loose"),
        ("ifeq of the environment", file(equal), "MODE=loose make test"),
        ("ifeq inside", file(inside), "make test"),
        ("ifeq inside of the other", file(inside), "make test MODE=loose"),
        ("ifneq", file(equal.replace("ifeq", "ifneq")), "make test"),
        ("ifndef", file(chosen.replace("ifdef CI", "ifndef NOTHING")), "make test"),
        ("a shell's end", file(rule.replace("90", "90; true")), "make test"),
        ("a pipe", file(rule.replace("90", "90 | tee log")), "make test"),
        ("a pipe with a shell that fails", file("SHELL := bash\n.SHELLFLAGS := -eo pipefail -c\n" + rule.replace("90", "90 | tee log")), "make test"),
        ("one shell", file(".ONESHELL:\n" + rule + "\tpython -V\n"), "make test"),
        ("target's variable", file("test: FLOOR = 90\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "make test"),
        ("a variable given", file("FLOOR ?= 10\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "make test FLOOR=90"),
        ("a variable of the environment", file("FLOOR ?= 10\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "FLOOR=90 make test"),
        ("a variable that the file keeps", file("FLOOR = 10\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "FLOOR=90 make test"),
        ("make -e", file("FLOOR = 10\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "FLOOR=90 make -e test"),
        ("override", file("override FLOOR = 90\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "make test FLOOR=10"),
        ("tests before", file(f"all: test\n\tpython -V\n{rule}"), "make all"),
        ("tests by another make", file(f"all:\n\t$(MAKE) test\n{rule}"), "make all"),
        ("tests by another make that passes", file(f"all:\n\t-$(MAKE) test\n{rule}"), "make all"),
        ("included", {"Makefile": "include more.mk\n", "more.mk": rule}, "make test"),
        ("-C", {"a/Makefile": f"test:\n\tcd .. && {GATE}\n"}, "make -C a test"),
        ("MAKEFLAGS", file(rule), "MAKEFLAGS=-i make test"),
        ("if of shell", file(f'test:\n\tif [ -n "$$CI" ]; then {GATE}; fi\n'), "make test"),
        ("$(if)", file("FLOOR = $(if $(CI),90,10)\ntest:\n\tpytest --cov=lib --cov-fail-under=$(FLOOR)\n"), "make test"),
    ]  # fmt: skip


def runners() -> list[Configuration]:
    """All of them."""
    kinds = {"tox": _tox(), "nox": _nox(), "": [*_pyproject(), *_make()]}
    return [
        Configuration(PYTHON, f"{kind} {name}".strip(), {**SOURCES, **files}, command, "bash")
        for kind, several in kinds.items()
        for name, files, command in several
    ]


PASSING = frozenset(
    (
        "tox listed only",
        "tox not tested",
        "tox a status that is dropped",
        "tox a shell inside",
        "tox a shell's end inside",
        "tox a dash",
        "tox a bang",
        "tox ignored outcome",
        "tox a number that falls from outside",
        "tox words in the place of the default",
        "tox an override of commands",
        "tox an override of the environment",
        "tox a floor that the options lower",
        "tox options around that are not passed",
        "tox another section that is not asked",
        "tox skipped",
        "tox another factor",
        "tox in TOML with a dash",
        "nox listed",
        "nox caught",
        "nox caught by name",
        "nox suppressed",
        "nox codes",
        "nox no words given",
        "nox words in the place of the default",
        "nox another file that lets it pass",
        "nox not by default",
        "nox options",
        "nox a dropped status",
        "nox a shell inside",
        "nox key of another",
        "poe with a shell",
        "poe with a shell that goes on",
        "poe given words that lower",
        "poe given words behind dashes",
        "poe sequence that ignores",
        "poe default env",
        "poe dry",
        "poe args given",
        "pdm shell",
        "pdm args given",
        "hatch with words that it does not take",
        "hatch words in the place of the default",
        "hatch shell",
        "hatch dash",
        "hatch env from outside",
        "make dash",
        "make -i",
        "make -n",
        ".IGNORE",
        "ifeq of the other",
        "ifeq of the environment",
        "ifeq inside of the other",
        "ifneq",
        "a shell's end",
        "a pipe",
        "one shell",
        "a variable that the file keeps",
        "tests by another make that passes",
        "MAKEFLAGS",
    )
)
OPEN = frozenset(
    (
        "nox a loop",
        "hatch of many",
        "ifdef",
        "ifndef",
        "$(if)",
    )
)
