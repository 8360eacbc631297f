"""Whether a gate acts in CI: what comes after the command, which shell runs it, through what it is called."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Finding, Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

CI = ".github/workflows/ci.yml"
GATED = '[tool.pytest.ini_options]\naddopts = "--cov-branch --cov-fail-under=90"\n'
MEASURED = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-branch --cov-fail-under=90"\n'
VITEST = "export default { test: { coverage: { thresholds: { lines: 80 } } } }"


def findings(files: dict[str, str]) -> list[Finding]:
    report, _ = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    return [one for one in report.findings if one.severity >= Severity.WARNING]


def steps(*lines: str, job: str = "", head: str = "") -> str:
    """A workflow: each step by its own lines, below `- `."""
    text = "".join("      - " + one.replace("\n", "\n        ") + "\n" for one in lines)
    return f"on: [push]\n{head}jobs:\n  test:\n    runs-on: ubuntu-latest\n{job}    steps:\n{text}"


def run(script: str, *more: str) -> str:
    body = script.replace("\n", "\n  ")
    return "\n".join([f"run: |\n  {body}", *more])


HOLDS: dict[str, dict[str, str]] = {
    "tests outside of the repository beside others": {"pyproject.toml": MEASURED, "tests/a.py": "", CI: steps(run("pytest /usr/src/app/tests tests"))},
    "a variable of make": {"pyproject.toml": GATED, "Makefile": "COV = --cov=src\ntest:\n\tpytest $(COV)\n", CI: steps(run("make test"))},
    "make without a target": {"pyproject.toml": GATED, "Makefile": "COV = --cov=src\ntest:\n\tpytest $(COV)\nlint:\n\truff\n", CI: steps(run("make"))},
    "a named makefile": {"pyproject.toml": GATED, "ci.mk": "test:\n\tpytest --cov=src\n", CI: steps(run("make -f ci.mk test"))},
    "lines of a define": {"pyproject.toml": GATED, "Makefile": "define tests\n@echo a\npytest --cov=src\nendef\nt:\n\t$(tests)\n", CI: steps(run("make t"))},
    "a define in a define": {"pyproject.toml": GATED, "Makefile": "define tests\npytest --cov=src\nendef\ndefine all\n@echo a\n$(tests)\nendef\nt:\n\t$(all)\n", CI: steps(run("make t"))},
    "what eval defines": {"pyproject.toml": MEASURED, "Makefile": "define outer\ndefine inner\npytest\nendef\nendef\n$(eval $(outer))\nt:\n\t$(inner)\n", CI: steps(run("make t"))},
    "a define that is called": {"pyproject.toml": GATED, "Makefile": "define tests\npytest $(1)\nendef\nt:\n\t@$(call tests,--cov=src)\n", CI: steps(run("make t"))},
    "a shell of make with options": {"pyproject.toml": GATED, "Makefile": "SHELL := /bin/bash -o pipefail\nt:\n\tpytest --cov=src | tee log\n", CI: steps(run("make t"))},
    "a shell of make that env finds": {"pyproject.toml": GATED, "Makefile": "SHELL = /usr/bin/env bash -eo pipefail\nt:\n\tpytest --cov=src | tee log\n", CI: steps(run("make t"))},
    "make in a folder": {"a/pyproject.toml": GATED, "a/Makefile": "test:\n\tpytest --cov=src\n", CI: steps(run("make -C a test"))},
    "a variable given to make": {"pyproject.toml": GATED, "Makefile": "test:\n\tpytest $(ARGS)\n", CI: steps(run("make test ARGS=--cov=src"))},
    "make within make": {"a/pyproject.toml": GATED, "Makefile": "all:\n\t$(MAKE) -C a test\n", "a/Makefile": "test:\n\tpytest --cov\n", CI: steps(run("make all"))},
    "a comment at the left margin": {"pyproject.toml": GATED, "Makefile": "test:\n\techo a\n# note\n\tpytest --cov=src\n", CI: steps(run("make test"))},
    "a variable of just": {"pyproject.toml": GATED, "justfile": "cov := '--cov=src'\ntest:\n    pytest {{ cov }}\n", CI: steps(run("just test"))},
    "a parameter of just": {"pyproject.toml": GATED, "justfile": "test opts='--cov=src':\n    pytest {{opts}}\n", CI: steps(run("just test"))},
    "a default of tox": {"pyproject.toml": GATED, "tox.ini": "[testenv]\ncommands = pytest {posargs:--cov=src}\n", CI: steps(run("tox -e py"))},
    "another section of tox": {"pyproject.toml": GATED, "tox.ini": "[base]\ncov = --cov=src\n[testenv]\ncommands = pytest {[base]cov}\n", CI: steps(run("python -m tox"))},
    "a task of poe": {"pyproject.toml": GATED + "[tool.poe.tasks]\ntest = 'pytest --cov=src'\nall = ['test']\n", CI: steps(run("uv run poe all"))},
    "a script of hatch": {"pyproject.toml": GATED + "[tool.hatch.envs.default.scripts]\ncov = 'pytest --cov=src {args:tests}'\n", CI: steps(run("hatch run cov"))},
    "a hook": {"pyproject.toml": GATED, ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - id: t\n    entry: pytest\n    args: [--cov=src]\n", CI: steps(run("pre-commit run --all-files"))},
    "scripts that call scripts": {"pyproject.toml": GATED, "scripts/a.sh": "#!/bin/sh\nset -e\n./scripts/b.sh\n", "scripts/b.sh": "#!/bin/bash\npytest --cov=src\n", CI: steps(run("./scripts/a.sh"))},
    "a shell in a shell": {"a/pyproject.toml": GATED, CI: steps(run('bash -ec "cd a && pytest --cov=src"'))},
    "a wrapper with a folder": {"a/pyproject.toml": MEASURED, CI: steps(run("uv run --directory a pytest"))},
    "poetry in a folder": {"a/pyproject.toml": MEASURED, CI: steps(run("poetry -C a run pytest"))},
    "a service of compose": {
        "api/pyproject.toml": MEASURED,
        "docker-compose.yml": "services:\n  api:\n    build: api\n    command: pytest\n",
        CI: steps(run("docker compose up --exit-code-from api api")),
    },
    "a command in a service": {
        "api/pyproject.toml": GATED,
        "api/Makefile": "test:\n\tpytest --cov=src\n",
        "docker-compose.yml": "services:\n  api:\n    build: ./api\n",
        CI: steps(run("docker compose run --rm -e CI=1 api make test")),
    },
    "a mounted folder": {"api/pyproject.toml": GATED, "api/Makefile": "test:\n\tpytest --cov=src\n", CI: steps(run("docker run --rm -v $PWD/api:/app -w /app python:3 make test"))},
    "a called workflow": {
        "pyproject.toml": MEASURED,
        CI: "on: [push]\njobs:\n  test:\n    uses: ./.github/workflows/test.yml\n    with: {cmd: pytest}\n",
        ".github/workflows/test.yml": "on:\n  workflow_call:\n    inputs:\n      cmd: {type: string}\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: ${{ inputs.cmd }}\n",
    },
    "a local action": {
        "a/pyproject.toml": MEASURED,
        CI: steps("uses: ./.github/actions/t\nwith: {dir: a}"),
        ".github/actions/t/action.yml": "inputs: {dir: {}}\nruns:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n      working-directory: ${{ inputs.dir }}\n",
    },
    "a script that the matrix names": {"pyproject.toml": MEASURED, "bin/tests": "#!/bin/sh\nset -e\npytest\n", CI: steps("run: ${{ matrix.c }}", job="    strategy: {matrix: {include: [{c: bin/tests -x}, {c: bin/lint}]}}\n")},
    "a script without an ending": {"pyproject.toml": MEASURED, "ci/check": "#!/bin/sh\nset -e\npytest\n", CI: steps(run("ci/check"))},
    "a cell of the matrix": {"a/pyproject.toml": MEASURED, CI: steps(run("pytest", "working-directory: ${{ matrix.d }}"), job="    strategy: {matrix: {d: [a, b]}}\n")},
    "a script of a workspace": {
        "package.json": '{"scripts": {"t": "pnpm --filter @x/web test"}}',
        "web/package.json": '{"name": "@x/web", "scripts": {"test": "vitest run --coverage"}}',
        "web/vitest.config.ts": VITEST,
        CI: steps(run("pnpm t")),
    },
    "all packages of a workspace": {"package.json": "{}", "web/package.json": '{"name": "w", "scripts": {"test": "vitest run --coverage"}}', "web/vitest.config.ts": VITEST, CI: steps(run("npx turbo run test"))},
    "a script before another": {"package.json": '{"scripts": {"pretest": "vitest run --coverage", "test": "echo"}}', "vitest.config.ts": VITEST, CI: steps(run("npm test"))},
    "a matrix that is made on the way": {
        "a/.coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 80\n",
        "a/Makefile": "x:\n\techo\n",
        CI: steps(run("make -C a x"), run("pytest", "working-directory: ${{ matrix.d }}"), job="    strategy: {matrix: '${{ fromJson(needs.a.outputs.b) }}'}\n"),
    },
    "a program at an unknown place": {"pyproject.toml": GATED, "Makefile": "test:\n\t$(VENV)/bin/pytest --cov=src\n\t$(UV) run pytest --cov=src\n", CI: steps(run("make test"))},
    "options that nobody knows": {"pyproject.toml": GATED, CI: steps(run("pytest ${{ inputs.options }}"))},
    "options of a variable": {"pyproject.toml": GATED, "Makefile": "ifdef CI\nCOV = --cov=src\nendif\ntest:\n\tpytest $(COV)\n", CI: steps(run("make test"))},
    "options of a script's caller": {"pyproject.toml": GATED, "t.sh": '#!/bin/sh\nset -e\npytest "$@"\n', CI: steps(run("./t.sh --cov=src"))},
    "an environment of some factors": {"pyproject.toml": GATED, "tox.ini": "[testenv]\ncommands =\n  cov: pytest --cov=src\n  !cov: true\n", CI: steps(run("tox -e py3-cov"))},
    "a runner for Windows": {"pyproject.toml": MEASURED, CI: steps(run("pytest\necho done")).replace("ubuntu-latest", "windows-latest")},
    "another answer to a failure": {"pyproject.toml": MEASURED, CI: steps(run("pytest || (cat log && exit 1)"))},
    "a status between set +e and set -e": {"pyproject.toml": MEASURED, CI: steps(run("set +e\npytest\nstatus=$?\nset -e\necho $status\nexit $status"))},
    "a report after a run that may fail": {".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 90\n", CI: steps(run("coverage run -m pytest || true\ncoverage report"))},
    "a folder of folders": {"a/pyproject.toml": MEASURED, CI: steps(run("pushd a\npytest\npopd"))},
    "every package by a pattern": {"package.json": "{}", "web/package.json": '{"name": "w", "scripts": {"test": "vitest run --coverage"}}', "web/vitest.config.ts": VITEST, CI: steps(run('pnpm --filter "./w*" run test'))},
    "npm in a workspace": {"package.json": "{}", "web/package.json": '{"name": "@x/w", "scripts": {"test": "vitest run --coverage"}}', "web/vitest.config.ts": VITEST, CI: steps(run("npm test -w @x/w"))},
    "yarn in a workspace": {"package.json": "{}", "web/package.json": '{"name": "w", "scripts": {"test": "vitest run --coverage"}}', "web/vitest.config.ts": VITEST, CI: steps(run("yarn workspace w test"))},
    "nx": {"package.json": "{}", "web/package.json": '{"name": "w", "scripts": {"test": "vitest run --coverage"}}', "web/vitest.config.ts": VITEST, CI: steps(run("npx nx run-many -t test"))},
    "shell: bash and a pipe": {"pyproject.toml": MEASURED, CI: steps(run("pytest | tee log", "shell: bash"))},
    "a default shell and a pipe": {"pyproject.toml": MEASURED, CI: steps(run("pytest | tee log"), head="defaults: {run: {shell: bash}}\n")},
    "a job's default shell": {"pyproject.toml": MEASURED, CI: steps(run("pytest | tee log"), job="    defaults: {run: {shell: bash}}\n")},
    "exit 0 that is never reached": {"pyproject.toml": MEASURED, CI: steps(run("pytest ; exit 0"))},
    "PIPESTATUS": {"pyproject.toml": MEASURED, CI: steps(run("pytest | tee log\nexit ${PIPESTATUS[0]}"))},
    "a status that is used": {"pyproject.toml": MEASURED, CI: steps(run("pytest || rc=$?\necho done\nexit $rc"))},
    "an outcome that is asked for": {
        "pyproject.toml": MEASURED,
        CI: steps(run("pytest", "id: t", "continue-on-error: true"), run("exit 1", "if: steps.t.outcome == 'failure'")),
    },
    "continue-on-error in another cell": {
        "pyproject.toml": MEASURED,
        CI: steps(run("pytest"), job="    continue-on-error: ${{ matrix.x }}\n    strategy: {matrix: {x: [true, false]}}\n"),
    },
    "a threshold of a command": {CI: steps(run("pytest --cov=app --cov-fail-under=95"))},
    "a threshold of a command that is judged once more": {CI: steps(run("pytest --cov=app --cov-fail-under=95 || true"), run("pytest --cov=app --cov-fail-under=95"))},
}  # fmt: skip

# The phrase of the excuse, the file that it stands in, and the text there.
LOST: dict[str, tuple[dict[str, str], str, str, str]] = {
    "a pipe": ({"pyproject.toml": MEASURED, CI: steps(run("pytest | tee log"))}, "the left of a pipe without `pipefail`", CI, " | tee log"),
    "no -e": ({"pyproject.toml": MEASURED, CI: steps(run("pytest\necho done", "shell: bash {0}"))}, "followed by `echo`, which runs all the same: the shell has no `-e`", CI, "echo done"),
    "a status that nobody uses": ({"pyproject.toml": MEASURED, CI: steps(run("pytest && rc=0 || rc=$?"))}, "its status is kept in `rc`, which nothing looks at", CI, "rc=$?"),
    "in the caller": (
        {"package.json": '{"scripts": {"test:ci": "vitest run --coverage"}}', "vitest.config.ts": VITEST, CI: steps(run("npm run test:ci || true"))},
        "`|| true`", CI, "true",
    ),
    "in the script": (
        {"package.json": '{"scripts": {"test:ci": "vitest run --coverage || true"}}', "vitest.config.ts": VITEST, CI: steps(run("npm run test:ci"))},
        "`|| true`", "package.json", "true",
    ),
    "of a line of a define": ({"pyproject.toml": GATED, "Makefile": "define tests\n\t-pytest --cov=src\nendef\nt:\n\t$(tests)\n", CI: steps(run("make t"))}, "`-` before the recipe line", "Makefile", "-"),
    "of all lines of a define": ({"pyproject.toml": GATED, "Makefile": "define tests\npytest --cov=src\nendef\nt:\n\t-$(tests)\n", CI: steps(run("make t"))}, "`-` before the recipe line", "Makefile", "-"),
    "of a shell of make without pipefail": ({"pyproject.toml": GATED, "Makefile": "SHELL = /bin/bash -e\nt:\n\tpytest --cov=src | tee log\n", CI: steps(run("make t"))}, "the left of a pipe without `pipefail`", "Makefile", " | tee log"),
    "of a recipe": ({"pyproject.toml": GATED, "Makefile": "test:\n\t-@pytest --cov=src\n", CI: steps(run("make test"))}, "`-` before the recipe line", "Makefile", "-"),
    "of a line of a recipe": ({"pyproject.toml": GATED, "Makefile": "test:\n\tpytest --cov=src; echo done\n", CI: steps(run("make test"))}, "followed by `echo`, which runs all the same: the shell has no `-e`", "Makefile", "echo done"),
    "of a line of just": ({"pyproject.toml": GATED, "justfile": "test:\n    -pytest --cov=src\n", CI: steps(run("just test"))}, "`-` before the recipe line", "justfile", "-"),
    "of a command of tox": ({"pyproject.toml": GATED, "tox.ini": "[testenv]\ncommands = - pytest --cov=src\n", CI: steps(run("tox"))}, "`-` before the command", "tox.ini", "-"),
    "of a script without -e": ({"pyproject.toml": GATED, "t.sh": "#!/bin/bash\npytest --cov=src\necho done\n", CI: steps(run("./t.sh"))}, "followed by `echo`, which runs all the same: the shell has no `-e`", "t.sh", "echo done"),
    "of a script of a task": (
        {"pyproject.toml": GATED, "Makefile": "test:\n\t./t.sh\n", "t.sh": "#!/bin/bash\nset -e\npytest --cov=src | tee log\n", CI: steps(run("make test"))},
        "the left of a pipe without `pipefail`", "t.sh", " | tee log",
    ),
    "of a recipe with a shell": (
        {"pyproject.toml": GATED, "Makefile": "SHELL := /bin/bash\n.SHELLFLAGS := -o pipefail -c\ntest:\n\tpytest --cov=src | tee log; true\n", CI: steps(run("make test"))},
        "followed by `true`, which runs all the same: the shell has no `-e`", "Makefile", "true",
    ),
    "of one shell for a recipe": (
        {"pyproject.toml": GATED, "Makefile": ".ONESHELL:\ntest:\n\tpytest --cov=src\n\techo done\n", CI: steps(run("make test"))},
        "followed by `echo`, which runs all the same: the shell has no `-e`", "Makefile", "echo done",
    ),
    "of make itself": ({"pyproject.toml": GATED, "Makefile": "test:\n\tpytest --cov=src\n", CI: steps(run("make -i test"))}, "`make -i`, which passes over failures,", CI, "make -i test"),
    "of a hook": (
        {"pyproject.toml": GATED, ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - {id: t, entry: bash -c 'pytest --cov=src || true'}\n", CI: steps(run("pre-commit run t"))},
        "`|| true`", ".pre-commit-config.yaml", "true",
    ),
    "of a shell in a shell": ({"pyproject.toml": GATED, CI: steps(run("bash -c 'pytest --cov=src; echo done'"))}, "followed by `echo`, which runs all the same: the shell has no `-e`", CI, "echo done"),
    "of a called action": (
        {"pyproject.toml": MEASURED, CI: steps("uses: ./.github/actions/t\ncontinue-on-error: true"), ".github/actions/t/action.yml": "runs:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n"},
        "`continue-on-error: true`", CI, "true",
    ),
    "of a service": (
        {"api/pyproject.toml": MEASURED, "docker-compose.yml": "services:\n  api:\n    build: api\n    command: pytest\n", CI: steps(run("docker compose up api"))},
        "`docker compose up`, which heeds no service's status,", CI, "docker compose up api",
    ),
    "a threshold of a command": ({CI: steps(run("pytest --cov=app --cov-fail-under=95 | tee log"))}, "the left of a pipe without `pipefail`", CI, " | tee log"),
    "a threshold of a step": ({CI: steps(run("pytest --cov=app --cov-fail-under=95", "continue-on-error: true"))}, "`continue-on-error: true`", CI, "true"),
    "a threshold of a task": ({"Makefile": "t:\n\tpytest --cov=app --cov-fail-under=95\n", CI: steps(run("make t || true"))}, "`|| true`", CI, "true"),
    "a threshold of another tool": ({CI: steps(run("diff-cover coverage.xml --fail-under=80 || true"))}, "`|| true`", CI, "true"),
    "a threshold of a node tool": ({CI: steps(run("npx vitest run --coverage --coverage.thresholds.lines=80 || true"))}, "`|| true`", CI, "true"),
}  # fmt: skip


@pytest.mark.parametrize("files", HOLDS.values(), ids=HOLDS.keys())
def test_a_gate_that_holds(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


@pytest.mark.parametrize(("files", "phrase", "path", "text"), LOST.values(), ids=LOST.keys())
def test_a_gate_that_is_lost(files: dict[str, str], phrase: str, path: str, text: str):
    (one,) = findings(files)
    assert (one.rule, one.severity) == ("unwired-gate", Severity.ERROR)
    assert one.message.endswith(f" cannot fail: {phrase} in {path}")
    assert one.location.path == path
    assert one.location.span is not None
    lines = files[path].split("\n")
    span = one.location.span
    assert span.line == span.end_line
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == text


@pytest.mark.parametrize(
    "command",
    [
        "make test",
        "npm run cov",
        "bazel test",
        "task t",
        "earthly +test",
        "inv test",
        "pixi run cov",
        "mise run t",
        "python scripts/run_tests.py",
        "just t",
    ],
)
def test_what_cannot_be_followed_is_not_judged(command: str):
    config = "[run]\nbranch = true\n[report]\nfail_under = 95\n"
    assert findings({".coveragerc": config, CI: steps(run(command))}) == []


NEVER = {
    "after exit": "exit 0; pytest",
    "on the line after exit": "exit\npytest",
    "after exit in a group": "{ exit 0; }; pytest",
    "after exit in a subshell": "(exit 0; pytest)",
    "after exit in another shell": "sh -c 'exit 0; pytest'",
    "after exit in a script": "./t.sh",
    "after a function that ends the script": "f() { exit 0; }\nf\npytest",
    "after a return": "f() { return; pytest; }\nf",
    "after a return on its own line": "f() {\n  return 0\n  pytest\n}\nf",
    "behind `exec`": "exec true\npytest",
    "behind a function that ends in `exec`": "f() { exec ./x.py; }\nf\npytest",
    "under `if false`": "if false; then pytest; fi",
    "in the `else` of what is true": "if true; then echo x; else pytest; fi",
    "behind `false`": "false && pytest",
    "behind `true`": "true || pytest",
    "in the body of `while false`": "while false; do pytest; done",
    "in the body of `until true`": "until :; do\n  pytest\ndone",
    "as words of `:`": ": pytest",
    "in another branch of `case`": 'set -- lint\ncase "$1" in test) pytest ;; lint) ruff . ;; esac',
}
UNCALLED = {
    "in a function": "f() { pytest; }\necho x",
    "in a function of a function": "f() { pytest; }\ng() { f; }\necho x",
}
STILL = {
    "after what may end the script": 'if [ "$X" ]; then exit 0; fi\npytest',
    "after a function that returns": "f() { return; }\nf\npytest",
    "in a function that another shell is given": "f() { pytest; }\nexport -f f\ntimeout 10 bash -c f",
    "in a function that is declared for others": "f() { pytest; }\ndeclare -fx f\nbash -c f",
    "after a function that nobody calls": "f() { exit 0; }\npytest",
    "after a subshell that ends": "(exit 0)\npytest",
    "in a function of a trap": "f() { pytest; }\ntrap f EXIT\necho x",
    "in a function that a word names": 'f() { pytest; }\n"$X"',
    "behind an `exec` of a subshell": "(exec true)\npytest",
    "behind a redirection": "exec 2>&1\npytest",
    "behind a test": '[ "$X" ] || exec true\npytest',
    "in a branch of `case` that is not known": 'case "$X" in test) pytest ;; *) ruff . ;; esac',
    "in the branch of `case` that counts": 'set -- test\ncase "$1" in test) pytest ;; *) ruff . ;; esac',
    "in the body of `while true`": "while true; do pytest; exit; done",
    "in the body of `until false`": "until false; do pytest && break; done",
    "as what a loop waits for": "until pytest; do sleep 1; done",
    "in a function that may return": 'f() { [ "$X" ] && return; pytest; }\nf',
}


@pytest.mark.parametrize("script", NEVER.values(), ids=NEVER.keys())
def test_what_it_never_comes_to_judges_nothing(script: str):
    files = {"pyproject.toml": MEASURED, "t.sh": "#!/bin/sh\nexit 0\npytest\n", CI: steps(run(script))}
    (one,) = findings(files)
    assert (one.rule, one.severity) == ("unwired-gate", Severity.WARNING)
    assert one.message.endswith("but no workflow runs the tests of `.`")


@pytest.mark.parametrize("script", UNCALLED.values(), ids=UNCALLED.keys())
def test_a_function_that_nothing_calls_judges_nothing(script: str):
    (one,) = findings({"pyproject.toml": MEASURED, CI: steps(run(script))})
    assert one.rule == "unwired-gate"
    assert "a function that nothing calls" in one.message


@pytest.mark.parametrize("script", STILL.values(), ids=STILL.keys())
def test_what_it_may_come_to_judges(script: str):
    assert findings({"pyproject.toml": MEASURED, CI: steps(run(script))}) == []


@pytest.mark.parametrize("condition", ["false", "${{ false }}"])
def test_a_step_or_a_job_that_never_runs(condition: str):
    for text in (steps(run("pytest", f"if: {condition}")), steps(run("pytest"), job=f"    if: {condition}\n")):
        (one,) = findings({"pyproject.toml": MEASURED, CI: text})
        assert one.severity == Severity.ERROR
        assert f"`if: {condition}` keeps it from running" in one.message


BY_HAND = "on: workflow_dispatch\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: pytest\n"
OTHERS = {
    "alone": {},
    "beside a workflow without tests": {".github/workflows/b.yml": steps(run("ruff check"))},
    "beside tests that measure nothing": {".github/workflows/b.yml": steps(run("pytest --no-cov"))},
}


def seldom(triggers: str, more: dict[str, str]) -> list[tuple[str, str]]:
    files = {"pyproject.toml": MEASURED, CI: BY_HAND.replace("workflow_dispatch", triggers), **more}
    report, _ = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    return [(one.severity.name, one.message) for one in report.findings if one.rule == "unwired-gate"]


@pytest.mark.parametrize("more", OTHERS.values(), ids=OTHERS.keys())
def test_a_gate_that_a_person_starts_lets_pushes_lower_it_unseen(more: dict[str, str]):
    ((severity, message),) = seldom("workflow_dispatch", more)
    assert (severity, f"but only {CI} judges it, which `workflow_dispatch` starts" in message) == ("WARNING", True)


@pytest.mark.parametrize("triggers", ["{schedule: [{cron: '1 1 * * 1'}], workflow_dispatch: }", "{release: }"])
def test_a_gate_that_a_clock_starts_is_told(triggers: str):
    ((severity, message),) = seldom(triggers, {})
    assert (severity, "goes unseen until then" in message) == ("INFO", True)


@pytest.mark.parametrize(
    "triggers", ["[push, workflow_dispatch]", "workflow_run", "[merge_group]", "repository_dispatch"]
)
def test_a_gate_that_events_start_is_asked(triggers: str):
    assert seldom(triggers, {}) == []


def test_a_gate_that_pushes_ask_too_is_asked():
    assert seldom("workflow_dispatch", {".github/workflows/b.yml": steps(run("pytest"))}) == []
