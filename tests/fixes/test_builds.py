"""What --fix does to Dockerfiles, compose files and workflows: the cases of the design."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import dockerfile as buildkit
import pytest
import yaml

from fr_check.dockerfile_args import samples
from running import Done, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = samples.FILES
DOCKERFILE, COMPOSE, WORKFLOW = (samples.PATHS[name] for name in ("dockerfile", "compose", "workflow"))
SOURCE = samples.PATHS["source"]
READ = "export const base = process.env.NEXT_PUBLIC_API_URL;\nexport const flag = process.env.NEXT_PUBLIC_FLAG;\n"
HEAD = "FROM node:22 AS builder\nWORKDIR /app\nCOPY . .\n"
TAIL = "RUN npm run build\n"
URL = "ARG NEXT_PUBLIC_API_URL=\nENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}\n"
FLAG = "ARG NEXT_PUBLIC_FLAG=\nENV NEXT_PUBLIC_FLAG=${NEXT_PUBLIC_FLAG}\n"
EXAMPLE = "NEXT_PUBLIC_API_URL=\nNEXT_PUBLIC_FLAG=\n"


def project(folder: Path, changes: Mapping[str, str]) -> Path:
    for path, text in {**FILES, SOURCE: READ, ".env.example": EXAMPLE, **changes}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def fix(folder: Path, rule: str, *options: str) -> Done:
    return run("dockerfile-args", "--root", folder, "--select", rule, "--fix", "-v", *options)


IMAGES = {
    "D1 below the pair that is there": (HEAD + URL + TAIL, HEAD + URL + FLAG + TAIL),
    "D2 above the step and its comment": (
        HEAD + "# build it\n" + TAIL,
        HEAD + URL + FLAG + "# build it\n" + TAIL,
    ),
    "only ARGs": (
        HEAD + "ARG NEXT_PUBLIC_API_URL\n" + TAIL,
        HEAD + "ARG NEXT_PUBLIC_API_URL\nARG NEXT_PUBLIC_FLAG\n" + TAIL,
    ),
    "ARGs, then ENVs": (
        HEAD
        + "ARG NEXT_PUBLIC_API_URL\nARG NEXT_PUBLIC_X\nENV NEXT_PUBLIC_API_URL=$NEXT_PUBLIC_API_URL\n"
        + "ENV NEXT_PUBLIC_X=$NEXT_PUBLIC_X\n"
        + TAIL,
        HEAD
        + "ARG NEXT_PUBLIC_API_URL\nARG NEXT_PUBLIC_X\nARG NEXT_PUBLIC_FLAG\n"
        + "ENV NEXT_PUBLIC_API_URL=$NEXT_PUBLIC_API_URL\nENV NEXT_PUBLIC_X=$NEXT_PUBLIC_X\n"
        + "ENV NEXT_PUBLIC_FLAG=${NEXT_PUBLIC_FLAG}\n"
        + TAIL,
    ),
    "an escape directive stays first": (
        "# escape=\\\n" + HEAD + URL + TAIL,
        "# escape=\\\n" + HEAD + URL + FLAG + TAIL,
    ),
    "carriage returns": (
        (HEAD + URL + TAIL).replace("\n", "\r\n"),
        (HEAD + URL + FLAG + TAIL).replace("\n", "\r\n"),
    ),
    "a continued line": (
        HEAD + URL + "RUN echo a \\\n  && npm run build\n",
        HEAD + URL + FLAG + "RUN echo a \\\n  && npm run build\n",
    ),
}


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_declares_what_its_build_reads(name: str, tmp_path: Path):
    before, after = IMAGES[name]
    folder = project(tmp_path, {DOCKERFILE: before})
    done = fix(folder, "undeclared-build-arg")
    assert (folder / DOCKERFILE).read_bytes().decode() == after, done.stderr
    # BuildKit's own parser: what was there, and the declarations.
    commands = [one.original for one in buildkit.parse_string(after)]
    assert [one for one in commands if one in [old.original for old in buildkit.parse_string(before)]] == [
        old.original for old in buildkit.parse_string(before)
    ]


def test_code_that_has_a_fallback_of_its_own_gets_an_arg_alone(tmp_path: Path):
    read = READ + 'export const api = process.env.NEXT_PUBLIC_FLAG ?? "/api";\n'
    folder = project(
        tmp_path,
        {DOCKERFILE: HEAD + URL + TAIL, SOURCE: read.replace("flag = process.env.NEXT_PUBLIC_FLAG;", "flag = 1;")},
    )
    fix(folder, "undeclared-build-arg", "--fail-on", "info")
    text = (folder / DOCKERFILE).read_text()
    assert "ENV NEXT_PUBLIC_FLAG" not in text


COMPOSES = {
    "C1": (
        "services:\n  frontend:\n    build:\n      context: ./apps/frontend\n      args:\n        NODE_ENV: x\n",
        "        NODE_ENV: x\n        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}\n",
    ),
    "C2": (
        'services:\n  frontend:\n    build:\n      context: ./apps/frontend\n      args:\n        - "NODE_ENV=x"\n',
        '        - "NODE_ENV=x"\n        - "NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL:-}"\n',
    ),
    "C3": (
        "services:\n  frontend:\n    build: ./apps/frontend\n    ports: [80]\n",
        (
            "    build:\n      context: ./apps/frontend\n      args:\n"
            "        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}\n    ports: [80]\n"
        ),
    ),
    "no args": (
        "services:\n  frontend:\n    build:\n      context: ./apps/frontend\n",
        "      context: ./apps/frontend\n      args:\n        NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}\n",
    ),
}


@pytest.mark.parametrize("name", COMPOSES)
def test_a_compose_file_passes_what_the_image_declares(name: str, tmp_path: Path):
    before, expected = COMPOSES[name]
    folder = project(tmp_path, {COMPOSE: before, SOURCE: READ.split("\n", maxsplit=1)[0] + "\n"})
    done = fix(folder, "unpassed-build-arg")
    after = (folder / COMPOSE).read_text()
    assert expected in after, done.stderr
    args = yaml.safe_load(after)["services"]["frontend"]["build"]["args"]
    assert "NEXT_PUBLIC_API_URL" in str(args)
    assert fix(folder, "unpassed-build-arg").status == 0


def test_a_default_of_the_image_is_left_alone(tmp_path: Path):
    dockerfile = HEAD + "ARG NEXT_PUBLIC_API_URL=/api\nENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}\n" + TAIL
    compose = COMPOSES["C1"][0]
    folder = project(
        tmp_path, {DOCKERFILE: dockerfile, COMPOSE: compose, SOURCE: READ.split("\n", maxsplit=1)[0] + "\n"}
    )
    fix(folder, "unpassed-build-arg")
    assert "        NEXT_PUBLIC_API_URL:\n" in (folder / COMPOSE).read_text()


def test_the_only_argument_takes_its_list_along(tmp_path: Path):
    dockerfile = HEAD + TAIL
    compose = "services:\n  frontend:\n    build:\n      context: ./apps/frontend\n      args:\n        OLD: x\n"
    folder = project(tmp_path, {DOCKERFILE: dockerfile, COMPOSE: compose, SOURCE: "export {};\n"})
    fix(folder, "unconsumed-build-arg", "--unsafe-fixes")
    assert (folder / COMPOSE).read_text() == "services:\n  frontend:\n    build:\n      context: ./apps/frontend\n"


def test_a_workflow_passes_a_variable_of_the_repository(tmp_path: Path):
    workflow = FILES[WORKFLOW].replace("NEXT_PUBLIC_API_URL=https://api.example.org", "NODE_ENV=production")
    folder = project(tmp_path, {WORKFLOW: workflow, SOURCE: READ.split("\n", maxsplit=1)[0] + "\n"})
    before = (folder / WORKFLOW).read_text()
    fix(folder, "unpassed-build-arg")
    assert (folder / WORKFLOW).read_text() == before
    done = fix(folder, "unpassed-build-arg", "--unsafe-fixes")
    line = "            NEXT_PUBLIC_API_URL=${{ vars.NEXT_PUBLIC_API_URL }}\n"
    assert (folder / WORKFLOW).read_text() == before + line, done.stderr
    assert "next: `gh variable set NEXT_PUBLIC_API_URL`" in done.stderr


def test_a_comment_with_a_value_is_only_uncommented_where_that_is_asked_for(tmp_path: Path):
    example = "NEXT_PUBLIC_API_URL=\n# NEXT_PUBLIC_FLAG=on\n"
    folder = project(tmp_path, {".env.example": example})
    fix(folder, "undocumented-public-variable")
    assert (folder / ".env.example").read_text() == example
    fix(folder, "undocumented-public-variable", "--unsafe-fixes")
    assert (folder / ".env.example").read_text() == "NEXT_PUBLIC_API_URL=\nNEXT_PUBLIC_FLAG=on\n"


@pytest.mark.parametrize(
    ("passed", "line"),
    [
        ("${{ github.sha }}", "            GIT_SHA=${{ github.sha }}\n"),
        ("${{ steps.sha.outputs.short }}", ""),
    ],
)
def test_what_another_run_makes_is_no_variable_of_the_repository(passed: str, line: str, tmp_path: Path):
    dockerfile = FILES[DOCKERFILE].replace("COPY . .\n", "COPY . .\nARG GIT_SHA=unknown\nLABEL sha=${GIT_SHA}\n")
    other = FILES[WORKFLOW] + f"            GIT_SHA={passed}\n"
    preset = {".fr-check.toml": 'preset = "strict"\n'}
    folder = project(tmp_path, {DOCKERFILE: dockerfile, ".github/workflows/other.yml": other, **preset})
    done = fix(folder, "unpassed-build-arg", "--unsafe-fixes")
    assert (folder / WORKFLOW).read_text() == FILES[WORKFLOW] + line, done.stderr
    assert "gh variable set" not in done.stderr


@pytest.mark.parametrize("listed", [False, True])
def test_all_arguments_of_a_list_go_with_it(listed: bool, tmp_path: Path):  # noqa: FBT001 - a parameter of a test
    entries = (
        "        - A=1\n        # two\n        - B=2\n        - C=3\n" if listed else "        A: 1\n        B: 2\n"
    )
    head = "services:\n  frontend:\n    build:\n      context: ./apps/frontend\n"
    workflow = FILES[WORKFLOW].replace(
        "            NEXT_PUBLIC_API_URL=https://api.example.org\n", "            A=1\n            B=2\n"
    )
    files = {
        DOCKERFILE: HEAD + TAIL,
        COMPOSE: f"{head}      args:\n{entries}",
        SOURCE: "export {};\n",
        WORKFLOW: workflow,
    }
    folder = project(tmp_path, files)
    done = fix(folder, "unconsumed-build-arg", "--unsafe-fixes")
    assert (folder / COMPOSE).read_text().replace("        # two\n", "") == head, done.stderr
    assert (folder / WORKFLOW).read_text() == workflow.partition("          build-args")[0]
