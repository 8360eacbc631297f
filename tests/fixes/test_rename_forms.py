"""`fr-check rename` where a line belongs to several, and where the old name has to win while it is the only one set."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from fixes.test_add import BACKEND, project, state
from running import run

if TYPE_CHECKING:
    from pathlib import Path

WEB = "services:\n  web:\n    build: .\n"
OTHER = "  other:\n    image: acme/other\n"
MERGED, WHOLE = "    environment:\n      <<: *env\n", "    environment: *env\n"
# Parts of a compose file, of which the first is what changes, and what becomes of it.
ANCHORS = {
    "merged, and one that overrides it": (
        f"x-env: &env\n  REDIS_URL: ${{REDIS_URL:-a}}\n{WEB}{MERGED}      REDIS_URL: own\n",
        f"x-env: &env\n  CACHE_URL: ${{CACHE_URL:-a}}\n{WEB}{MERGED}      CACHE_URL: own\n",
    ),
    "as it is": (
        f"x-env: &env\n  - REDIS_URL=${{REDIS_URL:-a}}\n{WEB}{WHOLE}",
        f"x-env: &env\n  - CACHE_URL=${{CACHE_URL:-a}}\n{WEB}{WHOLE}",
    ),
    "of a whole service": (
        "x-a: &a\n  build: .\n  environment:\n    REDIS_URL: ${REDIS_URL:-a}\nservices:\n  web:\n    <<: *a\n",
        "x-a: &a\n  build: .\n  environment:\n    CACHE_URL: ${CACHE_URL:-a}\nservices:\n  web:\n    <<: *a\n",
    ),
    "shared with another program": (
        f"x-env: &env\n  # the cache\n  REDIS_URL: ${{REDIS_URL:-a}}\n{WEB}{MERGED}{OTHER}{MERGED}",
        (
            "x-env: &env\n  # the cache\n  CACHE_URL: ${CACHE_URL:-a}\n  REDIS_URL: ${CACHE_URL:-a}\n"
            f"{WEB}{MERGED}{OTHER}{MERGED}"
        ),
    ),
    "shared as a list": (
        f"x-env: &env\n  - 'REDIS_URL=${{REDIS_URL:-a}}'\n{WEB}{WHOLE}{OTHER}{WHOLE}",
        (
            "x-env: &env\n  - 'CACHE_URL=${CACHE_URL:-a}'\n  - 'REDIS_URL=${CACHE_URL:-a}'\n"
            f"{WEB}{WHOLE}{OTHER}{WHOLE}"
        ),
    ),
    "shared in braces": (
        f'x-env: &env {{REDIS_URL: "${{REDIS_URL:-a}}"}}\n{WEB}{WHOLE}{OTHER}{WHOLE}',
        'x-env: &env {CACHE_URL: "${CACHE_URL:-a}", REDIS_URL: "${CACHE_URL:-a}"}\n' + f"{WEB}{WHOLE}{OTHER}{WHOLE}",
    ),
}


@pytest.mark.parametrize("name", ANCHORS)
def test_a_key_behind_an_anchor_goes_along_with_what_it_refers_to(name: str, tmp_path: Path):
    before, after = ANCHORS[name]
    folder = project(tmp_path, {**BACKEND, "compose.yml": before})
    done = run("rename", "REDIS_URL", "CACHE_URL", "--root", folder)
    assert done.status == 0, done.stderr
    assert (folder / "compose.yml").read_text() == after


def test_an_anchor_of_a_pipeline_is_the_environment_that_it_is_merged_into(tmp_path: Path):
    pipeline = (
        ".common: &common\n  REDIS_URL: a\ntest:\n  variables:\n    <<: *common\n  script:\n    - echo $REDIS_URL\n"
    )
    folder = project(tmp_path, {**BACKEND, ".gitlab-ci.yml": pipeline})
    assert run("rename", "REDIS_URL", "CACHE_URL", "--root", folder).status == 0
    assert (folder / ".gitlab-ci.yml").read_text() == pipeline.replace("REDIS_URL", "CACHE_URL")


def test_a_comment_right_above_a_key_speaks_of_it(tmp_path: Path):
    example = (
        "DEBUG=false\n\n# REDIS_URL: the cache\n# REDIS_URL=redis://host\nREDIS_URL=\n\n# REDIS_URL is old\n\n"
        "S3_BUCKET=x\n"
    )
    folder = project(tmp_path, {**BACKEND, ".env.example": example, "run.sh": "# REDIS_URL\necho $REDIS_URL\n"})
    assert run("rename", "REDIS_URL", "CACHE_URL", "--root", folder).status == 0
    assert (folder / ".env.example").read_text() == example.replace("REDIS_URL", "CACHE_URL", 3)
    assert (folder / "run.sh").read_text() == "# REDIS_URL\necho $CACHE_URL\n"


SOURCED = (
    "services:\n  vault:\n    image: hashicorp/vault\n    volumes:\n      - secrets:/secrets\n"
    "  web:\n    build: .\n    volumes:\n      - secrets:/secrets\n    environment:\n      REDIS_URL: {}\n"
    '    command: sh -c "set -a && . /secrets/.env && set +a && uvicorn app.main:app"\nvolumes:\n  secrets:\n'
)
# What gives a value -> what it is with --keep-old.
KEPT = {
    "an image": ("Dockerfile", BACKEND["Dockerfile"].replace("COPY", "ENV REDIS_URL=redis://x\nCOPY"), None),
    "a build": (
        "Dockerfile",
        BACKEND["Dockerfile"].replace("COPY", "ARG REDIS_URL=x\nENV REDIS_URL=${REDIS_URL}\nCOPY"),
        None,
    ),
    "a command of an image": (
        "Dockerfile",
        BACKEND["Dockerfile"] + 'ENTRYPOINT ["sh", "-c", "app $REDIS_URL ${REDIS_URL:-x}"]\n',
        BACKEND["Dockerfile"]
        + 'ENTRYPOINT ["sh", "-c", "app ${CACHE_URL:-$REDIS_URL} ${CACHE_URL:-${REDIS_URL:-x}}"]\n',
    ),
    "a workflow": (".github/workflows/ci.yml", "env:\n  REDIS_URL: x\njobs: {}\n", None),
    "an env file": (".env", "REDIS_URL=x\nDSN=${REDIS_URL}/0\n", None),
    "make": (
        "Makefile",
        "REDIS_URL ?= x\nexport REDIS_URL\nup:\n\t@echo $(REDIS_URL) $$REDIS_URL\n",
        (
            "REDIS_URL ?= x\nexport REDIS_URL\n"
            "up:\n\t@echo $(or $(CACHE_URL),$(REDIS_URL)) $${CACHE_URL:-$$REDIS_URL}\n"
        ),
    ),
    "a service that sources secrets": (
        "compose.yml",
        SOURCED.format("${REDIS_URL:-x}"),
        SOURCED.format("${CACHE_URL:-${REDIS_URL:-x}}"),
    ),
    "a command of a service": (
        "compose.yml",
        'services:\n  web:\n    build: .\n    command: ["sh", "-c", "app $$REDIS_URL"]\n',
        'services:\n  web:\n    build: .\n    command: ["sh", "-c", "app $${CACHE_URL:-$$REDIS_URL}"]\n',
    ),
    "a script that sources": (
        "run.sh", "REDIS_URL=x\n. ./a\necho $REDIS_URL\n", "REDIS_URL=x\n. ./a\necho ${CACHE_URL:-$REDIS_URL}\n",
    ),
    "an export": ("run.sh", "export REDIS_URL\n", "export CACHE_URL REDIS_URL\n"),
    "a form without a second name": ("run.sh", "echo ${REDIS_URL%/*} ${#REDIS_URL}\n", None),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_no_default_of_the_new_name_wins_over_the_old_one(name: str, tmp_path: Path):
    path, before, after = KEPT[name]
    folder = project(tmp_path, {**BACKEND, path: before})
    done = run("rename", "REDIS_URL", "CACHE_URL", "--keep-old", "--root", folder)
    assert done.status == 0, done.stderr
    assert (folder / path).read_text() == (after or before)
    then = state(folder)
    assert run("rename", "REDIS_URL", "CACHE_URL", "--keep-old", "--root", folder).status == 0
    assert state(folder) == then


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "x x"), ({"REDIS_URL": "old"}, "old old"), ({"CACHE_URL": "new"}, "new new"),
     ({"CACHE_URL": "new", "REDIS_URL": "old"}, "new new")],
)  # fmt: skip
def test_make_takes_whichever_is_set(given: dict[str, str], expected: str, tmp_path: Path):
    folder = project(tmp_path, {**BACKEND, "Makefile": KEPT["make"][1]})
    assert run("rename", "REDIS_URL", "CACHE_URL", "--keep-old", "--root", folder).status == 0
    told = subprocess.run(
        ["make", "-s", "up"], cwd=folder, env={**os.environ, **given}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == expected


SECRET = {
    "a line": ("API_SECRET_KEY=\n", "API_SECRET_KEY=\n# APP_SECRET_KEY=\n"),
    "a marked line": (
        "# [VAULT] Managed by Vault\nAPI_SECRET_KEY=\n",
        "# [VAULT] Managed by Vault\nAPI_SECRET_KEY=\n# APP_SECRET_KEY=\n",
    ),
    "quotes": ("export API_SECRET_KEY=''  # later\n", "export API_SECRET_KEY=''  # later\n# APP_SECRET_KEY=\n"),
    "a comment": ("# API_SECRET_KEY=\n", "# APP_SECRET_KEY=\n"),
    "a value": ("API_SECRET_KEY=change-me\n", "APP_SECRET_KEY=change-me\n"),
}


@pytest.mark.parametrize("name", SECRET)
def test_an_empty_new_name_would_win_over_the_old_one(name: str, tmp_path: Path):
    before, after = SECRET[name]
    files = {
        "app/config.py": BACKEND["app/config.py"].replace("redis_url", "api_secret_key"),
        "app/main.py": BACKEND["app/main.py"],
        ".env.example": f"DEBUG=false\nS3_BUCKET=x\n\n{before}",
    }
    folder = project(tmp_path, files)
    done = run("rename", "API_SECRET_KEY", "APP_SECRET_KEY", "--keep-old", "--root", folder)
    assert done.status == 0, done.stderr
    assert (folder / ".env.example").read_text() == f"DEBUG=false\nS3_BUCKET=x\n\n{after}"
    assert "`APP_SECRET_KEY=`" not in done.stdout
    then = state(folder)
    assert run("rename", "API_SECRET_KEY", "APP_SECRET_KEY", "--keep-old", "--root", folder).status == 0
    assert state(folder) == then
    left = run("env-keys", "--root", folder, "--format", "json").json()["findings"]
    assert not [one for one in left if one["subject"] == "APP_SECRET_KEY" and one["rule"] != "leaked-secret"]
