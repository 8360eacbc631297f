"""Fixes in places that are written in braces, folded, or inside another file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cured import lay_out, read
from fixes.test_add import project, state
from running import run

if TYPE_CHECKING:
    from pathlib import Path

BOTH = "export const a = process.env.NEXT_PUBLIC_A;\nexport const b = process.env.NEXT_PUBLIC_B;\n"
WEB = {
    "web/package.json": '{"name": "web", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}\n',
    "web/src/a.ts": BOTH,
    "web/Dockerfile": "FROM node:20\nARG NEXT_PUBLIC_A\nARG NEXT_PUBLIC_B\nCOPY . .\nRUN npm run build\n",
}
SERVICE = "services:\n  web:\n"
B = "NEXT_PUBLIC_B: '${NEXT_PUBLIC_B:-}'"
ITEM = "'NEXT_PUBLIC_B=${NEXT_PUBLIC_B:-}'"
LINES = f"{SERVICE}    build: {{\n      context: ./web,\n      args: {{\n"
FIRST = "{context: ./web, args: {NEXT_PUBLIC_A: '${NEXT_PUBLIC_A:-}'}}"
LINE = "NEXT_PUBLIC_B=${{ vars.NEXT_PUBLIC_B }}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"{SERVICE}    build: {{context: ./web, args: {{NEXT_PUBLIC_A: x}}}}\n",
            f"{SERVICE}    build: {{context: ./web, args: {{NEXT_PUBLIC_A: x, {B}}}}}\n",
        ),
        (
            f"{SERVICE}    build: {{ context: ./web, args: [NEXT_PUBLIC_A=x,] }}\n",
            f"{SERVICE}    build: {{ context: ./web, args: [NEXT_PUBLIC_A=x, {ITEM}] }}\n",
        ),
        (
            f"{LINES}        NEXT_PUBLIC_A: x  # why\n      }}\n    }}\n",
            f"{LINES}        NEXT_PUBLIC_A: x,  # why\n        {B}\n      }}\n    }}\n",
        ),
        (
            f"{LINES}        NEXT_PUBLIC_A: x,\n      }},\n    }}\n",
            f"{LINES}        NEXT_PUBLIC_A: x,\n        {B},\n      }},\n    }}\n",
        ),
    ],
)
def test_an_argument_goes_between_braces(before: str, after: str, tmp_path: Path):
    lay_out(tmp_path, {**WEB, "compose.yml": before})
    done = run("all", "--root", tmp_path, "--fix", "-v")
    assert read(tmp_path, "compose.yml") == after, done.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{build: ./web}", f"{{build: {FIRST}}}"),
        ("{build: {context: ./web}}", f"{{build: {FIRST}}}"),
    ],
)
def test_a_build_in_braces_gets_its_first_argument(before: str, after: str, tmp_path: Path):
    files = {**WEB, "web/src/a.ts": BOTH.partition("\n")[0], "compose.yml": f"services: {{web: {before}}}\n"}
    lay_out(tmp_path, files | {"web/Dockerfile": WEB["web/Dockerfile"].replace("ARG NEXT_PUBLIC_B\n", "")})
    done = run("all", "--root", tmp_path, "--fix", "-v")
    assert read(tmp_path, "compose.yml") == f"services: {{web: {after}}}\n", done.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("      A: x,\n      NOBODY: x\n", "      A: x\n"),
        ("      NOBODY: x,\n      A: x\n", "      A: x\n"),
        ("      A: x,\n      NOBODY: x,  # why\n", "      A: x,\n"),
    ],
)
def test_an_argument_goes_out_from_between_braces(before: str, after: str, tmp_path: Path):
    head = f"{SERVICE}    build: {{\n     context: ./web,\n     args: {{\n"
    files = {**WEB, "web/src/a.ts": "export const a = process.env.NEXT_PUBLIC_A;\n"}
    files["web/Dockerfile"] = "FROM node:20\nARG A\nARG NEXT_PUBLIC_A=/\nCOPY . .\nRUN echo $A && npm run build\n"
    lay_out(tmp_path, {**files, "compose.yml": f"{head}{before}     }} }}\n"})
    done = run("all", "--root", tmp_path, "--select", "unconsumed-build-arg", "--fix", "--unsafe-fixes", "-v")
    assert read(tmp_path, "compose.yml") == f"{head}{after}     }} }}\n", done.stderr


INLINE = (
    f"{SERVICE}    build:\n      context: ./web\n      args:\n        NEXT_PUBLIC_A: x\n        NEXT_PUBLIC_B: y\n"
    "      dockerfile_inline: |\n        FROM node:20\n        ARG NEXT_PUBLIC_A\n%s        COPY . .\n"
    "        RUN npm run build\n"
)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_dockerfile_inside_a_compose_file_is_edited_where_it_stands(end: str, tmp_path: Path):
    lay_out(tmp_path, {**WEB, "compose.yml": (INLINE % "").replace("\n", end)})
    done = run("all", "--root", tmp_path, "--fix", "-v")
    after = INLINE % "        ARG NEXT_PUBLIC_B\n"
    assert read(tmp_path, "compose.yml") == after.replace("\n", end), done.stderr


def test_add_and_remove_edit_a_dockerfile_inside_a_compose_file(tmp_path: Path):
    folder = project(tmp_path, {**WEB, "compose.yml": INLINE % "        ENV NEXT_PUBLIC_A=$${NEXT_PUBLIC_A}\n"})
    before = state(folder)
    assert run("add", "NEXT_PUBLIC_FLAG", "--kind", "frontend", "--root", folder).status == 0
    pair = "        ARG NEXT_PUBLIC_FLAG\n        ENV NEXT_PUBLIC_FLAG=$${NEXT_PUBLIC_FLAG}\n"
    assert pair in read(folder, "compose.yml")
    done = run("remove", "NEXT_PUBLIC_FLAG", "--root", folder)
    assert done.status == 0, done.stderr
    assert state(folder) == before


STEP = """\
on: push
jobs:
  a:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v5
        with:
          context: ./web
          push: true
          build-args: %s
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">-\n            NEXT_PUBLIC_A=x", f"|-\n            NEXT_PUBLIC_A=x\n            {LINE}"),
        (">\n            NEXT_PUBLIC_A=x\n", f"|\n            NEXT_PUBLIC_A=x\n            {LINE}\n"),
        ("NEXT_PUBLIC_A=x", f"|\n            NEXT_PUBLIC_A=x\n            {LINE}"),
        ('"NEXT_PUBLIC_A=x"', f"|\n            NEXT_PUBLIC_A=x\n            {LINE}"),
        ("NEXT_PUBLIC_A=x  # why", "NEXT_PUBLIC_A=x  # why"),
        ("NEXT_PUBLIC_A=${{ f('x, y') }}", "NEXT_PUBLIC_A=${{ f('x, y') }}"),
    ],
)
def test_arguments_of_one_line_become_lines(before: str, after: str, tmp_path: Path):
    lay_out(tmp_path, {**WEB, ".github/workflows/r.yml": STEP % before})
    done = run("all", "--root", tmp_path, "--select", "unpassed-build-arg", "--fix", "--unsafe-fixes", "-v")
    assert read(tmp_path, ".github/workflows/r.yml") == STEP % after, done.stderr
    if before == after:
        assert "not fixed: unpassed-build-arg of `NEXT_PUBLIC_B` in .github/workflows/r.yml:11:" in done.stderr
        assert f"with the line `{LINE}`; by hand: add the line" in done.stderr


