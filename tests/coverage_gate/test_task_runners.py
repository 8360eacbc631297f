"""What task runners make of a gate: sessions, environments and tasks that are left out, or whose failure is passed over.

Those of tox and nox were run with tox 4 and nox 2025; those of invoke and Taskfile follow their documentation.
"""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from coverage_gate.test_wiring import CI, GATED, MEASURED, findings, run, steps

PY, COV = {"pyproject.toml": MEASURED}, {"pyproject.toml": GATED}
RC = "[run]\nbranch = true\n[report]\nfail_under = 90\n"
NOX = "import nox\n%s@nox.session%s\ndef tests(session):\n    session.install('.')\n    session.run('pytest', '--cov=src'%s)\n@nox.session\ndef lint(session):\n    session.run('ruff', 'check')\n"
TOX = "[tox]\nenv_list = py311, lint\n[testenv]\n%scommands =\n    pytest\n[testenv:lint]\ncommands = ruff check\n"
TASKS = "from invoke import task\n@task\ndef unit_tests(c):\n    c.run('pytest --cov=src'%s)\n"
TASKFILE = "version: '3'\ntasks:\n  default:\n    deps: [test]\n  test:\n%s    cmds:\n      - echo {{.USER}}\n      - cmd: pytest --cov=src\n%s"


def nox(command: str = "nox", options: str = "", mark: str = "", more: str = "") -> dict[str, str]:
    return {**COV, "noxfile.py": NOX % (options, mark, more), CI: steps(run(command))}


def tox(command: str, lines: str = "", text: str = TOX) -> dict[str, str]:
    return {**PY, "tox.ini": text % lines if "%s" in text else text, CI: steps(run(command))}


def task(command: str, own: str = "", more: str = "") -> dict[str, str]:
    return {**COV, "Taskfile.yml": TASKFILE % (own, more), CI: steps(run(command))}


def python(script: str) -> dict[str, str]:
    return {**PY, CI: steps(run(f"import os, subprocess\n{script}", "shell: python"))}


