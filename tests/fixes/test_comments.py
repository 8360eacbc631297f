"""Which comments go with an entry that is taken out, in every format; the titles of sections stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cured import fix, lay_out, read
from fixes.test_add import project, state
from fr_check.core.text import Text
from fr_check.dockerfile_args import samples
from fr_check.edits.comments import begin_with_comments
from running import run

if TYPE_CHECKING:
    from pathlib import Path

# What stands there, and what is left when `REDIS_URL=` is taken out.
LINES = {
    "no comment": ("A=1\nREDIS_URL=\nB=1\n", "A=1\nB=1\n"),
    "its own, in a block": ("A=1\n# unused\nREDIS_URL=\nB=1\n", "A=1\nB=1\n"),
    "its own, of two lines": ("A=1\n# why\n# and how\nREDIS_URL=\nB=1\n", "A=1\nB=1\n"),
    "its own, and the next one has one": ("# cache\nREDIS_URL=\n# limit\nB=1\n", "# limit\nB=1\n"),
    "it names it": ("# the url\nREDIS_URL=\nREDIS_POOL=1\n", "REDIS_POOL=1\n"),
    "its own at the end of a block": ("A=1\n# x\nREDIS_URL=\n\nB=1\n", "A=1\n\nB=1\n"),
    "a drawn title stays": (
        "# --- Redis ---\nREDIS_URL=\n# pool\nREDIS_POOL=1\n",
        "# --- Redis ---\n# pool\nREDIS_POOL=1\n",
    ),
    "a drawn title stays, its own goes": (
        "# === Redis ===\n# the url\nREDIS_URL=\nREDIS_POOL=1\n",
        "# === Redis ===\nREDIS_POOL=1\n",
    ),
    "a title of three lines stays": (
        "# -----\n# Redis\n# -----\nREDIS_URL=\nREDIS_POOL=1\n",
        "# -----\n# Redis\n# -----\nREDIS_POOL=1\n",
    ),
    "a title with nothing left below goes": (
        "A=1\n\n# --- Redis ---\nREDIS_URL=\n\n# --- S3 ---\nS3=\n",
        "A=1\n\n\n# --- S3 ---\nS3=\n",
    ),
    "nothing left, and the next title right below": (
        "# --- R ---\nREDIS_URL=\n# --- S3 ---\nS3=\n",
        "# --- S3 ---\nS3=\n",
    ),
    "a plain title of a family stays": ("A=1\n# Redis\nREDIS_URL=\nREDIS_POOL=1\n", "A=1\n# Redis\nREDIS_POOL=1\n"),
    "a plain title of a block stays": ("A=1\n\n# Server\nREDIS_URL=\nPORT=1\n", "A=1\n\n# Server\nPORT=1\n"),
    "it speaks of several": ("A=1\n# both of these\nREDIS_URL=\nB=1\n", "A=1\n# both of these\nB=1\n"),
    "deeper comments are another's": ("A=1\n  # x\nREDIS_URL=\nB=1\n", "A=1\n  # x\nB=1\n"),
}


@pytest.mark.parametrize("name", LINES)
def test_comments_of_a_line(name: str):
    before, after = LINES[name]
    text = Text(before, ".env.example")
    lines = before.splitlines(keepends=True)
    number = lines.index("REDIS_URL=\n") + 1
    begin = begin_with_comments(text, number, number, "REDIS_URL")
    assert "".join(lines[: begin - 1] + lines[number:]) == after


CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    # --- Redis ---
    redis_url: str = ""
    # redis pool
    redis_pool: int = 1
"""
EXAMPLE = "DEBUG=false\n\n# --- Redis ---\nREDIS_URL=\n# redis pool\nREDIS_POOL=1\n"


@pytest.mark.parametrize("key", ["REDIS_URL", "REDIS_POOL"])
def test_remove_takes_the_same_comments_in_code_and_example(key: str, tmp_path: Path):
    folder = project(tmp_path, {"app/config.py": CONFIG, ".env.example": EXAMPLE})
    assert run("remove", key, "--root", folder).status == 0
    after = state(folder)
    for path in ("app/config.py", ".env.example"):
        assert "# --- Redis ---\n" in after[path]
        assert ("# redis pool" in after[path]) == (key == "REDIS_URL")


SERVICE = (
    "services:\n  app:\n    build: .\n    environment:\n      # unused\n      NOPE: 1\n      DEBUG: ${DEBUG:-false}\n"
)
LISTED = (
    "services:\n  app:\n    build: .\n    environment:\n"
    "      - DEBUG=${DEBUG:-false}\n      # unused\n      - NOPE=1\n      - REDIS_URL=\n"
)
DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["python", "-m", "app.config"]\n'


