"""Builds in what workflows call: scripts, make targets, package scripts, and compose commands with arguments."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from fr_check.core.model import Finding, Unknown
from frontend_project import COMPOSE, C, D, W, facts, judge, project, results

UNPASSED = ["error unpassed-build-arg NEXT_PUBLIC_X"]
UNKNOWN_BUILD = ["unknown unresolved-build"]


def run(*lines: str, more: str = "") -> str:
    body = "".join(f"          {line}\n" for line in lines)
    return f"on: push\njobs:\n  image:\n    steps:\n      - run: docker push x\n      - run: |\n{body}{more}"


def called(command: str, more: str = "", **files: str) -> dict[str, str | bytes]:
    """A project whose only build is in what a step calls."""
    found: dict[str, str | bytes] = project(compose="", workflow=run(command, more=more), **files)
    return found


WITHOUT = "docker build apps/frontend\n"
WITH = "docker build --build-arg NEXT_PUBLIC_X=1 apps/frontend\n"
HERE = 'cd "$(dirname "$0")/.."\n'
BASH = "#!/usr/bin/env bash\nset -euo pipefail\n"
MAKE = "image: base\n\tdocker build $(ARGS) apps/frontend\nARGS = --build-arg NEXT_PUBLIC_X=$(X)\nbase:\n\techo\n"

PACKAGE = '{"scripts": {"image": "docker build %s"}}'

CALLS: dict[str, tuple[dict[str, str | bytes], list[str]]] = {
    "script": (called("./ops/build.sh", **{"ops/build.sh": WITHOUT}), UNPASSED),
    "script-that-passes": (called("./ops/build.sh", **{"ops/build.sh": WITH}), []),
    "by-a-shell": (called("bash -e ops/build.sh", **{"ops/build.sh": WITHOUT}), UNPASSED),
    "without-an-ending": (called("ops/bin/build", **{"ops/bin/build": BASH + WITHOUT}), UNPASSED),
    "in-its-own-folder": (called("ops/build.sh", **{"ops/build.sh": HERE + WITHOUT}), UNPASSED),
    "in-a-folder-of-the-step": (
        called("../ops/build.sh", "        working-directory: apps\n", **{"ops/build.sh": "docker build frontend\n"}),
        UNPASSED,
    ),
    "with-arguments": (called("ops/build.sh frontend", **{"ops/build.sh": 'docker build "apps/$1"\n'}), UNPASSED),
    "with-options": (
        called("ops/build.sh --build-arg NEXT_PUBLIC_X=1", **{"ops/build.sh": 'docker build "$@" apps/frontend\n'}),
        [],
    ),
    "with-variables": (
        called("APP=frontend ops/build.sh", **{"ops/build.sh": "docker build apps/${APP:-none}\n"}),
        UNPASSED,
    ),
    "of-another-script": (
        called("ops/all.sh", **{"ops/all.sh": '"$(dirname "$0")"/build.sh\n', "ops/build.sh": WITHOUT}),
        UNPASSED,
    ),
    "function": (
        called("ops/build.sh", **{"ops/build.sh": "image() { docker build apps/$1; }\nimage frontend\n"}),
        UNPASSED,
    ),
    "in-a-circle": (called("./a.sh", **{"a.sh": "./a.sh\n" + WITHOUT}), UNPASSED),
    "make": (called("make image", Makefile=MAKE), []),
    "make-without": (called("make image ARGS=", Makefile=MAKE), UNPASSED),
    "make-by-default": (called("make", Makefile=MAKE.replace("$(ARGS)", "")), UNPASSED),
    "make-in-a-folder": (called("make -C ops", **{"ops/Makefile": "a:\n\tdocker build ../apps/frontend\n"}), UNPASSED),
    "make-of-a-pattern": (called("make build-frontend", Makefile="build-%:\n\tdocker build apps/$*\n"), UNPASSED),
    "make-of-a-prerequisite": (called("make all", Makefile=f"all: image\nimage:\n\t{WITHOUT}"), UNPASSED),
    "make-of-an-included-file": (called("make image", Makefile="include x.mk\n", **{"x.mk": MAKE}), []),
    "make-of-another-target": (called("make base", Makefile=MAKE.replace("$(ARGS)", "")), []),
    "make-that-calls-a-script": (
        called("make a", Makefile="a:\n\t@./ops/build.sh\n", **{"ops/build.sh": WITHOUT}),
        UNPASSED,
    ),
    "package-script": (called("npm run image", **{"package.json": PACKAGE % "apps/frontend"}), UNPASSED),
    "package-script-of-a-folder": (
        called("yarn --cwd apps/frontend image", **{"apps/frontend/package.json": PACKAGE % "."}),
        UNPASSED,
    ),
    "just": (called("just image", justfile="image: base\n  docker build apps/frontend\nbase:\n  echo\n"), UNPASSED),
    "just-with-a-parameter": (
        called("just image frontend", justfile="image app='none':\n  docker build apps/{{ app }}\n"),
        UNPASSED,
    ),
    "moon": (called("moon run ops:image", **{"ops/moon.yml": "tasks:\n  image:\n    command: docker build ../apps/frontend\n"}), UNPASSED),
    "task-of-poe": (called("poe image", **{"pyproject.toml": "[tool.poe.tasks]\nimage = 'docker build apps/frontend'\n"}), UNPASSED),
    "tox": (called("tox -e image", **{"tox.ini": "[testenv:image]\ncommands = docker build {posargs:apps/frontend}\n"}), UNPASSED),
    "in-a-shell": (called('bash -c "cd apps && docker build frontend"'), UNPASSED),
    "make-of-a-named-file": (called("make -f ops.mk image", **{"ops.mk": MAKE.replace("$(ARGS)", "")}), UNPASSED),
    "make-within-make": (
        called("make all", Makefile="all:\n\t$(MAKE) -C ops image\n", **{"ops/Makefile": "image:\n\tdocker build ../apps/frontend\n"}),
        UNPASSED,
    ),
    "package-script-of-a-workspace": (
        called("pnpm --filter @x/web image", **{"apps/frontend/package.json": '{"name": "@x/web", "scripts": {"image": "docker build ."}}'}),
        UNPASSED,
    ),
    "make-elsewhere": (called("make -C tools lint", **{"tools/Makefile": "lint:\n\techo\n", "Makefile": MAKE}), []),
    "not-called": (called("echo", **{"ops/build.sh": WITHOUT}), []),
    "not-there": (called("./gone.sh", **{"ops/build.sh": WITHOUT}), []),
    "unknown-image": (called("ops/build.sh", **{"ops/build.sh": "docker build $(pick)\n"}), UNKNOWN_BUILD),
    "unknown-folder": (called("ops/build.sh", **{"ops/build.sh": "cd $X\ndocker build .\n"}), UNKNOWN_BUILD),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CALLS.values(), ids=CALLS.keys())
def test_what_a_step_calls_is_judged(files: dict[str, str | bytes], expected: list[str]) -> None:
    assert judge(files) == expected


def test_the_finding_stands_in_the_script() -> None:
    (found,) = (
        f for f in results(called("ops/build.sh", **{"ops/build.sh": "set -e\n" + WITHOUT})) if isinstance(f, Finding)
    )
    assert found.message.startswith("the command in `ops/build.sh` passes no `NEXT_PUBLIC_X`")
    assert found.location.path == "ops/build.sh"
    assert found.location.span is not None
    assert found.location.span[:2] == (2, 1)
    assert found.help == "add `--build-arg NEXT_PUBLIC_X=...` to the command"


PYTHON = 'import subprocess\n\nsubprocess.run(["docker", "build", "apps/frontend"], check=True)\n'
UNREAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "python": (called("python ops/build.py", **{"ops/build.py": PYTHON}), "ops/build.py"),
    "python-by-its-path": (called("ops/build.py", **{"ops/build.py": PYTHON}), "ops/build.py"),
    "python-of-a-script": (
        called("ops/all.sh", **{"ops/all.sh": "docker --version; python3 ops/build.py\n", "ops/build.py": PYTHON}),
        "ops/build.py",
    ),
    "a-script-at-an-unknown-place": (called('"$DIR/build.sh"', **{"ops/build.sh": WITHOUT}), "ops/build.sh"),
    "too-many-calls": (
        called("./s0.sh", **{f"s{n}.sh": f"./s{n + 1}.sh\n" for n in range(6)}, **{"s6.sh": WITHOUT}),
        "s6.sh",
    ),
    "a-target-of-an-unknown-file": (
        called("make image", Makefile=f"include $(X)/more.mk\nother:\n\t{WITHOUT}"),
        "Makefile",
    ),
}


@pytest.mark.parametrize(("files", "path"), UNREAD.values(), ids=UNREAD.keys())
def test_what_cannot_be_followed_is_not_called_fine(files: dict[str, str | bytes], path: str) -> None:
    (found,) = (item for item in results(files) if isinstance(item, Unknown))
    assert (found.reason, found.subject) == ("unfollowed-call", path)
    assert found.location is not None
    assert D in found.message


def test_a_taskfile_is_followed() -> None:
    files = called("task image", **{"Taskfile.yml": "tasks:\n  image: docker build apps/frontend\n"})
    assert [item.rule for item in results(files) if isinstance(item, Finding)] == ["unpassed-build-arg"]


def test_no_verdict_hangs_on_what_builds_once_more() -> None:
    known = run("python ops/build.py", "ops/build.sh", "docker build --build-arg NEXT_PUBLIC_X=1 apps/frontend")
    more = {"ops/build.py": PYTHON, "ops/build.sh": "docker build $X\n"}
    assert judge(project(workflow=known, **more)) == []


@pytest.mark.parametrize("text", ["print('docker')\n", "# nothing\n", 'run("docker compose build")\n'])
def test_what_builds_no_image_needs_no_reading(text: str) -> None:
    assert judge(called("python ops/build.py", **{"ops/build.py": text})) == []


BARE = COMPOSE[: COMPOSE.index("      args:")]
PASSING = "docker compose build --build-arg NEXT_PUBLIC_X=1"
COMMANDS = {
    "all-services": (PASSING, []),
    "the-service": (f"{PASSING} web", []),
    "another-service": (f"{PASSING} api", UNPASSED),
    "by-file": ("docker compose -f docker-compose.yml build --build-arg NEXT_PUBLIC_X=1", []),
    "by-variable": ("COMPOSE=docker-compose.yml\ndocker-compose -f $COMPOSE build --build-arg NEXT_PUBLIC_X", []),
    "in-another-folder": (f"cd ops && {PASSING}", UNPASSED),
    "another-argument": (
        "docker compose build --build-arg Y=1",
        [*UNPASSED, "warning unconsumed-build-arg Y"],
    ),
    "unknown-arguments": ("docker compose build $ARGS", ["unknown opaque-build-args"]),
    "once-without": (f"{PASSING}\ndocker compose build web", UNPASSED),
    "up": ("docker compose up --build", UNPASSED),
    "in-a-script": ("ops/build.sh", []),
}


@pytest.mark.parametrize(("command", "expected"), COMMANDS.values(), ids=COMMANDS.keys())
def test_arguments_of_compose_commands_reach_their_services(command: str, expected: list[str]) -> None:
    script = {"ops/build.sh": f"{HERE}{PASSING}\n"}
    assert judge(project(compose=BARE, workflow=run(*command.split("\n")), **script)) == expected


def test_an_argument_of_a_compose_command_is_reported_where_it_stands() -> None:
    files = project(workflow=run("docker compose build --build-arg OLD=1 web"))
    (found,) = (f for f in results(files) if isinstance(f, Finding))
    assert found.location.path == W
    assert found.message.startswith("the service `web` passes `OLD`")
    assert [build.location.path for build in facts(files).builds] == [C]
