"""Findings with one cause, of which each edit alone leaves the other place: they are cured together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixes.test_add import project, state
from fr_check.dockerfile_args import samples
from running import run

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
SECRETS = '{{ with secret "secret/data/app" }}\n%s{{ end }}\n'
CONFIG = {"app/config.py": f'{HEAD}    a: str = ""\n', ".env.example": "DEBUG=false\n# [VAULT] x\nA=\n"}
ARG = "ARG NEXT_PUBLIC_API_URL=\nENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}\n"
FRONTEND = samples.project(dockerfile=(ARG, ""))
LATE = ("      args:\n        NEXT_PUBLIC", "    environment:\n        NEXT_PUBLIC")
TOGETHER = {
    "declared nowhere, and given when it runs": (
        {**FRONTEND, "docker-compose.yml": FRONTEND["docker-compose.yml"].replace(*LATE)},
        {"apps/frontend/Dockerfile": "ARG NEXT_PUBLIC_API_URL", "docker-compose.yml": "args:"},
        [],
    ),
    "a template whose other lines become known": (
        {**CONFIG, "secrets.ctmpl": SECRETS % "A={{ .Data.data.A-B }}\nB={{ .Data.data.B }}\n"},
        {"secrets.ctmpl": 'A={{ index .Data.data "A-B" }}\nB={{ .Data.data.B }}\n'},
        ["unconsumed-secret", "unguarded-secret", "unguarded-secret"],
    ),
    "a template that does not render another key": (
        {**CONFIG, ".env.example": CONFIG[".env.example"] + "# [VAULT] x\nB=\n",
         "app/config.py": CONFIG["app/config.py"] + '    b: str = ""\n',
         "secrets.ctmpl": SECRETS % "A={{ .Data.data.A-B }}\n"},
        {"secrets.ctmpl": 'A={{ index .Data.data "A-B" }}\n'},
        ["unguarded-secret", "unrendered-secret"],
    ),
    "a list": (
        {"app/config.py": f'{HEAD}    s: list[str] = ["a"]\n', ".env.example": "DEBUG=false\nS=a,b\n"},
        {".env.example": """S='["a", "b"]'\n"""},
        ["default-drift"],
    ),
    "a list of numbers before a comment": (
        {"app/config.py": f"{HEAD}    n: list[float] = [1, 2.5]\n", ".env.example": "DEBUG=false\nN=1, 2.5 # why\n"},
        {".env.example": "N='[1, 2.5]' # why\n"},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOGETHER)
def test_what_refuses_each_other_is_cured_together(name: str, tmp_path: Path):
    files, expected, left = TOGETHER[name]
    folder = project(tmp_path, files)
    run("all", "--root", folder, "--fix")
    after = state(folder)
    for path, part in expected.items():
        assert part in after[path]
    assert sorted(run("all", "--root", folder, "--format", "json").rules()) == left
    run("all", "--root", folder, "--fix")
    assert state(folder) == after


@pytest.mark.parametrize(
    ("line", "cured"),
    [("A = {{ .Data.data.A }}\n", 'A="{{ .Data.data.A }}"\n'), ("A = 'x'\n", "A='x'\n")],
)
def test_two_equal_lines_are_both_cured(line: str, cured: str, tmp_path: Path):
    folder = project(tmp_path, {**CONFIG, "secrets.ctmpl": SECRETS % (line * 2)})
    done = run("all", "--root", folder, "--fix", "--unsafe-fixes", "-v")
    text = (folder / "secrets.ctmpl").read_text()
    assert text.count(cured) == 2, done.stderr
    # What the same key would be rendered by once more waits for the lines that are about it.
    assert "with .Data.data.A" not in text


def test_no_key_is_doubled_beside_a_line_that_cannot_be_read(tmp_path: Path):
    files = {"app/config.py": f'{HEAD}    t: str = "x"\n', ".env.example": 'DEBUG=false\nT="open\n'}
    folder = project(tmp_path, files)
    done = run("all", "--root", folder, "--fix", "--unsafe-fixes", "-v")
    assert state(folder) == files
    assert "line 2 of .env.example begins with `T`" in done.stderr
    refused = run("add", "T", "--kind", "backend", "--root", folder)
    assert refused.status == 2
    assert state(folder) == files


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("tox.ini", "[testenv]\ncommands = pytest --cov=src --cov-fail-under={}\n", "90"),
        ("Makefile", "test:\n\tpytest --cov=src --cov-fail-under {}\n", "90"),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = ["--cov=src", "--cov-fail-under", "{}"]\n', "90"),
        ("pyproject.toml", "[tool.coverage.report]\nfail_under = {}\n", "90"),
        (".github/workflows/ci.yml", ("on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n"
         "      - run: coverage report --fail-under={}\n"), "90"),
    ],
)  # fmt: skip
def test_a_percent_sign_is_taken_from_a_threshold(path: str, before: str, after: str, tmp_path: Path):
    quoted = '"90%"' if "fail_under = {" in before and path.endswith(".toml") else "90%"
    folder = project(tmp_path, {path: before.format(quoted), "src/a.py": "x = 1\n"})
    run("coverage", "--root", folder, "--fix")
    assert (folder / path).read_text() == before.format(after)


PAGE = "apps/frontend/src/page.tsx"
READ = "const { NEXT_PUBLIC_FLAG } = process.env;\nexport const flag = NEXT_PUBLIC_FLAG;\n"
FLAGGED = samples.project(compose=("      args:\n", '      args:\n        NEXT_PUBLIC_FLAG: "custom-value"\n'))
# What looks unused until the cure of another finding makes something read it.
NEEDED = {
    "an argument of a build": ({**FLAGGED, PAGE: READ}, "docker-compose.yml", 'NEXT_PUBLIC_FLAG: "custom-value"'),
    "the only argument of a build": (
        {
            **samples.project(
                compose=(
                    "        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}\n",
                    '        NEXT_PUBLIC_FLAG: "custom-value"\n',
                )
            ),
            PAGE: READ,
        },
        "docker-compose.yml",
        'NEXT_PUBLIC_FLAG: "custom-value"',
    ),
    "a line for a field without a type": (
        {"app/config.py": f"{HEAD}    region = 'eu'\n", ".env.example": "DEBUG=false\nREGION=us  # ours\n"},
        ".env.example",
        "REGION=us  # ours",
    ),
}


@pytest.mark.parametrize("name", NEEDED)
def test_what_the_cure_of_another_finding_needs_is_not_taken_out(name: str, tmp_path: Path):
    files, path, part = NEEDED[name]
    folder = project(tmp_path, files)
    run("all", "--root", folder, "--fix", "--unsafe-fixes")
    assert part in state(folder)[path]
    left = run("all", "--root", folder, "--format", "json").rules()
    assert not {"unconsumed-build-arg", "uninlined-read", "unknown-example-key", "untyped-setting"} & set(left)
