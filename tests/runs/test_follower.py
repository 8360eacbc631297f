"""What workflows execute in the end: a repository in, each command with its folder, way and excuse out."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.runs.follower import Follower
from fr_check.runs.model import Executed, Origin, Start, Unfollowed
from fr_check.runs.scope import Checkouts
from fr_check.runs.workflows import Steps, follow
from fr_check.sources import workflow

CI = ".github/workflows/ci.yml"


def items(files: dict[str, str]) -> list[Executed | Unfollowed]:
    repository = Memory(files)

    def parsed(path: str) -> workflow.Workflow | None:
        found = repository.parse(path, workflow.parse)
        return found if isinstance(found, workflow.Workflow) else None

    follower = Follower(repository, lambda _: True)
    runs = Steps(repository, parsed, lambda _: True).all()
    return [item for run in runs if run.step.run is not None for item in follow(run, run.step.run, follower)]


def said(files: dict[str, str]) -> list[str]:
    """One line a command that hands on to nothing: folder, words, where from, excuse."""
    lines = []
    for item in items(files):
        if isinstance(item, Unfollowed):
            lines.append(f"unfollowed {item.call.kind} {' '.join(item.call.names)} -> {' '.join(item.paths) or '?'}")
        elif not item.followed and item.ran.name not in {"echo", "dirname", "true", ""}:
            folder = "?" if item.folder is None else item.folder or "."
            words = " ".join(token.shown for token in item.ran.words)
            span = item.location.span
            way = " < ".join(
                [f"{item.path}:{span.line if span else 0}", *(link.location.path for link in reversed(item.chain))]
            )
            excuse = f" ({item.excuse.phrase} in {item.excuse.location.path})" if item.excuse is not None else ""
            lines.append(f"{folder}$ {words} @ {way}{excuse}")
    return lines


def step(script: str, *more: str) -> str:
    body = script.replace("\n", "\n          ")
    return f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          {body}\n" + "".join(
        f"        {one}\n" for one in more
    )


CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "a script of the root that runs those of its name in the packages": (
        {
            CI: step("bun x turbo run lint --affected --concurrency=75%"),
            "package.json": '{"workspaces": ["apps/*"], "scripts": {"lint": "turbo lint"}}',
            "apps/a/package.json": '{"name": "a", "scripts": {"lint": "eslint ."}}',
        },
        [
            "apps/a$ eslint . @ apps/a/package.json:1 < .github/workflows/ci.yml",
            "apps/a$ eslint . @ apps/a/package.json:1 < package.json < .github/workflows/ci.yml",
        ],
    ),
    "compose files that .env names": (
        {
            CI: step("docker compose run --rm t"),
            ".env": "COMPOSE_FILE=compose.yml:ci/t.yml\n",
            "compose.yml": "services: {db: {image: x}}\n",
            "ci/t.yml": "services: {t: {build: api, command: check --all}}\n",
        },
        [f"api$ check --all @ ci/t.yml:1 < {CI}"],
    ),
    "compose files that --env-file names": (
        {
            CI: step("docker compose --env-file ci/ci.env run t"),
            "ci/ci.env": "COMPOSE_FILE=ci/t.yml\n",
            "ci/t.yml": "services: {t: {build: ., command: check}}\n",
        },
        [f"ci$ check @ ci/t.yml:1 < {CI}"],
    ),
    "compose files that -f names, whatever .env does": (
        {
            CI: step("docker compose -f t.yml run t"),
            ".env": "COMPOSE_FILE=u.yml\n",
            "t.yml": "services: {t: {build: ., command: check}}\n",
            "u.yml": "services: {t: {build: ., command: other}}\n",
        },
        [f".$ check @ t.yml:1 < {CI}"],
    ),
    "compose files that the step names, whatever .env does": (
        {
            CI: step("COMPOSE_FILE=t.yml docker compose run t"),
            ".env": "COMPOSE_FILE=u.yml\n",
            "t.yml": "services: {t: {build: ., command: check}}\n",
            "u.yml": "services: {t: {build: ., command: other}}\n",
        },
        [f".$ check @ t.yml:1 < {CI}"],
    ),
    "a step": ({CI: step("cd api\nuv run t --x", "working-directory: apps")}, [f"apps/api$ t --x @ {CI}:8"]),
    "make": (
        {CI: step("make -C api test K=v"), "api/Makefile": "W = --w\ntest: build\n\tt $(W) $(K)\n# note\n\t-u\nbuild:\n\tb\n"},
        [f"api$ t --w v @ api/Makefile:3 < {CI}", f"api$ u @ api/Makefile:5 < {CI} (`-` before the recipe line in api/Makefile)", f"api$ b @ api/Makefile:7 < {CI}"],
    ),
    "make over make": (
        {CI: step("make all"), "Makefile": "all:\n\t$(MAKE) -C api test\n", "api/Makefile": "test:\n\tt\n"},
        [f"api$ t @ api/Makefile:2 < Makefile < {CI}"],
    ),
    "just": (
        {CI: step("cd api && just test x"), "justfile": "v := 'a' + 'b'\nalias t := test\ntest n='y': build\n    t {{ v }} {{ n }} {{ env('Z') }}\nbuild:\n    b\n"},
        [f".$ t ab x ${{{{ }}}} @ justfile:4 < {CI}", f".$ b @ justfile:6 < {CI}"],
    ),
    "moon": (
        {CI: step("moon run api:test"), "apps/api/moon.yml": "tasks:\n  test:\n    command: [t, 'a b']\n    deps: ['~:gen']\n  gen:\n    script: g && h\n"},
        [f"apps/api$ t a b @ apps/api/moon.yml:3 < {CI}", f"apps/api$ g @ apps/api/moon.yml:6 < {CI}", f"apps/api$ h @ apps/api/moon.yml:6 < {CI}"],
    ),
    "tox": (
        {CI: step("tox -e lint,unit"), "tox.ini": "[base]\ndo = t {posargs:-q}\n[testenv:unit]\nchangedir = api\ncommands = {[base]do}\n[testenv:lint]\nignore_outcome = true\ncommands =\n  l \\\n    --all\n"},
        [f".$ l --all @ tox.ini:9 < {CI} (`ignore_outcome = true` in tox.ini)", f"api$ t -q @ tox.ini:5 < {CI}"],
    ),
    "package scripts": (
        {CI: step("npm run all -- --z"), "package.json": '{"scripts": {"preall": "p", "all": "npm run one && yarn two", "one": "o", "two": "w"}}'},
        [f".$ p @ package.json:1 < {CI}", f".$ o @ package.json:1 < package.json < {CI}", f".$ w --z @ package.json:1 < package.json < {CI}"],
    ),
    "a workspace": (
        {CI: step("pnpm --filter @x/web... test"), "package.json": "{}", "apps/web/package.json": '{"name": "@x/web", "scripts": {"test": "t"}}', "apps/api/package.json": '{"name": "api", "scripts": {"test": "u"}}'},
        [f"apps/web$ t @ apps/web/package.json:1 < {CI}"],
    ),
    "tasks of pyproject": (
        {CI: step("poe all\nhatch run x:cov -v\npdm run lint"), "pyproject.toml": "[tool.poe.tasks]\nall = ['t', 'u']\nt.cmd = 'tt'\nu = {shell = 'uu'}\n[tool.hatch.envs.x.scripts]\ncov = 'c {args:-q}'\n[tool.pdm.scripts]\nlint = {composite = ['l1 a', 'l2 b']}\n"},
        [f".$ tt @ pyproject.toml:3 < {CI}", f".$ uu @ pyproject.toml:4 < {CI}", f".$ c -v @ pyproject.toml:6 < {CI}", f".$ l1 a @ pyproject.toml:8 < {CI}", f".$ l2 b @ pyproject.toml:8 < {CI}"],
    ),
    "hooks": (
        {CI: step("pre-commit run --all-files"), ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - {id: a, entry: x y, args: [-z]}\n  - {id: b, entry: w, stages: [pre-push]}\n"},
        [f".$ x y -z @ .pre-commit-config.yaml:4 < {CI}"],
    ),
    "scripts": (
        {CI: step("X=1 ./s/a.sh one"), "s/a.sh": 'cd "$(dirname "$0")"\n./b.sh "$1"\n', "s/b.sh": "#!/bin/bash\nt $1 $X | cat\n"},
        [f"s$ t one 1 @ s/b.sh:2 < s/a.sh < {CI} (the left of a pipe without `pipefail` in s/b.sh)", f"s$ cat @ s/b.sh:2 < s/a.sh < {CI}"],
    ),
    "a shell in a shell": ({CI: step('bash -ec "cd api && t; u" || true')}, [f"api$ t @ {CI}:7 (`|| true` in {CI})", f"api$ u @ {CI}:7 (`|| true` in {CI})"]),
    "a shell that reads a here-document": ({CI: step("bash -e <<'EOF'\ncd api\nt\nEOF")}, [f"api$ t @ {CI}:9"]),
    "a circle": ({CI: step("make a"), "Makefile": "a:\n\tmake b\nb:\n\tt\n\tmake a\n"}, [f".$ t @ Makefile:4 < Makefile < {CI}"]),
    "docker run": ({CI: step("docker run --rm -v $PWD/api:/app -w /app/x img make -s t"), "api/x/Makefile": "t:\n\tr\n"}, [f"api/x$ r @ api/x/Makefile:2 < {CI} < {CI}"]),
    "docker run without a folder": ({CI: step("docker run img t -x")}, [f".$ t -x @ {CI}:7 < {CI}"]),
    "a service with a mount": (
        {CI: step("docker compose -f c.yml run --rm api t"), "c.yml": "services:\n  api:\n    image: x\n    working_dir: /src/api\n    volumes: ['./:/src']\n"},
        [f"api$ t @ {CI}:7 < {CI}"],
    ),
    "a service with an image": (
        {CI: step("docker compose exec -T api ./t.sh"), "compose.yml": "services:\n  api:\n    build: {context: apps/api}\n", "apps/api/Dockerfile": "FROM x\nWORKDIR /app\nCOPY . .\n", "apps/api/t.sh": "t\n"},
        [f"apps/api$ t @ apps/api/t.sh:1 < {CI} < {CI}"],
    ),
    "services that are started": (
        {CI: step("docker compose up --abort-on-container-failure"), "compose.yml": "services:\n  a: {image: x, command: [t, '1']}\n  b: {image: y}\n"},
        [f".$ t 1 @ compose.yml:2 < {CI}"],
    ),
    "what is not read": (
        {CI: step("python tools/t.py\nrake t\nmake gone\n./gone.sh\n$X/t.sh\ntask t"), "tools/t.py": "", "Rakefile": "", "a/t.sh": "t\n", "Taskfile.yml": ""},
        [
            f".$ python tools/t.py @ {CI}:7", "unfollowed other tools/t.py -> tools/t.py", f".$ rake t @ {CI}:8", "unfollowed other rake -> Rakefile",
            f".$ make gone @ {CI}:9", "unfollowed make gone -> ?", f".$ ./gone.sh @ {CI}:10", "unfollowed script ./gone.sh -> ?",
            f".$ $X/t.sh @ {CI}:11", "unfollowed script /t.sh -> a/t.sh", f".$ task t @ {CI}:12", "unfollowed pyproject t -> Taskfile.yml",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES.keys())
def test_what_a_workflow_executes(files: dict[str, str], expected: list[str]):
    assert said(files) == expected


def test_a_called_workflow_and_a_local_action_know_who_calls_them():
    called = "on:\n  workflow_call:\n    inputs: {dir: {type: string}}\njobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: ./act\n        with: {d: '${{ inputs.dir }}'}\n"
    action = "inputs: {d: {}}\nruns:\n  using: composite\n  steps:\n    - run: t $E\n      shell: bash\n      working-directory: ${{ inputs.d }}\n      env: {E: '1'}\n"
    caller = "on: push\njobs:\n  a:\n    strategy: {matrix: {d: [x, y]}}\n    uses: ./.github/workflows/called.yml\n    with: {dir: '${{ matrix.d }}'}\n"
    files = {CI: caller, ".github/workflows/called.yml": called, "act/action.yml": action}
    assert said(files) == [f"{d}$ t 1 @ act/action.yml:5 < .github/workflows/called.yml < {CI}" for d in "xy"]


def test_what_lies_too_deep_is_told():
    files = {f"s{n}.sh": f"./s{n + 1}.sh\n" for n in range(8)} | {"s8.sh": "t\n", CI: step("./s0.sh")}
    assert said(files)[-1] == "unfollowed script ./s6.sh -> s6.sh"


def test_environments_are_known_by_name():
    files = {CI: step("export B=2\nC=3 ./t.sh", "env: {A: '1'}"), "t.sh": "D=$C u\n"}
    (one,) = [item for item in items(files) if isinstance(item, Executed) and item.ran.name == "u"]
    assert {name: one.environment[name] for name in "ABCD"} == {"A": "1", "B": "2", "C": "3", "D": "3"}


_WORDS = [
    "make",
    "just",
    "tox",
    "-e",
    "npm",
    "run",
    "pnpm",
    "-r",
    "docker",
    "compose",
    "up",
    "a",
    "./a.sh",
    "bash",
    "-c",
    "'a b'",
    "&&",
    "|",
    "$X",
    "uv",
    "--",
    "cd",
    "(",
    ")",
    ";",
    "poe",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join), st.text("abc:=\t\n -{}[]$()'\"#", max_size=40))
def test_any_script_over_any_task_files_is_followed(script: str, text: str):
    names = ("Makefile", "justfile", "tox.ini", "package.json", "compose.yml", "a.sh", "pyproject.toml")
    repository = Memory(dict.fromkeys(names, text))
    whole = Text(script, "x")
    origin = Origin("x", "x", whole.location, Checkouts((), ()), {})
    for item in Follower(repository, lambda _: True).follow(script, Start(), origin):
        found = item.by if isinstance(item, Unfollowed) else item
        assert found.location.path in {"x", *names}
        assert found.excuse is None or found.excuse.phrase