@pytest.mark.parametrize("compose", [SERVICE, LISTED])
def test_the_comment_of_an_entry_of_a_service_goes_with_it(compose: str, tmp_path: Path):
    files = {
        "app/config.py": CONFIG + "\n\nsettings = Settings()\n", "Dockerfile": DOCKERFILE, "compose.yml": compose,
        "app/__init__.py": "", ".env.example": EXAMPLE,
    }  # fmt: skip
    folder = lay_out(tmp_path, files)
    done = fix(folder, "env-keys", "unconsumed-variable")
    kept = [line for line in compose.splitlines(keepends=True) if "unused" not in line and "NOPE" not in line]
    assert read(folder, "compose.yml") == "".join(kept), done.stdout + done.stderr


IMAGE = """\
FROM node:22 AS builder
COPY . .

# Where the API is
ARG NEXT_PUBLIC_API_URL=
ENV NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL}

# What each build is given
ARG NEXT_PUBLIC_A=
ARG NEXT_PUBLIC_B=
# build it
RUN npm run build
"""


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("NEXT_PUBLIC_API_URL", IMAGE[IMAGE.index("# Where") : IMAGE.index("# What")]),
        ("NEXT_PUBLIC_A", "ARG NEXT_PUBLIC_A=\n"),
        ("NEXT_PUBLIC_B", "ARG NEXT_PUBLIC_B=\n"),
    ],
)
def test_the_comment_of_an_argument_goes_with_it(key: str, gone: str, tmp_path: Path):
    files = {**samples.FILES, "apps/frontend/Dockerfile": IMAGE, "apps/frontend/src/api.ts": "export const a = 1;\n"}
    folder = project(tmp_path, files)
    assert run("remove", key, "--root", folder).status == 0
    assert (folder / "apps/frontend/Dockerfile").read_text() == IMAGE.replace(gone, "")


RENDERED = """\
{{ with secret "secret/data/app" }}
# the queue
REDIS_URL={{ with .Data.data.REDIS_URL }}{{ printf "%q" . }}{{ else }}""{{ end }}

{{/* the pool */}}
REDIS_POOL={{ with .Data.data.REDIS_POOL }}{{ printf "%q" . }}{{ else }}1{{ end }}
# whether it tells more
DEBUG={{ with .Data.data.DEBUG }}{{ printf "%q" . }}{{ else }}false{{ end }}
{{ end }}
"""


@pytest.mark.parametrize("key", ["REDIS_URL", "REDIS_POOL", "DEBUG"])
@pytest.mark.parametrize("way", ["remove", "unconsumed-secret"])
def test_the_comment_of_a_rendered_line_goes_with_it(key: str, way: str, tmp_path: Path):
    lines = RENDERED.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith(key))
    config, example = CONFIG, EXAMPLE
    if way != "remove":
        example = "".join(line for line in EXAMPLE.splitlines(keepends=True) if not line.startswith(f"{key}="))
        field = next(line for line in CONFIG.splitlines(keepends=True) if line.strip().startswith(f"{key.lower()}:"))
        config = CONFIG.replace(field, "")
    folder = project(tmp_path, {"app/config.py": config, ".env.example": example, "secrets.ctmpl": RENDERED})
    if way == "remove":
        assert run("remove", key, "--root", folder).status == 0
    else:
        run("env-keys", "--root", folder, "--select", "unconsumed-secret", "--fix", "--unsafe-fixes")
    assert (folder / "secrets.ctmpl").read_text() == "".join(lines[: at - 1] + lines[at + 1 :])


POLICY = """\
[tool.fr-check.allow]
# that one
undocumented-setting = [
  # not here
  {subject = "NOPE", reason = "x"}, # c
  {subject = "TITLE", reason = "y"},
]
# gone as well
glued-key = [{subject = "Q", reason = "q"}]
"""


def test_the_comment_of_an_allowance_goes_with_it(tmp_path: Path):
    config = CONFIG.replace("    debug", '    title: str = "t"\n    debug')
    folder = lay_out(tmp_path, {"app/config.py": config, ".env.example": EXAMPLE, "pyproject.toml": POLICY})
    run("all", "--root", folder, "--fix", "--unsafe-fixes")
    assert read(folder, "pyproject.toml") == (
        '[tool.fr-check.allow]\n# that one\nundocumented-setting = [\n  {subject = "TITLE", reason = "y"},\n]\n'
    )