HEAD = "from pydantic_settings import BaseSettings\n"
SETTINGS = f'{HEAD}\n\nclass Settings(BaseSettings):\n    a_key: str = ""\n    b_key: str = ""\n'
WITH = '{{ with secret "secret/data/app" }}'
RENDERED = """{{ with .Data.data.B_KEY }}B_KEY='{{ . | replaceAll "'" "'\\\\''" }}'\n{{ end }}"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"{WITH}{{{{ with .Data.data.A_KEY }}}}A_KEY='{{{{ . }}}}'\n{{{{ end }}}}{{{{ end }}}}\n",
            f"{WITH}{{{{ with .Data.data.A_KEY }}}}A_KEY='{{{{ . }}}}'\n{{{{ end }}}}{RENDERED}{{{{ end }}}}\n",
        ),
        (
            f"{WITH}A_KEY='{{{{ .Data.data.A_KEY }}}}'{{{{ end }}}}\n",
            f"{WITH}A_KEY='{{{{ .Data.data.A_KEY }}}}'\n{RENDERED}{{{{ end }}}}\n",
        ),
    ],
)
def test_a_secret_is_rendered_before_ends_on_one_line(before: str, after: str, tmp_path: Path):
    example = "# [VAULT] x\nA_KEY=\n# [VAULT] y\nB_KEY=\n"
    lay_out(tmp_path, {"config.py": SETTINGS, ".env.example": example, "secrets.ctmpl": before})
    words = ("--select", "unrendered-secret", "--fix", "--unsafe-fixes", "-v")
    done = run("all", "--root", tmp_path, *words)
    assert read(tmp_path, "secrets.ctmpl") == after, done.stderr


FUTURE = "from __future__ import annotations\n"
DECIMAL = "from decimal import Decimal\n"
IMPORTS = {
    HEAD: f"{DECIMAL}\n{HEAD}",
    f"import os\nfrom functools import cache\n\n{HEAD}": f"import os\n{DECIMAL}from functools import cache\n\n{HEAD}",
    f"import os\n\n{HEAD}": f"import os\n{DECIMAL}\n{HEAD}",
    f"{FUTURE}\nfrom typing import Any\n\n{HEAD}": f"{FUTURE}\n{DECIMAL}from typing import Any\n\n{HEAD}",
    f'"""A."""\n\nimport pydantic\n{HEAD}': f'"""A."""\n\n{DECIMAL}\nimport pydantic\n{HEAD}',
}


@pytest.mark.parametrize("head", IMPORTS)
def test_an_import_that_add_brings_is_sorted_into_its_group_and_goes_with_the_variable(head: str, tmp_path: Path):
    body = "\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
    folder = project(tmp_path, {"app/config.py": f"{head}{body}", ".env.example": "DEBUG=false\n"})
    before = state(folder)
    done = run("add", "RATE", "--kind", "backend", "--type", "Decimal", "--default", "1.5", "--root", folder)
    assert done.status == 0, done.stderr
    assert (folder / "app/config.py").read_text().partition("\n\nclass")[0] + "\n" == IMPORTS[head] + "\n"
    assert run("remove", "RATE", "--root", folder).status == 0
    assert state(folder) == before


@pytest.mark.parametrize("body", ["    pass\n", '    other: str = "x"\n'])
def test_a_field_that_a_class_has_from_another_one_is_found(body: str, tmp_path: Path):
    config = f"{HEAD}\n\nclass Base(BaseSettings):\n    debug: bool = False\n\n\nclass Settings(Base):\n{body}"
    folder = project(tmp_path, {"app/config.py": config, ".env.example": "DEBUG=false\nOTHER=x\n"})
    before = state(folder)
    done = run("add", "RATE", "--kind", "backend", "--default", "5", "--class", "Settings", "--root", folder)
    assert done.status == 0, done.stderr
    assert state(folder) != before
    done = run("remove", "RATE", "--root", folder)
    assert (done.status, state(folder)) == (0, before), done.stderr
    if "pass" in body:
        assert run("remove", "DEBUG", "--root", folder).status == 0
        assert "class Base(BaseSettings):\n    pass\n" in (folder / "app/config.py").read_text()
