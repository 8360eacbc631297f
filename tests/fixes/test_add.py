"""`fr-check add`: a new variable in every place, once; and what a person has to do besides."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from fr_check.dockerfile_args import samples
from running import Done, run

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    s3_bucket: str = "x"
    \"\"\"Where files go.\"\"\"
    redis_url: str = ""


settings = Settings()
"""
BACKEND = {
    "app/config.py": CONFIG,
    "app/main.py": "from app.config import settings\n",
    ".env.example": "DEBUG=false\n\n# S3\nS3_BUCKET=x\n\nREDIS_URL=\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "compose.yml": (
        "services:\n  web:\n    build: .\n    environment:\n      DEBUG: ${DEBUG:-false}\n"
        "      S3_BUCKET: ${S3_BUCKET:-x}\n      REDIS_URL: ${REDIS_URL:-redis}\n"
    ),
    "secrets.ctmpl": (
        '{{ with secret "secret/data/app" }}\n'
        'REDIS_URL={{ with .Data.data.REDIS_URL }}{{ printf "%q" . }}{{ else }}""{{ end }}\n{{ end }}\n'
    ),
    "vault-agent.hcl": 'template {\n  source = "secrets.ctmpl"\n  destination = "/secrets/.env"\n}\n',
}


def project(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def add(folder: Path, *words: str) -> Done:
    return run("add", *words, "--root", folder)


def state(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_a_public_variable_goes_to_all_four_places(tmp_path: Path):
    folder = project(tmp_path, samples.FILES)
    done = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend")
    assert done.status == 0, done.stderr
    assert "gh variable set NEXT_PUBLIC_FLAG" in done.stdout
    for path in (".env.example", "apps/frontend/Dockerfile", "docker-compose.yml", ".github/workflows/release.yml"):
        assert "NEXT_PUBLIC_FLAG" in (folder / path).read_text()
    found = run("all", "--root", folder, "--format", "json").json()["findings"]
    assert {finding["rule"] for finding in found if finding["severity"] != "info"} <= {"orphaned-public-variable"}
    again = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend")
    assert "nothing to do" in again.stdout
    assert again.stdout.count("already there") == 4


@pytest.mark.parametrize(
    ("words", "field", "line"),
    [
        (("S3_REGION", "--default", "eu"), '    s3_region: str = "eu"\n', "S3_REGION=eu\n"),
        (("MAX_ITEMS", "--default", "20"), "    max_items: int = 20\n", "MAX_ITEMS=20\n"),
        (("VERBOSE", "--default", "true"), "    verbose: bool = True\n", "VERBOSE=true\n"),
        (("RATE", "--default", "1.5"), "    rate: float = 1.5\n", "RATE=1.5\n"),
        (("TITLE", "--default", "two words"), '    title: str = "two words"\n', "TITLE='two words'\n"),
    ],
)
def test_a_setting_gets_a_field_a_line_and_its_way_into_the_service(
    words: tuple[str, ...], field: str, line: str, tmp_path: Path
):
    folder = project(tmp_path, BACKEND)
    before = {finding["subject"] for finding in run("all", "--root", folder, "--format", "json").json()["findings"]}
    done = add(folder, *words, "--kind", "backend")
    assert done.status == 0, done.stderr
    after = state(folder)
    assert field in after["app/config.py"]
    assert line in after[".env.example"]
    assert f"      {words[0]}:\n" in after["compose.yml"]
    found = run("all", "--root", folder, "--format", "json").json()["findings"]
    assert {finding["subject"] for finding in found} <= before
    again = add(folder, *words, "--kind", "backend")
    assert state(folder) == after
    assert "nothing to do" in again.stdout


def test_a_field_stands_with_its_kin_and_below_their_texts(tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    add(folder, "S3_REGION", "--kind", "backend", "--default", "eu")
    expected = '    """Where files go."""\n    s3_region: str = "eu"\n    redis_url'
    assert expected in (folder / "app/config.py").read_text()
    assert "# S3\nS3_BUCKET=x\nS3_REGION=eu\n" in (folder / ".env.example").read_text()


def test_a_secret_is_marked_and_rendered_and_never_has_a_value(tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    done = add(folder, "STRIPE_SECRET_KEY", "--kind", "secret")
    assert done.status == 0, done.stderr
    assert "store the value of `STRIPE_SECRET_KEY` in Vault" in done.stdout
    after = state(folder)
    assert '    stripe_secret_key: str = ""\n' in after["app/config.py"]
    assert "# [VAULT] Managed by Vault\nSTRIPE_SECRET_KEY=\n" in after[".env.example"]
    line = 'STRIPE_SECRET_KEY={{ with .Data.data.STRIPE_SECRET_KEY }}{{ printf "%q" . }}{{ else }}""{{ end }}\n'
    assert line in after["secrets.ctmpl"]
    assert add(folder, "OTHER_TOKEN", "--kind", "secret", "--default", "x").status == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("api_url", "--kind", "backend"), "`API_URL`?"),
        (("API_TOKEN", "--kind", "backend"), "sounds like a secret"),
        (("FLAG", "--kind", "frontend"), "no public prefix"),
        (("NEXT_PUBLIC_SECRET_KEY", "--kind", "frontend"), "sounds like a secret"),
        (("A", "--kind", "backend", "--app", "nowhere.py"), "--app PATH"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_written(words: tuple[str, ...], message: str, tmp_path: Path):
    folder = project(tmp_path, {**BACKEND, **samples.FILES})
    before = state(folder)
    done = add(folder, *words)
    assert done.status == 2
    assert message in done.stderr
    assert state(folder) == before


def test_a_prefix_of_the_class_is_no_part_of_the_field(tmp_path: Path):
    config = CONFIG.replace(
        "    debug: bool", '    model_config = SettingsConfigDict(env_prefix="APP_")\n    debug: bool'
    ).replace("import BaseSettings", "import BaseSettings, SettingsConfigDict")
    folder = project(tmp_path, {"app/config.py": config, ".env.example": "APP_DEBUG=false\n"})
    add(folder, "APP_LIMIT", "--kind", "backend", "--default", "5")
    assert "    limit: int = 5\n" in (folder / "app/config.py").read_text()
    add(folder, "LIMIT", "--kind", "backend", "--default", "5")
    text = (folder / "app/config.py").read_text()
    assert 'limit: int = Field(default=5, validation_alias="LIMIT")' in text
    assert "from pydantic import Field\n" in text


def test_a_patch_shows_the_same_and_writes_nothing(tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    before = state(folder)
    done = run("add", "S3_REGION", "--kind", "backend", "--default", "eu", "--root", folder, "--diff")
    assert done.status == 1
    assert state(folder) == before
    subprocess.run(["git", "-C", folder, "apply", "-"], input=done.stdout.encode(), check=True)
    applied = state(folder)
    other = project(tmp_path / "other", BACKEND)
    add(other, "S3_REGION", "--kind", "backend", "--default", "eu")
    assert {path: text for path, text in applied.items() if not path.startswith("other/")} == state(other)


@pytest.mark.parametrize(
    "words",
    [
        ("NEXT_PUBLIC_FLAG", "--kind", "frontend"),
        ("S3_REGION", "--kind", "backend", "--default", "eu"),
        ("MAX_ITEMS", "--kind", "backend", "--default", "20"),
        ("STRIPE_SECRET_KEY", "--kind", "secret"),
    ],
)
def test_what_was_added_and_removed_leaves_the_first_bytes(words: tuple[str, ...], tmp_path: Path):
    folder = project(tmp_path, samples.FILES if "frontend" in words else BACKEND)
    before = state(folder)
    assert add(folder, *words).status == 0
    assert state(folder) != before
    done = run("remove", words[0], "--root", folder)
    assert done.status == 0, done.stderr
    assert state(folder) == before


def test_an_import_that_an_alias_brought_goes_with_it(tmp_path: Path):
    config = CONFIG.replace(
        "    debug: bool", '    model_config = SettingsConfigDict(env_prefix="APP_")\n    debug: bool'
    ).replace("import BaseSettings", "import BaseSettings, SettingsConfigDict")
    folder = project(tmp_path, {"app/config.py": config, ".env.example": "APP_DEBUG=false\n"})
    before = state(folder)
    add(folder, "LIMIT", "--kind", "backend", "--default", "5")
    assert "import Field" in (folder / "app/config.py").read_text()
    assert run("remove", "LIMIT", "--root", folder).status == 0
    assert state(folder) == before


def test_what_is_still_read_stays(tmp_path: Path):
    folder = project(
        tmp_path, {**BACKEND, "app/use.py": "from app.config import settings\n\nprint(settings.s3_bucket)\n"}
    )
    before = state(folder)
    done = run("remove", "S3_BUCKET", "--root", folder)
    assert done.status == 2
    assert "app/use.py:3" in done.stderr
    assert run("remove", "NOBODY_KNOWS", "--root", folder).status == 2
    assert state(folder) == before