# A part of the one error's message, the project.
LOST: dict[str, tuple[str, dict[str, str]]] = {
    "nox, a status that passes": ("`success_codes=[0, 1]` in noxfile.py", nox(more=", success_codes=[0, 1]")),
    "nox, others chosen": ("`nox.options.sessions`, which leaves `tests` out,", nox(options="nox.options.sessions = ['lint']\n")),
    "nox, not by default": ("`nox` without `-s tests`, which has `default=False`,", nox(mark="(default=False)")),
    "nox that only installs": ("`nox --install-only`, which runs no command,", nox("nox --install-only")),
    "nox, an environment": ("without measuring: `--no-cov` turns it off", {**PY, "noxfile.py": NOX % ("", "", ", env={'PYTEST_ADDOPTS': '--no-cov'}"), CI: steps(run("nox -s tests"))}),
    "tox that only installs": ("`tox --notest`, which runs no command,", tox("tox --notest")),
    "tox, in short": ("`tox -n`, which runs no command,", tox("tox -n -e py311")),
    "tox that lists": ("`tox list`, which runs no command,", tox("tox list")),
    "tox, left out": ("`--skip-env py.*`, with which tox leaves `py311` out,", tox("tox --skip-env 'py.*'")),
    "tox, left out by a variable": ("`--skip-env py3`, with which tox leaves `py311` out,", tox("TOX_SKIP_ENV=py3 tox")),
    "tox, options of a variable": ("without measuring: `--no-cov` turns it off", tox("tox", "setenv =\n    PYTEST_ADDOPTS = --no-cov\n")),
    "tox, options of a factor": ("without measuring: `--no-cov` turns it off", tox("tox", "set_env =\n    py311: PYTEST_ADDOPTS=--no-cov\n")),
    "tox, a line of another factor": ("without `--cov` in tox.ini", {**COV, "tox.ini": "[tox]\nenvlist = py311\n[testenv]\ncommands =\n    py312: pytest --cov=src\n    py311: pytest\n", CI: steps(run("tox"))}),
    "tox, an outcome of a factor": ("`ignore_outcome = true` in tox.ini", tox("tox", "ignore_outcome =\n    py311: true\n")),
    "tox, a default of posargs": ("with `--cov-fail-under=0`", tox("tox", text="[testenv]\ncommands = pytest {posargs:--cov-fail-under=0}\n")),
    "tox, given posargs": ("without measuring: `--no-cov` turns it off", tox("tox -e py -- --no-cov", text="[testenv]\ncommands = pytest {posargs:tests}\n")),
    "tox, an environment over the base": ("`-` before the command", tox("tox -e x", text="[testenv]\ncommands = - pytest\n[testenv:x]\ndescription = all\n")),
    "Taskfile": ("`ignore_error: true` in Taskfile.yml", task("task test", more="        ignore_error: true\n")),
    "Taskfile, of a whole task": ("`ignore_error: true` in Taskfile.yml", task("task", own="    ignore_error: true\n")),
    "invoke": ("`warn=True` in tasks.py", {**COV, "tasks.py": TASKS % ", warn=True", CI: steps(run("inv unit-tests"))}),
    "Python, a run": ("`subprocess.run` without `check=True`, whose status nothing looks at,", python("subprocess.run(['pytest'])")),
    "Python, a call": ("`subprocess.call`, whose status nothing looks at,", python("subprocess.call('pytest', shell=True)")),
    "Python, a run by its name": ("`run` without `check=True`, whose status nothing looks at,", python("from subprocess import run\nrun(['pytest'], check=False)")),
    "Python, a system": ("`os.system`, whose status nothing looks at,", python("os.system('cd . && pytest')")),
    "options for later steps": ("without measuring: `--no-cov` turns it off", {**PY, CI: steps(run('echo "PYTEST_ADDOPTS=--no-cov" >> $GITHUB_ENV'), run("pytest"))}),
    "options of a file": ("without measuring: `--no-cov` turns it off", {**PY, "ci.env": "PYTEST_ADDOPTS=--no-cov\n", CI: steps(run("set -a\n. ./ci.env\nset +a\npytest"))}),
    "make's options of a file": ("`MAKEFLAGS=-i`, with which make passes over failures,", {**PY, "Makefile": "test:\n\tpytest\n", "ci.sh": "export MAKEFLAGS=-i\n", CI: steps(run("source ci.sh\nmake test"))}),
    "a configuration for later steps": ("`|| true` in", {"ci.rc": RC, CI: steps(run("echo COVERAGE_RCFILE=ci.rc >> $GITHUB_ENV"), run("coverage run -m pytest\ncoverage report || true"))}),
    "a configuration of tox": ("`-` before the command", {"ci.rc": RC, "tox.ini": "[testenv]\nset_env = COVERAGE_RCFILE=ci.rc\ncommands =\n    coverage run -m pytest\n    - coverage report\n", CI: steps(run("tox"))}),
    "no such script": ("but no workflow runs the tests of `.`", {"package.json": '{"scripts": {"tst": "jest --coverage"}, "jest": {"coverageThreshold": {"global": {"lines": 90}}}}', CI: steps(run("npm run test --if-present"))}),
}  # fmt: skip

