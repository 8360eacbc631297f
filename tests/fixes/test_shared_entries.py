"""What --fix does to an entry of `environment` that several services are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cured import lay_out, read
from fr_check.env_keys.rules import unconsumed_variable
from running import run

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = unconsumed_variable.BAD["app/config.py"].replace("\n\n\nsettings", "\n    limit: int = 5\n\n\nsettings")
FILES = {**unconsumed_variable.BAD, "app/config.py": CONFIG, ".env.example": "ENVIRONMENT=dev\nLIMIT=5\n"}
BLOCK = "x-env: &env\n  ENVIRONMENT: ${ENVIRONMENT:-dev}\n  LIMIT: ${LIMIT:-}\n  GONE: ${GONE}\n"
ITEMS = "x-env: &env\n  - ENVIRONMENT=${ENVIRONMENT:-dev}\n  - 'LIMIT=${LIMIT:-}'\n  - GONE=${GONE}\n"
WEB = "services:\n  web:\n    build: .\n    environment: *env\n"
ALIAS = "  other:\n    image: ghcr.io/them/other:1\n    environment: *env\n"
MERGE = "  other:\n    image: ghcr.io/them/other:1\n    environment:\n      <<: *env\n"


def cured(folder: Path, compose: str, *options: str) -> str:
    lay_out(folder, {**FILES, "compose.yml": compose})
    run("env-keys", "--root", folder, "--fix", *options)
    return read(folder, "compose.yml")


@pytest.mark.parametrize("compose", [BLOCK + WEB + ALIAS, BLOCK + WEB + MERGE, ITEMS + WEB + ALIAS])
def test_what_an_unknown_image_is_given_too_stays(compose: str, tmp_path: Path):
    assert cured(tmp_path / "safe", compose) == compose
    assert cured(tmp_path / "unsafe", compose, "--unsafe-fixes") == compose.replace("${LIMIT:-}", "${LIMIT:-5}")


@pytest.mark.parametrize(
    "compose", [BLOCK + WEB, BLOCK + WEB + ALIAS.replace("image: ghcr.io/them/other:1", "build: .")]
)
def test_what_only_judged_services_are_given_is_cured(compose: str, tmp_path: Path):
    after = compose.replace("${LIMIT:-}", "${LIMIT:-5}")
    assert cured(tmp_path / "safe", compose) == after
    assert cured(tmp_path / "unsafe", compose, "--unsafe-fixes") == after.replace("  GONE: ${GONE}\n", "")