HOLDS: dict[str, dict[str, str]] = {
    "nox": nox(),
    "nox, named": nox("nox -s tests", mark="(default=False)"),
    "nox, named with a version": nox("nox -s tests-3.12 lint", mark="(python=['3.12'])"),
    "nox, another status": nox(more=", success_codes=[0, 5]"),
    "nox, chosen": nox(options="nox.options.sessions = ['tests']\n"),
    "nox, what nobody knows": nox(more=", *session.posargs"),
    "nox, handed on": {**COV, "noxfile.py": "import nox\n@nox.session\ndef tests(session):\n    _tests(session)\n", CI: steps(run("nox"))},
    "tox": tox("tox"),
    "tox, another left out": tox("tox --skip-env lint"),
    "tox, a variable of another factor": tox("tox", "setenv =\n    py312: PYTEST_ADDOPTS=--no-cov\n"),
    "tox, posargs that are unknown": tox("tox -- ${{ inputs.x }}", text="[testenv]\ncommands = pytest {posargs:--no-cov}\n"),
    "Taskfile": task("task test"),
    "invoke": {**COV, "tasks.py": TASKS % "", CI: steps(run("invoke unit-tests"))},
    "Python, checked": python("subprocess.run(['pytest'], check=True)"),
    "Python, checked by a variable": python("subprocess.run(['pytest'], check=strict)"),
    "Python, with options made elsewhere": python("subprocess.run(['pytest'], **options)"),
    "Python, a function of its own": python("def run(words):\n    subprocess.run(words, check=True)\nrun(['pytest'])"),
    "Python, a function from elsewhere": python("from tools import run\nrun(['pytest'])"),
    "Python, a name that is given to another": python("from subprocess import run\ndef run(words):\n    subprocess.check_call(words)\nrun(['pytest'])"),
    "Python, a call that checks": python("subprocess.check_call(['pytest'])"),
    "Python, a status that is used": python("raise SystemExit(subprocess.run(['pytest']).returncode)"),
    "options of a file": {**COV, "dev.env": "PYTEST_ADDOPTS=--cov=src\n", CI: steps(run("set -a; . ./dev.env\npytest"))},
    "options of a file, in words": {**COV, "dev.env": "PYTEST_ADDOPTS=--cov=src\n", CI: steps(run("set -o allexport\nsource dev.env\npytest"))},
    "options by uv": {**COV, "dev.env": "PYTEST_ADDOPTS=--cov=src\n", CI: steps(run("uv run --env-file dev.env pytest"))},
    "options by uv, in one word": {**COV, "dev.env": "PYTEST_ADDOPTS=--cov=src\n", CI: steps(run("uv run --env-file=dev.env pytest"))},
    "options by dotenv": {**COV, "dev.env": 'PYTEST_ADDOPTS="--cov=src"\n', CI: steps(run("dotenv -f dev.env run pytest"))},
    "options by dotenv of Node": {**COV, "dev.env": 'PYTEST_ADDOPTS="--cov=src"\n', CI: steps(run("npx dotenv -e dev.env -- pytest"))},
    "options of a file that is not there": {**COV, CI: steps(run("set -a; . ./dev.env\npytest"))},
    "options that a shell exports from a file": {**COV, CI: steps(run("export $(cat dev.env | xargs)\npytest"))},
    "options that env takes from a file": {**COV, CI: steps(run("env $(grep -v '^#' dev.env) pytest"))},
    "options by a store of secrets": {**COV, CI: steps(run("doppler run -- pytest"))},
    "options by direnv": {**COV, CI: steps(run('eval "$(direnv export bash)"\npytest'))},
    "options by op": {**COV, CI: steps(run("op run --env-file dev.env -- pytest"))},
    "options by an action": {**COV, CI: steps("uses: xom9ikk/dotenv@v2", run("pytest"))},
    "options by a file of a service": {
        "api/pyproject.toml": GATED,
        "dev.env": "PYTEST_ADDOPTS=--cov=src\n",
        "docker-compose.yml": "services:\n  api:\n    build: api\n    command: pytest\n    env_file: dev.env\n",
        CI: steps(run("docker compose run --rm api")),
    },
    "options by just": {**COV, ".env": "PYTEST_ADDOPTS=--cov=src\n", "justfile": "set dotenv-load\ntest:\n    pytest\n", CI: steps(run("just test"))},
    "a container that may test": {**PY, "Dockerfile": "FROM x\nRUN pytest\n", CI: steps(run("docker build ."))},
    "an action that may test": {**PY, CI: steps("uses: acme/test@v1", run("make lint")), "Makefile": "lint:\n\truff\n"},
    "a script that is there": {"package.json": '{"scripts": {"test": "jest --coverage"}, "jest": {"coverageThreshold": {"global": {"lines": 90}}}}', CI: steps(run("npm run test --if-present"))},
}  # fmt: skip


def test_a_gate_that_no_workflow_asks():
    (one,) = findings(nox("nox -s lint"))
    assert (one.rule, one.severity.name) == ("unwired-gate", "WARNING")
    assert one.message.endswith("but no workflow runs the tests of `.`")


@pytest.mark.parametrize(("text", "files"), LOST.values(), ids=LOST.keys())
def test_lost(text: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (one.rule, one.severity.name) == ("unwired-gate", "ERROR")
    assert text in one.message


@pytest.mark.parametrize("files", HOLDS.values(), ids=HOLDS.keys())
def test_held(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


OFF = {"PYTEST_ADDOPTS": "--no-cov"}
PLAIN = "[testenv]\n%scommands = pytest\n"


@pytest.mark.parametrize(
    ("file", "text", "lost"),
    [
        # tox hands on what it is told to, and a few variables of compilers and proxies.
        ("tox.ini", PLAIN % "", False),
        ("tox.ini", PLAIN % "pass_env = CI, GITHUB_*\n", False),
        ("tox.ini", PLAIN % "pass_env = PYTEST_ADDOPTS\n", True),
        ("tox.ini", PLAIN % "passenv =\n    CI\n    pytest_*\n", True),
        ("tox.ini", PLAIN % "pass_env = *\n", True),
        ("tox.ini", PLAIN % "set_env = PYTEST_ADDOPTS=--no-cov\n", True),
        ("tox.toml", "[env_run_base]\ncommands = [['pytest']]\n", False),
        ("tox.toml", "[env_run_base]\npass_env = ['PYTEST_*']\ncommands = [['pytest']]\n", True),
        ("tox.toml", "[env_run_base]\nset_env.PYTEST_ADDOPTS = '--no-cov'\ncommands = [['pytest']]\n", True),
        ("tox.toml", "[env.py]\nset_env = {PYTEST_ADDOPTS = ''}\npass_env = ['*']\ncommands = [['pytest']]\n", False),
    ],
)
def test_the_variables_that_tox_hands_on(file, text, lost):
    gate = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-branch --cov-fail-under=90"\n'
    step = run("tox", f"env: {OFF}")
    found = findings({"pyproject.toml": gate, file: text, CI: steps(step)})
    assert [one.rule for one in found] == (["unwired-gate"] if lost else [])
    if lost:
        assert "`--no-cov` turns it off" in found[0].message


SIMPLE = "pytest --cov=src --cov-branch --cov-fail-under=90"
TOML = "[env_run_base]\ncommands = [[%s'pytest', '--cov=src', '--cov-branch', '--cov-fail-under=90']]\n"


@pytest.mark.parametrize(
    ("file", "text", "command", "lost"),
    [
        # Run with tox 4.67 at half coverage, but for `!` in TOML, which its source reads as it does in tox.ini.
        ("tox.ini", f"[testenv]\ncommands = ! {SIMPLE}\n", "tox", "`!` before the command"),
        ("tox.toml", TOML % "'-', ", "tox", "`-` before the command"),
        ("tox.toml", TOML % "'!', ", "tox", "`!` before the command"),
        ("tox.toml", TOML % "", "tox", ""),
    ],
)
def test_what_tox_passes_over(file: str, text: str, command: str, lost: str):
    found = findings({"pyproject.toml": "[project]\nname = 'x'\n", file: text, CI: steps(run(command))})
    assert [one.rule for one in found] == (["unwired-gate"] if lost else [])
    assert not lost or lost in found[0].message


# Run with poe 0.49 and pdm 2.29, but for the one with an option behind the name.
BESIDE = [
    f"[tool.poe.tasks]\nt = '{SIMPLE}'\ntest = {{cmd = 'python -c 1', deps = ['t']}}\n",
    f"[tool.poe.tasks]\nt = '{SIMPLE}'\ntest = {{cmd = 'python -c 1', deps = ['t --quick']}}\n",
    f"[tool.poe.tasks]\ntest = {{cmd = 'pytest', env = {{PYTEST_ADDOPTS = '{SIMPLE[7:]}'}}}}\n",
    f"[tool.pdm.scripts]\ntest = {{cmd = 'pytest', env = {{PYTEST_ADDOPTS = '{SIMPLE[7:]}'}}}}\n",
]


@pytest.mark.parametrize("tasks", BESIDE)
def test_what_a_task_needs_and_sets(tasks: str):
    gate = "\n[tool.coverage.run]\nbranch = true\n[tool.coverage.report]\nfail_under = 90\n"
    command = "poe test" if "poe" in tasks else "pdm run test"
    assert findings({"pyproject.toml": tasks + gate, CI: steps(run(command))}) == []
    idle = tasks.replace("--cov=src", "-q").replace("--cov-branch --cov-fail-under=90", "-q")
    assert [one.rule for one in findings({"pyproject.toml": idle + gate, CI: steps(run(command))})] == ["unwired-gate"]
